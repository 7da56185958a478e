//! `GET /api/colleagues/`: whom a case or a call can be given to, by name. Accounts with all that belongs to them are in `users`.

use axum::Json;
use axum::extract::State;
use casewire_core::access::{Level, Resource};
use casewire_core::id::{TeamId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::colleagues::{Colleagues, ListColleagues};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;

/// Somebody who works here.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleagueView {
    /// The user.
    pub id: UserId,
    /// Their name.
    pub name: String,
}

/// A team, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamRef {
    /// The team.
    pub id: TeamId,
    /// Its name.
    pub name: String,
}

/// Whom a case or a call can be given to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleaguesView {
    /// The users who can sign in, by name.
    pub users: Vec<ColleagueView>,
    /// The teams, by name.
    pub teams: Vec<TeamRef>,
}

impl From<Colleagues> for ColleaguesView {
    fn from(Colleagues { users, teams }: Colleagues) -> Self {
        Self {
            users: users.into_iter().map(|(id, name)| ColleagueView { id, name }).collect(),
            teams: teams.into_iter().map(|(id, name)| TeamRef { id, name }).collect(),
        }
    }
}

/// Active users and teams, for `case_contacts:3`, `calls:2` or `settings:1`.
#[utoipa::path(get, path = "/api/colleagues", tag = "cases", responses((status = 200, body = ColleaguesView), (status = 403, body = ProblemBody)))]
pub async fn list(caller: Caller, State(app): State<App>) -> Result<Json<ColleaguesView>, Problem> {
    let permit = caller
        .office(Resource::CaseContacts, Level::Manage)
        .or_else(|_| caller.office(Resource::Calls, Level::Act))
        .or_else(|_| caller.office(Resource::Settings, Level::See))?;
    Ok(Json(app.store.read(ListColleagues(permit)).await?.into()))
}
