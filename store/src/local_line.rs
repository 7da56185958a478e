//! Which node carries the calls of this database by its own voice engine, and what a node that is gone left unfinished. Refuses a second
//! holder while the lease of the first runs.

use casewire_core::id::{CallId, OrganizationId, RecordingId};
use casewire_core::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Takes the lease or renews it, unless it is another's.
    HOLD = "insert into voice_leases (id, holder, expires_at) values (1, $1, $3) on conflict (id) do update \
        set holder = excluded.holder, expires_at = excluded.expires_at \
        where voice_leases.holder = excluded.holder or voice_leases.expires_at <= $2";
    /// Gives it up.
    GIVE_UP = "delete from voice_leases where holder = $1";
    /// Recordings of calls of a line that were being made.
    UNFINISHED = "select r.organization_id, r.call_id, r.id from call_recordings r \
        join call_history h on h.organization_id = r.organization_id and h.id = r.call_id \
        where r.state = 'running' and h.line = $1 order by r.organization_id, r.id";
}

/// A recording that was being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfinished {
    /// Whose.
    pub organization: OrganizationId,
    /// Of which call.
    pub call: CallId,
    /// Which.
    pub recording: RecordingId,
}

/// Takes the lease until then, or renews it; false where another has it.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(tx: &mut Tx, holder: Uuid, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(HOLD, &params![holder, now, until]).await? == 1)
}

/// Gives the lease up, if it is this holder's.
///
/// # Errors
/// [`StoreError`].
pub async fn give_up(tx: &mut Tx, holder: Uuid) -> Result<(), StoreError> {
    tx.execute(GIVE_UP, &params![holder]).await.map(drop)
}

/// The recordings of a line that were being made, of every organization.
///
/// # Errors
/// [`StoreError`].
pub async fn unfinished(tx: &mut Tx, line: &str) -> Result<Vec<Unfinished>, StoreError> {
    let rows = tx.rows(UNFINISHED, &params![line]).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok(Unfinished {
                organization: columns.id()?,
                call: columns.id()?,
                recording: columns.id()?,
            })
        })
        .collect()
}
