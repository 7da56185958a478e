//! The supervisors of a call: they enter, switch, leave, lose their right, and are put back to listening when the agent changes.
//! Each step by a supervisor takes their [`Clearance`] anew, for rights change during a call.

use super::call::Call;
use super::state::{CallError, Effect, Line, State, Talk};
use super::supervision::{Clearance, Departure, Mode, SuperviseError, Supervisor};
use crate::id::{CaseId, UserId};
use crate::time::Timestamp;

impl Call {
    /// A supervisor comes on. Their leg is silent until the effect was carried out, and is let in only after the audit line.
    ///
    /// # Errors
    /// [`SuperviseError`].
    pub fn supervise(&mut self, clearance: &Clearance, mode: Mode, at: Timestamp) -> Result<Vec<Effect>, SuperviseError> {
        let talk = self.cleared(clearance)?;
        let user = clearance.user();
        if talk.agent == user {
            return Err(SuperviseError::OwnCall);
        }
        if let Some(there) = self.supervisors.iter().find(|there| there.user == user) {
            return Err(SuperviseError::AlreadyThere { mode: there.mode });
        }
        may_speak(&talk, mode)?;
        self.supervisors.push(Supervisor {
            user,
            mode,
            entered_at: at,
        });
        Ok(vec![Effect::Supervise { supervisor: user, mode }])
    }

    /// A supervisor does something else from now on. The same again is no error, and nothing is to be done.
    ///
    /// # Errors
    /// [`SuperviseError`].
    pub fn switch(&mut self, clearance: &Clearance, mode: Mode) -> Result<Vec<Effect>, SuperviseError> {
        let talk = self.cleared(clearance)?;
        let user = clearance.user();
        may_speak(&talk, mode)?;
        let there = self
            .supervisors
            .iter_mut()
            .find(|there| there.user == user)
            .ok_or(SuperviseError::NotThere)?;
        if there.mode == mode {
            return Ok(Vec::new());
        }
        there.mode = mode;
        Ok(vec![Effect::Supervise { supervisor: user, mode }])
    }

    /// A supervisor goes, or their connection went. Needs no right.
    ///
    /// # Errors
    /// [`SuperviseError::NotThere`].
    pub fn leave(&mut self, user: UserId) -> Result<Vec<Effect>, SuperviseError> {
        let effects = self.dismiss(user, Departure::Left);
        if effects.is_empty() {
            Err(SuperviseError::NotThere)
        } else {
            Ok(effects)
        }
    }

    /// Rights have changed: whoever supervises without a clearance for this call among `cleared` is off it.
    pub fn recheck(&mut self, cleared: &[Clearance]) -> Vec<Effect> {
        let (organization, case) = (self.organization, self.case);
        let may = |user: UserId| {
            cleared
                .iter()
                .any(|clearance| clearance.user() == user && clearance.covers(organization, case))
        };
        let gone: Vec<UserId> = self.supervisors.iter().map(|there| there.user).filter(|user| !may(*user)).collect();
        gone.into_iter().flat_map(|user| self.dismiss(user, Departure::Revoked)).collect()
    }

    /// The agent files the call in a case (or another one). Whoever supervises stays only if cleared for that case.
    ///
    /// # Errors
    /// [`CallError::NotYours`] for anybody but the agent on it.
    pub fn file_in(&mut self, agent: UserId, case: CaseId, cleared: &[Clearance]) -> Result<Vec<Effect>, CallError> {
        if self.agent().is_some_and(|there| there != agent) {
            return Err(CallError::NotYours);
        }
        self.case = Some(case);
        Ok(self.recheck(cleared))
    }

    /// Whoever whispered or barged listens.
    pub(super) fn all_listen(&mut self) -> Vec<Effect> {
        let speaking = self.supervisors.iter_mut().filter(|there| there.mode != Mode::Listen);
        speaking
            .map(|there| {
                there.mode = Mode::Listen;
                Effect::Supervise {
                    supervisor: there.user,
                    mode: Mode::Listen,
                }
            })
            .collect()
    }

    pub(super) fn dismiss(&mut self, user: UserId, why: Departure) -> Vec<Effect> {
        let before = self.supervisors.len();
        self.supervisors.retain(|there| there.user != user);
        if self.supervisors.len() == before {
            return Vec::new();
        }
        vec![Effect::Dismiss { supervisor: user, why }]
    }

    pub(super) fn dismiss_all(&mut self, why: Departure) -> Vec<Effect> {
        self.supervisors
            .drain(..)
            .map(|there| Effect::Dismiss {
                supervisor: there.user,
                why,
            })
            .collect()
    }

    /// The talk that a clearance is good for.
    fn cleared(&self, clearance: &Clearance) -> Result<Talk, SuperviseError> {
        if !clearance.covers(self.organization, self.case) {
            return Err(SuperviseError::NotCleared);
        }
        match self.state {
            State::Answered(talk) => Ok(talk),
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Ended(_) => Err(SuperviseError::NotTalking),
        }
    }
}

const fn may_speak(talk: &Talk, mode: Mode) -> Result<(), SuperviseError> {
    match (mode, talk.agent_line) {
        (Mode::Listen, _) | (Mode::Whisper | Mode::Barge, Line::Here) => Ok(()),
        (Mode::Whisper | Mode::Barge, Line::Lost { .. }) => Err(SuperviseError::AgentAway),
    }
}
