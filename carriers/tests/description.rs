//! Twilio's public description of its interface, reduced to what matters here: our adapter sends nothing that it does not
//! know, and the sandbox answers in its shape.

use casewire_carriers::carrier::{Carrier, OutboundText, TextQuery};
use casewire_carriers::sandbox::RecordedRequest;
use casewire_core::time::Timestamp;
use serde_json::{Map, Value};

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
            Some((_, rest)) => given.ends_with(rest.split_once('}').unwrap().1) && given.len() >= 34,
        };
        operation["method"] == method
            && template.len() == given.len()
            && template.iter().zip(given).all(|(template, given)| fits(template, given))
    })
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
