//! The event log: numbers without gaps in commit order, and nudges that reach every node.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests fail by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{OrganizationId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::events::{self, Head, StoredEvent};
use casewire_store::testing::{START, TestDatabase};
use casewire_store::{Act, Store, StoreError, Tx, mint, on_both_engines};

use crate::engine::all;

/// Emits as many events, then ends.
pub(crate) struct Emit {
    organization: OrganizationId,
    count: usize,
    refuses: bool,
}

impl Act for Emit {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for _ in 0..self.count {
            let user: UserId = mint();
            tx.emit(
                self.organization,
                NewEvent {
                    audience: Audience::OwnTexts { user, case: None },
                    event: Event::AccessChanged { user_id: Some(user) },
                },
            );
        }
        if self.refuses {
            Err(StoreError::Address("refused after an event"))
        } else {
            Ok(())
        }
    }
}

struct Since(OrganizationId, i64, u32);

impl Act for Since {
    type Out = Vec<StoredEvent>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<StoredEvent>, StoreError> {
        events::since(tx, self.0, self.1, self.2).await
    }
}

struct ReadHead(OrganizationId);

impl Act for ReadHead {
    type Out = Head;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Head, StoreError> {
        events::head(tx, self.0).await
    }
}

struct Trim(OrganizationId, Timestamp);

impl Act for Trim {
    type Out = u64;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, StoreError> {
        events::trim(tx, self.0, self.1).await
    }
}

pub(crate) fn emit(organization: OrganizationId, count: usize) -> Emit {
    Emit {
        organization,
        count,
        refuses: false,
    }
}

/// Follows the log by its numbers until told to stop, and then to its end.
async fn follow(store: Store, organization: OrganizationId, is_over: Arc<AtomicBool>) -> Vec<i64> {
    let mut seen = Vec::new();
    loop {
        let was_over = is_over.load(Ordering::SeqCst);
        let next = store
            .read(Since(organization, seen.last().copied().unwrap_or(0), 100))
            .await
            .unwrap();
        if next.is_empty() {
            if was_over {
                return seen;
            }
            tokio::task::yield_now().await;
        }
        seen.extend(next.iter().map(|event| event.seq));
    }
}

on_both_engines! {
    async fn events_are_numbered_without_gaps_and_followers_miss_none(db: TestDatabase) {
        let nodes = [db.store().clone(), Store::open(db.options()).await.unwrap()];
        let organizations: [OrganizationId; 2] = [mint(), mint()];
        let is_over = Arc::new(AtomicBool::new(false));
        let followers: Vec<_> = (0..4)
            .map(|number: usize| tokio::spawn(follow(nodes[number / 2].clone(), organizations[number % 2], Arc::clone(&is_over))))
            .collect();
        let writers = (0..32_usize).map(|number| {
            let store = nodes[number % 2].clone();
            async move {
                for round in 0..20_usize {
                    let act = Emit { organization: organizations[number / 2 % 2], count: 1 + round % 3, refuses: round % 7 == 6 };
                    assert_eq!(store.write(organizations[number / 2 % 2], act).await.is_err(), round % 7 == 6);
                }
            }
        });
        all(writers).await;
        is_over.store(true, Ordering::SeqCst);
        let each: i64 = (0..20).filter(|round| round % 7 != 6).map(|round| 1 + round % 3).sum::<i64>() * 16;
        for follower in followers {
            assert_eq!(follower.await.unwrap(), (1..=each).collect::<Vec<_>>());
        }
    }

    async fn an_event_comes_back_as_it_was_emitted(db: TestDatabase) {
        let organization: OrganizationId = mint();
        let own = Audience::OwnTexts { user: mint(), case: Some(mint()) };
        struct EmitTwo(OrganizationId, Audience);
        impl Act for EmitTwo {
            type Out = ();
            type Error = StoreError;
            async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
                tx.emit(self.0, NewEvent { audience: Audience::Everyone, event: Event::SettingsChanged });
                tx.emit(self.0, NewEvent { audience: self.1, event: Event::AccessChanged { user_id: None } });
                Ok(())
            }
        }
        db.store().write(organization, EmitTwo(organization, own)).await.unwrap();
        let stored = db.store().read(Since(organization, 0, 10)).await.unwrap();
        let (audiences, kinds): (Vec<_>, Vec<_>) = stored.iter().map(|event| (event.audience, event.kind.as_str())).unzip();
        assert_eq!(audiences, [Audience::Everyone, own]);
        assert_eq!(kinds, ["settings_changed", "access_changed"]);
        assert!(stored.iter().all(|event| event.at == START));
        assert_eq!(serde_json::from_str::<Event>(&stored[1].payload).unwrap(), Event::AccessChanged { user_id: None });
        assert_eq!(db.store().read(Since(organization, 1, 10)).await.unwrap(), stored[1..]);
        assert_eq!(db.store().read(Since(mint(), 0, 10)).await.unwrap(), []);
    }

    async fn a_trimmed_log_says_from_where_on_it_is_whole(db: TestDatabase) {
        let organization = mint();
        assert_eq!(db.store().read(ReadHead(organization)).await.unwrap(), Head { last_seq: 0, trimmed_seq: 0 });
        db.store().write(organization, emit(organization, 3)).await.unwrap();
        db.set_now(START.plus(Duration::from_secs(60)));
        db.store().write(organization, emit(organization, 2)).await.unwrap();
        let cut = START.plus(Duration::from_secs(1));
        assert_eq!(db.store().write(organization, Trim(organization, cut)).await.unwrap(), 3);
        assert_eq!(db.store().write(organization, Trim(organization, cut)).await.unwrap(), 0);
        assert_eq!(db.store().read(ReadHead(organization)).await.unwrap(), Head { last_seq: 5, trimmed_seq: 3 });
        db.store().write(organization, Trim(organization, START.plus(Duration::from_secs(90)))).await.unwrap();
        db.store().write(organization, emit(organization, 1)).await.unwrap();
        let left: Vec<_> = db.store().read(Since(organization, 0, 10)).await.unwrap().iter().map(|event| event.seq).collect();
        assert_eq!(left, [6], "numbers go on where they were after all events are gone");
    }

    async fn a_commit_is_told_to_this_node_once_and_a_refusal_to_nobody(db: TestDatabase) {
        let organization = mint();
        let mut commits = db.store().commits();
        let refused = Emit { organization, count: 1, refuses: true };
        db.store().write(organization, refused).await.unwrap_err();
        db.store().write(organization, emit(organization, 2)).await.unwrap();
        assert_eq!(commits.recv().await.unwrap(), organization);
        let more = tokio::time::timeout(Duration::from_millis(700), commits.recv()).await;
        assert!(more.is_err(), "told twice: neither its own wake-up nor the poll repeats what was told");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_told_to_every_node_on_postgres() {
    let db = TestDatabase::postgres().await;
    let other_node = Store::open(db.options()).await.unwrap();
    let mut commits = other_node.commits();
    for _ in 0..5 {
        let organization = mint();
        db.store().write(organization, emit(organization, 1)).await.unwrap();
        let told = tokio::time::timeout(Duration::from_secs(5), commits.recv()).await.unwrap().unwrap();
        assert_eq!(told, organization);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wake_up_that_was_lost_is_made_up_for_by_the_poll() {
    let db = TestDatabase::postgres().await;
    let mut commits = db.store().commits();
    let organization: OrganizationId = mint();
    let config = db.server().unwrap();
    let (client, connection) = config.connect(tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let id = uuid::Uuid::parse_str(&organization.to_string()[4..]).unwrap();
    client
        .execute(
            "insert into event_counters (organization_id, last_seq, trimmed_seq) values ($1, 7, 0)",
            &[&id],
        )
        .await
        .unwrap();
    let told = tokio::time::timeout(Duration::from_secs(5), commits.recv()).await.unwrap().unwrap();
    assert_eq!(told, organization);
}
