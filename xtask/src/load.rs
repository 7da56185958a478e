//! What `bench` and `fault` share: the server as a child process, a stopwatch, CPU seconds, percentiles and tables. The
//! throw-away PostgreSQL is the one of the tests, `postgres.rs`.

pub mod cpu;
pub mod engine;
pub mod latency;
pub mod server;
pub mod stopwatch;
pub mod table;

use std::process::ExitCode;

use crate::process::Failure;
use crate::say;

/// Something that `bench` measures or `fault` breaks.
pub struct Subject {
    /// The word on the command line.
    pub name: &'static str,
    /// What it does, in a line.
    pub says: &'static str,
    /// Does it; the arguments are those after the name.
    pub run: fn(&[String]) -> Result<ExitCode, Failure>,
}

/// Runs the subject that is named first, or lists what there is.
pub fn run(command: &str, subjects: &[Subject], arguments: &[String]) -> Result<ExitCode, Failure> {
    let Some((name, rest)) = arguments.split_first() else {
        say::line(&list(command, subjects));
        return Ok(ExitCode::SUCCESS);
    };
    match subjects.iter().find(|subject| subject.name == name) {
        Some(subject) => (subject.run)(rest),
        None => Err(Failure::new(format!(
            "`cargo xtask {command}` knows no `{name}`\n\n{}",
            list(command, subjects)
        ))),
    }
}

fn list(command: &str, subjects: &[Subject]) -> String {
    let lines = subjects
        .iter()
        .map(|subject| format!("cargo xtask {command} {:<10} {}", subject.name, subject.says));
    lines.collect::<Vec<_>>().join("\n")
}

/// Reads a subject's options. What clap prints by itself (help) ends the process, as it does everywhere.
pub fn options<O: clap::Parser>(command: &str, arguments: &[String]) -> O {
    O::parse_from(std::iter::once(command).chain(arguments.iter().map(String::as_str)))
}
