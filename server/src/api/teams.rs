//! Teams of the organization, for those who see or manage settings.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::access::{Level, Resource};
use casewire_core::id::{TeamId, UserId};
use casewire_store::teams::Team;
use serde::{Deserialize, Serialize};

use crate::auth::caller::Caller;
use crate::ops::people::{LONGEST_NAME, line};
use crate::ops::teams::{ChangeTeam, CreateTeam, ListTeams};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Listing, Path};

/// A team.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TeamView {
    /// The team.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Who is in it.
    pub member_ids: Vec<UserId>,
}

impl From<Team> for TeamView {
    fn from(Team { id, name, members }: Team) -> Self {
        Self {
            id,
            name,
            member_ids: members,
        }
    }
}

/// A team to be.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeamRequest {
    /// Its name.
    pub name: String,
    /// Who is in it.
    #[serde(default)]
    pub member_ids: Vec<UserId>,
}

/// What is to change; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamRequest {
    /// A new name.
    pub name: Option<String>,
    /// These members and no others.
    pub member_ids: Option<Vec<UserId>>,
}

/// The teams of the organization.
#[utoipa::path(get, path = "/api/teams", tag = "settings", responses((status = 200, body = Listing<TeamView>), (status = 403, body = ProblemBody)))]
pub async fn list(caller: Caller, State(app): State<App>) -> Result<Json<Listing<TeamView>>, Problem> {
    let permit = caller.office(Resource::Settings, Level::See)?;
    let teams = app.store.read(ListTeams(permit)).await?;
    Ok(Json(Listing::whole(teams.into_iter().map(TeamView::from).collect())))
}

/// Create a team.
#[utoipa::path(
    post, path = "/api/teams", tag = "settings", request_body = NewTeamRequest,
    responses((status = 201, body = TeamView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)),
)]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    Body(new): Body<NewTeamRequest>,
) -> Result<(StatusCode, Json<TeamView>), Problem> {
    caller.office(Resource::Settings, Level::Manage)?;
    let create = CreateTeam {
        tenant: caller.tenant(),
        by: Some(caller.user()),
        name: line("name", &new.name, LONGEST_NAME)?,
        members: new.member_ids,
        now: app.clock.now(),
    };
    Ok((
        StatusCode::CREATED,
        Json(app.store.write(caller.organization(), create).await?.into()),
    ))
}

/// Change a team.
#[utoipa::path(
    patch, path = "/api/teams/{id}", tag = "settings", request_body = TeamRequest, params(("id" = TeamId, Path)),
    responses((status = 200, body = TeamView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)),
)]
pub async fn change(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<TeamId>,
    Body(request): Body<TeamRequest>,
) -> Result<Json<TeamView>, Problem> {
    let change = ChangeTeam {
        permit: caller.office(Resource::Settings, Level::Manage)?,
        id,
        name: request.name.map(|name| line("name", &name, LONGEST_NAME)).transpose()?,
        members: request.member_ids,
        now: app.clock.now(),
    };
    Ok(Json(app.store.write(caller.organization(), change).await?.into()))
}
