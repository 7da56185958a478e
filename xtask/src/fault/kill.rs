//! Kills the server (SIGKILL) at random moments and starts it again on the same database: it must be ready each time, and end
//! well when it is asked to. The moments come from a seed, so that a run that found something can be run again.

use std::process::ExitCode;
use std::time::Duration;

use crate::load::engine::Engine;
use crate::load::latency::milliseconds;
use crate::load::server::{self, Server, Setting};
use crate::load::stopwatch::Stopwatch;
use crate::load::table::Table;
use crate::postgres::Postgres;
use crate::process::Failure;
use crate::{packages, say};

/// Options of `cargo xtask fault kill`.
#[derive(Debug, clap::Parser)]
struct Options {
    /// The engine underneath.
    #[arg(long, value_enum, default_value = "sqlite")]
    engine: Engine,
    /// How many times it is killed.
    #[arg(long, default_value_t = 10)]
    kills: u32,
    /// The longest that it runs before it is killed, in milliseconds.
    #[arg(long, default_value_t = 2_000)]
    longest: u64,
    /// The seed of the moments.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Kills, restarts, prints the table.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options: Options = crate::load::options("cargo xtask fault kill", arguments);
    let executable = server::build()?;
    let postgres = match options.engine {
        Engine::Sqlite => None,
        Engine::Postgres => {
            packages::require(&[packages::POSTGRES])?;
            Some(Postgres::start()?)
        }
    };
    let setting = Setting::fresh("fault", postgres.as_ref().map(Postgres::url))?;
    let mut moments = Moments(options.seed);
    let mut table = Table::new(&["start", "ready after ms", "killed after ms"]);
    for kill in 0..options.kills {
        let watch = Stopwatch::start();
        let server = Server::start(&executable, &setting)?;
        let ready_after = watch.elapsed();
        let moment = moments.next_below(options.longest);
        std::thread::sleep(moment);
        server.kill()?;
        table.row([kill.to_string(), milliseconds(ready_after), milliseconds(moment)]);
    }
    let ended = Server::start(&executable, &setting)?.stop()?;
    say::line(&table.text());
    if !ended.success() {
        return Err(Failure::new(format!(
            "after the last start the server was asked to end, and did so badly: {ended}"
        )));
    }
    std::fs::remove_dir_all(&setting.data)?;
    Ok(ExitCode::SUCCESS)
}

/// Repeatable moments (splitmix64, Steele, Lea and Flood 2014).
#[derive(Debug)]
struct Moments(u64);

impl Moments {
    fn next_below(&mut self, longest: u64) -> Duration {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Duration::from_millis((mixed ^ (mixed >> 31)) % longest.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_moments_and_another_seed_others() {
        let moments = |seed| {
            let mut moments = Moments(seed);
            [(); 8].map(|()| moments.next_below(10_000))
        };
        assert_eq!(moments(7), moments(7));
        assert_ne!(moments(7), moments(8));
        assert!(moments(7).iter().all(|moment| *moment < Duration::from_secs(10)));
    }
}
