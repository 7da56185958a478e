//! One call on the local line: its bridge in the engine, which leg is whose, what is played and recorded, and the post of what is heard,
//! which is told to the switch one after the other. Refuses to decide anything about the call.

use std::collections::BTreeMap;
use std::sync::Arc;

use casewire_core::calls::Mode;
use casewire_core::calls::state::OutsideLine;
use casewire_core::id::{CallId, OrganizationId, RecordingId, UserId};
use casewire_voice::{BridgeId, LegId, PlaybackId};
use tokio::sync::{Mutex, mpsc};

use crate::lines::{LineEvent, switch};
use crate::problem::ProblemCode;
use crate::state::AppRef;

/// A call.
pub(super) struct Room {
    pub call: CallId,
    pub organization: OrganizationId,
    pub bridge: BridgeId,
    pub seats: Mutex<Seats>,
    post: mpsc::UnboundedSender<LineEvent>,
}

/// Who is there, and what is going on.
pub(super) struct Seats {
    /// The legs of agents: of the one on the call and, for a moment, of one who leaves.
    pub agents: BTreeMap<UserId, LegId>,
    pub outside: Outside,
    pub supervisors: BTreeMap<UserId, Supervisor>,
    pub stage: Stage,
    pub hold: Option<PlaybackId>,
    pub ringback: Option<PlaybackId>,
    pub tape: Tape,
}

/// The outside party.
pub(super) struct Outside {
    pub leg: Option<LegId>,
    pub is_connected: bool,
    /// The far end of the trunk knows of the call, and has not said that it is over.
    pub is_at_the_far_end: bool,
    /// Its connection was lost after it had been there.
    pub was_lost: bool,
    pub line: OutsideLine,
}

pub(super) struct Supervisor {
    pub mode: Mode,
    pub leg: Option<LegId>,
}

/// How far the call has come, as far as what is heard depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nobody took it yet.
    Ringing,
    /// The two talk.
    Talking,
    /// The machine has it.
    Machine,
}

/// What is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tape {
    None,
    /// An announcement is being played; a recording may follow.
    Announcing {
        playback: PlaybackId,
        then: Option<Due>,
    },
    /// The greeting is to be played once the caller's audio is there.
    Greeting {
        recording: RecordingId,
    },
    Running(casewire_voice::RecordingId),
}

/// A recording that begins after what is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    pub recording: RecordingId,
    pub begins: Begins,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begins {
    Running,
    Paused,
}

impl Room {
    pub fn new(server: AppRef, call: CallId, organization: OrganizationId, bridge: BridgeId) -> Arc<Self> {
        let (post, received) = mpsc::unbounded_channel();
        tokio::spawn(deliver(server, organization, call, received));
        Arc::new(Self {
            call,
            organization,
            bridge,
            seats: Mutex::new(Seats {
                agents: BTreeMap::new(),
                outside: Outside {
                    leg: None,
                    is_connected: false,
                    is_at_the_far_end: false,
                    was_lost: false,
                    line: OutsideLine::Talking,
                },
                supervisors: BTreeMap::new(),
                stage: Stage::Ringing,
                hold: None,
                ringback: None,
                tape: Tape::None,
            }),
            post,
        })
    }

    /// Tells the switch what was heard, after what was heard before it.
    pub fn hear(&self, event: LineEvent) {
        if self.post.send(event).is_err() {
            tracing::debug!(call = %self.call, "a call's post is closed");
        }
    }
}

/// Ends with the room.
async fn deliver(server: AppRef, organization: OrganizationId, call: CallId, mut post: mpsc::UnboundedReceiver<LineEvent>) {
    while let Some(event) = post.recv().await {
        let Some(app) = server.get() else {
            return;
        };
        if let Err(problem) = switch::hear(&app, organization, call, event).await
            && problem.code() != ProblemCode::NotFound
        {
            tracing::error!(%call, code = problem.code().as_str(), "what a line heard could not be taken in");
        }
    }
}
