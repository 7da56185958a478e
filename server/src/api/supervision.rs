//! Supervision of a call: `POST` enters, `PATCH` switches, `DELETE` leaves. The right is asked for at each; the act:
//! `crate::ops::supervise_call`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::calls::Mode;
use casewire_core::id::CallId;
use casewire_core::view::CallView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::lines::switch;
use crate::ops::list_calls::ShowCall;
use crate::ops::supervise_call::{SuperviseCall, SupervisionStep};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Path};

/// What a supervisor does.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupervisionRequest {
    /// listen, whisper or barge.
    pub mode: Mode,
}

/// Comes on a call as its supervisor: `calls:3`.
#[utoipa::path(post, path = "/api/calls/{id}/supervision", tag = "calls", params(("id" = CallId, Path)), request_body = SupervisionRequest,
    responses((status = 201, body = CallView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub async fn enter(
    State(app): State<App>,
    caller: Caller,
    Path(call_id): Path<CallId>,
    Body(request): Body<SupervisionRequest>,
) -> Result<(StatusCode, Json<CallView>), Problem> {
    supervise(&app, &caller, call_id, SupervisionStep::Enter(request.mode)).await?;
    Ok((StatusCode::CREATED, Json(shown(&app, &caller, call_id).await?)))
}

/// Does something else on it from now on: `calls:3`.
#[utoipa::path(patch, path = "/api/calls/{id}/supervision", tag = "calls", params(("id" = CallId, Path)), request_body = SupervisionRequest,
    responses((status = 200, body = CallView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub async fn switch_mode(
    State(app): State<App>,
    caller: Caller,
    Path(call_id): Path<CallId>,
    Body(request): Body<SupervisionRequest>,
) -> Result<Json<CallView>, Problem> {
    supervise(&app, &caller, call_id, SupervisionStep::Switch(request.mode)).await?;
    Ok(Json(shown(&app, &caller, call_id).await?))
}

/// Leaves it.
#[utoipa::path(delete, path = "/api/calls/{id}/supervision", tag = "calls", params(("id" = CallId, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn leave(State(app): State<App>, caller: Caller, Path(call_id): Path<CallId>) -> Result<StatusCode, Problem> {
    supervise(&app, &caller, call_id, SupervisionStep::Leave).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn supervise(app: &App, caller: &Caller, call_id: CallId, step: SupervisionStep) -> Result<(), Problem> {
    let act = SuperviseCall {
        access: caller.access().clone(),
        call_id,
        step,
        now: app.clock.now(),
    };
    switch::step(app, caller.organization(), call_id, act).await.map(drop)
}

/// The call with its supervisors.
async fn shown(app: &App, caller: &Caller, call_id: CallId) -> Result<CallView, Problem> {
    let access = caller.access().clone();
    app.store.read(ShowCall { access, call_id }).await
}
