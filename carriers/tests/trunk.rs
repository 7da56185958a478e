//! The trunk: what each end believes of the other, and the handsets at its far end that ring, answer, decline and call.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use casewire_carriers::sandbox::SandboxTrunk;
use casewire_carriers::trunk::{
    Accepted, EVENTS, ORDERS, Replays, SIGNATURE, Trunk, TrunkEvent, TrunkFailure, TrunkOrder, TrunkRefusal, TrunkRequest, verify,
};
use casewire_carriers::twilio::Secret;
use casewire_core::id::CallId;
use casewire_core::time::Timestamp;
use serde_json::{Value, json};

use super::scene::{FIRM, JANE, JOHN, START, Scene, number};

const KEY: &str = "the key of the trunk";
const CALL: &str = "call_0190000000007000800000000000002a";
const OFFER: &str = "v=0 (an offer)";
const ANSWER: &str = "v=0 (an answer)";

fn call() -> CallId {
    CALL.parse().unwrap()
}

/// What was posted to a path.
#[derive(Clone)]
struct Posted {
    signature: Option<String>,
    body: Vec<u8>,
}

/// The server's end: notes what is posted to it, and answers each with the next status, or 200.
struct Server {
    base: String,
    posted: Arc<Mutex<Vec<Posted>>>,
    refuses: Arc<Mutex<Vec<u16>>>,
}

impl Server {
    async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let posted: Arc<Mutex<Vec<Posted>>> = Arc::default();
        let refuses: Arc<Mutex<Vec<u16>>> = Arc::default();
        let (notes, refusals) = (Arc::clone(&posted), Arc::clone(&refuses));
        let app = Router::new().fallback(move |headers: HeaderMap, body: Bytes| {
            let signature = headers.get(SIGNATURE).map(|value| value.to_str().unwrap().to_owned());
            notes.lock().unwrap().push(Posted {
                signature,
                body: body.to_vec(),
            });
            let refused = refusals.lock().unwrap().pop();
            async move {
                let status = refused.map_or(StatusCode::OK, |status| StatusCode::from_u16(status).unwrap());
                (status, json!({"call": CALL, "sdp": ANSWER}).to_string())
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { base, posted, refuses }
    }

    fn posted(&self) -> Vec<Posted> {
        self.posted.lock().unwrap().clone()
    }

    /// What it was told, once there is that much of it, each checked as the product does.
    async fn told(&self, count: usize) -> Vec<TrunkEvent> {
        for _ in 0..500 {
            if self.posted().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let replays = Replays::default();
        let posted = self.posted();
        let told = posted
            .iter()
            .map(|posted| believed(&replays, posted, EVENTS, KEY, START + 1_000_000).unwrap());
        told.collect()
    }
}

fn believed(replays: &Replays, posted: &Posted, path: &str, key: &str, now: i64) -> Result<TrunkEvent, TrunkRefusal> {
    let request = TrunkRequest {
        path,
        signature: posted.signature.as_deref(),
        body: &posted.body,
    };
    verify::<TrunkEvent>(&Secret::from(key), replays, &request, Timestamp::from_micros(now)).map(|verified| verified.into_inner())
}

/// A sandbox with a trunk to a server, and the server's way to it.
struct Laid {
    scene: Scene,
    server: Server,
    way: Trunk,
}

impl Laid {
    async fn ringing_for(rings_for: Duration) -> Self {
        let (scene, server) = (Scene::set().await, Server::open().await);
        let trunk = SandboxTrunk {
            server: server.base.clone(),
            key: KEY.into(),
            rings_for,
        };
        scene.sandbox.lay_trunk(trunk).unwrap();
        let way = Trunk::to(scene.sandbox.base(), ORDERS, KEY.into()).unwrap();
        Self { scene, server, way }
    }

    async fn set() -> Self {
        Self::ringing_for(Duration::from_secs(60)).await
    }

    async fn order(&self, order: TrunkOrder) {
        self.way.post(&order, Timestamp::from_micros(START)).await.unwrap();
    }

    async fn at(&self, handset: &str, act: &str, body: Value) -> (u16, Value) {
        self.scene.post(&format!("/handsets/{handset}/phone/{act}"), &body).await
    }

    /// How the newest call stands.
    async fn stands(&self) -> (String, Value) {
        let (_, news) = self.scene.get("/phones").await;
        let newest = news["calls"].as_array().unwrap().last().unwrap().clone();
        (newest["state"].as_str().unwrap().to_owned(), newest["why"].clone())
    }
}

fn ring(call: CallId, handset: &str) -> TrunkOrder {
    TrunkOrder::ring(call, &number(handset), &number(FIRM))
}

#[tokio::test]
async fn what_the_other_end_signed_just_now_is_believed_once_and_nothing_else_is() {
    let server = Server::open().await;
    let way = Trunk::to(&server.base, EVENTS, KEY.into()).unwrap();
    way.post(&TrunkEvent::Ringing { call: call() }, Timestamp::from_micros(START))
        .await
        .unwrap();
    let posted = server.posted().remove(0);
    let fresh = Replays::default;
    let mut altered = posted.clone();
    altered.body = serde_json::to_vec(&json!({"event": "hung_up", "call": CALL})).unwrap();
    let unsigned = Posted {
        signature: None,
        body: posted.body.clone(),
    };
    let minutes = |minutes: i64| START + minutes * 60_000_000;
    assert_eq!(believed(&fresh(), &unsigned, EVENTS, KEY, START), Err(TrunkRefusal::Unsigned));
    for (posted, path, key, now) in [
        (&altered, EVENTS, KEY, START),
        (&posted, ORDERS, KEY, START),
        (&posted, EVENTS, "another key", START),
        (&posted, EVENTS, KEY, minutes(6)),
        (&posted, EVENTS, KEY, minutes(-6)),
    ] {
        assert_eq!(believed(&fresh(), posted, path, key, now), Err(TrunkRefusal::BadSignature));
    }
    let replays = fresh();
    assert_eq!(
        believed(&replays, &posted, EVENTS, KEY, minutes(4)),
        Ok(TrunkEvent::Ringing { call: call() })
    );
    assert_eq!(
        believed(&replays, &posted, EVENTS, KEY, minutes(4)),
        Err(TrunkRefusal::BadSignature)
    );
    // The same again is signed anew, and so is no replay.
    way.post(&TrunkEvent::Ringing { call: call() }, Timestamp::from_micros(START))
        .await
        .unwrap();
    assert!(believed(&replays, server.posted().last().unwrap(), EVENTS, KEY, START).is_ok());
}

#[tokio::test]
async fn a_handset_rings_is_answered_and_the_firm_hangs_up() {
    let laid = Laid::set().await;
    laid.order(ring(call(), JANE)).await;
    laid.order(ring(call(), JANE)).await;
    assert_eq!(laid.stands().await.0, "ringing");
    let (status, answered) = laid.at(JANE, "answer", json!({"call": CALL, "sdp": OFFER})).await;
    assert_eq!((status, answered["sdp"].as_str()), (200, Some(ANSWER)));
    assert_eq!(laid.stands().await.0, "talking");
    // Whoever is on it already may offer anew; another page may not take it by chance.
    assert_eq!(laid.at(JANE, "answer", json!({"call": CALL, "sdp": OFFER})).await.0, 409);
    assert_eq!(
        laid.at(JANE, "answer", json!({"call": CALL, "sdp": OFFER, "again": true})).await.0,
        200
    );
    laid.order(TrunkOrder::HangUp { call: call() }).await;
    assert_eq!(laid.stands().await, ("ended".to_owned(), json!("firm_hung_up")));
    assert_eq!(laid.at(JANE, "hang-up", json!({"call": CALL})).await.0, 204);
    let sdp = || OFFER.to_owned();
    let answered = TrunkEvent::Answered { call: call(), sdp: sdp() };
    assert_eq!(
        laid.server.told(3).await,
        [TrunkEvent::Ringing { call: call() }, answered.clone(), answered]
    );
}

#[tokio::test]
async fn a_handset_declines_is_engaged_and_does_not_ring_for_ever() {
    let laid = Laid::ringing_for(Duration::from_millis(300)).await;
    let other: CallId = "call_0190000000007000800000000000002b".parse().unwrap();
    laid.order(ring(call(), JANE)).await;
    laid.server.told(1).await;
    laid.order(ring(other, JANE)).await;
    assert_eq!(laid.server.told(2).await.pop(), Some(TrunkEvent::Busy { call: other }));
    assert_eq!(laid.at(JANE, "decline", json!({"call": CALL})).await.0, 204);
    assert_eq!(laid.server.told(3).await.pop(), Some(TrunkEvent::Declined { call: call() }));
    assert_eq!(laid.at(JANE, "answer", json!({"call": CALL, "sdp": OFFER})).await.0, 409);
    laid.order(ring(other, JOHN)).await;
    let told = laid.server.told(5).await;
    assert_eq!(
        told.get(3..),
        Some(&[TrunkEvent::Ringing { call: other }, TrunkEvent::NoAnswer { call: other }][..])
    );
    assert_eq!(laid.stands().await, ("ended".to_owned(), json!("no_answer")));
}

#[tokio::test]
async fn a_handset_calls_the_firm_and_hangs_up() {
    let laid = Laid::set().await;
    let (status, dialled) = laid.at(JANE, "dial", json!({"to": FIRM, "sdp": OFFER})).await;
    assert_eq!((status, dialled), (201, json!({"call": CALL, "sdp": ANSWER})));
    assert_eq!(laid.stands().await.0, "calling");
    assert_eq!(laid.at(JANE, "dial", json!({"to": FIRM, "sdp": OFFER})).await.1["code"], "engaged");
    laid.order(TrunkOrder::Connected { call: call() }).await;
    assert_eq!(laid.stands().await.0, "talking");
    assert_eq!(laid.at(JOHN, "hang-up", json!({"call": CALL})).await.0, 404, "it is not John's");
    assert_eq!(laid.at(JANE, "hang-up", json!({"call": CALL})).await.0, 204);
    let told = laid.server.told(2).await;
    let incoming = TrunkEvent::Incoming {
        from: JANE.to_owned(),
        to: FIRM.to_owned(),
        sdp: OFFER.to_owned(),
    };
    assert_eq!(told, [incoming, TrunkEvent::HungUp { call: call() }]);
}

#[tokio::test]
async fn what_the_firm_does_not_take_is_said_in_words_and_can_be_tried_again() {
    let laid = Laid::set().await;
    for (status, code) in [(404, "not_in_service"), (422, "bad_offer"), (503, "not_reached")] {
        laid.server.refuses.lock().unwrap().push(status);
        assert_eq!(laid.at(JANE, "dial", json!({"to": FIRM, "sdp": OFFER})).await.1["code"], code);
    }
    assert_eq!(laid.at(JANE, "dial", json!({"to": "+15550000000", "sdp": OFFER})).await.0, 404);
    laid.order(ring(call(), JANE)).await;
    laid.server.told(4).await;
    laid.server.refuses.lock().unwrap().push(503);
    assert_eq!(laid.at(JANE, "answer", json!({"call": CALL, "sdp": OFFER})).await.0, 502);
    assert_eq!(laid.stands().await.0, "ringing");
    assert_eq!(laid.at(JANE, "answer", json!({"call": CALL, "sdp": OFFER})).await.0, 200);
}

#[tokio::test]
async fn only_the_server_at_the_other_end_gives_orders() {
    let laid = Laid::set().await;
    assert_eq!(laid.scene.post(ORDERS, &json!({"order": "hang_up", "call": CALL})).await.0, 403);
    let stranger = Trunk::to(laid.scene.sandbox.base(), ORDERS, "another key".into()).unwrap();
    let refused = stranger.post(&ring(call(), JANE), Timestamp::from_micros(START)).await;
    assert_eq!(refused, Err(TrunkFailure::Refused(403)));
    let nonsense = laid.way.post(&json!({"order": "explode"}), Timestamp::from_micros(START)).await;
    assert_eq!(nonsense, Err(TrunkFailure::Refused(400)));
    assert!(Trunk::to("file:///etc", ORDERS, KEY.into()).is_err());
    let answer: Result<Accepted, _> = laid
        .way
        .ask(&TrunkOrder::HangUp { call: call() }, Timestamp::from_micros(START))
        .await;
    assert_eq!(answer, Err(TrunkFailure::Nonsense), "an order is answered without a word");
}

#[tokio::test]
async fn news_come_as_soon_as_there_are_any_and_a_sandbox_without_a_trunk_says_so() {
    let laid = Laid::set().await;
    let version = laid.scene.get("/phones").await.1["version"].as_u64().unwrap();
    let path = format!("/phones?after={version}");
    let (waited, ()) = tokio::join!(laid.scene.get(&path), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        laid.order(ring(call(), JANE)).await;
    });
    assert_eq!(waited.1["calls"][0]["state"], "ringing");
    let bare = Scene::set().await;
    assert_eq!(bare.get("/phones").await.1["laid"], false);
    assert_eq!(
        bare.post(&format!("/handsets/{JANE}/phone/dial"), &json!({"to": FIRM, "sdp": OFFER}))
            .await
            .0,
        404
    );
    // Whoever waits does not keep the sandbox from stopping.
    let base = laid.scene.sandbox.base().to_owned();
    let version = laid.scene.get("/phones").await.1["version"].as_u64().unwrap();
    let waits = laid.scene.http.get(format!("{base}/phones?after={version}")).send();
    let (waited, ()) = tokio::join!(waits, async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        laid.scene.sandbox.stop().await;
    });
    assert!(waited.is_ok());
}
