//! How a call can stand, each state with its data, what a step asks of whatever carries the audio, and why one is refused.
//! The steps: [`super::call`].

use std::time::Duration;

use super::status::End;
use super::supervision::{Departure, Mode};
use crate::id::UserId;
use crate::time::Timestamp;

/// How long a lost connection may take to come back (a page that is reloaded, a change of network) before the call ends.
pub const GRACE: Duration = Duration::from_secs(15);

/// The connection of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// It stands.
    Here,
    /// It is gone, and may come back within [`GRACE`].
    Lost {
        /// Since when.
        since: Timestamp,
    },
}

/// The agent's microphone, as the server sees to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Microphone {
    /// Heard.
    Open,
    /// Heard by nobody.
    Muted,
}

/// Whether the outside party takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutsideLine {
    /// Hears and is heard.
    Talking,
    /// Neither hears nor is heard.
    OnHold,
}

/// Two people who talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Talk {
    /// The firm's side.
    pub agent: UserId,
    /// Since when.
    pub answered_at: Timestamp,
    /// The agent's microphone.
    pub microphone: Microphone,
    /// Whether the outside party is on hold.
    pub outside: OutsideLine,
    /// The agent's connection.
    pub agent_line: Line,
    /// The outside party's connection.
    pub outside_line: Line,
    /// The agent whom the call is being handed to: it rings there, and the two talk on meanwhile.
    pub transfer_to: Option<UserId>,
}

/// How a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Outbound: asked for; the outside phone does not ring yet.
    Starting {
        /// Who calls.
        agent: UserId,
    },
    /// It rings: outbound at the outside party, inbound at this agent.
    Ringing {
        /// Who calls, or whom it rings at.
        agent: UserId,
    },
    /// Inbound: the caller speaks to the machine.
    Voicemail {
        /// Since when.
        since: Timestamp,
    },
    /// Somebody took it.
    Answered(Talk),
    /// Over.
    Ended(End),
}

/// What a step asks of whatever carries the audio, to be done in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Let it ring at an agent.
    Ring {
        /// Whom.
        agent: UserId,
    },
    /// Stop ringing there.
    StopRinging {
        /// Whom.
        agent: UserId,
    },
    /// This agent is a party from now on.
    Seat {
        /// Who.
        agent: UserId,
    },
    /// This agent is no party any more: take their leg off.
    Unseat {
        /// Who.
        agent: UserId,
    },
    /// Take what the caller says to the machine.
    RecordVoicemail,
    /// Set the agent's microphone.
    SetMicrophone {
        /// Whose.
        agent: UserId,
        /// How.
        microphone: Microphone,
    },
    /// Put the outside party on hold, or take them back.
    SetOutside(OutsideLine),
    /// Let a supervisor in, or set what they do; the leg is silent until this is done.
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
    /// Take everybody off and end the carrier's leg.
    HangUp,
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The call is over.
    #[error("the call has ended")]
    Ended,
    /// Nobody has taken it yet.
    #[error("the call is not in progress")]
    NotTalking,
    /// It does not ring (at that agent).
    #[error("the call does not ring there")]
    NotRinging,
    /// Only the agent on the call may.
    #[error("another agent is on this call")]
    NotYours,
    /// It cannot be handed to who has it.
    #[error("the call is theirs already")]
    AlreadyTheirs,
    /// It is being handed over already.
    #[error("the call is being transferred")]
    TransferPending,
    /// It is not being handed to them.
    #[error("the call is not being transferred to them")]
    NoTransfer,
}

impl Talk {
    pub(super) const fn begun(agent: UserId, answered_at: Timestamp) -> Self {
        Self {
            agent,
            answered_at,
            microphone: Microphone::Open,
            outside: OutsideLine::Talking,
            agent_line: Line::Here,
            outside_line: Line::Here,
            transfer_to: None,
        }
    }
}

impl Line {
    pub(super) const fn lose(&mut self, at: Timestamp) {
        if let Self::Here = self {
            *self = Self::Lost { since: at };
        }
    }

    pub(super) fn lapsed(self, now: Timestamp) -> bool {
        match self {
            Self::Here => false,
            Self::Lost { since } => now.since(since) >= GRACE,
        }
    }
}
