//! Acts, batches and their answers: what is committed, what is rolled back, and who wins.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use casewire_core::id::OrganizationId;
use casewire_store::testing::TestDatabase;
use casewire_store::{Act, Store, StoreError, Tx, mint, on_both_engines, params};

/// A table without references stands for any noun.
pub(crate) const INSERT: &str = "insert into stray_texts (provider_id, account_sid, number, payload, at) values ($1, 'none', $2, '', 0)";
const INSERT_ONCE: &str =
    "insert into stray_texts (provider_id, account_sid, number, payload, at) values ($1, 'none', 'none', '', 0) on conflict do nothing";
const COUNT: &str = "select count(*) from stray_texts";
const CLAIM: &str = "update stray_texts set payload = $2 where provider_id = $1 and payload = ''";

/// Writes a row and then ends as told.
struct Write {
    key: String,
    end: End,
}

enum End {
    Well,
    Refused,
    Panicking,
    /// A statement fails, and the act goes on as if it had not.
    FailureIgnored,
}

#[derive(Debug, PartialEq, thiserror::Error)]
enum WriteError {
    #[error("refused")]
    Refused,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Act for Write {
    type Out = u64;
    type Error = WriteError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, WriteError> {
        let rows = tx.execute(INSERT, &params![self.key.as_str(), "none"]).await?;
        match self.end {
            End::Well => Ok(rows),
            End::Refused => Err(WriteError::Refused),
            End::Panicking => panic!("as told"),
            End::FailureIgnored => {
                drop(tx.execute(INSERT, &params![self.key.as_str(), "none"]).await);
                Ok(rows)
            }
        }
    }
}

struct Count;

impl Act for Count {
    type Out = i64;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<i64, StoreError> {
        tx.row(COUNT, &[]).await?.map_or(Ok(0), |row| row.columns().int())
    }
}

struct Claim(String);

impl Act for Claim {
    type Out = bool;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        Ok(tx.execute(CLAIM, &params!["the text", self.0.as_str()]).await? == 1)
    }
}

fn write(key: impl Into<String>) -> Write {
    Write {
        key: key.into(),
        end: End::Well,
    }
}

/// Runs all at once.
pub(crate) async fn all<T: Send + 'static>(futures: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>) -> Vec<T> {
    let mut tasks: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::new();
    for task in tasks.drain(..) {
        results.push(task.await.unwrap());
    }
    results
}

fn organizations() -> [OrganizationId; 3] {
    [mint(), mint(), mint()]
}

on_both_engines! {
    async fn what_was_answered_is_seen_by_every_reader(db: TestDatabase) {
        let organization = mint();
        for number in 1..=20_i64 {
            db.store().write(organization, write(format!("text {number}"))).await.unwrap();
            assert_eq!(db.store().read(Count).await.unwrap(), number);
        }
        let other_node = Store::open(db.options()).await.unwrap();
        assert_eq!(other_node.read(Count).await.unwrap(), 20);
    }

    async fn an_act_that_errs_after_a_write_is_rolled_back_alone(db: TestDatabase) {
        let organization = mint();
        let acts = (0..60).map(|number| {
            let store = db.store().clone();
            let end = match number % 6 {
                1 => End::Refused,
                3 => End::Panicking,
                5 => End::FailureIgnored,
                _ => End::Well,
            };
            let act = Write { key: format!("text {number}"), end };
            async move { (number % 6, store.write(organization, act).await) }
        });
        for (kind, answer) in all(acts).await {
            match (kind, answer) {
                (0 | 2 | 4, Ok(1)) | (1, Err(WriteError::Refused)) => {}
                (3, Err(WriteError::Store(StoreError::Bug { what }))) => assert_eq!(&*what, "an act panicked"),
                (5, Err(WriteError::Store(error))) => assert_eq!(error, StoreError::Conflict { constraint: "stray_texts_pkey".into() }),
                (kind, answer) => panic!("an act of kind {kind} was answered with {answer:?}"),
            }
        }
        assert_eq!(db.store().read(Count).await.unwrap(), 30);
    }

    async fn of_many_conditional_claims_one_wins(db: TestDatabase) {
        let other_node = Store::open(db.options()).await.unwrap();
        db.store().write(mint(), write("the text")).await.unwrap();
        let organizations = organizations();
        let claims = (0..48).map(|number| {
            let store = if number % 2 == 0 { db.store().clone() } else { other_node.clone() };
            async move { store.write(organizations[number % 3], Claim(format!("claimer {number}"))).await.unwrap() }
        });
        assert_eq!(all(claims).await.into_iter().filter(|won| *won).count(), 1);
    }

    async fn a_repeated_insert_that_does_nothing_on_conflict_leaves_one_row(db: TestDatabase) {
        struct Receive;
        impl Act for Receive {
            type Out = u64;
            type Error = StoreError;
            async fn run(&self, tx: &mut Tx) -> Result<u64, StoreError> {
                tx.execute(INSERT_ONCE, &params!["the same text"]).await
            }
        }
        let organizations = organizations();
        let received = (0..40).map(|number| {
            let store = db.store().clone();
            async move { store.write(organizations[number % 3], Receive).await.unwrap() }
        });
        assert_eq!(all(received).await.into_iter().sum::<u64>(), 1);
        assert_eq!(db.store().read(Count).await.unwrap(), 1);
    }

    async fn an_act_whose_caller_went_away_is_done_all_the_same(db: TestDatabase) {
        let store = db.store().clone();
        let caller = tokio::spawn(async move { store.write(mint(), write("left behind")).await });
        tokio::time::sleep(Duration::from_millis(2)).await;
        caller.abort();
        drop(caller.await);
        for _ in 0..100 {
            if db.store().read(Count).await.unwrap() == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the act was lost with its caller");
    }

    async fn a_read_that_tries_to_write_is_refused_and_writes_nothing(db: TestDatabase) {
        let error = db.store().read(write("smuggled")).await.unwrap_err();
        assert!(matches!(error, WriteError::Store(StoreError::Bug { .. })), "{error:?}");
        assert_eq!(db.store().read(Count).await.unwrap(), 0);
    }

    async fn a_read_sees_one_snapshot(db: TestDatabase) {
        struct CountTwice(Store);
        impl Act for CountTwice {
            type Out = BTreeSet<i64>;
            type Error = StoreError;
            async fn run(&self, tx: &mut Tx) -> Result<BTreeSet<i64>, StoreError> {
                let before = Count.run(tx).await?;
                // On SQLite an act may not await, so the write goes through a runtime of its own.
                let store = self.0.clone();
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(store.write(mint(), write("meanwhile"))).unwrap();
                })
                .join()
                .unwrap();
                Ok(BTreeSet::from([before, Count.run(tx).await?]))
            }
        }
        assert_eq!(db.store().read(CountTwice(db.store().clone())).await.unwrap(), BTreeSet::from([0]));
        assert_eq!(db.store().read(Count).await.unwrap(), 1);
    }

    async fn a_pipeline_counts_the_rows_of_each_of_its_statements_in_order(db: TestDatabase) {
        struct Many;
        impl Act for Many {
            type Out = Vec<u64>;
            type Error = StoreError;
            async fn run(&self, tx: &mut Tx) -> Result<Vec<u64>, StoreError> {
                let keys = (0..70).map(|number| (INSERT_ONCE, params![format!("text {}", number / 2)].to_vec()));
                tx.pipeline(keys.collect()).await
            }
        }
        let counts = db.store().write(mint(), Many).await.unwrap();
        assert_eq!(counts, (0..70).map(|number| 1 - number % 2).collect::<Vec<u64>>());
    }

    async fn a_conflict_names_its_constraint_as_the_migrations_do(db: TestDatabase) {
        struct Twice(&'static str, bool);
        impl Act for Twice {
            type Out = ();
            type Error = StoreError;
            async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
                let organization: OrganizationId = mint();
                tx.execute("insert into organizations (id, name, settings, created_at) values ($1, 'x', '{}', 0)", &params![organization]).await?;
                for _ in 0..2 {
                    let id = if self.1 { uuid::Uuid::nil() } else { uuid::Uuid::now_v7() };
                    tx.execute(self.0, &params![organization, id]).await?;
                }
                Ok(())
            }
        }
        const TEAM: &str = "insert into teams (organization_id, id, name, created_at) values ($1, $2, 'the same', 0)";
        const STEP: &str = "insert into sms_steps (organization_id, message_id, id, at, type) values ($1, $2, $2, 0, 'routed')";
        const ORPHAN: &str = "insert into team_members (organization_id, team_id, user_id) values ($1, $2, $2)";
        for (text, same_id, expected) in [(TEAM, false, "teams_name"), (STEP, true, "sms_steps_pkey"), (ORPHAN, true, "foreign key")] {
            let error = db.store().write(mint(), Twice(text, same_id)).await.unwrap_err();
            assert_eq!(error, StoreError::Conflict { constraint: expected.into() });
        }
    }

    async fn a_defect_says_nothing_of_the_values_it_was_about(db: TestDatabase) {
        struct Wrong(&'static str);
        impl Act for Wrong {
            type Out = u64;
            type Error = StoreError;
            async fn run(&self, tx: &mut Tx) -> Result<u64, StoreError> {
                tx.execute(self.0, &params!["+1 555 0001111"]).await
            }
        }
        for text in [
            "insert into stray_texts (provider_id, account_sid, number, payload) values ($1, '', '', '')",
            "insert into stray_texts (provider_id, account_sid, number, payload, at) values ('', '', '', '', $1)",
            "insert into stray_texts (provider_id, account_sid, number, payload, at) values ($1, $2, '', '', 0)",
            "insert into nowhere (provider_id) values ($1)",
            "nonsense $1",
        ] {
            let error = db.store().write(mint(), Wrong(text)).await.unwrap_err();
            assert!(matches!(error, StoreError::Bug { .. }), "{text}: {error:?}");
            assert!(!format!("{error} {error:?}").contains("555"), "{text} gave away its value");
        }
    }
}

#[tokio::test]
async fn an_act_that_awaits_something_else_is_a_defect_on_sqlite_and_harms_nobody() {
    struct Sleep(Arc<AtomicBool>);
    impl Act for Sleep {
        type Out = ();
        type Error = StoreError;
        async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
            tx.execute(INSERT, &params!["asleep", "none"]).await?;
            std::future::pending::<()>().await;
            self.0.store(true, Ordering::SeqCst);
            Ok(())
        }
    }
    let db = TestDatabase::sqlite().await;
    let woke = Arc::new(AtomicBool::new(false));
    let error = db.store().write(mint(), Sleep(Arc::clone(&woke))).await.unwrap_err();
    assert!(error.to_string().contains("awaited something else"), "{error}");
    db.store().write(mint(), write("next")).await.unwrap();
    assert_eq!(db.store().read(Count).await.unwrap(), 1);
    assert!(!woke.load(Ordering::SeqCst));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_whose_caller_goes_away_leaves_no_transaction_behind() {
    struct Hang(Arc<tokio::sync::Notify>);
    impl Act for Hang {
        type Out = ();
        type Error = StoreError;
        async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
            tx.rows(COUNT, &[]).await?;
            self.0.notify_one();
            std::future::pending().await
        }
    }
    let db = TestDatabase::postgres().await;
    for _ in 0..db.options().readers {
        let (store, has_begun) = (db.store().clone(), Arc::new(tokio::sync::Notify::new()));
        let act = Hang(Arc::clone(&has_begun));
        let caller = tokio::spawn(async move { store.read(act).await });
        has_begun.notified().await;
        caller.abort();
        drop(caller.await);
    }
    db.store().write(mint(), write("later")).await.unwrap();
    for _ in 0..db.options().readers * 2 {
        assert_eq!(db.store().read(Count).await.unwrap(), 1, "a reader sees an old snapshot");
    }
}
