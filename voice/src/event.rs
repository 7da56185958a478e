//! What the engine tells whoever holds it. Numbers only.

use std::time::Duration;

use crate::id::{BridgeId, LegId, PlaybackId, RecordingId};
use crate::jitter::Counters;
use crate::keypad::Digit;

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Keys are exchanged: the leg hears and can be heard.
    LegConnected {
        /// Which.
        leg: LegId,
    },
    /// The leg is gone. Said once of every leg, also of those that were taken off.
    LegLeft {
        /// Which.
        leg: LegId,
        /// Why.
        why: LeftWhy,
    },
    /// Somebody pressed a key.
    Pressed {
        /// On which leg.
        leg: LegId,
        /// Which key.
        digit: Digit,
    },
    /// How a leg's connection was, every five seconds.
    Quality {
        /// Which.
        leg: LegId,
        /// How.
        quality: Quality,
    },
    /// A clip was played to its end.
    Played(PlaybackId),
    /// A recording is complete.
    Recorded {
        /// Which.
        recording: RecordingId,
        /// Its length.
        length: Duration,
        /// The size of its file.
        bytes: u64,
        /// Frames of 20 ms that the disk was too slow for; they are silent in the file.
        missing: u64,
    },
    /// A recording could not be written; what was written before stands.
    RecordingFailed {
        /// Which.
        recording: RecordingId,
        /// What the system said.
        error: std::io::ErrorKind,
    },
}

/// Why a leg is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftWhy {
    /// It was taken off.
    Removed,
    /// The peer said goodbye.
    Closed,
    /// Nothing was heard of it for ten seconds.
    Lost,
    /// It did not connect within thirty seconds.
    NeverConnected,
    /// Its session broke.
    Broken,
}

/// How a leg's connection was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// What happened to its packets since the last report.
    pub since: Counters,
    /// How much lies in wait, in milliseconds.
    pub buffered_ms: u32,
    /// There and back, where the peer reports it.
    pub round_trip: Option<Duration>,
    /// Which share of what was sent got lost, where the peer reports it.
    pub lost_there: Option<f32>,
}

/// How loud everybody on a call is, ten times a second.
#[derive(Debug, Clone, PartialEq)]
pub struct Meter {
    /// Which call.
    pub bridge: BridgeId,
    /// Each leg.
    pub levels: Vec<Level>,
}

/// How loud one leg is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Which.
    pub leg: LegId,
    /// In dB of full scale, -96 for silence.
    pub decibels: f32,
}
