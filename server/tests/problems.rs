//! How an answer says no: the catalogue of codes, and what is said of each kind of bad request.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use axum::http::{Method, StatusCode};
use casewire_core::problem::ProblemCode;
use casewire_store::on_both_engines;
use serde_json::json;

use crate::support::Firm;

const CATALOGUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/problems.md");

/// `cargo xtask check --write` writes the document anew.
#[test]
fn the_catalogue_of_problems_is_as_documented() {
    let written = std::fs::read_to_string(CATALOGUE).unwrap();
    let rows: Vec<&str> = written.lines().filter(|line| line.starts_with("| `")).collect();
    let row = |code: &ProblemCode| format!("| `{}` | {} | {} |", code.as_str(), code.status(), code.title());
    assert_eq!(rows, ProblemCode::ALL.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn the_description_says_codes_as_they_are_sent() {
    let description = serde_json::to_value(casewire::api::description()).unwrap();
    let described = description["components"]["schemas"]["ProblemCode"]["enum"].clone();
    assert_eq!(described, json!(ProblemCode::ALL));
    assert_eq!(
        described,
        json!(ProblemCode::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>())
    );
}

on_both_engines! {
    async fn what_is_not_there_is_a_problem(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        assert_eq!(admin.get("/api/nothing").await.code(), "not_found");
        assert_eq!(admin.get("/nothing").await.code(), "not_found");
        let answer = admin.send(Method::PUT, "/api/me/", None).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed".to_owned()));
    }

    async fn an_unknown_field_is_named_and_its_value_is_not(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let answer = firm.user("Firm Admin").patch("/api/settings/", json!({ "part_limit": 200, "colour": "s3cret" })).await;
        assert_eq!(answer.code(), "unknown_field");
        assert_eq!(answer.json()["field"], "colour");
        assert!(!answer.text().contains("s3cret"));
    }

    async fn a_field_of_the_wrong_type_is_named_by_its_path(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let levels = json!({ "case_contacts": 1, "sms": "s3cret", "calls": 0, "audit": 0, "settings": 0 });
        let answer = firm.user("Firm Admin").post("/api/roles/", json!({ "name": "x", "case_scope": "all", "levels": levels })).await;
        assert_eq!(answer.code(), "invalid_field");
        assert_eq!(answer.json()["field"], "levels.sms");
        assert!(!answer.text().contains("s3cret"));
        let answer = firm.user("Firm Admin").post("/api/teams/", json!({})).await;
        assert_eq!(answer.json()["field"], "name");
    }

    async fn a_body_that_is_no_json_too_large_or_of_another_kind_is_refused(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        let bad = admin.send(Method::POST, "/api/teams", Some("{\"name\": ".into())).await;
        assert_eq!((bad.status, bad.code()), (StatusCode::BAD_REQUEST, "invalid_json".to_owned()));
        let bytes = admin.send(Method::POST, "/api/teams", Some(vec![b'{', b'"', 0xff, b'"', b'}'].into())).await;
        assert_eq!(bytes.code(), "invalid_json");
        let large = admin.send(Method::POST, "/api/teams", Some(vec![b' '; 1024 * 1024 + 1].into())).await;
        assert_eq!(large.code(), "body_too_large");
        let form = admin.with("content-type", "text/plain").send(Method::POST, "/api/teams", Some("{}".into())).await;
        assert_eq!(form.code(), "unsupported_media_type");
    }

    async fn an_id_of_the_wrong_shape_or_of_another_firm_names_nothing(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let other = firm.another().await;
        let admin = firm.user("Firm Admin");
        for id in ["x", "usr_1", &firm.team.to_string(), &other.user_id("Attorney").to_string()] {
            assert_eq!(admin.patch(&format!("/api/users/{id}/"), json!({ "name": "New" })).await.code(), "not_found", "{id}");
        }
        assert_eq!(admin.patch(&format!("/api/teams/{}/", other.team), json!({ "name": "New" })).await.code(), "not_found");
        assert_eq!(admin.patch(&format!("/api/numbers/{}/", other.number), json!({ "label": "New" })).await.code(), "not_found");
    }

    async fn a_bad_query_is_named_and_a_made_up_cursor_is_refused(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        assert_eq!(admin.get("/api/audit/?limit=lots").await.code(), "invalid_query");
        assert_eq!(admin.get("/api/audit/?limit=1000").await.code(), "invalid_query");
        assert_eq!(admin.get("/api/audit/?colour=red").await.code(), "invalid_query");
        assert_eq!(admin.get("/api/audit/?cursor=made-up").await.code(), "invalid_cursor");
    }
}
