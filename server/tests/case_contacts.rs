//! Who is on a case: the requirement's table of permissions and its scenarios, at the API.
#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]

use axum::http::StatusCode;
use casewire_core::id::OrganizationId;
use casewire_store::{Act, StoreError, Tx, events, on_both_engines};
use serde_json::{Value, json};

use crate::support::Firm;

/// Reads the event log: the words of the events after a number, with their audiences, and the number of the last.
struct TheLog(OrganizationId, i64);

impl Act for TheLog {
    type Out = (Vec<(String, &'static str)>, i64);
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        let events = events::since(tx, self.0, self.1, 100).await?;
        let last = events.last().map_or(self.1, |event| event.seq);
        Ok((
            events.into_iter().map(|event| (event.kind, event.audience.kind_str())).collect(),
            last,
        ))
    }
}

/// The id of a role by its name.
pub async fn role(firm: &Firm, name: &str) -> Value {
    let roles = firm.user("Attorney").get("/api/contact-roles/").await.ok();
    let found = roles["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|role| role["name"] == name)
        .cloned();
    found.unwrap_or_default()["id"].clone()
}

/// A contact with that name and those numbers.
pub async fn contact(firm: &Firm, name: &str, numbers: &[&str]) -> Value {
    let phones: Vec<Value> = numbers.iter().map(|number| json!({"number": number, "label": "mobile"})).collect();
    firm.user("Attorney")
        .post("/api/contacts/", json!({"name": name, "phones": phones}))
        .await
        .ok()["id"]
        .clone()
}

/// A case of the team, with the agent and the paralegal assigned.
pub async fn case(firm: &Firm, number: &str) {
    let assigned = [firm.user_id("Agent Specialist"), firm.user_id("Paralegal")].map(|user| user.to_string());
    let body = json!({"mycase_case_id": number, "name": format!("Matter {number}"), "team_id": firm.team.to_string(),
        "assigned_user_ids": assigned});
    firm.user("Manager").post("/api/cases/", body).await.ok();
}

/// Adds a contact to a case; the link.
pub async fn link(firm: &Firm, case: &str, contact: &Value, role_name: &str) -> Value {
    let body = json!({"contact_id": contact, "contact_role_id": role(firm, role_name).await});
    firm.user("Attorney").post(&format!("/api/cases/{case}/contacts/"), body).await.ok()["id"].clone()
}

on_both_engines! {
    async fn each_role_of_the_table_does_what_the_table_says(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let witness = role(&firm, "Witness").await;
        let table = [
            ("Agent Specialist", 200, 201, 200, 403),
            ("Paralegal", 200, 201, 200, 403),
            ("Attorney", 200, 201, 200, 204),
            ("Supervisor", 200, 201, 200, 204),
            ("Manager", 200, 201, 200, 204),
            ("Firm Admin", 404, 404, 404, 404),
            ("Compliance Officer", 200, 403, 403, 403),
        ];
        for (who, see, add, change, remove) in table {
            let there = contact(&firm, "Already There", &[]).await;
            let there = link(&firm, "123", &there, "Other").await;
            let there = format!("/api/cases/123/contacts/{}/", there.as_str().unwrap_or_default());
            let new = contact(&firm, "Newly Added", &[]).await;
            let user = firm.user(who);
            assert_eq!(user.get("/api/cases/123/contacts/").await.status.as_u16(), see, "{who} sees");
            let body = json!({"contact_id": new, "contact_role_id": witness});
            assert_eq!(user.post("/api/cases/123/contacts/", body).await.status.as_u16(), add, "{who} adds");
            assert_eq!(user.patch(&there, json!({"contact_role_id": witness})).await.status.as_u16(), change, "{who} changes");
            assert_eq!(user.delete(&there).await.status.as_u16(), remove, "{who} removes");
        }
    }

    async fn a_case_outside_of_the_scope_does_not_exist(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let body = json!({"mycase_case_id": "900", "name": "Nobody's"});
        firm.user("Manager").post("/api/cases/", body).await.ok();
        for who in ["Agent Specialist", "Paralegal", "Supervisor", "Firm Admin"] {
            assert_eq!(firm.user(who).get("/api/cases/900/contacts/").await.code(), "not_found", "{who}");
            assert_eq!(firm.user(who).get("/api/cases/900/").await.code(), "not_found", "{who}");
        }
        for who in ["Attorney", "Manager", "Compliance Officer"] {
            assert_eq!(firm.user(who).get("/api/cases/900/").await.status, StatusCode::OK, "{who}");
        }
    }

    async fn a_witness_is_added_and_shown_with_their_badge_and_numbers(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let agent = firm.user("Agent Specialist");
        assert_eq!(agent.get("/api/cases/123/contacts/").await.ok()["items"], json!([]));
        let body = json!({"contact": {"name": " Jane Smith ", "contact_type": "WITNESS", "phones": [
            {"number": "(212) 555-0123", "label": "work"}, {"number": "+442079460018", "label": "mobile", "is_primary": true}]},
            "contact_role_id": role(&firm, "Witness").await});
        let added = agent.post("/api/cases/123/contacts/", body).await;
        assert_eq!(added.status, StatusCode::CREATED);
        let added = added.ok();
        let list = agent.get("/api/cases/123/contacts/").await.ok();
        assert_eq!(list["items"], json!([added]));
        let shown = &list["items"][0];
        assert_eq!(shown["role"], "Witness");
        assert_eq!(shown["is_client"], false);
        assert_eq!(shown["mycase_case_id"], "123");
        assert_eq!(shown["added_by_user_id"], firm.user_id("Agent Specialist").to_string());
        assert_eq!(shown["contact"]["name"], "Jane Smith");
        let numbers: Vec<_> = shown["contact"]["phones"].as_array().into_iter().flatten()
            .map(|phone| (phone["e164"].clone(), phone["is_primary"].clone())).collect();
        assert_eq!(numbers, [(json!("+442079460018"), json!(true)), (json!("+12125550123"), json!(false))]);
    }

    async fn the_same_contact_twice_is_refused_until_removed(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let jane = contact(&firm, "Jane Smith", &["+12125550123"]).await;
        let first = link(&firm, "123", &jane, "Witness").await;
        let body = json!({"contact_id": jane, "contact_role_id": role(&firm, "Other").await});
        let attorney = firm.user("Attorney");
        let again = attorney.post("/api/cases/123/contacts/", body.clone()).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert_eq!(again.code(), "contact_already_associated");
        assert_eq!(again.json()["title"], "Contact already associated with this case");
        let path = format!("/api/cases/123/contacts/{}", first.as_str().unwrap_or_default());
        attorney.delete(&path).await.ok();
        assert_eq!(attorney.delete(&path).await.code(), "not_found");
        assert_eq!(attorney.get("/api/cases/123/contacts/").await.ok()["items"], json!([]));
        let second = attorney.post("/api/cases/123/contacts/", body).await.ok();
        assert_ne!(second["id"], first);
        assert_eq!(second["role"], "Other");
    }

    async fn the_client_leads_the_list_and_cannot_be_linked_too(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let (client, zoe) = (contact(&firm, "Zora Client", &["+12125550199"]).await, contact(&firm, "Zoe", &[]).await);
        let (adam, mary) = (contact(&firm, "adam", &[]).await, contact(&firm, "Mary", &[]).await);
        firm.user("Manager").patch("/api/cases/123/", json!({"client_contact_id": client})).await.ok();
        for (person, role) in [(&mary, "Adjuster"), (&zoe, "Witness"), (&adam, "Witness")] {
            link(&firm, "123", person, role).await;
        }
        let list = firm.user("Paralegal").get("/api/cases/123/contacts/").await.ok();
        let shown: Vec<_> = list["items"].as_array().into_iter().flatten()
            .map(|person| format!("{} - {}", person["contact"]["name"].as_str().unwrap_or_default(), person["role"].as_str().unwrap_or_default()))
            .collect();
        assert_eq!(shown, ["Zora Client - Client", "adam - Witness", "Zoe - Witness", "Mary - Adjuster"]);
        assert_eq!(list["items"][0]["id"], Value::Null);
        assert_eq!(list["items"][0]["is_client"], true);
        let body = json!({"contact_id": client, "contact_role_id": role(&firm, "Other").await});
        assert_eq!(firm.user("Attorney").post("/api/cases/123/contacts/", body).await.code(), "contact_already_associated");
        let made_client = firm.user("Manager").patch("/api/cases/123/", json!({"client_contact_id": mary})).await;
        assert_eq!(made_client.code(), "contact_already_associated");
    }

    async fn one_person_has_the_right_role_in_each_case(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let jane = contact(&firm, "Jane Smith", &[]).await;
        for (number, role) in [("A-1", "Witness"), ("B-2", "Opposing Party")] {
            case(&firm, number).await;
            link(&firm, number, &jane, role).await;
            let list = firm.user("Agent Specialist").get(&format!("/api/cases/{number}/contacts/")).await.ok();
            assert_eq!(list["items"][0]["role"], role);
        }
        let path = format!("/api/contacts/{}/", jane.as_str().unwrap_or_default());
        let shown = firm.user("Attorney").get(&path).await.ok();
        let roles: Vec<_> = shown["cases"].as_array().into_iter().flatten()
            .map(|case| (case["mycase_case_id"].clone(), case["role"].clone())).collect();
        assert_eq!(roles, [(json!("A-1"), json!("Witness")), (json!("B-2"), json!("Opposing Party"))]);
    }

    async fn a_changed_role_shows_and_a_hidden_role_is_not_given(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let jane = contact(&firm, "Jane Smith", &[]).await;
        let id = link(&firm, "123", &jane, "Witness").await;
        let path = format!("/api/cases/123/contacts/{}/", id.as_str().unwrap_or_default());
        let expert = role(&firm, "Expert Witness").await;
        let changed = firm.user("Agent Specialist").patch(&path, json!({"contact_role_id": expert})).await.ok();
        assert_eq!(changed["role"], "Expert Witness");
        let other = role(&firm, "Other").await;
        let hidden = format!("/api/contact-roles/{}/", other.as_str().unwrap_or_default());
        firm.user("Firm Admin").patch(&hidden, json!({"is_active": false})).await.ok();
        let refused = firm.user("Attorney").patch(&path, json!({"contact_role_id": other})).await;
        assert_eq!(refused.code(), "invalid_field");
        assert_eq!(refused.json()["field"], "contact_role_id");
    }

    async fn ids_of_another_organization_name_nothing(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let other = firm.another().await;
        case(&firm, "123").await;
        case(&other, "456").await;
        let (ours, theirs) = (contact(&firm, "Ours", &[]).await, contact(&other, "Theirs", &[]).await);
        let link = link(&other, "456", &theirs, "Witness").await;
        let own_role = other.user("Firm Admin").post("/api/contact-roles/", json!({"name": "Bailiff"})).await.ok()["id"].clone();
        let attorney = firm.user("Attorney");
        let witness = role(&firm, "Witness").await;
        assert_eq!(attorney.get("/api/cases/456/contacts/").await.code(), "not_found");
        for (contact, role) in [(&theirs, &witness), (&ours, &own_role)] {
            let refused = attorney.post("/api/cases/123/contacts/", json!({"contact_id": contact, "contact_role_id": role})).await;
            assert_eq!(refused.code(), "not_found");
        }
        let link = link.as_str().unwrap_or_default();
        assert_eq!(attorney.delete(&format!("/api/cases/456/contacts/{link}/")).await.code(), "not_found");
        assert_eq!(attorney.delete(&format!("/api/cases/123/contacts/{link}/")).await.code(), "not_found");
        let theirs = theirs.as_str().unwrap_or_default();
        for path in [format!("/api/contacts/{theirs}/"), "/api/contacts/nonsense/".to_owned()] {
            assert_eq!(attorney.get(&path).await.code(), "not_found");
        }
        assert_eq!(attorney.patch(&format!("/api/contacts/{theirs}/"), json!({"name": "Mine"})).await.code(), "not_found");
        assert_eq!(attorney.post(&format!("/api/contacts/{theirs}/phones/"), json!({"number": "+12125550123"})).await.code(), "not_found");
    }

    async fn every_act_tells_those_whom_it_concerns_and_a_refused_one_tells_nobody(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let jane = contact(&firm, "Jane Smith", &[]).await;
        let (attorney, admin) = (firm.user("Attorney"), firm.user("Firm Admin"));
        let (organization, mut last) = (firm.organization(), 0);
        let mut told = async || {
            let (events, head) = firm.store().read(TheLog(organization, last)).await.unwrap_or_default();
            last = head;
            events
        };
        let event = |kind: &str, audience: &'static str| (kind.to_owned(), audience);
        told().await;
        let id = link(&firm, "123", &jane, "Witness").await;
        assert_eq!(told().await, [event("case_contact_added", "case")]);
        let path = format!("/api/cases/123/contacts/{}/", id.as_str().unwrap_or_default());
        attorney.patch(&path, json!({"contact_role_id": role(&firm, "Other").await})).await.ok();
        assert_eq!(told().await, [event("case_contact_changed", "case")]);
        assert_eq!(firm.user("Agent Specialist").delete(&path).await.code(), "forbidden");
        assert_eq!(told().await, []);
        attorney.delete(&path).await.ok();
        assert_eq!(told().await, [event("case_contact_removed", "case")]);
        attorney.patch(&format!("/api/contacts/{}/", jane.as_str().unwrap_or_default()), json!({"name": "Jane Miller"})).await.ok();
        assert_eq!(told().await, [event("contact_changed", "contact")]);
        attorney.patch("/api/cases/123/", json!({"name": "Renamed"})).await.ok();
        assert_eq!(told().await, [event("case_changed", "case")]);
        admin.patch("/api/cases/123/", json!({"team_id": null})).await.ok();
        assert_eq!(told().await, [event("access_changed", "everyone"), event("case_changed", "case")]);
        admin.post("/api/cases/123/walls/", json!({"user_id": firm.user_id("Manager").to_string()})).await.ok();
        assert_eq!(told().await, [event("access_changed", "everyone")]);
        admin.post("/api/contact-roles/", json!({"name": "Bailiff"})).await.ok();
        assert_eq!(told().await, [event("contact_role_changed", "everyone")]);
    }

    async fn fifty_people_are_listed_by_role_and_name_with_all_their_numbers(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let witness = role(&firm, "Witness").await;
        for number in 10..60 {
            let phones: Vec<Value> = (0..3).map(|phone| json!({"number": format!("+1212555{number}{phone}{phone}")})).collect();
            let body = json!({"contact": {"name": format!("Person {number}"), "phones": phones}, "contact_role_id": witness});
            firm.user("Attorney").post("/api/cases/123/contacts/", body).await.ok();
        }
        let list = firm.user("Agent Specialist").get("/api/cases/123/contacts/").await.ok();
        let people: Vec<_> = list["items"].as_array().into_iter().flatten().collect();
        assert_eq!(people.len(), 50);
        assert!(people.is_sorted_by_key(|person| person["contact"]["name"].as_str()));
        assert!(people.iter().all(|person| person["contact"]["phones"].as_array().is_some_and(|phones| phones.len() == 3 && phones[0]["is_primary"] == true)));
    }

    async fn bad_requests_name_the_field(db: TestDatabase) {
        let firm = Firm::start(db).await;
        case(&firm, "123").await;
        let (jane, witness) = (contact(&firm, "Jane Smith", &[]).await, role(&firm, "Witness").await);
        let nobody = json!({"name": "N", "phones": []});
        let bad = [
            (json!({"contact_id": jane, "contact_role_id": witness, "rolle": 1}), "unknown_field", "rolle"),
            (json!({"contact_id": jane}), "invalid_field", "contact_role_id"),
            (json!({"contact_role_id": witness}), "invalid_field", "contact_id"),
            (json!({"contact_id": 7, "contact_role_id": witness}), "invalid_field", "contact_id"),
            (json!({"contact_id": jane, "contact": nobody, "contact_role_id": witness}), "invalid_field", "contact"),
            (json!({"contact": {"name": "  "}, "contact_role_id": witness}), "invalid_field", "contact.name"),
            (json!({"contact": {"name": "x".repeat(201)}, "contact_role_id": witness}), "invalid_field", "contact.name"),
            (json!({"contact": {"name": "a\nb"}, "contact_role_id": witness}), "invalid_field", "contact.name"),
            (json!({"contact": {"name": "J", "contact_type": "FRIEND"}, "contact_role_id": witness}), "invalid_field", "contact.contact_type"),
            (json!({"contact": {"name": "J", "phones": [{"number": "12"}]}, "contact_role_id": witness}), "invalid_field",
                "contact.phones[0].number"),
            (json!({"contact": {"name": "J", "phones": [{"number": "2125550123"}, {"number": "+12125550123"}]},
                "contact_role_id": witness}), "invalid_field", "contact.phones[1].number"),
        ];
        for (body, code, field) in bad {
            let refused = firm.user("Attorney").post("/api/cases/123/contacts/", body).await;
            assert_eq!(refused.code(), code, "{field}");
            assert_eq!(refused.json()["field"], field);
        }
        assert_eq!(firm.user("Attorney").get("/api/cases/123/contacts/").await.ok()["items"], json!([]));
        assert_eq!(firm.user("Attorney").get("/api/contacts/?q=J").await.ok()["items"].as_array().map(Vec::len), Some(1));
    }
}
