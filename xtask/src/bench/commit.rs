//! What a durable commit of one small row costs on this machine, on the bare engines: the floor under every other figure.
//! SQLite takes one commit at a time, PostgreSQL one per caller.

use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::load::cpu;
use crate::load::engine::Engine;
use crate::load::latency::{Latencies, milliseconds};
use crate::load::server::Setting;
use crate::load::stopwatch::Stopwatch;
use crate::load::table::Table;
use crate::postgres::Postgres;
use crate::process::Failure;
use crate::{packages, say};

/// Options of `cargo xtask bench commit`.
#[derive(Debug, clap::Parser)]
struct Options {
    /// The engines to measure.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    engine: Vec<Engine>,
    /// How many callers commit at once.
    #[arg(long, value_delimiter = ',', default_values = ["1", "8", "64"])]
    callers: Vec<usize>,
    /// How long each is measured, in seconds.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
}

/// What one run gave.
struct Outcome {
    latencies: Latencies,
    /// Of the whole database: in this process for SQLite, in its own for PostgreSQL.
    cpu_seconds: f64,
}

/// Measures and prints the table.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options: Options = crate::load::options("cargo xtask bench commit", arguments);
    let length = Duration::from_secs(options.seconds);
    let mut table = Table::new(&["engine", "callers", "commits/s", "p50 ms", "p95 ms", "p99 ms", "commits per CPU s"]);
    for &engine in &options.engine {
        for &callers in &options.callers {
            let outcome = match engine {
                Engine::Sqlite => sqlite(callers, length)?,
                Engine::Postgres => postgres(callers, length)?,
            };
            table.row(cells(engine, callers, length, &outcome));
        }
    }
    say::line(&table.text());
    Ok(ExitCode::SUCCESS)
}

fn cells(engine: Engine, callers: usize, length: Duration, outcome: &Outcome) -> [String; 7] {
    let latencies = &outcome.latencies;
    #[expect(clippy::cast_precision_loss, reason = "a count of operations is far below 2^52")]
    let count = latencies.count() as f64;
    [
        engine.name().to_owned(),
        callers.to_string(),
        format!("{:.0}", count / length.as_secs_f64()),
        milliseconds(latencies.percentile(50)),
        milliseconds(latencies.percentile(95)),
        milliseconds(latencies.percentile(99)),
        format!("{:.0}", count / outcome.cpu_seconds.max(0.01)),
    ]
}

fn sqlite(callers: usize, length: Duration) -> Result<Outcome, Failure> {
    let setting = Setting::fresh("bench")?;
    let database = rusqlite::Connection::open(setting.data.join("commit.db")).map_err(trouble)?;
    database
        .execute_batch("pragma journal_mode = wal; pragma synchronous = full; create table commits (id integer primary key, at text)")
        .map_err(trouble)?;
    let database = Arc::new(Mutex::new(database));
    let before = cpu::seconds(std::process::id())?;
    let threads: Vec<_> = (0..callers)
        .map(|_| {
            let database = Arc::clone(&database);
            std::thread::spawn(move || sqlite_caller(&database, length))
        })
        .collect();
    let mut measured = Vec::new();
    for thread in threads {
        measured.extend(thread.join().map_err(|_| Failure::new("a caller panicked"))??);
    }
    let cpu_seconds = cpu::seconds(std::process::id())? - before;
    std::fs::remove_dir_all(&setting.data)?;
    Ok(Outcome {
        latencies: Latencies::of(measured),
        cpu_seconds,
    })
}

fn sqlite_caller(database: &Mutex<rusqlite::Connection>, length: Duration) -> Result<Vec<Duration>, Failure> {
    let (run, mut measured) = (Stopwatch::start(), Vec::new());
    while run.elapsed() < length {
        let watch = Stopwatch::start();
        let database = database.lock().map_err(|_| Failure::new("a caller panicked"))?;
        let mut statement = database
            .prepare_cached("insert into commits (at) values ('now')")
            .map_err(trouble)?;
        statement.execute([]).map_err(trouble)?;
        measured.push(watch.elapsed());
    }
    Ok(measured)
}

fn postgres(callers: usize, length: Duration) -> Result<Outcome, Failure> {
    packages::require(&[packages::POSTGRES])?;
    let server = Postgres::start()?;
    let pid = server
        .pid()
        .ok_or_else(|| Failure::new("the throw-away PostgreSQL has no process id"))?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        connect(&server.url())
            .await?
            .batch_execute("create table commits (id bigserial primary key, at text)")
            .await
            .map_err(trouble)?;
        let mut clients = Vec::new();
        for _ in 0..callers {
            clients.push(connect(&server.url()).await?);
        }
        let before = cpu::seconds_of_family(pid)?;
        let tasks: Vec<_> = clients
            .into_iter()
            .map(|client| tokio::spawn(postgres_caller(client, length)))
            .collect();
        let (mut measured, mut kept) = (Vec::new(), Vec::new());
        for task in tasks {
            let (client, latencies) = task.await.map_err(trouble)??;
            measured.extend(latencies);
            // The backends must be alive when their CPU time is read.
            kept.push(client);
        }
        let cpu_seconds = cpu::seconds_of_family(pid)? - before;
        Ok(Outcome {
            latencies: Latencies::of(measured),
            cpu_seconds,
        })
    })
}

async fn connect(url: &str) -> Result<tokio_postgres::Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.map_err(trouble)?;
    tokio::spawn(connection);
    Ok(client)
}

async fn postgres_caller(client: tokio_postgres::Client, length: Duration) -> Result<(tokio_postgres::Client, Vec<Duration>), Failure> {
    let statement = client.prepare("insert into commits (at) values ('now')").await.map_err(trouble)?;
    let (run, mut measured) = (Stopwatch::start(), Vec::new());
    while run.elapsed() < length {
        let watch = Stopwatch::start();
        client.execute(&statement, &[]).await.map_err(trouble)?;
        measured.push(watch.elapsed());
    }
    Ok((client, measured))
}

fn trouble(error: impl std::error::Error) -> Failure {
    Failure::new(error.to_string())
}
