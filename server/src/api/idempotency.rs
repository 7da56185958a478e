//! `Idempotency-Key`: an unsafe request that comes again is answered again and not done again, for 24 hours. A request that was
//! refused leaves its key free; one of which nobody knows whether it was done keeps it taken.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use casewire_core::time::Timestamp;
use casewire_store::idempotency::{self, KeyOwner, Taken};
use casewire_store::{Act, StoreError, Tx};
use sha2::{Digest as _, Sha256};

use super::LARGEST_BODY;
use crate::auth::caller::Caller;
use crate::problem::{Problem, ProblemCode, REQUEST_ID};
use crate::state::App;

/// The header of the request.
const KEY: &str = "idempotency-key";
/// The header of an answer that was given before.
const REPLAYED: &str = "idempotent-replayed";
/// The most characters of a key.
const LONGEST_KEY: usize = 255;

/// The middleware around the routes of the API.
pub async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // A stranger has no keys: the handler refuses them by itself, or does not ask who they are.
    let Ok(caller) = Caller::from_request_parts(&mut parts, &app).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    match begin(&app, &caller, &parts, body).await {
        Ok(Begun {
            owner,
            body,
            taken: Taken::Now,
        }) => finish(app, owner, Request::from_parts(parts, body.into()), next).await,
        Ok(Begun {
            taken: Taken::Answered { status, response },
            ..
        }) => replay(status, response),
        Ok(Begun { taken: Taken::Running, .. }) => Problem::of(ProblemCode::RequestInProgress).into_response(),
        Ok(Begun { taken: Taken::Reused, .. }) => Problem::of(ProblemCode::IdempotencyKeyReused).into_response(),
        Err(problem) => problem.into_response(),
    }
}

struct Begun {
    owner: KeyOwner,
    body: Bytes,
    taken: Taken,
}

async fn begin(app: &App, caller: &Caller, parts: &Parts, body: Body) -> Result<Begun, Problem> {
    let key = parts.headers.get(KEY).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Problem::invalid_field("Idempotency-Key", "it has 1 to 255 ASCII characters"));
    }
    let body = axum::body::to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| Problem::of(ProblemCode::BodyTooLarge))?;
    let owner = KeyOwner {
        tenant: caller.tenant(),
        user: caller.user(),
        key: key.to_owned(),
    };
    let take = Take {
        owner: owner.clone(),
        hash: hash(parts, &body),
        now: app.clock.now(),
    };
    let taken = app.store.write(caller.organization(), take).await?;
    Ok(Begun { owner, body, taken })
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

/// Goes on even if the asker goes away, so that the answer is there when they come back.
async fn finish(app: App, owner: KeyOwner, request: Request, next: Next) -> Response {
    let id = REQUEST_ID.try_with(Clone::clone).unwrap_or_else(|_| "none".into());
    let work = {
        let app = app.clone();
        REQUEST_ID.scope(id, async move {
            let response = next.run(request).await;
            keep(&app, owner, response).await
        })
    };
    match app.tasks.spawn(work).await {
        Ok(response) => response,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Problem::of(ProblemCode::OutcomeUnknown).into_response(),
    }
}

async fn keep(app: &App, owner: KeyOwner, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return Problem::of(ProblemCode::OutcomeUnknown).into_response();
    };
    let refused = parts.status.is_client_error() || parts.extensions.get::<ProblemCode>() == Some(&ProblemCode::Unavailable);
    let organization = owner.tenant.organization();
    let kept = if parts.status.is_success() {
        let response = String::from_utf8_lossy(&body).into_owned();
        app.store
            .write(
                organization,
                Answer {
                    owner,
                    status: parts.status.as_u16(),
                    response,
                },
            )
            .await
    } else if refused {
        app.store.write(organization, Free(owner)).await
    } else {
        Ok(())
    };
    if let Err(error) = kept {
        tracing::warn!(%error, "the answer to a request with an Idempotency-Key could not be kept");
    }
    Response::from_parts(parts, Body::from(body))
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

struct Take {
    owner: KeyOwner,
    hash: [u8; 32],
    now: Timestamp,
}

impl Act for Take {
    type Out = Taken;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Taken, StoreError> {
        idempotency::take(tx, &self.owner, self.hash, self.now).await
    }
}

struct Answer {
    owner: KeyOwner,
    status: u16,
    response: String,
}

impl Act for Answer {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        idempotency::answer(tx, &self.owner, self.status, &self.response).await
    }
}

struct Free(KeyOwner);

impl Act for Free {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        idempotency::free(tx, &self.0).await
    }
}
