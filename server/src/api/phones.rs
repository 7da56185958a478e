//! `/api/contacts/{id}/phones/`: a contact's numbers. The acts: `crate::ops::phones`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::id::{ContactId, PhoneId};
use casewire_core::view::ContactView;
use casewire_store::phones::Designation;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::people::WrittenPhone;
use crate::ops::phones::{AddPhone, RemovePhone, UpdatePhone};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Path};

/// A new number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPhoneRequest {
    /// With the code of its country, or as it is written in the organization's own.
    pub number: String,
    /// Such as mobile or work.
    #[serde(default)]
    pub label: String,
    /// Whether it becomes the primary one; a contact's first number does by itself.
    #[serde(default)]
    pub is_primary: bool,
}

impl NewPhoneRequest {
    /// The number as it was written.
    #[must_use]
    pub fn written(self) -> WrittenPhone {
        let designation = if self.is_primary {
            Designation::Primary
        } else {
            Designation::AsItIs
        };
        WrittenPhone {
            number: self.number,
            label: self.label,
            designation,
        }
    }
}

/// What changes of a number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneRequest {
    /// Another label.
    #[serde(default)]
    pub label: Option<String>,
    /// True makes it the primary one. There is always one: false is refused, name another one instead.
    #[serde(default)]
    pub is_primary: Option<bool>,
}

/// Adds a number to a contact: `case_contacts:2`.
#[utoipa::path(post, path = "/api/contacts/{id}/phones", tag = "contacts", params(("id" = ContactId, Path)),
    request_body = NewPhoneRequest, responses((status = 201, body = ContactView), (status = "default", body = ProblemBody)))]
pub async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(contact): Path<ContactId>,
    Body(request): Body<NewPhoneRequest>,
) -> Result<(StatusCode, Json<ContactView>), Problem> {
    let organization = caller.organization();
    let act = AddPhone {
        access: caller.access().clone(),
        contact,
        written: request.written(),
        now: app.clock.now(),
    };
    Ok((StatusCode::CREATED, Json(app.store.write(organization, act).await?)))
}

/// Labels a number or makes it the primary one: `case_contacts:2`.
#[utoipa::path(patch, path = "/api/contacts/{id}/phones/{phone_id}", tag = "contacts",
    params(("id" = ContactId, Path), ("phone_id" = PhoneId, Path)), request_body = PhoneRequest,
    responses((status = 200, body = ContactView), (status = "default", body = ProblemBody)))]
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    Path((contact, phone)): Path<(ContactId, PhoneId)>,
    Body(request): Body<PhoneRequest>,
) -> Result<Json<ContactView>, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let designation = match request.is_primary {
        None => Designation::AsItIs,
        Some(true) => Designation::Primary,
        Some(false) => return Err(Problem::invalid_field("is_primary", "make another number the primary one instead")),
    };
    let act = UpdatePhone {
        access: caller.access().clone(),
        contact,
        phone,
        label: request.label,
        designation,
        now,
    };
    Ok(Json(app.store.write(organization, act).await?))
}

/// Removes a number: `case_contacts:2`. Where it was the primary one, the oldest other one becomes it.
#[utoipa::path(delete, path = "/api/contacts/{id}/phones/{phone_id}", tag = "contacts",
    params(("id" = ContactId, Path), ("phone_id" = PhoneId, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((contact, phone)): Path<(ContactId, PhoneId)>,
) -> Result<StatusCode, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    app.store
        .write(
            organization,
            RemovePhone {
                access: caller.access().clone(),
                contact,
                phone,
                now,
            },
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
