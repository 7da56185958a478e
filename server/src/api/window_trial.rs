//! `POST /api/settings/routing-window-trial`: what another routing window would have done. The act: `crate::ops::try_window`.

use axum::Json;
use axum::extract::State;
use casewire_core::access::{Level, Resource};
use casewire_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::try_window::{Trial, TryWindow};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::Body;

/// Another routing window.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrialRequest {
    /// From 1 second to 30 days.
    #[schema(minimum = 1, maximum = 2_592_000)]
    pub routing_window_seconds: u64,
}

/// What it would have done to the texts of the last 30 days, of at most 20,000.
#[derive(Serialize, ToSchema)]
pub struct TrialView {
    /// How many texts were decided again.
    pub texts: u64,
    /// Those that came in since then.
    pub since: Timestamp,
    /// How many would be where they are.
    pub unchanged: u64,
    /// How many went to one case and would have been offered to several.
    pub newly_offered: u64,
    /// How many were offered to several and would have gone to one.
    pub newly_routed: u64,
    /// How many would have gone elsewhere.
    pub routed_elsewhere: u64,
}

impl From<Trial> for TrialView {
    fn from(trial: Trial) -> Self {
        Self {
            texts: trial.texts,
            since: trial.since,
            unchanged: trial.unchanged,
            newly_offered: trial.newly_offered,
            newly_routed: trial.newly_routed,
            routed_elsewhere: trial.routed_elsewhere,
        }
    }
}

/// What another routing window would have done: each text is decided again from its receipt, and nothing is changed.
#[utoipa::path(
    post, path = "/api/settings/routing-window-trial", tag = "settings", request_body = TrialRequest,
    responses((status = 200, body = TrialView), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)),
)]
pub async fn try_window(caller: Caller, State(app): State<App>, Body(request): Body<TrialRequest>) -> Result<Json<TrialView>, Problem> {
    let act = TryWindow {
        permit: caller.office(Resource::Settings, Level::See)?,
        routing_window_seconds: request.routing_window_seconds,
        now: app.clock.now(),
    };
    Ok(Json(app.store.read(act).await?.into()))
}
