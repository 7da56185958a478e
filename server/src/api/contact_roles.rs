//! `/api/contact-roles/`: what a contact can be in a case. The acts: `crate::ops::contact_roles`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::id::ContactRoleId;
use casewire_core::view::ContactRoleView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::contact_roles::{CreateContactRole, ListContactRoles, UpdateContactRole};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Listing, Path};

/// A new role of the organization's own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContactRoleRequest {
    /// Its name, at most 60 characters.
    pub name: String,
    /// Ascending, from 0 to 10000; after all others unless it is said.
    #[serde(default)]
    pub display_order: Option<i64>,
}

/// What changes of a role. The platform's roles keep their names.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactRoleRequest {
    /// Another name.
    #[serde(default)]
    pub name: Option<String>,
    /// Another place.
    #[serde(default)]
    pub display_order: Option<i64>,
    /// Whether it is offered for new links.
    #[serde(default)]
    pub is_active: Option<bool>,
}

/// All roles by their order, the hidden ones too: `case_contacts:1` or `settings:1`.
#[utoipa::path(get, path = "/api/contact-roles", tag = "contact roles",
    responses((status = 200, body = Listing<ContactRoleView>), (status = "default", body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Listing<ContactRoleView>>, Problem> {
    Ok(Json(Listing::whole(
        app.store
            .read(ListContactRoles {
                access: caller.access().clone(),
            })
            .await?,
    )))
}

/// Adds a role of the organization's own: `settings:3`.
#[utoipa::path(post, path = "/api/contact-roles", tag = "contact roles", request_body = NewContactRoleRequest,
    responses((status = 201, body = ContactRoleView), (status = "default", body = ProblemBody)))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<NewContactRoleRequest>,
) -> Result<(StatusCode, Json<ContactRoleView>), Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let act = CreateContactRole {
        access: caller.access().clone(),
        name: request.name,
        display_order: request.display_order,
        now,
    };
    Ok((StatusCode::CREATED, Json(app.store.write(organization, act).await?)))
}

/// Renames, orders, hides or shows a role: `settings:3`.
#[utoipa::path(patch, path = "/api/contact-roles/{id}", tag = "contact roles", params(("id" = ContactRoleId, Path)),
    request_body = ContactRoleRequest, responses((status = 200, body = ContactRoleView), (status = "default", body = ProblemBody)))]
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(role): Path<ContactRoleId>,
    Body(request): Body<ContactRoleRequest>,
) -> Result<Json<ContactRoleView>, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let ContactRoleRequest {
        name,
        display_order,
        is_active,
    } = request;
    let act = UpdateContactRole {
        access: caller.access().clone(),
        role,
        name,
        display_order,
        is_active,
        now,
    };
    Ok(Json(app.store.write(organization, act).await?))
}
