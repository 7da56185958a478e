//! The job queue: leased to one runner at a time, changed by the holder of the lease alone.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::id::OrganizationId;
use casewire_core::job::Job;
use casewire_core::time::Timestamp;
use casewire_store::jobs::{self, DeadJob, Held, Lease, LeasedJob, NewJob};
use casewire_store::testing::START;
use casewire_store::{Act, Store, StoreError, Tx, mint, on_both_engines, params};

use crate::engine::all;

const MINUTE: Duration = Duration::from_secs(60);

/// What is done with the queue, in one act.
enum Queue {
    Add {
        organization: OrganizationId,
        count: u32,
        run_at: Timestamp,
        key: Option<&'static str>,
    },
    Complete(Lease),
    Retry(Lease, Timestamp),
    Bury(Lease),
}

/// What came of it.
#[derive(Debug, PartialEq)]
enum Came {
    Added(u32),
    Changed(Held),
}

impl Act for Queue {
    type Out = Came;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Came, StoreError> {
        match self {
            Self::Add {
                organization,
                count,
                run_at,
                key,
            } => {
                let insert =
                    "insert into organizations (id, name, settings, created_at) values ($1, 'Firm', '{}', 0) on conflict do nothing";
                tx.execute(insert, &params![*organization]).await?;
                let tenant = Tenant::of_row(*organization);
                let mut added = 0;
                for _ in 0..*count {
                    let new = NewJob {
                        job: Job::Expire,
                        run_at: *run_at,
                        unique_key: key.map(str::to_owned),
                    };
                    added += u32::from(jobs::enqueue(tx, tenant, new).await?.is_some());
                }
                Ok(Came::Added(added))
            }
            Self::Complete(lease) => jobs::complete(tx, *lease).await.map(Came::Changed),
            Self::Retry(lease, at) => jobs::retry(tx, *lease, *at, "carrier_away").await.map(Came::Changed),
            Self::Bury(lease) => jobs::bury(tx, *lease, START, "refused").await.map(Came::Changed),
        }
    }
}

struct LeaseDue(Timestamp, u32);

impl Act for LeaseDue {
    type Out = Vec<LeasedJob>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<LeasedJob>, StoreError> {
        jobs::lease(tx, self.0, MINUTE, self.1).await
    }
}

struct Look;

impl Act for Look {
    type Out = (Vec<DeadJob>, Option<Timestamp>);
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        Ok((jobs::dead(tx, 10).await?, jobs::next_due(tx).await?))
    }
}

async fn add(store: &Store, count: u32, run_at: Timestamp, key: Option<&'static str>) -> Came {
    let organization = mint();
    store
        .write(
            organization,
            Queue::Add {
                organization,
                count,
                run_at,
                key,
            },
        )
        .await
        .unwrap()
}

async fn lease(store: &Store, now: Timestamp) -> Vec<LeasedJob> {
    store.write_for_all(LeaseDue(now, 10)).await.unwrap()
}

async fn change(store: &Store, change: Queue) -> Came {
    store.write_for_all(change).await.unwrap()
}

on_both_engines! {
    async fn no_job_is_leased_twice_by_runners_at_work_together(db: TestDatabase) {
        let nodes = [db.store().clone(), Store::open(db.options()).await.unwrap()];
        add(db.store(), 300, START, None).await;
        let runners = (0..8_usize).map(|number| {
            let store = nodes[number % 2].clone();
            async move {
                let mut mine = Vec::new();
                loop {
                    // Skipping what others are leasing may leave a runner with none although some are left.
                    let some = store.write(mint(), LeaseDue(START, 7)).await.unwrap();
                    if some.is_empty() {
                        return mine;
                    }
                    mine.extend(some.into_iter().map(|job| job.id));
                }
            }
        });
        let leased: Vec<_> = all(runners).await.into_iter().flatten().collect();
        let distinct: BTreeSet<_> = leased.iter().copied().collect();
        assert_eq!((leased.len(), distinct.len()), (300, 300));
    }

    async fn a_lost_lease_changes_nothing(db: TestDatabase) {
        let store = db.store();
        add(store, 1, START, None).await;
        let first = lease(store, START).await.remove(0);
        assert_eq!(lease(store, START.plus(MINUTE / 2)).await, []);
        let later = START.plus(MINUTE);
        let second = lease(store, later).await.remove(0);
        assert_eq!((first.id, first.attempt, second.attempt), (second.id, 1, 2));
        for lost in [Queue::Complete(first.lease), Queue::Retry(first.lease, START), Queue::Bury(first.lease)] {
            assert_eq!(change(store, lost).await, Came::Changed(Held::Lost));
        }
        assert_eq!(change(store, Queue::Complete(second.lease)).await, Came::Changed(Held::Held));
        assert_eq!(change(store, Queue::Complete(second.lease)).await, Came::Changed(Held::Lost));
        assert_eq!(store.read(Look).await.unwrap(), (vec![], None));
    }

    async fn a_job_is_not_leased_before_its_time_nor_before_its_retry(db: TestDatabase) {
        let store = db.store();
        let due = START.plus(MINUTE);
        add(store, 1, due, None).await;
        assert_eq!(lease(store, START).await, []);
        assert_eq!(store.read(Look).await.unwrap().1, Some(due));
        let job = lease(store, due).await.remove(0);
        let again = due.plus(MINUTE * 5);
        assert_eq!(change(store, Queue::Retry(job.lease, again)).await, Came::Changed(Held::Held));
        assert_eq!(lease(store, again.minus(Duration::from_micros(1))).await, []);
        assert_eq!(lease(store, again).await.remove(0).attempt, 2);
    }

    async fn a_buried_job_is_seen_by_people_and_leased_by_nobody(db: TestDatabase) {
        let store = db.store();
        assert_eq!(add(store, 2, START, Some("once")).await, Came::Added(1));
        let job = lease(store, START).await.remove(0);
        assert_eq!(change(store, Queue::Bury(job.lease)).await, Came::Changed(Held::Held));
        assert_eq!(lease(store, START.plus(MINUTE * 60)).await, []);
        let (dead, _) = store.read(Look).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].id, dead[0].attempts, dead[0].last_error.as_deref()), (job.id, 1, Some("refused")));
        assert_eq!(add(store, 1, START, Some("once")).await, Came::Added(1), "its key is free again");
    }

    async fn a_queued_job_is_told_after_the_commit(db: TestDatabase) {
        let mut commits = db.store().commits();
        let organization = mint();
        db.store().write(organization, Queue::Add { organization, count: 3, run_at: START, key: None }).await.unwrap();
        assert_eq!(commits.recv().await.unwrap(), organization);
    }
}

/// No poll stands behind this: jobs have no counter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queued_job_is_told_to_every_node() {
    let db = casewire_store::testing::TestDatabase::postgres().await;
    let other_node = Store::open(db.options()).await.unwrap();
    let mut commits = other_node.commits();
    let told = async {
        loop {
            let organization = mint();
            db.store()
                .write(
                    organization,
                    Queue::Add {
                        organization,
                        count: 1,
                        run_at: START,
                        key: None,
                    },
                )
                .await
                .unwrap();
            // The first may be sent before the other node listens.
            if let Ok(told) = tokio::time::timeout(Duration::from_millis(200), commits.recv()).await {
                return told.unwrap();
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told).await.unwrap();
}
