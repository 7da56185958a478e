//! The words for a call: how it stands, what the carrier says of it, and how it ended. Refuses to guess from an unknown word.
//! Source of the carrier's words: Twilio's reference of the Call resource, "Call status values".

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::state::Effect;
use crate::time::Timestamp;

/// A word that names nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a word for a call")]
pub struct UnknownWord;

/// How a call stands, as the database and the wire say it; what has ended says how (the words of the carrier).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CallStatus {
    /// Asked for; the outside phone does not ring yet.
    Queued,
    /// It rings, at the outside party or at the agent.
    Ringing,
    /// The two talk, or one of them is on hold.
    InProgress,
    /// The caller speaks to the machine.
    Recording,
    /// They talked, and it is over.
    Completed,
    /// The caller left a voicemail.
    Voicemail,
    /// Nobody took it.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// Given up before anybody took it.
    Canceled,
    /// It could not be put through, or broke off before anybody took it.
    Failed,
}

impl CallStatus {
    /// Every status.
    pub const ALL: [Self; 10] = [
        Self::Queued,
        Self::Ringing,
        Self::InProgress,
        Self::Recording,
        Self::Completed,
        Self::Voicemail,
        Self::NoAnswer,
        Self::Busy,
        Self::Canceled,
        Self::Failed,
    ];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Recording => "recording",
            Self::Completed => "completed",
            Self::Voicemail => "voicemail",
            Self::NoAnswer => "no-answer",
            Self::Busy => "busy",
            Self::Canceled => "canceled",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing follows.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Ringing | Self::InProgress | Self::Recording => false,
            Self::Completed | Self::Voicemail | Self::NoAnswer | Self::Busy | Self::Canceled | Self::Failed => true,
        }
    }

    /// How far a call has come; a call never goes to a lower step.
    #[must_use]
    pub const fn step(self) -> u8 {
        match self {
            Self::Queued => 0,
            Self::Ringing => 1,
            Self::InProgress | Self::Recording => 2,
            Self::Completed | Self::Voicemail | Self::NoAnswer | Self::Busy | Self::Canceled | Self::Failed => 3,
        }
    }
}

impl std::str::FromStr for CallStatus {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|status| status.as_str() == word).ok_or(UnknownWord)
    }
}

/// What the carrier says of its leg to the outside party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarrierStatus {
    /// Accepted, in a queue.
    Queued,
    /// It has begun to dial.
    Initiated,
    /// The phone rings.
    Ringing,
    /// Somebody took it.
    InProgress,
    /// It was taken, and is over.
    Completed {
        /// How long they talked, where the carrier says so.
        talked: Option<Duration>,
    },
    /// The line was busy.
    Busy,
    /// Nobody took it.
    NoAnswer,
    /// It could not be put through.
    Failed,
    /// Given up before anybody took it.
    Canceled,
}

impl CarrierStatus {
    /// What a word of the carrier's means; `talked` belongs to `completed`.
    ///
    /// # Errors
    /// [`UnknownWord`].
    pub fn of_word(word: &str, talked: Option<Duration>) -> Result<Self, UnknownWord> {
        match word {
            "queued" => Ok(Self::Queued),
            "initiated" => Ok(Self::Initiated),
            "ringing" => Ok(Self::Ringing),
            // `answered` is what the status callback's event and a Dial action call it.
            "in-progress" | "answered" => Ok(Self::InProgress),
            "completed" => Ok(Self::Completed { talked }),
            "busy" => Ok(Self::Busy),
            "no-answer" => Ok(Self::NoAnswer),
            "failed" => Ok(Self::Failed),
            "canceled" => Ok(Self::Canceled),
            _ => Err(UnknownWord),
        }
    }
}

/// What came of something the carrier said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The call went forward; this is to be done.
    Moved(Vec<Effect>),
    /// Known already, or overtaken: nothing changed.
    Stale,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// They talked.
    Completed,
    /// The caller left a voicemail.
    Voicemail,
    /// Nobody took it.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// Given up before anybody took it.
    Canceled,
    /// It could not be put through.
    Failed,
}

impl Outcome {
    /// The status that stays in the history.
    #[must_use]
    pub const fn status(self) -> CallStatus {
        match self {
            Self::Completed => CallStatus::Completed,
            Self::Voicemail => CallStatus::Voicemail,
            Self::NoAnswer => CallStatus::NoAnswer,
            Self::Busy => CallStatus::Busy,
            Self::Canceled => CallStatus::Canceled,
            Self::Failed => CallStatus::Failed,
        }
    }
}

/// Why a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EndReason {
    /// The agent hung up or gave up.
    AgentHungUp,
    /// The outside party hung up, did not take it, or was busy.
    OutsideHungUp,
    /// The carrier could not put it through.
    CarrierFailed,
    /// The agent's connection was lost and did not come back in time.
    AgentLost,
    /// The outside party's connection was lost and did not come back in time.
    OutsideLost,
    /// The agent lost the right to be on it.
    AgentRevoked,
    /// It rang at nobody, and there was no machine to take it.
    NobodyThere,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::AgentHungUp,
        Self::OutsideHungUp,
        Self::CarrierFailed,
        Self::AgentLost,
        Self::OutsideLost,
        Self::AgentRevoked,
        Self::NobodyThere,
    ];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AgentHungUp => "agent_hung_up",
            Self::OutsideHungUp => "outside_hung_up",
            Self::CarrierFailed => "carrier_failed",
            Self::AgentLost => "agent_lost",
            Self::OutsideLost => "outside_lost",
            Self::AgentRevoked => "agent_revoked",
            Self::NobodyThere => "nobody_there",
        }
    }
}

impl std::str::FromStr for EndReason {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word).ok_or(UnknownWord)
    }
}

/// The end of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// How.
    pub outcome: Outcome,
    /// Why.
    pub reason: EndReason,
    /// When somebody took it, if somebody did.
    pub answered_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Timestamp,
}

impl End {
    /// How long they talked.
    #[must_use]
    pub fn talked(&self) -> Duration {
        self.answered_at
            .map_or(Duration::ZERO, |answered_at| self.ended_at.since(answered_at))
    }
}
