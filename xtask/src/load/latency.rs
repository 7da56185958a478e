//! Latencies of many operations and their percentiles, by the nearest-rank method: a percentile is a latency that was measured.

use std::time::Duration;

/// What was measured.
#[derive(Debug, Default, Clone)]
pub struct Latencies {
    sorted: Vec<Duration>,
}

impl Latencies {
    /// Of all callers together.
    pub fn of(measured: impl IntoIterator<Item = Duration>) -> Self {
        let mut sorted: Vec<Duration> = measured.into_iter().collect();
        sorted.sort_unstable();
        Self { sorted }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The latency that this many of a hundred operations did not exceed; zero where nothing was measured.
    pub fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.sorted.len() * percent).div_ceil(100);
        self.sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// In milliseconds, as tables show it.
pub fn milliseconds(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let latencies = Latencies::of((1..=200).rev().map(Duration::from_millis));
        assert_eq!(latencies.count(), 200);
        assert_eq!(latencies.percentile(50), Duration::from_millis(100));
        assert_eq!(latencies.percentile(99), Duration::from_millis(198));
        assert_eq!(latencies.percentile(100), Duration::from_millis(200));
    }

    #[test]
    fn one_measurement_is_every_percentile_and_none_is_zero() {
        assert_eq!(Latencies::of([Duration::from_millis(3)]).percentile(1), Duration::from_millis(3));
        assert_eq!(Latencies::default().percentile(99), Duration::ZERO);
    }
}
