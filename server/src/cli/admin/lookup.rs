//! Finds what an operator names in words: organizations, roles, teams, users.

use casewire_core::access::Tenant;
use casewire_core::id::{RoleId, TeamId};
use casewire_store::users::User;
use casewire_store::{Act, StoreError, Tx, organizations, roles, teams, users};

use crate::cli::Failure;
use crate::ops::sign_in::email_key;

/// Every organization.
pub(super) struct Organizations;

impl Act for Organizations {
    type Out = Vec<(Tenant, String)>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        organizations::list(tx).await
    }
}

/// The role of a name.
pub(super) struct RoleNamed {
    pub(super) tenant: Tenant,
    pub(super) name: String,
}

impl Act for RoleNamed {
    type Out = RoleId;
    type Error = Failure;

    async fn run(&self, tx: &mut Tx) -> Result<RoleId, Failure> {
        let role = roles::by_name(tx, self.tenant, &self.name).await?;
        role.map(|role| role.id)
            .ok_or_else(|| Failure::Words(format!("there is no role {}", self.name)))
    }
}

/// The team of a name.
pub(super) struct TeamNamed {
    pub(super) tenant: Tenant,
    pub(super) name: String,
}

impl Act for TeamNamed {
    type Out = TeamId;
    type Error = Failure;

    async fn run(&self, tx: &mut Tx) -> Result<TeamId, Failure> {
        let team = teams::by_name(tx, self.tenant, &self.name).await?;
        team.ok_or_else(|| Failure::Words(format!("there is no team {}", self.name)))
    }
}

/// The user of an e-mail address.
pub(super) struct Person(String);

/// A user and whose.
pub(super) struct Found {
    pub(super) tenant: Tenant,
    pub(super) user: User,
}

impl Person {
    pub(super) fn by_email(email: &str) -> Self {
        Self(email_key(email))
    }
}

impl Act for Person {
    type Out = Found;
    type Error = Failure;

    async fn run(&self, tx: &mut Tx) -> Result<Found, Failure> {
        let nobody = || Failure::Words("there is no user with this e-mail address".to_owned());
        let tenant_and_id = users::credentials(tx, &self.0).await?.map(|known| (known.tenant, known.user));
        let (tenant, id) = tenant_and_id.ok_or_else(nobody)?;
        let user = users::read(tx, tenant, id).await?.ok_or_else(nobody)?;
        Ok(Found { tenant, user })
    }
}
