//! `cargo xtask`: what a person or CI does with the project, one command each. This binary stays light, so that a fresh machine
//! is at work within seconds: `bench` and `fault` are behind the feature `load`, with which it starts itself again.
//! Read on in `demo.rs`, `test.rs` and `check.rs`.

#[cfg(feature = "load")]
mod bench;
mod check;
mod demo;
#[cfg(feature = "load")]
mod fault;
#[cfg(feature = "load")]
mod load;
mod packages;
mod pictures;
mod postgres;
mod process;
mod release;
#[cfg(feature = "render")]
mod render;
mod say;
mod test;
mod tree;
mod web;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [ARGS…]      build and start the demo; ARGS go to `casewire demo` (see `cargo xtask demo --help`)
cargo xtask test [FILTER…]    every test, on SQLite and on a throw-away PostgreSQL; the last line is the count
cargo xtask release           build the web client and the release binary that has it in it
cargo xtask pictures          take the pictures of docs/pictures/ anew
cargo xtask check [RULE…]     all that a reviewer would ask for; `cargo xtask check --list` names the rules,
                              `cargo xtask check --write` writes the generated files anew
cargo xtask bench [SUBJECT]   measure, in a release build; without a subject, says what there is
cargo xtask fault [SUBJECT]   break it on purpose; without a subject, says what there is";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next();
    let rest: Vec<String> = arguments.collect();
    let outcome = match command.as_deref() {
        Some("demo") => demo::run(&rest),
        Some("test") => test::run(&rest),
        Some("pictures") => pictures::run(),
        Some("release") => release::run(),
        Some("check") => check::run(&rest),
        #[cfg(feature = "load")]
        Some("bench") => bench::run(&rest),
        #[cfg(feature = "load")]
        Some("fault") => fault::run(&rest),
        #[cfg(not(feature = "load"))]
        Some("bench") => process::again(&["--release", "--features", "load", "--", "bench"], &rest),
        #[cfg(not(feature = "load"))]
        Some("fault") => process::again(&["--features", "load", "--", "fault"], &rest),
        #[cfg(feature = "render")]
        Some("render") => render::run(&rest),
        None | Some("help" | "-h" | "--help") => {
            say::line(USAGE);
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => Err(process::Failure::new(format!("there is no `cargo xtask {other}`\n\n{USAGE}"))),
    };
    outcome.unwrap_or_else(|failure| {
        say::trouble(&failure.to_string());
        ExitCode::FAILURE
    })
}
