//! `Idempotency-Key`: a request that comes again is answered again and not done again.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire_store::{Act, StoreError, Tx, on_both_engines};
use serde_json::json;

use crate::support::Firm;

async fn teams(firm: &Firm) -> usize {
    firm.user("Firm Admin").get("/api/teams").await.ok()["items"]
        .as_array()
        .unwrap()
        .len()
}

on_both_engines! {
    async fn the_same_request_is_done_once_and_answered_alike(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin").with("idempotency-key", "k-1");
        let before = teams(&firm).await;
        let first = admin.post("/api/teams/", json!({ "name": "Appeals" })).await;
        let again = admin.post("/api/teams/", json!({ "name": "Appeals" })).await;
        assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
        assert_eq!((first.status, first.json()), (again.status, again.json()));
        assert_eq!(teams(&firm).await, before + 1);
    }

    async fn the_same_key_for_another_request_is_refused(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin").with("idempotency-key", "k-1");
        admin.post("/api/teams/", json!({ "name": "Appeals" })).await.ok();
        assert_eq!(admin.post("/api/teams/", json!({ "name": "Other" })).await.code(), "idempotency_key_reused");
        assert_eq!(admin.patch("/api/settings/", json!({})).await.code(), "idempotency_key_reused");
    }

    async fn keys_of_others_are_others(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let other = firm.another().await;
        for firm in [&firm, &other] {
            let admin = firm.user("Firm Admin").with("idempotency-key", "k-1");
            let answer = admin.post("/api/teams/", json!({ "name": "Appeals" })).await;
            assert_eq!(answer.header("idempotent-replayed"), "");
            answer.ok();
        }
    }

    async fn a_refused_request_leaves_its_key_free(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin").with("idempotency-key", "k-1");
        assert_eq!(admin.post("/api/teams/", json!({ "name": "" })).await.code(), "invalid_field");
        admin.post("/api/teams/", json!({ "name": "Appeals" })).await.ok();
    }

    async fn a_request_that_was_done_before_a_crash_is_not_done_again_and_says_so(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin").with("idempotency-key", "k-1");
        admin.post("/api/teams/", json!({ "name": "Appeals" })).await.ok();
        let before = teams(&firm).await;
        firm.store().write(firm.organization(), LoseAnswers).await.unwrap();
        let again = admin.post("/api/teams/", json!({ "name": "Appeals" })).await;
        assert_eq!((again.code().as_str(), again.header("retry-after")), ("request_in_progress", "1"));
        firm.advance(Duration::from_secs(5));
        assert_eq!(admin.post("/api/teams/", json!({ "name": "Appeals" })).await.code(), "answer_lost");
        assert_eq!(admin.post("/api/teams/", json!({ "name": "Other" })).await.code(), "idempotency_key_reused");
        assert_eq!(teams(&firm).await, before);
    }

    async fn a_request_that_a_crash_cut_off_before_its_commit_is_done(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin").with("idempotency-key", "k-1");
        let before = teams(&firm).await;
        for micros in 0..20 {
            let post = admin.post("/api/teams/", json!({ "name": "Appeals" }));
            drop(tokio::time::timeout(Duration::from_micros(micros * 50), post).await);
        }
        let mut answer = admin.post("/api/teams/", json!({ "name": "Appeals" })).await;
        while !answer.status.is_success() {
            assert_eq!(answer.code(), "request_in_progress");
            answer = admin.post("/api/teams/", json!({ "name": "Appeals" })).await;
        }
        assert_eq!((answer.status.as_u16(), &answer.json()["name"]), (201, &json!("Appeals")));
        assert_eq!(teams(&firm).await, before + 1);
    }

    async fn of_two_requests_at_once_with_one_key_the_second_is_told(db: TestDatabase) {
        let firm = Firm::start(db).await;
        for turn in 0..10 {
            let admin = firm.user("Firm Admin").with("idempotency-key", format!("k-{turn}"));
            let post = |name: &str| admin.post("/api/teams/", json!({ "name": format!("{name} {turn}") }));
            let (a, b) = tokio::join!(post("Appeals"), post("Trials"));
            let (done, refused) = if a.status.is_success() { (a, b) } else { (b, a) };
            assert_eq!((done.status.as_u16(), refused.code().as_str()), (201, "idempotency_key_reused"));
        }
    }

    async fn two_at_once_are_done_once(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin").with("idempotency-key", "k-1");
        let before = teams(&firm).await;
        let post = || admin.post("/api/teams/", json!({ "name": "Appeals" }));
        let (a, b) = tokio::join!(post(), post());
        for answer in [a, b] {
            assert!(answer.status.is_success() || answer.code() == "request_in_progress", "{}", answer.text());
        }
        assert_eq!(teams(&firm).await, before + 1);
    }
}

/// What a crash between a commit and its answer leaves.
struct LoseAnswers;

impl Act for LoseAnswers {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.execute("update idempotency_keys set status = null, response = null", &[])
            .await
            .map(drop)
    }
}
