//! The signed checkpoints of the audit: what was signed, with which key. Stores and reads them; signing is the server's.

use casewire_core::access::Tenant;
use casewire_core::audit::{Checkpoint, Hash};
use casewire_core::id::OrganizationId;

use crate::audit::hash;
use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// A checkpoint; of two for the same entry the first stays.
    ADD = "insert into audit_checkpoints (organization_id, seq, hash, at, public_key, signature) values ($1, $2, $3, $4, $5, $6) \
        on conflict (organization_id, seq) do nothing";
    /// The last checkpoint.
    LAST = "select seq, hash, at, public_key, signature from audit_checkpoints where organization_id = $1 order by seq desc limit 1";
    /// The last checkpoint before an entry.
    BEFORE = "select seq, hash, at, public_key, signature from audit_checkpoints where organization_id = $1 and seq < $2 \
        order by seq desc limit 1";
    /// The checkpoints from an entry on.
    FROM = "select seq, hash, at, public_key, signature from audit_checkpoints where organization_id = $1 and seq >= $2 order by seq limit $3";
}

/// A checkpoint, and its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The Ed25519 key by which it can be checked.
    pub public_key: [u8; 32],
    /// The Ed25519 signature.
    pub signature: [u8; 64],
}

/// Adds a checkpoint.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, signed: &SignedCheckpoint) -> Result<(), StoreError> {
    let Checkpoint { seq, hash, at, .. } = signed.checkpoint;
    let row = params![tenant.organization(), seq, hash, at, signed.public_key, signed.signature];
    tx.execute(ADD, &row).await.map(drop)
}

/// The last checkpoint; none where nothing was signed yet.
///
/// # Errors
/// [`StoreError`].
pub async fn last(tx: &mut Tx, tenant: Tenant) -> Result<Option<SignedCheckpoint>, StoreError> {
    let row = tx.row(LAST, &params![tenant.organization()]).await?;
    row.map(|row| read(tenant.organization(), &row)).transpose()
}

/// The last checkpoint before an entry; none where there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn before(tx: &mut Tx, tenant: Tenant, seq: i64) -> Result<Option<SignedCheckpoint>, StoreError> {
    let row = tx.row(BEFORE, &params![tenant.organization(), seq]).await?;
    row.map(|row| read(tenant.organization(), &row)).transpose()
}

/// The checkpoints at an entry and after it, in order, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn from(tx: &mut Tx, tenant: Tenant, seq: i64, limit: u32) -> Result<Vec<SignedCheckpoint>, StoreError> {
    let rows = tx.rows(FROM, &params![tenant.organization(), seq, limit]).await?;
    rows.iter().map(|row| read(tenant.organization(), row)).collect()
}

fn read(organization_id: OrganizationId, row: &Row) -> Result<SignedCheckpoint, StoreError> {
    let mut columns = row.columns();
    let (seq, own): (i64, Hash) = (columns.int()?, hash(&mut columns)?);
    Ok(SignedCheckpoint {
        checkpoint: Checkpoint {
            organization_id,
            seq,
            hash: own,
            at: columns.time()?,
        },
        public_key: columns.sized()?,
        signature: columns.sized()?,
    })
}
