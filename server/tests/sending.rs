//! Texts on their way out: every outcome of a hand-over, callbacks in any order, long texts, crashes between the halves, who may
//! write to whom. The outside is the sandbox.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use casewire::ops::hand_over::{FinishHandOver, OnItsWay, StartHandOver, Started};
use casewire_carriers::carrier::{HandOver, OutboundText};
use casewire_core::id::PartId;
use casewire_store::{Act, StoreError, Tx, on_both_engines};
use serde_json::{Value, json};

use crate::stage::{FIRM, JANE, JANE_AT_WORK, STRANGER, Stage};

/// How long an outcome may stay open before a person is asked, as long as nobody configures it.
const PATIENCE: Duration = Duration::from_secs(600);

/// The part that waits or is on its way.
struct OpenPart;

impl Act for OpenPart {
    type Out = PartId;
    type Error = StoreError;
    async fn run(&self, tx: &mut Tx) -> Result<PartId, StoreError> {
        let sql = "select id from sms_parts where state in ('queued', 'handing_over', 'unknown') order by position limit 1";
        tx.row(sql, &[]).await?.unwrap().columns().id()
    }
}

async fn open_part(stage: &Stage) -> PartId {
    stage.firm.store().read(OpenPart).await.unwrap()
}

/// The first half of a hand-over.
async fn start(stage: &Stage, part_id: PartId) -> Option<OnItsWay> {
    let act = StartHandOver {
        tenant: stage.firm.tenant,
        part_id,
        now: stage.firm.now(),
    };
    match stage.firm.store().write(stage.firm.organization(), act).await.unwrap() {
        Started::Go(text) => Some(text),
        Started::Nothing | Started::InDoubt => None,
    }
}

/// The call between the halves.
async fn call(stage: &Stage, part: PartId, text: OnItsWay) -> HandOver {
    let status_callback = casewire::webhooks::twilio::status_callback(&stage.firm.app.config.public_address, stage.firm.organization());
    let text = OutboundText {
        from: text.from,
        to: text.to,
        body: text.body,
        media: Vec::new(),
        part: part.to_string(),
        status_callback,
    };
    stage.carrier.send_text(text).await
}

/// A text of three parts, by sentences.
fn long() -> String {
    (0..3)
        .map(|part| format!("{}. ", char::from(b'a' + part).to_string().repeat(900)))
        .collect()
}

fn states(text: &Value) -> Vec<&str> {
    text["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["state"].as_str().unwrap())
        .collect()
}

on_both_engines! {
    async fn a_text_is_stored_with_its_job_handed_over_and_delivered(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let sent = stage.write("123", "We found the file").await;
        assert_eq!((&sent["state"], &sent["direction"], &sent["standing"]), (&json!("queued"), &json!("outbound"), &json!("sent")));
        assert_eq!((&sent["case_number"], &sent["person"]["display_name"]), (&json!("123"), &json!("Jane Quill - Witness")));
        assert_eq!(sent["sent_by"]["id"], stage.firm.user_id("Agent Specialist").to_string());
        assert_eq!((stage.posted(), stage.sessions().await), (0, 0));
        let delivered = stage.until(&sent, "delivered").await;
        assert_eq!(stage.got(JANE).await, ["We found the file"]);
        assert_eq!((stage.posted(), delivered["error_code"].clone()), (1, Value::Null));
        assert_eq!(stage.work().await, 0, "work was left undone");
        assert_eq!(stage.count("select count(*) from audit_entries where act = $1", vec!["send_text".into()]).await, 1);
    }

    async fn an_accepted_text_opens_a_session_that_routes_the_answer(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let sent = stage.write("456", "Can you come on Monday?").await;
        stage.until(&sent, "delivered").await;
        assert_eq!(stage.sessions().await, 1);
        stage.handset(JANE, json!({"to": FIRM, "body": "Monday is fine"})).await;
        for _ in 0..400 {
            if stage.stored("inbound").await == 1 { break; }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let found = stage.conversations("case_id=456").await;
        assert_eq!((&found[0]["preview"], &found[0]["unclaimed_count"]), (&json!("Monday is fine"), &json!(0)));
    }

    async fn a_clarifying_reply_is_of_its_case_and_opens_no_session(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.handset(JANE_AT_WORK, json!({"to": FIRM, "body": "I am late"})).await;
        for _ in 0..400 {
            if stage.stored("inbound").await == 1 { break; }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let offered = stage.conversations("case_id=123").await;
        let items = format!("/api/omnichannel/conversations/{}/items/", offered[0]["id"].as_str().unwrap());
        let unclaimed = stage.firm.user("Agent Specialist").get(&items).await.ok()["items"][0]["message"]["id"].clone();
        let asked = stage.send(json!({"case_id": "123", "in_reply_to": unclaimed, "body": "Late for what?"})).await.ok();
        assert_eq!((&asked["is_clarifying"], &asked["case_number"], &asked["in_reply_to"]), (&json!(true), &json!("123"), &unclaimed));
        stage.until(&asked, "delivered").await;
        assert_eq!(stage.got(JANE_AT_WORK).await, ["Late for what?"], "it goes to where the text came from");
        assert_eq!(stage.sessions().await, 0);
        assert_eq!(stage.send(json!({"in_reply_to": unclaimed, "body": "?"})).await.code(), "invalid_field");
        let claim = format!("/api/omnichannel/messages/{}/claim/", unclaimed.as_str().unwrap());
        stage.firm.user("Agent Specialist").post(&claim, json!({"case_id": "456"})).await.ok();
        assert_eq!(stage.send(json!({"case_id": "123", "in_reply_to": unclaimed, "body": "?"})).await.code(), "already_claimed");
        let answer = stage.send(json!({"in_reply_to": unclaimed, "body": "Got it"})).await.ok();
        assert_eq!((&answer["is_clarifying"], &answer["case_number"]), (&json!(false), &json!("456")));
        stage.until(&answer, "delivered").await;
        assert_eq!(stage.sessions().await, 1);
    }

    async fn a_long_text_goes_out_part_after_part_and_arrives_whole(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "callback_drop", "times": 2})).await;
        let sent = stage.write("123", &long()).await;
        assert_eq!(states(&sent), ["queued", "queued", "queued"]);
        stage.work().await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        stage.work_after(Duration::from_secs(30)).await;
        assert_eq!(states(&stage.read(&sent).await), ["accepted", "queued", "queued"], "nobody said that the first was sent");
        assert_eq!(stage.posted(), 1);
        stage.work_after(Duration::from_secs(31)).await;
        stage.until(&sent, "delivered").await;
        assert_eq!(stage.got(JANE).await.concat(), long());
    }

    async fn a_failed_part_stops_the_rest_and_a_retry_goes_on_from_it(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let sent = stage.write("123", &long()).await;
        let first = open_part(&stage).await;
        let on_its_way = start(&stage, first).await.unwrap();
        let outcome = call(&stage, first, on_its_way).await;
        stage.fault(json!({"kind": "refuse_send", "code": 30004, "times": 1})).await;
        finish(&stage, first, outcome).await;
        let lost = stage.until(&sent, "refused").await;
        assert_eq!((states(&lost)[1], states(&lost)[2], &lost["error_code"]), ("refused", "queued", &json!(30004)));
        stage.work_after(Duration::from_secs(3600)).await;
        assert_eq!(stage.posted(), 2, "the third part stays back");
        let again = stage.retry(&sent, json!({})).await.ok();
        assert_eq!(states(&again)[1], "queued");
        stage.until(&sent, "delivered").await;
        assert_eq!(stage.got(JANE).await.concat(), long());
        assert_eq!(stage.retry(&sent, json!({})).await.code(), "not_retryable");
    }

    async fn a_busy_carrier_is_asked_again_later(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "rate_limit", "times": 2})).await;
        let sent = stage.write("123", "Please call").await;
        stage.work().await;
        assert_eq!((stage.posted(), &stage.read(&sent).await["state"]), (1, &json!("queued")));
        stage.work().await;
        assert_eq!(stage.posted(), 1, "not before its time");
        stage.work_after(Duration::from_secs(2)).await;
        stage.work_after(Duration::from_secs(4)).await;
        stage.until(&sent, "delivered").await;
        assert_eq!((stage.posted(), stage.got(JANE).await.len()), (3, 1));
    }

    async fn a_refused_text_says_why_and_can_be_sent_again(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "refuse_send", "code": 21211, "times": 1})).await;
        let sent = stage.write("123", "Hello").await;
        stage.work().await;
        let refused = stage.read(&sent).await;
        assert_eq!((&refused["state"], &refused["error_code"]), (&json!("refused"), &json!(21211)));
        assert_eq!(stage.sessions().await, 0);
        stage.retry(&sent, json!({})).await.ok();
        stage.until(&sent, "delivered").await;
        assert_eq!(stage.got(JANE).await, ["Hello"]);
    }

    async fn a_text_that_the_network_does_not_deliver_is_shown_with_its_code(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "fail_delivery", "code": 30003, "times": 1})).await;
        let sent = stage.write("123", "Hello").await;
        let lost = stage.until(&sent, "undelivered").await;
        assert_eq!(lost["error_code"], 30003);
    }

    async fn callbacks_that_come_twice_late_or_in_another_order_change_nothing_back(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "callback_duplicate"})).await;
        stage.fault(json!({"kind": "callback_reorder", "ms": 60, "times": 1})).await;
        let sent = stage.write("123", "Hello").await;
        stage.until(&sent, "delivered").await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(stage.read(&sent).await["state"], "delivered");
        assert_eq!(stage.got(JANE).await.len(), 1);
    }

    async fn an_answer_that_never_came_is_found_in_the_carriers_list_and_not_sent_again(db: TestDatabase) {
        for fault in ["drop_after_create", "error_after_create", "answer_nonsense"] {
            assert!(!fault.is_empty());
        }
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "callback_drop"})).await;
        stage.fault(json!({"kind": "drop_after_create", "times": 1})).await;
        let sent = stage.write("123", "Caf\u{65}\u{301} at noon").await;
        stage.work().await;
        assert_eq!(stage.read(&sent).await["state"], "unknown");
        assert_eq!(stage.sessions().await, 0);
        tokio::time::sleep(Duration::from_millis(100)).await;
        stage.work_after(Duration::from_secs(3)).await;
        assert_eq!(stage.read(&sent).await["state"], "delivered");
        assert_eq!((stage.posted(), stage.sessions().await), (1, 1));
        assert_eq!(stage.got(JANE).await, ["Café at noon"], "normalised");
    }

    async fn a_callback_settles_an_unknown_outcome_before_anybody_asks(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "error_after_create", "status": 500, "times": 1})).await;
        let sent = stage.write("123", "Hello").await;
        stage.until(&sent, "delivered").await;
        assert_eq!((stage.posted(), stage.sessions().await), (1, 1));
        stage.work_after(PATIENCE * 2).await;
        assert_eq!(stage.read(&sent).await["attention"], Value::Null);
    }

    async fn an_outcome_that_stays_open_is_for_a_person_who_may_send_it_twice(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "error_before_create", "status": 503, "times": 1})).await;
        let sent = stage.write("123", "Hello").await;
        stage.work().await;
        assert_eq!(stage.read(&sent).await["state"], "unknown");
        for _ in 0..10 {
            stage.work_after(PATIENCE / 12).await;
        }
        assert_eq!(stage.read(&sent).await["attention"], Value::Null, "not before its time");
        for _ in 0..4 {
            stage.work_after(PATIENCE / 2).await;
        }
        let open = stage.read(&sent).await;
        assert_eq!((&open["state"], &open["attention"]), (&json!("unknown"), &json!("unknown_outcome")));
        assert_eq!(stage.conversations("view=attention").await.len(), 1);
        assert_eq!(stage.posted(), 1, "never sent again by itself");
        assert_eq!(stage.retry(&sent, json!({})).await.code(), "not_retryable");
        stage.retry(&sent, json!({"confirm_duplicate": true})).await.ok();
        let sent = stage.until(&sent, "delivered").await;
        assert_eq!((stage.posted(), &sent["attention"]), (2, &Value::Null));
    }

    async fn a_crash_before_the_call_leaves_an_unknown_outcome_and_sends_nothing(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let sent = stage.write("123", "Hello").await;
        let part = open_part(&stage).await;
        assert!(start(&stage, part).await.is_some());
        stage.work().await;
        assert_eq!(stage.read(&sent).await["state"], "unknown");
        for _ in 0..6 {
            stage.work_after(PATIENCE / 4).await;
        }
        assert_eq!((stage.posted(), &stage.read(&sent).await["attention"]), (0, &json!("unknown_outcome")));
    }

    async fn a_crash_after_the_call_finds_the_text_and_sends_nothing_twice(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "callback_drop"})).await;
        let sent = stage.write("123", "Hello").await;
        let part = open_part(&stage).await;
        let on_its_way = start(&stage, part).await.unwrap();
        assert!(matches!(call(&stage, part, on_its_way).await, HandOver::Accepted { .. }));
        stage.work().await;
        stage.work_after(Duration::from_secs(10)).await;
        assert_ne!(stage.read(&sent).await["state"], "unknown");
        assert_eq!((stage.posted(), stage.sessions().await), (1, 1));
    }

    async fn two_workers_never_hand_over_the_same_part(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.write("123", "Hello").await;
        let part = open_part(&stage).await;
        let (one, two, three) = tokio::join!(start(&stage, part), start(&stage, part), start(&stage, part));
        assert_eq!([one, two, three].iter().filter(|started| started.is_some()).count(), 1);
    }

    async fn two_texts_alike_in_doubt_are_for_a_person(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "callback_drop"})).await;
        stage.fault(json!({"kind": "drop_after_create", "times": 2})).await;
        let (one, two) = (stage.write("123", "Hello").await, stage.write("456", "Hello").await);
        stage.work().await;
        stage.work_after(Duration::from_secs(5)).await;
        for text in [one, two] {
            assert_eq!(stage.read(&text).await["attention"], "unknown_outcome");
        }
        assert_eq!(stage.posted(), 2);
    }

    async fn a_carrier_that_is_slow_or_talks_nonsense_leaves_the_outcome_open_until_it_is_found(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.fault(json!({"kind": "callback_drop"})).await;
        for fault in [json!({"kind": "slow", "ms": 1500, "times": 1}), json!({"kind": "answer_nonsense", "times": 1})] {
            stage.fault(fault.clone()).await;
            let sent = stage.write("123", &format!("Hello {fault}")).await;
            stage.work().await;
            assert_eq!(stage.read(&sent).await["state"], "unknown", "{fault}");
            tokio::time::sleep(Duration::from_millis(100)).await;
            stage.work_after(Duration::from_secs(5)).await;
            assert_ne!(stage.read(&sent).await["state"], "unknown", "{fault}");
        }
        assert_eq!(stage.posted(), 2);
    }

    async fn the_usual_numbers_are_chosen_and_others_can_be(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let contact = stage.firm.user("Attorney").get(&format!("/api/contacts/{}", stage.jane.as_str().unwrap())).await.ok();
        let phones = contact["contact"]["phones"].as_array().unwrap().clone();
        let at_work = phones.iter().find(|phone| phone["e164"] == JANE_AT_WORK).unwrap()["id"].clone();
        let second = stage.firm.user("Firm Admin").post("/api/numbers/", json!({"number": "+14155550101", "account_sid": crate::support::ACCOUNT})).await.ok();
        let sent = stage.send(json!({"case_id": "123", "contact_id": stage.jane, "to_phone_id": at_work, "from_number_id": second["id"], "body": "Hello"})).await.ok();
        assert_eq!(sent["number_id"], second["id"]);
        let next = stage.write("123", "To the primary, from the one last used").await;
        assert_eq!((&next["number_id"], next["person"]["number"].as_str().unwrap().ends_with("0123")), (&second["id"], true));
        let other = crate::case_contacts::contact(&stage.firm, "Ben Other", &[STRANGER]).await;
        let none = crate::case_contacts::contact(&stage.firm, "Ann Nophone", &[]).await;
        for (case, contact) in [("123", &other), ("123", &none)] {
            crate::case_contacts::link(&stage.firm, case, contact, "Adjuster").await;
        }
        let refused = [
            (json!({"case_id": "123", "contact_id": other, "to_phone_id": at_work, "body": "x"}), "not_their_number"),
            (json!({"case_id": "123", "contact_id": none, "body": "x"}), "no_phone"),
            (json!({"case_id": "456", "contact_id": other, "body": "x"}), "invalid_field"),
            (json!({"case_id": "123", "body": "x"}), "invalid_field"),
            (json!({"case_id": "123", "contact_id": stage.jane, "body": " \n"}), "invalid_field"),
            (json!({"case_id": "123", "contact_id": stage.jane, "body": "a\u{0}b"}), "invalid_field"),
            (json!({"case_id": "123", "contact_id": stage.jane, "body": "long ".repeat(5000)}), "invalid_field"),
            (json!({"case_id": "nope", "contact_id": stage.jane, "body": "x"}), "not_found"),
            (json!({"case_id": "123", "contact_id": stage.jane, "from_number_id": "num_00000000000000000000000000000001", "body": "x"}), "not_found"),
            (json!({"case_id": "123", "contact_id": stage.jane, "body": "x", "colour": "red"}), "unknown_field"),
            (json!({"case_id": "123", "contact_id": stage.jane, "body": 7}), "invalid_field"),
            (json!({"body": "x"}), "invalid_field"),
        ];
        for (request, code) in refused {
            assert_eq!(stage.send(request.clone()).await.code(), code, "{request}");
        }
        assert_eq!(stage.stored("outbound").await, 2);
    }

    async fn only_who_may_write_in_a_case_does(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let request = json!({"case_id": "123", "contact_id": stage.jane, "body": "Hello"});
        for (role, user) in stage.firm.users() {
            let answer = user.post("/api/omnichannel/messages/", request.clone()).await;
            match role {
                "Agent Specialist" | "Paralegal" | "Attorney" | "Supervisor" | "Manager" => assert!(answer.status.is_success(), "{role}"),
                _ => assert!(matches!(answer.code().as_str(), "forbidden" | "not_found"), "{role}"),
            }
        }
        let other = stage.firm.another().await;
        assert_eq!(other.user("Attorney").post("/api/omnichannel/messages/", request).await.code(), "not_found");
    }
}

/// The second half of a hand-over.
async fn finish(stage: &Stage, part_id: PartId, outcome: HandOver) {
    let act = FinishHandOver {
        tenant: stage.firm.tenant,
        part_id,
        outcome,
        now: stage.firm.now(),
    };
    stage.firm.store().write(stage.firm.organization(), act).await.unwrap();
}
