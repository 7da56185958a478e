//! Contacts, their numbers, cases, walls and leads at the API.
#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]

use axum::http::StatusCode;
use casewire_store::on_both_engines;
use serde_json::{Value, json};

use crate::case_contacts::{case, contact, link};
use crate::support::Firm;

fn names(list: &Value) -> Vec<&str> {
    list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["name"].as_str())
        .collect()
}

fn path(of: &str, id: &Value) -> String {
    format!("/api/{of}/{}", id.as_str().unwrap_or_default())
}

/// Each number of a contact and whether it is the primary one.
fn numbers(contact: &Value) -> Vec<(String, bool)> {
    let phones = contact["phones"].as_array().into_iter().flatten();
    phones
        .map(|phone| (phone["e164"].as_str().unwrap_or_default().to_owned(), phone["is_primary"] == true))
        .collect()
}

fn phone_id(contact: &Value, e164: &str) -> Value {
    let phones = contact["phones"].as_array().into_iter().flatten();
    phones
        .filter(|phone| phone["e164"] == e164)
        .map(|phone| phone["id"].clone())
        .next()
        .unwrap_or_default()
}

on_both_engines! {
    async fn the_directory_is_for_case_contacts_1_and_written_by_2(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let jane = contact(&firm, "Jane Smith", &[]).await;
        for (who, user) in firm.users() {
            let (see, write) = match who {
                "Firm Admin" => (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
                "Compliance Officer" => (StatusCode::OK, StatusCode::FORBIDDEN),
                _ => (StatusCode::OK, StatusCode::OK),
            };
            assert_eq!(user.get("/api/contacts/").await.status, see, "{who}");
            assert_eq!(user.get(&path("contacts", &jane)).await.status, see, "{who}");
            assert_eq!(user.patch(&path("contacts", &jane), json!({"name": "Jane Smith"})).await.status, write, "{who}");
        }
    }

    async fn people_are_found_by_name_and_by_digits(db: TestDatabase) {
        let firm = Firm::start(db).await;
        contact(&firm, "José Álvarez", &["+12125550123"]).await;
        contact(&firm, "Ada Byron", &["+442079460018"]).await;
        contact(&firm, "100% Legal_Help", &[]).await;
        let user = firm.user("Paralegal");
        let found = [("jos%C3%A9", "José Álvarez"), ("%C3%81LVA", "José Álvarez"), ("byr", "Ada Byron"), ("(212)%20555", "José Álvarez"),
            ("020%207946", "Ada Byron"), ("l_h", "100% Legal_Help"), ("0%25", "100% Legal_Help")];
        for (search, name) in found {
            assert_eq!(names(&user.get(&format!("/api/contacts/?q={search}")).await.ok()), [name], "{search}");
        }
        for nothing in ["nobody", "99999", "%25%25", "__"] {
            assert!(names(&user.get(&format!("/api/contacts/?q={nothing}")).await.ok()).is_empty(), "{nothing}");
        }
    }

    async fn pages_of_people_follow_the_name_and_miss_nobody(db: TestDatabase) {
        let firm = Firm::start(db).await;
        for name in ["delta", "Alpha", "charlie", "Bravo", "alpha"] {
            contact(&firm, name, &["+12125550123", "+12125550124"]).await;
        }
        let user = firm.user("Attorney");
        let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
        loop {
            let page = user.get(&format!("/api/contacts/{query}")).await.ok();
            seen.extend(names(&page).into_iter().map(str::to_owned));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            query = format!("?limit=2&cursor={cursor}");
        }
        assert_eq!(seen, ["Alpha", "alpha", "Bravo", "charlie", "delta"]);
        for (query, code) in [("limit=0", "invalid_query"), ("limit=201", "invalid_query"), ("limit=x", "invalid_query"),
            ("cursor=made-up", "invalid_cursor"), ("cursor=con_00000000000000000000000000000000", "invalid_cursor"), ("sort=age", "invalid_query")] {
            assert_eq!(user.get(&format!("/api/contacts/?{query}")).await.code(), code, "{query}");
        }
    }

    async fn exactly_one_number_is_primary_as_soon_as_there_is_one(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let jane = contact(&firm, "Jane Smith", &[]).await;
        let user = firm.user("Agent Specialist");
        let phones = format!("{}/phones/", path("contacts", &jane));
        let [first, second, third] = ["+12125550101", "+12125550102", "+12125550103"];
        assert_eq!(numbers(&user.post(&phones, json!({"number": "212 555 0101"})).await.ok()), [(first.to_owned(), true)]);
        user.post(&phones, json!({"number": second, "label": "work"})).await.ok();
        let three = user.post(&phones, json!({"number": third, "is_primary": true})).await.ok();
        assert_eq!(numbers(&three), [(third.to_owned(), true), (first.to_owned(), false), (second.to_owned(), false)]);
        let of = |number: &str| format!("{phones}{}/", phone_id(&three, number).as_str().unwrap_or_default());
        let changed = user.patch(&of(second), json!({"is_primary": true, "label": "desk"})).await.ok();
        assert_eq!(numbers(&changed), [(second.to_owned(), true), (first.to_owned(), false), (third.to_owned(), false)]);
        assert_eq!(changed["phones"][0]["label"], "desk");
        assert_eq!(user.patch(&of(second), json!({"is_primary": false})).await.code(), "invalid_field");
        user.delete(&of(second)).await.ok();
        let shown = user.get(&path("contacts", &jane)).await.ok();
        assert_eq!(numbers(&shown["contact"]), [(first.to_owned(), true), (third.to_owned(), false)]);
        assert_eq!(user.delete(&of(second)).await.code(), "not_found");
        for number in [first, third] {
            user.delete(&of(number)).await.ok();
        }
        assert!(numbers(&user.get(&path("contacts", &jane)).await.ok()["contact"]).is_empty());
    }

    async fn a_number_stands_once_with_a_contact_and_may_be_shared(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let (jane, john) = (contact(&firm, "Jane", &["+12125550123"]).await, contact(&firm, "John", &[]).await);
        let user = firm.user("Attorney");
        let twice = user.post(&format!("{}/phones", path("contacts", &jane)), json!({"number": "(212) 555-0123"})).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        assert_eq!(twice.code(), "already_exists");
        user.post(&format!("{}/phones", path("contacts", &john)), json!({"number": "(212) 555-0123"})).await.ok();
        for bad in ["", "call me", "+1", "5550123", "+99912345678"] {
            let refused = user.post(&format!("{}/phones", path("contacts", &jane)), json!({"number": bad})).await;
            assert_eq!(refused.code(), "invalid_field", "{bad}");
        }
        let foreign = format!("{}/phones/{}", path("contacts", &john), phone_id(&user.get(&path("contacts", &jane)).await.ok()["contact"],
            "+12125550123").as_str().unwrap_or_default());
        assert_eq!(user.delete(&foreign).await.code(), "not_found");
        assert_eq!(user.patch(&foreign, json!({"label": "x"})).await.code(), "not_found");
    }

    async fn a_rename_shows_everywhere_at_once(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let (jane, client) = (contact(&firm, "Jane Smith", &[]).await, contact(&firm, "Old Client", &[]).await);
        link(&firm, "123", &jane, "Witness").await;
        firm.user("Manager").patch("/api/cases/123", json!({"client_contact_id": client})).await.ok();
        let user = firm.user("Agent Specialist");
        user.patch(&path("contacts", &jane), json!({"name": "Jane Miller"})).await.ok();
        user.patch(&path("contacts", &client), json!({"name": "New Client"})).await.ok();
        let people = user.get("/api/cases/123/contacts").await.ok();
        assert_eq!(people["items"][1]["contact"]["name"], "Jane Miller");
        assert_eq!(user.get("/api/cases/123").await.ok()["client_name"], "New Client");
        assert_eq!(names(&user.get("/api/contacts?q=miller").await.ok()), ["Jane Miller"]);
        assert!(names(&user.get("/api/contacts?q=smith").await.ok()).is_empty());
    }
}
