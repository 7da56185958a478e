//! Somebody calls: what Twilio asks, the documents that answer, voicemail, browsers that dial, and what a phone can do.

use std::time::Duration;

use casewire_carriers::calls::{CallOutcome, CallRefusedReason, ConferencePlan, Entry, LegId, OnExit, RecordingState, VoiceCarrier};
use casewire_carriers::twilio::call_webhook::{Caller, DialEnded, LegStatus, MessageTaken, NextAsked, RecordingStatus, VoiceRequest};
use casewire_carriers::twilio::twiml::{Callback, Dial, DialTo, Join, Phone, RejectReason, Step, TakeMessage, Twiml};
use casewire_core::calls::CarrierStatus;
use serde_json::json;

use super::scene::{APPLICATION, FIRM, JANE, SECOND, Scene};

const AGENT: &str = "client:agent_1";
const SECOND_AGENT: &str = "client:agent_2";

async fn calls(scene: &Scene) -> String {
    let (status, answer) = scene.post(&format!("/handsets/{JANE}/calls"), &json!({"to": FIRM})).await;
    assert_eq!(status, 201, "{answer}");
    answer["sid"].as_str().unwrap().to_owned()
}

fn callback(scene: &Scene, path: &str, label: &str) -> Callback {
    Callback {
        address: scene.firm.url(path),
        label: label.to_owned(),
    }
}

fn ring(scene: &Scene, identities: &[&str]) -> Step {
    let phones = identities.iter().map(|identity| Phone::Client {
        identity: (*identity).to_owned(),
        hints: vec![("call".to_owned(), "call_1".to_owned())],
        status: Some(callback(scene, "/leg", identity)),
    });
    Step::Dial(Dial {
        to: DialTo::First(phones.collect()),
        action: Some("/after".to_owned()),
        caller_id: None,
        ring_for: Some(Duration::from_secs(20)),
        record: None,
    })
}

fn voicemail(scene: &Scene) -> Twiml {
    Twiml::of(Step::say("Please leave a message.")).then(Step::Record(TakeMessage {
        action: scene.firm.url("/taken"),
        longest: Duration::from_secs(120),
        silence: Duration::from_secs(5),
        status: callback(scene, "/recording", "voicemail_1"),
    }))
}

#[tokio::test]
async fn a_caller_is_connected_with_who_answers_first_and_the_others_stop_ringing() {
    let scene = Scene::set().await;
    scene.firm.answers_with("/voice", &Twiml::of(ring(&scene, &["agent_1", "agent_2"])));
    let sid = calls(&scene).await;
    let asked: Vec<VoiceRequest> = scene.firm.told("/voice", 1).await;
    assert_eq!(asked[0].leg.as_str(), sid);
    assert!(matches!(&asked[0].caller, Caller::Outside { from, to, .. } if from.expose() == JANE && to.expose() == FIRM));
    assert!(!format!("{:?}", asked[0]).contains(JANE));
    scene.call_is(SECOND_AGENT, "ringing").await;
    scene.answers(AGENT).await;
    scene.call_is(SECOND_AGENT, "canceled").await;
    scene.at_phone(JANE, &sid, "hang-up", json!({})).await;
    scene.call_is(AGENT, "completed").await;
    let told: Vec<LegStatus> = scene.firm.told("/leg", 8).await;
    let last = told.iter().rfind(|told| told.label.as_deref() == Some("agent_1")).unwrap();
    assert!(matches!(last.status, CarrierStatus::Completed { .. }));
    assert_eq!(last.parent.as_ref().map(ToString::to_string), Some(sid));
    let own = told.iter().filter(|told| told.label.as_deref() == Some("inbound"));
    assert_eq!(own.count(), 1, "an inbound leg's end is told at the number's address");
}

#[tokio::test]
async fn nobody_answers_and_the_caller_speaks_to_the_machine() {
    let scene = Scene::set().await;
    scene.firm.answers_with("/voice", &Twiml::of(ring(&scene, &["agent_1"])));
    scene.firm.answers_with("/after", &voicemail(&scene));
    let sid = calls(&scene).await;
    let rings = scene.call_is(AGENT, "ringing").await;
    scene.at_phone(AGENT, &rings, "decline", json!({})).await;
    let ended: Vec<DialEnded> = scene.firm.told("/after", 1).await;
    assert_eq!(
        (ended[0].outcome, ended[0].caller),
        (CarrierStatus::Busy, CarrierStatus::InProgress)
    );
    assert_eq!(ended[0].dialled.as_ref().map(ToString::to_string), Some(rings));
    let listens = async || scene.calls(JANE).await[0]["records"] == true;
    while !listens().await {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(scene.calls(JANE).await[0]["heard"], json!(["Please leave a message."]));
    let (status, answer) = scene.at_phone(JANE, &sid, "voicemail", json!({"seconds": 12})).await;
    assert_eq!((status, &answer["status"]), (200, &json!("completed")));
    let taken: Vec<MessageTaken> = scene.firm.told("/taken", 1).await;
    assert_eq!(taken[0].ended_by.as_deref(), Some("hangup"));
    let told: Vec<RecordingStatus> = scene.firm.told("/recording", 2).await;
    let (last, label) = (told.last().unwrap(), Some("voicemail_1"));
    assert_eq!(
        (last.state, last.channels, last.label.as_deref()),
        (RecordingState::Completed, 1, label)
    );
    assert!(last.length.unwrap() >= Duration::from_secs(12));
    assert_eq!(taken[0].recording.as_ref(), Some(&last.recording));
    assert!(scene.twilio.fetch_recording(&last.recording).await.is_ok());
}

#[tokio::test]
async fn a_key_ends_a_message_and_the_call_goes_on_with_the_next_document() {
    let scene = Scene::set().await;
    scene.firm.answers_with("/voice", &voicemail(&scene));
    scene
        .firm
        .answers_with("/taken", &Twiml::of(Step::say("Thank you.")).then(Step::Hangup));
    let sid = calls(&scene).await;
    while scene.calls(JANE).await[0]["records"] != true {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    scene.at_phone(JANE, &sid, "digits", json!({"digits": "#"})).await;
    scene.call_is(JANE, "completed").await;
    assert_eq!(
        scene.calls(JANE).await[0]["heard"],
        json!(["Please leave a message.", "Thank you."])
    );
    assert_eq!(scene.calls(JANE).await[0]["keys"], "#");
    let taken: Vec<MessageTaken> = scene.firm.told("/taken", 1).await;
    assert_eq!(taken[0].ended_by.as_deref(), Some("#"));
}

#[tokio::test]
async fn a_browser_dials_into_a_conference_and_what_it_sends_are_hints() {
    let scene = Scene::set().await;
    let join = Join {
        plan: ConferencePlan {
            name: "call_7".to_owned(),
            status_callback: scene.firm.url("/room"),
            waiting: None,
        },
        label: "leg_agent".to_owned(),
        entry: Entry::Speaker { on_exit: OnExit::Stay },
    };
    scene.firm.answers_with("/client", &Twiml::of(Step::join(join)));
    let params = json!({"call": "call_7", "To": "+15550000000", "ConferenceSid": "CF1", "StatusCallbackEvent": "conference-end"});
    let dials = json!({"application": APPLICATION, "params": params});
    let (status, answer) = scene.post(&format!("/handsets/{AGENT}/calls"), &dials).await;
    assert_eq!(status, 201, "{answer}");
    let asked: Vec<VoiceRequest> = scene.firm.told("/client", 1).await;
    let Caller::Client {
        identity,
        application,
        hints,
    } = &asked[0].caller
    else {
        panic!("not a browser")
    };
    assert_eq!((identity.as_str(), application.as_str()), ("agent_1", APPLICATION));
    assert_eq!(hints["call"], "call_7");
    assert_eq!(hints["To"], "+15550000000", "even this is only a hint");
    scene
        .firm
        .told::<casewire_carriers::twilio::call_webhook::ConferenceEvent>("/room", 1)
        .await;
    let found = scene.twilio.conference("call_7").await.unwrap().unwrap();
    let seated = scene.twilio.seated(&found.conference).await.unwrap();
    assert_eq!(seated[0].label.as_deref(), Some("leg_agent"));
}

#[tokio::test]
async fn a_leg_that_is_sent_on_leaves_its_conference_and_asks_what_it_does_next() {
    let scene = Scene::set().await;
    let join = Join {
        plan: ConferencePlan {
            name: "call_8".to_owned(),
            status_callback: scene.firm.url("/room"),
            waiting: Some(scene.firm.url("/ringing.wav")),
        },
        label: "leg_outside".to_owned(),
        entry: Entry::Speaker { on_exit: OnExit::EndCall },
    };
    scene.firm.answers_with("/voice", &Twiml::of(Step::join(join)));
    let leg = LegId::from(calls(&scene).await.as_str());
    scene.call_is(JANE, "in-progress").await;
    scene
        .firm
        .answers_with("/next", &Twiml::of(Step::Keys("12#".to_owned())).then(Step::Hangup));
    let next = format!("{}?o=org_1&l=leg_outside", scene.firm.url("/next"));
    assert_eq!(scene.twilio.send_on(&leg, &next).await, CallOutcome::Accepted(()));
    let asked: Vec<NextAsked> = scene.firm.told("/next", 1).await;
    assert_eq!(
        (&asked[0].leg, asked[0].label.as_deref(), asked[0].status),
        (&leg, Some("leg_outside"), CarrierStatus::InProgress)
    );
    scene.call_is(JANE, "completed").await;
    assert_eq!(scene.calls(JANE).await[0]["heard"], json!(["12#"]));
    let late = scene.twilio.send_on(&leg, &next).await;
    assert!(matches!(late, CallOutcome::Refused(refusal) if refusal.reason == CallRefusedReason::WrongState));
}

#[tokio::test]
async fn a_call_that_is_not_taken_or_has_no_document_ends_with_its_word() {
    for (document, status) in [
        (Some(Twiml::of(Step::Reject(RejectReason::Busy))), "busy"),
        (Some(Twiml::of(Step::Reject(RejectReason::Rejected))), "no-answer"),
        (Some(Twiml::default()), "completed"),
        (None, "failed"),
    ] {
        let scene = Scene::set().await;
        if let Some(document) = document {
            scene.firm.answers_with("/voice", &document);
        }
        calls(&scene).await;
        scene.call_is(JANE, status).await;
    }
}

#[tokio::test]
async fn what_a_phone_cannot_do_is_refused() {
    let scene = Scene::set().await;
    scene.firm.answers_with("/voice", &Twiml::of(Step::Pause(5)));
    let sid = calls(&scene).await;
    let act = |act: &str| format!("/handsets/{JANE}/calls/{sid}/{act}");
    for (path, body, expected) in [
        (act("answer"), json!({}), 409),
        (act("voicemail"), json!({"seconds": 3}), 409),
        (act("digits"), json!({"digits": "x"}), 409),
        (act("dance"), json!({}), 404),
        (act("hang-up"), json!({"colour": "red"}), 400),
        (format!("/handsets/{AGENT}/calls/{sid}/hang-up"), json!({}), 404),
        (format!("/handsets/{JANE}/calls"), json!({"to": "+15550000000"}), 404),
        (format!("/handsets/{JANE}/calls"), json!({"application": APPLICATION}), 400),
        (format!("/handsets/{AGENT}/calls"), json!({"to": FIRM}), 400),
    ] {
        let (status, answer) = scene.post(&path, &body).await;
        assert_eq!(status, expected, "{path} {answer}");
    }
    assert_eq!(scene.at_phone(JANE, &sid, "hang-up", json!({})).await.0, 200);
    assert_eq!(scene.at_phone(JANE, &sid, "hang-up", json!({})).await.0, 409);
}

#[tokio::test]
async fn calls_and_recordings_that_are_over_outlive_the_process() {
    let file = std::env::temp_dir().join(format!("casewire-sandbox-calls-{}.jsonl", std::process::id()));
    std::fs::remove_file(&file).ok();
    let persist = file.clone();
    let scene = Scene::with(|config| config.persist = Some(persist)).await;
    scene.firm.answers_with("/voice", &voicemail(&scene));
    let sid = calls(&scene).await;
    while scene.calls(JANE).await[0]["records"] != true {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    scene.at_phone(JANE, &sid, "voicemail", json!({"seconds": 2})).await;
    let (status, _) = scene.post(&format!("/handsets/{JANE}/calls"), &json!({"to": SECOND})).await;
    assert_eq!(status, 201);
    scene.sandbox.stop().await;
    let persist = file.clone();
    let scene = Scene::with(|config| config.persist = Some(persist)).await;
    let kept = scene.calls(JANE).await;
    assert_eq!(
        (kept.len(), &kept[0]["sid"], &kept[0]["status"]),
        (1, &json!(sid), &json!("completed"))
    );
    let leg = casewire_carriers::calls::LegId::from(sid.as_str());
    let recordings = scene.twilio.recordings(&leg).await.unwrap();
    assert!(scene.twilio.fetch_recording(&recordings[0].recording).await.is_ok());
    std::fs::remove_file(file).unwrap();
}
