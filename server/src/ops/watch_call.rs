//! The act behind a call's timers: ends what waited long enough. Looks at how the call stands now, so that a timer that comes too early,
//! late or twice does no harm.

use casewire_core::access::Tenant;
use casewire_core::calls::{CarrierStatus, Effect, Heard, State};
use casewire_core::event::CallCause;
use casewire_core::id::CallId;
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::calls::{self, CallRow};
use casewire_store::{Act, Tx};

use super::calls::{Step, Stepped, settings};
use crate::problem::Problem;

/// Looks whether a call waited long enough.
#[derive(Clone)]
pub struct WatchCall {
    /// Whose.
    pub tenant: Tenant,
    /// The call.
    pub call_id: CallId,
    /// The time.
    pub now: Timestamp,
}

impl Act for WatchCall {
    type Out = Stepped;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Stepped, Problem> {
        let row = calls::load(tx, self.tenant, self.call_id).await?.ok_or_else(Problem::not_found)?;
        let chosen = settings(tx, self.tenant).await?;
        let machine = chosen.voicemail;
        let mut step = Step::of(row, chosen, None, self.now);
        let Some((effects, cause)) = lapse(&mut step.row, machine, self.now) else {
            return step.nothing(tx).await;
        };
        step.take(effects);
        step.commit(tx, cause, None).await
    }
}

/// What follows from what waited long enough; nothing where nothing did.
fn lapse(row: &mut CallRow, machine: bool, now: Timestamp) -> Option<(Vec<Effect>, CallCause)> {
    let is_due = |deadline: Option<Timestamp>| deadline.is_some_and(|deadline| deadline <= now);
    if is_due(row.agent_due_at) && !row.has_ended() {
        return Some((row.call.agent_stayed_away(now), CallCause::Ended));
    }
    let effects = row.call.lapse(now);
    if !effects.is_empty() {
        return Some((effects, CallCause::Ended));
    }
    if row.has_ended() {
        return wrapped_up(row, now);
    }
    if !is_due(row.due_at) {
        return None;
    }
    match *row.call.state() {
        State::Ringing { agent } if row.call.direction() == Direction::Inbound => {
            let (effects, cause) = if machine {
                (row.call.decline(agent, now), CallCause::Rang)
            } else {
                (row.call.miss(agent, now), CallCause::Ended)
            };
            effects.ok().map(|effects| (effects, cause))
        }
        State::Ringing { .. } => match row.call.hear(CarrierStatus::NoAnswer, now) {
            Heard::Moved(effects) => Some((effects, CallCause::Ended)),
            Heard::Stale => None,
        },
        State::Voicemail { .. } => Some((row.call.outside_left(now), CallCause::Ended)),
        State::Answered(_) => row.call.cancel_transfer().ok().map(|effects| (effects, CallCause::Transferred)),
        State::Starting { .. } | State::Ended(_) => None,
    }
}

/// The agent's time for a note is over: they can be called again.
fn wrapped_up(row: &mut CallRow, now: Timestamp) -> Option<(Vec<Effect>, CallCause)> {
    if row.wrap_up_until.is_none_or(|until| until > now) {
        return None;
    }
    row.wrap_up_until = None;
    Some((Vec::new(), CallCause::WrappedUp))
}
