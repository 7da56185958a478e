//! Accepts connections and answers them until told to stop: bounded headers, a bounded time to send them, and a stop that lets
//! running requests end, closes sockets and waits no longer than the drain time. The metrics have their own listener.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tower::Service as _;

use crate::api;
use crate::jobs::runner::{Pace, Runner};
use crate::state::App;

/// How long a client may take to send the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How many headers a request may have.
const MOST_HEADERS: usize = 64;
/// How long to wait after the system gave no connection, such as with too many files open.
const AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// Where the server listens.
#[derive(Debug)]
pub struct Listeners {
    /// The API, the webhooks and the web client.
    pub main: TcpListener,
    /// The metrics.
    pub metrics: Option<TcpListener>,
}

impl Listeners {
    /// Listens where the configuration says.
    ///
    /// # Errors
    /// The address that cannot be listened at, and what the system said.
    pub async fn bind(app: &App) -> Result<Self, (SocketAddr, std::io::Error)> {
        let main = bind(app.config.listen).await?;
        let metrics = match app.config.metrics_listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        Ok(Self { main, metrics })
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, (SocketAddr, std::io::Error)> {
    TcpListener::bind(address).await.map_err(|error| (address, error))
}

/// Serves until `stop` is done, then lets what runs end within the drain time.
pub async fn run(app: App, listeners: Listeners, stop: impl Future<Output = ()>) {
    let service = api::service(&app);
    if let Some(listener) = listeners.metrics {
        app.tasks.spawn(serve_metrics(app.clone(), listener));
    }
    let runner = Runner::start(app.clone(), Pace::of(&app.config.jobs));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            () = app.stop.cancelled() => break,
            accepted = listeners.main.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => answer(&app, service.clone(), stream, peer),
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), "no connection could be accepted");
                tokio::time::sleep(AFTER_REFUSAL).await;
            }
        }
    }
    drop(listeners.main);
    drain(&app, runner).await;
}

/// Tells sockets and jobs to stop, and waits for them and for running requests.
async fn drain(app: &App, runner: Runner) {
    tracing::info!("stopping");
    app.stop.cancel();
    app.tasks.close();
    let all = async {
        runner.stop().await;
        app.tasks.wait().await;
    };
    if tokio::time::timeout(app.config.drain, all).await.is_err() {
        tracing::warn!("some requests or jobs did not end within the drain time");
    }
}

fn answer(app: &App, service: api::Service, stream: TcpStream, peer: SocketAddr) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut service = service.clone();
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        async move { service.call(request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let stop = app.stop.clone();
    app.tasks.spawn(async move {
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(timeout = error.is_timeout(), parse = error.is_parse(), "a connection ended early");
        }
    });
}

/// The metrics, to whoever can reach their listener.
async fn serve_metrics(app: App, listener: TcpListener) {
    loop {
        let accepted = tokio::select! {
            () = app.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(AFTER_REFUSAL).await;
            continue;
        };
        let app = app.clone();
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .keep_alive(false)
            .serve_connection(
                TokioIo::new(stream),
                service_fn(move |request: hyper::Request<Incoming>| {
                    let answer = metrics(&app, request.uri().path());
                    async move { Ok::<_, Infallible>(answer) }
                }),
            );
        tokio::spawn(async move {
            if connection.await.is_err() {
                tracing::debug!("a connection to the metrics ended early");
            }
        });
    }
}

fn metrics(app: &App, path: &str) -> Response<Body> {
    if path != "/metrics" {
        let mut missing = Response::new(Body::from("The metrics are at /metrics.\n"));
        *missing.status_mut() = StatusCode::NOT_FOUND;
        return missing;
    }
    let mut response = Response::new(Body::from(app.metrics.text()));
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
