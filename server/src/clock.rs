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
}

impl Clock {
    /// A clock that can be moved forward; it starts at the time of the machine.
    #[must_use]
    pub fn movable() -> Self {
        Self::Shifted(Arc::default())
    }

    /// The time now, in UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let machine = jiff::Timestamp::now().as_microsecond();
        match self {
            Self::System => Timestamp::from_micros(machine),
            Self::Shifted(offset) => Timestamp::from_micros(machine.saturating_add(offset.load(Ordering::SeqCst))),
        }
    }

    /// Moves a shifted clock forward. The time of the machine is not ours to move: nothing happens to a system clock.
    pub fn advance(&self, span: Duration) {
        match self {
            Self::System => {}
            Self::Shifted(offset) => {
                offset.fetch_add(micros(span), Ordering::SeqCst);
            }
        }
    }
}

/// Measures how long something took; unaffected by any change of the time of day.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    #[must_use]
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
