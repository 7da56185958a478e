//! What a contact can be in a case: the platform's roles and the organization's own.
#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]

use axum::http::StatusCode;
use casewire_store::on_both_engines;
use serde_json::{Value, json};

use crate::case_contacts::role;
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

    async fn an_organization_has_fifty_roles_of_its_own_at_most(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let admin = firm.user("Firm Admin");
        for number in 0..50 {
            admin.post("/api/contact-roles/", json!({"name": format!("Role {number}")})).await.ok();
        }
        let refused = admin.post("/api/contact-roles/", json!({"name": "One more"})).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(refused.code(), "limit_reached");
    }
}
