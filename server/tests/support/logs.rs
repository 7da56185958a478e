//! Every line that the process logs, in memory, so that a test can fail for what must not be in one.

use std::io;
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static STARTED: OnceLock<bool> = OnceLock::new();

#[derive(Clone, Copy)]
struct Collector;

impl io::Write for Collector {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Collector {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        *self
    }
}

/// Collects from now on: our own crates at every level, others as an operator would.
pub fn collect() {
    STARTED.get_or_init(|| {
        let ours = tracing_subscriber::filter::Targets::new()
            .with_default(LevelFilter::INFO)
            .with_targets([
                ("casewire", LevelFilter::TRACE),
                ("casewire_store", LevelFilter::TRACE),
                ("casewire_carriers", LevelFilter::TRACE),
            ]);
        let lines = tracing_subscriber::fmt::layer().json().with_writer(Collector);
        tracing_subscriber::registry().with(ours).with(lines).try_init().is_ok()
    });
}

/// All lines so far.
pub fn text() -> String {
    String::from_utf8_lossy(&LINES.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

/// The first line that holds one of these words, or a full phone number.
pub fn personal_line(words: &[String]) -> Option<String> {
    let text = text();
    let found = text
        .lines()
        .find(|line| words.iter().any(|word| line.contains(word.as_str())) || holds_number(line));
    found.map(str::to_owned)
}

/// A plus sign, as it is or as in an address, and eight digits.
fn holds_number(line: &str) -> bool {
    let starts_with_digits = |rest: &str| rest.bytes().take(8).filter(u8::is_ascii_digit).count() == 8;
    ["+", "%2B"].iter().any(|plus| {
        line.match_indices(plus)
            .any(|(at, _)| line.get(at + plus.len()..).is_some_and(starts_with_digits))
    })
}

#[test]
fn a_number_in_a_line_is_found() {
    assert!(holds_number("from +14155550123"));
    assert!(holds_number("/handsets/%2B14155550123/messages"));
    assert!(!holds_number("1769506200000000 msg_0190000000007000800000000000002a +1 (…) …23"));
}
