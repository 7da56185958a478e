//! Roles of an organization's own: defined, changed, removed. The platform's default roles stay as they are.

use casewire_core::access::{Grant, Level, OfficePermit};
use casewire_core::id::RoleId;
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::roles::{self, Provenance, Role};
use casewire_store::{Act, StoreError, Tx, mint, users};

use crate::problem::{Problem, ProblemCode};

/// Every role of the organization.
pub struct ListRoles(pub OfficePermit);

impl Act for ListRoles {
    type Out = Vec<Role>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        roles::list(tx, self.0.tenant()).await
    }
}

/// Defines a role.
pub struct CreateRole {
    /// `settings:3`.
    pub permit: OfficePermit,
    /// Its name.
    pub name: String,
    /// What it grants.
    pub grant: Grant,
    /// When.
    pub now: Timestamp,
}

impl Act for CreateRole {
    type Out = Role;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Role, Problem> {
        let (tenant, id) = (self.permit.tenant(), mint());
        if !roles::add(tx, tenant, id, &self.name, &self.grant, Provenance::Organization, self.now).await? {
            return Err(taken());
        }
        audit::write(tx, tenant, &Entry::by(self.permit.user(), "create_role", id), self.now).await?;
        Ok(Role {
            id,
            name: self.name.clone(),
            provenance: Provenance::Organization,
            grant: self.grant,
        })
    }
}

/// Changes a role of the organization's own.
pub struct ChangeRole {
    /// `settings:3`.
    pub permit: OfficePermit,
    /// The role.
    pub id: RoleId,
    /// A new name.
    pub name: Option<String>,
    /// What it grants from now on.
    pub grant: Option<Grant>,
    /// When.
    pub now: Timestamp,
}

impl Act for ChangeRole {
    type Out = Role;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Role, Problem> {
        let tenant = self.permit.tenant();
        let role = own(tx, &self.permit, self.id).await?;
        let (name, grant) = (self.name.as_ref().unwrap_or(&role.name), self.grant.unwrap_or(role.grant));
        if roles::is_taken(tx, tenant, name, self.id).await? {
            return Err(taken());
        }
        let drops_admins = role.grant.settings == Level::Manage && grant.settings != Level::Manage;
        if drops_admins && users::admins_by_other_roles(tx, tenant, self.id).await? == 0 {
            let detail = "Nobody who is active could manage users and settings: give somebody settings:3 first.";
            return Err(Problem::new(ProblemCode::InUse, detail));
        }
        roles::change(tx, tenant, self.id, name, &grant).await?;
        audit::write(tx, tenant, &Entry::by(self.permit.user(), "change_role", self.id), self.now).await?;
        users::rights_changed(tx, tenant, None, self.now).await?;
        Ok(Role {
            id: self.id,
            name: name.clone(),
            provenance: role.provenance,
            grant,
        })
    }
}

/// Removes a role of the organization's own that nobody holds.
pub struct RemoveRole {
    /// `settings:3`.
    pub permit: OfficePermit,
    /// The role.
    pub id: RoleId,
    /// When.
    pub now: Timestamp,
}

impl Act for RemoveRole {
    type Out = ();
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<(), Problem> {
        let tenant = self.permit.tenant();
        own(tx, &self.permit, self.id).await?;
        if !roles::holders(tx, tenant, self.id).await?.is_empty() {
            return Err(Problem::new(ProblemCode::InUse, "Somebody still holds this role."));
        }
        roles::remove(tx, tenant, self.id).await?;
        audit::write(tx, tenant, &Entry::by(self.permit.user(), "remove_role", self.id), self.now).await?;
        Ok(())
    }
}

async fn own(tx: &mut Tx, permit: &OfficePermit, id: RoleId) -> Result<Role, Problem> {
    let role = roles::read(tx, permit.tenant(), id).await?.ok_or_else(Problem::not_found)?;
    match role.provenance {
        Provenance::Organization => Ok(role),
        Provenance::Platform => {
            let detail = "The default roles stay as they are: define a role of your own and assign that.";
            Err(Problem::new(ProblemCode::Forbidden, detail))
        }
    }
}

fn taken() -> Problem {
    Problem::new(ProblemCode::AlreadyExists, "A role has this name already.").with("field", "name")
}
