//! `cargo xtask bench voice`: what the local voice engine can carry, on real UDP with DTLS and SRTP and peers in this process. Its CPU is
//! that of its two threads; its memory is measured with the peers' own and so is an upper bound. The load average stands beside.

mod crowd;
mod moment;
mod process;

use std::process::ExitCode;
use std::time::Duration;

use casewire_voice::{Config, Engine, Event, Events, Role, Supervision};

use crate::load::latency::milliseconds;
use crate::load::table::Table;
use crate::process::Failure;
use crate::say;
use crowd::Crowd;
use moment::Trio;

/// Frames a second.
const RATE: f64 = 50.0;

/// Options of `cargo xtask bench voice`.
#[derive(Debug, clap::Parser)]
struct Options {
    /// How many calls run at once, each of an agent, an outside party and a supervisor.
    #[arg(long, default_value_t = 100)]
    calls: usize,
    /// For how many minutes they run; growth shows in thirty.
    #[arg(long, default_value_t = 0.5)]
    minutes: f64,
    /// How often a switch and a word are timed.
    #[arg(long, default_value_t = 30)]
    times: usize,
}

/// Measures and prints the tables.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options: Options = crate::load::options("cargo xtask bench voice", arguments);
    let runtime = tokio::runtime::Runtime::new()?;
    let mut table = Table::new(&["what", "figure"]);
    table.row(["load average at the start".to_owned(), process::load_average()?]);
    runtime.block_on(moments(&options, &mut table))?;
    runtime.block_on(calls(&options, &mut table))?;
    table.row(["load average at the end".to_owned(), process::load_average()?]);
    say::line(&table.text());
    Ok(ExitCode::SUCCESS)
}

fn open() -> Result<(Engine, Events), Failure> {
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        listen_tcp: None,
        advertise: Vec::new(),
        most_legs: 10_000,
    };
    Engine::open(&config).map_err(trouble)
}

/// How long until something is heard, in one call on an engine of its own.
async fn moments(options: &Options, table: &mut Table) -> Result<(), Failure> {
    say::step("timing words and switches");
    let (engine, _events) = open()?;
    let mut trio = Trio::connect(&engine).await?;
    let words = trio.words(options.times).await?;
    let switches = trio.switches(&engine, options.times).await?;
    for (name, latencies) in [
        ("mouth to ear (20 ms of packetisation, without the browser's own buffer)", words),
        ("switch until heard", switches),
    ] {
        let figures = [50, 95].map(|percent| milliseconds(latencies.percentile(percent)));
        table.row([format!("{name}, median / p95"), format!("{} / {} ms", figures[0], figures[1])]);
    }
    Ok(())
}

/// Many calls at once.
async fn calls(options: &Options, table: &mut Table) -> Result<(), Failure> {
    let (engine, mut events) = open()?;
    let before = process::resident()?;
    say::step("connecting the crowd");
    let mut crowd = gather(&engine, options.calls).await?;
    let connected = process::resident()?;
    say::step("letting the calls settle");
    crowd.talk(Duration::from_secs(10)).await?;
    while events.events.try_recv().is_ok() {}

    say::step("measuring");
    let settled = process::resident()?;
    let (cpu, health) = (process::engine_seconds()?, engine.health().await.map_err(trouble)?);
    let length = Duration::from_secs_f64(options.minutes * 60.0);
    let first = crowd.talk(length / 2).await?;
    let halfway = process::resident()?;
    let second = crowd.talk(length / 2).await?;
    let used = process::engine_seconds()? - cpu;
    let after = engine.health().await.map_err(trouble)?;
    let (played, concealed, most_buffered) = quality(&mut events);
    let legs = crowd.size();

    let (seconds, frames) = (first.seconds + second.seconds, first.frames + second.frames);
    let mut row = |what: &str, figure: String| table.row([what.to_owned(), figure]);
    row("calls / legs", format!("{} / {legs}", options.calls));
    row("measured for", format!("{seconds:.0} s"));
    row("CPU of the engine, of one core", format!("{:.1}%", 100.0 * used / seconds));
    row(
        "calls per core at that rate",
        format!("{:.0}", count(options.calls) / (used / seconds).max(1e-6)),
    );
    row(
        "frames made up",
        format!("{:.3}%", 100.0 * concealed / (played + concealed).max(1.0)),
    );
    row(
        "frames heard per leg and second",
        format!("{:.2} of {RATE}", frames / count(legs) / seconds),
    );
    row(
        "late / skipped ticks",
        format!(
            "{} / {}",
            after.late_ticks - health.late_ticks,
            after.skipped_ticks - health.skipped_ticks
        ),
    );
    row("longest tick so far", format!("{:.1} ms", count_u64(after.worst_tick_us) / 1_000.0));
    row("most that lay in wait", format!("{most_buffered} ms"));
    row(
        "memory per leg and its peer",
        format!("{:.0} KiB", (connected - before) / count(legs) / 1_024.0),
    );
    let grown = [halfway - settled, process::resident()? - halfway].map(|bytes| format!("{:.0}", bytes / 1_024.0));
    row("growth in the first and the second half", format!("{} KiB", grown.join(", ")));
    Ok(())
}

/// So many calls of three, connected.
async fn gather(engine: &Engine, calls: usize) -> Result<Crowd, Failure> {
    let mut crowd = Crowd::default();
    for number in 1..=calls {
        let bridge = engine.start().await.map_err(trouble)?;
        for role in [Role::Agent, Role::Outside, Role::Supervisor(Supervision::Listen)] {
            crowd.enter(engine, bridge, role).await?;
        }
        // A few at a time: a handshake costs more than a second of talking.
        if number % 10 == 0 || number == calls {
            crowd.connect().await?;
        }
    }
    Ok(crowd)
}

/// Frames played and made up, and the longest wait, by the engine's own reports.
fn quality(events: &mut Events) -> (f64, f64, u32) {
    let (mut played, mut concealed, mut most) = (0.0, 0.0, 0);
    while let Ok(event) = events.events.try_recv() {
        if let Event::Quality { quality, .. } = event {
            played += count_u64(quality.since.played);
            concealed += count_u64(quality.since.concealed);
            most = most.max(quality.buffered_ms);
        }
    }
    (played, concealed, most)
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
const fn count(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
const fn count_u64(number: u64) -> f64 {
    number as f64
}

fn trouble(error: impl std::error::Error) -> Failure {
    Failure::new(error.to_string())
}
