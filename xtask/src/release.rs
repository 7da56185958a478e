//! `cargo xtask release`: the binary as it is given on, with the web client in it.

use std::process::ExitCode;

use crate::process::{Failure, cargo, succeed};
use crate::{packages, say, tree, web};

/// Builds both, and says where the binary is.
pub fn run() -> Result<ExitCode, Failure> {
    packages::require(&[packages::C_COMPILER])?;
    web::build()?;
    say::step("building the release binary (some minutes the first time)");
    succeed(cargo().args(["build", "--locked", "--release", "--package", "casewire", "--bin", "casewire"]))?;
    say::line(&tree::target().join("release").join("casewire").display().to_string());
    Ok(ExitCode::SUCCESS)
}
