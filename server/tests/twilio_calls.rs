//! Calls over Twilio, whole: the product's line and adapter, the sandbox as Twilio, webhooks that come twice, out of order or not at all,
//! and requests of which nobody knows what came.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

pub mod hall;

use casewire_carriers::twilio::form::Form;
use casewire_store::on_both_engines;
use serde_json::json;

use self::hall::{AGENT, BOSS, Hall, JANE, SECOND};
use crate::support::ACCOUNT;

/// The agent calls, they talk, the agent hangs up.
async fn goes_through_a_whole_call(hall: &Hall) {
    let call = hall.calls().await;
    hall.answers(JANE).await;
    let talks = hall.until(&call, "status", json!("in-progress")).await;
    assert_eq!((&talks["line"], &talks["case_id"].is_null()), (&json!("twilio"), &false));
    hall.heard("outside", &["agent"]).await;
    hall.heard("agent", &["outside"]).await;
    hall.does(AGENT, &call, json!({"act": "mute", "on": true})).await.ok();
    hall.heard("outside", &[]).await;
    hall.does(AGENT, &call, json!({"act": "mute", "on": false})).await.ok();
    hall.does(AGENT, &call, json!({"act": "hold", "on": true})).await.ok();
    hall.heard("agent", &[]).await;
    hall.does(AGENT, &call, json!({"act": "hold", "on": false})).await.ok();
    hall.heard("outside", &["agent"]).await;
    hall.does(AGENT, &call, json!({"act": "hang_up"})).await.ok();
    hall.wait("Jane's call is over", || async {
        hall.phone(JANE).await[0]["status"] == "completed"
    })
    .await;
    let ended = hall.shown(AGENT, &call).await;
    assert_eq!(
        (&ended["status"], &ended["end_reason"]),
        (&json!("completed"), &json!("agent_hung_up"))
    );
    assert_eq!(hall.rung(), 1, "nobody is rung twice");
}

on_both_engines! {
    async fn an_agent_calls_talks_mutes_holds_and_hangs_up(db: TestDatabase) {
        let hall = Hall::open(db).await;
        goes_through_a_whole_call(&hall).await;
    }

    async fn webhooks_that_come_twice_and_in_any_order_change_nothing(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.fault(json!({"kind": "callback_duplicate"})).await;
        hall.fault(json!({"kind": "callback_reorder", "probability": 0.5, "seed": 7, "ms": 40})).await;
        goes_through_a_whole_call(&hall).await;
    }

    async fn a_call_is_carried_through_although_half_of_the_webhooks_never_come(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.fault(json!({"kind": "callback_drop"})).await;
        hall.ready(AGENT).await;
        let body = json!({"case_id": "123", "contact_id": hall.jane});
        let call = hall.firm.user(AGENT).post("/api/calls/", body).await.ok()["id"].as_str().unwrap().to_owned();
        hall.comes(AGENT, &call).await.ok();
        // No webhook says that the agent is in: that is found, within the twenty seconds that they have.
        hall.wait("the agent's leg is in", || async { !hall.phone(&format!("client:{}", hall.name(AGENT))).await.is_empty() }).await;
        hall.after(20).await;
        hall.answers(JANE).await;
        hall.after(20).await;
        hall.until(&call, "status", json!("in-progress")).await;
        hall.ready(AGENT).await;
        assert_eq!(hall.at_phone(JANE, "hang-up", json!({})).await.0, 200);
        hall.after(20).await;
        let ended = hall.until(&call, "status", json!("completed")).await;
        assert_eq!(ended["end_reason"], "outside_hung_up");
    }

    async fn a_supervisor_is_heard_by_whom_the_mode_says_and_by_nobody_before(db: TestDatabase) {
        let hall = Hall::open(db).await;
        let call = hall.talks().await;
        hall.ready(BOSS).await;
        hall.supervises("POST", &call, "listen").await.ok();
        hall.comes(BOSS, &call).await.ok();
        hall.heard("boss", &["agent", "outside"]).await;
        for (mode, agent, outside) in [
            ("whisper", vec!["boss", "outside"], vec!["agent"]),
            ("barge", vec!["boss", "outside"], vec!["agent", "boss"]),
            ("whisper", vec!["boss", "outside"], vec!["agent"]),
            ("listen", vec!["outside"], vec!["agent"]),
            ("barge", vec!["boss", "outside"], vec!["agent", "boss"]),
            ("listen", vec!["outside"], vec!["agent"]),
        ] {
            hall.supervises("PATCH", &call, mode).await.ok();
            hall.heard("agent", &agent).await;
            hall.heard("outside", &outside).await;
        }
        hall.supervises("PATCH", &call, "whisper").await.ok();
        hall.heard("agent", &["boss", "outside"]).await;
        assert_eq!(hall.supervises("DELETE", &call, "listen").await.status.as_u16(), 204);
        hall.heard("agent", &["outside"]).await;
        hall.heard("boss", &[]).await;
        let acts = hall.audited(&call).await;
        assert!(acts.iter().filter(|act| *act == "supervise_call").count() >= 8, "{acts:?}");
    }

    async fn whoever_comes_in_as_whisperer_is_muted_first_and_set_then(db: TestDatabase) {
        let hall = Hall::open(db).await;
        let call = hall.talks().await;
        hall.ready(BOSS).await;
        hall.supervises("POST", &call, "whisper").await.ok();
        hall.comes(BOSS, &call).await.ok();
        hall.heard("agent", &["boss", "outside"]).await;
        hall.heard("outside", &["agent"]).await;
        // The agent's browser is gone: the whisperer is heard by nobody, before anybody could be heard wrongly.
        let agent = format!("client:{}", hall.name(AGENT));
        assert_eq!(hall.at_phone(&agent, "hang-up", json!({})).await.0, 200);
        hall.until(&call, "agent_line", json!("lost")).await;
        hall.heard("outside", &[]).await;
        // Back by another leg, and only then.
        hall.comes(AGENT, &call).await.ok();
        hall.until(&call, "agent_line", json!("here")).await;
        hall.heard("outside", &["agent"]).await;
        hall.supervises("PATCH", &call, "whisper").await.ok();
        hall.heard("agent", &["boss", "outside"]).await;
    }

    async fn a_supervisor_who_cannot_be_muted_is_taken_off(db: TestDatabase) {
        let hall = Hall::open(db).await;
        let call = hall.talks().await;
        hall.ready(BOSS).await;
        hall.supervises("POST", &call, "barge").await.ok();
        hall.comes(BOSS, &call).await.ok();
        hall.heard("outside", &["agent", "boss"]).await;
        hall.fault(json!({"kind": "down", "times": 1})).await;
        hall.supervises("PATCH", &call, "whisper").await.ok();
        hall.heard("outside", &["agent"]).await;
        hall.heard("boss", &[]).await;
        let acts = hall.audited(&call).await;
        for act in ["supervision_not_set", "leave_supervision"] {
            assert!(acts.iter().any(|known| known == act), "{act} is missing among {acts:?}");
        }
        let metrics = hall.firm.app.metrics.text();
        assert!(metrics.contains(r#"casewire_call_alarms_total{code="supervision_not_set"} 1"#), "{metrics}");
    }

    async fn a_call_is_handed_to_another_agent_and_the_first_is_off_it(db: TestDatabase) {
        let hall = Hall::open(db).await;
        let call = hall.talks().await;
        hall.ready(BOSS).await;
        hall.supervises("POST", &call, "whisper").await.ok();
        hall.comes(BOSS, &call).await.ok();
        hall.heard("agent", &["boss", "outside"]).await;
        hall.ready(SECOND).await;
        let to = hall.firm.user_id(SECOND).to_string();
        hall.does(AGENT, &call, json!({"act": "transfer", "to_user_id": to})).await.ok();
        hall.does(SECOND, &call, json!({"act": "take_over"})).await.ok();
        hall.comes(SECOND, &call).await.ok();
        hall.heard("outside", &["second"]).await;
        hall.heard("agent", &[]).await;
        hall.heard("second", &["outside"]).await;
        hall.supervises("PATCH", &call, "whisper").await.ok();
        hall.heard("second", &["boss", "outside"]).await;
        hall.heard("outside", &["second"]).await;
        hall.does(SECOND, &call, json!({"act": "hang_up"})).await.ok();
        hall.until(&call, "status", json!("completed")).await;
    }

    async fn nobody_is_rung_twice_where_nobody_knows_whether_they_were(db: TestDatabase) {
        let hall = Hall::open(db).await;
        {
            let fault = "drop_after_create";
            hall.fault(json!({"kind": fault, "times": 1, "number": JANE})).await;
            hall.fault(json!({"kind": "callback_drop", "number": JANE})).await;
            let call = hall.calls().await;
            hall.wait("Jane's phone rings", || async { !hall.phone(JANE).await.is_empty() }).await;
            hall.after(10).await;
            hall.answers(JANE).await;
            hall.after(25).await;
            hall.until(&call, "status", json!("in-progress")).await;
            assert_eq!((hall.rung(), hall.phone(JANE).await.len()), (1, 1), "{fault}");
        }
    }

    async fn a_call_of_which_nothing_is_ever_heard_ends_and_a_person_is_told(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.fault(json!({"kind": "drop_before_create", "number": JANE})).await;
        let call = hall.calls().await;
        hall.wait("Twilio is asked", || async { hall.rung() == 1 }).await;
        hall.after(45).await;
        let ended = hall.until(&call, "status", json!("failed")).await;
        assert_eq!(ended["end_reason"], "carrier_failed");
        assert_eq!((hall.rung(), hall.phone(JANE).await.len()), (1, 0));
        assert!(hall.audited(&call).await.iter().any(|act| act == "outcome_unknown"));
    }

    async fn a_number_that_twilio_refuses_ends_the_call_as_failed(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.fault(json!({"kind": "refuse_send", "code": 21211, "number": JANE})).await;
        let call = hall.calls().await;
        let ended = hall.until(&call, "status", json!("failed")).await;
        assert_eq!(ended["end_reason"], "carrier_failed");
    }

    async fn a_caller_hears_ringing_until_an_agent_takes_the_call(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.talks_before().await;
        hall.rings().await;
        let call = hall.newest().await;
        assert_eq!((&call["status"], &call["direction"]), (&json!("ringing"), &json!("inbound")));
        let id = call["id"].as_str().unwrap().to_owned();
        hall.does(AGENT, &id, json!({"act": "answer"})).await.ok();
        hall.comes(AGENT, &id).await.ok();
        hall.heard("outside", &["agent"]).await;
        assert_eq!(hall.at_phone(JANE, "hang-up", json!({})).await.0, 200);
        let ended = hall.until(&id, "status", json!("completed")).await;
        assert_eq!(ended["end_reason"], "outside_hung_up");
        let sound = hall.firm.stranger().get("/webhooks/twilio/calls/ringing.wav").await;
        assert_eq!((sound.status.as_u16(), sound.header("content-type")), (200, "audio/wav"));
    }

    async fn a_caller_whom_nobody_takes_speaks_to_the_machine_and_is_heard_later(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.talks_before().await;
        hall.rings().await;
        let id = hall.newest().await["id"].as_str().unwrap().to_owned();
        hall.does(AGENT, &id, json!({"act": "decline"})).await.ok();
        hall.wait("the machine listens", || async { hall.phone(JANE).await.last().unwrap()["records"] == true }).await;
        assert_eq!(hall.at_phone(JANE, "voicemail", json!({"seconds": 12})).await.0, 200);
        let call = hall.until(&id, "recording", json!("ready")).await;
        assert_eq!((&call["status"], &call["recordings"][0]["kind"]), (&json!("voicemail"), &json!("voicemail")));
        assert!(call["recordings"][0]["duration_ms"].as_u64().unwrap() >= 12_000);
        assert!(hall.drawer.only().starts_with(b"RIFF"));
    }

    async fn a_caller_whom_nobody_could_take_gets_the_machine_at_once(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.rings().await;
        hall.wait("the machine listens", || async { hall.phone(JANE).await[0]["records"] == true }).await;
        let heard = hall.phone(JANE).await[0]["heard"].clone();
        assert_eq!(heard.as_array().unwrap().len(), 1, "the greeting is heard once: {heard}");
        assert_eq!(hall.at_phone(JANE, "voicemail", json!({"seconds": 3})).await.0, 200);
        let id = hall.newest().await["id"].as_str().unwrap().to_owned();
        hall.until(&id, "status", json!("voicemail")).await;
    }

    async fn a_call_of_which_no_webhook_told_is_logged_as_missed(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.silently_rings().await;
        hall.reconciles().await;
        let call = hall.newest().await;
        assert_eq!((&call["direction"], &call["person"]["name"]), (&json!("inbound"), &json!("Jane Quill")));
        assert_ne!(call["status"], "completed");
        assert_ne!(call["recording"], "running");
        hall.reconciles().await;
        assert_eq!(hall.inbound_calls().await, 1);
    }

    async fn who_hangs_up_during_the_greeting_leaves_nothing_behind(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.rings().await;
        let id = hall.newest().await["id"].as_str().unwrap().to_owned();
        assert_eq!(hall.at_phone(JANE, "hang-up", json!({})).await.0, 200);
        hall.after(60).await;
        let call = hall.shown(BOSS, &id).await;
        assert!(call["ended_at"].is_i64() || call["ended_at"].is_string(), "{call}");
        assert_ne!(call["recording"], "running");
    }

    async fn a_call_is_recorded_after_it_was_announced_with_the_agent_left(db: TestDatabase) {
        let hall = Hall::open(db).await;
        hall.set(json!({"recording": {"mode": "on", "consent_ack": true}})).await;
        let call = hall.talks().await;
        hall.until(&call, "recording", json!("running")).await;
        let told = || async { hall.phone(JANE).await[0]["heard"].as_array().is_some_and(|heard| !heard.is_empty()) };
        hall.wait("it is announced", told).await;
        hall.does(AGENT, &call, json!({"act": "recording", "state": "paused"})).await.ok();
        hall.does(AGENT, &call, json!({"act": "recording", "state": "running"})).await.ok();
        hall.after(5).await;
        hall.does(AGENT, &call, json!({"act": "hang_up"})).await.ok();
        let ended = hall.until(&call, "recording", json!("ready")).await;
        assert_eq!(ended["recordings"][0]["kind"], "call");
        let sound = hall.drawer.only();
        // The sandbox's leg hums low, and hears higher: what it hears is ours, and left.
        let data = &sound[44..];
        let crossings = |channel: usize| {
            let samples: Vec<u8> = data.iter().skip(channel).step_by(2).copied().take(4_000).collect();
            samples.windows(2).filter(|pair| (pair[0] > 128) != (pair[1] > 128)).count()
        };
        assert!(crossings(0) > crossings(1), "{} {}", crossings(0), crossings(1));
        let left = || async { hall.recordings_at_twilio() == 0 };
        hall.wait("Twilio forgets it", left).await;
    }

    async fn keys_are_pressed_for_the_other_side_once(db: TestDatabase) {
        let hall = Hall::open(db).await;
        let call = hall.talks().await;
        hall.does(AGENT, &call, json!({"act": "press", "digits": "12#"})).await.ok();
        let told = || async { hall.phone(JANE).await[0]["heard"].as_array().unwrap().len() == 1 };
        hall.wait("the keys are to be played", told).await;
        let address = hall.phone(JANE).await[0]["heard"][0].as_str().unwrap().to_owned();
        let path = address.split_once("/webhooks").map(|(_, rest)| format!("/webhooks{rest}")).unwrap();
        let form = Form::default().with("AccountSid", ACCOUNT);
        let first = hall.signed(&path, &form).await.text();
        assert!(first.contains("<Play digits=\"12#\""), "{first}");
        assert!(!hall.signed(&path, &form).await.text().contains("12#"), "keys may be somebody's secret");
    }

    async fn whoever_has_no_place_in_a_call_does_not_come_in(db: TestDatabase) {
        let hall = Hall::open(db).await;
        let call = hall.talks().await;
        let voice = "/webhooks/twilio/calls/voice";
        let form = |identity: &str, call: &str, sid: u32| {
            Form::default()
                .with("CallSid", format!("CA{sid:032x}"))
                .with("AccountSid", ACCOUNT)
                .with("ApplicationSid", hall::APPLICATION)
                .with("From", format!("client:{identity}"))
                .with("Direction", "inbound")
                .with("CallStatus", "ringing")
                .with("call", call)
        };
        for (sid, identity, named) in [
            (1, hall.name(BOSS), call.as_str()),
            (2, "agent_1".to_owned(), call.as_str()),
            (3, hall.name(AGENT), "call_00000000000000000000000000000001"),
            (4, hall.name(AGENT).replace("org_", "org_0"), call.as_str()),
        ] {
            let answer = hall.signed(voice, &form(&identity, named, sid)).await;
            assert_eq!(answer.status.as_u16(), 200);
            assert!(answer.text().contains("<Hangup") && !answer.text().contains("<Dial"), "{}", answer.text());
        }
        let unsigned = hall.firm.stranger().with("content-type", "application/x-www-form-urlencoded");
        let body = form(&hall.name(AGENT), &call, 5).encode().into_bytes();
        for path in ["voice", "next", "sound", "leg", "conference", "recording", "message"] {
            let path = format!("/webhooks/twilio/calls/{path}?o={}", hall.firm.organization());
            let answer = unsigned.send(axum::http::Method::POST, &path, Some(body.clone().into())).await;
            assert_eq!(answer.status.as_u16(), 403, "{path}");
        }
        hall.heard("outside", &["agent"]).await;
    }

    async fn a_page_that_is_loaded_anew_takes_the_place_of_its_former_leg(db: TestDatabase) {
        let hall = Hall::open(db).await;
        let call = hall.talks().await;
        hall.does(AGENT, &call, json!({"act": "mute", "on": true})).await.ok();
        hall.heard("outside", &[]).await;
        hall.comes(AGENT, &call).await.ok();
        let agent = format!("client:{}", hall.name(AGENT));
        let one = || async {
            let legs = hall.phone(&agent).await;
            legs.len() == 2 && legs[0]["status"] == "completed" && legs[1]["status"] == "in-progress"
        };
        hall.wait("the former leg is off", one).await;
        let shown = hall.shown(AGENT, &call).await;
        assert_eq!((&shown["status"], &shown["agent_line"]), (&json!("in-progress"), &json!("here")));
    }
}
