//! `cargo xtask pictures`: the pictures of each screen under `docs/pictures/`, in light, dark and narrow, taken of the demo in Chromium.
//! What is in them: `web/e2e/pictures/`.

use std::process::ExitCode;

use crate::process::{Failure, cargo, succeed};
use crate::{packages, say, tree, web};

/// Builds what is shown, and shows it.
pub fn run() -> Result<ExitCode, Failure> {
    packages::require(&[packages::C_COMPILER, packages::NODE, packages::CHROMIUM])?;
    web::install()?;
    web::build()?;
    say::step("building the server (some minutes the first time, seconds after that)");
    succeed(cargo().args(["build", "--locked", "--package", "casewire", "--bin", "casewire"]))?;
    say::step("taking the pictures");
    succeed(
        web::tool("playwright", &["test", "--config", "playwright.pictures.config.ts"])?
            .env("CASEWIRE_BINARY", tree::target().join("debug").join("casewire")),
    )?;
    Ok(ExitCode::SUCCESS)
}
