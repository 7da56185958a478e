//! The case view in another site: who makes launch tokens, what they are traded for, when that ends, who may frame the page, and how
//! a socket is signed in without a header.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::time::Duration;

use axum::http::StatusCode;
use casewire::api::embed::embed_frame_ancestors;
use casewire::serve::{self, Listeners};
use casewire_core::id::{Id as _, OrganizationId};
use casewire_store::on_both_engines;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::inbox::desk::text;
use crate::support::{Client, Firm};

const MINUTE: Duration = Duration::from_secs(60);

async fn launch(firm: &Firm, email: &str) -> String {
    let answer = firm
        .user("Firm Admin")
        .post("/api/embed/launch-tokens", json!({"user_email": email}))
        .await
        .ok();
    text(&answer["launch_token"])
}

async fn trade(firm: &Firm, token: &str) -> crate::support::Answer {
    firm.stranger().post("/api/embed/sessions", json!({"launch_token": token})).await
}

async fn frame(firm: &Firm, email: &str) -> Client {
    let session = trade(firm, &launch(firm, email).await).await.ok();
    firm.stranger().with("authorization", format!("Bearer {}", text(&session["token"])))
}

async fn acts(firm: &Firm) -> Vec<String> {
    let audit = firm.user("Compliance Officer").get("/api/audit/?limit=200").await.ok();
    audit["items"].as_array().unwrap().iter().map(|line| text(&line["act"])).collect()
}

async fn set_origins(firm: &Firm, origins: Value) -> crate::support::Answer {
    firm.user("Firm Admin")
        .patch("/api/settings", json!({"embed_origins": origins}))
        .await
}

on_both_engines! {
    async fn a_launch_token_is_traded_once_for_a_session_of_that_user(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let token = launch(&firm, " Agent@FIRM.example ").await;
        let session = trade(&firm, &token).await.ok();
        let view = firm.stranger().with("authorization", format!("Bearer {}", text(&session["token"])));
        assert_eq!(view.get("/api/me").await.ok()["user_id"], firm.user_id("Agent Specialist").to_string());
        assert_eq!(trade(&firm, &token).await.code(), "launch_token_refused");
        let acts = acts(&firm).await;
        assert!(acts.contains(&"create_launch_token".to_owned()) && acts.contains(&"begin_embed_session".to_owned()), "{acts:?}");
        let as_bearer = firm.stranger().with("authorization", format!("Bearer {}", launch(&firm, "manager@firm.example").await));
        assert_eq!(as_bearer.get("/api/me").await.code(), "unauthenticated", "a launch token signs nobody in");
        let as_cookie = firm.stranger().with("cookie", format!("casewire_session={}", text(&session["token"])));
        assert_eq!(as_cookie.get("/api/me").await.code(), "unauthenticated");
    }

    async fn of_two_who_trade_the_same_token_one_is_signed_in(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let token = launch(&firm, "manager@firm.example").await;
        let (a, b, c) = tokio::join!(trade(&firm, &token), trade(&firm, &token), trade(&firm, &token));
        let won = [a, b, c].iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!(won, 1);
    }

    async fn a_launch_token_is_for_a_minute_and_made_up_ones_are_slowed_down(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let late = launch(&firm, "manager@firm.example").await;
        firm.advance(MINUTE);
        assert_eq!(trade(&firm, &late).await.code(), "launch_token_refused");
        let mut told = String::new();
        for _ in 0..60 {
            let answer = trade(&firm, "cwl_made_up").await;
            told = answer.code();
            if told == "rate_limited" {
                assert!(!answer.header("retry-after").is_empty());
                break;
            }
            assert_eq!(told, "launch_token_refused");
        }
        assert_eq!(told, "rate_limited");
        firm.advance(6 * MINUTE);
        assert_eq!(trade(&firm, &launch(&firm, "manager@firm.example").await).await.status, StatusCode::OK);
    }

    async fn launch_tokens_are_made_by_programs_of_who_manages_settings_for_their_own_people(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let other = firm.another().await;
        let admin = firm.user("Firm Admin");
        for (email, code) in [("nobody@firm.example", "not_found"), ("manager@other.example", "not_found"), ("", "not_found")] {
            assert_eq!(admin.post("/api/embed/launch-tokens", json!({"user_email": email})).await.code(), code, "{email}");
        }
        assert_eq!(admin.post("/api/embed/launch-tokens", json!({"user_email": "x", "minutes": 5})).await.code(), "unknown_field");
        assert_eq!(admin.post("/api/embed/launch-tokens", json!({})).await.code(), "invalid_field");
        let body = json!({"user_email": "manager@firm.example"});
        assert_eq!(firm.user("Manager").post("/api/embed/launch-tokens", body.clone()).await.code(), "forbidden");
        assert_eq!(other.user("Firm Admin").post("/api/embed/launch-tokens", body.clone()).await.code(), "not_found");
        let framed = frame(&firm, "admin@firm.example").await;
        assert_eq!(framed.post("/api/embed/launch-tokens", body.clone()).await.code(), "forbidden", "a frame signs nobody else in");
        let keyed = admin.with("idempotency-key", "one");
        let (first, second) = (keyed.post("/api/embed/launch-tokens", body.clone()).await.ok(), keyed.post("/api/embed/launch-tokens", body).await.ok());
        assert_ne!(first["launch_token"], second["launch_token"], "a secret is not kept for a key");
        for (body, code) in [(json!({}), "invalid_field"), (json!({"launch_token": 7}), "invalid_field"), (json!({"launch_token": "x", "as": "admin"}), "unknown_field")] {
            assert_eq!(firm.stranger().post("/api/embed/sessions", body).await.code(), code);
        }
    }

    async fn a_session_in_a_frame_ends_idle_after_twelve_hours_and_with_its_user(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let idle = frame(&firm, "manager@firm.example").await;
        firm.advance(60 * MINUTE);
        assert_eq!(idle.get("/api/me").await.code(), "unauthenticated");
        let busy = frame(&firm, "manager@firm.example").await;
        for _ in 0..23 {
            firm.advance(30 * MINUTE);
            assert_eq!(busy.get("/api/me").await.status, StatusCode::OK);
            firm.app.tasks.close();
            firm.app.tasks.wait().await;
            firm.app.tasks.reopen();
        }
        firm.advance(30 * MINUTE);
        assert_eq!(busy.get("/api/me").await.code(), "unauthenticated", "twelve hours are over");
        let (view, waiting) = (frame(&firm, "manager@firm.example").await, launch(&firm, "manager@firm.example").await);
        let path = format!("/api/users/{}", firm.user_id("Manager"));
        firm.user("Firm Admin").patch(&path, json!({"is_active": false})).await.ok();
        assert_eq!(view.get("/api/me").await.code(), "unauthenticated");
        assert_eq!(trade(&firm, &waiting).await.code(), "launch_token_refused");
        let body = json!({"user_email": "manager@firm.example"});
        assert_eq!(firm.user("Firm Admin").post("/api/embed/launch-tokens", body).await.code(), "not_found");
    }

    async fn only_the_sites_of_the_organization_may_frame_the_page(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let ancestors = |organization| { let app = firm.app.clone(); async move { embed_frame_ancestors(&app, organization).await.unwrap() } };
        assert_eq!(ancestors(Some(firm.organization())).await, "'none'");
        let kept = set_origins(&firm, json!(["https://Cases.example/", "https://cases.example", "http://localhost:4020"])).await.ok();
        assert_eq!(kept["embed_origins"], json!(["https://cases.example", "http://localhost:4020"]));
        assert_eq!(ancestors(Some(firm.organization())).await, "https://cases.example http://localhost:4020");
        for nobody in [None, Some(firm.another().await.organization()), Some(OrganizationId::from_uuid(uuid::Uuid::from_u128(7)))] {
            assert_eq!(ancestors(nobody).await, "'none'");
        }
        for bad in [json!(["*"]), json!(["http://cases.example"]), json!(["https://a.example; script-src *"]), json!(["https://a.example/path"]),
            json!([""]), json!(["null"]), json!((0..21).map(|n| format!("https://a{n}.example")).collect::<Vec<_>>())] {
            assert_eq!(set_origins(&firm, bad.clone()).await.code(), "invalid_field", "{bad}");
        }
        assert_eq!(firm.user("Firm Admin").patch("/api/settings", json!({"time_zone": "Mars/Olympus"})).await.code(), "invalid_field");
        let page = firm.stranger().get(&format!("/embed/cases/123?organization={}&conv=x", firm.organization())).await;
        assert_eq!(page.status, StatusCode::OK);
        if casewire::web::is_built() {
            assert!(page.header("content-security-policy").ends_with("frame-ancestors https://cases.example http://localhost:4020"));
            for address in ["/embed/cases/123", "/embed/cases/123?organization=org_none", "/embed/cases/123?organization=%27none%27%3B"] {
                assert!(firm.stranger().get(address).await.header("content-security-policy").ends_with("frame-ancestors 'none'"), "{address}");
            }
        }
    }

    async fn a_socket_is_signed_in_by_a_protocol_and_answered_without_the_token(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let main = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = main.local_addr().unwrap();
        tokio::spawn(serve::run(firm.app.clone(), Listeners { main, metrics: None }, std::future::pending()));
        let session = trade(&firm, &launch(&firm, "manager@firm.example").await).await.ok();
        let connect = |protocols: String, origin: &'static str| async move {
            let mut request = format!("ws://{address}/ws/omnichannel").into_client_request().unwrap();
            request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
            request.headers_mut().insert("origin", origin.parse().unwrap());
            tokio_tungstenite::connect_async(request).await
        };
        let (_socket, answer) = connect(format!("casewire, bearer.{}", text(&session["token"])), "https://cases.example").await.unwrap();
        assert_eq!(answer.headers()["sec-websocket-protocol"], "casewire");
        for forged in ["casewire, bearer.cwe_made_up", "casewire", "casewire, bearer."] {
            let refused = connect(forged.to_owned(), "https://cases.example").await.unwrap_err();
            assert!(refused.to_string().contains("401"), "{forged}: {refused}");
        }
        let token = text(&session["token"]);
        let plain = firm.stranger().with("sec-websocket-protocol", format!("casewire, bearer.{token}"));
        assert_eq!(plain.get("/api/me").await.code(), "unauthenticated", "a protocol signs in nothing but a socket");
        assert!(!firm.logs().contains(&token));
    }
}
