//! What a leg at Twilio does next, as a function of how its call stands. A leg may ask any number of times and in any order: the answer
//! is always what is right now.

use std::time::Duration;

use casewire_carriers::calls::{ConferencePlan, Entry, LegId, OnExit};
use casewire_carriers::twilio::twiml::{Callback, Dial, DialTo, Join, Step, TakeMessage, Twiml};
use casewire_core::calls::State;
use casewire_core::id::{CallLegId, RecordingId};
use casewire_core::settings::calls::Announcement;
use casewire_core::view::Direction;
use casewire_store::calls::CallRow;

use super::addresses::Addresses;

const GREETING: &str = "Nobody can take your call now. Please leave a message after the tone.";
const THANKS: &str = "Thank you. Goodbye.";
const RECORDED: &str = "This call is being recorded, and may be monitored.";
/// How long a caller may speak to the machine; the call itself is ended a little later.
const LONGEST_MESSAGE: Duration = Duration::from_secs(170);
/// The silence that ends a message.
const SILENCE: Duration = Duration::from_secs(8);
/// How often a leg asks again that cannot come in yet, in seconds.
const ASK_AGAIN: u32 = 1;

/// A conference as every leg of a call wants it.
pub fn plan(addresses: &Addresses<'_>, row: &CallRow) -> ConferencePlan {
    let rings = matches!(row.call.state(), State::Ringing { .. }) && row.call.direction() == Direction::Inbound;
    ConferencePlan {
        name: row.id.to_string(),
        status_callback: addresses.conference(),
        waiting: rings.then(|| addresses.ringing()),
    }
}

/// What the other side's leg does. `machine` is the recording that a message is taken as.
pub fn for_outside(addresses: &Addresses<'_>, row: &CallRow, leg: CallLegId, machine: Option<RecordingId>) -> Twiml {
    match (row.call.state(), machine) {
        (State::Starting { .. } | State::Ringing { .. } | State::Answered(_), _) => {
            let entry = Entry::Speaker { on_exit: OnExit::EndCall };
            join(addresses, row, leg, entry)
        }
        (State::Voicemail { .. }, Some(recording)) => Twiml::of(Step::say(GREETING))
            .then(Step::Record(TakeMessage {
                action: addresses.message(leg),
                longest: LONGEST_MESSAGE,
                silence: SILENCE,
                status: Callback {
                    address: addresses.recording(),
                    label: recording.to_string(),
                },
            }))
            .then(Step::Hangup),
        (State::Voicemail { .. } | State::Ended(_), _) => Twiml::of(Step::Hangup),
    }
}

/// What an agent's leg does.
pub fn for_agent(addresses: &Addresses<'_>, row: &CallRow, leg: CallLegId) -> Twiml {
    join(addresses, row, leg, Entry::Speaker { on_exit: OnExit::Stay })
}

/// What a supervisor's leg does: it comes in muted, heard by the agent alone if it ever were heard; without an agent it waits outside.
pub fn for_supervisor(addresses: &Addresses<'_>, row: &CallRow, leg: CallLegId, agent: Option<LegId>) -> Twiml {
    match agent {
        Some(agent) => join(addresses, row, leg, Entry::Supervisor { agent }),
        None => Twiml::of(Step::Pause(ASK_AGAIN)).then(Step::Redirect(addresses.next(leg))),
    }
}

/// What a leg does that has no place.
pub fn nothing() -> Twiml {
    Twiml::of(Step::Hangup)
}

/// What is said when a message was taken.
pub fn thanks() -> Twiml {
    Twiml::of(Step::say(THANKS)).then(Step::Hangup)
}

/// What both sides hear before they are recorded.
pub fn announcement(announcement: Announcement, addresses: &Addresses<'_>) -> Twiml {
    Twiml::of(match announcement {
        Announcement::Spoken => Step::say(RECORDED),
        Announcement::Tone => Step::Play(addresses.tone()),
    })
}

fn join(addresses: &Addresses<'_>, row: &CallRow, leg: CallLegId, entry: Entry) -> Twiml {
    let join = Join {
        plan: plan(addresses, row),
        label: leg.to_string(),
        entry,
    };
    Twiml::of(Step::Dial(Dial {
        to: DialTo::Conference(join),
        action: Some(addresses.next(leg)),
        caller_id: None,
        ring_for: None,
        record: None,
    }))
}
