//! `cargo xtask test`: every test of the project, on both engines, with what they need set up and taken down again. The last
//! line is the count, `N passed, N failed`. A step that fails without having counted a failed test counts as one failure.

mod count;

use std::process::{Command, ExitCode};

use crate::packages::{self, require};
use crate::postgres::Postgres;
use crate::process::{Failure, Interrupt, cargo, output, succeed, succeeds};
use crate::{say, tree, web};
use count::Count;

/// Sets up, runs, takes down, counts.
pub fn run(filters: &[String]) -> Result<ExitCode, Failure> {
    if let Some(flag) = filters.iter().find(|filter| filter.starts_with('-')) {
        return Err(Failure::new(format!(
            "`{flag}` is no filter; give parts of test names, or nothing for every test"
        )));
    }
    let interrupt = Interrupt::listen()?;
    let mut count = Count::default();
    if let Err(failure) = everything(filters, &interrupt, &mut count) {
        say::trouble(&failure.to_string());
        count.failed += 1;
    }
    if count == Count::default() {
        say::trouble("not one test ran");
    }
    say::line(&count.to_string());
    let is_good = count.failed == 0 && count.passed > 0;
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn everything(filters: &[String], interrupt: &Interrupt, count: &mut Count) -> Result<(), Failure> {
    require(&[
        packages::C_COMPILER,
        packages::POSTGRES,
        packages::PYTHON,
        packages::CURL,
        packages::OPENSSL,
        packages::NODE,
        packages::CHROMIUM,
    ])?;
    client(filters, interrupt, count)?;

    say::step("building the tests and the server (some minutes the first time)");
    succeed(over_all(&["test"]).arg("--no-run"))?;
    interrupt.refuse()?;

    say::step("setting up the Python peers");
    output(Command::new("sh").arg(tree::root().join("carriers/tests/peer-env.sh")))?;

    say::step("starting a throw-away PostgreSQL");
    let postgres = Postgres::start()?;
    let environment = [("CASEWIRE_TEST_POSTGRES", postgres.url())];

    let mut tests = if succeeds(cargo().args(["nextest", "--version"])) {
        say::step("running the tests (cargo nextest)");
        let mut command = over_all(&["nextest", "run"]);
        command.args(["--no-fail-fast", "--no-tests=pass"]).args(filters);
        (command, Count::of_nextest as fn(&str) -> Count)
    } else {
        say::step("running the tests (cargo test; with cargo-nextest installed it is faster)");
        let mut command = over_all(&["test"]);
        command.args(["--lib", "--bins", "--tests", "--no-fail-fast", "--"]).args(filters);
        (command, Count::of_libtest as fn(&str) -> Count)
    };
    tests.0.envs(environment.clone()).env("CASEWIRE_TEST_WEB", "built");
    step(interrupt, &mut tests.0, tests.1, count)?;

    say::step("running the tests in the documentation");
    let mut documentation = over_all(&["test"]);
    documentation
        .args(["--doc", "--no-fail-fast", "--"])
        .args(filters)
        .envs(environment);
    step(interrupt, &mut documentation, Count::of_libtest, count)?;

    say::step("running the journeys through the web client, in Chromium");
    let mut journeys = web::tool("playwright", &["test"])?;
    journeys
        .args(filters.iter().flat_map(|filter| ["--grep", filter]))
        .args(["--reporter=list", "--pass-with-no-tests"])
        .env("CASEWIRE_BINARY", tree::target().join("debug").join("casewire"))
        .env("NO_COLOR", "1");
    step(interrupt, &mut journeys, Count::of_playwright, count)
}

/// Builds the web client, checks it as far as its own tools can, and runs the tests of its logic.
fn client(filters: &[String], interrupt: &Interrupt, count: &mut Count) -> Result<(), Failure> {
    web::install()?;
    web::build()?;
    interrupt.refuse()?;
    say::step("running the tests of the web client's logic");
    let mut logic = web::tool("vitest", &["run", "--passWithNoTests"])?;
    logic
        .args(filters.iter().flat_map(|filter| ["--testNamePattern", filter]))
        .env("NO_COLOR", "1");
    step(interrupt, &mut logic, Count::of_vitest, count)
}

/// A subcommand of cargo over the whole workspace.
fn over_all(subcommand: &[&str]) -> Command {
    let mut command = cargo();
    command.args(subcommand).args(["--workspace", "--all-features"]);
    command
}

fn step(interrupt: &Interrupt, command: &mut Command, counted: fn(&str) -> Count, total: &mut Count) -> Result<(), Failure> {
    let (status, text) = interrupt.run_reading(command)?;
    let count = counted(&text);
    total.passed += count.passed;
    total.failed += count.failed;
    interrupt.refuse()?;
    if status.success() || count.failed > 0 {
        return Ok(());
    }
    Err(Failure::new(format!("a run of the tests ended early: {status}")))
}
