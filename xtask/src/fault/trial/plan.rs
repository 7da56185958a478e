//! What a trial is to do, and by which marks its texts are known: a text says its mark and nothing else.

use std::time::Duration;

/// How much flows, and how often it is broken.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Texts from handsets.
    pub inbound: usize,
    /// Texts to them.
    pub sends: usize,
    /// How often the server is killed meanwhile.
    pub kills: usize,
    /// Texts from handsets in a second.
    pub rate: u32,
    /// What is random begins here.
    pub seed: u64,
    /// How patient the server is.
    pub times: Times,
    /// How long everything may take to settle once nothing flows any more.
    pub settle_within: Duration,
}

/// What the server is configured with under `[jobs]`, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// How long a job may take.
    pub timeout: u32,
    /// After how long the jobs of the dead are taken up.
    pub lease: u32,
    /// How often a number is compared with the carrier.
    pub reconcile_every: u32,
    /// How long nothing may be heard of a text.
    pub silence: u32,
    /// How long an outcome may stay unknown.
    pub unknown_outcome: u32,
}

impl Plan {
    /// A short trial, for the tests.
    #[must_use]
    pub const fn short(seed: u64) -> Self {
        Self {
            inbound: 300,
            sends: 120,
            kills: 3,
            rate: 60,
            seed,
            times: Times {
                timeout: 4,
                lease: 5,
                reconcile_every: 3,
                silence: 2,
                unknown_outcome: 5,
            },
            settle_within: Duration::from_secs(60),
        }
    }

    /// How long texts flow if nothing holds them up.
    #[must_use]
    pub fn flow(&self) -> Duration {
        Duration::from_secs(u64::try_from(self.inbound).unwrap_or(u64::MAX)) / self.rate.max(1)
    }
}

/// What the handsets' text of a number says.
pub(crate) fn inbound_marker(number: usize) -> String {
    format!("in {number:06}")
}

/// What the firm's text of a number says.
pub(crate) fn send_marker(number: usize) -> String {
    format!("out {number:06}")
}
