//! `/api/cases/{mycase_case_id}/walls/`: who is kept from a case. The acts: `crate::ops::walls`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::id::UserId;
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;
use casewire_store::walls::Wall;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::walls::{BuildWall, ListWalls, RemoveWall};
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
