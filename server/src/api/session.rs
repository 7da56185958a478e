//! Signing in and out by password: the cookie of a browser.

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use crate::api::me::{self, Me};
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

/// Whether somebody is signed in.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SessionView {
    /// Who is, as `GET /api/me` tells it.
    #[schema(required)]
    pub me: Option<Me>,
}

/// Who is signed in, if anybody is. A page asks this when it opens: nobody is no error.
#[utoipa::path(get, path = "/api/session", tag = "session", security(()), responses((status = 200, body = SessionView)))]
pub async fn show(caller: Result<Caller, Problem>, state: State<App>) -> Result<Json<SessionView>, Problem> {
    match caller {
        Ok(caller) => me::me(caller, state).await.map(|Json(me)| Json(SessionView { me: Some(me) })),
        Err(problem) if problem.code() == ProblemCode::Unauthenticated => Ok(Json(SessionView { me: None })),
        Err(problem) => Err(problem),
    }
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
