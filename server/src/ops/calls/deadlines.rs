//! Until when a call waits for something, as a pure function of how it stood and stands: for its agent's audio, for somebody to take it,
//! for the machine to have heard enough, for a lost connection, for the agent's note. The timers are jobs, so that no restart loses one.

use std::time::Duration;

use casewire_core::calls::state::Line;
use casewire_core::calls::{GRACE, State};
use casewire_core::id::UserId;
use casewire_core::settings::calls::CallSettings;
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::calls::CallRow;

/// How long an agent's browser may take to bring its audio.
pub const AGENT_COMES_WITHIN: Duration = Duration::from_secs(20);
/// How long the outside phone rings at most.
const OUTSIDE_RINGS: Duration = Duration::from_secs(60);
/// How long a caller may speak to the machine.
const LONGEST_VOICEMAIL: Duration = Duration::from_secs(180);

/// Sets what a call waits for since a step.
pub(super) fn set(row: &mut CallRow, before: Option<&State>, settings: &CallSettings, now: Timestamp) {
    let (outbound, state) = (row.call.direction() == Direction::Outbound, *row.call.state());
    let agent_before = before.and_then(agent_of);
    if before.is_none_or(|before| kind(before) != kind(&state)) {
        row.due_at = match &state {
            State::Starting { .. } | State::Answered(_) | State::Ended(_) => None,
            State::Ringing { .. } if outbound => Some(now.plus(OUTSIDE_RINGS)),
            State::Ringing { .. } => Some(now.plus(settings.ring())),
            State::Voicemail { .. } => Some(now.plus(LONGEST_VOICEMAIL)),
        };
    }
    match (&state, before) {
        (State::Answered(talk), Some(State::Answered(old))) if talk.transfer_to != old.transfer_to => {
            row.due_at = talk.transfer_to.map(|_| now.plus(settings.ring()));
        }
        (State::Starting { .. }, None) => row.agent_due_at = Some(now.plus(AGENT_COMES_WITHIN)),
        // The agent's audio comes after they took it; an outbound call has had it since before it rang.
        (State::Answered(talk), _) if agent_before != Some(talk.agent) || (!outbound && !was_answered(before)) => {
            row.agent_due_at = Some(now.plus(AGENT_COMES_WITHIN));
        }
        (State::Ended(_), Some(old)) if kind(old) != kind(&state) => {
            row.agent_due_at = None;
            let spoke = was_answered(before) || outbound;
            row.wrap_up_until = (spoke && settings.wrap_up_seconds > 0).then(|| now.plus(settings.wrap_up()));
        }
        (State::Voicemail { .. }, _) => row.agent_due_at = None,
        (State::Starting { .. } | State::Ringing { .. } | State::Answered(_) | State::Ended(_), _) => {}
    }
}

/// When to look at a call again.
pub(super) fn next_looks(row: &CallRow) -> Vec<Timestamp> {
    let mut looks: Vec<Timestamp> = [row.due_at, row.agent_due_at, row.wrap_up_until].into_iter().flatten().collect();
    if let State::Answered(talk) = row.call.state() {
        for line in [talk.agent_line, talk.outside_line] {
            if let Line::Lost { since } = line {
                looks.push(since.plus(GRACE));
            }
        }
    }
    looks
}

const fn kind(state: &State) -> u8 {
    match state {
        State::Starting { .. } => 0,
        State::Ringing { .. } => 1,
        State::Voicemail { .. } => 2,
        State::Answered(_) => 3,
        State::Ended(_) => 4,
    }
}

const fn was_answered(before: Option<&State>) -> bool {
    matches!(before, Some(State::Answered(_)))
}

const fn agent_of(state: &State) -> Option<UserId> {
    match state {
        State::Starting { agent } | State::Ringing { agent } => Some(*agent),
        State::Answered(talk) => Some(talk.agent),
        State::Voicemail { .. } | State::Ended(_) => None,
    }
}
