//! What Twilio tells us of calls, one type for each address: [`VoiceRequest`] asks what to do, [`DialEnded`], [`MessageTaken`] and
//! [`NextAsked`] what to do next, [`SoundAsked`] what to play, [`LegStatus`], [`ConferenceEvent`] and [`RecordingStatus`] tell what was. All may come twice, late and in any
//! order: each has a `dedupe_key`, and [`ConferenceRoll`] puts a conference's events together whatever their order.
//! Fields: twilio.com/docs/voice/twiml and twilio.com/docs/voice/api/call-resource.

mod conference;
mod next;
mod recording;
mod request;
mod roll;
mod status;

pub use self::conference::{ConferenceChange, ConferenceEvent, EndedReason, LeftReason, SeatState};
pub use self::next::{NextAsked, SoundAsked};
pub use self::recording::{RecordedWhat, RecordingStatus};
pub use self::request::{Caller, DialEnded, MessageTaken, VoiceRequest};
pub use self::roll::{ConferenceRoll, Noted};
pub use self::status::LegStatus;
use super::form::Form;
use super::webhook::WebhookRefusal;
use super::words::is_sid;
use crate::calls::LegId;

/// An id of that kind, which must be there.
fn sid(fields: &Form, name: &'static str, letters: &str) -> Result<String, WebhookRefusal> {
    fields
        .text(name)
        .filter(|sid| is_sid(letters, sid))
        .ok_or(WebhookRefusal::Malformed { field: name })
}

/// The leg that a webhook is about.
fn leg(fields: &Form) -> Result<LegId, WebhookRefusal> {
    Ok(LegId::from(sid(fields, "CallSid", "CA")?.as_str()))
}

/// A leg that need not be there.
fn other_leg(fields: &Form, name: &str) -> Option<LegId> {
    fields.text(name).filter(|sid| is_sid("CA", sid)).as_deref().map(LegId::from)
}

fn filled(fields: &Form, name: &str) -> Option<String> {
    fields.text(name).filter(|text| !text.is_empty())
}

fn number<T: std::str::FromStr>(fields: &Form, name: &str) -> Option<T> {
    fields.text(name).and_then(|text| text.trim().parse().ok())
}

/// The place of an event among those of the same leg or conference.
fn sequence(fields: &Form) -> Result<u32, WebhookRefusal> {
    number(fields, "SequenceNumber").ok_or(WebhookRefusal::Malformed { field: "SequenceNumber" })
}

/// Our id in the address.
fn label(own: &Form) -> Option<String> {
    filled(own, "l")
}
