//! Supervision: the three modes, the proof that somebody may, and why one leaves. A supervisor is a guest: never counted
//! as a party, put back to [`Mode::Listen`] whenever the agent they spoke to changes, gone when the call or their right is.

use serde::{Deserialize, Serialize};

use super::status::UnknownWord;
use crate::access::{Level, OfficePermit, Permit, Resource, Supervise};
use crate::id::{CaseId, OrganizationId, UserId};
use crate::time::Timestamp;

/// What a supervisor does. Who hears them follows from it in `casewire-voice`, nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Mode {
    /// Hears both, is heard by nobody.
    Listen,
    /// Hears both, is heard by the agent only.
    Whisper,
    /// Hears both, is heard by both.
    Barge,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Listen, Self::Whisper, Self::Barge];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Whisper => "whisper",
            Self::Barge => "barge",
        }
    }
}

impl std::str::FromStr for Mode {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word).ok_or(UnknownWord)
    }
}

/// Proof that somebody may supervise: `calls:3` in the call's case, or in the office for a call without a case.
#[derive(Debug, Clone, Copy)]
pub enum Clearance {
    /// For calls of one case.
    Case(Permit<Supervise>),
    /// For calls that belong to no case.
    Office(OfficePermit),
}

impl Clearance {
    /// Whose it is.
    #[must_use]
    pub const fn user(&self) -> UserId {
        match self {
            Self::Case(permit) => permit.user(),
            Self::Office(permit) => permit.user(),
        }
    }

    /// Whether it is good for a call of that organization and case.
    #[must_use]
    pub fn covers(&self, organization: OrganizationId, case: Option<CaseId>) -> bool {
        match self {
            Self::Case(permit) => permit.organization() == organization && case == Some(permit.case()),
            Self::Office(permit) => {
                permit.organization() == organization
                    && case.is_none()
                    && permit.resource() == Resource::Calls
                    && permit.level() >= Level::Manage
            }
        }
    }
}

/// Somebody who supervises a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supervisor {
    /// Who.
    pub user: UserId,
    /// How.
    pub mode: Mode,
    /// Since when.
    pub entered_at: Timestamp,
}

/// Why a supervisor is no longer on a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Departure {
    /// They left, or their connection did.
    Left,
    /// Their right was taken away, or the call went to a case where they have none.
    Revoked,
    /// They took the call over as its agent.
    BecameAgent,
    /// The call ended.
    CallEnded,
}

impl Departure {
    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Revoked => "revoked",
            Self::BecameAgent => "became_agent",
            Self::CallEnded => "call_ended",
        }
    }
}

/// Why a step of supervision is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SuperviseError {
    /// Nobody talks: it still rings, is at the machine, or is over.
    #[error("the call is not in progress")]
    NotTalking,
    /// The proof is for another case or another organization.
    #[error("not cleared for this call")]
    NotCleared,
    /// Nobody supervises their own call.
    #[error("own call")]
    OwnCall,
    /// They are on it already: switch instead.
    #[error("already supervising as {}", mode.as_str())]
    AlreadyThere {
        /// How.
        mode: Mode,
    },
    /// They are not on it.
    #[error("not supervising")]
    NotThere,
    /// There is no agent to speak to at the moment: only listening is possible.
    #[error("the agent's connection is lost")]
    AgentAway,
}
