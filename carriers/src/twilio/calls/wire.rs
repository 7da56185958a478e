//! The shapes of Twilio's answers about calls that we read, and no more of them than we use. Durations come as strings, dates as
//! RFC 2822. Source: the public description of the API, `twilio_api_v2010`.

use std::time::Duration;

use casewire_core::calls::CarrierStatus;
use casewire_core::phone::Address;
use serde::Deserialize;

use crate::calls::{
    CarrierConference, CarrierLeg, CarrierRecording, ConferenceId, ConferenceState, LegId, RecordingId, RecordingState, Seat, SeatedLeg,
};
use crate::carrier::Direction;
use crate::twilio::words::{is_sid, rest_date};

#[derive(Deserialize)]
struct Named {
    sid: String,
}

/// Whether an answer is about that thing.
pub(super) fn is_about(body: &[u8], sid: &str) -> Option<()> {
    let named: Named = serde_json::from_slice(body).ok()?;
    (named.sid == sid).then_some(())
}

pub(super) fn recording_id(body: &[u8]) -> Option<RecordingId> {
    let named: Named = serde_json::from_slice(body).ok()?;
    is_sid("RE", &named.sid).then(|| RecordingId::from(named.sid.as_str()))
}

pub(super) fn seat(body: &[u8]) -> Option<Seat> {
    let participant: Participant = serde_json::from_slice(body).ok()?;
    let known = is_sid("CF", &participant.conference_sid) && is_sid("CA", &participant.call_sid);
    known.then(|| Seat {
        conference: ConferenceId::from(participant.conference_sid.as_str()),
        leg: LegId::from(participant.call_sid.as_str()),
    })
}

/// A leg in a conference.
#[derive(Deserialize)]
pub(super) struct Participant {
    call_sid: String,
    conference_sid: String,
    label: Option<String>,
    status: Option<String>,
    muted: Option<bool>,
    hold: Option<bool>,
    coaching: Option<bool>,
    call_sid_to_coach: Option<String>,
}

/// A page of legs in a conference.
#[derive(Deserialize)]
pub(super) struct Participants {
    pub participants: Vec<Participant>,
    pub next_page_uri: Option<String>,
}

/// A leg.
#[derive(Deserialize)]
pub(super) struct Call {
    sid: String,
    parent_call_sid: Option<String>,
    direction: Option<String>,
    from: Option<String>,
    to: Option<String>,
    status: String,
    duration: Option<String>,
    date_created: Option<String>,
    start_time: Option<String>,
    end_time: Option<String>,
}

/// A page of legs.
#[derive(Deserialize)]
pub(super) struct Calls {
    pub calls: Vec<Call>,
    pub next_page_uri: Option<String>,
}

/// A conference.
#[derive(Deserialize)]
pub(super) struct Conference {
    sid: String,
    friendly_name: Option<String>,
    status: String,
}

/// A page of conferences.
#[derive(Deserialize)]
pub(super) struct Conferences {
    pub conferences: Vec<Conference>,
}

/// A recording.
#[derive(Deserialize)]
pub(super) struct Recording {
    sid: String,
    call_sid: Option<String>,
    status: String,
    duration: Option<String>,
    channels: Option<u32>,
    start_time: Option<String>,
}

/// A page of recordings.
#[derive(Deserialize)]
pub(super) struct Recordings {
    pub recordings: Vec<Recording>,
    pub next_page_uri: Option<String>,
}

impl Call {
    /// The leg in our words; none where a field that must be there makes no sense.
    pub(super) fn into_leg(self) -> Option<CarrierLeg> {
        if !is_sid("CA", &self.sid) {
            return None;
        }
        let talked = self.duration.and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        let direction = if self.direction.as_deref() == Some("inbound") {
            Direction::Inbound
        } else {
            Direction::Outbound
        };
        Some(CarrierLeg {
            leg: LegId::from(self.sid.as_str()),
            parent: self.parent_call_sid.as_deref().filter(|sid| is_sid("CA", sid)).map(LegId::from),
            direction,
            from: Address::read(&self.from.unwrap_or_default()),
            to: Address::read(&self.to.unwrap_or_default()),
            status: CarrierStatus::of_word(&self.status, talked).ok(),
            created_at: rest_date(&self.date_created?)?,
            started_at: self.start_time.as_deref().and_then(rest_date),
            ended_at: self.end_time.as_deref().and_then(rest_date),
        })
    }
}

impl Participant {
    pub(super) fn into_seated(self) -> Option<SeatedLeg> {
        if !is_sid("CA", &self.call_sid) {
            return None;
        }
        let coaching = self.coaching.unwrap_or(false);
        Some(SeatedLeg {
            leg: LegId::from(self.call_sid.as_str()),
            label: self.label.filter(|label| !label.is_empty()),
            connected: self.status.as_deref() == Some("connected"),
            muted: self.muted.unwrap_or(false),
            held: self.hold.unwrap_or(false),
            coaches: self.call_sid_to_coach.filter(|_| coaching).as_deref().map(LegId::from),
        })
    }
}

impl Conference {
    pub(super) fn into_conference(self) -> Option<CarrierConference> {
        let state = match self.status.as_str() {
            "init" => ConferenceState::Waiting,
            "in-progress" => ConferenceState::InProgress,
            "completed" => ConferenceState::Completed,
            _ => return None,
        };
        is_sid("CF", &self.sid).then(|| CarrierConference {
            conference: ConferenceId::from(self.sid.as_str()),
            name: self.friendly_name.unwrap_or_default(),
            state,
        })
    }
}

impl Recording {
    pub(super) fn into_recording(self) -> Option<CarrierRecording> {
        let state = match self.status.as_str() {
            "in-progress" => RecordingState::InProgress,
            "paused" => RecordingState::Paused,
            "stopped" | "processing" => RecordingState::Processing,
            "completed" => RecordingState::Completed,
            "absent" => RecordingState::Absent,
            _ => RecordingState::Failed,
        };
        is_sid("RE", &self.sid).then(|| CarrierRecording {
            recording: RecordingId::from(self.sid.as_str()),
            leg: self.call_sid.as_deref().filter(|sid| is_sid("CA", sid)).map(LegId::from),
            state,
            // Twilio says -1 as long as it does not know.
            seconds: self.duration.and_then(|seconds| seconds.parse().ok()),
            channels: self.channels.unwrap_or(1),
            started_at: self.start_time.as_deref().and_then(rest_date),
        })
    }
}
