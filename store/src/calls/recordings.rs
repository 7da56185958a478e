//! What was recorded of calls: rows only; the sound is on a shelf of the server's. Refuses to judge who may hear it.

use casewire_core::access::Tenant;
use casewire_core::calls::{RecordingKind, RecordingState, Tape};
use casewire_core::id::{CallId, OrganizationId, RecordingId};
use casewire_core::time::Timestamp;
use casewire_core::view::{CallView, RecordingView};

use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// One that begins.
    ADD = "insert into call_recordings (organization_id, id, call_id, kind, state, file, duration_ms, bytes, started_at, updated_at) \
        values ($1, $2, $3, $4, 'running', null, 0, 0, $5, $5)";
    /// One that ended.
    FINISH = "update call_recordings set state = $4, file = $5, duration_ms = $6, bytes = $7, updated_at = $8 \
        where organization_id = $1 and call_id = $2 and id = $3 and state = 'running'";
    /// The recordings of a call.
    LIST = "select id, kind, state, duration_ms, started_at, file from call_recordings where organization_id = $1 and call_id = $2 \
        order by started_at, id";
}

/// A recording, and where its sound is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// As it is shown.
    pub view: RecordingView,
    /// The name of its sound on the shelf, once it can be heard.
    pub file: Option<String>,
}

/// How a recording ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Ready or failed.
    pub state: RecordingState,
    /// The name of its sound on the shelf.
    pub file: Option<String>,
    /// Its length, in milliseconds.
    pub duration_ms: u64,
    /// The size of its sound.
    pub bytes: u64,
}

/// Notes a recording that begins.
///
/// # Errors
/// [`StoreError`].
pub async fn add(
    tx: &mut Tx,
    tenant: Tenant,
    call: CallId,
    id: RecordingId,
    kind: RecordingKind,
    now: Timestamp,
) -> Result<(), StoreError> {
    let params = params![tenant.organization(), id, call, kind.as_str(), now];
    tx.execute(ADD, &params).await.map(drop)
}

/// Notes how a recording ended; false where that is known already, or there is no such recording.
///
/// # Errors
/// [`StoreError`].
pub async fn finish(
    tx: &mut Tx,
    tenant: Tenant,
    call: CallId,
    id: RecordingId,
    end: &Finished,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let params = params![
        tenant.organization(),
        call,
        id,
        end.state.as_str(),
        end.file.clone(),
        end.duration_ms,
        end.bytes,
        now
    ];
    Ok(tx.execute(FINISH, &params).await? == 1)
}

/// The recordings of a call, in order.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant, call: CallId) -> Result<Vec<Recording>, StoreError> {
    of_call(tx, tenant.organization(), call).await
}

async fn of_call(tx: &mut Tx, organization: OrganizationId, call: CallId) -> Result<Vec<Recording>, StoreError> {
    let rows = tx.rows(LIST, &params![organization, call]).await?;
    rows.iter().map(read).collect()
}

/// Gives a call its recordings, where it has any.
pub(crate) async fn complete(tx: &mut Tx, organization: OrganizationId, call: &mut CallView) -> Result<(), StoreError> {
    if call.recording != Tape::None {
        let found = of_call(tx, organization, call.id).await?;
        call.recordings = found.into_iter().map(|recording| recording.view).collect();
    }
    Ok(())
}

fn read(row: &Row) -> Result<Recording, StoreError> {
    let mut c = row.columns();
    let (id, kind, state, duration, started_at) = (c.id()?, c.parsed()?, c.parsed()?, c.int()?, c.time()?);
    let view = RecordingView {
        id,
        kind,
        state,
        duration_ms: u64::try_from(duration).unwrap_or(0),
        started_at,
    };
    Ok(Recording { view, file: c.opt_text()? })
}
