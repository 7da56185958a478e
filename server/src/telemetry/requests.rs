//! One log line and one count per request: route template, status, microseconds, organization and user. Gives every request
//! its id (`X-Request-Id`, ours, never the asker's) and turns a panic into a problem.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casewire_core::access::Tenant;
use casewire_core::id::UserId;
use futures_util::FutureExt as _;

use crate::audit::notes::Refusal;
use crate::audit::targets;
use crate::auth::random;
use crate::clock::Stopwatch;
use crate::problem::{Problem, ProblemCode, REQUEST_ID};
use crate::state::App;

/// What comes to be known of a request on its way, for its log line. In the extensions of every request.
#[derive(Debug, Clone, Default)]
pub struct RequestNotes(Arc<OnceLock<(Tenant, UserId)>>);

impl RequestNotes {
    /// Who asked.
    pub fn asked_by(&self, tenant: Tenant, user: UserId) {
        self.0.get_or_init(|| (tenant, user));
    }
}

/// The middleware around every route.
pub async fn watch(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let method = name_of(request.method());
    let route: Arc<str> = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| Arc::from("none"), |path| Arc::from(path.as_str()));
    let notes = RequestNotes::default();
    request.extensions_mut().insert(notes.clone());
    let asked = request.uri().clone();
    let id = request_id();
    let answer = REQUEST_ID.scope(id.clone(), async move {
        match AssertUnwindSafe(next.run(request)).catch_unwind().await {
            Ok(response) => response,
            Err(_) => {
                tracing::error!("a handler panicked");
                Problem::of(ProblemCode::Internal).into_response()
            }
        }
    });
    let mut response = answer.await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    let refusal = response.extensions().get::<ProblemCode>().copied();
    let (status, took) = (response.status().as_u16(), watch.elapsed());
    app.metrics.request(method, &route, status, took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let code = refusal.map_or("", ProblemCode::as_str);
    match notes.0.get() {
        Some((tenant, user)) => {
            refused(&app, *tenant, *user, (method, &route, &asked), refusal).await;
            let organization = tenant.organization();
            tracing::info!(request = &*id, method, route = &*route, status, micros, code, %organization, %user, "answered");
        }
        None => tracing::info!(request = &*id, method, route = &*route, status, micros, code, "answered"),
    }
    response
}

/// Notes for the audit that somebody was told no of a thing: not found, forbidden, or taken by somebody else.
async fn refused(app: &App, tenant: Tenant, user: UserId, asked: (&'static str, &str, &Uri), code: Option<ProblemCode>) {
    let (method, route, uri) = asked;
    let Some(code) = code else { return };
    let is_of_a_thing = matches!(code.status(), 403 | 404 | 409) && route.starts_with("/api/");
    if !is_of_a_thing || matches!(code, ProblemCode::RequestInProgress | ProblemCode::AnswerLost) {
        return;
    }
    let refusal = Refusal {
        user,
        route: format!("{method} {route}"),
        code,
        targets: targets::of(route, uri.path(), uri.query()),
    };
    app.audit.refused(tenant, refusal).await;
}

/// 96 random bits. Where the system has none, the request still gets an answer.
fn request_id() -> Box<str> {
    random::bytes::<12>().map_or_else(|_| "none".into(), |bytes| URL_SAFE_NO_PAD.encode(bytes).into())
}

/// A method as a label: what a stranger invents is one word.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
