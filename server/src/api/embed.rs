//! The case view in another site: its page, which only the sites of the organization may frame, and the tokens that sign its users
//! in. The acts: `crate::ops::embed`; what host pages include: `web/src/embed-host`.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use casewire_core::access::{Level, Resource};
use casewire_core::id::OrganizationId;
use casewire_core::settings::origin::is_embeddable;
use casewire_core::time::Timestamp;
use casewire_store::sign_ins::SignInKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::auth::peer::Peer;
use crate::auth::secret::BearerSecret;
use crate::ops::embed::{self, CreateLaunchToken, ReadEmbedOrigins};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::web;
use crate::wire::{Body, Query};

/// Where launch tokens are made. An answer that holds a secret is not kept for an `Idempotency-Key`: ask for another token.
pub const LAUNCH_TOKENS: &str = "/api/embed/launch-tokens";

/// Whom a launch token is to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchRequest {
    /// The e-mail address of an active user of the organization.
    pub user_email: String,
}

/// A launch token.
#[derive(Serialize, ToSchema)]
pub struct LaunchView {
    /// For the frame; to be traded for a session once.
    pub launch_token: String,
    /// A minute from now.
    pub expires_at: Timestamp,
}

/// A launch token that is traded in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbedSessionRequest {
    /// As the host page handed it over.
    pub launch_token: String,
}

/// A session of the embedded case view.
#[derive(Serialize, ToSchema)]
pub struct EmbedSessionView {
    /// To be sent as `Authorization: Bearer …`, and by the socket as the protocol `bearer.…`.
    pub token: String,
    /// When it ends, used or not; an hour without use ends it too.
    pub expires_at: Timestamp,
}

/// Whose case view a page shows.
#[derive(Deserialize)]
pub struct PageQuery {
    organization: Option<String>,
}

/// Makes a launch token for a user, for the server of the site around: `settings:3`, by a program's token.
#[utoipa::path(post, path = "/api/embed/launch-tokens", tag = "embed", request_body = LaunchRequest,
    responses((status = 200, body = LaunchView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn launch(State(app): State<App>, caller: Caller, Body(request): Body<LaunchRequest>) -> Result<Json<LaunchView>, Problem> {
    let permit = caller.office(Resource::Settings, Level::Manage)?;
    if caller.kind() != SignInKind::Token {
        return Err(Problem::new(
            ProblemCode::Forbidden,
            "Launch tokens are made by a program's token: they sign in others.",
        ));
    }
    let secret = BearerSecret::for_launch()?;
    let act = CreateLaunchToken {
        permit,
        user_email: request.user_email,
        token_hash: secret.hash(),
        now: app.clock.now(),
    };
    let expires_at = app.store.write(caller.organization(), act).await?;
    Ok(Json(LaunchView {
        launch_token: secret.expose().to_owned(),
        expires_at,
    }))
}

/// Trades a launch token for a session of the embedded case view, once.
#[utoipa::path(post, path = "/api/embed/sessions", tag = "embed", security(()), request_body = EmbedSessionRequest,
    responses((status = 200, body = EmbedSessionView), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn begin(
    State(app): State<App>,
    Peer(peer): Peer,
    Body(request): Body<EmbedSessionRequest>,
) -> Result<Json<EmbedSessionView>, Problem> {
    let (secret, expires_at) = embed::begin(&app, peer, &request.launch_token).await?;
    Ok(Json(EmbedSessionView {
        token: secret.expose().to_owned(),
        expires_at,
    }))
}

/// The page of the embedded case view. It is the same for everybody; who may frame it depends on the organization.
pub async fn page(State(app): State<App>, Query(query): Query<PageQuery>, headers: HeaderMap) -> Result<Response, Problem> {
    let organization = query.organization.and_then(|text| text.parse().ok());
    let ancestors = embed_frame_ancestors(&app, organization).await?;
    Ok(web::page_with("embed.html", &ancestors, "", &headers))
}

/// Who may frame an organization's case view, as the sources of the CSP directive `frame-ancestors`; nobody where it allows none.
///
/// # Errors
/// [`Problem`] where the database is away.
pub async fn embed_frame_ancestors(app: &App, organization: Option<OrganizationId>) -> Result<String, Problem> {
    let origins = match organization {
        Some(organization) => app.store.read(ReadEmbedOrigins(organization)).await?,
        None => Vec::new(),
    };
    let allowed: Vec<String> = origins.into_iter().filter(|origin| is_embeddable(origin)).collect();
    if allowed.is_empty() {
        return Ok(web::NO_FRAMES.to_owned());
    }
    Ok(allowed.join(" "))
}
