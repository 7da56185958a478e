//! Where log lines go and what they look like.

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{LogFormat, LogSettings};

/// Sends the log lines of this process to standard error. The second call of a process changes nothing.
pub fn start(settings: &LogSettings) {
    let filter: Targets = settings
        .level
        .parse()
        .unwrap_or_else(|_| Targets::new().with_default(tracing::Level::INFO));
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
        LogFormat::Pretty => registry.with(lines.with_target(false)).try_init(),
    };
    if started.is_err() {
        tracing::debug!("the logs were started before");
    }
}
