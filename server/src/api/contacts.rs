//! `/api/contacts/`: the directory of people. The acts: `crate::ops::contacts`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::id::{CaseContactId, CaseId, ContactId, ContactRoleId, LeadId};
use casewire_core::messaging::routing::CaseStatus;
use casewire_core::view::ContactView;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page;
use super::phones::NewPhoneRequest;
use crate::auth::caller::Caller;
use crate::ops::contacts::{CreateContact, ListContacts, ShowContact, ShownContact, UpdateContact};
use crate::ops::people::WrittenContact;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Listing, Path, Query};

/// A new contact.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContactRequest {
    /// Their name, at most 200 characters.
    pub name: String,
    /// CLIENT, PROSPECT, LEAD, OPPOSING_PARTY, WITNESS, ATTORNEY or OTHER, which it is unless it is said.
    #[serde(default)]
    pub contact_type: Option<String>,
    /// Their numbers; the first is the primary one unless another says so.
    #[serde(default)]
    pub phones: Vec<NewPhoneRequest>,
}

impl NewContactRequest {
    /// The contact as they were written.
    #[must_use]
    pub fn written(self) -> WrittenContact {
        let phones = self.phones.into_iter().map(NewPhoneRequest::written).collect();
        WrittenContact {
            name: self.name,
            contact_type: self.contact_type,
            phones,
        }
    }
}

/// What changes of a contact.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactRequest {
    /// Another name.
    #[serde(default)]
    pub name: Option<String>,
    /// Another type.
    #[serde(default)]
    pub contact_type: Option<String>,
}

/// Which contacts are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContactsQuery {
    /// Part of a name, or at least three digits of a number.
    pub q: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// From 1 to 200; 50 unless it is said.
    pub limit: Option<u32>,
}

/// A contact, and what the caller may know them from.
#[derive(Serialize, ToSchema)]
pub struct ContactDetails {
    /// The contact.
    pub contact: ContactView,
    /// Their cases, by number.
    pub cases: Vec<ContactCase>,
    /// Their leads, the newest first.
    pub leads: Vec<ContactLead>,
}

/// A case that a contact is on.
#[derive(Serialize, ToSchema)]
pub struct ContactCase {
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub mycase_case_id: String,
    /// Its caption.
    pub case_name: String,
    /// Open or closed.
    pub status: CaseStatus,
    /// The link; none for the client.
    pub case_contact_id: Option<CaseContactId>,
    /// The role; none for the client.
    pub contact_role_id: Option<ContactRoleId>,
    /// Its name; "Client" for the client.
    pub role: String,
    /// Whether they are the client.
    pub is_client: bool,
}

/// A lead of a contact.
#[derive(Serialize, ToSchema)]
pub struct ContactLead {
    /// The lead.
    pub id: LeadId,
    /// open, converted or closed.
    pub status: &'static str,
}

impl From<ShownContact> for ContactDetails {
    fn from(shown: ShownContact) -> Self {
        let case = |case: casewire_store::contacts::CaseOfContact| ContactCase {
            is_client: case.case_contact_id.is_none(),
            role: case.role.unwrap_or_else(|| casewire_store::case_contacts::CLIENT.to_owned()),
            case_id: case.case_id,
            mycase_case_id: case.mycase_case_id,
            case_name: case.case_name,
            status: case.status,
            case_contact_id: case.case_contact_id,
            contact_role_id: case.contact_role_id,
        };
        Self {
            contact: shown.contact,
            cases: shown.cases.into_iter().map(case).collect(),
            leads: shown
                .leads
                .into_iter()
                .map(|(id, status)| ContactLead {
                    id,
                    status: status.as_str(),
                })
                .collect(),
        }
    }
}

/// A page of contacts, by name: `case_contacts:1`.
#[utoipa::path(get, path = "/api/contacts", tag = "contacts", params(ContactsQuery),
    responses((status = 200, body = Listing<ContactView>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ContactsQuery>,
) -> Result<Json<Listing<ContactView>>, Problem> {
    let (limit, after, search) = (
        page::limit(query.limit)?,
        page::cursor(query.cursor.as_deref())?,
        page::search(query.q)?,
    );
    let act = ListContacts {
        access: caller.access().clone(),
        search,
        after,
        limit: limit + 1,
    };
    Ok(Json(page::of(app.store.read(act).await?, limit, |contact| contact.id)))
}

/// Adds a contact: `case_contacts:2`.
#[utoipa::path(post, path = "/api/contacts", tag = "contacts", request_body = NewContactRequest,
    responses((status = 201, body = ContactView), (status = "default", body = ProblemBody)))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<NewContactRequest>,
) -> Result<(StatusCode, Json<ContactView>), Problem> {
    let organization = caller.organization();
    let act = CreateContact {
        access: caller.access().clone(),
        written: request.written(),
        now: app.clock.now(),
    };
    Ok((StatusCode::CREATED, Json(app.store.write(organization, act).await?)))
}

/// A contact with their cases and leads, as far as the caller may know of these.
#[utoipa::path(get, path = "/api/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)),
    responses((status = 200, body = ContactDetails), (status = "default", body = ProblemBody)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(contact): Path<ContactId>) -> Result<Json<ContactDetails>, Problem> {
    Ok(Json(
        app.store
            .read(ShowContact {
                access: caller.access().clone(),
                contact,
            })
            .await?
            .into(),
    ))
}

/// Renames a contact or changes their type: `case_contacts:2`.
#[utoipa::path(patch, path = "/api/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)), request_body = ContactRequest,
    responses((status = 200, body = ContactView), (status = "default", body = ProblemBody)))]
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(contact): Path<ContactId>,
    Body(request): Body<ContactRequest>,
) -> Result<Json<ContactView>, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let ContactRequest { name, contact_type } = request;
    let act = UpdateContact {
        access: caller.access().clone(),
        contact,
        name,
        contact_type,
        now,
    };
    Ok(Json(app.store.write(organization, act).await?))
}
