//! The act by which a call takes in what its line hears: connected, lost, rung, answered, ended, recorded. Said late, twice or out of
//! order it does no harm: the state machine only goes forward, and what is stale changes nothing.

use casewire_core::access::Tenant;
use casewire_core::calls::state::Line;
use casewire_core::calls::{Heard, RecordingState, State, Tape};
use casewire_core::event::CallCause;
use casewire_core::id::{CallId, OrganizationId, RecordingId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::calls::recordings::{self, Finished};
use casewire_store::calls::{self};
use casewire_store::{Act, Tx};

use super::calls::{Step, Stepped, settings};
use crate::lines::{LineEvent, LineOrder};
use crate::problem::Problem;

/// Takes in what a line heard of a call.
#[derive(Clone)]
pub struct HearCall {
    /// Whose call.
    pub organization: OrganizationId,
    /// Which.
    pub call_id: CallId,
    /// What was heard.
    pub event: LineEvent,
    /// When.
    pub now: Timestamp,
}

/// What an event makes of a call.
enum Change {
    Nothing,
    Supervision,
    Call(CallCause),
}

impl Act for HearCall {
    type Out = Stepped;
    type Error = Problem;

    #[expect(
        clippy::disallowed_methods,
        reason = "the line names the owner of the call, whose row is looked for there"
    )]
    async fn run(&self, tx: &mut Tx) -> Result<Stepped, Problem> {
        let tenant = Tenant::of_row(self.organization);
        let row = calls::load(tx, tenant, self.call_id).await?.ok_or_else(Problem::not_found)?;
        let chosen = settings(tx, tenant).await?;
        let mut step = Step::of(row, chosen, None, self.now);
        match self.take_in(tx, tenant, &mut step).await? {
            Change::Nothing => step.nothing(tx).await,
            Change::Supervision => step.commit_supervision(tx).await,
            Change::Call(cause) => step.commit(tx, cause, None).await,
        }
    }
}

impl HearCall {
    async fn take_in(&self, tx: &mut Tx, tenant: Tenant, step: &mut Step) -> Result<Change, Problem> {
        Ok(match &self.event {
            LineEvent::Named { provider_id } => {
                calls::name(tx, tenant, self.call_id, provider_id).await?;
                Change::Nothing
            }
            LineEvent::AgentConnected { user } => agent_connected(step, *user, self.now),
            LineEvent::AgentLost { user } => agent_lost(step, *user, self.now),
            LineEvent::OutsideRinging => self.outside(step, casewire_core::calls::CarrierStatus::Ringing),
            LineEvent::OutsideAnswered => self.outside(step, casewire_core::calls::CarrierStatus::InProgress),
            LineEvent::OutsideEnded(status) => self.outside(step, *status),
            LineEvent::OutsideLost => match step.row.call.outside_lost(self.now) {
                Ok(_) => Change::Call(CallCause::Changed),
                Err(_) => Change::Nothing,
            },
            LineEvent::OutsideBack => outside_back(step),
            LineEvent::SupervisorLost { user } => match step.row.call.leave(*user) {
                Ok(effects) => {
                    step.take(effects);
                    Change::Supervision
                }
                Err(_) => Change::Nothing,
            },
            LineEvent::RecordingReady {
                recording,
                file,
                duration_ms,
                bytes,
            } => {
                let end = Finished {
                    state: RecordingState::Ready,
                    file: Some(file.clone()),
                    duration_ms: *duration_ms,
                    bytes: *bytes,
                };
                self.recorded(tx, tenant, step, *recording, &end).await?
            }
            LineEvent::RecordingFailed { recording } => {
                let end = Finished {
                    state: RecordingState::Failed,
                    file: None,
                    duration_ms: 0,
                    bytes: 0,
                };
                self.recorded(tx, tenant, step, *recording, &end).await?
            }
            LineEvent::LineLost => {
                let effects = step.row.call.carrier_lost(self.now);
                ended(step, effects)
            }
        })
    }

    fn outside(&self, step: &mut Step, status: casewire_core::calls::CarrierStatus) -> Change {
        let before = step.row.call.status();
        match step.row.call.hear(status, self.now) {
            Heard::Stale => Change::Nothing,
            Heard::Moved(effects) => {
                step.take(effects);
                Change::Call(cause(step, before.is_final()))
            }
        }
    }

    async fn recorded(
        &self,
        tx: &mut Tx,
        tenant: Tenant,
        step: &mut Step,
        recording: RecordingId,
        end: &Finished,
    ) -> Result<Change, Problem> {
        if !recordings::finish(tx, tenant, self.call_id, recording, end, self.now).await? {
            return Ok(Change::Nothing);
        }
        step.row.recording = match end.state {
            RecordingState::Ready => Tape::Ready,
            RecordingState::Running | RecordingState::Failed => Tape::Failed,
        };
        Ok(Change::Call(CallCause::Recorded))
    }
}

/// The agent's audio came: the outside phone may ring now, or the two talk on.
fn agent_connected(step: &mut Step, user: UserId, now: Timestamp) -> Change {
    let row = &mut step.row;
    if row.call.agent() != Some(user) {
        return Change::Nothing;
    }
    let was_due = row.agent_due_at.take().is_some();
    match *row.call.state() {
        State::Starting { .. } if row.dialed_at.is_none() => {
            let way = row.peer.number().cloned().zip(row.number.clone());
            let Some((to, from)) = way else {
                let effects = row.call.carrier_lost(now);
                return ended(step, effects);
            };
            row.dialed_at = Some(now);
            step.order(LineOrder::RingOutside { to, from });
            Change::Call(CallCause::Changed)
        }
        State::Answered(talk) if talk.agent_line != Line::Here => match row.call.agent_back(user) {
            Ok(effects) => {
                step.take(effects);
                Change::Call(CallCause::Changed)
            }
            Err(_) => Change::Nothing,
        },
        State::Starting { .. } | State::Ringing { .. } | State::Answered(_) | State::Voicemail { .. } | State::Ended(_) => {
            if was_due {
                Change::Call(CallCause::Changed)
            } else {
                Change::Nothing
            }
        }
    }
}

/// The agent's audio went: before anybody took the call it is waited for as at the beginning, after that for the grace.
fn agent_lost(step: &mut Step, user: UserId, now: Timestamp) -> Change {
    let row = &mut step.row;
    match *row.call.state() {
        State::Starting { agent } | State::Ringing { agent } if agent == user && row.call.direction() == Direction::Outbound => {
            row.agent_due_at = Some(now.plus(casewire_core::calls::GRACE));
            Change::Call(CallCause::Changed)
        }
        State::Answered(talk) if talk.agent == user && talk.agent_line == Line::Here => match row.call.agent_lost(user, now) {
            Ok(effects) => {
                step.take(effects);
                Change::Call(CallCause::Changed)
            }
            Err(_) => Change::Nothing,
        },
        State::Starting { .. } | State::Ringing { .. } | State::Answered(_) | State::Voicemail { .. } | State::Ended(_) => Change::Nothing,
    }
}

fn outside_back(step: &mut Step) -> Change {
    match *step.row.call.state() {
        State::Answered(talk) if talk.outside_line != Line::Here => match step.row.call.outside_back() {
            Ok(effects) => {
                step.take(effects);
                Change::Call(CallCause::Changed)
            }
            Err(_) => Change::Nothing,
        },
        State::Starting { .. } | State::Ringing { .. } | State::Answered(_) | State::Voicemail { .. } | State::Ended(_) => Change::Nothing,
    }
}

fn ended(step: &mut Step, effects: Vec<casewire_core::calls::Effect>) -> Change {
    if effects.is_empty() {
        return Change::Nothing;
    }
    step.take(effects);
    Change::Call(CallCause::Ended)
}

/// The word for where the call has come to; one that had ended already only learned something.
const fn cause(step: &Step, had_ended: bool) -> CallCause {
    match step.row.call.state() {
        State::Starting { .. } => CallCause::Started,
        State::Ringing { .. } | State::Voicemail { .. } => CallCause::Rang,
        State::Answered(_) => CallCause::Answered,
        State::Ended(_) if had_ended => CallCause::Changed,
        State::Ended(_) => CallCause::Ended,
    }
}
