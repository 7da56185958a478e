//! A new law firm, with the default roles.

use casewire_core::id::OrganizationId;
use casewire_core::settings::Settings;
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::{Act, StoreError, Tx, organizations};

/// Creates an organization.
pub struct CreateOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// What it chooses.
    pub settings: Settings,
    /// When.
    pub now: Timestamp,
}

impl Act for CreateOrganization {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let tenant = organizations::create(tx, self.id, &self.name, &self.settings, self.now).await?;
        audit::write(tx, tenant, &Entry::of_system("create_organization", self.id), self.now).await
    }
}
