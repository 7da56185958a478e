//! The trunk's far end enters here: `POST /webhooks/trunk` says what phones do. 403 where the signature is not right, 404 where nobody has
//! the number or the call is over, 200 with the server's session description where audio begins, else 204.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casewire_carriers::trunk::{EVENTS, SIGNATURE, TrunkEvent, TrunkRefusal, TrunkRequest, Verified, verify};

use crate::problem::{Problem, ProblemCode};
use crate::state::App;

/// Where the far end of the trunk posts.
pub const TRUNK: &str = EVENTS;

/// A phone does something.
pub async fn event(State(app): State<App>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let outcome = match believed(&app, &headers, body) {
        Ok(event) => taken(&app, event).await,
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok((word, response)) => {
            app.metrics.webhook("trunk", word);
            response
        }
        Err(problem) => {
            app.metrics.webhook("trunk", problem.code().as_str());
            problem.into_response()
        }
    }
}

async fn taken(app: &App, event: Verified<TrunkEvent>) -> Result<(&'static str, Response), Problem> {
    let line = app.local.line().ok_or_else(|| Problem::of(ProblemCode::NoLine))?;
    let event = event.into_inner();
    let word = event.word();
    Ok(match line.hear_trunk(app, event).await? {
        Some(accepted) => (word, Json(accepted).into_response()),
        None => (word, StatusCode::NO_CONTENT.into_response()),
    })
}

fn believed(app: &App, headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Verified<TrunkEvent>, Problem> {
    let key = app.config.voice.as_ref().and_then(|voice| voice.trunk.as_ref());
    let key = key.map(|trunk| &trunk.key).ok_or_else(|| Problem::of(ProblemCode::NoLine))?;
    let body = body.map_err(|_| Problem::of(ProblemCode::MalformedWebhook))?;
    let request = TrunkRequest {
        path: TRUNK,
        signature: headers.get(SIGNATURE).and_then(|value| value.to_str().ok()),
        body: &body,
    };
    verify(key, &app.local.replays, &request, app.clock.now()).map_err(|refusal| match refusal {
        TrunkRefusal::Unsigned => Problem::of(ProblemCode::UnsignedWebhook),
        TrunkRefusal::BadSignature => Problem::of(ProblemCode::WrongSignature),
        TrunkRefusal::Malformed => Problem::of(ProblemCode::MalformedWebhook),
    })
}
