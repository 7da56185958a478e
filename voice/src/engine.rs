//! What the server holds: an [`Engine`] that takes offers and commands and gives events. Everything is carried out by one media thread
//! on which nothing blocks; what costs time (answering an offer, opening a file) is done here, by whoever asks.

mod command;
mod sockets;
mod thread;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot};

use crate::bridge::Tape;
use crate::clip::{Clip, Repeat};
use crate::crypto;
use crate::event::{Event, Meter};
use crate::hears::{Hold, Microphone, Role, Supervision};
use crate::id::{BridgeId, LegId, PlaybackId, RecordingId};
use crate::keypad::Digit;
use crate::recorder::{self, Recorder};
use crate::session::{Identity, OfferError, Reach, Session};
use crate::switchboard::VoiceError;
use command::Command;
pub use thread::Health;

/// Commands that may wait for the media thread; whoever sends more waits.
const COMMANDS: usize = 256;
/// Meters that may wait for whoever reads them; more are thrown away.
const METERS: usize = 256;

/// Where the engine listens, and what of it is told to browsers.
#[derive(Debug, Clone)]
pub struct Config {
    /// The UDP address of all calls. Port 0 takes any.
    pub listen: SocketAddr,
    /// The TCP address for networks that let no UDP through, if one is wanted.
    pub listen_tcp: Option<SocketAddr>,
    /// The addresses that browsers are told: those of this machine in its networks, or the public one of a NAT that maps one to one.
    /// Firefox takes no loopback address.
    pub advertise: Vec<IpAddr>,
    /// How many legs there may be at once.
    pub most_legs: usize,
}

/// Why the engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A socket or a thread could not be had.
    #[error("the voice engine cannot listen")]
    Io(#[from] std::io::Error),
    /// Listening everywhere, and no address to tell browsers.
    #[error("no address to advertise")]
    NothingToAdvertise,
    /// No certificate could be made.
    #[error("no certificate could be made")]
    NoCertificate,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The engine has stopped.
    #[error("the voice engine has stopped")]
    Stopped,
    /// The offer is refused.
    #[error(transparent)]
    Offer(#[from] OfferError),
    /// The command is refused.
    #[error(transparent)]
    Voice(#[from] VoiceError),
    /// The file of a recording could not be made.
    #[error("the recording cannot be written")]
    Io(#[from] std::io::Error),
}

/// What happens, to be read by one reader.
#[derive(Debug)]
pub struct Events {
    /// What must not be lost.
    pub events: mpsc::UnboundedReceiver<Event>,
    /// Level meters: thrown away while nobody reads.
    pub meters: mpsc::Receiver<Meter>,
}

/// The engine. Clones are the same engine; it stops when the last is dropped.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    commands: mpsc::Sender<Command>,
    identity: Identity,
    reach: Reach,
    last_id: AtomicU64,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("reach", &self.shared.reach).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the sockets and starts the media thread.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(config: &Config) -> Result<(Self, Events), OpenError> {
        let provider = crypto::provider();
        let certificate = provider.dtls_provider.generate_certificate().ok_or(OpenError::NoCertificate)?;
        let sockets = sockets::Bound::open(config)?;
        let reach = sockets.reach(config)?;
        let (commands, received) = mpsc::channel(COMMANDS);
        let (event_sender, events) = mpsc::unbounded_channel();
        let (meter_sender, meters) = mpsc::channel(METERS);
        let (recorder, _) = Recorder::start(event_sender.clone())?;
        let outlets = thread::Outlets {
            events: event_sender,
            meters: meter_sender,
            recorder,
        };
        thread::start(sockets, reach.clone(), config.most_legs, received, outlets)?;
        let shared = Shared {
            commands,
            identity: Identity {
                crypto: Arc::new(provider),
                certificate,
            },
            reach,
            last_id: AtomicU64::new(0),
        };
        Ok((Self { shared: Arc::new(shared) }, Events { events, meters }))
    }

    /// Where it can be reached.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.shared.reach
    }

    /// Begins a call without legs.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn start(&self) -> Result<BridgeId, EngineError> {
        let bridge = BridgeId(self.next_id());
        self.ask(|reply| Command::Start { bridge, reply }).await?;
        Ok(bridge)
    }

    /// Answers an SDP offer with a leg on a call; an agent who takes over is a new leg, and the old one is removed.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn add_leg(&self, bridge: BridgeId, role: Role, offer: &str) -> Result<(LegId, String), EngineError> {
        let (session, answer) = Session::answer(&self.shared.identity, &self.shared.reach, offer, thread::now())?;
        let leg = LegId(self.next_id());
        let session = Box::new(session);
        self.ask(|reply| Command::AddLeg {
            bridge,
            leg,
            role,
            session,
            reply,
        })
        .await??;
        Ok((leg, answer))
    }

    /// Sets what a supervisor does. When this returns it is so, and nothing they said before will be heard by anybody new.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn set_supervision(&self, leg: LegId, supervision: Supervision) -> Result<(), EngineError> {
        Ok(self.ask(|reply| Command::Supervise { leg, supervision, reply }).await??)
    }

    /// Opens or mutes a microphone.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn set_microphone(&self, leg: LegId, microphone: Microphone) -> Result<(), EngineError> {
        Ok(self.ask(|reply| Command::Microphone { leg, microphone, reply }).await??)
    }

    /// Puts a leg on hold, or takes it back.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn set_hold(&self, leg: LegId, hold: Hold) -> Result<(), EngineError> {
        Ok(self.ask(|reply| Command::Hold { leg, hold, reply }).await??)
    }

    /// Plays a clip to one leg, also on hold; it is not recorded.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn play(&self, leg: LegId, clip: Clip, repeat: Repeat) -> Result<PlaybackId, EngineError> {
        let id = PlaybackId(self.next_id());
        self.ask(|reply| Command::Play {
            leg,
            id,
            clip,
            repeat,
            reply,
        })
        .await??;
        Ok(id)
    }

    /// Plays a clip to everybody on a call and to its recording.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn announce(&self, bridge: BridgeId, clip: Clip, repeat: Repeat) -> Result<PlaybackId, EngineError> {
        let id = PlaybackId(self.next_id());
        self.ask(|reply| Command::Announce {
            bridge,
            id,
            clip,
            repeat,
            reply,
        })
        .await??;
        Ok(id)
    }

    /// Stops what is played; no error where it ended already.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn stop_playing(&self, id: PlaybackId) -> Result<(), EngineError> {
        self.ask(|reply| Command::StopPlaying { id, reply }).await
    }

    /// Presses a key for a leg to receive.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn press(&self, leg: LegId, digit: Digit) -> Result<(), EngineError> {
        Ok(self.ask(|reply| Command::Press { leg, digit, reply }).await??)
    }

    /// Records a call to a new WAV file: agent left, everybody else who is heard by the outside party right.
    ///
    /// # Errors
    /// [`EngineError`]; the file must not exist yet.
    pub async fn record(&self, bridge: BridgeId, path: PathBuf) -> Result<RecordingId, EngineError> {
        let created = tokio::task::spawn_blocking(move || recorder::create(&path)).await;
        let file = created.map_err(|_| EngineError::Stopped)??;
        let recording = RecordingId(self.next_id());
        self.ask(|reply| Command::Record {
            bridge,
            recording,
            file,
            reply,
        })
        .await??;
        Ok(recording)
    }

    /// Leaves out of the recording what is said from now on.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn pause(&self, recording: RecordingId) -> Result<(), EngineError> {
        self.set_tape(recording, Tape::Paused).await
    }

    /// Goes on recording.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn resume(&self, recording: RecordingId) -> Result<(), EngineError> {
        self.set_tape(recording, Tape::Running).await
    }

    /// Ends a recording; an event says when its file is complete.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn stop_recording(&self, recording: RecordingId) -> Result<(), EngineError> {
        self.set_tape(recording, Tape::Off).await
    }

    async fn set_tape(&self, recording: RecordingId, tape: Tape) -> Result<(), EngineError> {
        Ok(self.ask(|reply| Command::Tape { recording, tape, reply }).await??)
    }

    /// Takes a leg off.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn remove_leg(&self, leg: LegId) -> Result<(), EngineError> {
        Ok(self.ask(|reply| Command::RemoveLeg { leg, reply }).await??)
    }

    /// Ends a call.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn hang_up(&self, bridge: BridgeId) -> Result<(), EngineError> {
        Ok(self.ask(|reply| Command::HangUp { bridge, reply }).await??)
    }

    /// How the engine is.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn health(&self) -> Result<Health, EngineError> {
        self.ask(|reply| Command::Health { reply }).await
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, EngineError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.shared.commands.send(command(reply)).await;
        sent.map_err(|_| EngineError::Stopped)?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    fn next_id(&self) -> u64 {
        self.shared.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// Addresses to advertise where nobody configured any: the one that this machine has on its way out, if it has one, and loopback for
/// a browser on the same machine. Nothing is sent.
#[must_use]
pub fn addresses_of_this_machine() -> Vec<IpAddr> {
    // TEST-NET-1 (RFC 5737): connecting a UDP socket only looks up the way.
    let way_out = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9))?;
        socket.local_addr()
    });
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let mut addresses: Vec<IpAddr> = way_out
        .map(|address| address.ip())
        .into_iter()
        .filter(|ip| *ip != loopback)
        .collect();
    addresses.push(loopback);
    addresses
}
