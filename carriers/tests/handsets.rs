//! The outside party's interface and its page: what it takes, what it refuses, that the page describes all of it.

use std::time::Duration;

use casewire_core::time::{Timestamp, micros};
use serde_json::json;

use super::scene::{FIRM, JANE, Scene};

#[tokio::test]
async fn a_handset_shows_both_sides_in_order() {
    let scene = Scene::set().await;
    scene.writes(JANE, FIRM, "first").await;
    scene.accepted("second").await;
    scene.firm.webhooks(3).await;
    scene.writes(JANE, FIRM, "third").await;
    let bodies: Vec<_> = scene
        .reads(JANE)
        .await
        .iter()
        .map(|text| text["body"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(bodies, ["first", "second", "third"]);
    let (_, handsets) = scene.get("/handsets").await;
    assert_eq!(handsets["handsets"], json!([{"number": JANE, "label": "Jane", "messages": 3}]));
    let (_, numbers) = scene.get("/numbers").await;
    assert_eq!(numbers["numbers"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_short_code_and_a_name_can_write_too() {
    let scene = Scene::set().await;
    for sender in ["72345", "BANK", "+1234567890123456", "%2B15551239999"] {
        scene.writes(sender, FIRM, "hello").await;
    }
    let webhooks = scene.firm.verified(4).await;
    assert_eq!(webhooks.len(), 4);
    assert_eq!(scene.reads("+15551239999").await.len(), 1);
}

#[tokio::test]
async fn what_a_handset_cannot_send_is_refused() {
    let scene = Scene::set().await;
    let path = format!("/handsets/{JANE}/messages");
    let cases = [
        (path.clone(), json!({"to": "+15550000000", "body": "x"}), 404, "`to`"),
        (path.clone(), json!({"to": FIRM}), 400, "body"),
        (path.clone(), json!({"to": FIRM, "body": "x", "colour": "red"}), 400, "colour"),
        (path.clone(), json!({"body": "x"}), 400, "to"),
        (path.clone(), json!({"to": FIRM, "body": 7}), 400, "integer"),
        (path.clone(), json!({"to": FIRM, "media": ["file:///etc/passwd"]}), 400, "media"),
        (
            "/handsets/%F0%9F%98%80/messages".to_owned(),
            json!({"to": FIRM, "body": "x"}),
            400,
            "handset",
        ),
    ];
    for (path, body, expected, named) in cases {
        let (status, problem) = scene.post(&path, &body).await;
        assert_eq!(status, expected, "{body}");
        assert!(problem["detail"].as_str().unwrap().contains(named), "{problem}");
    }
    let form = scene
        .http
        .post(format!("{}{path}", scene.sandbox.base()))
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(form.status(), 415, "another site's page could write here");
    assert_eq!(form.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn the_clock_moves_on_for_whoever_gave_it() {
    let scene = Scene::set().await;
    let before: Timestamp = scene.get("/clock").await.1["now"].as_str().unwrap().parse().unwrap();
    let (status, answer) = scene.post("/clock", &json!({"advance_seconds": 172_801})).await;
    assert_eq!(status, 200);
    let after: Timestamp = answer["now"].as_str().unwrap().parse().unwrap();
    assert!(micros(after.since(before)) >= micros(Duration::from_secs(172_801)));
    assert_eq!(scene.post("/clock", &json!({"advance_seconds": -1})).await.0, 400);
    assert_eq!(scene.post("/clock", &json!({"advance_seconds": u64::MAX})).await.0, 400);
    let fixed = Scene::with(|config| config.clock_control = None).await;
    assert_eq!(fixed.post("/clock", &json!({"advance_seconds": 1})).await.0, 409);
}

#[tokio::test]
async fn the_page_allows_nothing_but_its_own_files_and_describes_every_route_and_fault() {
    let scene = Scene::set().await;
    let answer = scene.http.get(scene.sandbox.base()).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    let page = answer.text().await.unwrap();
    assert!(!page.contains("onclick") && !page.contains("style=") && !page.contains("<style"));
    let mut faults: Vec<&str> = Vec::new();
    for text in page.split("<code>").skip(1) {
        faults.push(text.split("</code>").next().unwrap());
    }
    let kinds = serde_json::from_value::<Vec<String>>(json!([
        "down",
        "rate_limit",
        "refuse_send",
        "error_before_create",
        "error_after_create",
        "answer_nonsense",
        "slow",
        "drop_before_create",
        "drop_after_create",
        "callback_duplicate",
        "callback_reorder",
        "callback_drop",
        "callback_delay",
        "inbound_duplicate",
        "inbound_reorder",
        "inbound_drop",
        "fail_delivery"
    ]));
    for kind in kinds.unwrap() {
        assert!(faults.contains(&kind.as_str()), "{kind} is not described");
        scene.fault(json!({"kind": kind, "times": 0})).await;
    }
    for route in [
        "GET /numbers",
        "GET /handsets",
        "POST /handsets/{number}/messages",
        "POST /faults",
        "DELETE /faults",
        "POST /clock",
        "GET /phones?after=N",
        "POST /handsets/{number}/phone/dial",
        "POST /handsets/{number}/phone/answer",
        "POST /handsets/{number}/phone/decline",
    ] {
        assert!(faults.contains(&route), "{route} is not described");
    }
    for file in ["/handsets.js", "/phone.js", "/handsets.css"] {
        assert_eq!(
            scene
                .http
                .get(format!("{}{file}", scene.sandbox.base()))
                .send()
                .await
                .unwrap()
                .status(),
            200
        );
    }
}

#[tokio::test]
async fn a_stopped_sandbox_answers_nobody() {
    let scene = Scene::set().await;
    let base = scene.sandbox.base().to_owned();
    scene.sandbox.stop().await;
    assert!(scene.http.get(base).send().await.is_err());
}
