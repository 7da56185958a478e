//! `casewire openapi`: prints the description of the API, as `GET /api/openapi.json` gives it.

use std::process::ExitCode;

use super::{Failure, say};
use crate::api;

/// Prints it.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn run() -> Result<ExitCode, Failure> {
    say(&api::openapi::text().map_err(|error| Failure::Words(error.to_string()))?);
    Ok(ExitCode::SUCCESS)
}
