//! Wake-ups between nodes: after a commit, batched, by `notify` outside of the transaction, on one connection that also
//! listens. Behind it a poll of the counters, so that a lost wake-up costs milliseconds and never an event.

use std::time::Duration;

use casewire_core::id::{Id, OrganizationId};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Notification};
use uuid::Uuid;

use super::connect::Server;
use crate::commits::{Commits, News};
use crate::events;

/// How often the counters are compared with what was told.
const POLL: Duration = Duration::from_millis(250);
/// The waits between two attempts to connect.
const WAITS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How many organizations fit into one notification of at most 8000 bytes.
const PER_NOTIFICATION: usize = 100;

/// Where the writers tell their commits.
#[derive(Clone)]
pub(crate) struct Nudger {
    commits: Commits,
    others: mpsc::UnboundedSender<News>,
}

impl Nudger {
    /// Starts the task that tells and hears the other nodes; it ends when all writers are gone.
    #[expect(clippy::disallowed_methods, reason = "a node has a name of its own while it runs")]
    pub(crate) fn spawn(server: Server, commits: Commits) -> Self {
        let (others, news) = mpsc::unbounded_channel();
        let task = Wire {
            server,
            commits: commits.clone(),
            node: Uuid::now_v7().simple().to_string(),
        };
        tokio::spawn(task.run(news));
        Self { commits, others }
    }

    /// Tells a commit, here at once and the others soon.
    pub(crate) fn tell(&self, news: News) {
        if news.is_empty() {
            return;
        }
        self.commits.tell_all(&news);
        // Without the task the store is closing; the other nodes poll.
        drop(self.others.send(news));
    }
}

/// The task's state.
struct Wire {
    server: Server,
    commits: Commits,
    node: String,
}

/// Why a connection is left.
enum Left {
    Lost,
    Closed,
}

impl Wire {
    async fn run(self, mut news: mpsc::UnboundedReceiver<News>) {
        let (first, longest) = WAITS;
        let mut wait = first;
        loop {
            if let Ok((client, notifications)) = self.server.listener().await {
                wait = first;
                match self.serve(&client, notifications, &mut news).await {
                    Left::Closed => return,
                    Left::Lost => tracing::warn!("the connection that tells other nodes was lost"),
                }
            }
            if news.is_closed() {
                return;
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(longest);
        }
    }

    async fn serve(
        &self,
        client: &Client,
        mut notifications: mpsc::UnboundedReceiver<Notification>,
        news: &mut mpsc::UnboundedReceiver<News>,
    ) -> Left {
        if client.batch_execute("listen casewire_commits").await.is_err() {
            return Left::Lost;
        }
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut waiting = Vec::new();
        loop {
            let result = tokio::select! {
                count = news.recv_many(&mut waiting, 1024) => match count {
                    0 => return Left::Closed,
                    _ => self.notify(client, std::mem::take(&mut waiting)).await,
                },
                heard = notifications.recv() => match heard {
                    Some(notification) => {
                        self.hear(notification.payload());
                        Ok(())
                    }
                    None => return Left::Lost,
                },
                _ = poll.tick() => self.compare(client).await,
            };
            if result.is_err() {
                return Left::Lost;
            }
        }
    }

    async fn notify(&self, client: &Client, news: Vec<News>) -> Result<(), tokio_postgres::Error> {
        let mut latest = News::new();
        for (organization, last_seq) in news.into_iter().flatten() {
            let known = latest.entry(organization).or_default();
            *known = (*known).max(last_seq);
        }
        let entries: Vec<String> = latest
            .into_iter()
            .map(|(organization, last_seq)| entry(organization, last_seq))
            .collect();
        for chunk in entries.chunks(PER_NOTIFICATION) {
            let payload = format!("{} {}", self.node, chunk.join(" "));
            client.execute("select pg_notify('casewire_commits', $1)", &[&payload]).await?;
        }
        Ok(())
    }

    fn hear(&self, payload: &str) {
        let mut words = payload.split(' ');
        if words.next() == Some(&self.node) {
            return;
        }
        self.commits.tell_all(&words.filter_map(parse).collect());
    }

    async fn compare(&self, client: &Client) -> Result<(), tokio_postgres::Error> {
        let heads = match client.query_typed(events::HEADS, &[]).await {
            // The database is not migrated yet.
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => return Ok(()),
            heads => heads?,
        };
        for row in heads {
            self.commits.tell_up_to(OrganizationId::from_uuid(row.try_get(0)?), row.try_get(1)?);
        }
        Ok(())
    }
}

/// `organization:last_seq`, the number left out where no event was written.
fn entry(organization: OrganizationId, last_seq: Option<i64>) -> String {
    let number = last_seq.map(|seq| seq.to_string()).unwrap_or_default();
    format!("{}:{number}", organization.uuid().simple())
}

fn parse(entry: &str) -> Option<(OrganizationId, Option<i64>)> {
    let (organization, number) = entry.split_once(':')?;
    let organization = OrganizationId::from_uuid(Uuid::try_parse(organization).ok()?);
    Some((organization, number.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_of_the_largest_size_fits_and_reads_back() {
        let organization = OrganizationId::from_uuid(Uuid::max());
        let longest = entry(organization, Some(i64::MAX));
        assert!((longest.len() + 1) * PER_NOTIFICATION + 32 < 8000);
        assert_eq!(parse(&longest), Some((organization, Some(i64::MAX))));
        assert_eq!(parse(&entry(organization, None)), Some((organization, None)));
        assert_eq!(parse("nonsense"), None);
    }
}
