//! `/api/contact-roles/`: what a contact can be in a case. The acts: `crate::ops::contact_roles`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::id::ContactRoleId;
use casewire_core::view::ContactRoleView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::contact_roles::{CreateContactRole, ListContactRoles, UpdateContactRole};
use crate::ops::merge_contact_roles::{MergeContactRoles, Merged, UndoMerge};
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

/// Which role takes another one's place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeRequest {
    /// A role that is offered.
    pub into: ContactRoleId,
}

/// What a merge, or its undoing, did.
#[derive(Serialize, ToSchema)]
pub struct MergedView {
    /// The role that the links have now.
    pub role: ContactRoleView,
    /// How many links moved.
    pub moved: usize,
}

impl From<Merged> for MergedView {
    fn from(Merged { role, moved }: Merged) -> Self {
        Self { role, moved }
    }
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

/// Merges a role into another one: `settings:3`. The contacts who have it get the other one; what was said and done keeps the role as
/// of then. The role is no longer offered.
#[utoipa::path(post, path = "/api/contact-roles/{id}/merge", tag = "contact roles", params(("id" = ContactRoleId, Path)),
    request_body = MergeRequest, responses((status = 200, body = MergedView), (status = "default", body = ProblemBody)))]
pub async fn merge(
    State(app): State<App>,
    caller: Caller,
    Path(from): Path<ContactRoleId>,
    Body(request): Body<MergeRequest>,
) -> Result<Json<MergedView>, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let act = MergeContactRoles {
        access: caller.access().clone(),
        from,
        into: request.into,
        now,
    };
    Ok(Json(app.store.write(organization, act).await?.into()))
}

/// Takes the last merge of a role back: `settings:3`. The contacts whose role it changed, and who have kept it, get theirs again.
#[utoipa::path(post, path = "/api/contact-roles/{id}/unmerge", tag = "contact roles", params(("id" = ContactRoleId, Path)),
    responses((status = 200, body = MergedView), (status = "default", body = ProblemBody)))]
pub async fn unmerge(State(app): State<App>, caller: Caller, Path(from): Path<ContactRoleId>) -> Result<Json<MergedView>, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let access = caller.access().clone();
    Ok(Json(app.store.write(organization, UndoMerge { access, from, now }).await?.into()))
}
