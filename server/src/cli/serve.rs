//! `casewire serve`: everything that a node does, until it is told to stop.

use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};

use super::{Failure, configuration, open, open_migrated};
use crate::clock::Clock;
use crate::config::Origin;
use crate::lines::{local, twilio};
use crate::serve::{self, Listeners};
use crate::state::{App, Carriers};
use crate::telemetry::logs;

/// What `serve` can be told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Leave the database as it is, and refuse to serve where it is older than the program.
    #[arg(long)]
    no_migrate: bool,
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// What keeps it from starting.
pub async fn run(args: &Args, origin: &Origin) -> Result<ExitCode, Failure> {
    let config = configuration(origin)?;
    logs::start(&config.log);
    let (clock, database) = (Clock::System, &config.database);
    let store = if args.no_migrate {
        open(database, &clock).await?
    } else {
        open_migrated(database, &clock).await?
    };
    let (is, should) = (store.schema_version().await?, store.newest_schema_version());
    if is < should {
        return Err(Failure::Words(format!(
            "the database has schema version {is} and needs {should}: run `casewire migrate`"
        )));
    }
    let carriers = Carriers::of_config(&config).map_err(|(name, error)| Failure::Words(format!("twilio.{name}: {error}")))?;
    let app = App::new(config, store, clock, carriers);
    let listeners = Listeners::bind(&app)
        .await
        .map_err(|(address, error)| Failure::Words(format!("cannot listen at {address}: {error}")))?;
    if let Some(voice) = &app.config.voice {
        let opened = local::open(&app, voice).map_err(|failure| Failure::Words(format!("[voice]: {failure}")))?;
        tracing::info!(audio = opened.reach(), "the voice engine listens");
        opened.join(&app);
    }
    if app.config.calls_over_twilio() {
        twilio::join(&app, None).map_err(|why| Failure::Words(format!("voice.recordings: {why}")))?;
    }
    tracing::info!(listen = %app.config.listen, database = app.config.database.engine(), "serving");
    serve::run(app, listeners, told_to_stop()?).await;
    Ok(ExitCode::SUCCESS)
}

/// Ends with SIGTERM or SIGINT.
///
/// # Errors
/// Where the system does not let signals be awaited.
pub fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
