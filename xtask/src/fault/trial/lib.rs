//! A trial of "nothing is lost": the real binary is killed at random moments while texts flow through the sandbox, and then what
//! the API shows is compared with what was acknowledged and with what the carrier has. `cargo xtask fault kill` runs it at length,
//! a test of the server in short. Read on in `flow.rs` (what happens) and `findings.rs` (what must hold).
#![cfg(feature = "load")]

mod api;
mod findings;
mod firm;
mod flow;
mod gate;
mod history;
mod node;
mod outside;
mod plan;
mod random;
mod trouble;
mod watch;

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use findings::{Line, Report};
pub use plan::{Plan, Times};
pub use random::Random;
pub use trouble::Trouble;

use api::Api;
use findings::Evidence;
use gate::Gate;
use history::History;
use node::Node;
use outside::Outside;
use watch::Stopwatch;

/// How long no webhook may have been under way before what was acknowledged is counted: longer than the sandbox waits for a retry.
const QUIET: Duration = Duration::from_secs(3);
/// How often the history is looked at while things settle.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Runs a trial of an executable, on a database that is empty and in a folder that is there.
///
/// # Errors
/// [`Trouble`], where the trial itself could not be done. What it found wrong is in the report.
pub async fn run(executable: &Path, database: &str, folder: &Path, plan: &Plan) -> Result<Report, Trouble> {
    let server = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let gate = Gate::open(server).await?;
    let outside = Outside::start(gate.address()).await?;
    gate.lead_to_carrier(outside.address());
    let mut node = Node::prepare(executable, database, folder, (server, gate.address()), plan.times)?;
    node.start().await?;
    let api = Arc::new(Api::new(server, node.create_firm().await?)?);
    let people = firm::gather(&api).await?;
    outside.misbehave(plan.seed).await?;

    let flowed = flow::run(plan, &mut node, &api, &outside, &people).await?;

    let faults = outside.behave().await?;
    let quieting = Stopwatch::start();
    while gate.quiet_for() < QUIET {
        if quieting.elapsed() > plan.settle_within {
            return Err(Trouble::new("webhooks kept coming after the last text was written"));
        }
        tokio::time::sleep(QUIET / 10).await;
    }
    // Until here reconciliation was shown no inbound text, so that it heals nothing that a crash may have lost.
    let before_reconciliation = History::read(&api).await?;
    gate.show_inbound();
    let settling = Stopwatch::start();
    let settled = settle(&api, plan).await?;
    let evidence = Evidence {
        acknowledged: gate.acknowledged(),
        carrier: outside.texts().await?,
        before_reconciliation,
        settled,
        flowed,
        faults,
        settled_after: settling.elapsed(),
    };
    node.kill().await?;
    Ok(Report::of(plan, &evidence))
}

/// Reads the history again and again until every text is there and none is on its way, or the plan's patience is at its end.
async fn settle(api: &Api, plan: &Plan) -> Result<History, Trouble> {
    let watch = Stopwatch::start();
    loop {
        let history = History::read(api).await?;
        let there = history.by_body();
        let is_whole = (0..plan.inbound).all(|number| there.contains_key(plan::inbound_marker(number).as_str()));
        if (is_whole && history.is_settled()) || watch.elapsed() > plan.settle_within {
            return Ok(history);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
