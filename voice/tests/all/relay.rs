//! A bad network between one peer and the engine: it loses 5% of the packets, delays each by up to 60 ms, and so disorders them.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const LOSS_PERCENT: u64 = 5;
const MOST_DELAY_MS: u64 = 60;

/// A relay that runs until it is dropped.
pub struct Relay {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    lost: Arc<AtomicU64>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Relay {
    /// A relay to the engine.
    pub fn to(engine: SocketAddr) -> Self {
        let near = UdpSocket::bind("127.0.0.1:0").unwrap();
        let far = UdpSocket::bind("127.0.0.1:0").unwrap();
        for socket in [&near, &far] {
            socket.set_nonblocking(true).unwrap();
        }
        let address = near.local_addr().unwrap();
        let (stop, lost) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut runs = Running {
            near,
            far,
            engine,
            peer: None,
            waiting: BTreeMap::new(),
            dice: 0x5EED,
            number: 0,
            lost: Arc::clone(&lost),
        };
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                runs.turn();
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        Self {
            address,
            stop,
            lost,
            thread: Some(thread),
        }
    }

    /// The engine's answer, with the relay's port in the place of the engine's.
    pub fn instead(&self, answer: &str, engine: SocketAddr) -> String {
        answer.replace(&format!(" {} typ", engine.port()), &format!(" {} typ", self.address.port()))
    }

    /// How many packets it has lost.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            assert!(thread.join().is_ok() || std::thread::panicking());
        }
    }
}

#[derive(Clone, Copy)]
enum To {
    Engine,
    Peer,
}

struct Running {
    near: UdpSocket,
    far: UdpSocket,
    engine: SocketAddr,
    peer: Option<SocketAddr>,
    waiting: BTreeMap<(Instant, u64), (To, Vec<u8>)>,
    dice: u64,
    number: u64,
    lost: Arc<AtomicU64>,
}

impl Running {
    fn turn(&mut self) {
        let mut buffer = [0; 2_000];
        while let Ok((length, from)) = self.near.recv_from(&mut buffer) {
            self.peer = Some(from);
            self.throw(To::Engine, buffer.get(..length).unwrap());
        }
        while let Ok((length, _)) = self.far.recv_from(&mut buffer) {
            self.throw(To::Peer, buffer.get(..length).unwrap());
        }
        let now = Instant::now();
        while let Some(entry) = self.waiting.first_entry().filter(|entry| entry.key().0 <= now) {
            let (to, packet) = entry.remove();
            let sent = match (to, self.peer) {
                (To::Engine, _) => self.far.send_to(&packet, self.engine),
                (To::Peer, Some(peer)) => self.near.send_to(&packet, peer),
                (To::Peer, None) => Ok(0),
            };
            // A full buffer is loss like any other.
            drop(sent);
        }
    }

    fn throw(&mut self, to: To, packet: &[u8]) {
        if self.roll() % 100 < LOSS_PERCENT {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let due = Instant::now() + Duration::from_millis(self.roll() % MOST_DELAY_MS);
        self.number += 1;
        self.waiting.insert((due, self.number), (to, packet.to_vec()));
    }

    fn roll(&mut self) -> u64 {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.dice >> 33
    }
}
