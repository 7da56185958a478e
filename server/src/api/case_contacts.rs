//! `/api/cases/{mycase_case_id}/contacts/`: the people of a case. The acts: `crate::ops::case_contacts`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::id::{CaseContactId, ContactId, ContactRoleId};
use casewire_core::view::CaseContactView;
use serde::Deserialize;
use utoipa::ToSchema;

use super::contacts::NewContactRequest;
use crate::auth::caller::Caller;
use crate::ops::case_contacts::{AddCaseContact, Added, ChangeContactRole, ListCaseContacts, RemoveCaseContact};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Listing, Path};

/// Who is added to a case, and as what: either `contact_id` or `contact`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddCaseContactRequest {
    /// Somebody known.
    #[serde(default)]
    pub contact_id: Option<ContactId>,
    /// Somebody new.
    #[serde(default)]
    pub contact: Option<NewContactRequest>,
    /// The role.
    pub contact_role_id: ContactRoleId,
}

/// Another role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeContactRoleRequest {
    /// The role.
    pub contact_role_id: ContactRoleId,
}

/// One of two ways to say who.
///
/// # Errors
/// `invalid_field` where both are given, or neither.
pub fn who(contact_id: Option<ContactId>, contact: Option<NewContactRequest>) -> Result<Added, Problem> {
    match (contact_id, contact) {
        (Some(contact_id), None) => Ok(Added::Known(contact_id)),
        (None, Some(contact)) => Ok(Added::New(contact.written())),
        (None, None) => Err(Problem::invalid_field("contact_id", "either it or `contact` is needed")),
        (Some(_), Some(_)) => Err(Problem::invalid_field("contact", "it and `contact_id` exclude each other")),
    }
}

/// The people of a case: the client first, then by the order of their roles and by name.
#[utoipa::path(get, path = "/api/cases/{mycase_case_id}/contacts", tag = "case contacts",
    params(("mycase_case_id" = String, Path)),
    responses((status = 200, body = Listing<CaseContactView>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(mycase_case_id): Path<String>,
) -> Result<Json<Listing<CaseContactView>>, Problem> {
    let people = app
        .store
        .read(ListCaseContacts {
            access: caller.access().clone(),
            mycase_case_id,
        })
        .await?;
    Ok(Json(Listing::whole(people)))
}

/// Adds a contact to a case: `case_contacts:2` in it.
#[utoipa::path(post, path = "/api/cases/{mycase_case_id}/contacts", tag = "case contacts",
    params(("mycase_case_id" = String, Path)), request_body = AddCaseContactRequest,
    responses((status = 201, body = CaseContactView), (status = "default", body = ProblemBody)))]
pub async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(mycase_case_id): Path<String>,
    Body(request): Body<AddCaseContactRequest>,
) -> Result<(StatusCode, Json<CaseContactView>), Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let who = who(request.contact_id, request.contact)?;
    let act = AddCaseContact {
        access: caller.access().clone(),
        mycase_case_id,
        who,
        contact_role_id: request.contact_role_id,
        now,
    };
    Ok((StatusCode::CREATED, Json(app.store.write(organization, act).await?)))
}

/// Gives a contact another role in a case: `case_contacts:2` in it.
#[utoipa::path(patch, path = "/api/cases/{mycase_case_id}/contacts/{id}", tag = "case contacts",
    params(("mycase_case_id" = String, Path), ("id" = CaseContactId, Path)), request_body = ChangeContactRoleRequest,
    responses((status = 200, body = CaseContactView), (status = "default", body = ProblemBody)))]
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    Path((mycase_case_id, link)): Path<(String, CaseContactId)>,
    Body(request): Body<ChangeContactRoleRequest>,
) -> Result<Json<CaseContactView>, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let act = ChangeContactRole {
        access: caller.access().clone(),
        mycase_case_id,
        link,
        contact_role_id: request.contact_role_id,
        now,
    };
    Ok(Json(app.store.write(organization, act).await?))
}

/// Removes a contact from a case: `case_contacts:3` in it. What was said stays, with the role as of then.
#[utoipa::path(delete, path = "/api/cases/{mycase_case_id}/contacts/{id}", tag = "case contacts",
    params(("mycase_case_id" = String, Path), ("id" = CaseContactId, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((mycase_case_id, link)): Path<(String, CaseContactId)>,
) -> Result<StatusCode, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    app.store
        .write(
            organization,
            RemoveCaseContact {
                access: caller.access().clone(),
                mycase_case_id,
                link,
                now,
            },
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
