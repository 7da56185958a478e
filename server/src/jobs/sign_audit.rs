//! Checks what came to the audit since its last checkpoint, and signs a new one. Refuses to sign over a break: it says so in the log
//! and the metrics each time, until a person has looked. Lines of before there was a chain are taken into it first.

use casewire_core::access::Tenant;
use casewire_core::audit::{AuditEntry, Checkpoint, Hash};
use casewire_store::audit::checkpoints::{self, SignedCheckpoint};
use casewire_store::audit::{self, walk};
use casewire_store::jobs::LeasedJob;
use casewire_store::{Act, StoreError, Tx};

use super::JobOutcome;
use crate::audit::key::SigningKey;
use crate::audit::verify::{Break, Walk};
use crate::state::App;

/// How many entries are read at once.
pub const STRETCH: u32 = 2000;
/// How many lines of before are taken in at once.
const OLD_LINES: u32 = 500;

/// Signs the audit of the organization of the job.
pub(super) async fn perform(app: &App, leased: &LeasedJob) -> JobOutcome {
    match sign(app, leased.tenant).await {
        Ok(Ok(())) => JobOutcome::Done,
        Ok(Err(broken)) => {
            let organization = leased.tenant.organization();
            app.metrics.audit_broken();
            tracing::error!(%organization, seq = broken.seq, %broken, "the audit does not hold and is not signed");
            JobOutcome::Done
        }
        Err(error) => JobOutcome::of_store_error(&error),
    }
}

async fn sign(app: &App, tenant: Tenant) -> Result<Result<(), Break>, StoreError> {
    let organization = tenant.organization();
    let act = TakeInOldLines(tenant);
    while app.store.write(organization, act).await? > 0 {}
    let last = app.store.read(LastCheckpoint(tenant)).await?;
    let walked = match walk_on(app, tenant, last.as_ref(), None).await? {
        Ok(walked) => walked,
        Err(broken) => return Ok(Err(broken)),
    };
    if walked.seq() == last.map_or(0, |last| last.checkpoint.seq) {
        return Ok(Ok(()));
    }
    let checkpoint = Checkpoint {
        organization_id: organization,
        seq: walked.seq(),
        hash: walked.hash(),
        at: app.clock.now(),
    };
    let file = app.config.audit_key_file.clone();
    let signed = tokio::task::spawn_blocking(move || SigningKey::of_file(&file).map(|key| key.seal(checkpoint))).await;
    match signed {
        Ok(Ok(signed)) => app.store.write(organization, AddCheckpoint { tenant, signed }).await.map(Ok),
        Ok(Err(error)) => {
            tracing::error!(%error, "the audit cannot be signed");
            Ok(Ok(()))
        }
        Err(_) => Ok(Ok(())),
    }
}

/// Walks along the chain from a checkpoint, or from the first entry, up to its end or over `most` entries.
///
/// # Errors
/// [`StoreError`]; inside, the first entry that does not hold.
pub async fn walk_on(
    app: &App,
    tenant: Tenant,
    from: Option<&SignedCheckpoint>,
    most: Option<u32>,
) -> Result<Result<Walk, Break>, StoreError> {
    let mut walk = from.map_or_else(
        || Walk::from_the_first(tenant.organization()),
        |signed| Walk::behind(signed.checkpoint.seq, signed.checkpoint.hash),
    );
    let mut left = most.unwrap_or(u32::MAX);
    while left > 0 {
        let limit = left.min(STRETCH);
        let entries = app
            .store
            .read(Stretch {
                tenant,
                after: walk.seq(),
                limit,
            })
            .await?;
        for (entry, hash) in &entries {
            if let Err(broken) = walk.entry(entry, hash) {
                return Ok(Err(broken));
            }
        }
        let got = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        left = if got < limit { 0 } else { left - got };
    }
    Ok(Ok(walk))
}

#[derive(Clone, Copy)]
struct TakeInOldLines(Tenant);

impl Act for TakeInOldLines {
    type Out = usize;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<usize, StoreError> {
        audit::take_in_old_lines(tx, self.0, OLD_LINES).await
    }
}

/// The last checkpoint of an organization.
pub struct LastCheckpoint(pub Tenant);

impl Act for LastCheckpoint {
    type Out = Option<SignedCheckpoint>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<SignedCheckpoint>, StoreError> {
        checkpoints::last(tx, self.0).await
    }
}

/// A stretch of a chain.
pub struct Stretch {
    /// Whose.
    pub tenant: Tenant,
    /// Behind this entry.
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}

impl Act for Stretch {
    type Out = Vec<(AuditEntry, Hash)>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        walk::stretch(tx, self.tenant, self.after, self.limit).await
    }
}

struct AddCheckpoint {
    tenant: Tenant,
    signed: SignedCheckpoint,
}

impl Act for AddCheckpoint {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        checkpoints::add(tx, self.tenant, &self.signed).await
    }
}
