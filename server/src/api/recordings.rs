//! Recordings of a call: `GET /api/calls/{id}/recordings/` lists them, `GET …/{rid}/audio/` sends the sound of one, in stretches where a
//! player asks for them (RFC 9110, section 14), `GET …/{rid}/peaks/` its waves. Each access to the sound is in the audit.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use casewire_core::id::{CallId, RecordingId};
use casewire_core::view::RecordingView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::lines::shelf::{self, Peaks};
use crate::lines::{RecordingShelf, ShelfError};
use crate::ops::recordings::{ListRecordings, OpenRecording, RecordingUse};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Listing, Path};

/// How much is sent at once.
const STRETCH: u64 = 1024 * 1024;

/// The waves of a recording.
#[derive(Serialize, ToSchema)]
pub struct PeaksView {
    /// 200 values from 0 to 1 for each channel: the agent, then everybody else; one channel where there is but one.
    pub peaks: Vec<Vec<f32>>,
    /// How long it is, in milliseconds.
    pub duration_ms: u64,
}

/// The recordings of a call.
#[utoipa::path(get, path = "/api/calls/{id}/recordings", tag = "calls", params(("id" = CallId, Path)),
    responses((status = 200, body = Listing<RecordingView>), (status = 404, body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller, Path(call_id): Path<CallId>) -> Result<Json<Listing<RecordingView>>, Problem> {
    let access = caller.access().clone();
    Ok(Json(Listing::whole(app.store.read(ListRecordings { access, call_id }).await?)))
}

/// The sound of a recording, or the stretch of it that `Range` asks for.
#[utoipa::path(get, path = "/api/calls/{id}/recordings/{recording_id}/audio", tag = "calls",
    params(("id" = CallId, Path), ("recording_id" = RecordingId, Path)),
    responses((status = 200, description = "The sound", content_type = "audio/wav"), (status = 206, description = "A stretch of it", content_type = "audio/wav"),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn audio(
    State(app): State<App>,
    caller: Caller,
    Path((call_id, recording_id)): Path<(CallId, RecordingId)>,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    let file = opened(&app, &caller, (call_id, recording_id), RecordingUse::Hear).await?;
    let shelf = shelf_of(&app)?;
    let length = shelf.length(&file).await.map_err(unavailable)?;
    let asked = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let (status, range) = match asked.and_then(|asked| shelf::stretch(asked, length)) {
        Some(range) => (
            StatusCode::PARTIAL_CONTENT,
            range.start..range.end.min(range.start.saturating_add(STRETCH)),
        ),
        None => (StatusCode::OK, 0..length),
    };
    let sound = shelf.read(&file, range.clone()).await.map_err(unavailable)?;
    let mut response = Response::new(Body::from(sound));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("audio/wav"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(range.end.saturating_sub(range.start)));
    let place = format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1));
    if let (StatusCode::PARTIAL_CONTENT, Ok(place)) = (status, HeaderValue::try_from(place)) {
        headers.insert(CONTENT_RANGE, place);
    }
    Ok(response)
}

/// The waves of a recording.
#[utoipa::path(get, path = "/api/calls/{id}/recordings/{recording_id}/peaks", tag = "calls",
    params(("id" = CallId, Path), ("recording_id" = RecordingId, Path)),
    responses((status = 200, body = PeaksView), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn peaks(
    State(app): State<App>,
    caller: Caller,
    Path((call_id, recording_id)): Path<(CallId, RecordingId)>,
) -> Result<Json<PeaksView>, Problem> {
    let file = opened(&app, &caller, (call_id, recording_id), RecordingUse::Look).await?;
    let shelf = shelf_of(&app)?;
    let Peaks { channels, duration_ms } = shelf::peaks(shelf.as_ref(), &file).await.map_err(unavailable)?;
    Ok(Json(PeaksView {
        peaks: channels,
        duration_ms,
    }))
}

async fn opened(app: &App, caller: &Caller, of: (CallId, RecordingId), purpose: RecordingUse) -> Result<String, Problem> {
    let act = OpenRecording {
        access: caller.access().clone(),
        call_id: of.0,
        recording_id: of.1,
        purpose,
        now: app.clock.now(),
    };
    Ok(app.store.write(caller.organization(), act).await?.1)
}

fn shelf_of(app: &App) -> Result<std::sync::Arc<dyn RecordingShelf>, Problem> {
    app.lines.shelf().ok_or_else(|| Problem::of(ProblemCode::RecordingNotReady))
}

fn unavailable(error: ShelfError) -> Problem {
    match error {
        ShelfError::Missing => Problem::of(ProblemCode::RecordingNotReady),
        ShelfError::Away => Problem::of(ProblemCode::Unavailable),
    }
}
