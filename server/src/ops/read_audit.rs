//! Reading the audit. Nothing changes it.

use casewire_core::access::OfficePermit;
use casewire_store::audit::{self, AuditLine, AuditPage};
use casewire_store::{Act, StoreError, Tx};

/// A page of the audit, the newest line first.
pub struct ReadAudit {
    /// `audit:1`.
    pub permit: OfficePermit,
    /// Which lines.
    pub page: AuditPage,
}

impl Act for ReadAudit {
    type Out = Vec<AuditLine>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        audit::list(tx, &self.permit, &self.page).await
    }
}
