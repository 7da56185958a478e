//! How far a recording got.

use std::time::Duration;

use casewire_core::time::Timestamp;

use super::{number, other_leg, sid};
use crate::calls::{ConferenceId, LegId, RecordingId, RecordingState};
use crate::twilio::form::Form;
use crate::twilio::webhook::{FromSigned, WebhookRefusal};
use crate::twilio::words::{callback_date, is_sid};

/// How far a recording got. What is complete never goes on again, whatever comes after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingStatus {
    /// Twilio's id of the recording.
    pub recording: RecordingId,
    /// The account it belongs to.
    pub account: String,
    /// What was recorded.
    pub of: RecordedWhat,
    /// How it stands.
    pub state: RecordingState,
    /// How long it is, once it is complete.
    pub length: Option<Duration>,
    /// One, or two with what the leg says first.
    pub channels: u32,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// Our id of it, from the callback's address.
    pub label: Option<String>,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedWhat {
    /// One leg.
    Leg(LegId),
    /// All in a conference.
    Conference(ConferenceId),
}

impl RecordingStatus {
    /// The same for each delivery of the same status.
    #[must_use]
    pub fn dedupe_key(&self) -> String {
        format!("{}/{}", self.recording, word(self.state))
    }
}

fn word(state: RecordingState) -> &'static str {
    match state {
        RecordingState::InProgress => "in-progress",
        RecordingState::Paused => "paused",
        RecordingState::Processing => "processing",
        RecordingState::Completed => "completed",
        RecordingState::Absent => "absent",
        RecordingState::Failed => "failed",
    }
}

impl FromSigned for RecordingStatus {
    fn read(account: String, fields: &Form, own: &Form) -> Result<Self, WebhookRefusal> {
        let state = match fields.text("RecordingStatus").unwrap_or_default().as_str() {
            "in-progress" => RecordingState::InProgress,
            "paused" => RecordingState::Paused,
            "stopped" | "processing" => RecordingState::Processing,
            "completed" => RecordingState::Completed,
            "absent" => RecordingState::Absent,
            "failed" => RecordingState::Failed,
            _ => {
                return Err(WebhookRefusal::Malformed { field: "RecordingStatus" });
            }
        };
        let conference = fields.text("ConferenceSid").filter(|sid| is_sid("CF", sid));
        let of = match (other_leg(fields, "CallSid"), conference) {
            (Some(leg), _) => RecordedWhat::Leg(leg),
            (None, Some(conference)) => RecordedWhat::Conference(ConferenceId::from(conference.as_str())),
            (None, None) => return Err(WebhookRefusal::Malformed { field: "CallSid" }),
        };
        Ok(Self {
            recording: RecordingId::from(sid(fields, "RecordingSid", "RE")?.as_str()),
            account,
            of,
            state,
            length: number(fields, "RecordingDuration").map(Duration::from_secs),
            channels: number(fields, "RecordingChannels").unwrap_or(1),
            started_at: fields.text("RecordingStartTime").as_deref().and_then(callback_date),
            label: super::label(own),
        })
    }
}
