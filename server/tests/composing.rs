//! What a composer is offered, and the lines between the texts of a conversation.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use casewire_store::on_both_engines;
use serde_json::{Value, json};

use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, Desk, JANE, LENA, MANAGER, MARK, STRANGER, text};

async fn choices(desk: &Desk, role: &str, query: &str) -> Value {
    desk.as_user(role).get(&format!("/api/omnichannel/choices?{query}")).await.ok()
}

/// The conversation of a list whose person has this name or number.
async fn conversation(desk: &Desk, role: &str, query: &str, name: &str) -> String {
    let list = desk.list(role, query).await;
    text(&list.iter().find(|one| one["person"]["name"] == name).unwrap()["id"])
}

/// The lines of a conversation: what, from and to which case, in which role.
async fn lines(desk: &Desk, role: &str, conversation: &str) -> Vec<(String, String, String, String)> {
    let answer = desk
        .as_user(role)
        .get(&format!("/api/omnichannel/conversations/{conversation}/steps/"))
        .await
        .ok();
    let items = answer["items"].as_array().unwrap();
    assert!(items.iter().map(|line| text(&line["at"])).is_sorted());
    items
        .iter()
        .map(|line| {
            (
                text(&line["type"]),
                text(&line["from_case"]),
                text(&line["to_case"]),
                text(&line["role"]),
            )
        })
        .collect()
}

fn line(kind: &str, from: &str, to: &str, role: &str) -> (String, String, String, String) {
    (kind.to_owned(), from.to_owned(), to.to_owned(), role.to_owned())
}

on_both_engines! {
    async fn what_a_composer_is_offered_can_be_sent(db: TestDatabase) {
        let desk = Desk::open(db).await;
        for from in [MARK, LENA, STRANGER] {
            desk.arrives(from, "Hello").await;
        }
        let mark = conversation(&desk, ATTORNEY, "case_id=123", "Mark Quill").await;
        let stranger = conversation(&desk, ATTORNEY, "view=unknown", "(212) 555-0177").await;
        let link = text(&desk.jane_in_123);
        for query in [format!("conversation_id={mark}"), format!("conversation_id={stranger}"), "case_id=789".to_owned(),
            format!("case_id=123&case_contact_id={link}"), format!("contact_id={}", text(&desk.lena)), format!("lead_id={}", text(&desk.lead))] {
            let offered = choices(&desk, ATTORNEY, &query).await;
            assert_eq!((&offered["forbidden_reason"], &offered["part_limit"]), (&Value::Null, &json!(999)), "{query}");
            let mut body = offered["target"].clone();
            body["body"] = json!("Hello back");
            for field in ["to_phone_id", "from_number_id"] {
                if !offered[field].is_null() {
                    body[field] = offered[field].clone();
                }
            }
            let sent = desk.as_user(ATTORNEY).post("/api/omnichannel/messages", body).await.ok();
            assert_eq!(offered["from"][0]["id"], sent["number_id"], "{query}");
            let shown = offered["to"][0]["number"].as_str().unwrap_or("(212) 555-0177");
            assert_eq!(shown, sent["person"]["number"], "{query}");
        }
        let of_mark = choices(&desk, ATTORNEY, &format!("conversation_id={mark}")).await;
        assert_eq!(of_mark["target"]["case_id"], "123");
        assert!(of_mark["target"]["case_contact_id"].is_string() && of_mark["target"].get("contact_id").is_none());
        assert_eq!((&of_mark["to"][0]["e164"], &of_mark["to_phone_id"]), (&json!(MARK), &of_mark["to"][0]["id"]));
    }

    async fn a_composer_is_told_why_nothing_can_be_sent(db: TestDatabase) {
        let desk = Desk::open(db).await;
        desk.arrives(MARK, "Hello").await;
        let mark = conversation(&desk, ATTORNEY, "case_id=123", "Mark Quill").await;
        let query = format!("conversation_id={mark}");
        let refused = choices(&desk, COMPLIANCE, &query).await;
        assert_eq!((&refused["forbidden_reason"], &refused["to"]), (&json!("not_allowed"), &json!([])));
        desk.arrives(MARK, "STOP").await;
        assert_eq!(choices(&desk, ATTORNEY, &query).await["forbidden_reason"], "opted_out");
        let people = desk.as_user(MANAGER).get("/api/cases/123/contacts").await.ok();
        let link = people["items"].as_array().unwrap().iter().find(|one| one["contact"]["id"] == desk.mark).unwrap()["id"].clone();
        desk.as_user(MANAGER).delete(&format!("/api/cases/123/contacts/{}", text(&link))).await;
        assert_eq!(choices(&desk, ATTORNEY, &query).await["forbidden_reason"], "not_on_the_case");
        assert_eq!(choices(&desk, ATTORNEY, "case_id=123").await["forbidden_reason"], "not_on_the_case", "it has no client");
        let nobody = desk.as_user(ATTORNEY).post("/api/contacts", json!({"name": "No Phone"})).await.ok();
        assert_eq!(choices(&desk, ATTORNEY, &format!("contact_id={}", text(&nobody["id"]))).await["forbidden_reason"], "no_phone");
        desk.as_user(ADMIN).patch(&format!("/api/numbers/{}", desk.firm.number), json!({"is_active": false})).await.ok();
        assert_eq!(choices(&desk, ATTORNEY, "case_id=789").await["forbidden_reason"], "no_number");
    }

    async fn choices_are_asked_for_one_person_in_view(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let other = desk.firm.another().await;
        let foreign = text(&crate::case_contacts::contact(&other, "Foreign Person", &["+12125550111"]).await);
        let link = text(&desk.jane_in_123);
        for (query, code) in [(String::new(), "invalid_query"), ("case_id=123&lead_id={lead}".to_owned(), "invalid_query"),
            (format!("case_contact_id={link}"), "invalid_query"), ("contact_id=con_1".to_owned(), "invalid_query"), ("who=me".to_owned(), "invalid_query"),
            (format!("contact_id={foreign}"), "not_found"), (format!("case_id=456&case_contact_id={link}"), "not_found"),
            ("case_id=nothing".to_owned(), "not_found"), ("conversation_id=conv_00000000000070008000000000000000".to_owned(), "not_found")] {
            let path = format!("/api/omnichannel/choices?{}", query.replace("{lead}", &text(&desk.lead)));
            let answer = desk.as_user(ATTORNEY).get(&path).await;
            assert_eq!(answer.code(), code, "{query}");
        }
        assert_eq!(desk.as_user(AGENT).get("/api/omnichannel/choices?case_id=789").await.code(), "not_found");
    }

    async fn the_lines_tell_claims_moves_and_who_came_as_what(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let message = desk.arrives(JANE, "Which case?").await;
        desk.act(AGENT, &message, "claim", json!({"case_id": "123"})).await.ok();
        let in_123 = conversation(&desk, ATTORNEY, "case_id=123", "Jane Quill").await;
        let other = text(&crate::case_contacts::role(&desk.firm, "Other").await);
        let link = format!("/api/cases/123/contacts/{}", text(&desk.jane_in_123));
        desk.firm.advance(std::time::Duration::from_secs(1));
        desk.as_user(ATTORNEY).patch(&link, json!({"contact_role_id": other})).await.ok();
        desk.firm.advance(std::time::Duration::from_secs(1));
        desk.act(AGENT, &message, "move", json!({"case_id": "456"})).await.ok();
        desk.firm.advance(std::time::Duration::from_secs(1));
        desk.as_user(MANAGER).delete(&link).await;
        let expected = [line("linked", "", "", "Witness"), line("claimed", "", "123", ""), line("role_changed", "", "", "Other"),
            line("moved", "123", "456", ""), line("unlinked", "", "", "Other")];
        assert_eq!(lines(&desk, ATTORNEY, &in_123).await, &expected[..1].iter().chain(&expected[2..]).cloned().collect::<Vec<_>>()[..],
            "the claim went with the text");
        let in_456 = conversation(&desk, ATTORNEY, "case_id=456", "Jane Quill").await;
        assert_eq!(lines(&desk, ATTORNEY, &in_456).await, [line("linked", "", "", "Expert Witness"), line("claimed", "", "123", ""), line("moved", "123", "456", "")]);
        desk.as_user(ADMIN).post("/api/cases/123/walls", json!({"user_id": desk.firm.user_id(ATTORNEY).to_string()})).await.ok();
        assert_eq!(lines(&desk, ATTORNEY, &in_456).await, [line("linked", "", "", "Expert Witness"), line("moved", "", "456", "")]);
        let hidden = desk.as_user(ATTORNEY).get(&format!("/api/omnichannel/conversations/{in_123}/steps")).await;
        assert_eq!(hidden.code(), "not_found");
    }
}
