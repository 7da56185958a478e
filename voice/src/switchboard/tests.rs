//! The switchboard with peers on a wire of its own and a clock that is moved by hand: no socket, no thread, no waiting.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::crypto;
use crate::jitter::FRAME;
use crate::peer::{Offering, Packet, Peer, Way};
use crate::session::Identity;

const BRIDGE: BridgeId = BridgeId(1);
const OURS: &str = "10.0.0.1:5000";

fn ours() -> SocketAddr {
    OURS.parse().unwrap()
}

struct World {
    board: Switchboard,
    identity: Identity,
    peers: Vec<(LegId, SocketAddr, Option<Peer>)>,
    wire: VecDeque<(SocketAddr, Packet)>,
    now: Instant,
    events: Vec<Event>,
    /// What each leg says.
    said: HashMap<LegId, i16>,
    /// The last sample that each leg heard.
    heard: HashMap<LegId, i16>,
}

impl World {
    #[expect(clippy::disallowed_methods, reason = "a point to count from")]
    fn new() -> Self {
        let provider = crypto::provider();
        let certificate = provider.dtls_provider.generate_certificate().unwrap();
        let reach = Reach {
            udp: vec![ours()],
            tcp: Vec::new(),
        };
        let mut board = Switchboard::new(reach, 10);
        board.start(BRIDGE);
        Self {
            board,
            identity: Identity {
                crypto: Arc::new(provider),
                certificate,
            },
            peers: Vec::new(),
            wire: VecDeque::new(),
            now: Instant::now(),
            events: Vec::new(),
            said: HashMap::new(),
            heard: HashMap::new(),
        }
    }

    fn offer(&mut self, number: u8, role: Role) -> (LegId, SocketAddr, Peer) {
        let leg = LegId(u64::from(number));
        let address: SocketAddr = format!("10.0.0.{}:6000", 100 + number).parse().unwrap();
        let (offering, offer) = Offering::new(address, Way::Udp, self.now).unwrap();
        let (session, answer) = Session::answer(&self.identity, &self.board.reach, &offer, self.now).unwrap();
        self.board.add_leg(BRIDGE, leg, role, session, self.now).unwrap();
        (leg, address, offering.answered(&answer, self.now).unwrap())
    }

    fn enter(&mut self, number: u8, role: Role) -> LegId {
        let (leg, address, peer) = self.offer(number, role);
        self.peers.push((leg, address, Some(peer)));
        for _ in 0..100 {
            self.frame();
            if self.events.contains(&Event::LegConnected { leg }) {
                return leg;
            }
        }
        panic!("the leg does not connect");
    }

    /// Twenty milliseconds.
    fn frame(&mut self) {
        for half in 0..2 {
            for (leg, address, peer) in &mut self.peers {
                let Some(peer) = peer else { continue };
                let level = self.said.get(leg).copied().unwrap_or(0);
                let packets = if half == 0 {
                    peer.say(&[level; FRAME], self.now)
                } else {
                    peer.wake(self.now)
                };
                self.wire
                    .extend(packets.unwrap_or_default().into_iter().map(|packet| (*address, packet)));
            }
            if half == 0 {
                self.board.tick(self.now);
            }
            self.board.wake(self.now);
            self.carry();
            self.now += Duration::from_millis(10);
        }
        for (leg, _, peer) in &mut self.peers {
            for piece in peer.iter_mut().flat_map(Peer::heard) {
                self.heard.insert(*leg, *piece.samples.last().unwrap());
            }
        }
    }

    /// Everything that is on the wire arrives, until nothing more is sent.
    fn carry(&mut self) {
        loop {
            for packet in std::mem::take(&mut self.board.outbox.packets) {
                let to = packet.destination;
                let bytes = packet.contents.to_vec();
                self.wire.push_back((ours(), Packet { to, bytes }));
            }
            let Some((from, packet)) = self.wire.pop_front() else { break };
            if packet.to == ours() {
                self.board.receive(Protocol::Udp, from, &packet.bytes, self.now);
                continue;
            }
            let peer = self.peers.iter_mut().find(|(_, address, _)| *address == packet.to);
            if let Some((_, address, Some(peer))) = peer {
                let answers = peer.take(from, &packet.bytes, self.now).unwrap_or_default();
                self.wire.extend(answers.into_iter().map(|packet| (*address, packet)));
            }
        }
        self.events.append(&mut self.board.outbox.events);
    }

    fn frames(&mut self, count: u32) {
        for _ in 0..count {
            self.frame();
        }
    }

    fn left(&self) -> Vec<(LegId, LeftWhy)> {
        let left = |event: &Event| match event {
            Event::LegLeft { leg, why } => Some((*leg, *why)),
            Event::LegConnected { .. }
            | Event::Pressed { .. }
            | Event::Quality { .. }
            | Event::Played(_)
            | Event::Recorded { .. }
            | Event::RecordingFailed { .. } => None,
        };
        self.events.iter().filter_map(left).collect()
    }

    fn peer(&mut self, leg: LegId) -> &mut Option<Peer> {
        let mut peers = self.peers.iter_mut();
        peers.find(|(there, _, _)| *there == leg).map(|(_, _, peer)| peer).unwrap()
    }
}

/// Levels that G.711 carries exactly.
const HIGH: i16 = 7_932;
const LOW: i16 = 1_980;

#[test]
fn legs_connect_and_hear_each_other_without_a_socket() {
    let mut world = World::new();
    let agent = world.enter(1, Role::Agent);
    let outside = world.enter(2, Role::Outside);
    world.said = HashMap::from([(agent, HIGH), (outside, LOW)]);
    world.frames(20);
    assert!((world.heard.get(&agent).unwrap() - LOW).abs() < 64);
    assert!((world.heard.get(&outside).unwrap() - HIGH).abs() < 256);
    assert_eq!(world.left(), []);
}

#[test]
fn a_leg_that_falls_silent_is_lost_after_ten_seconds_and_one_that_goes_is_gone_at_once() {
    let mut world = World::new();
    let agent = world.enter(1, Role::Agent);
    let outside = world.enter(2, Role::Outside);
    *world.peer(agent) = None;
    world.frames(490);
    assert_eq!(world.left(), []);
    world.frames(20);
    assert_eq!(world.left(), [(agent, LeftWhy::Lost)]);
    let now = world.now;
    let goodbye = world.peer(outside).as_mut().unwrap().close(now);
    world
        .wire
        .extend(goodbye.into_iter().map(|packet| ("10.0.0.102:6000".parse().unwrap(), packet)));
    world.frames(2);
    assert_eq!(world.left(), [(agent, LeftWhy::Lost), (outside, LeftWhy::Closed)]);
    assert_eq!(world.board.size(), (1, 0));
}

#[test]
fn a_leg_that_never_connects_is_dropped_after_thirty_seconds() {
    let mut world = World::new();
    let (leg, _, _) = world.offer(1, Role::Agent);
    world.frames(1_480);
    assert_eq!(world.left(), []);
    world.frames(40);
    assert_eq!(world.left(), [(leg, LeftWhy::NeverConnected)]);
}

#[test]
fn quality_and_levels_are_told_while_a_call_runs() {
    let mut world = World::new();
    let agent = world.enter(1, Role::Agent);
    world.enter(2, Role::Outside);
    world.said.insert(agent, HIGH);
    world.board.outbox.meters.clear();
    world.frames(300);
    let meter = world.board.outbox.meters.last().unwrap();
    let level = meter.levels.iter().find(|level| level.leg == agent).unwrap();
    assert!((level.decibels + 12.3).abs() < 0.5, "{}", level.decibels);
    let mut told = None;
    for event in &world.events {
        if let Event::Quality { leg, quality } = event
            && *leg == agent
        {
            told = Some(*quality);
        }
    }
    let quality = told.unwrap();
    assert!(quality.since.received >= 40 && quality.since.concealed == 0, "{quality:?}");
    assert!(quality.buffered_ms <= 60, "{quality:?}");
}

#[test]
fn packets_from_strangers_change_nothing() {
    let mut world = World::new();
    let agent = world.enter(1, Role::Agent);
    let stranger = "10.9.9.9:1".parse().unwrap();
    for packet in [&b""[..], &[0; 20], &[0x80; 172], &[22; 60], &[255; 1_500]] {
        world.board.receive(Protocol::Udp, stranger, packet, world.now);
    }
    world.frames(5);
    assert_eq!(world.left(), []);
    assert!(world.board.legs.contains_key(&agent));
}
