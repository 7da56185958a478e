//! The handles of the engine: plain numbers that mean nothing outside of this process. Which call of which firm they belong to
//! is the business of whoever holds them.

/// A call, as the engine sees it: legs that are mixed with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BridgeId(pub(crate) u64);

/// Somebody's connection to a bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegId(pub(crate) u64);

impl LegId {
    /// The leg of that number, for a [`crate::Bridge`] without an engine.
    #[must_use]
    pub const fn of_number(number: u64) -> Self {
        Self(number)
    }
}

/// A file that a bridge is recorded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordingId(pub(crate) u64);

/// Something that is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaybackId(pub(crate) u64);
