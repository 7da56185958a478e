//! Webhooks that the sandbox signs and our verifier believes: inbound texts, delivery states, retries, media, STOP.

use std::sync::atomic::Ordering;

use casewire_carriers::carrier::{Carrier, HandOver, RefusedReason};
use casewire_carriers::twilio::webhook::{Webhook, WebhookRefusal};
use casewire_core::messaging::delivery::DeliveryState;
use serde_json::json;

use super::scene::{ACCOUNT, FIRM, JANE, Scene, TOKEN, until};

fn states(webhooks: &[Webhook]) -> Vec<DeliveryState> {
    webhooks
        .iter()
        .map(|webhook| match webhook {
            Webhook::TextStatus(status) => status.state,
            Webhook::InboundText(_) => panic!("a text"),
        })
        .collect()
}

#[tokio::test]
async fn a_handsets_text_arrives_signed_with_every_character() {
    let scene = Scene::set().await;
    let body = "  Grüße 😀\n& % + = \u{202e}?  ";
    let sid = scene.writes(JANE, FIRM, body).await;
    let webhooks = scene.firm.verified(1).await;
    let Webhook::InboundText(text) = &webhooks[0] else {
        panic!("a status")
    };
    assert_eq!(
        (text.provider_id.as_str(), text.account.as_str(), text.body.as_str()),
        (sid.as_str(), ACCOUNT, body)
    );
    assert_eq!((text.from.expose(), text.to.expose(), text.segments), (JANE, FIRM, Some(1)));
    let mut forged = scene.firm.noted().remove(0);
    forged.body.extend_from_slice(b"&Body=more");
    assert_eq!(scene.firm.verify(&forged).unwrap_err(), WebhookRefusal::BadSignature);
    forged = scene.firm.noted().remove(0);
    forged.path_and_query.push_str("?m=part_1");
    assert_eq!(scene.firm.verify(&forged).unwrap_err(), WebhookRefusal::BadSignature);
}

#[tokio::test]
async fn a_delivered_text_tells_sent_then_delivered_with_our_part() {
    let scene = Scene::set().await;
    let provider_id = scene.accepted("hello").await;
    let webhooks = scene.firm.verified(2).await;
    assert_eq!(states(&webhooks), [DeliveryState::Sent, DeliveryState::Delivered]);
    for webhook in webhooks {
        let Webhook::TextStatus(status) = webhook else { panic!("a text") };
        assert_eq!((status.provider_id, status.part), (provider_id.clone(), Some(scene.text("").part)));
    }
    assert_eq!(scene.twilio.text(&provider_id).await.unwrap().state, Some(DeliveryState::Delivered));
    assert_eq!(scene.reads(JANE).await[0]["body"], "hello");
}

#[tokio::test]
async fn a_webhook_is_tried_again_with_the_same_token_and_then_given_up() {
    let scene = Scene::set().await;
    scene.firm.answers.store(503, Ordering::SeqCst);
    scene.writes(JANE, FIRM, "hello").await;
    let noted = scene.firm.webhooks(2).await;
    scene.firm.answers.store(200, Ordering::SeqCst);
    assert!(
        noted
            .windows(2)
            .all(|pair| pair[0].header("i-twilio-idempotency-token") == pair[1].header("i-twilio-idempotency-token"))
    );
    assert!(noted.iter().all(|noted| scene.firm.verify(noted).is_ok()));
    let plain = Scene::with(|config| {
        for number in &mut config.numbers {
            number.sms_url = number.sms_url.split('#').next().unwrap().to_owned();
        }
    })
    .await;
    plain.firm.answers.store(500, Ordering::SeqCst);
    plain.writes(JANE, FIRM, "hello").await;
    plain.firm.webhooks(1).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(plain.firm.noted().len(), 1, "Twilio does not try again on 5xx unless told to");
}

#[tokio::test]
async fn media_of_a_handset_need_our_credentials() {
    let scene = Scene::set().await;
    let media = json!(["data:image/png;base64,iVBORw0KGgo=", "https://pictures.example/cat.jpg"]);
    let (status, _) = scene
        .post(
            &format!("/handsets/{JANE}/messages"),
            &json!({"to": FIRM, "body": "", "media": media}),
        )
        .await;
    assert_eq!(status, 201);
    let webhooks = scene.firm.verified(1).await;
    let Webhook::InboundText(text) = &webhooks[0] else {
        panic!("a status")
    };
    assert!(text.provider_id.as_str().starts_with("MM") && text.body.is_empty());
    assert_eq!(
        text.media.iter().map(|media| media.content_type.as_str()).collect::<Vec<_>>(),
        ["image/png", "image/jpeg"]
    );
    assert_eq!(scene.http.get(&text.media[0].url).send().await.unwrap().status(), 401);
    let picture = scene
        .http
        .get(&text.media[0].url)
        .basic_auth(ACCOUNT, Some(TOKEN))
        .send()
        .await
        .unwrap();
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert_eq!(picture.bytes().await.unwrap().as_ref(), b"\x89PNG\r\n\x1a\n");
}

#[tokio::test]
async fn stop_blocks_first_tells_the_handset_and_still_calls_us_until_start() {
    let scene = Scene::set().await;
    scene.writes(JANE, FIRM, " stop ").await;
    let webhooks = scene.firm.verified(1).await;
    assert!(matches!(&webhooks[0], Webhook::InboundText(text) if text.body == " stop " && text.keyword.is_none()));
    match scene.send("are you there?").await {
        HandOver::Refused(refusal) => assert_eq!((refusal.code, refusal.reason), (Some(21610), RefusedReason::OptedOut)),
        other => panic!("{other:?}"),
    }
    scene.writes(JANE, FIRM, "START").await;
    assert!(matches!(scene.send("welcome back").await, HandOver::Accepted { .. }));
    scene.firm.webhooks(4).await;
    let texts = scene.reads(JANE).await;
    let replies = texts.iter().filter(|text| text["direction"] == "outbound-reply").count();
    assert_eq!((texts.len(), replies), (5, 2));
}

#[tokio::test]
async fn a_text_is_kept_over_a_restart_even_behind_a_torn_line() {
    let folder = std::env::temp_dir().join(format!("casewire-sandbox-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("sandbox.jsonl");
    std::fs::remove_file(&file).ok();
    let first = Scene::with(|config| config.persist = Some(file.clone())).await;
    first.writes(JANE, FIRM, "STOP").await;
    let sid = first.writes(JANE, FIRM, "kept").await;
    first.sandbox.stop().await;
    let mut torn = std::fs::read(&file).unwrap();
    torn.extend_from_slice(b"{\"message\":{\"sid\":\"SM");
    std::fs::write(&file, torn).unwrap();
    let second = Scene::with(|config| config.persist = Some(file.clone())).await;
    let texts = second.reads(JANE).await;
    assert!(texts.iter().any(|text| text["sid"] == sid.as_str()));
    assert!(
        matches!(second.send("hello").await, HandOver::Refused(_)),
        "the block was forgotten"
    );
    second.writes(JANE, FIRM, "after").await;
    second.sandbox.stop().await;
    let third = Scene::with(|config| config.persist = Some(file.clone())).await;
    until(|| !third.firm.noted().is_empty() || third.sandbox.requests().is_empty()).await;
    assert!(third.reads(JANE).await.iter().any(|text| text["body"] == "after"));
    std::fs::remove_dir_all(&folder).unwrap();
}
