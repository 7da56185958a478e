//! Makes findable what was stored before there was a search, batch by batch: each queues the next in its own transaction, so that a
//! restart goes on where it was. Queued by the migration.

use casewire_core::access::Tenant;
use casewire_core::job::Job;
use casewire_core::time::Timestamp;
use casewire_store::jobs::{LeasedJob, NewJob, enqueue};
use casewire_store::search::filling;
use casewire_store::{Act, StoreError, Tx};

use super::JobOutcome;
use crate::state::App;

/// How many at a time: some tens of milliseconds of the writer.
const BATCH: i64 = 500;

/// Does a batch for the organization of the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob, before: Timestamp) -> JobOutcome {
    let tenant = leased.tenant;
    let act = FillSearch {
        tenant,
        before,
        now: app.clock.now(),
    };
    match app.store.write(tenant.organization(), act).await {
        Ok(()) => JobOutcome::Done,
        Err(error) => JobOutcome::of_store_error(&error),
    }
}

struct FillSearch {
    tenant: Tenant,
    before: Timestamp,
    now: Timestamp,
}

impl Act for FillSearch {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let Some(before) = filling::fill(tx, self.tenant, self.before, BATCH).await? else {
            return Ok(());
        };
        let next = NewJob {
            job: Job::FillSearch { before },
            run_at: self.now,
            unique_key: None,
        };
        enqueue(tx, self.tenant, next).await.map(drop)
    }
}
