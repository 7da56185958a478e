//! What a text costs on its way in: from the signed webhook to the commit and its acknowledgement, and to the frame on a
//! subscribed socket, beside the same statements on the bare database in the same run. Read on in `bare.rs` and `senders.rs`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use super::bare::{self, Rate, Work};
use super::listener::Listeners;
use super::node::Node;
use super::place::{self, Place};
use super::senders::{Letters, Mix};
use super::town::{ORGANIZATIONS, Town};
use crate::load::cpu;
use crate::load::engine::Engine;
use crate::load::latency::{Latencies, milliseconds};
use crate::load::server::{self, Setting};
use crate::load::table::Table;
use crate::postgres::Postgres;
use crate::process::Failure;
use crate::{packages, say};

/// Options of `cargo xtask bench inbound`.
#[derive(Debug, clap::Parser)]
struct Options {
    /// The program to measure; without it, what this checkout builds in release.
    #[arg(long)]
    executable: Option<PathBuf>,
    /// The engines to measure.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    engine: Vec<Engine>,
    /// How many senders post at once, each waiting for its answer before the next text.
    #[arg(long, value_delimiter = ',', default_values = ["1", "8", "64"])]
    senders: Vec<usize>,
    /// How long each is measured, in seconds.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// How often server and bare database are measured in turn; the table has the median of each.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// In how many organizations a socket is subscribed; the first gets one text in ten, and its share of the others.
    #[arg(long, default_value_t = 1)]
    sockets: u64,
    /// Whose texts come in. The bare database does the work of texts that go to one case.
    #[arg(long, value_enum, default_value = "routed")]
    mix: Mix,
    /// How many older texts each conversation holds.
    #[arg(long, default_value_t = 5)]
    texts_each: u64,
}

/// More texts than are taken in within a second on any machine that this was run on.
const MOST_PER_SECOND: usize = 12_000;
/// How long server and caches get used to the work before measuring.
const WARM_UP: Duration = Duration::from_secs(2);

/// What one round gave.
struct Round {
    per_second: f64,
    acknowledged: Latencies,
    framed: Latencies,
    count: f64,
    /// CPU seconds of the server, and of PostgreSQL.
    cpu: [f64; 2],
}

/// What is measured on.
struct Bench<'b> {
    options: &'b Options,
    engine: Engine,
    node: Node,
    postgres: &'b Postgres,
    work: &'b Work,
    bare: Place,
    folder: &'b Path,
    /// The marker of the next text: none may come twice.
    next: usize,
    round: usize,
}

/// Measures and prints the table.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options: Options = crate::load::options("cargo xtask bench inbound", arguments);
    packages::require(&[packages::POSTGRES])?;
    let executable = options.executable.clone().map_or_else(server::build, Ok)?;
    tokio::runtime::Runtime::new()?.block_on(measure(&options, &executable))?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(options: &Options, executable: &Path) -> Result<(), Failure> {
    let postgres = Postgres::start()?;
    let town = Town {
        organizations: ORGANIZATIONS,
        texts_each: options.texts_each,
        witnesses: [0, 0],
        now: place::now()?,
    };
    say::step("looking at the statements that the server runs for one text");
    let work = Work::watch(executable, &postgres, town).await?;
    let mut table = Table::new(&[
        "engine",
        "senders",
        "texts/s",
        "ack p50 ms",
        "ack p99 ms",
        "frame p50 ms",
        "frame p99 ms",
        "server µs/text",
        "database µs/text",
        "texts per CPU s",
        "bare/s",
        "bare per CPU s",
        "ratio",
    ]);
    for &engine in &options.engine {
        let setting = Setting::fresh("bench")?;
        say::step(&format!("{}: filling the town", engine.name()));
        let place = Place::fresh(engine, "town", &setting.data, &postgres.url()).await?;
        place.fill(executable, town).await?;
        let bare = place.copy("bare", &postgres.url()).await?;
        let mut bench = Bench {
            options,
            engine,
            node: Node::start(executable, &setting, &place)?,
            postgres: &postgres,
            work: &work,
            bare,
            folder: &setting.data,
            next: 1,
            round: 0,
        };
        bench.all(&mut table).await?;
        bench.node.stop()?;
        std::fs::remove_dir_all(&setting.data)?;
    }
    let statements = work.statements();
    say::line(&format!(
        "{}\n\nA text is {statements} statements. The figures are of the median of {} rounds of {} s each.",
        table.text(),
        options.rounds,
        options.seconds
    ));
    Ok(())
}

impl Bench<'_> {
    async fn all(&mut self, table: &mut Table) -> Result<(), Failure> {
        self.round(8, WARM_UP).await?;
        for &senders in &self.options.senders {
            let (mut rounds, mut rates) = (Vec::new(), Vec::new());
            for _ in 0..self.options.rounds.max(1) {
                say::step(&format!("{}, {senders} senders", self.engine.name()));
                rounds.push(self.round(senders, Duration::from_secs(self.options.seconds)).await?);
                if self.options.mix == Mix::Routed {
                    rates.push(self.bare(senders)?);
                }
            }
            rounds.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
            rates.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
            let middle = rounds.len() / 2;
            if let Some(round) = rounds.get(middle) {
                table.row(cells(self.engine, senders, round, rates.get(middle)));
            }
        }
        Ok(())
    }

    /// One round of the server.
    async fn round(&mut self, senders: usize, length: Duration) -> Result<Round, Failure> {
        let count = usize::try_from(length.as_secs().max(1))
            .unwrap_or(1)
            .saturating_mul(MOST_PER_SECOND);
        let (address, sockets) = (self.node.address, self.options.sockets);
        let letters = Arc::new(Letters::write(address, self.options.mix, self.next, count));
        self.next += count;
        let listeners = Listeners::subscribe(address, sockets, &letters).await?;
        let before = self.cpu()?;
        let sent = letters.post(address, senders, length, sockets).await?;
        let after = self.cpu()?;
        let frames_each = match self.options.mix {
            Mix::Routed => 1,
            Mix::Offered => 3,
        };
        let framed = listeners.all(sent.to_watched * frames_each).await?;
        #[expect(clippy::cast_precision_loss, reason = "a count of texts is far below 2^52")]
        let count = sent.acknowledged.len() as f64;
        Ok(Round {
            per_second: count / sent.within.as_secs_f64(),
            acknowledged: Latencies::of(sent.acknowledged),
            framed: Latencies::of(framed),
            count,
            cpu: [after[0] - before[0], after[1] - before[1]],
        })
    }

    fn cpu(&self) -> Result<[f64; 2], Failure> {
        let of_database = match (self.engine, self.postgres.pid()) {
            (Engine::Postgres, Some(pid)) => cpu::seconds_of_family(pid)?,
            (Engine::Postgres, None) => return Err(Failure::new("the throw-away PostgreSQL has no process id")),
            (Engine::Sqlite, _) => 0.0,
        };
        Ok([cpu::seconds(self.node.pid())?, of_database])
    }

    /// One round of the bare database.
    fn bare(&mut self, senders: usize) -> Result<Rate, Failure> {
        self.round += 1;
        let seconds = self.options.seconds;
        match &self.bare {
            Place::File(path) => bare::sqlite::run(self.work, path, senders, Duration::from_secs(seconds), self.round),
            Place::Server(url) => bare::pgbench::run(self.work, (self.postgres, url), (senders, seconds), self.round, self.folder),
        }
    }
}

fn cells(engine: Engine, senders: usize, round: &Round, bare: Option<&Rate>) -> [String; 13] {
    let [server, database] = round.cpu;
    let micros = |seconds: f64| format!("{:.0}", seconds * 1_000_000.0 / round.count.max(1.0));
    let of_bare = |figure: fn(&Rate) -> f64| bare.map_or_else(|| "-".to_owned(), |rate| format!("{:.0}", figure(rate)));
    [
        engine.name().to_owned(),
        senders.to_string(),
        format!("{:.0}", round.per_second),
        milliseconds(round.acknowledged.percentile(50)),
        milliseconds(round.acknowledged.percentile(99)),
        milliseconds(round.framed.percentile(50)),
        milliseconds(round.framed.percentile(99)),
        micros(server),
        micros(database),
        format!("{:.0}", round.count / (server + database).max(0.01)),
        of_bare(|rate| rate.per_second),
        of_bare(|rate| rate.per_cpu_second),
        bare.map_or_else(|| "-".to_owned(), |rate| format!("{:.2}", round.per_second / rate.per_second)),
    ]
}
