//! What a carrier knows of legs, conferences and recordings, for reconciling. Nothing here prints a number.

use std::fmt;

use casewire_core::calls::CarrierStatus;
use casewire_core::phone::{Address, E164};
use casewire_core::time::Timestamp;
use futures_util::stream::BoxStream;

use super::{ConferenceId, LegId, RecordingId};
use crate::carrier::{CarrierError, Direction, PageToken};

/// A leg as the carrier has it.
#[derive(Clone, PartialEq, Eq)]
pub struct CarrierLeg {
    /// The carrier's id.
    pub leg: LegId,
    /// The leg that dialled it, if one did.
    pub parent: Option<LegId>,
    /// Which way it went.
    pub direction: Direction,
    /// Who calls.
    pub from: Address,
    /// Who is called.
    pub to: Address,
    /// How far it got; none for a state that we do not know.
    pub status: Option<CarrierStatus>,
    /// When the carrier created it.
    pub created_at: Timestamp,
    /// When it began; none while it waits.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

impl fmt::Debug for CarrierLeg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CarrierLeg")
            .field("leg", &self.leg)
            .field("direction", &self.direction)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Which legs to list. An empty query lists all of the account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallQuery {
    /// Only those to this number.
    pub to: Option<E164>,
    /// Only those from this number.
    pub from: Option<E164>,
    /// Only those that began at this time or later.
    pub started_after: Option<Timestamp>,
    /// Only those that went this way.
    pub direction: Option<Direction>,
    /// Where to go on. Carries its own filters: `to`, `from` and `started_after` are not looked at beside it.
    pub page: Option<PageToken>,
}

/// A conference as the carrier has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierConference {
    /// The carrier's id.
    pub conference: ConferenceId,
    /// Our name of it.
    pub name: String,
    /// How it stands.
    pub state: ConferenceState,
}

/// How a conference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConferenceState {
    /// Nobody talks yet.
    Waiting,
    /// They talk.
    InProgress,
    /// It is over.
    Completed,
}

/// A leg in a conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatedLeg {
    /// The carrier's id.
    pub leg: LegId,
    /// Our id of it.
    pub label: Option<String>,
    /// Whether it has answered.
    pub connected: bool,
    /// Whether it is heard by nobody.
    pub muted: bool,
    /// Whether it is apart from the others.
    pub held: bool,
    /// The leg that alone hears it, if it is set so.
    pub coaches: Option<LegId>,
}

/// A recording as the carrier has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierRecording {
    /// The carrier's id.
    pub recording: RecordingId,
    /// The leg that was recorded.
    pub leg: Option<LegId>,
    /// How it stands.
    pub state: RecordingState,
    /// Its length in seconds, once it is complete.
    pub seconds: Option<u32>,
    /// One, or two with what the leg says first.
    pub channels: u32,
    /// When it began.
    pub started_at: Option<Timestamp>,
}

/// How a recording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingState {
    /// It goes on.
    InProgress,
    /// It is paused.
    Paused,
    /// It is over, and being made ready.
    Processing,
    /// Its sound can be fetched.
    Completed,
    /// There was nothing to record.
    Absent,
    /// It failed, or was deleted.
    Failed,
}

/// The sound of a recording, as it comes.
pub struct RecordingAudio {
    /// What it is, such as `audio/x-wav`.
    pub content_type: String,
    /// Its length in bytes, where the carrier says so.
    pub length: Option<u64>,
    /// The bytes. An error ends it; what came before is a part.
    pub bytes: AudioStream,
}

/// The bytes of a sound.
pub type AudioStream = BoxStream<'static, Result<Vec<u8>, CarrierError>>;

impl fmt::Debug for RecordingAudio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordingAudio")
            .field("content_type", &self.content_type)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
