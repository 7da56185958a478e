//! The command line: one file per command in `cli/`. Reads the configuration, opens the store, and says in words what is wrong.

pub mod admin;
pub mod demo;
pub mod doctor;
pub mod import;
pub mod migrate;
pub mod openapi;
pub mod serve;
pub mod verify;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use casewire_store::{OpenOptions, Store, StoreError};
use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{self, Config, ConfigError, DatabaseAddress, LogFormat, LogSettings, Origin};
use crate::problem::Problem;
use crate::telemetry::logs;

/// Texts and calls with every person on a case, in one auditable inbox.
#[derive(Debug, Parser)]
#[command(name = "casewire", version, arg_required_else_help = true)]
struct Cli {
    /// The configuration file; else the one that CASEWIRE_CONFIG names, else variables and defaults alone.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, the webhooks and the web client.
    Serve(serve::Args),
    /// Try everything out on this machine: sample data, a sandbox carrier, nothing to set up.
    Demo(demo::Args),
    /// Take in contacts, cases and old history from CSV files; can be run again.
    Import(import::ImportArgs),
    /// Bring the database up to date.
    Migrate,
    /// Say what is wrong with configuration, database, carrier accounts and addresses.
    Doctor,
    /// Check an audit or an export, offline: name the first entry or file that does not hold.
    Verify(verify::Args),
    /// Print the description of the API.
    Openapi,
    /// Create organizations, users, teams, numbers, role assignments and tokens.
    Admin(admin::Args),
}

/// Why a command did not do what it should, in words for whoever typed it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Anything else.
    #[error("{0}")]
    Words(String),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Words(problem.detail().to_owned())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Words(error.to_string())
    }
}

/// Runs the command that the arguments of this process name.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(failure) => failed(&failure),
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let origin = Origin::of_process(cli.config);
    match cli.command {
        Command::Serve(args) => serve::run(&args, &origin).await,
        Command::Demo(args) => {
            logs::start(&LogSettings {
                format: LogFormat::Pretty,
                level: "warn".to_owned(),
            });
            demo::run(args, serve::told_to_stop()?)
                .await
                .map_err(|error| Failure::Words(error.to_string()))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Import(args) => {
            let (config, clock) = (configuration(&origin)?, Clock::System);
            let store = open_migrated(&config.database, &clock).await?;
            let done = import::run(&store, clock.now(), &args, &mut std::io::stdout()).await;
            done.map_err(|error| Failure::Words(error.to_string()))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Migrate => migrate::run(&origin).await,
        Command::Doctor => doctor::run(&origin).await,
        Command::Verify(args) => verify::run(&args).await,
        Command::Openapi => openapi::run(),
        Command::Admin(args) => admin::run(args, &origin).await,
    }
}

fn failed(failure: &Failure) -> ExitCode {
    say_error(&format!("casewire: {failure}"));
    ExitCode::FAILURE
}

/// A line for whoever typed the command. Where nobody listens any more, nothing is said.
pub fn say(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// A line about the command itself, apart from what it answers.
pub fn say_error(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Reads the configuration.
///
/// # Errors
/// What is wrong with it, and where.
pub fn configuration(origin: &Origin) -> Result<Config, Failure> {
    Ok(config::read(origin)?)
}

/// Opens the database, as it is.
///
/// # Errors
/// Why it cannot be opened.
pub async fn open(address: &DatabaseAddress, clock: &Clock) -> Result<Store, Failure> {
    Ok(Store::open(OpenOptions::parse(address.expose(), clock.reading())?).await?)
}

/// Opens the database and brings it up to date.
///
/// # Errors
/// Why it cannot be opened or migrated.
pub async fn open_migrated(address: &DatabaseAddress, clock: &Clock) -> Result<Store, Failure> {
    let store = open(address, clock).await?;
    store.migrate().await?;
    Ok(store)
}
