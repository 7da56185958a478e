//! Cases, walls and leads at the API: who opens and changes them, and what a wall hides.
#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]

use axum::http::StatusCode;
use casewire_store::on_both_engines;
use serde_json::{Value, json};

use crate::case_contacts::{case, contact, link};
use crate::support::Firm;

fn texts<'l>(list: &'l Value, field: &str) -> Vec<&'l str> {
    list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item[field].as_str())
        .collect()
}

fn path(of: &str, id: &Value) -> String {
    format!("/api/{of}/{}", id.as_str().unwrap_or_default())
}

on_both_engines! {
    async fn each_role_lists_the_cases_in_its_scope(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let manager = firm.user("Manager");
        manager.post("/api/cases/", json!({"mycase_case_id": "456", "name": "Team's", "team_id": firm.team.to_string()})).await.ok();
        manager.post("/api/cases/", json!({"mycase_case_id": "789", "name": "Nobody's", "status": "closed"})).await.ok();
        let all = vec!["789", "456", "123"];
        let scopes = [("Agent Specialist", vec!["123"]), ("Paralegal", vec!["123"]), ("Attorney", all.clone()), ("Supervisor", vec!["456", "123"]),
            ("Manager", all.clone()), ("Firm Admin", vec![]), ("Compliance Officer", all)];
        for (who, cases) in scopes {
            assert_eq!(texts(&firm.user(who).get("/api/cases/").await.ok(), "mycase_case_id"), cases, "{who}");
        }
        for (query, cases) in [("status=closed", vec!["789"]), ("q=team", vec!["456"]), ("q=78", vec!["789"]), ("q=89", vec![]),
            ("limit=1&status=open", vec!["456"])] {
            assert_eq!(texts(&manager.get(&format!("/api/cases/?{query}")).await.ok(), "mycase_case_id"), cases, "{query}");
        }
        let first = manager.get("/api/cases/?limit=2").await.ok();
        let cursor = first["next_cursor"].as_str().unwrap_or_default();
        let second = manager.get(&format!("/api/cases/?limit=2&cursor={cursor}")).await.ok();
        assert_eq!(texts(&second, "mycase_case_id"), ["123"]);
        assert_eq!(second.get("next_cursor"), None);
        assert_eq!(manager.get("/api/cases/?cursor=con_1").await.code(), "invalid_cursor");
        assert_eq!(manager.get("/api/cases/?status=ajar").await.code(), "invalid_query");
    }

    async fn cases_are_opened_by_who_manages_them_or_the_settings(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let body = |number: &str| json!({"mycase_case_id": number, "name": "New", "team_id": firm.team.to_string()});
        for (who, user) in firm.users() {
            let expected = match who {
                "Attorney" | "Supervisor" | "Manager" | "Firm Admin" => StatusCode::CREATED,
                _ => StatusCode::FORBIDDEN,
            };
            let answer = user.post("/api/cases/", body(&who.replace(' ', "-"))).await;
            assert_eq!(answer.status, expected, "{who}");
            assert_eq!(answer.body.is_empty(), who == "Firm Admin", "{who}");
        }
        let supervisor = firm.user("Supervisor");
        assert_eq!(supervisor.post("/api/cases/", json!({"mycase_case_id": "1", "name": "Not mine"})).await.code(), "forbidden");
        assert_eq!(supervisor.post("/api/cases/", body("Attorney")).await.code(), "already_exists");
        let bad = [(json!({"mycase_case_id": "a/b", "name": "N"}), "invalid_field", "mycase_case_id"), (json!({"mycase_case_id": "", "name": "N"}),
            "invalid_field", "mycase_case_id"), (json!({"mycase_case_id": "5", "name": ""}), "invalid_field", "name"),
            (json!({"mycase_case_id": "5", "name": "N", "team_id": "team_00000000000000000000000000000000"}), "not_found", "team_id"),
            (json!({"mycase_case_id": "5", "name": "N", "assigned_user_ids": ["usr_00000000000000000000000000000000"]}), "not_found", "assigned_user_ids"),
            (json!({"mycase_case_id": "5", "name": "N", "client_contact_id": "con_00000000000000000000000000000000"}), "not_found", "client_contact_id")];
        for (body, code, field) in bad {
            let refused = firm.user("Manager").post("/api/cases/", body).await;
            assert_eq!((refused.code().as_str(), &refused.json()["field"]), (code, &json!(field)));
        }
    }

    async fn a_case_changes_for_who_manages_it_and_is_lost_with_its_scope(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        for (who, expected) in [("Agent Specialist", "forbidden"), ("Compliance Officer", "forbidden")] {
            assert_eq!(firm.user(who).patch("/api/cases/123/", json!({"name": "Mine"})).await.code(), expected, "{who}");
        }
        let admin = firm.user("Firm Admin").patch("/api/cases/123/", json!({"name": "Renamed"})).await;
        assert_eq!((admin.status, admin.body.is_empty()), (StatusCode::NO_CONTENT, true));
        let supervisor = firm.user("Supervisor");
        let closed = supervisor.patch("/api/cases/123/", json!({"status": "closed"})).await.ok();
        assert_eq!((&closed["name"], &closed["status"], &closed["team_name"]), (&json!("Renamed"), &json!("closed"), &json!("Litigation")));
        let agent = firm.user_id("Agent Specialist").to_string();
        firm.user("Manager").patch("/api/cases/123/", json!({"assigned_user_ids": [agent]})).await.ok();
        assert_eq!(firm.user("Paralegal").get("/api/cases/123/").await.code(), "not_found");
        assert_eq!(firm.user("Agent Specialist").get("/api/cases/123/").await.status, StatusCode::OK);
        assert_eq!(supervisor.patch("/api/cases/123/", json!({"team_id": null})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(supervisor.get("/api/cases/123/").await.code(), "not_found");
        assert_eq!(firm.user("Manager").get("/api/cases/123/").await.ok()["team_name"], Value::Null);
        let other = firm.another().await;
        for who in ["Manager", "Firm Admin"] {
            assert_eq!(other.user(who).patch("/api/cases/123/", json!({"name": "Ours"})).await.code(), "not_found");
        }
    }

    async fn a_wall_beats_every_role(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let (jane, free) = (contact(&firm, "Jane Smith", &["+12125550123"]).await, contact(&firm, "Free Person", &[]).await);
        link(&firm, "123", &jane, "Witness").await;
        let admin = firm.user("Firm Admin");
        for who in ["Agent Specialist", "Supervisor", "Manager"] {
            let built = admin.post("/api/cases/123/walls/", json!({"user_id": firm.user_id(who).to_string()})).await;
            assert_eq!(built.status, StatusCode::CREATED, "{who}");
            let user = firm.user(who);
            for hidden in ["/api/cases/123/", "/api/cases/123/contacts/", &path("contacts", &jane)] {
                assert_eq!(user.get(hidden).await.code(), "not_found", "{who} {hidden}");
            }
            assert!(texts(&user.get("/api/cases/").await.ok(), "name").is_empty(), "{who}");
            assert_eq!(texts(&user.get("/api/contacts/").await.ok(), "name"), ["Free Person"], "{who}");
            assert!(texts(&user.get("/api/contacts/?q=555%200123").await.ok(), "name").is_empty(), "{who}");
            assert_eq!(user.patch("/api/cases/123/", json!({"name": "X"})).await.code(), "not_found", "{who}");
            assert_eq!(user.post("/api/leads/", json!({"contact_id": jane})).await.code(), "not_found", "{who}");
        }
        assert_eq!(texts(&firm.user("Attorney").get("/api/contacts/").await.ok(), "name"), ["Free Person", "Jane Smith"]);
        link(&firm, "123", &free, "Other").await;
        assert!(texts(&firm.user("Manager").get("/api/contacts/").await.ok(), "name").is_empty());
        firm.user("Attorney").post("/api/cases/", json!({"mycase_case_id": "456", "name": "Other"})).await.ok();
        link(&firm, "456", &jane, "Opposing Party").await;
        let shown = firm.user("Manager").get(&path("contacts", &jane)).await.ok();
        assert_eq!(shown["cases"].as_array().map(Vec::len), Some(1), "the walled case is not told of");
        assert_eq!(firm.user("Agent Specialist").get(&path("contacts", &jane)).await.code(), "not_found");
        firm.user("Attorney").post("/api/leads/", json!({"contact_id": jane})).await.ok();
        assert_eq!(firm.user("Agent Specialist").get(&path("contacts", &jane)).await.status, StatusCode::OK, "a lead is known to all");
    }

    async fn walls_are_for_the_settings_and_nobody_removes_their_own(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let other = firm.another().await;
        case(&firm, "123").await;
        let body = json!({"user_id": firm.user_id("Attorney").to_string()});
        for (who, user) in firm.users() {
            let (see, build) = match who {
                "Firm Admin" => (StatusCode::OK, StatusCode::CREATED),
                "Manager" => (StatusCode::OK, StatusCode::FORBIDDEN),
                _ => (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
            };
            assert_eq!(user.get("/api/cases/123/walls/").await.status, see, "{who}");
            assert_eq!(user.post("/api/cases/123/walls/", body.clone()).await.status, build, "{who}");
        }
        let admin = firm.user("Firm Admin");
        assert_eq!(admin.post("/api/cases/123/walls/", body).await.code(), "already_exists");
        let walls = admin.get("/api/cases/123/walls/").await.ok();
        assert_eq!(walls["items"][0]["user"]["id"], firm.user_id("Attorney").to_string());
        let wall = format!("/api/cases/123/walls/{}/", firm.user_id("Attorney"));
        assert_eq!(other.user("Firm Admin").delete(&wall).await.code(), "not_found");
        let theirs = json!({"user_id": other.user_id("Attorney").to_string()});
        assert_eq!(admin.post("/api/cases/123/walls/", theirs).await.code(), "not_found");
        assert_eq!(firm.user("Attorney").get("/api/cases/123/").await.code(), "not_found");
        admin.delete(&wall).await.ok();
        assert_eq!(admin.delete(&wall).await.code(), "not_found");
        assert_eq!(firm.user("Attorney").get("/api/cases/123/").await.status, StatusCode::OK);
        admin.post("/api/cases/123/walls/", json!({"user_id": firm.user_id("Firm Admin").to_string()})).await.ok();
        assert_eq!(admin.delete(&format!("/api/cases/123/walls/{}/", firm.user_id("Firm Admin"))).await.code(), "not_found");
        assert_eq!(admin.patch("/api/cases/123/", json!({"status": "closed"})).await.code(), "not_found");
    }

    async fn leads_are_seen_with_sms_1_and_written_with_case_contacts_2(db: TestDatabase) {
        let firm = Firm::start(db).await;
        for (who, user) in firm.users() {
            let (see, write) = match who {
                "Firm Admin" => (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
                "Compliance Officer" => (StatusCode::OK, StatusCode::FORBIDDEN),
                _ => (StatusCode::OK, StatusCode::CREATED),
            };
            assert_eq!(user.get("/api/leads/").await.status, see, "{who}");
            let body = json!({"contact": {"name": format!("Lead of {who}"), "phones": [{"number": "+12125550123"}]}});
            assert_eq!(user.post("/api/leads/", body).await.status, write, "{who}");
        }
        let attorney = firm.user("Attorney");
        let list = attorney.get("/api/leads/?status=open&q=lead%20of%20para").await.ok();
        assert_eq!(list["items"][0]["contact"]["name"], "Lead of Paralegal");
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(firm.another().await.user("Attorney").get(&path("leads", &list["items"][0]["id"])).await.code(), "not_found");
    }

    async fn a_contact_has_one_open_lead_at_most(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let jane = contact(&firm, "Jane Smith", &[]).await;
        let user = firm.user("Agent Specialist");
        let first = user.post("/api/leads/", json!({"contact_id": jane})).await.ok();
        assert_eq!(user.post("/api/leads/", json!({"contact_id": jane})).await.code(), "already_exists");
        let first = path("leads", &first["id"]);
        let me = firm.user_id("Agent Specialist").to_string();
        assert_eq!(user.patch(&first, json!({"status": "converted", "assigned_user_id": me})).await.ok()["assigned_user"]["id"], me);
        let second = user.post("/api/leads/", json!({"contact_id": jane})).await.ok();
        assert_eq!(user.patch(&first, json!({"status": "open"})).await.code(), "already_exists");
        assert_eq!(user.patch(&first, json!({"assigned_user_id": null})).await.ok()["assigned_user"], Value::Null);
        assert_eq!(user.patch(&first, json!({"status": "lost"})).await.code(), "invalid_field");
        assert_eq!(user.get("/api/leads/?status=lost").await.code(), "invalid_query");
        let shown = user.get(&path("contacts", &jane)).await.ok();
        assert_eq!(shown["leads"][0]["id"], second["id"]);
        assert_eq!(shown["leads"][1]["status"], "converted");
    }
}
