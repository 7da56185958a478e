//! The online auditor of "no orphan, ever": looks, off the writer, for cases and texts that are marked otherwise than they should
//! be, has them judged anew, and counts both these and the texts that nobody active sees. Refuses to say which: the counts are
//! for whoever must assign somebody, and every correction points at an act that did not look after its texts.

use casewire_core::access::Tenant;
use casewire_core::time::Timestamp;
use casewire_store::attention::{self, Findings};
use casewire_store::jobs::LeasedJob;
use casewire_store::{Act, StoreError, Tx};

use super::JobOutcome;
use super::recurring::AUDIT_EVERY;
use crate::state::App;

/// After how many rounds that this node did not do its figure is another node's.
const MISSED: u32 = 3;

/// Audits the organization of the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob) -> JobOutcome {
    match audit(app, leased.tenant).await {
        Ok(Findings { marked_wrongly, orphans }) => {
            let organization = leased.tenant.organization();
            app.metrics.orphans(organization, orphans, app.clock.now(), AUDIT_EVERY * MISSED);
            app.metrics.orphans_found(marked_wrongly);
            if marked_wrongly > 0 {
                tracing::warn!(%organization, count = marked_wrongly, "cases or texts were marked wrongly and have been judged anew");
            }
            if orphans > 0 {
                tracing::warn!(%organization, count = orphans, "texts have nobody to see them: somebody must be assigned");
            }
            JobOutcome::Done
        }
        Err(error) => JobOutcome::of_store_error(&error),
    }
}

/// What was marked wrongly before, and how many orphans there are now.
async fn audit(app: &App, tenant: Tenant) -> Result<Findings, StoreError> {
    let found = app.store.read(Look(tenant)).await?;
    if found.marked_wrongly == 0 {
        return Ok(found);
    }
    app.store
        .write(
            tenant.organization(),
            JudgeAnew {
                tenant,
                now: app.clock.now(),
            },
        )
        .await
}

/// Looks, and writes nothing.
struct Look(Tenant);

impl Act for Look {
    type Out = Findings;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Findings, StoreError> {
        attention::audit(tx, self.0).await
    }
}

/// Looks again, for an act may have been under way, and judges anew.
struct JudgeAnew {
    tenant: Tenant,
    now: Timestamp,
}

impl Act for JudgeAnew {
    type Out = Findings;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Findings, StoreError> {
        let found = attention::audit(tx, self.tenant).await?;
        attention::recheck_cases(tx, self.tenant, None, self.now).await?;
        Ok(Findings {
            orphans: attention::orphans(tx, self.tenant).await?,
            ..found
        })
    }
}
