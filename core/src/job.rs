//! Work to be done after a commit, in the imperative. A job carries ids only and is done at least once, so each is written to
//! bear being done twice. The queue is in the store, the doing in `server/src/jobs/`.

use serde::{Deserialize, Serialize};

use crate::id::{CallId, ExportId, MessageId, NumberId, PartId, RecordingId, TaskId};
use crate::time::Timestamp;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Job {
    /// Hand a part of an outbound text over to the carrier.
    SendPart {
        /// The part.
        part_id: PartId,
    },
    /// Find out what became of a part whose hand-over has an unknown outcome, or whose callbacks stay away.
    ResolvePart {
        /// The part.
        part_id: PartId,
    },
    /// Compare what the carrier has for a number with what is stored, and take in what was missed.
    Reconcile {
        /// The organization's number.
        number_id: NumberId,
    },
    /// Fetch what came with a text from the carrier.
    FetchMedia {
        /// The text.
        message_id: MessageId,
    },
    /// Remind the assignee of a task.
    RemindTask {
        /// The task.
        task_id: TaskId,
    },
    /// Look at every text of the organization once more for orphans.
    AuditOrphans,
    /// Make what is left of an export of a case.
    ExportCase {
        /// The export.
        export_id: ExportId,
    },
    /// Check what came to the audit since the last checkpoint, and sign a new one.
    SignAudit,
    /// Look whether a call waited long enough: for its agent, for somebody to take it, for a lost connection, for a note.
    WatchCall {
        /// The call.
        call_id: CallId,
    },
    /// Ask a carrier for what the steps of a call ask of it.
    CarryOutCall {
        /// The call.
        call_id: CallId,
    },
    /// Compare the legs and recordings of a call with what its carrier has.
    WatchLegs {
        /// The call.
        call_id: CallId,
    },
    /// Bring a recording of a call from its carrier.
    FetchRecording {
        /// The call.
        call_id: CallId,
        /// The recording.
        recording_id: RecordingId,
    },
    /// Rights changed: look whether everybody on a call still may be there.
    RecheckCalls,
    /// Drop what has outlived its time: events, sign-ins, idempotency keys.
    Expire,
    /// Count the days that are over, for the reports.
    CountDays,
    /// Make findable what was stored before there was a search.
    FillSearch {
        /// The texts up to this time.
        before: Timestamp,
    },
}

impl Job {
    /// The word in the database.
    #[must_use]
    pub const fn type_str(&self) -> &'static str {
        match self {
            Self::SendPart { .. } => "send_part",
            Self::ResolvePart { .. } => "resolve_part",
            Self::Reconcile { .. } => "reconcile",
            Self::FetchMedia { .. } => "fetch_media",
            Self::RemindTask { .. } => "remind_task",
            Self::AuditOrphans => "audit_orphans",
            Self::ExportCase { .. } => "export_case",
            Self::SignAudit => "sign_audit",
            Self::WatchCall { .. } => "watch_call",
            Self::CarryOutCall { .. } => "carry_out_call",
            Self::WatchLegs { .. } => "watch_legs",
            Self::FetchRecording { .. } => "fetch_recording",
            Self::RecheckCalls => "recheck_calls",
            Self::Expire => "expire",
            Self::CountDays => "count_days",
            Self::FillSearch { .. } => "fill_search",
        }
    }
}
