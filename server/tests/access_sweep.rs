//! Every route, tried by strangers, by other organizations, by each role, behind a wall and after a deactivation. What each is to
//! be answered is in `policy`; what must be there before is made by `scene`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod policy;
mod scene;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use casewire_core::access::policy::DEFAULT_ROLES;
use casewire_store::on_both_engines;
use serde_json::{Value, json};

use self::policy::{Need, ROUTES, Subject, answer};
use self::scene::Scene;
use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, JANE, LENA, MANAGER, MARK, PARALEGAL, QUINN, STRANGER, SUPERVISOR, text};

#[test]
fn every_route_of_the_description_is_in_the_sweep_and_no_other() {
    let description = serde_json::to_value(casewire::api::description()).unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| ["get", "post", "patch", "put", "delete"].contains(&key.as_str()))
        {
            described.insert((method.to_uppercase(), path.clone()));
        }
    }
    let known: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(known.len(), ROUTES.len(), "each stands in the table once");
    assert_eq!(
        described.symmetric_difference(&known).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new()
    );
}

#[test]
fn every_operation_has_a_name_of_its_own_and_every_reference_leads_somewhere() {
    let description = serde_json::to_value(casewire::api::description()).unwrap();
    let methods = description["paths"].as_object().unwrap().values().filter_map(Value::as_object);
    let names: Vec<&str> = methods
        .flat_map(|item| item.values())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(distinct.len(), names.len());
    let written = description.to_string();
    let references = written
        .split("\"$ref\":\"#/components/schemas/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let missing: BTreeSet<&str> = references
        .filter(|name| description["components"]["schemas"].get(name).is_none())
        .collect();
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn the_guide_names_every_event_and_every_cause() {
    let guide = include_str!("../../docs/api.md");
    let schemas = serde_json::to_value(casewire::api::description()).unwrap()["components"]["schemas"].clone();
    let mut words: Vec<String> = Vec::new();
    for variant in schemas["Event"]["oneOf"].as_array().unwrap() {
        words.push(text(&variant["properties"]["type"]["enum"][0]));
    }
    for list in ["PlacementCause", "WithdrawalReason", "CallCause"] {
        words.extend(words_of(&schemas[list]));
    }
    assert!(words.len() > 20 && words.iter().all(|word| !word.is_empty()), "{words:?}");
    let missing: Vec<_> = words.iter().filter(|word| !guide.contains(&format!("`{word}`"))).collect();
    assert!(missing.is_empty(), "docs/api.md does not name {missing:?}");
}

/// The words of an enumeration, documented or not.
fn words_of(schema: &Value) -> Vec<String> {
    let plain = schema["enum"].as_array().into_iter().flatten();
    let documented = schema["oneOf"].as_array().into_iter().flatten().map(|variant| &variant["enum"][0]);
    plain.chain(documented).map(text).collect()
}

on_both_engines! {
    async fn a_stranger_is_told_to_sign_in_everywhere(db: TestDatabase) {
        let scene = Scene::set(db).await;
        for route in ROUTES {
            let request = scene.request(route).await;
            let told = scene.ask(&scene.desk.firm.stranger(), route, &request).await;
            let expected = if route.need == Need::Anybody { route.yes } else { 401 };
            assert_eq!(told.status.as_u16(), expected, "{} {}", route.method, route.path);
            let forged = scene.desk.firm.stranger().with("authorization", "Bearer cwt_made_up");
            assert_eq!(scene.ask(&forged, route, &request).await.status.as_u16(), expected, "{} {}, forged", route.method, route.path);
        }
    }

    async fn each_role_is_answered_as_the_policy_says(db: TestDatabase) {
        let scene = Scene::set(db).await;
        let mut wrong = Vec::new();
        for route in ROUTES {
            for role in DEFAULT_ROLES {
                let request = scene.request(route).await;
                let user = if route.subject == Subject::FreshToken {
                    scene.desk.another_token(scene.desk.firm.user_id(role.name)).await
                } else {
                    scene.desk.as_user(role.name).clone()
                };
                let told = scene.ask(&user, route, &request).await;
                if told.status.as_u16() != answer(role.name, route) {
                    wrong.push(format!("{} {} by {}: {} instead of {}: {}", route.method, route.path, role.name, told.status, answer(role.name, route), told.text()));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn another_organization_finds_nothing_by_the_ids_of_this_one(db: TestDatabase) {
        let scene = Scene::set(db).await;
        let other = scene.desk.firm.another().await;
        let ours = scene.ours().await;
        let mut named = 0;
        for route in ROUTES.iter().filter(|route| route.need != Need::Anybody && route.subject != Subject::FreshToken) {
            for role in DEFAULT_ROLES.iter().filter(|role| ![403, 404].contains(&answer(role.name, route))) {
                let request = scene.request(route).await;
                let told = scene.ask(other.user(role.name), route, &request).await;
                let (status, what) = (told.status.as_u16(), format!("{} {} by {}: {}", route.method, route.path, role.name, told.text()));
                if route.names_something() {
                    assert_eq!(status, 404, "{what}");
                    assert_eq!(told.code(), "not_found", "{what}");
                    named += 1;
                }
                assert!(ours.iter().all(|word| !told.text().contains(word.as_str())), "{what}");
            }
        }
        assert!(named > 100, "{named}");
        for list in scene.lists() {
            let told = other.user(MANAGER).get(&list).await;
            assert!(ours.iter().all(|word| !told.text().contains(word.as_str())), "{list}: {}", told.text());
        }
    }

    async fn the_ids_of_another_organization_in_a_body_name_nothing(db: TestDatabase) {
        let scene = Scene::set(db).await;
        let other = scene.desk.firm.another().await;
        let (contact, lead) = (scene.desk.mark.clone(), scene.desk.lead.clone());
        other.user(MANAGER).post("/api/cases/", json!({"mycase_case_id": "O-1", "name": "Theirs"})).await.ok();
        let theirs = crate::case_contacts::contact(&other, "Theirs", &[]).await;
        let role = crate::case_contacts::role(&other, "Other").await;
        let user = scene.desk.firm.user_id(AGENT).to_string();
        let ours = other.user(ADMIN).get("/api/users").await.ok()["items"][0]["id"].clone();
        let table = [
            (MANAGER, "POST", "/api/cases/O-1/contacts", json!({"contact_id": contact, "contact_role_id": role})),
            (MANAGER, "PATCH", "/api/cases/O-1", json!({"client_contact_id": contact})),
            (MANAGER, "PATCH", "/api/cases/O-1", json!({"team_id": scene.desk.firm.team.to_string()})),
            (MANAGER, "PATCH", "/api/cases/O-1", json!({"assigned_user_ids": [user]})),
            (ADMIN, "POST", "/api/cases/O-1/walls", json!({"user_id": user})),
            (MANAGER, "POST", "/api/leads", json!({"contact_id": contact})),
            (MANAGER, "POST", "/api/leads", json!({"contact_id": theirs, "assigned_user_id": user})),
            (MANAGER, "POST", "/api/omnichannel/messages", json!({"contact_id": contact, "body": "Hello"})),
            (MANAGER, "POST", "/api/omnichannel/messages", json!({"lead_id": lead, "body": "Hello"})),
        ];
        for (who, method, path, body) in table {
            let told = other.user(who).send(method.parse().unwrap(), path, Some(body.to_string().into())).await;
            assert_eq!((told.status, told.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{method} {path} {body}");
        }
        let team = json!({"name": "Mixed", "member_ids": [ours, user]});
        assert_eq!(other.user(ADMIN).post("/api/teams", team).await.code(), "invalid_field");
    }

    async fn behind_a_wall_there_is_no_case(db: TestDatabase) {
        let scene = Scene::set(db).await;
        let desk = &scene.desk;
        for (from, body) in [(MARK, "Behind the wall"), (JANE, "Before and behind"), (QUINN, "Elsewhere"), (LENA, "A lead"), (STRANGER, "Who?")] {
            desk.arrives(from, body).await;
        }
        let task = json!({"what": "Ask what is behind it", "due": {"on": "2027-01-04"}, "case_id": "123", "contact_id": desk.mark});
        let task = desk.as_user(ATTORNEY).post("/api/tasks", task).await.ok();
        let mut hidden = scene.of_the_case().await;
        hidden.extend([text(&task["id"]), "Ask what is behind it".to_owned()]);
        for who in [AGENT, PARALEGAL, ATTORNEY, SUPERVISOR, MANAGER, COMPLIANCE] {
            let before = scene.everything(who).await;
            let shown = hidden.iter().filter(|word| before.contains(word.as_str())).count();
            assert_eq!(shown, hidden.len(), "{who} sees all of it without a wall: {hidden:?}");
            let wall = json!({"user_id": desk.firm.user_id(who).to_string()});
            desk.as_user(ADMIN).post("/api/cases/123/walls", wall).await.ok();
            for route in ROUTES.iter().filter(|route| route.is_of_the_case() && ![403, 404].contains(&answer(who, route))) {
                let request = scene.request_of_the_case_alone(route).await;
                let told = scene.ask(desk.as_user(who), route, &request).await;
                assert_eq!(told.status, StatusCode::NOT_FOUND, "{who} {} {}: {}", route.method, route.path, told.text());
            }
            for path in [format!("/api/contacts/{}", text(&desk.mark)), "/api/omnichannel/conversations/?case_id=123".to_owned()] {
                assert_eq!(desk.as_user(who).get(&path).await.code(), "not_found", "{who} {path}");
            }
            let after = scene.everything(who).await;
            for word in &hidden {
                assert!(!after.contains(word.as_str()), "{who} still finds {word}");
            }
            assert!(after.contains("Before and behind"), "{who} has it from the case 456");
            if [SUPERVISOR, MANAGER, COMPLIANCE].contains(&who) {
                let audit = desk.as_user(who).get("/api/audit/?limit=200").await.ok().to_string();
                let other = desk.as_user(who).get("/api/audit/?act=create_user").await.ok().to_string();
                assert!(!audit.contains(hidden[0].as_str()) && other.contains("create_user"), "{who}: the audit of the case is hidden, too");
            }
            let path = format!("/api/cases/123/walls/{}", desk.firm.user_id(who));
            desk.as_user(ADMIN).delete(&path).await.ok();
        }
    }

    async fn whoever_is_deactivated_is_a_stranger(db: TestDatabase) {
        let scene = Scene::set(db).await;
        let gone = scene.desk.as_user(MANAGER).clone();
        let path = format!("/api/users/{}", scene.desk.firm.user_id(MANAGER));
        scene.desk.as_user(ADMIN).patch(&path, json!({"is_active": false})).await.ok();
        let mut requests = Vec::new();
        for route in ROUTES.iter().filter(|route| route.need != Need::Anybody) {
            requests.push((route, scene.request(route).await));
        }
        for (route, request) in &requests {
            assert_eq!(scene.ask(&gone, route, request).await.code(), "unauthenticated", "{} {}", route.method, route.path);
        }
        // A row that was left behind does not help either: the right is the user's, not the token's.
        let token = scene.desk.another_token(scene.desk.firm.user_id(MANAGER)).await;
        for (route, request) in &requests {
            assert_eq!(scene.ask(&token, route, request).await.code(), "unauthenticated", "{} {}, by a new token", route.method, route.path);
        }
        let body = json!({"email": "manager@firm.example", "password": crate::support::PASSWORD});
        assert_eq!(scene.desk.firm.stranger().post("/api/session", body).await.code(), "wrong_credentials");
    }
}
