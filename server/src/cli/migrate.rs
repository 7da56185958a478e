//! `casewire migrate`: brings the database up to date.

use std::process::ExitCode;

use super::{Failure, configuration, open, say};
use crate::clock::Clock;
use crate::config::Origin;

/// Migrates and says from what to what.
///
/// # Errors
/// Why it could not.
pub async fn run(origin: &Origin) -> Result<ExitCode, Failure> {
    let config = configuration(origin)?;
    let store = open(&config.database, &Clock::System).await?;
    let before = store.schema_version().await?;
    store.migrate().await?;
    let after = store.schema_version().await?;
    if before == after {
        say(&format!("The database has schema version {after} already."));
    } else {
        say(&format!("The database was brought from schema version {before} to {after}."));
    }
    Ok(ExitCode::SUCCESS)
}
