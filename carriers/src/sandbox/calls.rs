//! Calls in the sandbox: legs, conferences and recordings as Twilio keeps them, without a sound. `life` takes legs on, `script`
//! carries their documents out, `rooms` has the rules of conferences and coaching, `tapes` the recordings, `tell` the callbacks,
//! `rest` and `lists` Twilio's interface, `phones` what a person does at a handset. Live calls end with the process; what is over
//! is kept in the sandbox's file.

mod life;
mod lists;
mod markup;
mod phones;
mod rest;
mod rooms;
mod script;
mod shapes;
mod tapes;
mod tell;
mod verbs;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::MutexGuard;

use casewire_core::time::Timestamp;
use serde::{Deserialize, Serialize};

pub(super) use self::life::{Later, later};
pub use self::phones::{CannotDial, SilentBrowsers};
pub(super) use self::phones::{routes, status_url, voice_url};
pub(super) use self::rest::answer;
use self::verbs::{Take, Taping, Verb};
use super::Shared;
use super::world::World;

/// An address for callbacks, and the events for which they come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Watch {
    pub url: String,
    pub events: Vec<String>,
}

/// Which way a leg went, in Twilio's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Way {
    Inbound,
    OutboundApi,
    OutboundDial,
}

/// Where a leg is, in Twilio's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Standing {
    Queued,
    Ringing,
    InProgress,
    Completed,
    Busy,
    NoAnswer,
    Failed,
    Canceled,
}

impl Standing {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    pub(super) fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Ringing | Self::InProgress => false,
            Self::Completed | Self::Busy | Self::NoAnswer | Self::Failed | Self::Canceled => true,
        }
    }
}

/// A leg.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Call {
    pub sid: String,
    pub account_sid: String,
    pub way: Way,
    pub from: String,
    pub to: String,
    pub standing: Standing,
    pub parent: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub watch: Option<Watch>,
    pub sequence: u32,
    /// The application through which a browser dials.
    pub application: Option<String>,
    /// What the phone is told beside the ringing, or what a browser sent along.
    pub params: Vec<(String, String)>,
    /// What was played to it.
    pub heard: Vec<String>,
    /// The keys that were pressed at it.
    pub keys: String,
    #[serde(skip)]
    pub live: Live,
}

/// What only a leg that is not over has.
#[derive(Clone, Default)]
pub(super) struct Live {
    pub doing: Doing,
    /// What comes next.
    script: VecDeque<Verb>,
    /// The address of the document, against which others are read.
    base: String,
    answer: OnAnswer,
    /// Grows with all that the leg does; timers of an earlier turn are void.
    turn: u32,
}

/// What a leg does when it is answered.
#[derive(Clone, Default)]
enum OnAnswer {
    /// It is connected with the leg that dialled it.
    #[default]
    Bridge,
    /// It enters a conference by which it was made.
    Sit { conference: String },
    /// It fetches a document.
    Fetch { url: String },
    /// It has its document.
    Run,
}

/// What a leg does just now.
#[derive(Clone, Default)]
pub(super) enum Doing {
    #[default]
    Waiting,
    /// It waits for a document.
    Fetching,
    /// It hears something, or a pause.
    Hearing,
    /// It lets other phones ring.
    Dialling {
        children: Vec<String>,
        action: Option<String>,
        record: Option<Taping>,
    },
    /// It talks with one other leg.
    Bridged { with: String, action: Option<String> },
    /// It is in a conference, or rings into one.
    Sitting {
        action: Option<String>,
        /// Made for the conference, it ends with it.
        made_for_it: bool,
    },
    /// It speaks to the machine.
    Taking { tape: String, take: Box<Take> },
}

/// A conference.
#[derive(Clone)]
pub(super) struct Room {
    pub sid: String,
    pub account_sid: String,
    pub name: String,
    pub standing: RoomStanding,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub reason: Option<&'static str>,
    pub ended_by: Option<String>,
    pub seats: Vec<Chair>,
    /// Set by the first who enters, and by nobody after.
    pub watch: Option<Option<Watch>>,
    pub sequence: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoomStanding {
    Init,
    InProgress,
    Completed,
}

/// A leg's place in a conference.
#[derive(Clone)]
pub(super) struct Chair {
    pub call_sid: String,
    pub label: Option<String>,
    /// Whether it is in; else it still rings.
    pub inside: bool,
    pub muted: bool,
    pub held: bool,
    pub coaching: bool,
    pub coached: Option<String>,
    pub start_on_enter: bool,
    pub end_on_exit: bool,
    pub early: bool,
    pub watch: Option<Watch>,
    /// A recording of the conference that starts with it.
    pub record_room: Option<Option<Watch>>,
    pub record_leg: Option<Taping>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A recording.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Tape {
    pub sid: String,
    pub account_sid: String,
    pub call_sid: Option<String>,
    pub conference_sid: Option<String>,
    pub state: TapeState,
    pub dual: bool,
    pub track: String,
    pub source: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Microseconds that are on it, without those since `running_since`.
    pub recorded: i64,
    pub running_since: Option<Timestamp>,
    pub watch: Option<Watch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum TapeState {
    InProgress,
    Paused,
    Completed,
    Absent,
}

/// All calls, in the order in which they came to be.
#[derive(Default)]
pub(super) struct Exchange {
    calls: BTreeMap<u64, Call>,
    rooms: BTreeMap<u64, Room>,
    tapes: BTreeMap<u64, Tape>,
    places: HashMap<String, u64>,
    next: u64,
    /// Addresses of numbers that were changed since the start, by number.
    pub voice_urls: HashMap<String, String>,
}

impl Exchange {
    fn place(&mut self, sid: &str) -> u64 {
        if let Some(place) = self.places.get(sid) {
            return *place;
        }
        self.next += 1;
        self.places.insert(sid.to_owned(), self.next);
        self.next
    }

    pub(super) fn put_call(&mut self, call: Call) {
        let place = self.place(&call.sid);
        self.calls.insert(place, call);
    }

    pub(super) fn put_tape(&mut self, tape: Tape) {
        let place = self.place(&tape.sid);
        self.tapes.insert(place, tape);
    }

    fn put_room(&mut self, room: Room) {
        let place = self.place(&room.sid);
        self.rooms.insert(place, room);
    }

    pub(super) fn forget(&mut self, sid: &str) {
        if let Some(place) = self.places.remove(sid) {
            self.calls.remove(&place);
            self.tapes.remove(&place);
        }
    }

    fn call(&self, sid: &str) -> Option<&Call> {
        self.calls.get(self.places.get(sid)?)
    }

    fn call_mut(&mut self, sid: &str) -> Option<&mut Call> {
        self.calls.get_mut(self.places.get(sid)?)
    }

    fn room(&self, sid: &str) -> Option<&Room> {
        self.rooms.get(self.places.get(sid)?)
    }

    fn room_mut(&mut self, sid: &str) -> Option<&mut Room> {
        self.rooms.get_mut(self.places.get(sid)?)
    }

    fn tape(&self, sid: &str) -> Option<&Tape> {
        self.tapes.get(self.places.get(sid)?)
    }

    fn tape_mut(&mut self, sid: &str) -> Option<&mut Tape> {
        self.tapes.get_mut(self.places.get(sid)?)
    }

    /// The conference of that name which is not over.
    fn open_room(&self, account: &str, name: &str) -> Option<&Room> {
        self.rooms
            .values()
            .rev()
            .find(|room| room.account_sid == account && room.name == name && room.standing != RoomStanding::Completed)
    }
}

/// The state under its lock, for one step.
pub(super) struct Desk<'a> {
    shared: &'a Shared,
    world: MutexGuard<'a, World>,
    now: Timestamp,
}

impl<'a> Desk<'a> {
    pub(super) fn open(shared: &'a Shared) -> Self {
        let now = shared.now();
        Self {
            world: shared.world(),
            shared,
            now,
        }
    }

    fn exchange(&mut self) -> &mut Exchange {
        &mut self.world.exchange
    }

    fn call(&self, sid: &str) -> Option<&Call> {
        self.world.exchange.call(sid)
    }

    fn call_mut(&mut self, sid: &str) -> Option<&mut Call> {
        let now = self.now;
        let call = self.world.exchange.call_mut(sid)?;
        call.updated_at = now;
        Some(call)
    }
}
