//! Twilio's public description of its interface, reduced to what matters here: our adapter sends nothing that it does not
//! know, and the sandbox answers in its shape.

use casewire_carriers::calls::{
    Audience, CallOutcome, CallQuery, Entry, Line, Microphone, NewCall, NewRecording, OnExit, RecordingOrder, Seat, Switch, VoiceCarrier,
};
use casewire_carriers::carrier::{Carrier, OutboundText, TextQuery};
use casewire_carriers::sandbox::RecordedRequest;
use casewire_core::calls::Mode;
use casewire_core::time::Timestamp;
use serde_json::{Map, Value};

use super::calling::{leg, plan};
use super::scene::{ACCOUNT, FIRM, JANE, START, Scene, TOKEN, number};

fn description() -> Value {
    serde_json::from_str(include_str!("data/twilio_api_fields.json")).unwrap()
}

/// The operation that the public description has for a request, with the names in its path filled in.
fn operation<'a>(description: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    description["operations"].as_array().unwrap().iter().find(|operation| {
        let template: Vec<&str> = operation["path"].as_str().unwrap().split('/').collect();
        let given: Vec<&str> = path.split('/').collect();
        let fits = |template: &str, given: &str| match template.split_once('{') {
            None => template == given,
            Some((_, rest)) => given.ends_with(rest.split_once('}').unwrap().1) && (given.len() >= 34 || is_named(method, path)),
        };
        operation["method"] == method
            && template.len() == given.len()
            && template.iter().zip(given).all(|(template, given)| fits(template, given))
    })
}

/// A conference may be named by its name where a participant is created; the description has no pattern on it there.
fn is_named(method: &str, path: &str) -> bool {
    method == "POST" && path.contains("/Conferences/") && path.ends_with("/Participants.json")
}

fn names(operation: &Value, part: &str) -> Vec<String> {
    operation[part]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

fn unknown(description: &Value, request: &RecordedRequest) -> Option<String> {
    let Some(operation) = operation(description, &request.method, &request.path) else {
        return Some(format!("{} {}", request.method, request.path));
    };
    let (query, form) = (names(operation, "query"), names(operation, "form"));
    let stray_query = request.query.iter().find(|(name, _)| !query.contains(name));
    let stray_form = request.form.iter().find(|(name, _)| !form.contains(name));
    stray_query.or(stray_form).map(|(name, _)| name.clone())
}

#[tokio::test]
async fn the_adapter_sends_no_path_and_no_field_that_the_public_description_does_not_know() {
    let scene = Scene::set().await;
    let media = vec!["https://h/1.png".to_owned(), "https://h/2.png".to_owned()];
    scene
        .twilio
        .send_text(OutboundText {
            media,
            ..scene.text("hello")
        })
        .await;
    let sid = scene.accepted("hello").await;
    scene.twilio.text(&sid).await.unwrap();
    scene.twilio.media(&sid).await.unwrap();
    for round in 0..201 {
        scene.writes(JANE, FIRM, &round.to_string()).await;
    }
    let everything = TextQuery {
        to: Some(number(FIRM)),
        from: Some(number(JANE)),
        sent_after: Some(Timestamp::from_micros(START)),
        sent_before: Some(Timestamp::from_micros(START + 3_600_000_000)),
        ..TextQuery::default()
    };
    let first = scene.twilio.texts(everything).await.unwrap();
    assert!(first.next.is_some());
    scene
        .twilio
        .texts(TextQuery {
            page: first.next,
            ..TextQuery::default()
        })
        .await
        .unwrap();
    scene.twilio.check_credentials().await.unwrap();
    scene.twilio.numbers().await.unwrap();
    let (description, requests) = (description(), scene.sandbox.requests());
    assert_eq!(requests.len(), 8);
    for request in &requests {
        assert_eq!(unknown(&description, request), None);
        assert!(
            request.headers.iter().all(|name| !name.contains("twilio")),
            "there are no header parameters"
        );
    }
    let mut misspelt = requests[0].clone();
    misspelt.form[0].0 = "Too".to_owned();
    assert_eq!(unknown(&description, &misspelt).as_deref(), Some("Too"), "the check sees nothing");
    misspelt.path = misspelt.path.replace("Messages", "Mesages");
    assert!(unknown(&description, &misspelt).is_some(), "the check sees nothing");
}

fn seat(outcome: CallOutcome<Seat>) -> Seat {
    outcome.accepted().unwrap()
}

async fn give_each_order_about_recordings(scene: &Scene, outside: &Seat) {
    let twilio = &scene.twilio;
    let recording = NewRecording {
        label: "recording_1".to_owned(),
        status_callback: scene.firm.url("/recording"),
    };
    let recording = twilio.record(&outside.leg, recording).await.accepted().unwrap();
    for order in [RecordingOrder::Pause, RecordingOrder::Resume, RecordingOrder::Stop] {
        twilio.steer_recording(&outside.leg, &recording, order).await.accepted().unwrap();
    }
    twilio.recordings(&outside.leg).await.unwrap();
    twilio.delete_recording(&recording).await.unwrap();
}

#[tokio::test]
async fn no_order_and_no_question_about_calls_has_a_path_or_field_that_the_public_description_does_not_know() {
    let scene = Scene::set().await;
    let twilio = &scene.twilio;
    let speaker = |on_exit| Entry::Speaker { on_exit };
    let call = NewCall {
        conference: plan(&scene),
        agent: leg(&scene, "leg_agent", "client:agent_1", speaker(OnExit::Stay)),
        outside: leg(&scene, "leg_outside", JANE, speaker(OnExit::EndCall)),
    };
    let started = twilio.start(call).await;
    let (agent, outside) = (seat(started.agent), seat(started.outside.unwrap()));
    let entry = Entry::Supervisor { agent: agent.leg.clone() };
    let boss = seat(twilio.add_leg(plan(&scene), leg(&scene, "leg_boss", "client:boss", entry)).await);
    scene.answers("client:agent_1").await;
    scene.answers(JANE).await;
    for (from, to) in [
        (Mode::Listen, Mode::Whisper),
        (Mode::Whisper, Mode::Barge),
        (Mode::Barge, Mode::Whisper),
    ] {
        let agent = agent.leg.clone();
        twilio.set_supervision(&boss, Switch { from, to, agent }).await.accepted().unwrap();
    }
    let next = leg(&scene, "leg_second", "client:agent_2", speaker(OnExit::Stay));
    seat(twilio.transfer(&agent, plan(&scene), next).await);
    twilio.set_microphone(&agent, Microphone::Muted).await.accepted().unwrap();
    let music = Some("https://h/wait.mp3".to_owned());
    twilio.set_line(&outside, Line::Held { music }).await.accepted().unwrap();
    twilio.set_line(&outside, Line::Open).await.accepted().unwrap();
    for audience in [Audience::Everyone, Audience::Leg(agent.leg.clone())] {
        twilio
            .announce(&agent.conference, audience, "https://h/a.mp3")
            .await
            .accepted()
            .unwrap();
    }
    give_each_order_about_recordings(&scene, &outside).await;
    twilio.leg(&outside.leg).await.unwrap();
    let query = CallQuery {
        to: Some(number(JANE)),
        from: Some(number(FIRM)),
        started_after: Some(Timestamp::from_micros(START)),
        ..CallQuery::default()
    };
    assert_eq!(twilio.calls(query).await.unwrap().items.len(), 1);
    twilio.conference("call_0190").await.unwrap().unwrap();
    twilio.seated(&agent.conference).await.unwrap();
    twilio.send_on(&agent.leg, "https://h/next").await.accepted().unwrap();
    twilio.hang_up(&agent.leg).await.accepted().unwrap();
    twilio.end(&agent.conference).await.accepted().unwrap();
    let (description, requests) = (description(), scene.sandbox.requests());
    assert_eq!(requests.len(), 27);
    for request in &requests {
        assert_eq!(unknown(&description, request), None);
    }
    let mut misspelt = requests[0].clone();
    misspelt.form[0].0 = "Coach".to_owned();
    assert_eq!(unknown(&description, &misspelt).as_deref(), Some("Coach"), "the check sees nothing");
}

#[tokio::test]
async fn the_sandbox_answers_about_calls_in_the_shape_of_the_public_description() {
    let scene = Scene::set().await;
    let entry = Entry::Speaker { on_exit: OnExit::EndCall };
    let outside = seat(scene.twilio.add_leg(plan(&scene), leg(&scene, "leg_outside", JANE, entry)).await);
    scene.answers(JANE).await;
    let recording = NewRecording {
        label: "recording_1".to_owned(),
        status_callback: scene.firm.url("/recording"),
    };
    let recording = scene.twilio.record(&outside.leg, recording).await.accepted().unwrap();
    let description = description();
    let (call, room) = (outside.leg.as_str(), outside.conference.as_str());
    let of_call = format!("Calls/{call}");
    let of_room = format!("Conferences/{room}");
    let mut asked = vec![
        ("ListCallResponse", "Calls.json?PageSize=1".to_owned()),
        ("call", format!("{of_call}.json")),
        ("ListCallRecordingResponse", format!("{of_call}/Recordings.json")),
        ("call_recording", format!("{of_call}/Recordings/{recording}.json")),
        ("ListConferenceResponse", "Conferences.json".to_owned()),
        ("conference", format!("{of_room}.json")),
        ("ListParticipantResponse", format!("{of_room}/Participants.json")),
        ("participant", format!("{of_room}/Participants/leg_outside.json")),
        ("ListConferenceRecordingResponse", format!("{of_room}/Recordings.json")),
        ("ListRecordingResponse", "Recordings.json".to_owned()),
        ("recording", format!("Recordings/{recording}.json")),
        ("incoming_phone_number", format!("IncomingPhoneNumbers/PN{:032x}.json", 1)),
    ];
    for over in [false, true] {
        for (schema, path) in &asked {
            let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/{path}", scene.sandbox.base());
            let answer = scene.http.get(url).basic_auth(ACCOUNT, Some(TOKEN)).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(faults(&description, schema, &answer), Vec::<String>::new(), "{over}");
        }
        scene.twilio.end(&outside.conference).await;
        asked.retain(|(schema, _)| *schema != "participant");
    }
}

/// What is wrong with an answer by a schema: stray and missing fields, wrong types, unknown words.
fn faults(description: &Value, schema: &str, answer: &Value) -> Vec<String> {
    let fields = description["schemas"][schema].as_object().unwrap();
    let answer = answer.as_object().unwrap();
    let stray = answer
        .keys()
        .filter(|name| !fields.contains_key(*name))
        .map(|name| format!("{schema}.{name} is unknown"));
    let mut found: Vec<String> = stray.collect();
    for (name, field) in fields {
        match answer.get(name) {
            None => found.push(format!("{schema}.{name} is missing")),
            Some(value) => found.extend(fault(description, field, value).map(|what| format!("{schema}.{name} {what}"))),
        }
    }
    found
}

fn fault(description: &Value, field: &Value, value: &Value) -> Option<String> {
    let right = match (field["type"].as_str().unwrap(), value) {
        (_, Value::Null) => return (field["nullable"] != true && field.get("enum").is_none()).then(|| "is null".to_owned()),
        ("string", Value::String(text)) => field
            .get("enum")
            .is_none_or(|words| words.as_array().unwrap().iter().any(|word| word == text)),
        ("integer", value) => value.is_i64(),
        ("boolean", value) => value.is_boolean(),
        ("object", value) => value.is_object(),
        ("array", Value::Array(items)) => {
            let schema = field["items"].as_str().unwrap();
            return items.iter().flat_map(|item| faults(description, schema, item)).next();
        }
        _ => false,
    };
    (!right).then(|| format!("is {value}"))
}

#[tokio::test]
async fn the_sandbox_answers_in_the_shape_of_the_public_description() {
    let scene = Scene::set().await;
    let media = vec!["https://h/1.png".to_owned()];
    scene
        .twilio
        .send_text(OutboundText {
            media,
            ..scene.text("hello")
        })
        .await;
    scene.writes(JANE, FIRM, "inbound").await;
    let account = format!("/2010-04-01/Accounts/{ACCOUNT}");
    let ask = async |path: &str| -> Value {
        let request = scene
            .http
            .get(format!("{}{path}", scene.sandbox.base()))
            .basic_auth(ACCOUNT, Some(TOKEN));
        let answer = request.send().await.unwrap();
        assert!(answer.headers().contains_key("twilio-request-id"));
        answer.json().await.unwrap()
    };
    let list = ask(&format!("{account}/Messages.json?PageSize=1")).await;
    assert!(list["next_page_uri"].is_string());
    let sent = ask(list["next_page_uri"].as_str().unwrap()).await["messages"][0].clone();
    let media = ask(sent["subresource_uris"]["media"].as_str().unwrap()).await;
    let description = description();
    let answers = [
        ("ListMessageResponse", list),
        ("message", ask(sent["uri"].as_str().unwrap()).await),
        ("ListMediaResponse", media.clone()),
        ("media", ask(media["media_list"][0]["uri"].as_str().unwrap()).await),
        (
            "ListIncomingPhoneNumberResponse",
            ask(&format!("{account}/IncomingPhoneNumbers.json")).await,
        ),
        ("account", ask(&format!("{account}.json")).await),
    ];
    for (schema, answer) in &answers {
        assert_eq!(faults(&description, schema, answer), Vec::<String>::new());
    }
    let mut misspelt: Map<String, Value> = sent.as_object().unwrap().clone();
    misspelt.insert("status".to_owned(), "qeued".into());
    misspelt.insert("numSegments".to_owned(), "1".into());
    misspelt.remove("sid");
    assert_eq!(faults(&description, "message", &misspelt.into()).len(), 3, "the check sees nothing");
}

#[tokio::test]
async fn problems_have_twilios_shape() {
    let scene = Scene::set().await;
    let account = format!("/2010-04-01/Accounts/{ACCOUNT}");
    let cases = [
        (
            "GET",
            format!("{account}/Messages/SM00000000000000000000000000000000.json"),
            Some(TOKEN),
            404,
            20404,
        ),
        ("GET", format!("{account}/Mesages.json"), Some(TOKEN), 404, 20404),
        ("GET", format!("{account}/Messages.json"), None, 401, 20003),
        ("GET", format!("{account}/Messages.json"), Some("wrong"), 401, 20003),
        ("DELETE", format!("{account}/Messages.json"), Some(TOKEN), 405, 20004),
        ("POST", format!("{account}/Messages.json"), Some(TOKEN), 400, 21604),
        ("GET", "/elsewhere".to_owned(), Some(TOKEN), 401, 20003),
    ];
    for (method, path, token, status, code) in cases {
        let mut request = scene
            .http
            .request(method.parse().unwrap(), format!("{}{path}", scene.sandbox.base()));
        if let Some(token) = token {
            request = request.basic_auth(ACCOUNT, Some(token));
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], code, "{method} {path}");
        assert_eq!(problem["status"], status, "{method} {path}");
        assert_eq!(
            problem["more_info"],
            format!("https://www.twilio.com/docs/errors/{code}"),
            "{method} {path}"
        );
        assert!(
            problem["message"].is_string() && problem.as_object().unwrap().len() == 4,
            "{method} {path}"
        );
    }
}
