//! One node of a database carries its local calls: the legs of a call must be in one process. It holds a lease, which another takes over
//! when it has run out. At the beginning it ends the calls that a former holder left behind and completes their recordings; at the
//! end it ends its own.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use casewire_core::time::Timestamp;
use casewire_store::local_line::{self, Unfinished};
use casewire_store::{Act, StoreError, Tx};
use uuid::Uuid;

use super::{LocalLine, NAME, Opened, ears, tapes};
use crate::lines::{LineEvent, RecordingShelf, switch};
use crate::ops::recheck_call::ListOnLine;
use crate::state::App;

/// For how long a lease is taken, and how often it is renewed.
const LEASE: Duration = Duration::from_secs(15);
const RENEW_EVERY: Duration = Duration::from_secs(5);
/// How long recordings may take to be complete when the server stops.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Takes or renews the lease; whether it is this node's.
struct HoldLease {
    holder: Uuid,
    now: Timestamp,
    until: Timestamp,
}

impl Act for HoldLease {
    type Out = bool;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        local_line::hold(tx, self.holder, self.now, self.until).await
    }
}

struct GiveLeaseUp(Uuid);

impl Act for GiveLeaseUp {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        local_line::give_up(tx, self.0).await
    }
}

struct ListUnfinished;

impl Act for ListUnfinished {
    type Out = Vec<Unfinished>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Unfinished>, StoreError> {
        local_line::unfinished(tx, NAME).await
    }
}

/// Carries calls while this node has the lease, until the server stops.
pub(super) async fn keep(app: App, opened: Opened) {
    let holder = casewire_store::mint::<casewire_core::id::SessionId>();
    let holder = casewire_core::id::Id::uuid(holder);
    let Opened { line, events } = opened;
    if !wait_for(&app, holder).await {
        return;
    }
    recover(&app, &line).await;
    app.lines.keep_on(Arc::clone(&line.shelf) as Arc<dyn RecordingShelf>);
    app.lines.join(Arc::clone(&line) as Arc<dyn crate::lines::Line>);
    if app.local.line.set(Arc::clone(&line)).is_err() {
        tracing::error!("this server has a local line already");
    }
    tokio::spawn(ears::listen(Arc::downgrade(&line), events));
    tracing::info!("this node carries calls by its own engine");
    let mut held_until = app.clock.now().plus(LEASE);
    while pause(&app).await {
        match hold(&app, holder).await {
            Some(true) => held_until = app.clock.now().plus(LEASE),
            Some(false) => return lose(&app, &line, "another node took the lease of the voice engine").await,
            // The database is away: nobody else can take it either, until it is back.
            None if app.clock.now() < held_until => {}
            None => tracing::warn!("the lease of the voice engine cannot be renewed: the database does not answer"),
        }
    }
    lose(&app, &line, "the server stops").await;
    tokio::time::sleep(if line.index().tapes.is_empty() {
        Duration::ZERO
    } else {
        LAST_WORDS
    })
    .await;
    if app.store.write_for_all(GiveLeaseUp(holder)).await.is_err() {
        tracing::warn!("the lease of the voice engine could not be given up; it runs out by itself");
    }
}

/// Waits until no other node has the lease; false where the server stops before.
async fn wait_for(app: &App, holder: Uuid) -> bool {
    let mut has_said = false;
    loop {
        match hold(app, holder).await {
            Some(true) => return true,
            Some(false) if !has_said => {
                tracing::error!("another node of this database carries its calls: this one does not, until that one stops");
                has_said = true;
            }
            Some(false) | None => {}
        }
        if !pause(app).await {
            return false;
        }
    }
}

/// Waits for a while; false where the server stops.
async fn pause(app: &App) -> bool {
    tokio::select! {
        () = tokio::time::sleep(RENEW_EVERY) => true,
        () = app.stop.cancelled() => false,
    }
}

async fn hold(app: &App, holder: Uuid) -> Option<bool> {
    let now = app.clock.now();
    let act = HoldLease {
        holder,
        now,
        until: now.plus(LEASE),
    };
    app.store.write_for_all(act).await.ok()
}

/// Ends the calls that were under way on a node that is gone, and completes what was recorded of them.
async fn recover(app: &App, line: &LocalLine) {
    for (tenant, call) in app.store.read(ListOnLine(NAME)).await.unwrap_or_default() {
        end(app, tenant.organization(), call).await;
    }
    for left in app.store.read(ListUnfinished).await.unwrap_or_default() {
        tapes::finish(app, &line.shelf, left.organization, left.call, left.recording).await;
    }
}

async fn lose(app: &App, line: &LocalLine, why: &'static str) {
    line.is_over.store(true, Ordering::Release);
    let calls = line.calls();
    if !calls.is_empty() {
        tracing::warn!(calls = calls.len(), why, "local calls are ended");
    }
    for (organization, call) in calls {
        end(app, organization, call).await;
        line.close(call).await;
    }
}

async fn end(app: &App, organization: casewire_core::id::OrganizationId, call: casewire_core::id::CallId) {
    if let Err(problem) = switch::hear(app, organization, call, LineEvent::LineLost).await {
        tracing::error!(%call, code = problem.code().as_str(), "a call that is carried no longer could not be ended");
    }
}
