//! `cargo xtask fault`: what is broken on purpose, one subject a file. Each prints a table of what it did and what it found, and
//! fails if something was lost.

mod kill;

use std::process::ExitCode;

use crate::load::{self, Subject};
use crate::process::Failure;

const SUBJECTS: [Subject; 1] = [Subject {
    name: "kill",
    says: "kill the server at random moments and start it again",
    run: kill::run,
}];

/// Breaks the subject that is named first.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    load::run("fault", &SUBJECTS, arguments)
}
