//! Softphones: `POST /api/softphones/` elects the browser tab that takes the caller's calls, or renews its lease of 30 seconds;
//! `DELETE …/{id}/` gives it up. The acts: `crate::ops::softphones`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::access::{Level, Resource};
use casewire_core::time::Timestamp;
use casewire_store::softphones::Claim;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::lines::{LineCredentials, SoftphoneIdentity};
use crate::ops::softphones::{ElectSoftphone, ReleaseSoftphone};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Body, Path};

/// The longest name of a tab.
const LONGEST_ID: usize = 64;

/// A browser tab that would take calls.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SoftphoneRequest {
    /// The tab's own name of itself: a UUID that it made.
    pub id: String,
    /// Whether it takes over from another tab.
    #[serde(default)]
    pub takeover: bool,
}

/// Which tab takes the calls.
#[derive(Serialize, ToSchema)]
pub struct SoftphoneView {
    /// Whether it is this one; ask again within 30 seconds.
    pub is_elected: bool,
    /// Since when the one that is elected is.
    pub elected_at: Timestamp,
    /// What carries calls: local or twilio.
    pub line: String,
    /// For the carrier's own library, where the line needs one.
    pub token: Option<String>,
    /// Until when it holds.
    pub token_expires_at: Option<Timestamp>,
}

/// Elects the tab that takes the caller's calls: `calls:2`.
#[utoipa::path(post, path = "/api/softphones", tag = "calls", request_body = SoftphoneRequest,
    responses((status = 200, body = SoftphoneView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn elect(State(app): State<App>, caller: Caller, Body(request): Body<SoftphoneRequest>) -> Result<Json<SoftphoneView>, Problem> {
    let permit = caller.office(Resource::Calls, Level::Act)?;
    let id = fit(request.id)?;
    let line = app.lines.usual().ok_or_else(|| Problem::of(ProblemCode::NoLine))?;
    let act = ElectSoftphone {
        permit,
        id: id.clone(),
        claim: if request.takeover { Claim::TakeOver } else { Claim::Wait },
        now: app.clock.now(),
    };
    let elected = app.store.write(caller.organization(), act).await?;
    let is_elected = elected.id == id;
    let who = SoftphoneIdentity {
        organization: caller.organization(),
        user: caller.user(),
    };
    let credentials = if is_elected {
        line.credentials(who).await?
    } else {
        LineCredentials::default()
    };
    Ok(Json(SoftphoneView {
        is_elected,
        elected_at: elected.elected_at,
        line: line.name().to_owned(),
        token: credentials.token,
        token_expires_at: credentials.expires_at,
    }))
}

/// Gives it up, if it is this one.
#[utoipa::path(delete, path = "/api/softphones/{id}", tag = "calls", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn release(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let permit = caller.office(Resource::Calls, Level::Act)?;
    app.store.write(caller.organization(), ReleaseSoftphone { permit, id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn fit(id: String) -> Result<String, Problem> {
    let is_word = !id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if is_word {
        Ok(id)
    } else {
        Err(Problem::invalid_field("id", "it is no UUID"))
    }
}
