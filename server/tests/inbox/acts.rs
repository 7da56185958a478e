//! The acts on one text and their refusals: claim, release, move, dismiss.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use axum::http::StatusCode;
use casewire_store::on_both_engines;
use serde_json::json;

use super::desk::{AGENT, ATTORNEY, COMPLIANCE, Desk, JANE, LENA, MANAGER, MARK, PARALEGAL, STRANGER, SUPERVISOR, text};

on_both_engines! {
    async fn only_candidates_are_claimed_for_and_only_by_who_acts_there(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let unclaimed = desk.arrives(JANE, "Which case?").await;
        for (who, case, code) in [(ATTORNEY, "789", "not_a_candidate"), (AGENT, "789", "not_found"), (ATTORNEY, "nothing", "not_found"),
            (COMPLIANCE, "123", "forbidden"), ("Firm Admin", "123", "not_found")] {
            assert_eq!(desk.act(who, &unclaimed, "claim", json!({"case_id": case})).await.code(), code, "{who} {case}");
        }
        let claimed = desk.act(AGENT, &unclaimed, "claim", json!({"case_id": "123"})).await.ok();
        assert_eq!((&claimed["items"][0]["standing"], &claimed["items"][0]["case_number"]), (&json!("claimed"), &json!("123")));
        let late = desk.act(PARALEGAL, &unclaimed, "claim", json!({"case_id": "456"})).await;
        assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "already_claimed"));
        assert_eq!(late.json()["claimed_by"]["id"], desk.firm.user_id(AGENT).to_string());
        assert!(late.json()["claimed_at"].is_string());
        assert_eq!(desk.found_in(PARALEGAL, &unclaimed).await, ["123"]);
        let routed = desk.arrives(MARK, "One case only").await;
        assert_eq!(desk.act(AGENT, &routed, "claim", json!({"case_id": "123"})).await.code(), "not_unclaimed");
        let unknown = desk.arrives(STRANGER, "Nobody's").await;
        assert_eq!(desk.act(AGENT, &unknown, "claim", json!({"case_id": "123"})).await.code(), "not_unclaimed");
    }

    async fn a_claim_by_sender_takes_all_that_are_offered_to_the_case(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let (first, second) = (desk.arrives(JANE, "One").await, desk.arrives(JANE, "Two").await);
        let claimed = desk.act(AGENT, &second, "claim", json!({"case_id": "456", "scope": "sender"})).await.ok();
        assert_eq!(claimed["items"].as_array().unwrap().len(), 2);
        for message in [&first, &second] {
            assert_eq!(desk.found_in(SUPERVISOR, message).await, ["456"]);
        }
        assert!(desk.list(SUPERVISOR, "view=unclaimed").await.is_empty());
    }

    async fn a_colleague_releases_a_claim_and_it_is_offered_again(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let message = desk.arrives(JANE, "Which case?").await;
        assert_eq!(desk.act(AGENT, &message, "release", json!({})).await.code(), "not_claimed");
        desk.act(AGENT, &message, "claim", json!({"case_id": "123"})).await.ok();
        assert_eq!(desk.act(COMPLIANCE, &message, "release", json!({})).await.code(), "forbidden");
        desk.act(PARALEGAL, &message, "release", json!({})).await.ok();
        assert_eq!(desk.found_in(AGENT, &message).await, ["123", "456"]);
        assert_eq!(desk.act(PARALEGAL, &message, "release", json!({})).await.code(), "not_claimed");
        desk.act(ATTORNEY, &message, "claim", json!({"case_id": "456"})).await.ok();
        let steps = desk.as_user(ATTORNEY).get(&format!("/api/omnichannel/messages/{message}/routing/")).await.ok();
        let steps: Vec<_> = steps["history"].as_array().unwrap().iter().map(|step| text(&step["type"])).collect();
        assert_eq!(steps, ["offered", "offered", "claimed", "released", "claimed"]);
    }

    async fn a_text_is_moved_out_of_the_unknown_to_a_case_a_contact_or_a_lead(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let to = [json!({"case_id": "123", "contact_id": desk.mark}), json!({"case_id": "456"}), json!({"contact_id": desk.lena}), json!({"lead_id": desk.lead})];
        let names = ["Mark Quill - Adjuster", "(212) 555-0177", "Lena Quill", "Lena Quill"];
        for (to, name) in to.iter().zip(names) {
            let message = desk.arrives(STRANGER, "It is me").await;
            let moved = desk.act(AGENT, &message, "move", to.clone()).await.ok();
            assert_eq!(moved["person"]["display_name"], name, "{to}");
            assert!(desk.list(AGENT, "view=unknown").await.is_empty(), "{to}");
            assert_eq!(desk.standing(MANAGER, "view=all", "").await.iter().filter(|(_, id)| *id == message).count(), 1, "{to}");
        }
        let message = desk.arrives(STRANGER, "It is me").await;
        for (who, to, code) in [(COMPLIANCE, json!({"case_id": "123"}), "not_found"), (AGENT, json!({"case_id": "789"}), "not_found"),
            (AGENT, json!({"contact_id": "con_00000000000000000000000000000000"}), "not_found"), (AGENT, json!({}), "invalid_field"),
            (AGENT, json!({"case_id": "123", "lead_id": desk.lead}), "invalid_field"), (AGENT, json!({"case": "123"}), "unknown_field")] {
            assert_eq!(desk.act(who, &message, "move", to.clone()).await.code(), code, "{who} {to}");
        }
    }

    async fn a_moved_text_is_there_and_nowhere_else_with_its_history(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let message = desk.arrives(MARK, "For the other case").await;
        assert_eq!(desk.act(AGENT, &message, "move", json!({"case_id": "123"})).await.code(), "already_there");
        assert_eq!(desk.act(ATTORNEY, &message, "move", json!({"case_id": "789"})).await.ok()["case_number"], "789");
        assert_eq!(desk.found_in(ATTORNEY, &message).await, ["789"]);
        assert!(desk.found_in(AGENT, &message).await.is_empty());
        assert_eq!(desk.act(AGENT, &message, "move", json!({"case_id": "123"})).await.code(), "not_found", "who cannot see it cannot take it");
        let steps = desk.as_user(ATTORNEY).get(&format!("/api/omnichannel/messages/{message}/routing/")).await.ok();
        let steps: Vec<_> = steps["history"].as_array().unwrap().iter().map(|step| (text(&step["type"]), text(&step["from_case"]), text(&step["to_case"]))).collect();
        let step = |kind: &str, from: &str, to: &str| (kind.to_owned(), from.to_owned(), to.to_owned());
        assert_eq!(steps, [step("routed", "", "123"), step("moved", "123", "789")]);
        let unclaimed = desk.arrives(JANE, "Which case?").await;
        let refused = desk.act(AGENT, &unclaimed, "move", json!({"case_id": "123"})).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "claim_instead"));
        desk.act(AGENT, &unclaimed, "claim", json!({"case_id": "123"})).await.ok();
        assert_eq!(desk.act(AGENT, &unclaimed, "move", json!({"case_id": "123"})).await.code(), "already_there");
        desk.act(AGENT, &unclaimed, "move", json!({"case_id": "456"})).await.ok();
        assert_eq!(desk.act(AGENT, &unclaimed, "release", json!({})).await.code(), "not_claimed", "what was moved is no claim any more");
        let of_lead = desk.arrives(LENA, "I have a case now").await;
        assert_eq!(desk.act(AGENT, &of_lead, "move", json!({"lead_id": desk.lead})).await.code(), "already_there");
        desk.act(AGENT, &of_lead, "move", json!({"case_id": "123"})).await.ok();
        assert_eq!(desk.found_in(AGENT, &of_lead).await, ["123"]);
    }

    async fn what_has_an_owner_is_not_dismissed_and_a_second_dismissal_changes_nothing(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let owned = desk.arrives(MARK, "Routed").await;
        for verb in ["dismiss", "undismiss"] {
            let refused = desk.act(AGENT, &owned, verb, json!({})).await;
            assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "not_unclaimed"), "{verb}");
        }
        let personal = desk.arrives(LENA, "A lead").await;
        assert_eq!(desk.act(AGENT, &personal, "dismiss", json!({})).await.code(), "not_unclaimed");
        let message = desk.arrives(JANE, "Which case?").await;
        assert_eq!(desk.act(ATTORNEY, &message, "dismiss", json!({"case_id": "789"})).await.code(), "not_a_candidate");
        assert_eq!(desk.act(COMPLIANCE, &message, "dismiss", json!({})).await.code(), "forbidden");
        for _ in 0..2 {
            assert_eq!(desk.act(AGENT, &message, "dismiss", json!({})).await.status, StatusCode::NO_CONTENT);
        }
        let count = "select cast(count(*) as text) from sms_steps where organization_id = $1 and type = 'dismissed'";
        assert_eq!(desk.column(count, vec![desk.firm.organization().into()]).await, ["2"], "one for each case, once");
        for _ in 0..2 {
            assert_eq!(desk.act(AGENT, &message, "undismiss", json!({})).await.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(desk.found_in(AGENT, &message).await, ["123", "456"]);
    }
}
