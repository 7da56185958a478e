//! Drops what has outlived its time: events, sign-ins, idempotency keys, the files of exports; and looks for attachments that nobody fetches
//! any more. A client that asks for what came after a dropped event is told to read everything anew. Refuses to touch texts, calls and the
//! audit.

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::time::Timestamp;
use casewire_store::jobs::LeasedJob;
use casewire_store::{Act, StoreError, Tx, events, media, twilio, upkeep};

use super::JobOutcome;
use crate::ops::media::queue_fetch;
use crate::state::App;

/// How long the first answer to a request with an `Idempotency-Key` is kept.
const IDEMPOTENCY_KEYS_KEPT: Duration = Duration::from_secs(24 * 3600);

/// How long it is remembered which webhooks were taken in: a carrier tries again for minutes.
const WEBHOOKS_KEPT: Duration = Duration::from_secs(3 * 24 * 3600);

/// How long events are kept: who was away for longer reads everything anew.
const EVENTS_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Attachments that wait for longer than this have no job any more: they came before there were such jobs, or theirs was laid aside.
const MEDIA_DUE: Duration = Duration::from_secs(3600);
/// For how long after they came attachments are sought again.
const MEDIA_SOUGHT: Duration = Duration::from_secs(90 * 24 * 3600);
/// Of how many texts at once.
const MEDIA_AT_ONCE: u32 = 100;

/// Cleans up for the organization of the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob) -> JobOutcome {
    let act = Expire {
        tenant: leased.tenant,
        now: app.clock.now(),
        idle: app.config.sessions.idle,
    };
    let done = match app.store.write(leased.tenant.organization(), act).await {
        Ok(()) => super::export_case::expire(app, leased.tenant).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => JobOutcome::Done,
        Err(error) => JobOutcome::of_store_error(&error),
    }
}

/// One organization's cleaning, in one transaction.
struct Expire {
    tenant: Tenant,
    now: Timestamp,
    idle: Duration,
}

impl Act for Expire {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        events::trim(tx, self.tenant.organization(), self.now.minus(EVENTS_KEPT)).await?;
        upkeep::drop_sign_ins(tx, self.tenant, self.now, self.idle).await?;
        let (oldest, newest) = (self.now.minus(MEDIA_SOUGHT), self.now.minus(MEDIA_DUE));
        for message in media::forgotten(tx, self.tenant, (oldest, newest), MEDIA_AT_ONCE).await? {
            queue_fetch(tx, self.tenant, message, self.now).await?;
        }
        upkeep::drop_idempotency_keys(tx, self.tenant, self.now.minus(IDEMPOTENCY_KEYS_KEPT)).await?;
        twilio::forget_seen(tx, self.tenant, self.now.minus(WEBHOOKS_KEPT)).await?;
        Ok(())
    }
}
