//! The only clock of the server. Everything else is given a [`Timestamp`] or a [`Clock`]; tests and the demo move theirs by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use casewire_core::time::{Timestamp, micros};

/// Says what time it is. Clones of a shifted clock move together.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The time of the machine.
    #[default]
    System,
    /// The time of the machine and an offset, in microseconds, that only grows.
    Shifted(Arc<AtomicI64>),
    /// Stands still, in microseconds, but for being moved forward by hand.
    Standing(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that can be moved forward; it starts at the time of the machine.
    #[must_use]
    pub fn movable() -> Self {
        Self::Shifted(Arc::default())
    }

    /// A clock that stands at a time until it is moved.
    #[must_use]
    pub fn standing_at(now: Timestamp) -> Self {
        Self::Standing(Arc::new(AtomicI64::new(now.as_micros())))
    }

    /// The time now, in UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => machine(),
            Self::Shifted(offset) => machine().plus(Duration::from_micros(offset.load(Ordering::SeqCst).unsigned_abs())),
            Self::Standing(now) => Timestamp::from_micros(now.load(Ordering::SeqCst)),
        }
    }

    /// Moves the clock forward. The time of the machine is not ours to move: nothing happens to a system clock.
    pub fn advance(&self, span: Duration) {
        match self {
            Self::System => {}
            Self::Shifted(moved) | Self::Standing(moved) => {
                moved.fetch_add(micros(span), Ordering::SeqCst);
            }
        }
    }

    /// This clock, as the store and the sandbox take one.
    #[must_use]
    pub fn reading(&self) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the only clock")]
fn machine() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

/// Measures how long something took; unaffected by any change of the time of day.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the only stopwatch")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_movable_clock_move_together() {
        let clock = Clock::movable();
        let before = clock.clone().now();
        clock.advance(Duration::from_secs(48 * 3600));
        assert!(clock.now().since(before) >= Duration::from_secs(48 * 3600));
    }

    #[test]
    fn the_time_of_the_machine_is_not_moved() {
        let clock = Clock::System;
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now().since(Clock::System.now()) < Duration::from_secs(60));
    }
}
