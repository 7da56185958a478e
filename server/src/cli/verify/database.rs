//! The check of a database: the chain of every organization from its first entry, all its checkpoints, and its end.

use casewire_core::access::Tenant;
use casewire_store::audit::checkpoints::{self, SignedCheckpoint};
use casewire_store::audit::{Head, list};
use casewire_store::upkeep::{self, Upkept};
use casewire_store::{Act, OpenOptions, Store, StoreError, Tx};

use super::Findings;
use crate::audit::verify::{Break, Walk};
use crate::cli::Failure;
use crate::clock::Clock;
use crate::jobs::sign_audit::Stretch;

/// How many entries or checkpoints are read at once.
const AT_ONCE: u32 = 5000;

/// Checks every organization of the database.
pub(super) async fn check(address: &str, trusted: Option<&[u8; 32]>, clock: &Clock) -> Result<Findings, Failure> {
    let store = Store::open(OpenOptions::parse(address, clock.reading())?).await?;
    if store.schema_version().await? != store.newest_schema_version() {
        return Err(Failure::Words(
            "the database is of another version than this program: run `casewire migrate` first".to_owned(),
        ));
    }
    check_store(&store, trusted).await
}

/// Checks every organization of an open store.
///
/// # Errors
/// Where it cannot be read.
pub async fn check_store(store: &Store, trusted: Option<&[u8; 32]>) -> Result<Findings, Failure> {
    let mut findings = Findings::default();
    for tenant in store.read(Organizations).await?.organizations {
        let organization = tenant.organization();
        let (head, checkpoints) = whole(store, tenant).await?;
        findings.keys.extend(checkpoints.iter().map(|signed| signed.public_key));
        let signed_to = checkpoints.last().map_or(0, |signed| signed.checkpoint.seq);
        let count = checkpoints.len();
        match walk(store, tenant, head, checkpoints, trusted).await? {
            Ok(seq) => findings.lines.push(format!(
                "{organization}: {seq} entries hold, signed up to entry {signed_to} by {count} checkpoints"
            )),
            Err(broken) => findings.broken.push(format!("{organization}: {broken}")),
        }
    }
    Ok(findings)
}

async fn whole(store: &Store, tenant: Tenant) -> Result<(Head, Vec<SignedCheckpoint>), StoreError> {
    let head = store.read(End(tenant)).await?;
    let mut all: Vec<SignedCheckpoint> = Vec::new();
    loop {
        let from = all.last().map_or(0, |last| last.checkpoint.seq.saturating_add(1));
        let mut some = store.read(Checkpoints { tenant, from }).await?;
        if some.is_empty() {
            return Ok((head, all));
        }
        all.append(&mut some);
    }
}

async fn walk(
    store: &Store,
    tenant: Tenant,
    head: Head,
    checkpoints: Vec<SignedCheckpoint>,
    trusted: Option<&[u8; 32]>,
) -> Result<Result<i64, Break>, StoreError> {
    let mut walk = Walk::from_the_first(tenant.organization());
    if let Err(broken) = walk.expect(checkpoints, trusted) {
        return Ok(Err(broken));
    }
    loop {
        let (after, limit) = (walk.seq(), AT_ONCE);
        let entries = match store.read(Stretch { tenant, after, limit }).await {
            Ok(entries) => entries,
            // A field holds what no entry can: which one is found by reading them singly.
            Err(StoreError::Corrupt { .. }) => return first_unreadable(store, tenant, walk).await,
            Err(error) => return Err(error),
        };
        for (entry, hash) in &entries {
            if let Err(broken) = walk.entry(entry, hash) {
                return Ok(Err(broken));
            }
        }
        if entries.is_empty() {
            return Ok(walk.end(Some((head.seq, head.hash))).map(|()| walk.seq()));
        }
    }
}

async fn first_unreadable(store: &Store, tenant: Tenant, mut walk: Walk) -> Result<Result<i64, Break>, StoreError> {
    loop {
        let (after, limit) = (walk.seq(), 1);
        let entries = match store.read(Stretch { tenant, after, limit }).await {
            Ok(entries) => entries,
            Err(StoreError::Corrupt { .. }) => {
                return Ok(Err(Break {
                    seq: after.saturating_add(1),
                    why: crate::audit::verify::Why::Content,
                }));
            }
            Err(error) => return Err(error),
        };
        let Some((entry, hash)) = entries.first() else {
            return Ok(Ok(walk.seq()));
        };
        if let Err(broken) = walk.entry(entry, hash) {
            return Ok(Err(broken));
        }
    }
}

struct Organizations;

impl Act for Organizations {
    type Out = Upkept;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Upkept, StoreError> {
        upkeep::upkept(tx).await
    }
}

struct End(Tenant);

impl Act for End {
    type Out = Head;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Head, StoreError> {
        list::head(tx, self.0).await
    }
}

struct Checkpoints {
    tenant: Tenant,
    from: i64,
}

impl Act for Checkpoints {
    type Out = Vec<SignedCheckpoint>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        checkpoints::from(tx, self.tenant, self.from, AT_ONCE).await
    }
}
