//! The far end of a trunk: handsets that ring, answer and call with real audio, which goes from the page straight to the server's voice
//! engine. Keeps who is on which call, in memory alone; what a person does at a handset is in `phones.rs`, what the server asks in
//! [`take_order`]. A handset on which nobody is at the page rings and is not answered.

pub(super) mod phones;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use casewire_core::id::CallId;
use casewire_core::time::Timestamp;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::Shared;
use crate::trunk::{EVENTS, Replays, Trunk, TrunkEvent, TrunkFailure, TrunkOrder, Verified};
use crate::twilio::Secret;

/// Calls that are kept once they are over, for the page to say how they ended.
const KEPT: usize = 100;
/// How often the server is told of something that it did not take, and how long to wait between.
const TRIES: u32 = 4;
const BETWEEN: Duration = Duration::from_secs(1);

/// Where the server of a trunk is.
#[derive(Debug, Clone)]
pub struct SandboxTrunk {
    /// Scheme, host and port of the server.
    pub server: String,
    /// The key that both ends share.
    pub key: Secret,
    /// How long a handset rings.
    pub rings_for: Duration,
}

/// This end.
pub(super) struct FarEnd {
    trunk: Trunk,
    replays: Replays,
    rings_for: Duration,
    phones: Mutex<Phones>,
    changed: watch::Sender<u64>,
}

/// Every call of a handset.
#[derive(Default)]
struct Phones {
    calls: VecDeque<PhoneCall>,
}

/// A call, as its handset sees it.
#[derive(Clone)]
struct PhoneCall {
    call: CallId,
    handset: String,
    with: String,
    way: Way,
    state: State,
    since: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It rings here.
    Ringing,
    /// It rings there, or a machine will take it.
    Calling,
    Talking,
    Ended(Why),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    HungUp,
    FirmHungUp,
    Declined,
    NoAnswer,
}

impl PhoneCall {
    fn is_over(&self) -> bool {
        match self.state {
            State::Ended(_) => true,
            State::Ringing | State::Calling | State::Talking => false,
        }
    }

    fn shown(&self) -> Value {
        let (state, why) = match self.state {
            State::Ringing => ("ringing", None),
            State::Calling => ("calling", None),
            State::Talking => ("talking", None),
            State::Ended(Why::HungUp) => ("ended", Some("hung_up")),
            State::Ended(Why::FirmHungUp) => ("ended", Some("firm_hung_up")),
            State::Ended(Why::Declined) => ("ended", Some("declined")),
            State::Ended(Why::NoAnswer) => ("ended", Some("no_answer")),
        };
        let way = match self.way {
            Way::In => "in",
            Way::Out => "out",
        };
        json!({"call": self.call, "handset": self.handset, "with": self.with, "way": way, "state": state, "why": why, "since": self.since})
    }
}

impl Phones {
    fn call(&mut self, call: CallId) -> Option<&mut PhoneCall> {
        self.calls.iter_mut().find(|there| there.call == call)
    }

    fn is_engaged(&self, handset: &str) -> bool {
        self.calls.iter().any(|there| there.handset == handset && !there.is_over())
    }

    fn add(&mut self, new: PhoneCall) {
        if self.calls.len() >= KEPT
            && let Some(place) = self.calls.iter().position(PhoneCall::is_over)
        {
            self.calls.remove(place);
        }
        self.calls.push_back(new);
    }
}

impl FarEnd {
    /// This end of a trunk to a server.
    pub(super) fn new(config: SandboxTrunk) -> Result<Self, TrunkFailure> {
        Ok(Self {
            trunk: Trunk::to(&config.server, EVENTS, config.key)?,
            replays: Replays::default(),
            rings_for: config.rings_for,
            phones: Mutex::default(),
            changed: watch::channel(1).0,
        })
    }

    /// Lets whoever waits for news go.
    pub(super) fn close(&self) {
        self.changed.send_modify(|version| *version += 1);
    }

    fn phones(&self) -> MutexGuard<'_, Phones> {
        self.phones.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something, and tells the pages.
    fn change<T>(&self, change: impl FnOnce(&mut Phones) -> T) -> T {
        let changed = change(&mut self.phones());
        self.changed.send_modify(|version| *version += 1);
        changed
    }

    /// Moves a call that is not over yet to a state; none where it is, or there is none.
    fn step(&self, call: CallId, now: Timestamp, next: impl FnOnce(State) -> Option<State>) -> Option<State> {
        self.change(|phones| {
            let there = phones.call(call).filter(|there| !there.is_over())?;
            let before = there.state;
            there.state = next(before)?;
            there.since = now;
            Some(before)
        })
    }
}

/// Does what the server asks.
fn take_order(shared: &Arc<Shared>, far_end: &FarEnd, order: Verified<TrunkOrder>) {
    let now = shared.now();
    match order.into_inner() {
        TrunkOrder::Ring { call, to, from } => ring(shared, far_end, call, to, from),
        TrunkOrder::Connected { call } => {
            far_end.step(call, now, |state| (state == State::Calling).then_some(State::Talking));
        }
        TrunkOrder::HangUp { call } => {
            far_end.step(call, now, |_| Some(State::Ended(Why::FirmHungUp)));
        }
    }
}

fn ring(shared: &Arc<Shared>, far_end: &FarEnd, call: CallId, to: String, from: String) {
    let since = shared.now();
    let rings = far_end.change(|phones| {
        if phones.call(call).is_some() {
            return None;
        }
        let is_free = !phones.is_engaged(&to);
        if is_free {
            phones.add(PhoneCall {
                call,
                handset: to,
                with: from,
                way: Way::In,
                state: State::Ringing,
                since,
            });
        }
        Some(is_free)
    });
    match rings {
        None => {}
        Some(false) => tell(shared, TrunkEvent::Busy { call }),
        Some(true) => {
            tell(shared, TrunkEvent::Ringing { call });
            tokio::spawn(give_up(Arc::clone(shared), call, far_end.rings_for));
        }
    }
}

/// A phone does not ring for ever.
async fn give_up(shared: Arc<Shared>, call: CallId, rings_for: Duration) {
    tokio::time::sleep(rings_for).await;
    let Some(far_end) = shared.far_end.get() else {
        return;
    };
    let ringing = |state| (state == State::Ringing).then_some(State::Ended(Why::NoAnswer));
    if far_end.step(call, shared.now(), ringing).is_some() {
        tell(&shared, TrunkEvent::NoAnswer { call });
    }
}

/// Tells the server, more than once if need be.
fn tell(shared: &Arc<Shared>, event: TrunkEvent) {
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let Some(far_end) = shared.far_end.get() else {
            return;
        };
        for _ in 0..TRIES {
            match far_end.trunk.post(&event, shared.now()).await {
                Ok(()) => return,
                // It knows the call no longer, or never did: saying it again is no help.
                Err(TrunkFailure::Refused(status)) if status < 500 => break,
                Err(_) => tokio::time::sleep(BETWEEN).await,
            }
        }
        tracing::debug!(event = event.word(), "the server did not take what the trunk told it");
    });
}
