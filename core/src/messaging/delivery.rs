//! How far an outbound text has come, part by part, and what a carrier's callback may change. Callbacks come late, twice and
//! out of order, so states have ranks and only move forward. What a carrier's words and error codes mean is for its adapter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The state of one part, or of the message that the parts make ([`message_state`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeliveryState {
    /// Waits for us.
    Queued,
    /// On its way to the carrier. After a crash in this state the outcome is unknown.
    HandingOver,
    /// Whether the carrier took it is not known. Never resent unasked.
    Unknown,
    /// The carrier took it.
    Accepted,
    /// The carrier is sending it.
    Sending,
    /// It left the carrier.
    Sent,
    /// It reached the phone.
    Delivered,
    /// Somebody opened it.
    Read,
    /// The network did not deliver it.
    Undelivered,
    /// The carrier could not send it.
    Failed,
    /// The carrier did not take it. Nothing was sent.
    Refused,
    /// Withdrawn before it was sent.
    Canceled,
}

/// The text names no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a delivery state")]
pub struct UnknownDeliveryState;

impl DeliveryState {
    /// Every state there is.
    pub const ALL: [Self; 12] = [
        Self::Queued,
        Self::HandingOver,
        Self::Unknown,
        Self::Accepted,
        Self::Sending,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Undelivered,
        Self::Failed,
        Self::Refused,
        Self::Canceled,
    ];

    /// How far along the state is. Ends of equal rank exclude each other: the first to come stays.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Queued => 0,
            Self::HandingOver => 1,
            Self::Unknown => 2,
            Self::Accepted => 3,
            Self::Sending => 4,
            Self::Sent => 5,
            Self::Delivered | Self::Undelivered | Self::Failed | Self::Refused | Self::Canceled => 6,
            Self::Read => 7,
        }
    }

    /// The state after news of `to`; none if the news is late, a duplicate or impossible, and nothing changes.
    ///
    /// Forward only. `Read` corrects whatever the carrier reported before, for who reads a text has it; `Refused` and
    /// `Canceled` are final, and come only while nothing has been sent.
    #[must_use]
    pub const fn advance(self, to: Self) -> Option<Self> {
        let possible = match to {
            Self::Refused => self.rank() < Self::Accepted.rank(),
            Self::Canceled => self.rank() < Self::Sending.rank(),
            Self::Queued
            | Self::HandingOver
            | Self::Unknown
            | Self::Accepted
            | Self::Sending
            | Self::Sent
            | Self::Delivered
            | Self::Read
            | Self::Undelivered
            | Self::Failed => !matches!(self, Self::Refused | Self::Canceled),
        };
        if possible && to.rank() > self.rank() { Some(to) } else { None }
    }

    /// The state after a hand-over came to its end; none if nothing changes, as when a callback was quicker.
    #[must_use]
    pub const fn after(self, outcome: &HandOver) -> Option<Self> {
        match outcome {
            HandOver::Accepted { .. } => self.advance(Self::Accepted),
            HandOver::Unknown => self.advance(Self::Unknown),
            HandOver::Refused {
                refusal: Refusal::Final, ..
            } => self.advance(Self::Refused),
            // The one step back there is: the carrier was asked and took nothing, so the part waits again.
            HandOver::Refused {
                refusal: Refusal::Passing, ..
            } => match self {
                Self::HandingOver | Self::Unknown => Some(Self::Queued),
                Self::Queued
                | Self::Accepted
                | Self::Sending
                | Self::Sent
                | Self::Delivered
                | Self::Read
                | Self::Undelivered
                | Self::Failed
                | Self::Refused
                | Self::Canceled => None,
            },
        }
    }

    /// Whether the part is lost, so that the parts after it are held back until somebody retries from here.
    #[must_use]
    pub const fn stops_the_rest(self) -> bool {
        matches!(self, Self::Undelivered | Self::Failed | Self::Refused | Self::Canceled)
    }

    /// Whether the next part may be handed over: this one was accepted and has been sent.
    #[must_use]
    pub const fn lets_the_next_go(self) -> bool {
        matches!(self, Self::Sent | Self::Delivered | Self::Read)
    }

    /// The name that the database and the wire know.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::HandingOver => "handing_over",
            Self::Unknown => "unknown",
            Self::Accepted => "accepted",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Canceled => "canceled",
        }
    }
}

impl FromStr for DeliveryState {
    type Err = UnknownDeliveryState;

    fn from_str(name: &str) -> Result<Self, UnknownDeliveryState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or(UnknownDeliveryState)
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How handing a part to the carrier ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandOver {
    /// The carrier has it, under its own id.
    Accepted {
        /// The carrier's id of the text (Twilio's `MessageSid`).
        provider_id: Box<str>,
    },
    /// The carrier said no; nothing was created there.
    Refused {
        /// The carrier's error code, if it gave one. Its wording is left out: it can repeat the number.
        code: Option<u32>,
        /// Whether to ask again.
        refusal: Refusal,
    },
    /// No answer, or one that leaves it open (a timeout, a broken connection, a 5xx). It may have been sent.
    Unknown,
}

/// Whether a refused hand-over may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The same again would be refused again.
    Final,
    /// The carrier was busy (429): the same again, later, may pass.
    Passing,
}

/// The state of the one message that the parts make, in their order.
///
/// The first lost part speaks for all, then an open hand-over; else the message is where its last part is, and while parts
/// are on their way it is at most `Sending`. It is derived, never advanced: from `Sending` it can turn `Unknown` when the hand-over
/// of a later part stays open. Without parts it is `Queued`.
#[must_use]
pub fn message_state(parts: &[DeliveryState]) -> DeliveryState {
    if let Some(lost) = parts.iter().find(|part| part.stops_the_rest()) {
        return *lost;
    }
    if parts.contains(&DeliveryState::Unknown) {
        return DeliveryState::Unknown;
    }
    let rank = |part: &DeliveryState| part.rank();
    let (Some(least), Some(most)) = (parts.iter().copied().min_by_key(rank), parts.iter().copied().max_by_key(rank)) else {
        return DeliveryState::Queued;
    };
    if least.rank() >= DeliveryState::Sent.rank() {
        least
    } else if most.rank() > DeliveryState::Sending.rank() {
        DeliveryState::Sending
    } else {
        most
    }
}
