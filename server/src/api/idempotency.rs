//! `Idempotency-Key`: an unsafe request that comes again is answered again and not done again, for 24 hours. The act of a request
//! takes the key in its own transaction ([`idempotency::with_key`]), so that a key is taken if and only if its request was done, also
//! where the server died on the way. The answer is kept after that; where it was lost the asker is told so.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use casewire_store::idempotency::{self, Key, KeyState};
use casewire_store::{Act, StoreError, Tx};
use sha2::{Digest as _, Sha256};

use super::LARGEST_BODY;
use crate::auth::caller::Caller;
use crate::problem::{Problem, ProblemCode, REQUEST_ID};
use crate::state::App;

/// The header of the request.
const HEADER: &str = "idempotency-key";
/// The header of an answer that was given before.
const REPLAYED: &str = "idempotent-replayed";
/// How long after an act its answer may be on its way; after that it is lost.
const ANSWER_DUE: Duration = Duration::from_secs(5);
/// The most characters of a key.
const LONGEST_KEY: usize = 255;

/// The middleware around the routes of the API.
pub async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    // A document is added once however often it is sent, and is too large to be kept in memory for its hash.
    let keeps_no_answer = [super::embed::LAUNCH_TOKENS, super::documents::DOCUMENTS].contains(&request.uri().path());
    if request.method().is_safe() || keeps_no_answer || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // A stranger has no keys: the handler refuses them by itself, or does not ask who they are.
    let Ok(caller) = Caller::from_request_parts(&mut parts, &app).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    match begin(&app, &caller, &parts, body).await {
        Ok((key, body, state)) => match answer_of(&app, state) {
            Some(known) => known,
            None => finish(app, key, Request::from_parts(parts, body.into()), next).await,
        },
        Err(problem) => problem.into_response(),
    }
}

async fn begin(app: &App, caller: &Caller, parts: &Parts, body: Body) -> Result<(Key, Bytes, KeyState), Problem> {
    let key = parts.headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Problem::invalid_field("Idempotency-Key", "it has 1 to 255 ASCII characters"));
    }
    let body = axum::body::to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| Problem::of(ProblemCode::BodyTooLarge))?;
    let key = Key {
        tenant: caller.tenant(),
        user: caller.user(),
        key: key.to_owned(),
        request_hash: hash(parts, &body),
    };
    let state = app.store.read(Look(key.clone())).await?;
    Ok((key, body, state))
}

fn hash(parts: &Parts, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for piece in [
        parts.method.as_str().as_bytes(),
        parts.uri.path().as_bytes(),
        parts.uri.query().unwrap_or_default().as_bytes(),
    ] {
        hash.update(piece);
        hash.update([0]);
    }
    hash.update(body);
    hash.finalize().into()
}

/// What a key that is taken answers; nothing where it is free.
fn answer_of(app: &App, state: KeyState) -> Option<Response> {
    match state {
        KeyState::Free => None,
        KeyState::Answered { status, response } => Some(replay(status, response)),
        KeyState::Done { at } if app.clock.now().since(at) < ANSWER_DUE => {
            let running = Problem::of(ProblemCode::RequestInProgress).retry_after(Duration::from_secs(1));
            Some(running.into_response())
        }
        KeyState::Done { .. } => Some(Problem::of(ProblemCode::AnswerLost).into_response()),
        KeyState::Reused => Some(Problem::of(ProblemCode::IdempotencyKeyReused).into_response()),
    }
}

/// Goes on even if the asker goes away, so that the answer is there when they come back.
async fn finish(app: App, key: Key, request: Request, next: Next) -> Response {
    let id = REQUEST_ID.try_with(Clone::clone).unwrap_or_else(|_| "none".into());
    let work = {
        let app = app.clone();
        REQUEST_ID.scope(id, async move {
            let response = idempotency::with_key(key.clone(), next.run(request)).await;
            if response.status().is_success() {
                keep(&app, key, response).await
            } else {
                look_again(&app, key, response).await
            }
        })
    };
    match app.tasks.spawn(work).await {
        Ok(response) => response,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Problem::of(ProblemCode::OutcomeUnknown).into_response(),
    }
}

async fn keep(app: &App, key: Key, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return Problem::of(ProblemCode::OutcomeUnknown).into_response();
    };
    let organization = key.tenant.organization();
    let answer = Answer {
        key,
        status: parts.status.as_u16(),
        response: String::from_utf8_lossy(&body).into_owned(),
    };
    if let Err(error) = app.store.write(organization, answer).await {
        tracing::warn!(%error, "the answer to a request with an Idempotency-Key could not be kept");
    }
    Response::from_parts(parts, Body::from(body))
}

/// A request that failed may have met the same one, which was done meanwhile; then that one's answer is its own. Otherwise its key
/// is free.
async fn look_again(app: &App, key: Key, response: Response) -> Response {
    match app.store.read(Look(key)).await {
        Ok(state) => answer_of(app, state).unwrap_or(response),
        Err(_) => response,
    }
}

fn replay(status: u16, response: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let has_body = !response.is_empty();
    let mut answer = Response::new(Body::from(response));
    *answer.status_mut() = status;
    if has_body {
        answer
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    answer
        .headers_mut()
        .insert(HeaderName::from_static(REPLAYED), HeaderValue::from_static("true"));
    answer
}

struct Look(Key);

impl Act for Look {
    type Out = KeyState;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<KeyState, StoreError> {
        idempotency::look(tx, &self.0).await
    }
}

struct Answer {
    key: Key,
    status: u16,
    response: String,
}

impl Act for Answer {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        idempotency::answer(tx, &self.key, self.status, &self.response).await
    }
}
