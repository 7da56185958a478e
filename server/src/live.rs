//! Live events: what was committed reaches every signed-in socket that may read it, on every node. The log is the only source:
//! a nudge says that there is something, never what. The cast: [`hub`] (one per node; opens a room per organization),
//! [`room`] (reads the log once for all sockets of an organization), [`rights`] (who may read, as of now), [`audience`] (the
//! rule), [`socket`] (one client: hello, resume, live, close), [`frame`] (what it is sent), [`subscribe`] (the route).

pub mod audience;
pub mod frame;
pub mod gauges;
pub mod hub;
pub mod reading;
pub mod rights;
pub mod room;
pub mod socket;
pub mod subscribe;

pub use gauges::Gauges;
pub use hub::Hub;
pub use room::Means;

use std::time::Duration;

/// The times and sizes of live delivery. The defaults are for production; tests use shorter ones.
#[derive(Debug, Clone, Copy)]
pub struct Tempo {
    /// How often a room looks at its log and at everybody's rights without being nudged. A right that was revoked without an
    /// event (signed out, expired, deactivated) ends a socket after at most this.
    pub tick: Duration,
    /// How old rights may be for something to be sent by them: older where the database is away.
    pub rights_good_for: Duration,
    /// How often a socket is told how far it may resume where it saw nothing, and looked after.
    pub beat: Duration,
    /// How often a client is pinged.
    pub ping_every: Duration,
    /// How long a client may be silent.
    pub silent_for: Duration,
    /// How long the network may refuse to take a frame before the client counts as too slow.
    pub send_within: Duration,
    /// How many events are read or sent at a time.
    pub batch: u32,
    /// How many of the newest events a room keeps for its sockets, at most.
    pub kept_events: usize,
    /// How many bytes of them.
    pub kept_bytes: usize,
    /// And for how long.
    pub kept_for: Duration,
}

impl Default for Tempo {
    fn default() -> Self {
        Self {
            tick: Duration::from_millis(500),
            rights_good_for: Duration::from_secs(3),
            beat: Duration::from_secs(5),
            ping_every: Duration::from_secs(20),
            silent_for: Duration::from_secs(50),
            send_within: Duration::from_secs(10),
            batch: 256,
            kept_events: 1024,
            kept_bytes: 1 << 20,
            kept_for: Duration::from_secs(30),
        }
    }
}
