//! What reading costs at the server: a case's conversations, what stands in one of them, and the people of a case, over kept
//! connections, while the organization has few texts and many; and how many statements each is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::captured::Capture;
use super::node::Node;
use super::place::{self, Place};
use super::town::{Kind, READER, Town, case_number, home_conversation};
use super::wire::{self, Line};
use crate::load::engine::Engine;
use crate::load::latency::{Latencies, milliseconds};
use crate::load::server::{self, Setting};
use crate::load::stopwatch::Stopwatch;
use crate::load::table::Table;
use crate::postgres::Postgres;
use crate::process::Failure;
use crate::{packages, say};

/// Options of `cargo xtask bench lists`.
#[derive(Debug, clap::Parser)]
struct Options {
    /// The program to measure; without it, what this checkout builds in release.
    #[arg(long)]
    executable: Option<PathBuf>,
    /// The engines to measure.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    engine: Vec<Engine>,
    /// How many texts the organization has.
    #[arg(long, value_delimiter = ',', default_values = ["20000", "2000000"])]
    texts: Vec<u64>,
    /// How often each list is asked for.
    #[arg(long, default_value_t = 400)]
    times: usize,
}

/// A list that is measured.
struct List {
    name: &'static str,
    path: String,
    /// Words of a statement of its transaction.
    words: &'static str,
    /// How many entries the answer must have.
    entries: usize,
}

/// How many answers come before those that count.
const WARM_UP: usize = 100;

fn lists() -> [List; 3] {
    let conversation = format!("conv_{:032x}", Kind::Conversation.id(home_conversation(1)));
    [
        List {
            name: "conversations of a case",
            path: format!("/api/omnichannel/conversations/?case_id={}", case_number(1)),
            words: "order by v.last_at desc",
            entries: 50,
        },
        List {
            name: "items of a conversation",
            // As many as there are in each conversation of the smallest town, so that the answers are alike.
            path: format!("/api/omnichannel/conversations/{conversation}/items/?limit=20"),
            words: "from conversation_items i",
            entries: 20,
        },
        List {
            name: "people of a case",
            path: format!("/api/cases/{}/contacts/", case_number(0)),
            words: "order by l.is_client desc",
            entries: 50,
        },
    ]
}

/// Measures and prints the table.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options: Options = crate::load::options("cargo xtask bench lists", arguments);
    packages::require(&[packages::POSTGRES])?;
    let executable = options.executable.clone().map_or_else(server::build, Ok)?;
    tokio::runtime::Runtime::new()?.block_on(measure(&options, &executable))?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(options: &Options, executable: &Path) -> Result<(), Failure> {
    let postgres = Postgres::start()?;
    let mut table = Table::new(&["list", "engine", "texts", "p50 ms", "p99 ms", "to the first", "statements"]);
    for &engine in &options.engine {
        let mut firsts: Vec<Duration> = Vec::new();
        for (place, &texts) in options.texts.iter().enumerate() {
            say::step(&format!("{}: {texts} texts", engine.name()));
            let measured = one(options, executable, &postgres, (engine, texts, place)).await?;
            for (index, (list, latencies, statements)) in measured.into_iter().enumerate() {
                let median = latencies.percentile(50);
                if place == 0 {
                    firsts.push(median);
                }
                let growth = firsts.get(index).map_or(1.0, |first| median.as_secs_f64() / first.as_secs_f64());
                table.row([
                    list.to_owned(),
                    engine.name().to_owned(),
                    texts.to_string(),
                    milliseconds(median),
                    milliseconds(latencies.percentile(99)),
                    format!("{growth:.2}"),
                    statements,
                ]);
            }
        }
    }
    say::line(&format!(
        "{}\n\nStatements are those of the list's transaction, as PostgreSQL logged them; whose token it is takes one more before it.",
        table.text()
    ));
    Ok(())
}

async fn one(
    options: &Options,
    executable: &Path,
    postgres: &Postgres,
    (engine, texts, place): (Engine, u64, usize),
) -> Result<Vec<(&'static str, Latencies, String)>, Failure> {
    let setting = Setting::fresh("bench")?;
    let database = Place::fresh(engine, &format!("lists{place}"), &setting.data, &postgres.url()).await?;
    let small = Town {
        organizations: 1,
        texts_each: 1,
        // Eight people are on each case already.
        witnesses: [42, 60],
        now: place::now()?,
    };
    let conversations = u64::try_from(small.conversations()).unwrap_or(1).max(1);
    let town = Town {
        texts_each: (texts / conversations).max(1),
        ..small
    };
    database.fill(executable, town).await?;
    let node = Node::start(executable, &setting, &database)?;
    let mut line = Line::open(node.address).await?;
    let mut measured = Vec::new();
    for list in lists() {
        let request = wire::get(node.address, &format!("{READER}0"), &list.path);
        let latencies = ask(&mut line, &request, &list, options.times).await?;
        let statements = match engine {
            Engine::Sqlite => "as below".to_owned(),
            Engine::Postgres => {
                let capture = Capture::begin(&postgres.url(), postgres.log()).await?;
                ask(&mut line, &request, &list, 0).await?;
                let transactions = capture.end(&[list.words]).await?;
                transactions.last().map_or(0, Vec::len).to_string()
            }
        };
        measured.push((list.name, latencies, statements));
    }
    drop(line);
    node.stop()?;
    std::fs::remove_dir_all(&setting.data)?;
    Ok(measured)
}

/// Asks so many times after some that do not count, and looks at whether the answer is what it should be.
async fn ask(line: &mut Line, request: &[u8], list: &List, times: usize) -> Result<Latencies, Failure> {
    let answer = line.ask(request).await?;
    let items = serde_json::from_slice::<serde_json::Value>(&answer.body).ok();
    let count = items
        .and_then(|body| body.get("items")?.as_array().map(Vec::len))
        .unwrap_or_default();
    if answer.status != 200 || count < list.entries.max(1) {
        return Err(Failure::new(format!(
            "{}: answered {} with {count} entries",
            list.name, answer.status
        )));
    }
    let mut measured = Vec::with_capacity(times);
    let warm_up = WARM_UP.min(times);
    for turn in 0..times + warm_up {
        let watch = Stopwatch::start();
        line.ask(request).await?;
        if turn >= warm_up {
            measured.push(watch.elapsed());
        }
    }
    Ok(Latencies::of(measured))
}
