//! A sample of another case-management system, at `/host`: its page has the product's case view in a frame, and its server asks for
//! launch tokens with a program's token that the page never sees. Shows an integrator all that there is to do; refuses to launch
//! for anybody whom the page does not offer.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use crate::twilio::Secret;

/// How long the product may take for a launch token.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the sample shows.
#[derive(Debug, Clone)]
pub struct SampleHost {
    /// The public address of the product, without a slash at its end.
    pub product: String,
    /// The organization whose cases these are.
    pub organization: String,
    /// A program's token of somebody who manages its settings.
    pub token: Secret,
    /// Who can be at work there: name and e-mail address.
    pub users: Vec<(String, String)>,
    /// Its cases: number and caption.
    pub cases: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LaunchQuery {
    user: String,
}

type Sandbox = State<Arc<Shared>>;

/// The routes of the sample.
#[expect(clippy::disallowed_methods, reason = "the sandbox's own table of routes")]
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/host", get(page))
        .route(
            "/host/host.js",
            get(|| async { text("text/javascript; charset=utf-8", include_str!("host.js")) }),
        )
        .route(
            "/host/host.css",
            get(|| async { text("text/css; charset=utf-8", include_str!("host.css")) }),
        )
        .route("/host/cases", get(cases))
        .route("/host/launch", post(launch))
}

/// The page may run its own script and the product's, show the product's frame, and ask its own server; nothing else.
async fn page(State(shared): Sandbox) -> Response {
    let Some(host) = shared.host.get() else {
        return nothing();
    };
    let product = &host.product;
    let policy = format!(
        "default-src 'none'; script-src 'self' {product}; style-src 'self'; connect-src 'self'; frame-src {product}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let Ok(policy) = HeaderValue::try_from(policy) else {
        return nothing();
    };
    let mut answer = text("text/html; charset=utf-8", &include_str!("host.html").replace("{product}", product));
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    answer
}

/// What the page shows, for its script.
async fn cases(State(shared): Sandbox) -> Response {
    let Some(host) = shared.host.get() else {
        return nothing();
    };
    let users: Vec<Value> = host
        .users
        .iter()
        .map(|(name, email)| json!({"name": name, "email": email}))
        .collect();
    let cases: Vec<Value> = host
        .cases
        .iter()
        .map(|(number, name)| json!({"number": number, "name": name}))
        .collect();
    let body = json!({"product": host.product, "organization": host.organization, "users": users, "cases": cases});
    text("application/json", &body.to_string())
}

/// Server to server: a launch token for the user at work. Only this site's own page is answered.
async fn launch(State(shared): Sandbox, headers: HeaderMap, Query(query): Query<LaunchQuery>) -> Response {
    let Some(host) = shared.host.get() else {
        return nothing();
    };
    let site = headers
        .get(HeaderName::from_static("sec-fetch-site"))
        .and_then(|value| value.to_str().ok());
    if site.is_some_and(|site| site != "same-origin") || !host.users.iter().any(|(_, email)| *email == query.user) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match ask(&shared, host, &query.user).await {
        Some(token) => text("application/json", &json!({"launch_token": token}).to_string()),
        None => StatusCode::BAD_GATEWAY.into_response(),
    }
}

async fn ask(shared: &Shared, host: &SampleHost, user: &str) -> Option<String> {
    let request = shared
        .http
        .post(format!("{}/api/embed/launch-tokens", host.product))
        .timeout(PATIENCE)
        .bearer_auth(host.token.text())
        .json(&json!({"user_email": user}));
    let answer = request.send().await.ok()?.error_for_status().ok()?;
    let body: Value = answer.json().await.ok()?;
    body.get("launch_token")?.as_str().map(str::to_owned)
}

fn text(content_type: &'static str, text: &str) -> Response {
    const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, text.to_owned()).into_response()
}

fn nothing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
