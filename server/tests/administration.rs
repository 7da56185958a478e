//! Users, teams, roles, numbers and settings: who may see and manage them, what takes effect at once, what is refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use axum::http::StatusCode;
use casewire_store::on_both_engines;
use serde_json::{Value, json};

use crate::support::{Client, Firm};

async fn role_id(admin: &Client, name: &str) -> Value {
    let roles = admin.get("/api/roles/").await.ok();
    roles["items"].as_array().unwrap().iter().find(|role| role["name"] == name).unwrap()["id"].clone()
}

on_both_engines! {
    async fn settings_1_sees_and_settings_3_manages(db: TestDatabase) {
        let firm = Firm::start(db).await;
        for path in ["/api/users/", "/api/teams/", "/api/roles/", "/api/settings/"] {
            for (role, client) in firm.users() {
                let answer = client.get(path).await;
                let may = matches!(role, "Manager" | "Firm Admin");
                assert_eq!(answer.status.is_success(), may, "{role} {path}");
            }
            assert_eq!(firm.stranger().get(path).await.code(), "unauthenticated");
        }
        let manager = firm.user("Manager");
        assert_eq!(manager.patch("/api/settings", json!({ "part_limit": 200 })).await.code(), "forbidden");
        assert_eq!(manager.post("/api/teams", json!({ "name": "New" })).await.code(), "forbidden");
    }

    async fn whoever_gives_cases_or_calls_away_knows_their_colleagues_by_name_alone(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let gone = format!("/api/users/{}/", firm.user_id("Paralegal"));
        let admin = firm.user("Firm Admin");
        let name = admin.patch(&gone, json!({ "is_active": false })).await.ok()["name"].clone();
        let team = json!({ "id": firm.team.to_string(), "name": "Litigation" });
        admin.patch(&format!("/api/teams/{}", firm.team), json!({ "name": "Litigation" })).await.ok();
        for role in ["Attorney", "Agent Specialist", "Supervisor", "Manager", "Firm Admin"] {
            let told = firm.user(role).get("/api/colleagues/").await.ok();
            let users = told["users"].as_array().unwrap();
            let ids: Vec<&Value> = users.iter().map(|user| &user["id"]).collect();
            assert!(ids.contains(&&json!(firm.user_id("Attorney").to_string())), "{role}");
            assert!(!ids.contains(&&json!(firm.user_id("Paralegal").to_string())), "{role}");
            assert!(users.iter().all(|user| user.as_object().unwrap().len() == 2 && user["name"] != name), "{role}");
            assert!(told["teams"].as_array().unwrap().contains(&team), "{role}");
        }
        assert_eq!(firm.user("Compliance Officer").get("/api/colleagues/").await.code(), "forbidden");
    }

    async fn a_new_user_signs_in_with_the_roles_they_were_given(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        let new = json!({
            "email": "New@Firm.Example", "name": "New Person", "password": "a long password",
            "role_ids": [role_id(admin, "Paralegal").await], "team_ids": [firm.team],
        });
        let created = admin.post("/api/users/", new.clone()).await;
        assert_eq!(created.status, StatusCode::CREATED);
        assert_eq!(created.json()["email"], "new@firm.example");
        assert_eq!(admin.post("/api/users/", new).await.code(), "already_exists");
        let session = json!({ "email": "new@firm.example", "password": "a long password" });
        let signed_in = firm.stranger().post("/api/session", session).await;
        assert_eq!(signed_in.status, StatusCode::NO_CONTENT);
    }

    async fn a_deactivated_user_is_out_with_the_next_request(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let attorney = firm.user("Attorney");
        attorney.get("/api/me").await.ok();
        let path = format!("/api/users/{}/", firm.user_id("Attorney"));
        firm.user("Firm Admin").patch(&path, json!({ "is_active": false })).await.ok();
        assert_eq!(attorney.get("/api/me").await.code(), "unauthenticated");
        firm.user("Firm Admin").patch(&path, json!({ "is_active": true })).await.ok();
        assert_eq!(attorney.get("/api/me").await.code(), "unauthenticated");
    }

    async fn a_right_that_is_taken_away_is_gone_with_the_next_request(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        let path = format!("/api/users/{}/", firm.user_id("Manager"));
        admin.patch(&path, json!({ "role_ids": [] })).await.ok();
        assert_eq!(firm.user("Manager").get("/api/users").await.code(), "forbidden");
    }

    async fn the_last_admin_cannot_be_lost(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        let path = format!("/api/users/{}/", firm.user_id("Firm Admin"));
        assert_eq!(admin.patch(&path, json!({ "is_active": false })).await.code(), "in_use");
        assert_eq!(admin.patch(&path, json!({ "role_ids": [] })).await.code(), "in_use");
        let second = json!({ "role_ids": [role_id(admin, "Firm Admin").await] });
        admin.patch(&format!("/api/users/{}/", firm.user_id("Manager")), second).await.ok();
        admin.patch(&path, json!({ "is_active": false })).await.ok();
    }

    async fn default_roles_stay_and_own_roles_change(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        let id = role_id(admin, "Attorney").await;
        let path = format!("/api/roles/{}/", id.as_str().unwrap());
        assert_eq!(admin.patch(&path, json!({ "name": "Esquire" })).await.code(), "forbidden");
        assert_eq!(admin.delete(&path).await.code(), "forbidden");
        let levels = json!({ "case_contacts": 1, "sms": 1, "calls": 0, "audit": 0, "settings": 0 });
        let own = admin.post("/api/roles/", json!({ "name": "Intern", "case_scope": "team", "levels": levels })).await.ok();
        let path = format!("/api/roles/{}/", own["id"].as_str().unwrap());
        assert_eq!(admin.patch(&path, json!({ "name": "Attorney" })).await.code(), "already_exists");
        assert_eq!(admin.patch(&path, json!({ "name": "Clerk" })).await.ok()["name"], "Clerk");
        let holder = format!("/api/users/{}/", firm.user_id("Paralegal"));
        admin.patch(&holder, json!({ "role_ids": [own["id"]] })).await.ok();
        assert_eq!(admin.delete(&path).await.code(), "in_use");
        admin.patch(&holder, json!({ "role_ids": [] })).await.ok();
        admin.delete(&path).await.ok();
    }

    async fn settings_stay_within_their_bounds(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        let bad = [json!({ "routing_window_seconds": 0 }), json!({ "routing_window_seconds": 2_592_001 }), json!({ "part_limit": 69 }),
            json!({ "part_limit": 1601 }), json!({ "default_region": "Narnia" }), json!({ "name": " " })];
        for change in bad {
            assert_eq!(admin.patch("/api/settings/", change.clone()).await.code(), "invalid_field", "{change}");
        }
        let chosen = json!({ "routing_window_seconds": 3600, "part_limit": 160, "default_region": "DE" });
        admin.patch("/api/settings/", chosen).await.ok();
        let read = admin.get("/api/settings/").await.ok();
        assert_eq!((&read["routing_window_seconds"], &read["part_limit"], &read["default_region"]), (&json!(3600), &json!(160), &json!("DE")));
    }

    async fn a_number_belongs_to_one_firm(db: TestDatabase) {
        let mut firm = Firm::start(db).await;
        let other = firm.another().await;
        firm.keep_out_of_logs("4155550100");
        let numbers = firm.user("Paralegal").get("/api/numbers/").await.ok();
        assert_eq!(numbers["items"].as_array().unwrap().len(), 1);
        assert_eq!(numbers["items"][0]["e164"], "+14155550100");
        let none = other.user("Firm Admin").post("/api/numbers/", json!({ "number": "+14155550100" })).await;
        assert_eq!(none.json()["field"], "account_sid");
        let path = format!("/api/numbers/{}/", firm.number);
        let retired = firm.user("Firm Admin").patch(&path, json!({ "is_active": false, "label": "Old" })).await.ok();
        assert_eq!((&retired["is_active"], &retired["label"]), (&json!(false), &json!("Old")));
    }

    async fn every_change_leaves_an_audit_line_without_names(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        let team = admin.post("/api/teams/", json!({ "name": "Appeals", "member_ids": [firm.user_id("Attorney")] })).await.ok();
        let path = format!("/api/teams/{}/", team["id"].as_str().unwrap());
        admin.patch(&path, json!({ "name": "Appellate" })).await.ok();
        let audit = firm.user("Compliance Officer").get("/api/audit/?kind=act&limit=1").await;
        assert!(!audit.text().contains("Appell"));
        let first = audit.ok();
        assert_eq!((&first["items"][0]["act"], &first["items"][0]["subject"]), (&json!("change_team"), &team["id"]));
        let next = format!("/api/audit/?kind=act&limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
        let second = admin.get(&next).await.ok();
        assert_eq!(second["items"][0]["act"], "create_team");
        assert!(second["next_cursor"].is_null());
        assert_eq!(firm.user("Attorney").get("/api/audit/").await.code(), "forbidden");
    }
}
