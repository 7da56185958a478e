//! Signing in and out by password: the cookie of a browser.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::auth::caller::Caller;
use crate::auth::cookie::{self, Transport};
use crate::auth::origin;
use crate::auth::peer::Peer;
use crate::ops::sign_in;
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::Body;

/// Who signs in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The e-mail address, in any case.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Sign in; the answer sets the cookie `casewire_session`.
#[utoipa::path(
    post, path = "/api/session", tag = "session", security(()), request_body = SignInRequest,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)),
)]
pub async fn sign_in(
    State(app): State<App>,
    Peer(peer): Peer,
    headers: HeaderMap,
    Body(request): Body<SignInRequest>,
) -> Result<(StatusCode, HeaderMap), Problem> {
    origin::check(&headers, &app.config.public_address.url(""))?;
    let secret = sign_in::sign_in(&app, peer, &request.email, request.password).await?;
    answer(cookie::set(&secret, app.config.sessions.absolute, transport(&app)))
}

/// Sign out: the sign-in or token of this request ends.
#[utoipa::path(delete, path = "/api/session", tag = "session", responses((status = 204), (status = 401, body = ProblemBody)))]
pub async fn sign_out(caller: Caller, State(app): State<App>) -> Result<(StatusCode, HeaderMap), Problem> {
    sign_in::sign_out(&app, &caller).await?;
    answer(cookie::clear(transport(&app)))
}

fn answer(cookie: Option<axum::http::HeaderValue>) -> Result<(StatusCode, HeaderMap), Problem> {
    let cookie = cookie.ok_or_else(|| Problem::of(ProblemCode::Internal))?;
    Ok((StatusCode::NO_CONTENT, HeaderMap::from_iter([(SET_COOKIE, cookie)])))
}

fn transport(app: &App) -> Transport {
    if app.config.secure_cookies() {
        Transport::HttpsOnly
    } else {
        Transport::Any
    }
}
