//! One call, as a state machine: it rings, somebody takes it, holds, hands it over, ends. A step that is not allowed is an error
//! and changes nothing, and nothing ever goes back. The states: [`super::state`]; supervisors: `supervising.rs`.

use std::time::Duration;

use super::state::{CallError, Effect, Line, Microphone, OutsideLine, State, Talk};
use super::status::{CallStatus, CarrierStatus, End, EndReason, Heard, Outcome};
use super::supervision::{Departure, Supervisor};
use crate::id::{CaseId, OrganizationId, UserId};
use crate::time::Timestamp;
use crate::view::Direction;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub(super) organization: OrganizationId,
    pub(super) case: Option<CaseId>,
    pub(super) direction: Direction,
    pub(super) state: State,
    pub(super) supervisors: Vec<Supervisor>,
}

impl Call {
    /// An agent calls.
    #[must_use]
    pub const fn outgoing(organization: OrganizationId, case: Option<CaseId>, agent: UserId) -> Self {
        Self::stored(organization, case, Direction::Outbound, State::Starting { agent }, Vec::new())
    }

    /// Somebody calls the firm, and it rings at an agent.
    #[must_use]
    pub fn incoming(organization: OrganizationId, case: Option<CaseId>, agent: UserId) -> (Self, Vec<Effect>) {
        let call = Self::stored(organization, case, Direction::Inbound, State::Ringing { agent }, Vec::new());
        (call, vec![Effect::Ring { agent }])
    }

    /// Somebody calls the firm, and nobody is there: the machine takes it.
    #[must_use]
    pub fn incoming_to_voicemail(organization: OrganizationId, case: Option<CaseId>, at: Timestamp) -> (Self, Vec<Effect>) {
        let call = Self::stored(organization, case, Direction::Inbound, State::Voicemail { since: at }, Vec::new());
        (call, vec![Effect::RecordVoicemail])
    }

    /// The call as the store found it.
    #[must_use]
    pub const fn stored(
        organization: OrganizationId,
        case: Option<CaseId>,
        direction: Direction,
        state: State,
        supervisors: Vec<Supervisor>,
    ) -> Self {
        Self {
            organization,
            case,
            direction,
            state,
            supervisors,
        }
    }

    /// How it stands.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// In or out.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// The case it is logged to.
    #[must_use]
    pub const fn case(&self) -> Option<CaseId> {
        self.case
    }

    /// Who supervises it, in the order in which they came.
    #[must_use]
    pub fn supervisors(&self) -> &[Supervisor] {
        &self.supervisors
    }

    /// The word for how it stands.
    #[must_use]
    pub const fn status(&self) -> CallStatus {
        match &self.state {
            State::Starting { .. } => CallStatus::Queued,
            State::Ringing { .. } => CallStatus::Ringing,
            State::Voicemail { .. } => CallStatus::Recording,
            State::Answered(_) => CallStatus::InProgress,
            State::Ended(end) => end.outcome.status(),
        }
    }

    /// The agent on it, or at whom it rings.
    #[must_use]
    pub const fn agent(&self) -> Option<UserId> {
        match &self.state {
            State::Starting { agent } | State::Ringing { agent } => Some(*agent),
            State::Answered(talk) => Some(talk.agent),
            State::Voicemail { .. } | State::Ended(_) => None,
        }
    }

    /// An agent takes a call that rings at them.
    ///
    /// # Errors
    /// [`CallError::NotRinging`], or [`CallError::Ended`].
    pub fn answer(&mut self, agent: UserId, at: Timestamp) -> Result<Vec<Effect>, CallError> {
        match self.state {
            State::Ringing { agent: called } if self.direction == Direction::Inbound && called == agent => {
                self.state = State::Answered(Talk::begun(agent, at));
                Ok(vec![Effect::StopRinging { agent }, Effect::Seat { agent }])
            }
            State::Ended(_) => Err(CallError::Ended),
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_) => Err(CallError::NotRinging),
        }
    }

    /// The agent at whom it rings will not take it, or did not in time: the machine does.
    ///
    /// # Errors
    /// [`CallError::NotRinging`], or [`CallError::Ended`].
    pub fn decline(&mut self, agent: UserId, at: Timestamp) -> Result<Vec<Effect>, CallError> {
        match self.state {
            State::Ringing { agent: called } if self.direction == Direction::Inbound && called == agent => {
                self.state = State::Voicemail { since: at };
                Ok(vec![Effect::StopRinging { agent }, Effect::RecordVoicemail])
            }
            State::Ended(_) => Err(CallError::Ended),
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_) => Err(CallError::NotRinging),
        }
    }

    /// Takes in what the carrier says of the outside party. It may say so late, twice, or out of order: the call only goes
    /// forward. For an inbound call `in-progress` says only that the carrier has it; an agent's [`Call::answer`] counts.
    pub fn hear(&mut self, status: CarrierStatus, at: Timestamp) -> Heard {
        match status {
            CarrierStatus::Queued | CarrierStatus::Initiated => Heard::Stale,
            CarrierStatus::Ringing => match self.state {
                State::Starting { agent } => {
                    self.state = State::Ringing { agent };
                    Heard::Moved(Vec::new())
                }
                State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_) | State::Ended(_) => Heard::Stale,
            },
            CarrierStatus::InProgress => self.hear_answered(at),
            CarrierStatus::Completed { talked } => self.hear_final(Outcome::Completed, talked, at),
            CarrierStatus::Busy => self.hear_final(Outcome::Busy, None, at),
            CarrierStatus::NoAnswer => self.hear_final(Outcome::NoAnswer, None, at),
            CarrierStatus::Failed => self.hear_final(Outcome::Failed, None, at),
            CarrierStatus::Canceled => self.hear_final(Outcome::Canceled, None, at),
        }
    }

    fn hear_answered(&mut self, at: Timestamp) -> Heard {
        match &mut self.state {
            State::Starting { agent } | State::Ringing { agent } if self.direction == Direction::Outbound => {
                let agent = *agent;
                self.state = State::Answered(Talk::begun(agent, at));
                Heard::Moved(vec![Effect::Seat { agent }])
            }
            // Overtaken by `completed`: the call stays ended, and now we know since when they talked.
            State::Ended(end) if end.outcome == Outcome::Completed && end.answered_at.is_none() && at <= end.ended_at => {
                end.answered_at = Some(at);
                Heard::Moved(Vec::new())
            }
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_) | State::Ended(_) => Heard::Stale,
        }
    }

    fn hear_final(&mut self, said: Outcome, talked: Option<Duration>, at: Timestamp) -> Heard {
        let (outcome, answered_at) = match (&self.state, self.direction) {
            (State::Ended(_), _) => return Heard::Stale,
            (State::Voicemail { .. }, _) => (Outcome::Voicemail, None),
            (State::Answered(talk), _) => (Outcome::Completed, Some(talk.answered_at)),
            (State::Starting { .. } | State::Ringing { .. }, Direction::Outbound) => (said, talked.map(|talked| at.minus(talked))),
            // The caller gave up before an agent took it, whatever the carrier calls that.
            (State::Starting { .. } | State::Ringing { .. }, Direction::Inbound) => (Outcome::NoAnswer, None),
        };
        let reason = match said {
            Outcome::Failed => EndReason::CarrierFailed,
            Outcome::Canceled if self.direction == Direction::Outbound => EndReason::AgentHungUp,
            Outcome::Completed | Outcome::Voicemail | Outcome::NoAnswer | Outcome::Busy | Outcome::Canceled => EndReason::OutsideHungUp,
        };
        Heard::Moved(self.end_as(outcome, reason, answered_at, at))
    }

    /// Sets the agent's microphone.
    ///
    /// # Errors
    /// [`CallError`]: only the agent on the call may, while they talk.
    pub fn set_microphone(&mut self, agent: UserId, microphone: Microphone) -> Result<Vec<Effect>, CallError> {
        let talk = self.talk_of(agent)?;
        if talk.microphone == microphone {
            return Ok(Vec::new());
        }
        talk.microphone = microphone;
        Ok(vec![Effect::SetMicrophone { agent, microphone }])
    }

    /// Puts the outside party on hold, or takes them back.
    ///
    /// # Errors
    /// [`CallError`]: only the agent on the call may, while they talk.
    pub fn set_outside(&mut self, agent: UserId, outside: OutsideLine) -> Result<Vec<Effect>, CallError> {
        let talk = self.talk_of(agent)?;
        if talk.outside == outside {
            return Ok(Vec::new());
        }
        talk.outside = outside;
        Ok(vec![Effect::SetOutside(outside)])
    }

    /// Offers the call to another agent: it rings there, and stays here until they take it.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn transfer(&mut self, agent: UserId, to: UserId) -> Result<Vec<Effect>, CallError> {
        let talk = self.talk_of(agent)?;
        if to == agent {
            return Err(CallError::AlreadyTheirs);
        }
        if talk.transfer_to.is_some() {
            return Err(CallError::TransferPending);
        }
        talk.transfer_to = Some(to);
        Ok(vec![Effect::Ring { agent: to }])
    }

    /// The other agent takes the call: the first is off it, the hold and the mute are over, and whoever whispered or barged
    /// listens, for they spoke to somebody else.
    ///
    /// # Errors
    /// [`CallError::NoTransfer`], or that nobody talks.
    pub fn take_over(&mut self, to: UserId) -> Result<Vec<Effect>, CallError> {
        let talk = self.talk()?;
        if talk.transfer_to != Some(to) {
            return Err(CallError::NoTransfer);
        }
        let from = *talk;
        *talk = Talk {
            agent: to,
            microphone: Microphone::Open,
            outside: OutsideLine::Talking,
            agent_line: Line::Here,
            transfer_to: None,
            ..from
        };
        let mut effects = vec![Effect::StopRinging { agent: to }];
        effects.extend(self.dismiss(to, Departure::BecameAgent));
        effects.extend(self.all_listen());
        effects.extend([Effect::Unseat { agent: from.agent }, Effect::Seat { agent: to }]);
        if from.outside == OutsideLine::OnHold {
            effects.push(Effect::SetOutside(OutsideLine::Talking));
        }
        Ok(effects)
    }

    /// The transfer is off: declined by the other agent, given up by the first, or not taken in time.
    ///
    /// # Errors
    /// [`CallError::NoTransfer`], or that nobody talks.
    pub fn cancel_transfer(&mut self) -> Result<Vec<Effect>, CallError> {
        let talk = self.talk()?;
        let to = talk.transfer_to.take().ok_or(CallError::NoTransfer)?;
        Ok(vec![Effect::StopRinging { agent: to }])
    }

    /// The agent hangs up, or gives up a call that nobody took yet.
    ///
    /// # Errors
    /// [`CallError`]: only the agent on the call may.
    pub fn hang_up(&mut self, agent: UserId, at: Timestamp) -> Result<Vec<Effect>, CallError> {
        match self.state {
            State::Starting { agent: caller } | State::Ringing { agent: caller } if self.direction == Direction::Outbound => {
                if caller != agent {
                    return Err(CallError::NotYours);
                }
                Ok(self.end_as(Outcome::Canceled, EndReason::AgentHungUp, None, at))
            }
            State::Answered(talk) if talk.agent == agent => Ok(self.end_now(EndReason::AgentHungUp, at)),
            State::Answered(_) => Err(CallError::NotYours),
            State::Ended(_) => Err(CallError::Ended),
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } => Err(CallError::NotTalking),
        }
    }

    /// The outside party's leg is gone for good: they hung up.
    pub fn outside_left(&mut self, at: Timestamp) -> Vec<Effect> {
        match self.state {
            State::Ended(_) => Vec::new(),
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_) => {
                self.end_now(EndReason::OutsideHungUp, at)
            }
        }
    }

    /// The agent may not be on this call any more: walled, demoted, deactivated.
    pub fn revoke_agent(&mut self, agent: UserId, at: Timestamp) -> Vec<Effect> {
        match self.state {
            State::Answered(talk) if talk.transfer_to == Some(agent) => self.cancel_transfer().unwrap_or_default(),
            State::Ringing { agent: called } if called == agent && self.direction == Direction::Inbound => {
                self.decline(agent, at).unwrap_or_default()
            }
            State::Starting { agent: caller } | State::Ringing { agent: caller } if caller == agent => {
                self.end_as(Outcome::Canceled, EndReason::AgentRevoked, None, at)
            }
            State::Answered(talk) if talk.agent == agent => self.end_now(EndReason::AgentRevoked, at),
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_) | State::Ended(_) => Vec::new(),
        }
    }

    /// The agent's connection is lost. Nobody can be whispered to, and a supervisor is not left alone with the outside
    /// party: whoever supervises listens.
    ///
    /// # Errors
    /// [`CallError`]: only while they talk, and only the agent on the call.
    pub fn agent_lost(&mut self, agent: UserId, at: Timestamp) -> Result<Vec<Effect>, CallError> {
        let talk = self.talk_of(agent)?;
        talk.agent_line.lose(at);
        Ok(self.all_listen())
    }

    /// The agent's connection is back (a new leg in the place of the old one); microphone and hold are as they were.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn agent_back(&mut self, agent: UserId) -> Result<Vec<Effect>, CallError> {
        let talk = self.talk_of(agent)?;
        talk.agent_line = Line::Here;
        let microphone = talk.microphone;
        Ok(vec![Effect::Seat { agent }, Effect::SetMicrophone { agent, microphone }])
    }

    /// The outside party's connection is lost.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn outside_lost(&mut self, at: Timestamp) -> Result<Vec<Effect>, CallError> {
        self.talk()?.outside_line.lose(at);
        Ok(Vec::new())
    }

    /// The outside party's connection is back.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn outside_back(&mut self) -> Result<Vec<Effect>, CallError> {
        let talk = self.talk()?;
        talk.outside_line = Line::Here;
        Ok(vec![Effect::SetOutside(talk.outside)])
    }

    /// Ends the call if a party has been gone for [`GRACE`]. Supervisors do not count: they never keep a call alive.
    pub fn lapse(&mut self, now: Timestamp) -> Vec<Effect> {
        let State::Answered(talk) = self.state else {
            return Vec::new();
        };
        if talk.agent_line.lapsed(now) {
            self.end_now(EndReason::AgentLost, now)
        } else if talk.outside_line.lapsed(now) {
            self.end_now(EndReason::OutsideLost, now)
        } else {
            Vec::new()
        }
    }

    fn talk(&mut self) -> Result<&mut Talk, CallError> {
        match &mut self.state {
            State::Answered(talk) => Ok(talk),
            State::Ended(_) => Err(CallError::Ended),
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } => Err(CallError::NotTalking),
        }
    }

    fn talk_of(&mut self, agent: UserId) -> Result<&mut Talk, CallError> {
        let talk = self.talk()?;
        if talk.agent == agent { Ok(talk) } else { Err(CallError::NotYours) }
    }

    /// Ends it with the outcome that follows from how it stands.
    pub(super) fn end_now(&mut self, reason: EndReason, at: Timestamp) -> Vec<Effect> {
        let (outcome, answered_at) = match self.state {
            State::Answered(talk) => (Outcome::Completed, Some(talk.answered_at)),
            State::Voicemail { .. } => (Outcome::Voicemail, None),
            State::Starting { .. } | State::Ringing { .. } | State::Ended(_) => (Outcome::NoAnswer, None),
        };
        self.end_as(outcome, reason, answered_at, at)
    }

    pub(super) fn end_as(
        &mut self,
        outcome: Outcome,
        reason: EndReason,
        answered_at: Option<Timestamp>,
        ended_at: Timestamp,
    ) -> Vec<Effect> {
        let mut effects: Vec<Effect> = match self.state {
            State::Ringing { agent } if self.direction == Direction::Inbound => vec![Effect::StopRinging { agent }],
            State::Answered(Talk { transfer_to: Some(to), .. }) => vec![Effect::StopRinging { agent: to }],
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_) | State::Ended(_) => Vec::new(),
        };
        effects.extend(self.dismiss_all(Departure::CallEnded));
        effects.push(Effect::HangUp);
        self.state = State::Ended(End {
            outcome,
            reason,
            answered_at,
            ended_at,
        });
        effects
    }
}
