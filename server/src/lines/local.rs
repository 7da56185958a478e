//! The local line: calls whose audio this node carries by its own engine, `casewire-voice`, with the outside party at the far end of a
//! trunk. Keeps only what the engine needs (which leg is whose); how a call stands is in the database. One node of a database has it
//! (`lease.rs`). Orders are carried out in `room.rs`, what the engine says is taken in by `ears.rs`.

mod desk;
mod ears;
mod lease;
mod room;
mod seats;
mod shelf;
mod sounds;
mod tapes;
mod trunk;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use casewire_carriers::trunk::{ORDERS, Replays, Trunk};
use casewire_core::id::{CallId, OrganizationId, RecordingId};
use casewire_store::calls::CallRow;
use casewire_voice::{Config as EngineConfig, Engine, Events, LegId, OpenError, PlaybackId};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::{LegParty, Line, LineCredentials, LineFailure, LineOrder, SoftphoneIdentity};
use crate::config::VoiceSettings;
use crate::problem::{Problem, ProblemCode};
use crate::state::{App, AppRef};
use room::Room;
pub use shelf::FolderShelf;
use sounds::Sounds;

/// The word for this line.
pub const NAME: &str = "local";

/// Why this node cannot carry calls.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailure {
    /// The engine does not start.
    #[error("{0}")]
    Engine(#[from] OpenError),
    /// The trunk's address is none.
    #[error("voice.trunk is not the address of a server: http:// or https://, a host and perhaps a port")]
    Trunk,
    /// The folder of recordings cannot be used.
    #[error("the folder of recordings cannot be written: {0}")]
    Recordings(std::io::Error),
}

/// The line.
pub struct LocalLine {
    server: AppRef,
    engine: Engine,
    trunk: Option<Trunk>,
    sounds: Sounds,
    shelf: Arc<FolderShelf>,
    index: Mutex<Index>,
    /// Another node has the lease, or the server stops: nothing begins any more.
    is_over: AtomicBool,
}

/// What the engine's numbers stand for.
#[derive(Default)]
struct Index {
    rooms: HashMap<CallId, Arc<Room>>,
    legs: HashMap<LegId, CallId>,
    played: HashMap<PlaybackId, CallId>,
    tapes: HashMap<casewire_voice::RecordingId, Kept>,
}

/// A recording that is being made.
#[derive(Debug, Clone)]
struct Kept {
    organization: OrganizationId,
    call: CallId,
    recording: RecordingId,
}

/// Where what comes over the trunk finds the line, and by what it is known to be new.
#[derive(Default)]
pub struct LocalEnd {
    line: OnceLock<Arc<LocalLine>>,
    /// What the far end has signed within the last minutes.
    pub replays: Replays,
}

impl LocalEnd {
    /// The line, once this node carries calls.
    #[must_use]
    pub fn line(&self) -> Option<&Arc<LocalLine>> {
        self.line.get()
    }
}

/// The engine with its sockets, before it is this server's line.
pub struct Opened {
    line: Arc<LocalLine>,
    events: Events,
}

/// Opens the engine's sockets as the configuration says; nobody is told of the line yet.
///
/// # Errors
/// [`OpenFailure`], in words for an operator.
pub fn open(app: &App, settings: &VoiceSettings) -> Result<Opened, OpenFailure> {
    let advertise = if settings.advertise.is_empty() && settings.listen.ip().is_unspecified() {
        casewire_voice::addresses_of_this_machine()
    } else {
        settings.advertise.clone()
    };
    let config = EngineConfig {
        listen: settings.listen,
        listen_tcp: settings.listen_tcp,
        advertise,
        most_legs: usize::try_from(settings.most_legs).unwrap_or(usize::MAX),
    };
    let trunk = match &settings.trunk {
        Some(trunk) => Some(Trunk::to(&trunk.address, ORDERS, trunk.key.clone()).map_err(|_| OpenFailure::Trunk)?),
        None => None,
    };
    let shelf = Arc::new(FolderShelf::open(settings.recordings.clone()).map_err(OpenFailure::Recordings)?);
    let (engine, events) = Engine::open(&config)?;
    let line = LocalLine {
        server: app.downgrade(),
        engine,
        trunk,
        sounds: Sounds::new(settings.sounds.clone()),
        shelf,
        index: Mutex::default(),
        is_over: AtomicBool::new(false),
    };
    Ok(Opened {
        line: Arc::new(line),
        events,
    })
}

impl Opened {
    /// Carries calls from the moment on at which no other node does, until the server stops.
    pub fn join(self, app: &App) {
        app.tasks.spawn(lease::keep(app.clone(), self));
    }

    /// Where browsers are told to send audio.
    #[must_use]
    pub fn reach(&self) -> String {
        let told = self.line.engine.reach().udp.iter().map(ToString::to_string);
        told.collect::<Vec<_>>().join(", ")
    }
}

impl Line for LocalLine {
    fn name(&self) -> &'static str {
        NAME
    }

    fn credentials(&self, _: SoftphoneIdentity) -> BoxFuture<'_, Result<LineCredentials, Problem>> {
        std::future::ready(Ok(LineCredentials::default())).boxed()
    }

    fn carry_out(&self, call: CallRow, orders: Vec<LineOrder>) -> BoxFuture<'_, Result<(), LineFailure>> {
        async move {
            for order in orders {
                desk::carry_out(self, &call, order).await?;
            }
            Ok(())
        }
        .boxed()
    }

    fn offer(&self, call: CallRow, party: LegParty, sdp: String) -> BoxFuture<'_, Result<String, Problem>> {
        async move {
            let room = self.room_or_new(call.id, call.tenant.organization()).await?;
            seats::take(self, &room, &call, party, &sdp).await
        }
        .boxed()
    }
}

impl LocalLine {
    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn room(&self, call: CallId) -> Option<Arc<Room>> {
        self.index().rooms.get(&call).cloned()
    }

    /// The room of a call; a call that begins here gets one with its first leg.
    async fn room_or_new(&self, call: CallId, organization: OrganizationId) -> Result<Arc<Room>, Problem> {
        if let Some(room) = self.room(call) {
            return Ok(room);
        }
        if self.is_over.load(Ordering::Acquire) {
            return Err(Problem::of(ProblemCode::NoLine));
        }
        let bridge = self.engine.start().await.map_err(|_| Problem::of(ProblemCode::LineFailed))?;
        let room = Room::new(self.server.clone(), call, organization, bridge);
        self.index().rooms.insert(call, Arc::clone(&room));
        Ok(room)
    }

    /// Forgets a call and takes everybody off; the end of its recording is still heard.
    async fn close(&self, call: CallId) {
        let room = {
            let mut index = self.index();
            index.legs.retain(|_, there| *there != call);
            index.played.retain(|_, there| *there != call);
            index.rooms.remove(&call)
        };
        if let Some(room) = room
            && let Err(error) = self.engine.hang_up(room.bridge).await
        {
            tracing::debug!(%call, %error, "a call had ended in the engine before");
        }
    }

    /// Every call that is carried at the moment.
    fn calls(&self) -> Vec<(OrganizationId, CallId)> {
        self.index().rooms.values().map(|room| (room.organization, room.call)).collect()
    }
}
