//! The intents that the hub has towards whoever carries calls: legs in a conference, who of them is muted, held or only heard by
//! one, recordings; and the outcomes it must be ready for. Ids and labels are opaque; no carrier's field names, no users, no
//! cases. The texts' side of the same is [`crate::carrier`].

use std::fmt;
use std::time::Duration;

use casewire_core::calls::Mode;
use casewire_core::phone::E164;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

pub use self::view::{
    AudioStream, CallQuery, CarrierConference, CarrierLeg, CarrierRecording, ConferenceState, RecordingAudio, RecordingState, SeatedLeg,
};
use crate::carrier::{CarrierError, Doubt, Page, Retry};

mod view;

/// Carries calls. Held as `Arc<dyn VoiceCarrier>`. Nothing is ever repeated in here. Where an outcome is unknown, a leg may exist:
/// its status callback brings its label, or [`VoiceCarrier::calls`] and [`VoiceCarrier::seated`] find it. All other orders say how
/// something shall *be*, so giving one again is harmless.
pub trait VoiceCarrier: Send + Sync + 'static {
    /// The carrier's name, for logs and for people.
    fn name(&self) -> &'static str;

    /// Starts a call: rings the agent, and if that was accepted, the outside party, into one conference.
    fn start(&self, call: NewCall) -> BoxFuture<'_, Started>;

    /// Rings one more leg into a conference, which comes to be with its first leg.
    fn add_leg(&self, conference: ConferencePlan, leg: NewLeg) -> BoxFuture<'_, CallOutcome<Seat>>;

    /// Hands a call on: `from` may leave without ending it from now on, and `to` is rung. `from` is taken off by
    /// [`VoiceCarrier::hang_up`] once `to` has answered, and supervisors are to be set to the new agent.
    fn transfer<'a>(&'a self, from: &'a Seat, conference: ConferencePlan, to: NewLeg) -> BoxFuture<'a, CallOutcome<Seat>>;

    /// Sets what a supervisor's leg does. On the way from barge to whisper it is muted first; where that fails, nothing else is
    /// done and the outcome says so, which is an alarm: the supervisor may still be heard.
    fn set_supervision<'a>(&'a self, supervisor: &'a Seat, switch: Switch) -> BoxFuture<'a, CallOutcome<()>>;

    /// Mutes a leg, or opens it again. The carrier does it, not the leg's own device.
    fn set_microphone<'a>(&'a self, leg: &'a Seat, microphone: Microphone) -> BoxFuture<'a, CallOutcome<()>>;

    /// Puts a leg on hold, or takes it back.
    fn set_line<'a>(&'a self, leg: &'a Seat, line: Line) -> BoxFuture<'a, CallOutcome<()>>;

    /// Lets a leg go on with what stands at an address, whatever it does now. Only while it is connected.
    fn send_on<'a>(&'a self, leg: &'a LegId, address: &'a str) -> BoxFuture<'a, CallOutcome<()>>;

    /// Plays what stands at an address to one leg, or to all.
    fn announce<'a>(&'a self, conference: &'a ConferenceId, audience: Audience, address: &'a str) -> BoxFuture<'a, CallOutcome<()>>;

    /// Starts to record a leg in two channels: what it says, and what it hears. Never to be an agent's leg, which hears the
    /// whispering too.
    fn record<'a>(&'a self, leg: &'a LegId, recording: NewRecording) -> BoxFuture<'a, CallOutcome<RecordingId>>;

    /// Pauses, resumes or stops a recording of a leg.
    fn steer_recording<'a>(&'a self, leg: &'a LegId, recording: &'a RecordingId, order: RecordingOrder) -> BoxFuture<'a, CallOutcome<()>>;

    /// Ends a leg, whether it rings or talks.
    fn hang_up<'a>(&'a self, leg: &'a LegId) -> BoxFuture<'a, CallOutcome<()>>;

    /// Ends a conference and all legs in it. Legs that still ring are to be hung up one by one.
    fn end<'a>(&'a self, conference: &'a ConferenceId) -> BoxFuture<'a, CallOutcome<()>>;

    /// What the carrier knows of one leg.
    fn leg<'a>(&'a self, leg: &'a LegId) -> BoxFuture<'a, Result<CarrierLeg, CarrierError>>;

    /// The legs that the carrier has, newest first, a page at a time.
    fn calls(&self, query: CallQuery) -> BoxFuture<'_, Result<Page<CarrierLeg>, CarrierError>>;

    /// The newest conference of that name.
    fn conference<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<CarrierConference>, CarrierError>>;

    /// The legs in a conference, those that still ring included; who has left is not among them.
    fn seated<'a>(&'a self, conference: &'a ConferenceId) -> BoxFuture<'a, Result<Vec<SeatedLeg>, CarrierError>>;

    /// The recordings of a leg, newest first.
    fn recordings<'a>(&'a self, leg: &'a LegId) -> BoxFuture<'a, Result<Vec<CarrierRecording>, CarrierError>>;

    /// The sound of a recording.
    fn fetch_recording<'a>(&'a self, recording: &'a RecordingId) -> BoxFuture<'a, Result<RecordingAudio, CarrierError>>;

    /// Deletes a recording at the carrier; that it is not there any more is no error.
    fn delete_recording<'a>(&'a self, recording: &'a RecordingId) -> BoxFuture<'a, Result<(), CarrierError>>;
}

macro_rules! carrier_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// The id in the carrier's spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

carrier_id!(
    /// The carrier's own id of a leg: the connection to one phone or browser.
    LegId
);
carrier_id!(
    /// The carrier's own id of a conference.
    ConferenceId
);
carrier_id!(
    /// The carrier's own id of a recording.
    RecordingId
);

/// A leg and the conference that it is in or rings into.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seat {
    /// The conference.
    pub conference: ConferenceId,
    /// The leg.
    pub leg: LegId,
}

/// A conference as we want it. Given with each leg, for carriers take it from whoever joins first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConferencePlan {
    /// Our name of it; nobody's number or name.
    pub name: String,
    /// The full public address for the conference's events.
    pub status_callback: String,
    /// What a leg hears that is alone; silence where there is none.
    pub waiting: Option<String>,
}

/// A call to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall {
    /// Where both meet.
    pub conference: ConferencePlan,
    /// The agent's leg.
    pub agent: NewLeg,
    /// The outside party's leg.
    pub outside: NewLeg,
}

/// How the start of a call ended, leg by leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The agent's leg.
    pub agent: CallOutcome<Seat>,
    /// The outside party's leg; none where the agent's was not accepted, for then nobody is rung.
    pub outside: Option<CallOutcome<Seat>>,
}

/// A leg to be rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLeg {
    /// Our id of it. Comes back in its callbacks and in lists, so that an unknown outcome can be settled.
    pub label: String,
    /// Whom to ring.
    pub to: Callee,
    /// The firm's number, which is shown as the caller.
    pub from: E164,
    /// As what it enters.
    pub entry: Entry,
    /// For how long to ring.
    pub ring_for: Duration,
    /// The full public address for the leg's status, without our id.
    pub status_callback: String,
}

/// Whom to ring.
#[derive(Clone, PartialEq, Eq)]
pub enum Callee {
    /// A phone.
    Number(E164),
    /// A signed-in browser.
    Client {
        /// Its name: letters, digits, `_`.
        identity: String,
        /// What the browser is told beside the ringing, name and value; it believes the server, not these.
        hints: Vec<(String, String)>,
    },
}

impl fmt::Debug for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(_) => f.write_str("Number(..)"),
            Self::Client { identity, .. } => write!(f, "Client({identity})"),
        }
    }
}

/// As what a leg enters a conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Heard by all.
    Speaker {
        /// What follows when it leaves.
        on_exit: OnExit,
    },
    /// Muted, and set to be heard by the agent only: there is no moment in which others could hear it. Neither starts a call nor
    /// ends it.
    Supervisor {
        /// The agent's leg.
        agent: LegId,
    },
}

/// What follows when a leg leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnExit {
    /// The others stay.
    Stay,
    /// The call ends for all.
    EndCall,
}

/// A switch of supervision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// What the supervisor does until now.
    pub from: Mode,
    /// What they shall do.
    pub to: Mode,
    /// The leg of the agent whom they supervise.
    pub agent: LegId,
}

/// Whether a leg is heard at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Microphone {
    /// It is.
    Open,
    /// It is not.
    Muted,
}

/// Whether a leg is with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// It hears them.
    Open,
    /// It neither hears them nor is heard.
    Held {
        /// What it hears instead; the carrier's own music where there is none.
        music: Option<String>,
    },
}

/// Who hears an announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// All in the conference.
    Everyone,
    /// One leg.
    Leg(LegId),
}

/// A recording to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecording {
    /// Our id of it; comes back in its callbacks.
    pub label: String,
    /// The full public address for its status, without our id.
    pub status_callback: String,
}

/// What shall become of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingOrder {
    /// What is said now is not kept; silence stands for it, so that the times stay right.
    Pause,
    /// Go on.
    Resume,
    /// It is complete.
    Stop,
}

/// How an order to a carrier ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOutcome<T> {
    /// The carrier does it.
    Accepted(T),
    /// The carrier said no: nothing was done.
    Refused(CallRefusal),
    /// Nothing reached the carrier: nothing was done.
    NotSent,
    /// Nobody knows.
    Unknown(Doubt),
}

impl<T> CallOutcome<T> {
    /// What was accepted.
    #[must_use]
    pub fn accepted(self) -> Option<T> {
        match self {
            Self::Accepted(accepted) => Some(accepted),
            Self::Refused(_) | Self::NotSent | Self::Unknown(_) => None,
        }
    }

    /// The same outcome about something else, or what was accepted.
    ///
    /// # Errors
    /// The outcome, where it is not accepted.
    pub fn or_stop<U>(self) -> Result<T, CallOutcome<U>> {
        match self {
            Self::Accepted(accepted) => Ok(accepted),
            Self::Refused(refusal) => Err(CallOutcome::Refused(refusal)),
            Self::NotSent => Err(CallOutcome::NotSent),
            Self::Unknown(doubt) => Err(CallOutcome::Unknown(doubt)),
        }
    }
}

/// A refusal and what may follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallRefusal {
    /// The carrier's own code, where it gave one.
    pub code: Option<u32>,
    /// What it means.
    pub reason: CallRefusedReason,
    /// Whether trying the same again can help.
    pub retry: Retry,
}

/// What a refusal means to the person who called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallRefusedReason {
    /// The number to call does not exist.
    InvalidNumber,
    /// The number to call from is not the account's.
    CallerNotCapable,
    /// The account may not call that number or country.
    NotAllowed,
    /// The leg, conference or recording is not there, or not any more.
    Gone,
    /// It is there, but in a state in which this cannot be done.
    WrongState,
    /// The supervised agent is not in the conference.
    AgentNotThere,
    /// A leg of that label is in the conference: an earlier try was accepted.
    LabelTaken,
    /// Too many calls or legs at a time.
    Full,
    /// The carrier does not take our credentials, or has suspended the account.
    Unauthorized,
    /// Too many requests; this one was never processed.
    RateLimited,
    /// Something else; the code says what.
    Other,
}
