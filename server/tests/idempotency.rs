//! `Idempotency-Key`: a request that comes again is answered again and not done again.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use casewire_store::on_both_engines;
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
