//! What a line is told, and what it says it heard. An order says how something shall be, so that giving one again is harmless.

use casewire_core::calls::state::{Microphone, OutsideLine};
use casewire_core::calls::{CarrierStatus, Departure, Effect, Mode};
use casewire_core::id::{RecordingId, UserId};
use casewire_core::phone::E164;
use casewire_core::settings::calls::Announcement;

/// What is to be done, in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOrder {
    /// Let it ring at an agent. Their browser shows it by the event; a carrier may ring it besides.
    Ring {
        /// Whom.
        agent: UserId,
    },
    /// Stop ringing there.
    StopRinging {
        /// Whom.
        agent: UserId,
    },
    /// This agent is a party from now on; their leg is there, or comes by an offer.
    Seat {
        /// Who.
        agent: UserId,
    },
    /// This agent is no party any more: take their leg off.
    Unseat {
        /// Who.
        agent: UserId,
    },
    /// Call the outside party; what comes of it is heard.
    RingOutside {
        /// Their number.
        to: E164,
        /// The firm's number, which is shown.
        from: E164,
    },
    /// Let the outside party hear that they can speak after the tone, and record them.
    TakeVoicemail {
        /// As which recording.
        recording: RecordingId,
    },
    /// Let both sides hear that the call is recorded.
    Announce {
        /// How.
        announcement: Announcement,
    },
    /// Record from now on, after what is announced: the agent left, everybody whom the outside party hears right.
    StartRecording {
        /// As which recording.
        recording: RecordingId,
    },
    /// Leave out of the recording what is said from now on.
    PauseRecording,
    /// Go on recording.
    ResumeRecording,
    /// Set the agent's microphone.
    SetMicrophone {
        /// Whose.
        agent: UserId,
        /// How.
        microphone: Microphone,
    },
    /// Put the outside party on hold, or take them back.
    SetOutside(OutsideLine),
    /// Press keys for the outside party to hear.
    Press {
        /// `0` to `9`, `*` and `#`.
        digits: String,
    },
    /// Let a supervisor in, or set what they do. Their leg comes by an offer, and is silent until it is set.
    Supervise {
        /// Who.
        supervisor: UserId,
        /// How.
        mode: Mode,
    },
    /// Take a supervisor's leg off.
    Dismiss {
        /// Who.
        supervisor: UserId,
        /// Why.
        why: Departure,
    },
    /// Take everybody off, end the outside party's leg and what is being recorded.
    HangUp,
}

impl LineOrder {
    /// The order that an effect is; none for [`Effect::RecordVoicemail`], which needs a recording: see [`LineOrder::TakeVoicemail`].
    #[must_use]
    pub const fn of_effect(effect: Effect) -> Option<Self> {
        Some(match effect {
            Effect::Ring { agent } => Self::Ring { agent },
            Effect::StopRinging { agent } => Self::StopRinging { agent },
            Effect::Seat { agent } => Self::Seat { agent },
            Effect::Unseat { agent } => Self::Unseat { agent },
            Effect::SetMicrophone { agent, microphone } => Self::SetMicrophone { agent, microphone },
            Effect::SetOutside(line) => Self::SetOutside(line),
            Effect::Supervise { supervisor, mode } => Self::Supervise { supervisor, mode },
            Effect::Dismiss { supervisor, why } => Self::Dismiss { supervisor, why },
            Effect::HangUp => Self::HangUp,
            Effect::RecordVoicemail => return None,
        })
    }
}

/// What a line hears. It may be said late, twice or out of order: a call only goes forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineEvent {
    /// What the carrier calls this call, for its callbacks.
    Named {
        /// Its own id.
        provider_id: String,
    },
    /// The agent's audio is there, or there again.
    AgentConnected {
        /// Who.
        user: UserId,
    },
    /// The agent's audio is lost.
    AgentLost {
        /// Who.
        user: UserId,
    },
    /// The outside phone rings.
    OutsideRinging,
    /// Somebody took it there.
    OutsideAnswered,
    /// The outside party's leg has ended, or never came to be.
    OutsideEnded(CarrierStatus),
    /// The outside party's audio is lost.
    OutsideLost,
    /// It is there again.
    OutsideBack,
    /// A supervisor's audio is lost: they are off the call.
    SupervisorLost {
        /// Who.
        user: UserId,
    },
    /// A recording or a voicemail can be heard.
    RecordingReady {
        /// Which.
        recording: RecordingId,
        /// Its name on the shelf.
        file: String,
        /// Its length, in milliseconds.
        duration_ms: u64,
        /// Its size.
        bytes: u64,
    },
    /// It could not be made.
    RecordingFailed {
        /// Which.
        recording: RecordingId,
    },
    /// The carrier of the call is gone, or cannot go on.
    LineLost,
}
