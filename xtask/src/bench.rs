//! `cargo xtask bench`: what is measured, one subject a file. Each prints a table in Markdown and measures the bare database in
//! the same run where there is one to compare with, for a figure from another machine or another hour says nothing.

mod bare;
mod captured;
mod casework;
mod commit;
mod inbound;
mod listener;
mod lists;
mod node;
mod place;
mod senders;
mod town;
mod voice;
mod web;
mod wire;
mod year;

use std::process::ExitCode;

use crate::load::{self, Subject};
use crate::process::Failure;

const SUBJECTS: [Subject; 6] = [
    Subject {
        name: "casework",
        says: "searches and reports over a year of a busy firm, on both engines",
        run: casework::run,
    },
    Subject {
        name: "commit",
        says: "what a durable commit costs on this machine, on both bare engines",
        run: commit::run,
    },
    Subject {
        name: "inbound",
        says: "a text from its webhook to acknowledgement and frame, beside the bare database",
        run: inbound::run,
    },
    Subject {
        name: "lists",
        says: "a case's conversations and people, while the organization has few texts and many",
        run: lists::run,
    },
    Subject {
        name: "voice",
        says: "how many calls the local voice engine carries, and how long a word and a switch take",
        run: voice::run,
    },
    Subject {
        name: "web",
        says: "the web client's budgets, in Chromium on ten thousand conversations",
        run: web::run,
    },
];

/// Measures the subject that is named first.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    load::run("bench", &SUBJECTS, arguments)
}
