//! The server on real ports: what it says of itself, how it stops, and what a panic looks like from outside.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::routing::get;
use casewire::serve::{Listeners, run};
use casewire::telemetry::requests;
use casewire_store::on_both_engines;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

use crate::support::Firm;

struct Running {
    main: SocketAddr,
    metrics: SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

async fn serve(firm: &Firm) -> Running {
    let main = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let metrics = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (addresses, (stop, stopped)) = ((main.local_addr().unwrap(), metrics.local_addr().unwrap()), oneshot::channel());
    let listeners = Listeners {
        main,
        metrics: Some(metrics),
    };
    let done = tokio::spawn(run(firm.app.clone(), listeners, async { drop(stopped.await) }));
    Running {
        main: addresses.0,
        metrics: addresses.1,
        stop,
        done,
    }
}

/// Asks over a connection of its own, which stays open unless the server closes it.
async fn ask(to: SocketAddr, head: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(format!("{head}\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = vec![0; 64 * 1024];
    let length = stream.read(&mut answer).await.unwrap();
    (stream, String::from_utf8_lossy(answer.get(..length).unwrap()).into_owned())
}

/// A handler with a defect that would tell a name.
async fn broken() -> StatusCode {
    panic!("Jane Doe")
}

#[expect(clippy::disallowed_methods, reason = "a route with a defect is none of the server's")]
fn defective() -> Router {
    Router::new()
        .route("/broken", get(broken))
        .route("/whole", get(|| async { "whole" }))
}

on_both_engines! {
    async fn a_server_lives_is_ready_and_counts_by_route(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let running = serve(&firm).await;
        assert!(ask(running.main, "GET /livez HTTP/1.1").await.1.starts_with("HTTP/1.1 200"));
        assert!(ask(running.main, "GET /readyz/ HTTP/1.1").await.1.starts_with("HTTP/1.1 200"));
        ask(running.main, "GET /api/contacts/con_0190000000007000800000000000002a HTTP/1.1").await;
        let metrics = ask(running.metrics, "GET /metrics HTTP/1.1").await.1;
        let counted = "casewire_requests_total{method=\"GET\",route=\"/api/contacts/{id}\",status=\"401\"} 1";
        assert!(metrics.contains(counted), "{metrics}");
        assert!(!metrics.contains("con_0190"));
        assert!(ask(running.metrics, "GET /api/me HTTP/1.1").await.1.starts_with("HTTP/1.1 404"));
    }

    async fn a_stop_closes_idle_connections_and_does_not_wait_for_more(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let running = serve(&firm).await;
        let (mut idle, _) = ask(running.main, "GET /livez HTTP/1.1").await;
        running.stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(5), running.done).await.unwrap().unwrap();
        assert_eq!(idle.read(&mut [0; 16]).await.unwrap(), 0);
        assert!(TcpStream::connect(running.main).await.is_err());
    }

    async fn too_many_headers_are_refused(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let running = serve(&firm).await;
        let many = (0..100).fold("GET /livez HTTP/1.1".to_owned(), |head, n| format!("{head}\r\nx-{n}: 1"));
        assert!(ask(running.main, &many).await.1.starts_with("HTTP/1.1 431"));
    }

    async fn a_panic_is_a_problem_and_the_server_lives_on(db: TestDatabase) {
        let firm = Firm::start(db).await;
        let watched = axum::middleware::from_fn_with_state(firm.app.clone(), requests::watch);
        let router = defective().layer(watched);
        let ask = |path: &str| router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
        let answer = ask("/broken").await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(answer.into_body(), 4096).await.unwrap();
        let text = String::from_utf8_lossy(&body);
        assert!(text.contains("\"internal\"") && !text.contains("Jane"), "{text}");
        assert_eq!(ask("/whole").await.unwrap().status(), StatusCode::OK);
    }

    async fn a_log_line_names_route_status_and_user_and_nothing_of_the_path(db: TestDatabase) {
        let firm = Firm::start(db).await;
        firm.user("Attorney").get("/api/contacts/con_0190000000007000800000000000002a/").await;
        let user = firm.user_id("Attorney").to_string();
        let logs = firm.logs();
        let line = logs.lines().find(|line| line.contains(&user) && line.contains("/api/contacts/{id}")).unwrap();
        for piece in ["\"status\":404", "\"code\":\"not_found\"", "\"micros\":", &firm.organization().to_string()] {
            assert!(line.contains(piece), "{piece} in {line}");
        }
        assert!(!logs.contains("con_0190000000007000800000000000002a"));
    }
}

#[test]
fn the_description_of_the_api_knows_each_route_and_how_to_sign_in() {
    let description: serde_json::Value = serde_json::from_str(&casewire::api::openapi::text().unwrap()).unwrap();
    for path in [
        "/api/session",
        "/api/users/{id}",
        "/api/cases/{mycase_case_id}/contacts",
        "/api/openapi.json",
        "/livez",
    ] {
        assert!(description["paths"].get(path).is_some(), "{path}");
    }
    assert!(description["components"]["securitySchemes"].get("cookie").is_some());
}
