//! What happens in a trial: handsets write, the firm sends and the server is killed, all at once. The senders behave as good
//! clients: the same `Idempotency-Key` until there is an answer; where the server says that it did what was asked and that
//! its answer is lost, they look whether it is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::api::Api;
use crate::firm::{People, Person};
use crate::history::History;
use crate::node::Node;
use crate::outside::Outside;
use crate::plan::{Plan, inbound_marker, send_marker};
use crate::random::Random;
use crate::trouble::Trouble;

/// How long a client waits between two tries.
const AGAIN: Duration = Duration::from_millis(100);
/// After how many tries in all a send is given up; the server is away for seconds only.
const MOST_TRIES: u32 = 600;
/// A kill comes up to this long after its turn, so that it hits anything.
const SCATTER_MS: usize = 250;

/// What the flow left.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flowed {
    /// How long each restart took until the server was ready.
    pub recoveries: Vec<Duration>,
    /// How often a client tried a send again because no answer came.
    pub retries: u32,
    /// How many sends were done before a crash and not answered.
    pub answers_lost: u32,
}

/// How a send went for its client.
#[derive(Debug, Clone, Copy, Default)]
struct Sent {
    retries: u32,
    answers_lost: u32,
}

/// Lets everything happen; ends when all texts were written, all sends acknowledged and all kills done.
pub(crate) async fn run(plan: &Plan, node: &mut Node, api: &Arc<Api>, outside: &Outside, people: &People) -> Result<Flowed, Trouble> {
    let written = AtomicUsize::new(0);
    let (inbound, sent, recoveries) = tokio::join!(
        handsets_write(plan, outside, people, &written),
        firm_sends(plan, api, people),
        kill_and_restart(plan, node, &written),
    );
    inbound?;
    let sent = sent?;
    Ok(Flowed {
        recoveries: recoveries?,
        retries: sent.retries,
        answers_lost: sent.answers_lost,
    })
}

async fn handsets_write(plan: &Plan, outside: &Outside, people: &People, written: &AtomicUsize) -> Result<(), Trouble> {
    let mut random = Random::new(plan.seed ^ 1);
    let mut turns = interval(Duration::from_secs(1) / plan.rate.max(1));
    for number in 0..plan.inbound {
        turns.tick().await;
        let handset = people.handsets.get(random.below(people.handsets.len()));
        let handset = handset.ok_or_else(|| Trouble::new("there are no handsets"))?;
        outside.write(handset, &inbound_marker(number)).await?;
        written.store(number + 1, Ordering::SeqCst);
    }
    Ok(())
}

async fn firm_sends(plan: &Plan, api: &Arc<Api>, people: &People) -> Result<Sent, Trouble> {
    let mut random = Random::new(plan.seed ^ 2);
    let between = plan.flow() / u32::try_from(plan.sends.max(1)).unwrap_or(u32::MAX);
    let mut turns = interval(between.max(Duration::from_millis(1)));
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut clients = JoinSet::new();
    for number in 0..plan.sends {
        turns.tick().await;
        let person = people.known.get(random.below(people.known.len())).cloned();
        let person = person.ok_or_else(|| Trouble::new("there is nobody to write to"))?;
        let api = Arc::clone(api);
        clients.spawn(async move { send(&api, &person, &send_marker(number)).await });
    }
    let mut all = Sent::default();
    while let Some(ended) = clients.join_next().await {
        let sent = ended??;
        all.retries += sent.retries;
        all.answers_lost += sent.answers_lost;
    }
    Ok(all)
}

/// Sends until the server has acknowledged it.
async fn send(api: &Api, person: &Person, marker: &str) -> Result<Sent, Trouble> {
    let body = json!({ "case_id": person.case, "contact_id": person.contact_id, "body": marker });
    let mut sent = Sent::default();
    for _ in 0..MOST_TRIES {
        match api.post("/api/omnichannel/messages/", marker, &body).await {
            Ok(answer) if answer.status == 201 => return Ok(sent),
            Ok(answer) if answer.code() == "answer_lost" => {
                sent.answers_lost = 1;
                let history = History::of_case(api, &person.case).await?;
                return match history.by_body().contains_key(marker) {
                    true => Ok(sent),
                    false => Err(Trouble::new("a send that was said to be done is not there")),
                };
            }
            Ok(answer) if answer.status >= 500 || answer.code() == "request_in_progress" => sent.retries += 1,
            Ok(answer) => return Err(Trouble::new(format!("a send was answered {} {}", answer.status, answer.code()))),
            Err(_) => sent.retries += 1,
        }
        sleep(AGAIN).await;
    }
    Err(Trouble::new("a send was not acknowledged however often it was tried"))
}

/// Kills once in each stretch of the flow, at a moment that the seed gives, and starts again at once.
async fn kill_and_restart(plan: &Plan, node: &mut Node, written: &AtomicUsize) -> Result<Vec<Duration>, Trouble> {
    let mut random = Random::new(plan.seed ^ 3);
    let stretch = plan.inbound / plan.kills.max(1);
    let mut recoveries = Vec::new();
    for kill in 0..plan.kills {
        let turn = kill * stretch + random.below(stretch);
        while written.load(Ordering::SeqCst) < turn {
            sleep(Duration::from_millis(2)).await;
        }
        let scatter = u64::try_from(random.below(SCATTER_MS)).unwrap_or_default();
        sleep(Duration::from_millis(scatter)).await;
        node.kill().await?;
        recoveries.push(node.start().await?);
    }
    Ok(recoveries)
}
