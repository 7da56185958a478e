//! What becomes of a call that nobody takes where no machine does either, and of one whose agent never came on the line. The steps
//! of a call that somebody takes: [`super::call`].

use super::call::Call;
use super::state::{CallError, Effect, State};
use super::status::{EndReason, Outcome};
use crate::id::{CaseId, OrganizationId, UserId};
use crate::time::Timestamp;
use crate::view::Direction;

impl Call {
    /// Somebody calls the firm, nobody is there, and there is no machine.
    #[must_use]
    pub fn incoming_to_nobody(organization: OrganizationId, case: Option<CaseId>, at: Timestamp) -> (Self, Vec<Effect>) {
        let state = State::Voicemail { since: at };
        let mut call = Self::stored(organization, case, Direction::Inbound, state, Vec::new());
        let effects = call.end_as(Outcome::NoAnswer, EndReason::NobodyThere, None, at);
        (call, effects)
    }

    /// The agent at whom it rings does not take it, and there is no machine.
    ///
    /// # Errors
    /// [`CallError::NotRinging`], or [`CallError::Ended`].
    pub fn miss(&mut self, agent: UserId, at: Timestamp) -> Result<Vec<Effect>, CallError> {
        match self.state {
            State::Ringing { agent: called } if self.direction == Direction::Inbound && called == agent => {
                Ok(self.end_as(Outcome::NoAnswer, EndReason::NobodyThere, None, at))
            }
            State::Ended(_) => Err(CallError::Ended),
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Answered(_) => Err(CallError::NotRinging),
        }
    }

    /// The agent asked for the call, or took it, and their audio never came: nothing is kept waiting for it.
    pub fn agent_stayed_away(&mut self, at: Timestamp) -> Vec<Effect> {
        match self.state {
            State::Starting { .. } | State::Ringing { .. } => self.end_as(Outcome::Canceled, EndReason::AgentLost, None, at),
            State::Answered(_) => self.end_now(EndReason::AgentLost, at),
            State::Voicemail { .. } | State::Ended(_) => Vec::new(),
        }
    }

    /// The server that carried the call was gone: what was under way is over, and a voicemail is kept as far as it was spoken.
    pub fn carrier_lost(&mut self, at: Timestamp) -> Vec<Effect> {
        match self.state {
            State::Starting { .. } | State::Ringing { .. } => self.end_as(Outcome::Failed, EndReason::CarrierFailed, None, at),
            State::Voicemail { .. } | State::Answered(_) => self.end_now(EndReason::CarrierFailed, at),
            State::Ended(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::calls::{CallStatus, Departure};
    use crate::id::Id;

    fn ids() -> (OrganizationId, UserId, Timestamp) {
        let id = Uuid::from_u128(1);
        (OrganizationId::from_uuid(id), UserId::from_uuid(id), Timestamp::from_micros(9))
    }

    #[test]
    fn a_call_that_finds_nobody_and_no_machine_ends_unanswered_and_the_carrier_is_told() {
        let (organization, agent, at) = ids();
        let (call, effects) = Call::incoming_to_nobody(organization, None, at);
        assert_eq!((call.status(), effects), (CallStatus::NoAnswer, vec![Effect::HangUp]));
        let (mut call, _) = Call::incoming(organization, None, agent);
        assert_eq!(call.miss(agent, at).unwrap(), vec![Effect::StopRinging { agent }, Effect::HangUp]);
        assert_eq!(call.miss(agent, at), Err(CallError::Ended));
    }

    #[test]
    fn an_agent_who_never_comes_keeps_nobody_waiting() {
        let (organization, agent, at) = ids();
        let mut call = Call::outgoing(organization, None, agent);
        assert_eq!(call.agent_stayed_away(at), vec![Effect::HangUp]);
        assert_eq!(call.status(), CallStatus::Canceled);
        let (mut call, _) = Call::incoming(organization, None, agent);
        call.answer(agent, at).unwrap();
        call.agent_stayed_away(at);
        assert_eq!(call.status(), CallStatus::Completed);
        assert_eq!(call.agent_stayed_away(at), Vec::new());
    }

    #[test]
    fn a_carrier_that_is_lost_ends_every_call_and_takes_its_supervisors_off() {
        let (organization, agent, at) = ids();
        let (mut call, _) = Call::incoming_to_voicemail(organization, None, at);
        call.carrier_lost(at);
        assert_eq!(call.status(), CallStatus::Voicemail);
        let (mut call, _) = Call::incoming(organization, None, agent);
        call.answer(agent, at).unwrap();
        call.supervisors.push(crate::calls::Supervisor {
            user: agent,
            mode: crate::calls::Mode::Listen,
            entered_at: at,
        });
        let effects = call.carrier_lost(at);
        let why = Departure::CallEnded;
        assert_eq!(effects, vec![Effect::Dismiss { supervisor: agent, why }, Effect::HangUp]);
    }
}
