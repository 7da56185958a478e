//! The documents by which Twilio is told what a leg does next (TwiML), as values; [`Twiml::to_xml`] writes them, escaped. Only what
//! we use of it: twilio.com/docs/voice/twiml. Twilio's own classes rebuild each of these documents in the tests.

mod xml;

use std::time::Duration;

use casewire_core::phone::E164;

use self::xml::Element;
use super::{CALLBACK_OVERRIDES, callback};
use crate::calls::{ConferencePlan, Entry, OnExit};

/// The content type of a document.
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";
/// The events of a leg that we ask for.
pub(crate) const LEG_EVENTS: [&str; 4] = ["initiated", "ringing", "answered", "completed"];
/// The events of a conference that we ask for.
pub(crate) const CONFERENCE_EVENTS: [&str; 8] = ["start", "end", "join", "leave", "mute", "hold", "modify", "announcement"];
/// The events of a recording that we ask for.
pub(crate) const RECORDING_EVENTS: [&str; 3] = ["in-progress", "completed", "absent"];

/// What a leg does, step after step. At the end it is hung up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Twiml(pub Vec<Step>);

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Reads a text aloud.
    Say(Say),
    /// Plays the sound at an address.
    Play(String),
    /// Plays the tones of keys: digits, `*`, `#`, and `w` for half a second of silence.
    Keys(String),
    /// Waits for whole seconds.
    Pause(u32),
    /// Connects with others.
    Dial(Dial),
    /// Takes what the caller says.
    Record(TakeMessage),
    /// Goes on with the document at an address.
    Redirect(String),
    /// Does not take the call.
    Reject(RejectReason),
    /// Hangs up.
    Hangup,
}

/// A text to be read aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// The text.
    pub text: String,
    /// Its language, such as `en-US`; the account's own where left out.
    pub language: Option<String>,
    /// Twilio's name of a voice.
    pub voice: Option<String>,
}

/// A connection with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// With whom.
    pub to: DialTo,
    /// Where the next document is fetched once it is over; without it the steps go on.
    pub action: Option<String>,
    /// The number that is shown as the caller.
    pub caller_id: Option<E164>,
    /// For how long to ring, in whole seconds.
    pub ring_for: Option<Duration>,
    /// Whether it is recorded, in two channels from when it is answered: what this leg says, and what it hears.
    pub record: Option<DialRecording>,
}

/// Whom to connect with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialTo {
    /// All in a conference.
    Conference(Join),
    /// Whoever of these answers first.
    First(Vec<Phone>),
}

/// How a leg enters a conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The conference.
    pub plan: ConferencePlan,
    /// Our id of the leg.
    pub label: String,
    /// As what it enters.
    pub entry: Entry,
}

/// A phone that rings.
#[derive(Clone, PartialEq, Eq)]
pub enum Phone {
    /// A number.
    Number {
        /// The number.
        number: E164,
        /// Where its status goes, and our id of the leg.
        status: Option<Callback>,
    },
    /// A signed-in browser.
    Client {
        /// Its name.
        identity: String,
        /// What it is told beside the ringing.
        hints: Vec<(String, String)>,
        /// Where its status goes, and our id of the leg.
        status: Option<Callback>,
    },
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number { .. } => f.write_str("Number(..)"),
            Self::Client { identity, .. } => write!(f, "Client({identity})"),
        }
    }
}

/// An address for callbacks, and our id that comes back with each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The full public address, without our id.
    pub address: String,
    /// Our id.
    pub label: String,
}

impl Callback {
    fn url(&self) -> String {
        callback(&self.address, "l", &self.label)
    }
}

/// A recording of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialRecording {
    /// Where its status goes, and our id of it.
    pub status: Callback,
}

/// A message to be taken; `Record` records the caller only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeMessage {
    /// Where the next document is fetched once it is taken.
    pub action: String,
    /// The longest it may be, in whole seconds.
    pub longest: Duration,
    /// The silence that ends it, in whole seconds.
    pub silence: Duration,
    /// Where its status goes, and our id of it.
    pub status: Callback,
}

/// Why a call is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectReason {
    /// The caller hears that the number is not in service.
    Rejected,
    /// The caller hears that the line is busy.
    Busy,
}

impl Twiml {
    /// The document with one step.
    #[must_use]
    pub fn of(step: Step) -> Self {
        Self(vec![step])
    }

    /// Adds a step at the end.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// The document as Twilio reads it.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let root = self.0.iter().fold(Element::new("Response"), |root, step| root.with(element(step)));
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{root}")
    }
}

impl Step {
    /// Reads a text aloud in the account's language.
    #[must_use]
    pub fn say(text: &str) -> Self {
        Self::Say(Say {
            text: text.to_owned(),
            language: None,
            voice: None,
        })
    }

    /// Enters a conference.
    #[must_use]
    pub fn join(join: Join) -> Self {
        Self::Dial(Dial {
            to: DialTo::Conference(join),
            action: None,
            caller_id: None,
            ring_for: None,
            record: None,
        })
    }
}

fn element(step: &Step) -> Element {
    match step {
        Step::Say(say) => Element::new("Say")
            .maybe("language", say.language.as_deref())
            .maybe("voice", say.voice.as_deref())
            .text(&say.text),
        Step::Play(url) => Element::new("Play").text(url),
        Step::Keys(keys) => Element::new("Play").set("digits", keys),
        Step::Pause(seconds) => Element::new("Pause").set("length", seconds.to_string()),
        Step::Dial(dial) => dial_element(dial),
        Step::Record(message) => Element::new("Record")
            .set("action", &message.action)
            .set("maxLength", message.longest.as_secs().max(1).to_string())
            .set("playBeep", "true")
            .set("recordingStatusCallback", message.status.url())
            .set("recordingStatusCallbackEvent", RECORDING_EVENTS.join(" "))
            .set("timeout", message.silence.as_secs().max(1).to_string()),
        Step::Redirect(url) => Element::new("Redirect").text(url),
        Step::Reject(RejectReason::Rejected) => Element::new("Reject").set("reason", "rejected"),
        Step::Reject(RejectReason::Busy) => Element::new("Reject").set("reason", "busy"),
        Step::Hangup => Element::new("Hangup"),
    }
}

#[expect(clippy::disallowed_methods, reason = "the callee is shown that number")]
fn dial_element(dial: &Dial) -> Element {
    let ring_for = dial.ring_for.map(|span| span.as_secs().clamp(5, 600).to_string());
    let made = Element::new("Dial")
        .maybe("action", dial.action.as_deref())
        .maybe("callerId", dial.caller_id.as_ref().map(E164::expose))
        .maybe("timeout", ring_for.as_deref());
    let made = match &dial.record {
        Some(recording) => made
            .set("record", "record-from-answer-dual")
            .set("recordingStatusCallback", recording.status.url())
            .set("recordingStatusCallbackEvent", RECORDING_EVENTS.join(" ")),
        None => made,
    };
    match &dial.to {
        DialTo::Conference(join) => made.with(conference_element(join)),
        DialTo::First(phones) => phones.iter().fold(made, |made, phone| made.with(phone_element(phone))),
    }
}

fn conference_element(join: &Join) -> Element {
    let made = Element::new("Conference").set("beep", "false");
    let made = match &join.entry {
        Entry::Speaker { on_exit } => made
            .set("endConferenceOnExit", if *on_exit == OnExit::EndCall { "true" } else { "false" })
            .set("startConferenceOnEnter", "true"),
        Entry::Supervisor { agent } => made
            .set("coach", agent.as_str())
            .set("endConferenceOnExit", "false")
            .set("muted", "true")
            .set("startConferenceOnEnter", "false"),
    };
    made.set("participantLabel", &join.label)
        .set("statusCallback", format!("{}{CALLBACK_OVERRIDES}", join.plan.status_callback))
        .set("statusCallbackEvent", CONFERENCE_EVENTS.join(" "))
        .set("waitUrl", join.plan.waiting.as_deref().unwrap_or_default())
        .text(&join.plan.name)
}

#[expect(clippy::disallowed_methods, reason = "that number is to be dialled")]
fn phone_element(phone: &Phone) -> Element {
    let watched = |made: Element, status: &Option<Callback>| match status {
        Some(status) => made
            .set("statusCallback", status.url())
            .set("statusCallbackEvent", LEG_EVENTS.join(" ")),
        None => made,
    };
    match phone {
        Phone::Number { number, status } => watched(Element::new("Number"), status).text(number.expose()),
        Phone::Client { identity, hints, status } => {
            let made = watched(Element::new("Client"), status).with(Element::new("Identity").text(identity));
            hints.iter().fold(made, |made, (name, value)| {
                made.with(Element::new("Parameter").set("name", name).set("value", value))
            })
        }
    }
}
