//! Many peers on sockets of their own, driven by one thread: each says a frame of noise every 20 ms and counts what it hears.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use casewire_voice::peer::{Offering, Packet, Peer, Way};
use casewire_voice::{BridgeId, Engine, FRAME, LegId, Role};

use super::trouble;
use crate::process::Failure;

const FRAME_TIME: Duration = Duration::from_millis(20);
/// How long the crowd may take to connect.
const PATIENCE: Duration = Duration::from_secs(60);

/// The time, for peers that take it as an argument.
#[expect(clippy::disallowed_methods, reason = "peers take the time itself, not how long something took")]
pub fn now() -> Instant {
    Instant::now()
}

/// A peer and its socket.
pub struct Member {
    /// Its leg.
    pub leg: LegId,
    peer: Peer,
    socket: UdpSocket,
}

impl Member {
    /// Lets a peer in; it is not connected yet.
    pub async fn enter(engine: &Engine, bridge: BridgeId, role: Role) -> Result<Self, Failure> {
        let socket = UdpSocket::bind(("127.0.0.1", 0))?;
        socket.set_nonblocking(true)?;
        let (offering, offer) = Offering::new(socket.local_addr()?, Way::Udp, now()).map_err(trouble)?;
        let (leg, answer) = engine.add_leg(bridge, role, &offer).await.map_err(trouble)?;
        let peer = offering.answered(&answer, now()).map_err(trouble)?;
        Ok(Self { leg, peer, socket })
    }

    /// Whether it is connected.
    pub const fn is_connected(&self) -> bool {
        self.peer.is_connected()
    }

    /// Says a frame.
    pub fn say(&mut self, frame: &[i16; FRAME]) -> Result<(), Failure> {
        let packets = self.peer.say(frame, now()).map_err(trouble)?;
        self.send(packets)
    }

    /// Hears what has come: the samples of each packet.
    pub fn listen(&mut self) -> Result<Vec<Vec<i16>>, Failure> {
        let mut buffer = [0; 2_000];
        while let Ok((length, from)) = self.socket.recv_from(&mut buffer) {
            let packet = buffer.get(..length).unwrap_or(&[]);
            let packets = self.peer.take(from, packet, now()).map_err(trouble)?;
            self.send(packets)?;
        }
        Ok(self.peer.heard().into_iter().map(|piece| piece.samples).collect())
    }

    fn send(&self, packets: Vec<Packet>) -> Result<(), Failure> {
        for packet in packets {
            self.socket.send_to(&packet.bytes, packet.to)?;
        }
        Ok(())
    }
}

/// What a crowd heard.
pub struct Heard {
    /// Frames, all peers together.
    pub frames: f64,
    /// How long it took.
    pub seconds: f64,
}

/// Many peers.
#[derive(Default)]
pub struct Crowd {
    members: Vec<Member>,
    dice: u32,
}

impl Crowd {
    /// How many.
    pub const fn size(&self) -> usize {
        self.members.len()
    }

    /// Lets one in.
    pub async fn enter(&mut self, engine: &Engine, bridge: BridgeId, role: Role) -> Result<(), Failure> {
        self.members.push(Member::enter(engine, bridge, role).await?);
        Ok(())
    }

    /// Waits until all are connected.
    pub async fn connect(&mut self) -> Result<(), Failure> {
        let begun = now();
        while !self.members.iter().all(Member::is_connected) {
            if begun.elapsed() > PATIENCE {
                return Err(Failure::new("the crowd does not connect"));
            }
            self.talk(FRAME_TIME * 5).await?;
        }
        Ok(())
    }

    /// Talks and listens for that long.
    pub async fn talk(&mut self, length: Duration) -> Result<Heard, Failure> {
        let begun = now();
        let mut next = begun;
        let mut frames = 0.0;
        while begun.elapsed() < length {
            let frame = self.noise();
            for member in &mut self.members {
                member.say(&frame)?;
                frames += member.listen()?.into_iter().map(|_| 1.0).sum::<f64>();
            }
            next += FRAME_TIME;
            tokio::time::sleep(next.saturating_duration_since(now())).await;
        }
        Ok(Heard {
            frames,
            seconds: begun.elapsed().as_secs_f64(),
        })
    }

    fn noise(&mut self) -> [i16; FRAME] {
        let mut frame = [0; FRAME];
        for sample in &mut frame {
            self.dice = self.dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *sample = i16::try_from(self.dice >> 20).unwrap_or(0);
        }
        frame
    }
}
