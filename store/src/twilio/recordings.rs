//! What Twilio calls the recordings of calls there, and how far each is on its way here.

use casewire_core::access::Tenant;
use casewire_core::id::{CallId, RecordingId};

use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Notes what Twilio calls a recording; its state only goes forward.
    KEEP = "insert into twilio_recordings (organization_id, recording_id, call_id, recording_sid, state) values ($1, $2, $3, $4, $5) \
        on conflict (organization_id, recording_id) do update set \
        recording_sid = coalesce(twilio_recordings.recording_sid, excluded.recording_sid), \
        state = case when twilio_recordings.state = 'running' then excluded.state \
            when twilio_recordings.state = 'complete' and excluded.state = 'here' then excluded.state else twilio_recordings.state end";
    /// The recordings of a call.
    LIST = "select recording_id, recording_sid, state from twilio_recordings where organization_id = $1 and call_id = $2 order by recording_id";
}

/// How far a recording is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tape {
    /// It is being made.
    Running,
    /// It is complete at Twilio.
    Complete,
    /// It is here, or will never be.
    Here,
}

impl Tape {
    const ALL: [Self; 3] = [Self::Running, Self::Complete, Self::Here];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Here => "here",
        }
    }
}

/// A recording at Twilio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwilioRecording {
    /// Our id of it, and its label there.
    pub id: RecordingId,
    /// What Twilio calls it.
    pub sid: Option<String>,
    /// How far it is.
    pub tape: Tape,
}

/// Keeps what is known of a recording; nothing goes back.
///
/// # Errors
/// [`StoreError`].
pub async fn keep(tx: &mut Tx, tenant: Tenant, call: CallId, known: &TwilioRecording) -> Result<(), StoreError> {
    let params = params![tenant.organization(), known.id, call, known.sid.clone(), known.tape.as_str()];
    tx.execute(KEEP, &params).await.map(drop)
}

/// The recordings of a call, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant, call: CallId) -> Result<Vec<TwilioRecording>, StoreError> {
    let rows = tx.rows(LIST, &params![tenant.organization(), call]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<TwilioRecording, StoreError> {
    let mut c = row.columns();
    Ok(TwilioRecording {
        id: c.id()?,
        sid: c.opt_text()?,
        tape: c.text_as(|word| Tape::ALL.into_iter().find(|tape| tape.as_str() == word))?,
    })
}
