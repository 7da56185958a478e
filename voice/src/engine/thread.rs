//! The media thread: the switchboard on real sockets and a real clock. A tick every 20 ms by absolute time, the sockets in between,
//! commands when there are any. Nothing here blocks: files have their own thread, readers of events their channels.

use std::io;
use std::time::{Duration, Instant};

use str0m::net::Protocol;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::mpsc;
use tokio::time::sleep_until;

use super::command::{Command, carry_out};
use super::sockets::{Bound, Came, LONGEST, Streams};
use crate::event::{Event, Meter};
use crate::recorder::Recorder;
use crate::session::Reach;
use crate::switchboard::{Switchboard, Taped};

const TICK: Duration = Duration::from_millis(20);
/// How often what is due between ticks is done.
const WAKE: Duration = Duration::from_millis(10);
/// Further behind than this, ticks are skipped and not caught up with: a burst would starve the socket.
const TOO_LATE: Duration = Duration::from_millis(200);
/// Packets read in one go.
const BATCH: usize = 256;

/// How the engine is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// Calls there are.
    pub calls: usize,
    /// Legs there are.
    pub legs: usize,
    /// Ticks so far.
    pub ticks: u64,
    /// Ticks that came more than 10 ms late.
    pub late_ticks: u64,
    /// Ticks that were left out because the thread was far behind.
    pub skipped_ticks: u64,
    /// The longest that the work of one tick took, in microseconds.
    pub worst_tick_us: u64,
    /// Meters that nobody read in time.
    pub meters_dropped: u64,
    /// Packets that the kernel did not take.
    pub packets_dropped: u64,
    /// Frames that the disk was too slow for, in recordings that are still open.
    pub recording_missing: u64,
}

/// Where things go from the media thread.
pub struct Outlets {
    pub events: mpsc::UnboundedSender<Event>,
    pub meters: mpsc::Sender<Meter>,
    pub recorder: Recorder,
}

/// The time, as the engine sees it.
#[expect(clippy::disallowed_methods, reason = "the clock of the media thread, which no rule depends on")]
pub fn now() -> Instant {
    Instant::now()
}

/// Starts the thread. It ends when nobody holds the engine any more.
pub fn start(sockets: Bound, reach: Reach, most_legs: usize, commands: mpsc::Receiver<Command>, outlets: Outlets) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let media = {
        let _in_runtime = runtime.enter();
        let (came_sender, came) = mpsc::channel(BATCH);
        Media {
            board: Switchboard::new(reach, most_legs),
            udp: UdpSocket::from_std(sockets.udp)?,
            listener: sockets.tcp.map(TcpListener::from_std).transpose()?,
            streams: Streams::new(came_sender),
            came,
            commands,
            outlets,
            health: Health::default(),
        }
    };
    std::thread::Builder::new()
        .name("voice-media".to_owned())
        .spawn(move || runtime.block_on(media.run()))?;
    Ok(())
}

struct Media {
    board: Switchboard,
    udp: UdpSocket,
    listener: Option<TcpListener>,
    streams: Streams,
    came: mpsc::Receiver<Came>,
    commands: mpsc::Receiver<Command>,
    outlets: Outlets,
    health: Health,
}

impl Media {
    async fn run(mut self) {
        let mut next_tick = now() + TICK;
        let mut next_wake = now() + WAKE;
        loop {
            tokio::select! {
                biased;
                () = sleep_until(next_tick.into()) => next_tick = self.tick(next_tick),
                () = sleep_until(next_wake.into()) => {
                    self.board.wake(now());
                    next_wake = now() + WAKE;
                }
                command = self.commands.recv() => {
                    let Some(command) = command else {
                        return;
                    };
                    carry_out(command, &mut self.board, &mut self.outlets.recorder, &self.health, now());
                }
                readable = self.udp.readable() => {
                    if readable.is_ok() {
                        self.read();
                    }
                }
                Some(came) = self.came.recv() => self.take(came),
                accepted = accept(self.listener.as_ref()) => {
                    if let Ok((stream, peer)) = accepted {
                        self.streams.add(stream, peer);
                    }
                }
            }
            self.empty();
        }
    }

    /// One tick, and when the next one is due.
    fn tick(&mut self, due: Instant) -> Instant {
        // What has arrived belongs to this tick, and the kernel's buffer must not overflow while ticks are late.
        self.read();
        let begun = now();
        let late = begun.saturating_duration_since(due);
        if late > TICK / 2 {
            self.health.late_ticks += 1;
        }
        self.board.tick(begun);
        self.empty();
        self.health.ticks += 1;
        let took = now().saturating_duration_since(begun);
        self.health.worst_tick_us = self.health.worst_tick_us.max(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        if late > TOO_LATE {
            let skipped = late.as_millis() / TICK.as_millis();
            self.health.skipped_ticks += u64::try_from(skipped).unwrap_or(0);
            return begun + TICK;
        }
        due + TICK
    }

    fn read(&mut self) {
        let mut buffer = [0; LONGEST];
        for _ in 0..BATCH {
            let Ok((length, source)) = self.udp.try_recv_from(&mut buffer) else {
                return;
            };
            if let Some(packet) = buffer.get(..length) {
                self.board.receive(Protocol::Udp, source, packet, now());
            }
        }
    }

    fn take(&mut self, came: Came) {
        match came {
            Came::Packet(peer, packet) => self.board.receive(Protocol::Tcp, peer, &packet, now()),
            Came::Ended(peer) => self.streams.remove(peer),
        }
    }

    /// Hands on what came out of the switchboard.
    fn empty(&mut self) {
        let outbox = &mut self.board.outbox;
        for packet in outbox.packets.drain(..) {
            if packet.proto == Protocol::Udp {
                if self.udp.try_send_to(&packet.contents, packet.destination).is_err() {
                    self.health.packets_dropped += 1;
                }
            } else {
                self.streams.send(packet.destination, &packet.contents);
            }
        }
        for event in outbox.events.drain(..) {
            if self.outlets.events.send(event).is_err() {
                tracing::debug!("nobody listens to the voice engine any more");
            }
        }
        for meter in outbox.meters.drain(..) {
            if self.outlets.meters.try_send(meter).is_err() {
                self.health.meters_dropped += 1;
            }
        }
        for (recording, taped) in outbox.taped.drain(..) {
            match taped {
                Taped::Frame(number, frame) => self.outlets.recorder.frame(recording, number, frame),
                Taped::Stopped => self.outlets.recorder.close(recording),
            }
        }
        self.outlets.recorder.retry();
    }
}

/// The next connection; never, where there is no listener.
async fn accept(listener: Option<&TcpListener>) -> io::Result<(tokio::net::TcpStream, std::net::SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}
