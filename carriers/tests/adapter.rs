//! The adapter towards a running sandbox, and towards servers that behave worse: every outcome of a hand-over.

use std::net::Ipv4Addr;
use std::time::Duration;

use casewire_carriers::carrier::{
    AccountStatus, Carrier, CarrierError, Direction, Doubt, HandOver, OutboundText, ProviderId, Refusal, RefusedReason, Retry, TextQuery,
};
use casewire_carriers::twilio::webhook::Webhook;
use casewire_carriers::twilio::{Credentials, Secret, Twilio, TwilioConfig, TwilioConfigError};
use casewire_core::messaging::delivery::{self, DeliveryState};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::scene::{ACCOUNT, FIRM, FOREIGN, JANE, Scene, adapter, adapter_with, number};

const PATIENCE: Duration = Duration::from_secs(5);

fn refused(outcome: HandOver) -> Refusal {
    match outcome {
        HandOver::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// A server that reads a request, answers with these bytes and closes.
async fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0_u8; 4096];
            if stream.read(&mut request).await.is_ok() && stream.write_all(bytes).await.is_ok() {
                stream.shutdown().await.ok();
            }
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_text_is_accepted_and_can_be_asked_for() {
    let scene = Scene::set().await;
    let outcome = scene.send("Good morning").await;
    let HandOver::Accepted { provider_id, state } = &outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(*state, DeliveryState::Accepted);
    assert!(matches!(delivery::HandOver::from(&outcome), delivery::HandOver::Accepted { .. }));
    let text = scene.twilio.text(provider_id).await.unwrap();
    assert_eq!(
        (text.body.as_str(), text.direction, text.segments),
        ("Good morning", Direction::Outbound, Some(1))
    );
    assert_eq!(text.to.expose(), JANE);
    assert!(!format!("{text:?} {:?}", scene.text("Good morning")).contains("Good"));
}

#[tokio::test]
async fn media_go_out_as_repeated_fields_and_the_callback_carries_our_part() {
    let scene = Scene::set().await;
    let media = vec![
        "https://files.example/a.jpg".to_owned(),
        "https://files.example/b.pdf?x=1&y=2".to_owned(),
    ];
    let callback = format!("{}?tenant=7", scene.callback());
    let text = OutboundText {
        media: media.clone(),
        part: "part_ü&=".to_owned(),
        status_callback: callback.clone(),
        ..scene.text("")
    };
    assert!(matches!(scene.twilio.send_text(text).await, HandOver::Accepted { provider_id, .. } if provider_id.as_str().starts_with("MM")));
    let requests = scene.sandbox.requests();
    let values = |name: &str| {
        requests[0]
            .form
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| value.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(values("MediaUrl"), media);
    assert_eq!(
        values("StatusCallback"),
        [format!("{callback}&m=part%5F%C3%BC%26%3D#rc=3&rp=all&rt=4000&ct=2000")]
    );
    assert!(requests[0].headers.iter().all(|name| !name.contains("idempotency")));
}

#[tokio::test]
async fn the_media_of_a_text_are_listed_by_the_addresses_that_a_webhook_names() {
    let scene = Scene::set().await;
    let sent = json!({"to": FIRM, "body": "", "media": ["data:image/png;base64,iVBORw0KGgo=", "https://pictures.example/cat.jpg"]});
    let (_, answer) = scene.post(&format!("/handsets/{JANE}/messages"), &sent).await;
    let webhooks = scene.firm.verified(1).await;
    let Webhook::InboundText(text) = &webhooks[0] else {
        panic!("a status")
    };
    let listed = scene
        .twilio
        .media(&ProviderId::from(answer["sid"].as_str().unwrap()))
        .await
        .unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed == text.media, "the list and the webhook differ");
}

#[tokio::test]
async fn each_refusal_is_told_by_its_meaning() {
    let scene = Scene::set().await;
    let cases = [
        (21211, RefusedReason::InvalidNumber),
        (21610, RefusedReason::OptedOut),
        (21606, RefusedReason::SenderNotCapable),
        (21212, RefusedReason::SenderNotCapable),
        (21614, RefusedReason::ReceiverNotCapable),
        (21612, RefusedReason::ReceiverNotCapable),
        (21635, RefusedReason::Landline),
        (21408, RefusedReason::RegionOff),
        (21617, RefusedReason::TooLong),
        (21602, RefusedReason::Empty),
        (20003, RefusedReason::Unauthorized),
        (29999, RefusedReason::Other),
    ];
    for (code, reason) in cases {
        scene.fault(json!({"kind": "refuse_send", "code": code, "times": 1})).await;
        let outcome = scene.send("hello").await;
        assert_eq!(
            refused(outcome.clone()),
            Refusal {
                code: Some(code),
                reason,
                retry: Retry::Never
            }
        );
        let shown = delivery::HandOver::from(&outcome);
        assert_eq!(
            shown,
            delivery::HandOver::Refused {
                code: Some(code),
                refusal: delivery::Refusal::Final
            }
        );
    }
    assert!(
        scene.twilio.texts(TextQuery::default()).await.unwrap().items.is_empty(),
        "a refused text was created"
    );
}

#[tokio::test]
async fn the_sandbox_refuses_by_itself_what_twilio_refuses() {
    let scene = Scene::set().await;
    let base = scene.text("hello");
    let cases = [
        (
            OutboundText {
                body: "я".repeat(1601),
                ..base.clone()
            },
            21617,
        ),
        (
            OutboundText {
                body: String::new(),
                ..base.clone()
            },
            21602,
        ),
        (
            OutboundText {
                from: number(FOREIGN),
                ..base.clone()
            },
            21606,
        ),
        (
            OutboundText {
                to: base.from.clone(),
                ..base.clone()
            },
            21266,
        ),
        (
            OutboundText {
                media: vec!["ftp://x/y".to_owned()],
                ..base.clone()
            },
            21620,
        ),
        (
            OutboundText {
                status_callback: "nonsense".to_owned(),
                ..base.clone()
            },
            21609,
        ),
    ];
    for (text, code) in cases {
        assert_eq!(refused(scene.twilio.send_text(text).await).code, Some(code));
    }
    assert!(matches!(scene.send(&"x".repeat(1600)).await, HandOver::Accepted { .. }));
}

#[tokio::test]
async fn too_many_requests_were_never_processed_and_may_come_again() {
    let scene = Scene::set().await;
    scene.fault(json!({"kind": "rate_limit", "times": 1})).await;
    let outcome = scene.send("hello").await;
    assert!(matches!(
        refused(outcome.clone()),
        Refusal {
            code: Some(20429),
            reason: RefusedReason::RateLimited,
            retry: Retry::After(_)
        }
    ));
    assert_eq!(
        delivery::HandOver::from(&outcome),
        delivery::HandOver::Refused {
            code: Some(20429),
            refusal: delivery::Refusal::Passing
        }
    );
    let asked = answering(b"HTTP/1.1 429 Too Many\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n").await;
    let refusal = refused(adapter(&asked, PATIENCE).send_text(scene.text("hello")).await);
    assert_eq!((refusal.code, refusal.retry), (None, Retry::After(Duration::from_secs(7))));
}

#[tokio::test]
async fn wrong_credentials_are_refused_and_api_keys_work() {
    let scene = Scene::with(|config| config.accounts[0].api_keys = vec![("SK1".to_owned(), "sesame".into())]).await;
    let key = |secret: &str| Credentials::ApiKey {
        sid: "SK1".to_owned(),
        secret: Secret::from(secret),
    };
    let wrong = adapter_with(scene.sandbox.base(), key("wrong"), PATIENCE);
    let right = adapter_with(scene.sandbox.base(), key("sesame"), PATIENCE);
    assert_eq!(
        refused(wrong.send_text(scene.text("hello")).await).reason,
        RefusedReason::Unauthorized
    );
    assert_eq!(wrong.check_credentials().await.unwrap_err(), CarrierError::Unauthorized);
    let standing = right.check_credentials().await.unwrap();
    assert_eq!((standing.account.as_str(), standing.status), (ACCOUNT, AccountStatus::Active));
}

#[tokio::test]
async fn the_numbers_come_with_the_address_of_their_webhook() {
    let scene = Scene::set().await;
    let numbers = scene.twilio.numbers().await.unwrap();
    assert_eq!(numbers.len(), 2);
    assert!(
        numbers
            .iter()
            .all(|own| own.text_webhook.starts_with(&format!("http://{}/in", scene.firm.address)) && own.texts == Some(true))
    );
    let voice = scene.firm.url("/voice");
    assert!(numbers.iter().all(|own| own.voice_webhook == voice && own.calls == Some(true)));
}

#[tokio::test]
async fn what_may_have_been_created_is_unknown_and_is_found_by_listing() {
    let scene = Scene::set().await;
    let quick = adapter(scene.sandbox.base(), Duration::from_millis(300));
    let cases = [
        (
            json!({"kind": "error_after_create", "times": 1}),
            Doubt::CarrierFailed { status: 500 },
        ),
        (
            json!({"kind": "error_after_create", "status": 503, "times": 1}),
            Doubt::CarrierFailed { status: 503 },
        ),
        (json!({"kind": "drop_after_create", "times": 1}), Doubt::Broken),
        (json!({"kind": "answer_nonsense", "times": 1}), Doubt::Nonsense),
        (json!({"kind": "slow", "ms": 2000, "times": 1}), Doubt::TimedOut),
    ];
    for (round, (fault, doubt)) in cases.into_iter().enumerate() {
        let kind = fault["kind"].clone();
        scene.fault(fault).await;
        let outcome = quick.send_text(scene.text(&format!("text {round}"))).await;
        assert_eq!(outcome, HandOver::Unknown(doubt), "{kind}");
        assert_eq!(delivery::HandOver::from(&outcome), delivery::HandOver::Unknown);
        let found = scene
            .twilio
            .texts(TextQuery {
                to: Some(number(JANE)),
                ..TextQuery::default()
            })
            .await
            .unwrap();
        assert_eq!(found.items.len(), round + 1, "{kind}");
        assert_eq!(found.items[0].body, format!("text {round}"), "{kind}");
    }
}

#[tokio::test]
async fn what_was_not_created_but_may_have_been_is_unknown_too() {
    let scene = Scene::set().await;
    for (kind, doubt) in [
        ("error_before_create", Doubt::CarrierFailed { status: 500 }),
        ("drop_before_create", Doubt::Broken),
        ("down", Doubt::CarrierFailed { status: 503 }),
    ] {
        scene.fault(json!({"kind": kind, "times": 1})).await;
        assert_eq!(scene.send("hello").await, HandOver::Unknown(doubt), "{kind}");
    }
    assert!(scene.twilio.texts(TextQuery::default()).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let scene = Scene::set().await;
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let base = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let nobody = adapter(&base, PATIENCE);
    let outcome = nobody.send_text(scene.text("hello")).await;
    assert_eq!(outcome, HandOver::NotSent);
    assert_eq!(
        delivery::HandOver::from(&outcome),
        delivery::HandOver::Refused {
            code: None,
            refusal: delivery::Refusal::Passing
        }
    );
    assert_eq!(nobody.check_credentials().await.unwrap_err(), CarrierError::Unreachable);
}

#[tokio::test]
async fn answers_that_make_no_sense_are_never_taken_for_success_or_refusal() {
    let scene = Scene::set().await;
    let cases: [(&'static [u8], HandOver); 7] = [
        (
            b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}",
            HandOver::Unknown(Doubt::Nonsense),
        ),
        (
            b"HTTP/1.1 201 Created\r\ncontent-length: 31\r\n\r\n{\"sid\":\"SMshort\",\"status\":\"ok\"}",
            HandOver::Unknown(Doubt::Nonsense),
        ),
        (
            b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
            HandOver::Unknown(Doubt::Nonsense),
        ),
        (
            b"HTTP/1.1 408 Timeout\r\ncontent-length: 0\r\n\r\n",
            HandOver::Unknown(Doubt::TimedOut),
        ),
        (
            b"HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{\"sid\":",
            HandOver::Unknown(Doubt::Broken),
        ),
        (b"SSH-2.0-OpenSSH\r\n", HandOver::Unknown(Doubt::Broken)),
        (b"", HandOver::Unknown(Doubt::Broken)),
    ];
    for (bytes, outcome) in cases {
        let base = answering(bytes).await;
        assert_eq!(
            adapter(&base, PATIENCE).send_text(scene.text("hello")).await,
            outcome,
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[tokio::test]
async fn a_text_that_nobody_knows_is_not_found() {
    let scene = Scene::set().await;
    for sid in ["SM00000000000000000000000000000000", "nonsense", "../../IncomingPhoneNumbers"] {
        assert_eq!(scene.twilio.text(&ProviderId::from(sid)).await.unwrap_err(), CarrierError::NotFound);
    }
}

#[test]
fn a_configuration_that_cannot_work_is_refused() {
    let with = |sid: &str, base: &str| {
        let config = TwilioConfig {
            base: base.to_owned(),
            ..TwilioConfig::new(sid, Credentials::AuthToken("t".into()))
        };
        Twilio::new(&config).map(|_| ()).unwrap_err()
    };
    assert_eq!(with("AC1", "https://api.twilio.com"), TwilioConfigError::AccountSid);
    for base in ["", "api.twilio.com", "ftp://h", "https://h/path", "https://u@h", "https://h?x"] {
        assert_eq!(with(ACCOUNT, base), TwilioConfigError::Base, "{base}");
    }
    let config = TwilioConfig::new(ACCOUNT, Credentials::AuthToken("sesame".into()));
    assert!(!format!("{config:?} {:?}", Twilio::new(&config).unwrap()).contains("sesame"));
}
