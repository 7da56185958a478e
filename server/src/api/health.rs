//! Whether the process lives and whether it can work, for whoever watches it.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::problem::Problem;
use crate::state::App;

/// How the server is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Health {
    /// Always `ok`: what is not is a problem.
    pub status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

/// The process answers.
#[utoipa::path(get, path = "/livez", tag = "health", security(()), responses((status = 200, body = Health)))]
pub async fn live() -> Json<Health> {
    OK
}

/// The database answers.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()), responses((status = 200, body = Health), (status = 503, body = crate::problem::ProblemBody)))]
pub async fn ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    app.store.schema_version().await?;
    Ok(OK)
}
