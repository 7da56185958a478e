//! A hall of peers on real UDP, each with its tone, and what each has heard. Time is counted in frames that were said, never in seconds.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use casewire_voice::peer::{Offering, Packet, Peer, Way};
use casewire_voice::{BridgeId, Config, Engine, Event, Events, FRAME, LegId, Role};

use crate::relay::Relay;
use crate::spectrum;

const FRAME_TIME: Duration = Duration::from_millis(20);
/// How long anything may take at all before a test gives up.
const GIVE_UP: Duration = Duration::from_secs(60);

/// How a peer is connected.
pub enum Network {
    Direct,
    Lossy,
}

pub struct Somebody {
    pub leg: LegId,
    pub hertz: f64,
    peer: Peer,
    socket: UdpSocket,
    clock: u64,
    /// What it heard, by the engine's clock: what was lost on the way is a gap.
    heard: BTreeMap<u64, Vec<i16>>,
    pub relay: Option<Relay>,
    pub pressed: Vec<char>,
}

pub struct Hall {
    pub engine: Engine,
    pub events: Events,
    pub people: BTreeMap<&'static str, Somebody>,
    next: Instant,
}

/// An engine on loopback, on whatever port is free.
pub fn engine() -> (Engine, Events) {
    let config = Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        listen_tcp: Some("127.0.0.1:0".parse().unwrap()),
        advertise: Vec::new(),
        most_legs: 100,
    };
    Engine::open(&config).unwrap()
}

impl Hall {
    pub fn new() -> Self {
        let (engine, events) = engine();
        Self {
            engine,
            events,
            people: BTreeMap::new(),
            next: Instant::now(),
        }
    }

    /// Lets somebody in, and waits until they are connected.
    pub async fn enter(&mut self, name: &'static str, hertz: f64, bridge: BridgeId, role: Role, network: Network) -> LegId {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let now = Instant::now();
        let (offering, offer) = Offering::new(socket.local_addr().unwrap(), Way::Udp, now).unwrap();
        let (leg, mut answer) = self.engine.add_leg(bridge, role, &offer).await.unwrap();
        let at: SocketAddr = *self.engine.reach().udp.first().unwrap();
        let relay = match network {
            Network::Direct => None,
            Network::Lossy => Some(Relay::to(at)),
        };
        if let Some(relay) = &relay {
            answer = relay.instead(&answer, at);
        }
        let somebody = Somebody {
            leg,
            hertz,
            peer: offering.answered(&answer, now).unwrap(),
            socket,
            clock: 0,
            heard: BTreeMap::new(),
            relay,
            pressed: Vec::new(),
        };
        self.people.insert(name, somebody);
        let begun = Instant::now();
        while !self.people.values().all(|somebody| somebody.peer.is_connected()) {
            assert!(begun.elapsed() < GIVE_UP, "{name} does not connect");
            self.frame().await;
        }
        leg
    }

    /// Everybody says a frame, and hears what has come.
    pub async fn frame(&mut self) {
        let now = Instant::now();
        for somebody in self.people.values_mut() {
            let mut frame = [0; FRAME];
            for (sample, at) in frame.iter_mut().zip(somebody.clock..) {
                *sample = spectrum::tone(somebody.hertz, at);
            }
            somebody.clock += 160;
            if let Ok(packets) = somebody.peer.say(&frame, now) {
                somebody.send(packets);
            }
        }
        self.next += FRAME_TIME;
        loop {
            for somebody in self.people.values_mut() {
                somebody.listen();
            }
            let now = Instant::now();
            if now >= self.next {
                // A stall is not made up for: the frames of it are simply said later.
                self.next = self.next.max(now.checked_sub(FRAME_TIME).unwrap());
                return;
            }
            tokio::time::sleep((self.next - now).min(Duration::from_millis(3))).await;
        }
    }

    /// Lets a second go by unheard and forgets what was heard so far, then listens for another two and a half.
    pub async fn listen(&mut self) {
        for _ in 0..50 {
            self.frame().await;
        }
        for somebody in self.people.values_mut() {
            somebody.heard.clear();
        }
        for _ in 0..125 {
            self.frame().await;
        }
    }

    /// Asserts what `listener` has heard: of all tones these and no others.
    pub fn assert_hears(&self, listener: &str, expected: &[&str], when: &str) {
        let samples = self.people.get(listener).unwrap().stretch();
        for (name, somebody) in &self.people {
            let loudness = spectrum::loudness(&samples, somebody.hertz);
            let heard = expected.contains(name);
            let well = if heard { loudness.is_heard() } else { loudness.is_unheard() };
            let (median, most) = (loudness.median, loudness.most);
            assert!(
                well,
                "{when}: {listener} hears {name} at {median:.0} to {most:.0} dB, to be heard: {heard}"
            );
        }
    }

    /// Asserts that not even silence was sent to somebody who is off the call.
    pub fn assert_sent_nothing(&self, name: &str) {
        assert!(self.people.get(name).unwrap().heard.is_empty(), "{name} is still sent audio");
    }

    /// Takes somebody away without goodbye.
    pub fn kill(&mut self, name: &str) {
        self.people.remove(name).unwrap();
    }

    pub fn leg(&self, name: &str) -> LegId {
        self.people.get(name).unwrap().leg
    }

    /// The next event that is wanted.
    pub async fn event(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        let begun = Instant::now();
        loop {
            while let Ok(event) = self.events.events.try_recv() {
                if wanted(&event) {
                    return event;
                }
            }
            assert!(begun.elapsed() < GIVE_UP, "the event does not come");
            self.frame().await;
        }
    }

    pub fn press(&mut self, name: &str, digit: casewire_voice::Digit) {
        self.people.get_mut(name).unwrap().peer.press(digit);
    }

    pub fn goodbye(&mut self, name: &str) {
        let mut somebody = self.people.remove(name).unwrap();
        let packets = somebody.peer.close(Instant::now());
        somebody.send(packets);
    }
}

impl Somebody {
    fn send(&self, packets: Vec<Packet>) {
        for packet in packets {
            assert!(self.socket.send_to(&packet.bytes, packet.to).is_ok());
        }
    }

    fn listen(&mut self) {
        let mut buffer = [0; 2_000];
        while let Ok((length, from)) = self.socket.recv_from(&mut buffer) {
            if let Ok(packets) = self.peer.take(from, buffer.get(..length).unwrap(), Instant::now()) {
                self.send(packets);
            }
        }
        self.pressed.extend(self.peer.pressed().into_iter().map(casewire_voice::Digit::key));
        self.heard
            .extend(self.peer.heard().into_iter().map(|piece| (piece.timestamp, piece.samples)));
    }

    /// Whole windows of what was heard without a gap, one after the other.
    fn stretch(&self) -> Vec<i16> {
        let (mut whole, mut run, mut next) = (Vec::new(), Vec::new(), 0);
        for (timestamp, samples) in &self.heard {
            if *timestamp != next {
                run.clear();
            }
            run.extend(samples);
            next = timestamp + 160;
            if run.len() >= spectrum::WINDOW {
                whole.append(&mut run);
            }
        }
        whole
    }
}
