//! `cargo xtask bench`: what is measured, one subject a file. Each prints a table in Markdown and measures the bare database in
//! the same run, for a figure from another machine or another hour says nothing.

mod commit;

use std::process::ExitCode;

use crate::load::{self, Subject};
use crate::process::Failure;

const SUBJECTS: [Subject; 1] = [Subject {
    name: "commit",
    says: "what a durable commit costs on this machine, on both bare engines",
    run: commit::run,
}];

/// Measures the subject that is named first.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    load::run("bench", &SUBJECTS, arguments)
}
