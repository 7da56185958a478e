//! Faults on demand: each kind does what the page says, the same seed strikes the same requests, wrong ones are refused.

use std::time::Duration;

use casewire_carriers::carrier::{Carrier, HandOver, TextQuery};
use casewire_carriers::twilio::webhook::Webhook;
use casewire_core::messaging::delivery::DeliveryState;
use serde_json::json;

use super::scene::{FIRM, JANE, JOHN, Scene, number};

async fn told(scene: &Scene, count: usize) -> Vec<DeliveryState> {
    let webhooks = scene.firm.verified(count).await;
    webhooks
        .iter()
        .filter_map(|webhook| {
            if let Webhook::TextStatus(status) = webhook {
                Some(status.state)
            } else {
                None
            }
        })
        .collect()
}

#[tokio::test]
async fn a_failed_delivery_ends_undelivered_with_its_code() {
    let scene = Scene::set().await;
    scene
        .fault(json!({"kind": "fail_delivery", "code": 30005, "times": 1, "number": JANE}))
        .await;
    let sid = scene.accepted("hello").await;
    assert_eq!(told(&scene, 2).await, [DeliveryState::Sent, DeliveryState::Undelivered]);
    let text = scene.twilio.text(&sid).await.unwrap();
    assert_eq!((text.state, text.error_code), (Some(DeliveryState::Undelivered), Some(30005)));
    assert!(scene.reads(JANE).await.is_empty(), "the handset has a text that was not delivered");
}

#[tokio::test]
async fn callbacks_come_twice_late_or_never() {
    let scene = Scene::set().await;
    scene.fault(json!({"kind": "callback_reorder", "times": 1})).await;
    scene.accepted("reordered").await;
    assert_eq!(told(&scene, 2).await, [DeliveryState::Delivered, DeliveryState::Sent]);
    scene.fault(json!({"kind": "callback_duplicate", "times": 1})).await;
    scene.accepted("twice").await;
    assert_eq!(
        told(&scene, 5).await[2..],
        [DeliveryState::Sent, DeliveryState::Sent, DeliveryState::Delivered]
    );
    scene.fault(json!({"kind": "callback_drop", "times": 1})).await;
    scene.accepted("dropped").await;
    assert_eq!(told(&scene, 6).await[5..], [DeliveryState::Delivered]);
}

#[tokio::test]
async fn inbound_texts_come_twice_late_or_only_in_the_list() {
    let scene = Scene::set().await;
    scene.fault(json!({"kind": "inbound_reorder", "times": 1, "ms": 300})).await;
    let late = scene.writes(JANE, FIRM, "late").await;
    scene.fault(json!({"kind": "inbound_duplicate", "times": 1})).await;
    let twice = scene.writes(JANE, FIRM, "twice").await;
    let sids: Vec<String> = scene
        .firm
        .verified(3)
        .await
        .iter()
        .map(|webhook| match webhook {
            Webhook::InboundText(text) => text.provider_id.to_string(),
            Webhook::TextStatus(_) => panic!("a status"),
        })
        .collect();
    assert_eq!(sids, [twice.clone(), twice, late]);
    scene.fault(json!({"kind": "inbound_drop"})).await;
    let dropped = scene.writes(JANE, FIRM, "dropped").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(scene.firm.noted().len(), 3);
    let found = scene
        .twilio
        .texts(TextQuery {
            to: Some(number(FIRM)),
            ..TextQuery::default()
        })
        .await
        .unwrap();
    assert_eq!(found.items[0].provider_id.as_str(), dropped);
}

#[tokio::test]
async fn a_fault_for_one_number_leaves_the_others_alone_and_is_used_up() {
    let scene = Scene::set().await;
    scene
        .fault(json!({"kind": "refuse_send", "code": 21614, "times": 2, "number": JOHN}))
        .await;
    assert!(matches!(scene.send("to Jane").await, HandOver::Accepted { .. }));
    for expected in [false, false, true] {
        let text = casewire_carriers::carrier::OutboundText {
            to: number(JOHN),
            ..scene.text("to John")
        };
        assert_eq!(matches!(scene.twilio.send_text(text).await, HandOver::Accepted { .. }), expected);
    }
    let (_, listed) = scene.get("/faults").await;
    assert_eq!(
        (listed["faults"][0]["struck"].as_u64(), listed["faults"][0]["times_left"].as_u64()),
        (Some(2), Some(0))
    );
    scene.clear_faults().await;
    assert_eq!(scene.get("/faults").await.1, json!({"faults": []}));
}

#[tokio::test]
async fn the_same_seed_strikes_the_same_requests() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let scene = Scene::set().await;
        scene.fault(json!({"kind": "rate_limit", "probability": 0.5, "seed": seed})).await;
        let mut run = Vec::new();
        for _ in 0..40 {
            run.push(matches!(scene.send("hello").await, HandOver::Accepted { .. }));
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let accepted = runs[0].iter().filter(|accepted| **accepted).count();
    assert!((8..=32).contains(&accepted), "{accepted} of 40");
}

#[tokio::test]
async fn a_fault_that_makes_no_sense_is_refused_by_its_field() {
    let scene = Scene::set().await;
    let cases = [
        (json!({"kind": "gremlins"}), "gremlins"),
        (json!({}), "kind"),
        (json!({"kind": "down", "colour": "red"}), "colour"),
        (json!({"kind": "down", "code": 1}), "code"),
        (json!({"kind": "slow", "ms": "long"}), "u64"),
        (json!({"kind": "down", "probability": 1.5}), "probability"),
        (json!({"kind": "error_after_create", "status": 200}), "status"),
    ];
    for (fault, named) in cases {
        let (status, problem) = scene.post("/faults", &fault).await;
        assert_eq!(status, 400, "{fault}");
        assert!(problem["detail"].as_str().unwrap().contains(named), "{problem}");
    }
}
