//! `/api/cases/{mycase_case_id}/walls/`: who is kept from a case; `/api/walls/`: all walls. The acts: `crate::ops::walls`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::access::{Level, Resource};
use casewire_core::id::UserId;
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;
use casewire_store::walls::Wall;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::walls::{BuildWall, ListWalls, RemoveWall, ReportWalls};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Listing, Path};

/// Who is to be kept from a case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WallRequest {
    /// The user.
    pub user_id: UserId,
}

/// A wall.
#[derive(Serialize, ToSchema)]
pub struct WallView {
    /// Who is kept out.
    pub user: UserRef,
    /// Who put it up; none for the import.
    pub added_by_user_id: Option<UserId>,
    /// Since when.
    pub created_at: Timestamp,
}

impl From<Wall> for WallView {
    fn from(
        Wall {
            user,
            added_by_user_id,
            created_at,
        }: Wall,
    ) -> Self {
        Self {
            user,
            added_by_user_id,
            created_at,
        }
    }
}

/// The walls around a case, the oldest first: `settings:1`.
#[utoipa::path(get, path = "/api/cases/{mycase_case_id}/walls", tag = "walls", params(("mycase_case_id" = String, Path)),
    responses((status = 200, body = Listing<WallView>), (status = "default", body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller, Path(mycase_case_id): Path<String>) -> Result<Json<Listing<WallView>>, Problem> {
    let walls = app
        .store
        .read(ListWalls {
            access: caller.access().clone(),
            mycase_case_id,
        })
        .await?;
    Ok(Json(Listing::whole(walls.into_iter().map(WallView::from).collect())))
}

/// Keeps a user from a case and everything in it, whatever their roles: `settings:3`.
#[utoipa::path(post, path = "/api/cases/{mycase_case_id}/walls", tag = "walls", params(("mycase_case_id" = String, Path)),
    request_body = WallRequest, responses((status = 201, body = WallView), (status = "default", body = ProblemBody)))]
pub async fn build(
    State(app): State<App>,
    caller: Caller,
    Path(mycase_case_id): Path<String>,
    Body(request): Body<WallRequest>,
) -> Result<(StatusCode, Json<WallView>), Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let act = BuildWall {
        access: caller.access().clone(),
        mycase_case_id,
        user: request.user_id,
        now,
    };
    Ok((StatusCode::CREATED, Json(app.store.write(organization, act).await?.into())))
}

/// Lets a user near a case again: `settings:3`.
#[utoipa::path(delete, path = "/api/cases/{mycase_case_id}/walls/{user_id}", tag = "walls",
    params(("mycase_case_id" = String, Path), ("user_id" = UserId, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((mycase_case_id, user)): Path<(String, UserId)>,
) -> Result<StatusCode, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    app.store
        .write(
            organization,
            RemoveWall {
                access: caller.access().clone(),
                mycase_case_id,
                user,
                now,
            },
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A wall as the report has it: of the case no more than its number.
#[derive(Serialize, ToSchema)]
pub struct ReportedWallView {
    /// The number of the case.
    pub mycase_case_id: String,
    /// Who is kept out.
    pub user: UserRef,
    /// Who put it up; none for the import.
    pub added_by: Option<UserRef>,
    /// Since when.
    pub created_at: Timestamp,
    /// How often they asked for something of the case since then, and were refused.
    pub attempts: i64,
}

/// All walls of the organization, the latest first, but those around cases that the reader is kept from: `settings:1`.
#[utoipa::path(get, path = "/api/walls", tag = "walls",
    responses((status = 200, body = Listing<ReportedWallView>), (status = 403, body = ProblemBody)))]
pub async fn report(State(app): State<App>, caller: Caller) -> Result<Json<Listing<ReportedWallView>>, Problem> {
    let permit = caller.office(Resource::Settings, Level::See)?;
    let walls = app.store.read(ReportWalls(permit)).await?;
    let views = walls.into_iter().map(|wall| ReportedWallView {
        mycase_case_id: wall.mycase_case_id,
        user: wall.user,
        added_by: wall.added_by,
        created_at: wall.created_at,
        attempts: wall.attempts,
    });
    Ok(Json(Listing::whole(views.collect())))
}
