//! Numbers of an organization: registered, labelled, retired. A number belongs to one organization; whose
//! it is is not told. Texts that came to it before it was registered are taken in.

use casewire_core::access::{OfficePermit, Tenant};
use casewire_core::id::{NumberId, UserId};
use casewire_core::phone::Region;
use casewire_core::time::Timestamp;
use casewire_store::audit;
use casewire_store::numbers::{self, NewNumber, OrganizationNumber, Use};
use casewire_store::{Act, StoreError, Tx, mint, organizations};

use super::accounts::entry;
use super::{people, strays};
use crate::problem::{Problem, ProblemCode};

/// Every number of the organization.
pub struct ListNumbers(pub Tenant);

impl Act for ListNumbers {
    type Out = Vec<OrganizationNumber>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        numbers::list(tx, self.0).await
    }
}

/// Registers a number.
pub struct CreateNumber {
    /// Whose.
    pub tenant: Tenant,
    /// Who registers it; none at the command line.
    pub by: Option<UserId>,
    /// As somebody wrote it.
    pub number: String,
    /// What people call it.
    pub label: String,
    /// The carrier's account that it belongs to.
    pub account_sid: String,
    /// When.
    pub now: Timestamp,
}

impl Act for CreateNumber {
    type Out = OrganizationNumber;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<OrganizationNumber, Problem> {
        let organization = organizations::read(tx, self.tenant).await?.ok_or_else(Problem::not_found)?;
        let e164 = people::number("number", &self.number, organization.settings.region().unwrap_or(Region::US))?;
        let new = NewNumber {
            id: mint(),
            e164,
            label: self.label.clone(),
            account_sid: self.account_sid.clone(),
        };
        if !numbers::add(tx, self.tenant, &new, self.now).await? {
            return Err(Problem::new(ProblemCode::AlreadyExists, "This number is registered already.").with("field", "number"));
        }
        audit::write(tx, self.tenant, &entry(self.by, "create_number", new.id), self.now).await?;
        let number = numbers::read(tx, self.tenant, new.id).await?.ok_or_else(Problem::not_found)?;
        strays::adopt(tx, &number).await?;
        Ok(number)
    }
}

/// Changes what is given and leaves the rest.
pub struct ChangeNumber {
    /// `settings:3`.
    pub permit: OfficePermit,
    /// The number.
    pub id: NumberId,
    /// A new label.
    pub label: Option<String>,
    /// Retires it, or takes it back into use.
    pub r#use: Option<Use>,
    /// When.
    pub now: Timestamp,
}

impl Act for ChangeNumber {
    type Out = OrganizationNumber;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<OrganizationNumber, Problem> {
        let tenant = self.permit.tenant();
        let number = numbers::read(tx, tenant, self.id).await?.ok_or_else(Problem::not_found)?;
        let (label, to) = (self.label.as_ref().unwrap_or(&number.label), self.r#use.unwrap_or(number.r#use));
        numbers::change(tx, tenant, self.id, label, to).await?;
        audit::write(tx, tenant, &entry(Some(self.permit.user()), "change_number", self.id), self.now).await?;
        numbers::read(tx, tenant, self.id).await?.ok_or_else(Problem::not_found)
    }
}
