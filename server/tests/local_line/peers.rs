//! Peers on real UDP without a browser: each says its tone, a frame every 20 ms, and keeps what it hears. Time is counted in frames that
//! were said, never in seconds.

use std::collections::BTreeMap;
use std::f64::consts::TAU;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

use casewire_voice::FRAME;
use casewire_voice::peer::{Offering, Packet, Peer, Way};

const FRAME_TIME: Duration = Duration::from_millis(20);
/// Louder than this is heard, softer than that is not; a tone is at -28 dB.
pub const HEARD: f64 = -40.0;
pub const UNHEARD: f64 = -60.0;
/// Samples in a window: 200 ms.
const WINDOW: usize = 1_600;

/// The time, for peers that take it as an argument.
#[expect(clippy::disallowed_methods, reason = "real sockets run on the real clock")]
fn now() -> Instant {
    Instant::now()
}

/// An offer that waits for its answer.
pub struct Offered {
    offering: Offering,
    socket: UdpSocket,
    hertz: f64,
    pub sdp: String,
}

impl Offered {
    pub fn new(hertz: f64) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let (offering, sdp) = Offering::new(socket.local_addr().unwrap(), Way::Udp, now()).unwrap();
        Self {
            offering,
            socket,
            hertz,
            sdp,
        }
    }

    pub fn answered(self, sdp: &str) -> Voice {
        Voice {
            peer: self.offering.answered(sdp, now()).unwrap(),
            socket: self.socket,
            hertz: self.hertz,
            clock: 0,
            heard: BTreeMap::new(),
        }
    }
}

/// Somebody on a call.
pub struct Voice {
    peer: Peer,
    socket: UdpSocket,
    pub hertz: f64,
    clock: u64,
    heard: BTreeMap<u64, Vec<i16>>,
}

impl Voice {
    pub fn is_connected(&self) -> bool {
        self.peer.is_connected()
    }

    fn say(&mut self) {
        let mut frame = [0; FRAME];
        for (sample, at) in frame.iter_mut().zip(self.clock..) {
            *sample = tone(self.hertz, at);
        }
        self.clock += 160;
        if let Ok(packets) = self.peer.say(&frame, now()) {
            self.send(&packets);
        }
    }

    fn listen(&mut self) {
        let mut buffer = [0; 2_000];
        while let Ok((length, from)) = self.socket.recv_from(&mut buffer) {
            if let Ok(packets) = self.peer.take(from, &buffer[..length], now()) {
                self.send(&packets);
            }
        }
        self.heard
            .extend(self.peer.heard().into_iter().map(|piece| (piece.timestamp, piece.samples)));
    }

    /// A full buffer is loss like any other.
    fn send(&self, packets: &[Packet]) {
        for packet in packets {
            drop(self.socket.send_to(&packet.bytes, packet.to));
        }
    }

    pub fn forget(&mut self) {
        self.heard.clear();
    }

    pub fn level(&self, hertz: f64) -> f64 {
        let (mut whole, mut run, mut next) = (Vec::new(), Vec::new(), 0);
        for (timestamp, samples) in &self.heard {
            if *timestamp != next {
                run.clear();
            }
            run.extend(samples);
            next = timestamp + 160;
            if run.len() >= WINDOW {
                whole.append(&mut run);
            }
        }
        level(&whole, hertz)
    }
}

/// So many frames of everybody's talk.
pub async fn talk(people: &mut BTreeMap<&'static str, Voice>, frames: usize) {
    let mut next = now();
    for _ in 0..frames {
        people.values_mut().for_each(Voice::say);
        // A stall is not made up for: the frames of it are simply said later.
        next = (next + FRAME_TIME).max(now());
        while now() < next {
            people.values_mut().for_each(Voice::listen);
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a small amplitude, and minutes at most"
)]
fn tone(hertz: f64, at: u64) -> i16 {
    let amplitude = 32_768.0 * 10_f64.powf(-28.0 / 20.0);
    ((TAU * hertz * at as f64 / 8_000.0).sin() * amplitude) as i16
}

/// How loud a frequency is in the middle one of all whole windows, as dB of full scale (Goertzel, with a Hann window).
pub fn level(samples: &[i16], hertz: f64) -> f64 {
    let levels = levels(samples, hertz);
    levels.get(levels.len() / 2).copied().unwrap_or(f64::NEG_INFINITY)
}

/// The same in the loudest of them.
pub fn loudest(samples: &[i16], hertz: f64) -> f64 {
    levels(samples, hertz).last().copied().unwrap_or(f64::NEG_INFINITY)
}

fn levels(samples: &[i16], hertz: f64) -> Vec<f64> {
    let windows = samples.chunks_exact(WINDOW);
    let mut levels: Vec<f64> = windows.map(|window| level_of(window, hertz)).collect();
    levels.sort_by(f64::total_cmp);
    levels
}

#[expect(clippy::cast_precision_loss, reason = "a window is short")]
fn level_of(samples: &[i16], hertz: f64) -> f64 {
    let length = samples.len() as f64;
    let coefficient = 2.0 * (TAU * hertz / 8_000.0).cos();
    let (mut before, mut last, mut gain) = (0.0, 0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let weight = 0.5 - 0.5 * (TAU * at as f64 / length).cos();
        gain += weight;
        (before, last) = (last, f64::from(*sample) * weight + coefficient * last - before);
    }
    let power = before * before + last * last - coefficient * before * last;
    20.0 * (2.0 * power.max(1e-9).sqrt() / gain / 32_768.0).log10()
}
