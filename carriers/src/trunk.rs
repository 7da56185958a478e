//! The trunk: how a server that carries its calls itself reaches the outside party's phone, and how that phone reaches the server.
//! Two addresses, one at each end, to which signed JSON is posted; audio goes from the phone to the engine without it. The far end is
//! the sandbox, whose handsets are phones in a browser. Knows of no case and no audio; who signs what: [`signature`].

pub mod client;
pub mod signature;

use std::fmt;

use casewire_core::id::CallId;
use casewire_core::phone::{Address, E164};
use serde::{Deserialize, Serialize};

pub use self::client::{Trunk, TrunkFailure};
pub use self::signature::{Replays, SIGNATURE, TrunkRefusal, TrunkRequest, Verified, verify};

/// Where the server takes [`TrunkEvent`]s.
pub const EVENTS: &str = "/webhooks/trunk";
/// Where the far end takes [`TrunkOrder`]s.
pub const ORDERS: &str = "/trunk";
/// The longest session description that is taken.
pub const LONGEST_SDP: usize = 64 * 1024;

/// What the server asks of the far end. Each may be asked twice; the second time changes nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
pub enum TrunkOrder {
    /// Let a phone ring.
    Ring {
        /// The call, which all that follows names.
        call: CallId,
        /// The phone's number.
        to: String,
        /// The firm's number, which the phone shows.
        from: String,
    },
    /// Somebody took the phone's call: what it hears from now on is no ringing tone.
    Connected {
        /// The call.
        call: CallId,
    },
    /// The call is over, or given up before anybody took it.
    HangUp {
        /// The call.
        call: CallId,
    },
}

/// What the far end tells the server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum TrunkEvent {
    /// A phone calls the firm, with an offer of its audio. The answer is an [`Accepted`].
    Incoming {
        /// The caller, as the network names it.
        from: String,
        /// The firm's number.
        to: String,
        /// The phone's session description.
        sdp: String,
    },
    /// The phone rings.
    Ringing {
        /// The call.
        call: CallId,
    },
    /// Somebody took the call at the phone, or is back on it after the connection was lost. The answer is an [`Accepted`].
    Answered {
        /// The call.
        call: CallId,
        /// The phone's session description.
        sdp: String,
    },
    /// Nobody wants to take it there.
    Declined {
        /// The call.
        call: CallId,
    },
    /// The phone is on another call.
    Busy {
        /// The call.
        call: CallId,
    },
    /// Nobody took it in time.
    NoAnswer {
        /// The call.
        call: CallId,
    },
    /// The phone hung up.
    HungUp {
        /// The call.
        call: CallId,
    },
}

/// The server's side of a phone's audio.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The call.
    pub call: CallId,
    /// The server's session description.
    pub sdp: String,
}

impl TrunkEvent {
    /// The call, where there is one already.
    #[must_use]
    pub const fn call(&self) -> Option<CallId> {
        match self {
            Self::Incoming { .. } => None,
            Self::Ringing { call }
            | Self::Answered { call, .. }
            | Self::Declined { call }
            | Self::Busy { call }
            | Self::NoAnswer { call }
            | Self::HungUp { call } => Some(*call),
        }
    }

    /// The word for what happened.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Incoming { .. } => "incoming",
            Self::Ringing { .. } => "ringing",
            Self::Answered { .. } => "answered",
            Self::Declined { .. } => "declined",
            Self::Busy { .. } => "busy",
            Self::NoAnswer { .. } => "no_answer",
            Self::HungUp { .. } => "hung_up",
        }
    }
}

impl TrunkOrder {
    /// To let a phone ring.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the phone is reached by its number, and shows the firm's")]
    pub fn ring(call: CallId, to: &E164, from: &E164) -> Self {
        Self::Ring {
            call,
            to: to.expose().to_owned(),
            from: from.expose().to_owned(),
        }
    }
}

/// Who calls whom, read from an [`TrunkEvent::Incoming`]; none where the number called is none.
#[must_use]
pub fn parties(from: &str, to: &str) -> Option<(Address, E164)> {
    Some((Address::read(from), E164::parse(to).ok()?))
}

impl fmt::Debug for TrunkEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrunkEvent({} {:?})", self.word(), self.call())
    }
}

impl fmt::Debug for TrunkOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, call) = match self {
            Self::Ring { call, .. } => ("ring", call),
            Self::Connected { call } => ("connected", call),
            Self::HangUp { call } => ("hang_up", call),
        };
        write!(f, "TrunkOrder({word} {call})")
    }
}

impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Accepted({})", self.call)
    }
}
