//! What the live hub counts for the metrics. Refuses labels: neither organizations nor users appear in them.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// The figures of live delivery; clones share them.
#[derive(Debug, Clone)]
pub struct Gauges {
    /// Sockets that are open.
    pub sockets: Gauge,
    /// Events sent to sockets; one event to three sockets counts three times.
    pub sent: Counter,
    /// Sockets that were closed because their client was too slow.
    pub too_slow: Counter,
    /// Seconds from the time of an event to its being offered to the sockets.
    pub lag: Histogram,
}

impl Default for Gauges {
    fn default() -> Self {
        Self {
            sockets: Gauge::default(),
            sent: Counter::default(),
            too_slow: Counter::default(),
            lag: Histogram::new(exponential_buckets(0.000_5, 2.0, 16)),
        }
    }
}

impl Gauges {
    /// Puts the figures into the metrics.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("live_sockets", "Live sockets that are open", self.sockets.clone());
        registry.register("live_events_sent", "Events sent to live sockets", self.sent.clone());
        registry.register(
            "live_sockets_too_slow",
            "Live sockets closed because the client was too slow",
            self.too_slow.clone(),
        );
        registry.register(
            "live_lag_seconds",
            "Time from an event to its being offered to sockets",
            self.lag.clone(),
        );
    }
}
