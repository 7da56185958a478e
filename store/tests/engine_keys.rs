//! Keys of requests: taken by the act that was committed with them, and by nothing else.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::settings::Settings;
use casewire_store::idempotency::{self, Key, KeyState, with_key};
use casewire_store::testing::{START, TestDatabase};
use casewire_store::{Act, Store, StoreError, Tx, mint, on_both_engines, organizations, params};

use crate::engine::INSERT;

#[derive(Clone, Copy)]
enum End {
    Well,
    Refused,
    Panicking,
}

/// Writes a row that a second run could write again, and ends as told.
struct Note(End);

impl Act for Note {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let id = mint::<casewire_core::id::MessageId>().to_string();
        tx.execute(INSERT, &params![id.as_str(), "none"]).await?;
        match self.0 {
            End::Well => Ok(()),
            End::Refused => Err(StoreError::Conflict { constraint: "told".into() }),
            End::Panicking => panic!("as told"),
        }
    }
}

struct Notes;

impl Act for Notes {
    type Out = i64;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<i64, StoreError> {
        tx.row("select count(*) from stray_texts", &[])
            .await?
            .map_or(Ok(0), |row| row.columns().int())
    }
}

struct Look(Key);

impl Act for Look {
    type Out = KeyState;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<KeyState, StoreError> {
        idempotency::look(tx, &self.0).await
    }
}

struct Answer(Key, &'static str);

impl Act for Answer {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        idempotency::answer(tx, &self.0, 201, self.1).await
    }
}

struct Found;

impl Act for Found {
    type Out = Tenant;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Tenant, StoreError> {
        organizations::create(tx, mint(), "firm", &Settings::default(), START).await
    }
}

async fn key(db: &TestDatabase) -> Key {
    let tenant = db.store().write_for_all(Found).await.unwrap();
    Key {
        tenant,
        user: mint(),
        key: "k".to_owned(),
        request_hash: [7; 32],
    }
}

async fn note(store: &Store, key: &Key, end: End) -> Result<(), StoreError> {
    with_key(key.clone(), store.write(key.tenant.organization(), Note(end))).await
}

/// What is known of the key, and how many notes there are.
async fn stand(db: &TestDatabase, key: &Key) -> (KeyState, i64) {
    let state = db.store().read(Look(key.clone())).await.unwrap();
    (state, db.store().read(Notes).await.unwrap())
}

on_both_engines! {
    async fn an_act_that_was_not_committed_leaves_its_key_free(db: TestDatabase) {
        let key = key(&db).await;
        note(db.store(), &key, End::Refused).await.unwrap_err();
        note(db.store(), &key, End::Panicking).await.unwrap_err();
        assert_eq!(stand(&db, &key).await, (KeyState::Free, 0));
        note(db.store(), &key, End::Well).await.unwrap();
        assert_eq!(stand(&db, &key).await, (KeyState::Done { at: START }, 1));
    }

    async fn a_key_is_good_for_one_act_and_one_answer(db: TestDatabase) {
        let key = key(&db).await;
        note(db.store(), &key, End::Well).await.unwrap();
        assert_eq!(note(db.store(), &key, End::Well).await, Err(StoreError::KeyTaken));
        assert_eq!(stand(&db, &key).await, (KeyState::Done { at: START }, 1));
        for response in ["first", "second"] {
            db.store().write(key.tenant.organization(), Answer(key.clone(), response)).await.unwrap();
        }
        let answered = KeyState::Answered { status: 201, response: "first".to_owned() };
        assert_eq!(stand(&db, &key).await, (answered, 1));
        let other = Key { request_hash: [8; 32], ..key };
        assert_eq!(stand(&db, &other).await.0, KeyState::Reused);
    }

    async fn of_many_at_once_on_two_nodes_one_is_done(db: TestDatabase) {
        let key = key(&db).await;
        let other = match db.options().database {
            casewire_store::Database::Postgres(_) => Store::open(db.options()).await.unwrap(),
            // A file has one node.
            casewire_store::Database::Sqlite(_) => db.store().clone(),
        };
        for turn in 0..10 {
            let key = Key { key: turn.to_string(), ..key.clone() };
            let all = (0..8).map(|place| {
                let store = if place % 2 == 0 { db.store().clone() } else { other.clone() };
                let key = key.clone();
                tokio::spawn(async move { note(&store, &key, End::Well).await })
            });
            let mut done = 0;
            for one in all.collect::<Vec<_>>() {
                match one.await.unwrap() {
                    Ok(()) => done += 1,
                    Err(error) => assert_eq!(error, StoreError::KeyTaken),
                }
            }
            assert_eq!((done, stand(&db, &key).await), (1, (KeyState::Done { at: START }, turn + 1)));
        }
    }

    async fn who_goes_away_leaves_a_key_that_says_what_was_done(db: TestDatabase) {
        let key = key(&db).await;
        for turn in 0..20 {
            let key = Key { key: turn.to_string(), ..key.clone() };
            let before = stand(&db, &key).await.1;
            let asked = note(db.store(), &key, End::Well);
            drop(tokio::time::timeout(Duration::from_micros(turn * 100), asked).await);
            // What was queued is before this in the queue.
            note(db.store(), &Key { key: format!("after {turn}"), ..key.clone() }, End::Well).await.unwrap();
            let (state, notes) = stand(&db, &key).await;
            assert_eq!(notes - before - 1, i64::from(state != KeyState::Free), "{turn}");
        }
    }

    async fn what_a_request_writes_after_its_act_needs_no_key(db: TestDatabase) {
        let key = key(&db).await;
        let organization = key.tenant.organization();
        with_key(key.clone(), async {
            db.store().write(organization, Note(End::Well)).await.unwrap();
            db.store().write(organization, Note(End::Well)).await.unwrap();
        })
        .await;
        assert_eq!(stand(&db, &key).await, (KeyState::Done { at: START }, 2));
    }
}
