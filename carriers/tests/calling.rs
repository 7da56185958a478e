//! Calls through the adapter and the sandbox: started, answered, supervised, handed on, recorded, ended; and each outcome.

use std::time::Duration;

use casewire_carriers::calls::{
    Audience, CallOutcome, CallQuery, CallRefusedReason, Callee, ConferenceId, ConferencePlan, ConferenceState, Entry, LegId, Line,
    Microphone, NewCall, NewLeg, NewRecording, OnExit, RecordingOrder, RecordingState, Seat, Switch, VoiceCarrier,
};
use casewire_carriers::carrier::{CarrierError, Direction, Doubt, Retry};
use casewire_carriers::twilio::call_webhook::{
    ConferenceChange, ConferenceEvent, ConferenceRoll, EndedReason, LegStatus, RecordedWhat, RecordingStatus,
};
use casewire_core::calls::{CarrierStatus, Mode};
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::scene::{FIRM, FOREIGN, JANE, JOHN, Scene, adapter, number};

const AGENT: &str = "client:agent_1";
const SECOND_AGENT: &str = "client:agent_2";
const BOSS: &str = "client:boss";

pub fn plan(scene: &Scene) -> ConferencePlan {
    ConferencePlan {
        name: "call_0190".to_owned(),
        status_callback: scene.firm.url("/room?o=org_1"),
        waiting: None,
    }
}

pub fn leg(scene: &Scene, label: &str, to: &str, entry: Entry) -> NewLeg {
    let to = match to.strip_prefix("client:") {
        Some(identity) => Callee::Client {
            identity: identity.to_owned(),
            hints: vec![("call".to_owned(), "call 0190&x".to_owned())],
        },
        None => Callee::Number(number(to)),
    };
    NewLeg {
        label: label.to_owned(),
        to,
        from: number(FIRM),
        entry,
        ring_for: Duration::from_secs(30),
        status_callback: scene.firm.url("/leg?o=org_1"),
    }
}

const STAYS: Entry = Entry::Speaker { on_exit: OnExit::Stay };
const ENDS: Entry = Entry::Speaker { on_exit: OnExit::EndCall };

fn accepted<T: std::fmt::Debug>(outcome: CallOutcome<T>) -> T {
    match outcome {
        CallOutcome::Accepted(accepted) => accepted,
        other => panic!("not accepted: {other:?}"),
    }
}

fn reason<T: std::fmt::Debug>(outcome: CallOutcome<T>) -> CallRefusedReason {
    match outcome {
        CallOutcome::Refused(refusal) => refusal.reason,
        other => panic!("not refused: {other:?}"),
    }
}

/// An agent and Jane who talk.
struct Talk {
    scene: Scene,
    agent: Seat,
    outside: Seat,
}

impl Talk {
    async fn begin() -> Self {
        let scene = Scene::set().await;
        let call = NewCall {
            conference: plan(&scene),
            agent: leg(&scene, "leg_agent", AGENT, STAYS),
            outside: leg(&scene, "leg_outside", JANE, ENDS),
        };
        let started = scene.twilio.start(call).await;
        let (agent, outside) = (accepted(started.agent), accepted(started.outside.unwrap()));
        scene.answers(AGENT).await;
        scene.answers(JANE).await;
        Self { scene, agent, outside }
    }

    async fn supervisor(&self) -> Seat {
        let entry = Entry::Supervisor {
            agent: self.agent.leg.clone(),
        };
        let boss = leg(&self.scene, "leg_boss", BOSS, entry);
        let seat = accepted(self.scene.twilio.add_leg(plan(&self.scene), boss).await);
        self.scene.answers(BOSS).await;
        seat
    }

    /// Whom a leg hears, by their labels.
    async fn hears(&self, label: &str) -> Vec<String> {
        let (_, answer) = self.scene.get("/conferences").await;
        let seats = answer["conferences"][0]["participants"].as_array().unwrap().clone();
        let named = |sid: &Value| {
            seats.iter().find(|seat| seat["call_sid"] == *sid).unwrap()["label"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let listener = seats.iter().find(|seat| seat["label"] == label).unwrap();
        let mut heard: Vec<String> = listener["hears"].as_array().unwrap().iter().map(named).collect();
        heard.sort();
        heard
    }

    async fn switch(&self, boss: &Seat, from: Mode, to: Mode) {
        let switch = Switch {
            from,
            to,
            agent: self.agent.leg.clone(),
        };
        accepted(self.scene.twilio.set_supervision(boss, switch).await);
    }
}

#[tokio::test]
async fn a_call_rings_both_and_they_hear_each_other_once_both_have_answered() {
    let talk = Talk::begin().await;
    assert_eq!(talk.agent.conference, talk.outside.conference);
    assert_eq!(talk.hears("leg_agent").await, ["leg_outside"]);
    assert_eq!(talk.hears("leg_outside").await, ["leg_agent"]);
    let told: Vec<LegStatus> = talk.scene.firm.told("/leg", 6).await;
    let of_outside: Vec<_> = told.iter().filter(|told| told.leg == talk.outside.leg).collect();
    let statuses: Vec<CarrierStatus> = of_outside.iter().map(|told| told.status).collect();
    assert_eq!(
        statuses,
        [CarrierStatus::Initiated, CarrierStatus::Ringing, CarrierStatus::InProgress]
    );
    assert_eq!(of_outside.iter().map(|told| told.sequence).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(of_outside.iter().all(|told| told.label.as_deref() == Some("leg_outside")));
    let hints = talk.scene.calls(AGENT).await[0]["hints"].clone();
    assert_eq!(hints, json!({"call": "call 0190&x"}));
    let seated = talk.scene.twilio.seated(&talk.agent.conference).await.unwrap();
    assert!(seated.len() == 2 && seated.iter().all(|leg| leg.connected && !leg.muted && leg.coaches.is_none()));
    let found = talk.scene.twilio.conference("call_0190").await.unwrap().unwrap();
    assert_eq!(
        (found.conference, found.state),
        (talk.agent.conference.clone(), ConferenceState::InProgress)
    );
    assert_eq!(talk.scene.twilio.conference("call_0").await.unwrap(), None);
}

#[tokio::test]
async fn early_media_brings_the_callee_in_before_anybody_answered() {
    let scene = Scene::set().await;
    accepted(scene.twilio.add_leg(plan(&scene), leg(&scene, "leg_outside", JANE, ENDS)).await);
    scene.call_is(JANE, "ringing").await;
    let events: Vec<ConferenceEvent> = scene.firm.told("/room", 1).await;
    assert!(matches!(&events[0].change, ConferenceChange::Joined(seat) if seat.label.as_deref() == Some("leg_outside")));
    let legs: Vec<LegStatus> = scene.firm.told("/leg", 2).await;
    assert!(legs.iter().all(|leg| leg.status != CarrierStatus::InProgress));
}

#[tokio::test]
async fn each_mode_of_supervision_is_heard_by_those_it_allows_and_no_others() {
    let talk = Talk::begin().await;
    let boss = talk.supervisor().await;
    let heard = async || {
        (
            talk.hears("leg_agent").await,
            talk.hears("leg_outside").await,
            talk.hears("leg_boss").await,
        )
    };
    let both = vec!["leg_agent".to_owned(), "leg_outside".to_owned()];
    let alone = |label: &str| vec![label.to_owned()];
    let with_boss = |label: &str| vec!["leg_boss".to_owned(), label.to_owned()];
    let (listen, whisper, barge) = (
        (alone("leg_outside"), alone("leg_agent"), both.clone()),
        (with_boss("leg_outside"), alone("leg_agent"), both.clone()),
        (
            with_boss("leg_outside"),
            vec!["leg_agent".to_owned(), "leg_boss".to_owned()],
            both.clone(),
        ),
    );
    assert_eq!(heard().await, listen);
    let mut from = Mode::Listen;
    for (to, expected) in [
        (Mode::Whisper, &whisper),
        (Mode::Barge, &barge),
        (Mode::Whisper, &whisper),
        (Mode::Listen, &listen),
        (Mode::Barge, &barge),
        (Mode::Listen, &listen),
    ] {
        talk.switch(&boss, from, to).await;
        assert_eq!(heard().await, *expected, "{from:?} to {to:?}");
        from = to;
    }
    let requests = talk.scene.sandbox.requests();
    let supervising = requests
        .iter()
        .filter(|request| request.form.iter().any(|(name, _)| name == "Coaching"));
    for request in supervising {
        for name in ["Muted", "Coaching", "CallSidToCoach"] {
            assert!(request.form.iter().any(|(field, _)| field == name), "{name} is not sent");
        }
    }
}

#[tokio::test]
async fn the_way_back_from_barge_mutes_first_and_stops_where_that_fails() {
    let talk = Talk::begin().await;
    let boss = talk.supervisor().await;
    talk.switch(&boss, Mode::Listen, Mode::Barge).await;
    let before = talk.scene.sandbox.requests().len();
    talk.switch(&boss, Mode::Barge, Mode::Whisper).await;
    let muted: Vec<String> = talk.scene.sandbox.requests()[before..]
        .iter()
        .map(|request| request.form.iter().find(|(name, _)| name == "Muted").unwrap().1.clone())
        .collect();
    assert_eq!(muted, ["true", "false"]);
    talk.switch(&boss, Mode::Whisper, Mode::Barge).await;
    talk.scene.fault(json!({"kind": "down", "times": 1})).await;
    let before = talk.scene.sandbox.requests().len();
    let switch = Switch {
        from: Mode::Barge,
        to: Mode::Whisper,
        agent: talk.agent.leg.clone(),
    };
    let outcome = talk.scene.twilio.set_supervision(&boss, switch).await;
    assert_eq!(outcome, CallOutcome::Unknown(Doubt::CarrierFailed { status: 503 }));
    assert_eq!(talk.scene.sandbox.requests().len(), before + 1, "nothing follows on a failed mute");
}

#[tokio::test]
async fn who_supervises_an_agent_that_is_not_there_is_refused() {
    let talk = Talk::begin().await;
    let stranger = LegId::from("CA00000000000000000000000000000009");
    let entry = Entry::Supervisor { agent: stranger.clone() };
    let refused = talk
        .scene
        .twilio
        .add_leg(plan(&talk.scene), leg(&talk.scene, "leg_boss", BOSS, entry))
        .await;
    assert_eq!(reason(refused), CallRefusedReason::AgentNotThere);
    let boss = talk.supervisor().await;
    let switch = Switch {
        from: Mode::Listen,
        to: Mode::Whisper,
        agent: stranger,
    };
    let refused = talk.scene.twilio.set_supervision(&boss, switch).await;
    assert_eq!(reason(refused), CallRefusedReason::AgentNotThere);
    assert_eq!(talk.hears("leg_outside").await, ["leg_agent"]);
}

#[tokio::test]
async fn a_whispering_supervisor_whose_agent_left_must_be_muted_at_once() {
    let talk = Talk::begin().await;
    let boss = talk.supervisor().await;
    talk.switch(&boss, Mode::Listen, Mode::Whisper).await;
    accepted(talk.scene.twilio.hang_up(&talk.agent.leg).await);
    assert_eq!(
        talk.hears("leg_outside").await,
        ["leg_boss"],
        "the sandbox takes what is worst for us"
    );
    accepted(talk.scene.twilio.set_microphone(&boss, Microphone::Muted).await);
    assert_eq!(talk.hears("leg_outside").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_call_is_handed_on_and_the_first_agent_goes_without_ending_it() {
    let talk = Talk::begin().await;
    let to = leg(&talk.scene, "leg_second", SECOND_AGENT, STAYS);
    let second = accepted(talk.scene.twilio.transfer(&talk.agent, plan(&talk.scene), to).await);
    assert_eq!(second.conference, talk.agent.conference);
    talk.scene.answers(SECOND_AGENT).await;
    accepted(talk.scene.twilio.hang_up(&talk.agent.leg).await);
    assert_eq!(talk.hears("leg_outside").await, ["leg_second"]);
    let labels: Vec<_> = talk
        .scene
        .twilio
        .seated(&second.conference)
        .await
        .unwrap()
        .into_iter()
        .map(|leg| leg.label)
        .collect();
    assert_eq!(labels, [Some("leg_outside".to_owned()), Some("leg_second".to_owned())]);
}

#[tokio::test]
async fn mute_hold_and_announcements_reach_who_they_are_for() {
    let talk = Talk::begin().await;
    accepted(talk.scene.twilio.set_microphone(&talk.agent, Microphone::Muted).await);
    assert_eq!(talk.hears("leg_outside").await, Vec::<String>::new());
    accepted(talk.scene.twilio.set_microphone(&talk.agent, Microphone::Open).await);
    let held = Line::Held {
        music: Some(talk.scene.firm.url("/music.mp3")),
    };
    accepted(talk.scene.twilio.set_line(&talk.outside, held).await);
    assert_eq!(talk.hears("leg_agent").await, Vec::<String>::new());
    accepted(talk.scene.twilio.set_line(&talk.outside, Line::Open).await);
    assert_eq!(talk.hears("leg_agent").await, ["leg_outside"]);
    let (one, all) = (talk.scene.firm.url("/one.mp3"), talk.scene.firm.url("/all.mp3"));
    let audience = Audience::Leg(talk.outside.leg.clone());
    accepted(talk.scene.twilio.announce(&talk.agent.conference, audience, &one).await);
    accepted(talk.scene.twilio.announce(&talk.agent.conference, Audience::Everyone, &all).await);
    assert_eq!(talk.scene.calls(JANE).await[0]["heard"], json!([one, all]));
    assert_eq!(talk.scene.calls(AGENT).await[0]["heard"], json!([all]));
    let events: Vec<ConferenceEvent> = talk.scene.firm.told("/room", 9).await;
    let mut roll = ConferenceRoll::default();
    for event in events.iter().rev() {
        roll.note(event);
    }
    assert!(roll.is_running() && roll.seated().count() == 2 && roll.seated().all(|seat| !seat.muted && !seat.held));
}

#[tokio::test]
async fn when_the_outside_party_hangs_up_all_is_over_and_everybody_is_told_once() {
    let talk = Talk::begin().await;
    talk.supervisor().await;
    talk.scene.at_phone(JANE, talk.outside.leg.as_str(), "hang-up", json!({})).await;
    for phone in [JANE, AGENT, BOSS] {
        talk.scene.call_is(phone, "completed").await;
    }
    let events: Vec<ConferenceEvent> = talk.scene.firm.told("/room", 8).await;
    let ends = events.iter().filter_map(|event| match &event.change {
        ConferenceChange::Ended { reason, by } => Some((*reason, by.clone())),
        _ => None,
    });
    assert_eq!(
        ends.collect::<Vec<_>>(),
        [(Some(EndedReason::EndingLegLeft), Some(talk.outside.leg.clone()))]
    );
    let mut sequences: Vec<u32> = events.iter().map(|event| event.sequence).collect();
    assert!(sequences.is_sorted(), "without a fault they come in order");
    sequences.dedup();
    assert_eq!(sequences.len(), events.len());
    let told: Vec<LegStatus> = talk.scene.firm.told("/leg", 12).await;
    let ended = told
        .iter()
        .filter(|told| matches!(told.status, CarrierStatus::Completed { talked: Some(_) }));
    assert_eq!(ended.count(), 3);
    let state = talk.scene.twilio.conference("call_0190").await.unwrap().unwrap().state;
    assert_eq!(state, ConferenceState::Completed);
}

#[tokio::test]
async fn a_call_is_ended_for_all_by_us() {
    let talk = Talk::begin().await;
    accepted(talk.scene.twilio.end(&talk.agent.conference).await);
    talk.scene.call_is(JANE, "completed").await;
    talk.scene.call_is(AGENT, "completed").await;
    let late = talk.scene.twilio.set_microphone(&talk.agent, Microphone::Muted).await;
    assert_eq!(reason(late), CallRefusedReason::Gone);
}

#[tokio::test]
async fn who_declines_does_not_answer_or_is_given_up_is_told_by_its_word() {
    let scene = Scene::set().await;
    for (phone, label) in [(JANE, "leg_busy"), (JOHN, "leg_given_up")] {
        // A conference each: with early media a callee who declines has been in it, and may end it.
        let own = ConferencePlan {
            name: label.to_owned(),
            ..plan(&scene)
        };
        accepted(scene.twilio.add_leg(own, leg(&scene, label, phone, ENDS)).await);
    }
    let rings = scene.call_is(JANE, "ringing").await;
    scene.at_phone(JANE, &rings, "decline", json!({})).await;
    let rings = scene.call_is(JOHN, "ringing").await;
    accepted(scene.twilio.hang_up(&LegId::from(rings.as_str())).await);
    let told: Vec<LegStatus> = scene.firm.told("/leg", 6).await;
    let last = |label: &str| told.iter().rfind(|told| told.label.as_deref() == Some(label)).unwrap();
    assert_eq!(
        (last("leg_busy").status, last("leg_busy").sip_response),
        (CarrierStatus::Busy, Some(486))
    );
    assert_eq!(last("leg_given_up").status, CarrierStatus::Canceled);
    scene.fault(json!({"kind": "fail_delivery", "times": 1})).await;
    accepted(scene.twilio.add_leg(plan(&scene), leg(&scene, "leg_failed", JANE, ENDS)).await);
    scene.call_is(JANE, "failed").await;
}

#[tokio::test]
async fn a_leg_is_recorded_paused_fetched_and_deleted() {
    let talk = Talk::begin().await;
    let new = NewRecording {
        label: "recording_1".to_owned(),
        status_callback: talk.scene.firm.url("/recording"),
    };
    let id = accepted(talk.scene.twilio.record(&talk.outside.leg, new).await);
    for order in [RecordingOrder::Pause, RecordingOrder::Resume] {
        accepted(talk.scene.twilio.steer_recording(&talk.outside.leg, &id, order).await);
    }
    let (twilio, leg) = (&talk.scene.twilio, &talk.outside.leg);
    assert!(
        matches!(twilio.fetch_recording(&id).await, Err(CarrierError::NotFound)),
        "it is not complete"
    );
    talk.scene.post("/clock", &json!({"advance_seconds": 3})).await;
    accepted(twilio.steer_recording(leg, &id, RecordingOrder::Stop).await);
    let again = twilio.steer_recording(leg, &id, RecordingOrder::Stop).await;
    assert_eq!(reason(again), CallRefusedReason::WrongState);
    let listed = twilio.recordings(leg).await.unwrap();
    assert_eq!(
        (listed.len(), listed[0].state, listed[0].channels),
        (1, RecordingState::Completed, 2)
    );
    assert!(listed[0].seconds.unwrap() >= 3);
    let told: Vec<RecordingStatus> = talk.scene.firm.told("/recording", 2).await;
    assert_eq!(told[0].state, RecordingState::InProgress);
    assert_eq!(
        (told[1].state, told[1].channels, told[1].label.as_deref()),
        (RecordingState::Completed, 2, Some("recording_1"))
    );
    assert_eq!(told[1].of, RecordedWhat::Leg(leg.clone()));
    assert_ne!(told[0].dedupe_key(), told[1].dedupe_key());
    let mut audio = twilio.fetch_recording(&id).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(chunk) = audio.bytes.next().await {
        bytes.extend(chunk.unwrap());
    }
    assert_eq!(
        (audio.content_type.as_str(), audio.length),
        ("audio/x-wav", Some(bytes.len() as u64))
    );
    assert!(bytes.starts_with(b"RIFF") && bytes.len() > 2 * 8000 * 3);
    twilio.delete_recording(&id).await.unwrap();
    twilio.delete_recording(&id).await.unwrap();
    assert_eq!(twilio.recordings(leg).await.unwrap(), []);
}

#[tokio::test]
async fn each_outcome_of_a_leg_is_told_as_it_is_and_an_unknown_one_can_be_found() {
    let scene = Scene::set().await;
    let ring = async || scene.twilio.add_leg(plan(&scene), leg(&scene, "leg_outside", JANE, ENDS)).await;
    scene.fault(json!({"kind": "rate_limit", "times": 1})).await;
    let CallOutcome::Refused(refusal) = ring().await else { panic!() };
    assert_eq!(
        (refusal.reason, refusal.retry),
        (CallRefusedReason::RateLimited, Retry::After(Duration::from_secs(1)))
    );
    for (code, expected) in [
        (21211, CallRefusedReason::InvalidNumber),
        (21210, CallRefusedReason::CallerNotCapable),
        (21215, CallRefusedReason::NotAllowed),
        (10004, CallRefusedReason::Full),
        (99999, CallRefusedReason::Other),
    ] {
        scene.fault(json!({"kind": "refuse_send", "code": code, "times": 1})).await;
        assert_eq!(reason(ring().await), expected, "{code}");
    }
    scene.fault(json!({"kind": "error_before_create", "status": 502, "times": 1})).await;
    assert_eq!(ring().await, CallOutcome::Unknown(Doubt::CarrierFailed { status: 502 }));
    scene.fault(json!({"kind": "drop_before_create", "times": 1})).await;
    assert_eq!(ring().await, CallOutcome::Unknown(Doubt::Broken));
    assert!(scene.calls(JANE).await.is_empty(), "so far nobody was rung");
    scene.fault(json!({"kind": "answer_nonsense", "times": 1})).await;
    assert_eq!(ring().await, CallOutcome::Unknown(Doubt::Nonsense));
    assert_eq!(reason(ring().await), CallRefusedReason::LabelTaken, "the earlier try was accepted");
    let told: Vec<LegStatus> = scene.firm.told("/leg", 1).await;
    let conference = scene.twilio.conference("call_0190").await.unwrap().unwrap().conference;
    let seated = scene.twilio.seated(&conference).await.unwrap();
    assert_eq!((seated[0].label.as_deref(), &seated[0].leg), (Some("leg_outside"), &told[0].leg));
    let query = CallQuery {
        to: Some(number(JANE)),
        direction: Some(Direction::Outbound),
        ..CallQuery::default()
    };
    let listed = scene.twilio.calls(query).await.unwrap();
    assert!(listed.items.len() == 1 && listed.items[0].leg == told[0].leg && listed.next.is_none());
    assert!(!format!("{listed:?}").contains(JANE));
    let foreign = NewLeg {
        from: number(FOREIGN),
        ..leg(&scene, "leg_other", JANE, ENDS)
    };
    assert_eq!(
        reason(scene.twilio.add_leg(plan(&scene), foreign).await),
        CallRefusedReason::CallerNotCapable
    );
}

#[tokio::test]
async fn a_slow_carrier_an_absent_one_and_ids_that_are_none_do_no_harm() {
    let scene = Scene::set().await;
    scene.fault(json!({"kind": "slow", "ms": 2000, "times": 1})).await;
    let hasty = adapter(scene.sandbox.base(), Duration::from_millis(200));
    let outcome = hasty.add_leg(plan(&scene), leg(&scene, "leg_outside", JANE, ENDS)).await;
    assert_eq!(outcome, CallOutcome::Unknown(Doubt::TimedOut));
    scene.call_is(JANE, "ringing").await;
    let absent = adapter("http://127.0.0.1:9", Duration::from_secs(1));
    let started = absent
        .start(NewCall {
            conference: plan(&scene),
            agent: leg(&scene, "leg_agent", AGENT, STAYS),
            outside: leg(&scene, "leg_outside", JANE, ENDS),
        })
        .await;
    assert_eq!((started.agent, started.outside), (CallOutcome::NotSent, None));
    let before = scene.sandbox.requests().len();
    let odd = Seat {
        conference: ConferenceId::from("../../Messages"),
        leg: LegId::from("CA1?x="),
    };
    assert_eq!(
        reason(scene.twilio.set_microphone(&odd, Microphone::Muted).await),
        CallRefusedReason::Gone
    );
    assert_eq!(reason(scene.twilio.hang_up(&odd.leg).await), CallRefusedReason::Gone);
    assert_eq!(reason(scene.twilio.end(&odd.conference).await), CallRefusedReason::Gone);
    assert_eq!(scene.twilio.leg(&odd.leg).await, Err(CarrierError::NotFound));
    assert_eq!(scene.sandbox.requests().len(), before, "nothing is asked for them");
}

#[tokio::test]
async fn callbacks_that_are_doubled_late_or_reordered_come_to_the_same() {
    let scene = Scene::set().await;
    scene
        .fault(json!({"kind": "callback_duplicate", "probability": 0.5, "seed": 1}))
        .await;
    scene
        .fault(json!({"kind": "callback_reorder", "probability": 0.4, "seed": 2, "ms": 150}))
        .await;
    let call = NewCall {
        conference: plan(&scene),
        agent: leg(&scene, "leg_agent", AGENT, STAYS),
        outside: leg(&scene, "leg_outside", JANE, ENDS),
    };
    let started = scene.twilio.start(call).await;
    let agent = accepted(started.agent);
    scene.answers(AGENT).await;
    scene.answers(JANE).await;
    for microphone in [Microphone::Muted, Microphone::Open, Microphone::Muted] {
        accepted(scene.twilio.set_microphone(&agent, microphone).await);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let events: Vec<ConferenceEvent> = scene.firm.told("/room", 6).await;
    assert!(!events.iter().map(|event| event.sequence).is_sorted(), "the faults strike");
    let mut roll = ConferenceRoll::default();
    for event in &events {
        roll.note(event);
    }
    let seated: Vec<_> = roll.seated().map(|seat| (seat.label.clone().unwrap(), seat.muted)).collect();
    assert!(seated.len() == 2 && seated.contains(&("leg_agent".to_owned(), true)) && seated.contains(&("leg_outside".to_owned(), false)));
    let keys: std::collections::BTreeSet<String> = events.iter().map(ConferenceEvent::dedupe_key).collect();
    assert_eq!(keys.len(), 6);
}
