//! The audit at the API: what is in it, who sees which of it, and that it can be checked.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod verifying;

use casewire_store::on_both_engines;
use serde_json::{Value, json};

use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, Desk, JANE, MANAGER, MARK, QUINN, SUPERVISOR, text};

/// The audit that somebody sees, the newest first: who, what, how it ended.
pub(crate) async fn audit(desk: &Desk, role: &str, query: &str) -> Vec<(String, String, String)> {
    let lines = lines(desk, role, query).await;
    lines
        .iter()
        .map(|line| (text(&line["user"]["id"]), text(&line["act"]), text(&line["outcome"])))
        .collect()
}

pub(crate) async fn lines(desk: &Desk, role: &str, query: &str) -> Vec<Value> {
    let path = format!("/api/audit/?limit=200&{query}");
    desk.as_user(role).get(&path).await.ok()["items"].as_array().unwrap().clone()
}

fn entry(desk: &Desk, role: &str, act: &str, outcome: &str) -> (String, String, String) {
    (desk.firm.user_id(role).to_string(), act.to_owned(), outcome.to_owned())
}

on_both_engines! {
    async fn opening_a_conversation_searching_and_reading_the_audit_are_in_it(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(MARK, "About the car").await;
        let conversation = desk.list(AGENT, "case_id=123").await[0].clone();
        desk.texts(AGENT, &conversation, "").await;
        desk.list(ATTORNEY, "q=car").await;
        let seen = audit(&desk, COMPLIANCE, "kind=read").await;
        assert_eq!(seen, [entry(&desk, ATTORNEY, "search_inbox", "done"), entry(&desk, AGENT, "open_conversation", "done")]);
        assert_eq!(audit(&desk, COMPLIANCE, "kind=read").await[0], entry(&desk, COMPLIANCE, "read_audit", "done"));
        let opened = &lines(&desk, COMPLIANCE, "act=open_conversation").await[0];
        assert_eq!((&opened["subject"], &opened["contact_id"], &opened["mycase_case_id"]), (&conversation["id"], &desk.mark, &json!("123")));
        assert!(!opened.to_string().contains("car"), "what was read is not told");
    }

    async fn what_is_refused_is_in_it_with_the_case_that_it_was_about(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let offered = desk.arrives(JANE, "Which one?").await;
        desk.act(AGENT, &offered, "claim", json!({"case_id": "123"})).await.ok();
        assert_eq!(desk.act(ATTORNEY, &offered, "claim", json!({"case_id": "456"})).await.code(), "already_claimed");
        assert_eq!(desk.as_user(AGENT).get("/api/cases/789").await.code(), "not_found");
        assert_eq!(desk.as_user(AGENT).get("/api/cases/nobody-has-this").await.code(), "not_found");
        assert_eq!(desk.as_user(AGENT).get("/api/omnichannel/conversations/?case_id=789").await.code(), "not_found");
        assert_eq!(desk.as_user(AGENT).get("/api/audit").await.code(), "forbidden");
        let refused = lines(&desk, COMPLIANCE, "kind=refusal").await;
        let told: Vec<_> = refused.iter().map(|line| (text(&line["act"]), text(&line["outcome"]), line["mycase_case_id"].clone())).collect();
        let of = |act: &str, outcome: &str, case: Value| (act.to_owned(), outcome.to_owned(), case);
        assert_eq!(told, [
            of("GET /api/audit", "forbidden", Value::Null),
            of("GET /api/omnichannel/conversations", "not_found", json!("789")),
            of("GET /api/cases/{mycase_case_id}", "not_found", Value::Null),
            of("GET /api/cases/{mycase_case_id}", "not_found", json!("789")),
            of("POST /api/omnichannel/messages/{id}/claim", "already_claimed", json!("123")),
        ]);
        assert!(!Value::from(refused).to_string().contains("nobody-has-this"), "what was made up is not kept");
        assert_eq!(audit(&desk, COMPLIANCE, "case=789&kind=refusal").await.len(), 2);
    }

    async fn an_act_is_found_by_who_what_which_case_which_person_how_it_ended_and_when(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let offered = desk.arrives(JANE, "Which one?").await;
        let before = desk.firm.now().to_string();
        desk.firm.advance(std::time::Duration::from_secs(60));
        desk.act(AGENT, &offered, "claim", json!({"case_id": "123"})).await.ok();
        let claim = [entry(&desk, AGENT, "claim_text", "done")];
        let user = desk.firm.user_id(AGENT);
        let jane = text(&desk.jane);
        for query in [
            format!("user_id={user}&act=claim_text"),
            "case=123&act=claim_text".to_owned(),
            format!("contact_id={jane}&act=claim_text"),
            format!("subject={offered}"),
            "outcome=done&kind=act&act=claim_text".to_owned(),
            format!("act=claim_text&from={}", desk.firm.now()),
        ] {
            assert_eq!(audit(&desk, COMPLIANCE, &query).await, claim, "{query}");
        }
        for query in [
            format!("user_id={}&act=claim_text", desk.firm.user_id(ATTORNEY)),
            "case=456&act=claim_text".to_owned(),
            format!("contact_id={}&act=claim_text", text(&desk.mark)),
            "outcome=not_found&act=claim_text".to_owned(),
            format!("act=claim_text&until={before}"),
        ] {
            assert_eq!(audit(&desk, COMPLIANCE, &query).await, [], "{query}");
        }
        assert_eq!(desk.as_user(COMPLIANCE).get("/api/audit?case=none").await.code(), "not_found");
    }

    async fn pages_go_on_where_the_one_before_ended_and_name_each_entry_once(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let mut seqs = Vec::new();
        let mut path = "/api/audit?kind=act&limit=4".to_owned();
        loop {
            let page = desk.as_user(COMPLIANCE).get(&path).await.ok();
            seqs.extend(page["items"].as_array().unwrap().iter().map(|line| line["seq"].as_i64().unwrap()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/audit?kind=act&limit=4&cursor={cursor}");
        }
        assert!(seqs.len() > 8 && seqs.is_sorted_by(|one, next| one > next), "{seqs:?}");
        let whole: Vec<i64> = lines(&desk, COMPLIANCE, "kind=act").await.iter().map(|line| line["seq"].as_i64().unwrap()).collect();
        assert_eq!(seqs, whole);
    }

    async fn the_first_level_sees_its_own_scope_and_the_second_all_that_no_wall_hides(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(QUINN, "Of a case that the team has not").await;
        let conversation = desk.list(MANAGER, "case_id=789").await[0].clone();
        desk.texts(MANAGER, &conversation, "").await;
        let opened = [entry(&desk, MANAGER, "open_conversation", "done")];
        for (role, sees) in [(COMPLIANCE, true), (MANAGER, true), (SUPERVISOR, false), (ADMIN, false)] {
            let found = audit(&desk, role, "act=open_conversation").await;
            assert_eq!(found, if sees { &opened[..] } else { &[] }, "{role}");
            assert!(!audit(&desk, role, "act=create_contact").await.is_empty(), "{role} sees what is of no case");
        }
        for role in [COMPLIANCE, MANAGER] {
            let wall = json!({"user_id": desk.firm.user_id(role).to_string()});
            desk.as_user(ADMIN).post("/api/cases/789/walls", wall).await.ok();
            assert_eq!(audit(&desk, role, "act=open_conversation").await, [], "{role}");
            assert_eq!(desk.as_user(role).get("/api/audit?case=789").await.code(), "not_found", "{role}");
        }
    }

    async fn reads_are_committed_within_a_moment_without_anybody_asking(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(MARK, "About the car").await;
        let conversation = desk.list(AGENT, "case_id=123").await[0].clone();
        desk.texts(AGENT, &conversation, "").await;
        let count = "select subject from audit_entries where act = 'open_conversation'";
        for _ in 0..200 {
            if !desk.column(count, Vec::new()).await.is_empty() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(!desk.column(count, Vec::new()).await.is_empty(), "the read is in the audit");
    }
}
