//! `cargo xtask bench web`: what the web client must keep to, in a real Chromium against the real binary, on a firm of ten thousand
//! conversations. Playwright measures (`web/e2e/bench/`); here it is started and its rows become one table.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::load::server;
use crate::load::table::Table;
use crate::packages::{self, require};
use crate::process::{Failure, status};
use crate::{say, tree, web};

/// Options of `cargo xtask bench web`.
#[derive(Debug, clap::Parser)]
struct Options {
    /// The program to measure; without it, what this checkout builds in release.
    #[arg(long)]
    executable: Option<PathBuf>,
    /// Little data and few samples: to see that it works, not to be believed.
    #[arg(long)]
    quick: bool,
    /// The files of `web/e2e/bench/` to run, by a part of their name; without any, all.
    files: Vec<String>,
}

/// A budget, as the benches record it.
#[derive(Debug, PartialEq)]
struct Row {
    budget: String,
    limit: String,
    measured: String,
    /// Nothing where there is no limit.
    kept: Option<bool>,
}

/// Measures, prints the table, and fails where a budget is not kept.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options: Options = crate::load::options("cargo xtask bench web", arguments);
    require(&[packages::NODE, packages::CHROMIUM])?;
    web::install()?;
    let executable = match &options.executable {
        Some(executable) => executable.clone(),
        None => server::build()?,
    };
    let results = results()?;
    say::step("measuring in Chromium (some minutes); nothing else should run meanwhile");
    let is_whole = measure(&options, &executable, &results)?;
    let rows = rows(&std::fs::read_to_string(&results).unwrap_or_default())?;
    say::line(&table(&rows).text());
    let missed = rows.iter().filter(|row| row.kept == Some(false));
    let missed: Vec<&str> = missed.map(|row| row.budget.as_str()).collect();
    for budget in &missed {
        say::trouble(&format!("over its limit: {budget}"));
    }
    if !is_whole {
        say::trouble("a bench ended early: the table does not have all of its rows");
    }
    let is_good = is_whole && missed.is_empty() && !rows.is_empty();
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An empty place for what is recorded.
fn results() -> Result<PathBuf, Failure> {
    let folder = tree::target().join("bench");
    std::fs::create_dir_all(&folder)?;
    let results = folder.join("web.jsonl");
    std::fs::write(&results, "")?;
    Ok(results)
}

/// Runs the benches, what they say of themselves to standard error; whether all of them came to their end.
fn measure(options: &Options, executable: &Path, results: &Path) -> Result<bool, Failure> {
    let executable = executable.canonicalize()?;
    let mut command = web::tool("playwright", &["test", "--config", "playwright.bench.config.ts"])?;
    command
        .args(&options.files)
        .env("CASEWIRE_BINARY", executable)
        .env("CASEWIRE_BENCH_RESULTS", results)
        .env("CASEWIRE_BENCH_QUICK", if options.quick { "1" } else { "0" })
        .env("NO_COLOR", "1")
        .stdout(std::io::stderr());
    Ok(status(&mut command)?.success())
}

fn rows(recorded: &str) -> Result<Vec<Row>, Failure> {
    recorded.lines().map(row).collect()
}

fn row(line: &str) -> Result<Row, Failure> {
    let value: serde_json::Value =
        serde_json::from_str(line).map_err(|error| Failure::new(format!("a bench recorded `{line}`: {error}")))?;
    let words = |name: &str| {
        let word = value.get(name).and_then(serde_json::Value::as_str);
        word.map(str::to_owned)
            .ok_or_else(|| Failure::new(format!("a bench recorded no `{name}`: {line}")))
    };
    Ok(Row {
        budget: words("budget")?,
        limit: words("limit")?,
        measured: words("measured")?,
        kept: value.get("kept").and_then(serde_json::Value::as_bool),
    })
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new(&["budget", "limit", "measured", "kept"]);
    for row in rows {
        let kept = match row.kept {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "–",
        };
        table.row([row.budget.clone(), row.limit.clone(), row.measured.clone(), kept.to_owned()]);
    }
    table
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_recorded_line_is_a_row_and_anything_else_is_a_failure() {
        let recorded = "{\"budget\":\"styles\",\"limit\":\"12 kB\",\"measured\":\"13 kB\",\"kept\":false}\n";
        let rows = rows(recorded).unwrap();
        assert_eq!(rows.first().and_then(|row| row.kept), Some(false));
        assert!(table(&rows).text().ends_with("| styles | 12 kB |    13 kB |   NO |"));
        assert!(super::rows("{\"budget\":\"styles\"}").is_err());
        assert!(super::rows("half a li").is_err());
    }

    #[test]
    fn a_row_without_a_limit_is_neither_kept_nor_missed() {
        let recorded = "{\"budget\":\"a\",\"limit\":\"–\",\"measured\":\"1\",\"kept\":null}";
        assert_eq!(rows(recorded).unwrap().first().unwrap().kept, None);
    }
}
