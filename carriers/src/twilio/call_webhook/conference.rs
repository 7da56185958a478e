//! What happens in a conference. Every event about a leg says how that leg is from then on, but not whom it coaches: who sets
//! that has to remember it, or to ask.

use casewire_core::calls::CarrierStatus;
use casewire_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{filled, leg, other_leg, sequence, sid};
use crate::calls::{ConferenceId, LegId};
use crate::twilio::form::Form;
use crate::twilio::webhook::{FromSigned, WebhookRefusal};
use crate::twilio::words::callback_date;

/// Something that happened in a conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConferenceEvent {
    /// Twilio's id of the conference.
    pub conference: ConferenceId,
    /// Our name of it.
    pub name: String,
    /// The account it belongs to.
    pub account: String,
    /// Its place among the conference's events.
    pub sequence: u32,
    /// When it was, to the second.
    pub at: Option<Timestamp>,
    /// What happened.
    pub change: ConferenceChange,
}

/// What happened in a conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConferenceChange {
    /// They hear each other from now on. May come while the one who was called still rings: only the leg's status tells that
    /// somebody has answered.
    Started,
    /// It is over.
    Ended {
        /// Why, where we know the word.
        reason: Option<EndedReason>,
        /// The leg by which it ended.
        by: Option<LegId>,
    },
    /// A leg came in.
    Joined(SeatState),
    /// A leg is different: muted, held, coaching, or not any more.
    Changed(SeatState),
    /// A leg went.
    Left {
        /// The leg.
        leg: LegId,
        /// Our id of it.
        label: Option<String>,
        /// How it stands, where Twilio says so.
        status: Option<CarrierStatus>,
        /// Why, where we know the word.
        reason: Option<LeftReason>,
    },
    /// An announcement was played to its end.
    AnnouncementEnded,
    /// An announcement could not be played.
    AnnouncementFailed,
    /// Something that we did not ask for.
    Other,
}

/// How a leg is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatState {
    /// Twilio's id of the leg.
    pub leg: LegId,
    /// Our id of it.
    pub label: Option<String>,
    /// Whether it is heard by nobody.
    pub muted: bool,
    /// Whether it is apart from the others.
    pub held: bool,
    /// Whether it is heard by one leg only.
    pub coaching: bool,
}

/// Why a conference ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedReason {
    /// We ended it.
    ByUs,
    /// A leg left that was to end it.
    EndingLegLeft,
    /// Nobody was left.
    Empty,
}

/// Why a leg left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftReason {
    /// It hung up.
    HungUp,
    /// We took it off.
    ByUs,
    /// The conference ended.
    ConferenceEnded,
    /// It could not be put through.
    NotReached,
}

impl ConferenceEvent {
    /// The same for each delivery of the same event.
    #[must_use]
    pub fn dedupe_key(&self) -> String {
        format!("{}/{}", self.conference, self.sequence)
    }
}

impl FromSigned for ConferenceEvent {
    fn read(account: String, fields: &Form, _own: &Form) -> Result<Self, WebhookRefusal> {
        Ok(Self {
            conference: ConferenceId::from(sid(fields, "ConferenceSid", "CF")?.as_str()),
            name: fields.text("FriendlyName").unwrap_or_default(),
            account,
            sequence: sequence(fields)?,
            at: fields.text("Timestamp").as_deref().and_then(callback_date),
            change: change(fields)?,
        })
    }
}

fn change(fields: &Form) -> Result<ConferenceChange, WebhookRefusal> {
    let word = filled(fields, "StatusCallbackEvent").ok_or(WebhookRefusal::Malformed {
        field: "StatusCallbackEvent",
    })?;
    Ok(match word.as_str() {
        "conference-start" => ConferenceChange::Started,
        "conference-end" => ConferenceChange::Ended {
            reason: fields.text("ReasonConferenceEnded").as_deref().and_then(ended_reason),
            by: other_leg(fields, "CallSidEndingConference"),
        },
        "participant-join" => ConferenceChange::Joined(seat_state(fields)?),
        "participant-leave" => ConferenceChange::Left {
            leg: leg(fields)?,
            label: filled(fields, "ParticipantLabel"),
            status: fields
                .text("ParticipantCallStatus")
                .and_then(|word| CarrierStatus::of_word(&word, None).ok()),
            reason: fields.text("ReasonParticipantLeft").as_deref().and_then(left_reason),
        },
        "participant-mute" | "participant-unmute" | "participant-hold" | "participant-unhold" | "participant-modify" => {
            ConferenceChange::Changed(seat_state(fields)?)
        }
        "announcement-end" => ConferenceChange::AnnouncementEnded,
        "announcement-fail" => ConferenceChange::AnnouncementFailed,
        _ => ConferenceChange::Other,
    })
}

fn seat_state(fields: &Form) -> Result<SeatState, WebhookRefusal> {
    let flag = |field: &'static str| match fields.text(field).as_deref() {
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) | None => Err(WebhookRefusal::Malformed { field }),
    };
    Ok(SeatState {
        leg: leg(fields)?,
        label: filled(fields, "ParticipantLabel"),
        muted: flag("Muted")?,
        held: flag("Hold")?,
        // Older kinds of conference do not know it.
        coaching: flag("Coaching").unwrap_or(false),
    })
}

fn ended_reason(word: &str) -> Option<EndedReason> {
    match word.replace('_', "-").to_ascii_lowercase().as_str() {
        "conference-ended-via-api" => Some(EndedReason::ByUs),
        "participant-with-end-conference-on-exit-kicked" | "participant-with-end-conference-on-exit-left" => {
            Some(EndedReason::EndingLegLeft)
        }
        "last-participant-kicked" | "last-participant-left" => Some(EndedReason::Empty),
        _ => None,
    }
}

fn left_reason(word: &str) -> Option<LeftReason> {
    match word.replace('-', "_").to_ascii_lowercase().as_str() {
        "participant_hung_up" => Some(LeftReason::HungUp),
        "participant_updated_via_api" => Some(LeftReason::ByUs),
        "conference_ended_via_api" | "moderator_ended_conference" => Some(LeftReason::ConferenceEnded),
        "participant_add_failed" => Some(LeftReason::NotReached),
        _ => None,
    }
}
