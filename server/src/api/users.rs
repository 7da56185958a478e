//! Users of the organization, for those who see or manage settings.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::access::{Level, Resource};
use casewire_core::id::{RoleId, TeamId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::users::{Standing, User};
use serde::{Deserialize, Serialize};

use crate::auth::caller::Caller;
use crate::auth::passwords::check_choice;
use crate::ops::accounts::{ChangeUser, CreateUser, ListUsers};
use crate::ops::people::{LONGEST_NAME, line};
use crate::ops::sign_in::email_key;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Listing, Path};

/// A user.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UserView {
    /// The user.
    pub id: UserId,
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether they can sign in.
    pub is_active: bool,
    /// Their roles.
    pub role_ids: Vec<RoleId>,
    /// Their teams.
    pub team_ids: Vec<TeamId>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
            is_active: user.standing == Standing::Active,
            role_ids: user.roles,
            team_ids: user.teams,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// A user to be.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUserRequest {
    /// The e-mail address to sign in by.
    pub email: String,
    /// Their name.
    pub name: String,
    /// At least 10 characters.
    #[schema(min_length = 10)]
    pub password: String,
    /// Their roles.
    #[serde(default)]
    pub role_ids: Vec<RoleId>,
    /// Their teams.
    #[serde(default)]
    pub team_ids: Vec<TeamId>,
}

/// What is to change; what is absent stays.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserRequest {
    /// A new name.
    pub name: Option<String>,
    /// Whether they can sign in; no longer ends their sign-ins and tokens at once.
    pub is_active: Option<bool>,
    /// A new password; ends their sign-ins and tokens at once.
    #[schema(min_length = 10)]
    pub password: Option<String>,
    /// These roles and no others.
    pub role_ids: Option<Vec<RoleId>>,
    /// These teams and no others.
    pub team_ids: Option<Vec<TeamId>>,
}

/// The users of the organization.
#[utoipa::path(get, path = "/api/users", tag = "settings", responses((status = 200, body = Listing<UserView>), (status = 403, body = ProblemBody)))]
pub async fn list(caller: Caller, State(app): State<App>) -> Result<Json<Listing<UserView>>, Problem> {
    let permit = caller.office(Resource::Settings, Level::See)?;
    let users = app.store.read(ListUsers(permit)).await?;
    Ok(Json(Listing::whole(users.into_iter().map(UserView::from).collect())))
}

/// Create a user.
#[utoipa::path(
    post, path = "/api/users", tag = "settings", request_body = NewUserRequest,
    responses((status = 201, body = UserView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)),
)]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    Body(new): Body<NewUserRequest>,
) -> Result<(StatusCode, Json<UserView>), Problem> {
    caller.office(Resource::Settings, Level::Manage)?;
    check_choice("password", &new.password)?;
    let create = CreateUser {
        tenant: caller.tenant(),
        by: Some(caller.user()),
        email: email("email", &new.email)?,
        name: line("name", &new.name, LONGEST_NAME)?,
        password_hash: app.passwords.hash(new.password).await?,
        roles: new.role_ids,
        teams: new.team_ids,
        now: app.clock.now(),
    };
    Ok((
        StatusCode::CREATED,
        Json(app.store.write(caller.organization(), create).await?.into()),
    ))
}

/// Change a user: name, roles, teams, password, or whether they can sign in.
#[utoipa::path(
    patch, path = "/api/users/{id}", tag = "settings", request_body = UserRequest, params(("id" = UserId, Path)),
    responses((status = 200, body = UserView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)),
)]
pub async fn change(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<UserId>,
    Body(request): Body<UserRequest>,
) -> Result<Json<UserView>, Problem> {
    caller.office(Resource::Settings, Level::Manage)?;
    let change = ChangeUser {
        tenant: caller.tenant(),
        by: Some(caller.user()),
        id,
        name: request.name.map(|name| line("name", &name, LONGEST_NAME)).transpose()?,
        standing: request
            .is_active
            .map(|active| if active { Standing::Active } else { Standing::Inactive }),
        password_hash: match request.password {
            Some(password) => {
                check_choice("password", &password)?;
                Some(app.passwords.hash(password).await?)
            }
            None => None,
        },
        roles: request.role_ids,
        teams: request.team_ids,
        now: app.clock.now(),
    };
    Ok(Json(app.store.write(caller.organization(), change).await?.into()))
}

/// An e-mail address that can be taken, in lower case.
///
/// # Errors
/// `invalid_field`.
pub fn email(field: &str, text: &str) -> Result<String, Problem> {
    let text = email_key(text);
    let (local, domain) = text.split_once('@').unwrap_or_default();
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control()) && !domain.contains('@');
    if local.is_empty() || domain.is_empty() || !plain || text.len() > 254 {
        return Err(Problem::invalid_field(field, "it is no e-mail address"));
    }
    Ok(text)
}
