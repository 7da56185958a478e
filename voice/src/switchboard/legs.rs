//! One leg on the switchboard: its session, when it was heard of last, and what its packets said that was not yet attended to.

use std::time::{Duration, Instant};

use str0m::Input;
use str0m::net::Transmit;

use crate::bridge::Bridge;
use crate::event::{Event, LeftWhy, Quality};
use crate::g711;
use crate::id::{BridgeId, LegId};
use crate::jitter::{Counters, Frame};
use crate::session::{Broken, Happening, Session};

/// How long nothing may be heard of a leg, not even the keep-alive that browsers send every few seconds.
const LOST_AFTER: Duration = Duration::from_secs(10);
/// How long a leg may take to connect.
const CONNECT_WITHIN: Duration = Duration::from_secs(30);

/// A leg.
#[derive(Debug)]
pub struct Leg {
    /// The call that it is on.
    pub bridge: BridgeId,
    /// Its connection.
    pub session: Session,
    state: State,
    heard_at: Instant,
    happened: Vec<Happening>,
    reported: Counters,
    round_trip: Option<Duration>,
    lost_there: Option<f32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Connecting,
    Connected,
}

impl Leg {
    /// A leg that connects.
    pub const fn new(bridge: BridgeId, session: Session, now: Instant) -> Self {
        Self {
            bridge,
            session,
            state: State::Connecting,
            heard_at: now,
            happened: Vec::new(),
            reported: Counters::NONE,
            round_trip: None,
            lost_there: None,
        }
    }

    /// Takes a packet in; says why the leg is to be dropped, if it is.
    pub fn take(&mut self, packet: Input<'_>, now: Instant, sent: &mut Vec<Transmit>) -> Option<LeftWhy> {
        self.heard_at = now;
        why(self.session.take(now, packet, sent, &mut self.happened))
    }

    /// Takes a packet of media in, likewise.
    pub fn take_media(&mut self, packet: Input<'_>, now: Instant, sent: &mut Vec<Transmit>) -> Option<LeftWhy> {
        self.heard_at = now;
        why(self.session.take_media(packet, sent, &mut self.happened))
    }

    /// Sends a frame, once connected.
    pub fn hear(&mut self, now: Instant, frame: &Frame, sent: &mut Vec<Transmit>) -> Option<LeftWhy> {
        match self.state {
            State::Connecting => None,
            State::Connected => why(self.session.send(now, frame, sent, &mut self.happened)),
        }
    }

    /// Does what is due.
    pub fn wake(&mut self, now: Instant, sent: &mut Vec<Transmit>) -> Option<LeftWhy> {
        let silent = now.saturating_duration_since(self.heard_at);
        match self.state {
            State::Connecting if silent >= CONNECT_WITHIN => return Some(LeftWhy::NeverConnected),
            State::Connected if silent >= LOST_AFTER => return Some(LeftWhy::Lost),
            State::Connecting | State::Connected => {}
        }
        // Whoever is connected is sent a frame every 20 ms, and with it does what is due.
        if self.state == State::Connected || self.session.deadline > now {
            return None;
        }
        why(self.session.take(now, Input::Timeout(now), sent, &mut self.happened))
    }

    /// Whether there is something to attend to.
    pub const fn has_news(&self) -> bool {
        !self.happened.is_empty()
    }

    /// Attends to it; says whether the peer has gone.
    pub fn settle(&mut self, id: LegId, mut bridge: Option<&mut Bridge>, events: &mut Vec<Event>) -> bool {
        let mut closed = false;
        for happening in self.happened.drain(..) {
            match happening {
                Happening::Connected => {
                    self.state = State::Connected;
                    events.push(Event::LegConnected { leg: id });
                }
                Happening::Audio { timestamp, payload } => {
                    if let Some(bridge) = bridge.as_deref_mut() {
                        bridge.push(id, timestamp, payload.iter().map(|byte| g711::decode(*byte)));
                    }
                }
                Happening::Pressed(digit) => events.push(Event::Pressed { leg: id, digit }),
                Happening::Way { round_trip, lost_there } => {
                    self.round_trip = round_trip;
                    self.lost_there = lost_there;
                }
                Happening::Closed => closed = true,
            }
        }
        closed
    }

    /// How the connection was since the last report.
    pub fn quality(&mut self, now: Counters, buffered_ms: u32) -> Quality {
        let since = now.since(self.reported);
        self.reported = now;
        Quality {
            since,
            buffered_ms,
            round_trip: self.round_trip,
            lost_there: self.lost_there,
        }
    }
}

const fn why(taken: Result<(), Broken>) -> Option<LeftWhy> {
    match taken {
        Ok(()) => None,
        Err(Broken) => Some(LeftWhy::Broken),
    }
}
