//! Who owns an inbound text, and which steps are allowed from where: claim, release, move, dismiss. Refuses a step that would
//! give a text two owners or none at all. The database makes the same check once more, in the row it updates.

use serde::{Deserialize, Serialize};

use crate::id::{CaseId, UserId};
use crate::time::Timestamp;

/// How an inbound text stands. The data of each state makes the impossible ones unspeakable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Offered to these cases, owned by none.
    Unclaimed {
        /// The cases it is offered to.
        candidates: Vec<CaseId>,
    },
    /// In one case by the routing rule.
    Routed {
        /// The case.
        case_id: CaseId,
    },
    /// In one case because somebody claimed it.
    Claimed {
        /// The case.
        case_id: CaseId,
        /// Who, and when.
        claim: Claim,
        /// The cases it was offered to, so that a release can offer it again.
        candidates: Vec<CaseId>,
    },
    /// In one case because somebody moved it there.
    Moved {
        /// The case.
        case_id: CaseId,
    },
    /// In the conversation of a lead or of a contact without a case.
    Personal,
    /// In "Unknown sender".
    Unknown,
}

/// Who claimed, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The winner.
    pub by: UserId,
    /// The moment.
    pub at: Timestamp,
}

/// The word for a [`Standing`] in the database and on the wire; `sent` is an outbound text, which nobody can claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StandingKind {
    /// Offered to several cases.
    Unclaimed,
    /// In one case by rule.
    Routed,
    /// In one case by claim.
    Claimed,
    /// In one case by move.
    Moved,
    /// With a lead or a contact.
    Personal,
    /// In "Unknown sender".
    Unknown,
    /// Outbound.
    Sent,
}

impl StandingKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Unclaimed,
        Self::Routed,
        Self::Claimed,
        Self::Moved,
        Self::Personal,
        Self::Unknown,
        Self::Sent,
    ];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unclaimed => "unclaimed",
            Self::Routed => "routed",
            Self::Claimed => "claimed",
            Self::Moved => "moved",
            Self::Personal => "personal",
            Self::Unknown => "unknown",
            Self::Sent => "sent",
        }
    }
}

/// A word that names no standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a standing")]
pub struct UnknownWord;

impl std::str::FromStr for StandingKind {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(UnknownWord)
    }
}

/// Why a text cannot be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// Somebody was faster.
    #[error("already claimed")]
    AlreadyClaimed {
        /// The winner.
        by: UserId,
        /// When they won.
        at: Timestamp,
    },
    /// It was never offered to that case.
    #[error("not offered to this case")]
    NotACandidate,
    /// It is not unclaimed: a rule or a move put it where it is, or it has no case at all.
    #[error("not unclaimed")]
    NotUnclaimed,
}

/// Why a claim cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// Nobody claimed it, or it was moved since.
    #[error("not claimed")]
    NotClaimed,
}

/// Why a text cannot be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// It is in that case already.
    #[error("already in this case")]
    AlreadyThere,
    /// It is unclaimed: claim it first.
    #[error("unclaimed texts are claimed, not moved")]
    Unclaimed,
}

/// Why a text cannot be dismissed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DismissError {
    /// It belongs to a case or a person: there is nothing to dismiss.
    #[error("only unclaimed texts and unknown senders can be dismissed")]
    HasAnOwner,
    /// It was never offered to that case.
    #[error("not offered to this case")]
    NotACandidate,
}

impl Standing {
    /// The case that owns the text, if one does.
    #[must_use]
    pub const fn owner(&self) -> Option<CaseId> {
        match self {
            Self::Routed { case_id } | Self::Claimed { case_id, .. } | Self::Moved { case_id } => Some(*case_id),
            Self::Unclaimed { .. } | Self::Personal | Self::Unknown => None,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn kind(&self) -> StandingKind {
        match self {
            Self::Unclaimed { .. } => StandingKind::Unclaimed,
            Self::Routed { .. } => StandingKind::Routed,
            Self::Claimed { .. } => StandingKind::Claimed,
            Self::Moved { .. } => StandingKind::Moved,
            Self::Personal => StandingKind::Personal,
            Self::Unknown => StandingKind::Unknown,
        }
    }

    /// Takes the text for a case.
    ///
    /// # Errors
    /// [`ClaimError`]: exactly one claimer wins, and only for a case that the text was offered to.
    pub fn claim(self, case_id: CaseId, claim: Claim) -> Result<Self, ClaimError> {
        match self {
            Self::Unclaimed { candidates } if candidates.contains(&case_id) => Ok(Self::Claimed {
                case_id,
                claim,
                candidates,
            }),
            Self::Unclaimed { .. } => Err(ClaimError::NotACandidate),
            Self::Claimed { claim: winner, .. } => Err(ClaimError::AlreadyClaimed {
                by: winner.by,
                at: winner.at,
            }),
            Self::Routed { .. } | Self::Moved { .. } | Self::Personal | Self::Unknown => Err(ClaimError::NotUnclaimed),
        }
    }

    /// Puts a claimed text back: it is offered again to the cases that it was offered to.
    ///
    /// # Errors
    /// [`ReleaseError::NotClaimed`] for all others.
    pub fn release(self) -> Result<Self, ReleaseError> {
        match self {
            Self::Claimed { candidates, .. } => Ok(Self::Unclaimed { candidates }),
            Self::Unclaimed { .. } | Self::Routed { .. } | Self::Moved { .. } | Self::Personal | Self::Unknown => {
                Err(ReleaseError::NotClaimed)
            }
        }
    }

    /// Takes the text to another case, or out of "Unknown sender" or a person's conversation into a case.
    ///
    /// # Errors
    /// [`MoveError`].
    pub fn move_to(self, case_id: CaseId) -> Result<Self, MoveError> {
        match self {
            Self::Unclaimed { .. } => Err(MoveError::Unclaimed),
            _owned if self.owner() == Some(case_id) => Err(MoveError::AlreadyThere),
            Self::Routed { .. } | Self::Claimed { .. } | Self::Moved { .. } | Self::Personal | Self::Unknown => Ok(Self::Moved { case_id }),
        }
    }

    /// Whether a user may hide it from their own view of `case_id` (none for "Unknown sender").
    ///
    /// # Errors
    /// [`DismissError`].
    pub fn dismissible(&self, case_id: Option<CaseId>) -> Result<(), DismissError> {
        match (self, case_id) {
            (Self::Unclaimed { candidates }, Some(case_id)) if candidates.contains(&case_id) => Ok(()),
            (Self::Unclaimed { .. }, _) | (Self::Unknown, Some(_)) => Err(DismissError::NotACandidate),
            (Self::Unknown, None) => Ok(()),
            (Self::Routed { .. } | Self::Claimed { .. } | Self::Moved { .. } | Self::Personal, _) => Err(DismissError::HasAnOwner),
        }
    }
}

/// Why a text stands in "Needs attention".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AttentionReason {
    /// Everybody who could act on it dismissed it.
    DismissedByAll,
    /// Nobody is left who could act on it.
    NobodyEntitled,
    /// It was handed to the carrier, and nobody can tell whether it went out.
    UnknownOutcome,
}

impl AttentionReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::DismissedByAll, Self::NobodyEntitled, Self::UnknownOutcome];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DismissedByAll => "dismissed_by_all",
            Self::NobodyEntitled => "nobody_entitled",
            Self::UnknownOutcome => "unknown_outcome",
        }
    }

    /// Whether a text needs attention, from how many could act on it and how many of these have not dismissed it.
    #[must_use]
    pub const fn of(entitled: u64, not_dismissed: u64) -> Option<Self> {
        match (entitled, not_dismissed) {
            (0, _) => Some(Self::NobodyEntitled),
            (_, 0) => Some(Self::DismissedByAll),
            (_, _) => None,
        }
    }
}

impl std::str::FromStr for AttentionReason {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word).ok_or(UnknownWord)
    }
}
