//! The online auditor of "no orphan, ever": judges every text without an owner anew, which mends what a change of people left
//! behind, and counts those that nobody active sees. Refuses to say which: the count is for whoever must assign somebody.

use casewire_core::access::Tenant;
use casewire_core::time::Timestamp;
use casewire_store::jobs::LeasedJob;
use casewire_store::{Act, StoreError, Tx, attention};

use super::JobOutcome;
use crate::state::App;

/// Audits the organization of the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob) -> JobOutcome {
    let tenant = leased.tenant;
    match app.store.write(tenant.organization(), AuditOrphans { tenant, now: app.clock.now() }).await {
        Ok(count) => {
            app.metrics.orphans(count);
            if count > 0 {
                tracing::warn!(organization = %tenant.organization(), count, "texts have nobody to see them: somebody must be assigned");
            }
            JobOutcome::Done
        }
        Err(error) => JobOutcome::of_store_error(&error),
    }
}

/// Judges anew and counts, in one transaction.
struct AuditOrphans {
    tenant: Tenant,
    now: Timestamp,
}

impl Act for AuditOrphans {
    type Out = u64;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, StoreError> {
        attention::recheck_cases(tx, self.tenant, None, self.now).await?;
        attention::orphans(tx, self.tenant).await
    }
}
