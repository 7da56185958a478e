//! Roles of the organization, for those who see or manage settings. The default ones cannot be changed.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::access::{CaseScope, Grant, Level, Resource};
use casewire_core::id::RoleId;
use casewire_store::roles::{Provenance, Role};
use serde::{Deserialize, Serialize};

use super::me::Levels;
use crate::auth::caller::Caller;
use crate::ops::people::{LONGEST_NAME, line};
use crate::ops::roles::{ChangeRole, CreateRole, ListRoles, RemoveRole};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Listing, Path};

/// A role.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoleView {
    /// The role.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// Whether it ships with Casewire and stays as it is.
    pub is_default: bool,
    /// The cases that it reaches.
    pub case_scope: CaseScope,
    /// What it grants.
    pub levels: Levels,
}

impl From<Role> for RoleView {
    fn from(
        Role {
            id,
            name,
            provenance,
            grant,
        }: Role,
    ) -> Self {
        let is_default = provenance == Provenance::Platform;
        Self {
            id,
            name,
            is_default,
            case_scope: grant.scope,
            levels: Levels::of(|resource| grant.on(resource)),
        }
    }
}

/// A role to be.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRoleRequest {
    /// Its name.
    pub name: String,
    /// The cases that it reaches.
    pub case_scope: CaseScope,
    /// What it grants.
    pub levels: Levels,
}

/// What is to change; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleRequest {
    /// A new name.
    pub name: Option<String>,
    /// What it grants from now on; goes with `levels`.
    pub case_scope: Option<CaseScope>,
    /// What it grants from now on; goes with `case_scope`.
    pub levels: Option<Levels>,
}

/// The roles of the organization.
#[utoipa::path(get, path = "/api/roles", tag = "settings", responses((status = 200, body = Listing<RoleView>), (status = 403, body = ProblemBody)))]
pub async fn list(caller: Caller, State(app): State<App>) -> Result<Json<Listing<RoleView>>, Problem> {
    let permit = caller.office(Resource::Settings, Level::See)?;
    let roles = app.store.read(ListRoles(permit)).await?;
    Ok(Json(Listing::whole(roles.into_iter().map(RoleView::from).collect())))
}

/// Define a role of the organization's own.
#[utoipa::path(
    post, path = "/api/roles", tag = "settings", request_body = NewRoleRequest,
    responses((status = 201, body = RoleView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)),
)]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    Body(new): Body<NewRoleRequest>,
) -> Result<(StatusCode, Json<RoleView>), Problem> {
    let create = CreateRole {
        permit: caller.office(Resource::Settings, Level::Manage)?,
        name: line("name", &new.name, LONGEST_NAME)?,
        grant: grant(new.case_scope, new.levels)?,
        now: app.clock.now(),
    };
    Ok((
        StatusCode::CREATED,
        Json(app.store.write(caller.organization(), create).await?.into()),
    ))
}

/// Change a role of the organization's own.
#[utoipa::path(
    patch, path = "/api/roles/{id}", tag = "settings", request_body = RoleRequest, params(("id" = RoleId, Path)),
    responses((status = 200, body = RoleView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)),
)]
pub async fn change(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<RoleId>,
    Body(request): Body<RoleRequest>,
) -> Result<Json<RoleView>, Problem> {
    let change = ChangeRole {
        permit: caller.office(Resource::Settings, Level::Manage)?,
        id,
        name: request.name.map(|name| line("name", &name, LONGEST_NAME)).transpose()?,
        grant: match (request.case_scope, request.levels) {
            (Some(scope), Some(levels)) => Some(grant(scope, levels)?),
            (None, None) => None,
            (Some(_), None) => return Err(Problem::invalid_field("levels", "it goes with case_scope")),
            (None, Some(_)) => return Err(Problem::invalid_field("case_scope", "it goes with levels")),
        },
        now: app.clock.now(),
    };
    Ok(Json(app.store.write(caller.organization(), change).await?.into()))
}

/// Remove a role of the organization's own that nobody holds.
#[utoipa::path(
    delete, path = "/api/roles/{id}", tag = "settings", params(("id" = RoleId, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)),
)]
pub async fn remove(caller: Caller, State(app): State<App>, Path(id): Path<RoleId>) -> Result<StatusCode, Problem> {
    let permit = caller.office(Resource::Settings, Level::Manage)?;
    app.store
        .write(
            caller.organization(),
            RemoveRole {
                permit,
                id,
                now: app.clock.now(),
            },
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn grant(scope: CaseScope, levels: Levels) -> Result<Grant, Problem> {
    let level = |field: &str, number| {
        Level::from_number(number).ok_or_else(|| Problem::invalid_field(&format!("levels.{field}"), "a level is 0, 1, 2 or 3"))
    };
    Ok(Grant {
        scope,
        case_contacts: level("case_contacts", levels.case_contacts)?,
        sms: level("sms", levels.sms)?,
        calls: level("calls", levels.calls)?,
        audit: level("audit", levels.audit)?,
        settings: level("settings", levels.settings)?,
    })
}
