//! What searching and reporting cost at the server over a year of a busy firm, on both engines: for who sees all cases, for a team's
//! supervisor, and for an agent with forty. Fills each database, lets the node count the days, and prints the table.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::node::Node;
use super::place::{self, Place};
use super::town::READER;
use super::wire::{self, Line};
use super::year::{self, AGENT, SUPERVISOR, Year};
use crate::load::engine::Engine;
use crate::load::latency::{Latencies, milliseconds};
use crate::load::server::{self, Setting};
use crate::load::stopwatch::Stopwatch;
use crate::load::table::Table;
use crate::postgres::Postgres;
use crate::process::Failure;
use crate::{packages, say};

/// Options of `cargo xtask bench casework`.
#[derive(Debug, clap::Parser)]
struct Options {
    /// The program to measure; without it, what this checkout builds in release.
    #[arg(long)]
    executable: Option<PathBuf>,
    /// The engines to measure.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    engine: Vec<Engine>,
    /// A fiftieth of the year, for a quick run.
    #[arg(long)]
    small: bool,
    /// How often each question is asked.
    #[arg(long, default_value_t = 10)]
    times: usize,
}

/// What counting all days may take.
const COUNTED_WITHIN: Duration = Duration::from_secs(900);
const REPORTS: [&str; 9] = [
    "logged",
    "volumes",
    "roles",
    "responses",
    "claims",
    "unclaimed",
    "calls",
    "last_contact",
    "failures",
];

/// Measures and prints the table.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options: Options = crate::load::options("cargo xtask bench casework", arguments);
    packages::require(&[packages::POSTGRES])?;
    let executable = options.executable.clone().map_or_else(server::build, Ok)?;
    tokio::runtime::Runtime::new()?.block_on(measure(&options, &executable))?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(options: &Options, executable: &Path) -> Result<(), Failure> {
    let postgres = Postgres::start()?;
    let mut table = Table::new(&["what", "engine", "who", "asked", "p50 ms", "p95 ms", "worst ms"]);
    for &engine in &options.engine {
        one(options, executable, (&postgres, engine), &mut table).await?;
    }
    say::line(&table.text());
    Ok(())
}

async fn one(options: &Options, executable: &Path, (postgres, engine): (&Postgres, Engine), table: &mut Table) -> Result<(), Failure> {
    let year = size(options)?;
    let setting = Setting::fresh("bench")?;
    let database = Place::fresh(engine, "casework", &setting.data, &postgres.url()).await?;
    say::step(&format!("{}: a year of {} texts is written", engine.name(), year.texts));
    let watch = Stopwatch::start();
    database.fill_with(executable, year.tables()?).await?;
    say::step(&format!(
        "{}: written in {:.0} s; the days are counted",
        engine.name(),
        watch.elapsed().as_secs_f64()
    ));
    let node = Node::start(executable, &setting, &database)?;
    let counted = counted(&database).await?;
    say::step(&format!("{}: counted in {:.0} s", engine.name(), counted.as_secs_f64()));
    let mut line = Line::open(node.address).await?;
    let reader = format!("{READER}0");
    for (who, token) in [("all cases", reader.as_str()), ("a team's", SUPERVISOR), ("forty", AGENT)] {
        for (what, questions) in questions() {
            let mut measured = Vec::new();
            for path in &questions {
                let request = wire::get(node.address, token, path);
                for turn in 0..=options.times {
                    let watch = Stopwatch::start();
                    ask(&mut line, &request, path).await?;
                    if turn > 0 {
                        measured.push(watch.elapsed());
                    }
                }
            }
            add(table, (&what, engine, who), measured);
        }
    }
    drop(line);
    node.stop()?;
    std::fs::remove_dir_all(&setting.data)?;
    Ok(())
}

fn size(options: &Options) -> Result<Year, Failure> {
    let part = if options.small { 50 } else { 1 };
    Ok(Year {
        cases: 10_000 / part,
        contacts: 50_000 / part,
        texts: 2_000_000 / part,
        calls: 200_000 / part,
        now: place::now()?,
    })
}

fn add(table: &mut Table, (what, engine, who): (&str, Engine, &str), measured: Vec<Duration>) {
    let latencies = Latencies::of(measured);
    table.row([
        what.to_owned(),
        engine.name().to_owned(),
        who.to_owned(),
        latencies.count().to_string(),
        milliseconds(latencies.percentile(50)),
        milliseconds(latencies.percentile(95)),
        milliseconds(latencies.percentile(100)),
    ]);
}

async fn ask(line: &mut Line, request: &[u8], path: &str) -> Result<(), Failure> {
    let answer = line.ask(request).await?;
    if answer.status == 200 {
        return Ok(());
    }
    Err(Failure::new(format!("{path}: answered {}", answer.status)))
}

/// Waits until the node has counted every day; how long that took.
async fn counted(database: &Place) -> Result<Duration, Failure> {
    let left = "select cast(count(*) as text) from report_days where is_stale = 0";
    let waiting = "select cast(count(*) as text) from report_days where is_stale = 1";
    let watch = Stopwatch::start();
    while database.newest(waiting).await? != "0" || database.newest(left).await? == "0" {
        if watch.elapsed() > COUNTED_WITHIN {
            return Err(Failure::new("the days were not counted within a quarter of an hour"));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(watch.elapsed())
}

/// What is asked: searches by kind of question, and each report over the whole year.
fn questions() -> Vec<(String, Vec<String>)> {
    let word = |rank: u64| year::syllables(rank);
    let beginning = |rank: u64, letters: usize| word(rank).chars().take(letters).collect::<String>();
    let search = |query: &str| format!("/api/search/?q={}", query.replace(' ', "%20"));
    let each = |ranks: &[u64]| ranks.iter().map(|rank| search(&word(*rank))).collect::<Vec<_>>();
    let several = [(0, 900), (3, 40), (500, 700), (9000, 12)].map(|(one, other)| search(&format!("{} {}", word(one), word(other))));
    let begun = [(0, 2), (1, 3), (8, 3), (40, 4), (900, 4), (7000, 5)].map(|(rank, letters)| search(&beginning(rank, letters)));
    let numbers = ["2125000123", "500 0123", "0123", "10-CV-00456", "00456"].map(search);
    let mut all = vec![
        ("search: common words".to_owned(), each(&[0, 1, 2, 5, 9])),
        ("search: other words".to_owned(), each(&[60, 300, 1500, 6000, 15_000])),
        ("search: several words".to_owned(), several.to_vec()),
        ("search: beginnings".to_owned(), begun.to_vec()),
        ("search: numbers".to_owned(), numbers.to_vec()),
    ];
    let everything = all.iter().flat_map(|(_, paths)| paths.clone()).collect();
    all.push(("search: all of these".to_owned(), everything));
    for report in REPORTS {
        all.push((
            format!("report: {report}"),
            vec![format!("/api/reports/{report}/?from={}&to={}", days().0, days().1)],
        ));
    }
    all
}

/// The last 365 days, as the firm's clock has them; one more on either side does no harm.
fn days() -> (String, String) {
    use casewire_core::reports::{Zone, written};
    let now = place::now().unwrap_or_default();
    let today = Zone::named("America/New_York").day_of(casewire_core::time::Timestamp::from_micros(now));
    (written(today - 364), written(today))
}
