//! What a contact can be in a case: the platform's roles and the organization's own.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests fail by panicking")]

use axum::http::StatusCode;
use casewire_store::on_both_engines;
use serde_json::{Value, json};

use crate::case_contacts::role;
use crate::inbox::desk::{Desk, text};
use crate::support::Firm;

fn names(roles: &Value) -> Vec<&str> {
    roles["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|role| role["name"].as_str())
        .collect()
}

on_both_engines! {
    async fn the_platform_brings_seven_roles_in_order(db: TestDatabase) {
        let firm = Firm::start(db).await;
        for (who, user) in firm.users() {
            let roles = user.get("/api/contact-roles").await.ok();
            let expected = ["Witness", "Expert Witness", "Opposing Party", "Opposing Counsel", "Adjuster", "Medical Provider", "Other"];
            assert_eq!(names(&roles), expected, "{who}");
            assert_eq!(roles["items"][0]["is_default"], true);
        }
    }

    async fn an_organization_has_roles_of_its_own_that_others_do_not_see(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let other = firm.another().await;
        let admin = firm.user("Firm Admin");
        let made = admin.post("/api/contact-roles/", json!({"name": "Court Reporter", "display_order": 0})).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let made = made.ok();
        assert_eq!(made["is_default"], false);
        let roles = firm.user("Agent Specialist").get("/api/contact-roles/").await.ok();
        assert_eq!(names(&roles).first(), Some(&"Court Reporter"));
        assert_eq!(names(&other.user("Firm Admin").get("/api/contact-roles/").await.ok()).len(), 7);
        let path = format!("/api/contact-roles/{}/", made["id"].as_str().unwrap_or_default());
        assert_eq!(other.user("Firm Admin").patch(&path, json!({"name": "Mine"})).await.code(), "not_found");
        let renamed = admin.patch(&path, json!({"name": "Stenographer", "display_order": 99})).await.ok();
        assert_eq!(renamed["name"], "Stenographer");
        assert_eq!(names(&admin.get("/api/contact-roles/").await.ok()).last(), Some(&"Stenographer"));
    }

    async fn the_platforms_roles_are_ordered_and_hidden_for_one_organization_alone(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let other = firm.another().await;
        let id = role(&firm, "Adjuster").await;
        let path = format!("/api/contact-roles/{}/", id.as_str().unwrap_or_default());
        let admin = firm.user("Firm Admin");
        let chosen = admin.patch(&path, json!({"display_order": 0, "is_active": false})).await.ok();
        assert_eq!((&chosen["name"], &chosen["is_active"], &chosen["display_order"]), (&json!("Adjuster"), &json!(false), &json!(0)));
        assert_eq!(names(&admin.get("/api/contact-roles/").await.ok()).first(), Some(&"Adjuster"));
        let theirs = other.user("Firm Admin").get("/api/contact-roles/").await.ok();
        assert_eq!(names(&theirs).first(), Some(&"Witness"));
        assert_eq!(theirs["items"][4]["is_active"], true);
        assert_eq!(admin.patch(&path, json!({"name": "Loss Adjuster"})).await.code(), "invalid_field");
    }

    async fn only_settings_3_writes_roles(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let path = format!("/api/contact-roles/{}/", role(&firm, "Other").await.as_str().unwrap_or_default());
        for (who, user) in firm.users().filter(|(who, _)| *who != "Firm Admin") {
            assert_eq!(user.post("/api/contact-roles/", json!({"name": "X"})).await.code(), "forbidden", "{who}");
            assert_eq!(user.patch(&path, json!({"is_active": false})).await.code(), "forbidden", "{who}");
        }
    }

    async fn a_name_is_taken_in_whatever_case_it_is_written(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        admin.post("/api/contact-roles/", json!({"name": "Élu"})).await.ok();
        for taken in ["witness", "éLU", "client"] {
            assert_eq!(admin.post("/api/contact-roles/", json!({"name": taken})).await.code(), "already_exists", "{taken}");
        }
        let bad = [(json!({"name": ""}), "name"), (json!({"name": "x".repeat(61)}), "name"),
            (json!({"name": "Y", "display_order": -1}), "display_order"), (json!({"name": "Y", "display_order": "first"}), "display_order")];
        for (body, field) in bad {
            let refused = admin.post("/api/contact-roles/", body).await;
            assert_eq!((refused.code().as_str(), &refused.json()["field"]), ("invalid_field", &json!(field)));
        }
    }

    async fn an_organization_has_as_many_roles_of_its_own_as_its_settings_allow(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        for number in 0..30 {
            admin.post("/api/contact-roles/", json!({"name": format!("Role {number}")})).await.ok();
        }
        let refused = admin.post("/api/contact-roles/", json!({"name": "One more"})).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!((refused.code().as_str(), &refused.json()["limit"]), ("limit_reached", &json!(30)));
        assert_eq!(admin.patch("/api/settings", json!({"contact_role_limit": 0})).await.code(), "invalid_field");
        admin.patch("/api/settings", json!({"contact_role_limit": 31})).await.ok();
        admin.post("/api/contact-roles/", json!({"name": "One more"})).await.ok();
        assert_eq!(admin.post("/api/contact-roles/", json!({"name": "Two more"})).await.code(), "limit_reached");
    }

    async fn a_merge_moves_standing_links_and_keeps_history_and_can_be_taken_back(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let (admin, attorney) = (desk.as_user("Firm Admin"), desk.as_user("Attorney"));
        let (witness, other) = (role(&desk.firm, "Witness").await, role(&desk.firm, "Other").await);
        let body = json!({"case_id": "123", "contact_id": desk.jane, "body": "As a witness"});
        attorney.post("/api/omnichannel/messages", body).await.ok();
        let path = format!("/api/contact-roles/{}", text(&witness));
        let merged = admin.post(&format!("{path}/merge"), json!({"into": other})).await.ok();
        assert_eq!((&merged["moved"], &merged["role"]["name"]), (&json!(1), &json!("Other")));
        let jane = async || {
            let people = attorney.get("/api/cases/123/contacts").await.ok();
            people["items"].as_array().unwrap().iter().find(|link| link["contact"]["id"] == desk.jane).unwrap().clone()
        };
        assert_eq!(jane().await["role"], "Other");
        let roles = admin.get("/api/contact-roles").await.ok();
        assert_eq!((&roles["items"][0]["name"], &roles["items"][0]["is_active"]), (&json!("Witness"), &json!(false)));
        let conversation = desk.list("Attorney", "case_id=123").await[0].clone();
        let said = desk.texts("Attorney", &conversation, "").await[0].clone();
        assert_eq!(said["person"]["role"], "Witness", "what was said keeps the role as of then");
        let audit = desk.as_user("Manager").get("/api/audit").await.ok().to_string();
        assert!(audit.contains("merge_contact_roles"), "{audit}");
        let back = admin.post(&format!("{path}/unmerge"), json!({})).await.ok();
        assert_eq!((&back["moved"], &back["role"]["is_active"]), (&json!(1), &json!(true)));
        assert_eq!(jane().await["role"], "Witness");
        assert_eq!(admin.post(&format!("{path}/unmerge"), json!({})).await.code(), "not_merged");
    }

    async fn taking_a_merge_back_leaves_what_was_changed_since(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let (admin, attorney) = (desk.as_user("Firm Admin"), desk.as_user("Attorney"));
        let (witness, other) = (role(&desk.firm, "Witness").await, role(&desk.firm, "Other").await);
        let adjuster = role(&desk.firm, "Adjuster").await;
        let path = format!("/api/contact-roles/{}", text(&witness));
        for (body, code) in [(json!({"into": witness}), "invalid_field"), (json!({"into": "crole_x"}), "invalid_field")] {
            assert_eq!(admin.post(&format!("{path}/merge"), body).await.code(), code);
        }
        admin.post(&format!("{path}/merge"), json!({"into": other})).await.ok();
        let link = format!("/api/cases/123/contacts/{}", text(&desk.jane_in_123));
        attorney.patch(&link, json!({"contact_role_id": adjuster})).await.ok();
        assert_eq!(admin.post(&format!("{path}/unmerge"), json!({})).await.ok()["moved"], 0);
        let people = attorney.get("/api/cases/123/contacts").await.ok();
        let jane = people["items"].as_array().unwrap().iter().find(|link| link["contact"]["id"] == desk.jane).unwrap();
        assert_eq!(jane["role"], "Adjuster");
        assert_eq!(desk.as_user("Manager").post(&format!("{path}/merge"), json!({"into": other})).await.code(), "forbidden");
    }
}
