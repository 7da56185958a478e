//! `cargo xtask demo`: builds the server and becomes `casewire demo`. All arguments are the server's; none is read here.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use crate::process::{Failure, cargo, succeed, typed};
use crate::{packages, say, tree, web};

/// Builds and starts it. The process is replaced, so that Ctrl-C, signals and the exit code are the server's own.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    packages::require(&[packages::C_COMPILER])?;
    web::build()?;
    say::step("building the server (some minutes the first time, seconds after that)");
    succeed(cargo().args(["build", "--locked", "--package", "casewire", "--bin", "casewire"]))?;
    let mut server = Command::new(tree::target().join("debug").join("casewire"));
    server.arg("demo").args(arguments);
    let error = server.exec();
    Err(Failure::new(format!("`{}` could not be started: {error}", typed(&server))))
}
