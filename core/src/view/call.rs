//! A call as it is shown: in a conversation, in a list of calls, to its agent while it goes on. Holds no supervisor but where the
//! reader may know of them: the acts leave them out.

use serde::{Deserialize, Serialize};

use super::{Direction, PersonView, UserRef};
use crate::calls::{EndReason, Mode, RecordingKind, RecordingState, Tape};
use crate::id::{CallId, CaseId, ConversationId, LeadId, NumberId, RecordingId, UserId};
use crate::time::Timestamp;

/// The connection of a party to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ConnectionView {
    /// It stands.
    Here,
    /// It is lost, and may come back within 15 seconds.
    Lost,
}

view! {
    /// A recording of a call.
    RecordingView {
        /// The recording.
        id: RecordingId,
        /// A recording of the call, or a voicemail.
        kind: RecordingKind,
        /// How far it is.
        state: RecordingState,
        /// How long it is, in milliseconds; 0 until it can be heard.
        duration_ms: u64,
        /// When it began.
        started_at: Timestamp,
    }

    /// Somebody who supervises a call.
    SupervisorView {
        /// Who.
        user: UserRef,
        /// How.
        mode: Mode,
        /// Since when.
        since: Timestamp,
    }

    /// A call.
    CallView {
        /// The call.
        id: CallId,
        /// The conversation.
        conversation_id: Option<ConversationId>,
        /// In or out.
        direction: Direction,
        /// When it began.
        at: Timestamp,
        /// Who it is from or to.
        person: PersonView,
        /// The case, where there is one.
        case_id: Option<CaseId>,
        /// The number of that case: the requirement's `CallHistory.matter_id`.
        matter_id: Option<String>,
        /// The lead, where there is one.
        lead_id: Option<LeadId>,
        /// Our number.
        number_id: Option<NumberId>,
        /// queued, ringing, in-progress, recording (at the machine), completed, voicemail, no-answer, busy, canceled, failed; of a call
        /// that was made elsewhere, the word that it came with.
        status: String,
        /// When somebody took it.
        answered_at: Option<Timestamp>,
        /// When it was over.
        ended_at: Option<Timestamp>,
        /// Why it ended.
        end_reason: Option<EndReason>,
        /// How long they talked, in seconds.
        duration_seconds: u32,
        /// Whether there is a recording.
        has_recording: bool,
        /// The agent on it, at whom it rings, or who was on it last.
        user: Option<UserRef>,
        /// Whether the outside party is on hold.
        is_on_hold: bool,
        /// Whether the agent's microphone is muted.
        is_muted: bool,
        /// The agent's connection.
        agent_line: ConnectionView,
        /// The outside party's connection.
        outside_line: ConnectionView,
        /// The agent to whom it is being handed.
        transfer_to: Option<UserRef>,
        /// Whether it is being recorded, or was.
        recording: Tape,
        /// Its recordings.
        recordings: Vec<RecordingView>,
        /// What came of it: a code of the organization's list.
        disposition: Option<String>,
        /// What the agent noted.
        note: Option<String>,
        /// Until when the agent is busy with what is to be noted.
        wrap_up_until: Option<Timestamp>,
        /// Who supervises it; absent in events and for who may not know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supervisors: Option<Vec<SupervisorView>>,
        /// What carries it: local or twilio; none for a call that was made elsewhere.
        line: Option<String>,
        /// Grows with every change that is told; what is older is not shown over what is newer.
        version: u64,
    }
}

impl CallView {
    /// Whether the user is the agent on it, or it rings at them.
    #[must_use]
    pub fn is_of(&self, user: UserId) -> bool {
        [&self.user, &self.transfer_to].into_iter().flatten().any(|named| named.id == user)
    }
}
