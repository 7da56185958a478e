//! Kills the server (SIGKILL) at random moments while texts flow through the sandbox with faults of every kind, and counts what is
//! left: the trial of "nothing is lost". Its table is the result; anything that is broken fails. What happens and what must hold
//! is in the library `trial` beside this file, which a test of the server runs in short.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use trial::{Plan, Report, Times};

use crate::load::server::{self, Setting};
use crate::load::table::Table;
use crate::postgres::Postgres;
use crate::process::{Failure, Interrupt};
use crate::{packages, say};

/// Options of `cargo xtask fault kill`.
#[derive(Debug, clap::Parser)]
struct Options {
    /// The engine underneath.
    #[arg(long, value_enum, default_value = "both")]
    engine: Engines,
    /// How many texts handsets write.
    #[arg(long, default_value_t = 10_000)]
    inbound: usize,
    /// How many texts the firm sends.
    #[arg(long, default_value_t = 1_000)]
    sends: usize,
    /// How often the server is killed meanwhile.
    #[arg(long, default_value_t = 20)]
    kills: usize,
    /// How many texts handsets write in a second.
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// The server, if it is built already; else it is built as this xtask itself is.
    #[arg(long, value_name = "FILE")]
    executable: Option<PathBuf>,
    /// What is random begins here: the moments, the people, the faults.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// One engine, or one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Engines {
    Sqlite,
    Postgres,
    Both,
}

impl Options {
    fn plan(&self) -> Plan {
        Plan {
            inbound: self.inbound,
            sends: self.sends,
            kills: self.kills,
            rate: self.rate,
            seed: self.seed,
            times: Times {
                timeout: 20,
                lease: 25,
                reconcile_every: 15,
                silence: 10,
                unknown_outcome: 30,
            },
            settle_within: Duration::from_secs(300),
        }
    }
}

/// Runs the trial on each engine, prints the table.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options: Options = crate::load::options("cargo xtask fault kill", arguments);
    let executable = match &options.executable {
        Some(executable) => executable.clone(),
        None => server::build()?,
    };
    let interrupt = Interrupt::listen()?;
    let mut reports = Vec::new();
    for (engine, name) in [(Engines::Sqlite, "SQLite"), (Engines::Postgres, "PostgreSQL")] {
        if options.engine == engine || options.engine == Engines::Both {
            let trial = on(engine, &executable, &options.plan(), &interrupt);
            reports.push((name, trial.map_err(|failure| Failure::new(format!("{name}: {failure}")))?));
        }
    }
    say::line(&table(&reports));
    let is_good = reports.iter().all(|(_, report)| report.is_good());
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs the trial on one engine; keeps what it left if something is broken.
fn on(engine: Engines, executable: &Path, plan: &Plan, interrupt: &Interrupt) -> Result<Report, Failure> {
    let setting = Setting::fresh(&format!("fault-{engine:?}").to_lowercase())?;
    let (inbound, sends, kills, seed) = (plan.inbound, plan.sends, plan.kills, plan.seed);
    say::step(&format!("{engine:?}: {inbound} texts in, {sends} out, {kills} kills, seed {seed}"));
    let postgres = if engine == Engines::Postgres { Some(throw_away()?) } else { None };
    let file = setting.data.join("casewire.db").display().to_string();
    let database = postgres.as_ref().map_or(file, Postgres::url);
    let report = tokio::runtime::Runtime::new()?.block_on(async {
        // What is dropped here takes the server with it.
        tokio::select! {
            report = trial::run(executable, &database, &setting.data, plan) => report.map_err(|trouble| Failure::new(trouble.to_string())),
            () = happened(interrupt) => Err(Failure::new("interrupted")),
        }
    })?;
    if report.is_good() {
        std::fs::remove_dir_all(&setting.data)?;
    } else {
        say::trouble(&format!("the promise is broken; the log is kept in {}", setting.data.display()));
    }
    Ok(report)
}

async fn happened(interrupt: &Interrupt) {
    while !interrupt.happened() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn throw_away() -> Result<Postgres, Failure> {
    packages::require(&[packages::POSTGRES])?;
    Postgres::start()
}

/// A column for each engine; what is broken is marked.
fn table(reports: &[(&str, Report)]) -> String {
    let columns: Vec<&str> = std::iter::once("").chain(reports.iter().map(|(name, _)| *name)).collect();
    let mut table = Table::new(&columns);
    let lines = reports.first().map_or(0, |(_, report)| report.lines.len());
    for index in 0..lines {
        let of_each = || reports.iter().filter_map(|(_, report)| report.lines.get(index));
        let what = of_each().next().map_or_else(String::new, |line| line.what.to_owned());
        let values = of_each().map(|line| {
            if line.is_broken {
                format!("BROKEN {}", line.value)
            } else {
                line.value.clone()
            }
        });
        table.row(std::iter::once(what).chain(values));
    }
    table.text()
}
