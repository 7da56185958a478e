//! `/api/leads/`: people before there is a case. The acts: `crate::ops::leads`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::id::{ContactId, LeadId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::{ContactView, UserRef};
use casewire_store::leads::{Lead, LeadStatus};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::case_contacts::who;
use super::contacts::NewContactRequest;
use super::page;
use crate::auth::caller::Caller;
use crate::ops::leads::{CreateLead, ListLeads, ShowLead, UpdateLead};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Body, Listing, Path, Query};

/// A lead.
#[derive(Serialize, ToSchema)]
pub struct LeadView {
    /// The lead.
    pub id: LeadId,
    /// The person.
    pub contact: ContactView,
    /// open, converted or closed.
    pub status: &'static str,
    /// Who sees to it.
    pub assigned_user: Option<UserRef>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

impl From<Lead> for LeadView {
    fn from(
        Lead {
            id,
            contact,
            status,
            assigned_user,
            created_at,
            updated_at,
        }: Lead,
    ) -> Self {
        Self {
            id,
            contact,
            status: status.as_str(),
            assigned_user,
            created_at,
            updated_at,
        }
    }
}

/// Which leads are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LeadsQuery {
    /// open, converted or closed; all unless it is said.
    pub status: Option<String>,
    /// Part of a name.
    pub q: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// From 1 to 200; 50 unless it is said.
    pub limit: Option<u32>,
}

/// A new lead: either `contact_id` or `contact`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLeadRequest {
    /// Somebody known.
    #[serde(default)]
    pub contact_id: Option<ContactId>,
    /// Somebody new.
    #[serde(default)]
    pub contact: Option<NewContactRequest>,
    /// Who sees to it.
    #[serde(default)]
    pub assigned_user_id: Option<UserId>,
}

/// What changes of a lead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadRequest {
    /// open, converted or closed.
    #[serde(default)]
    pub status: Option<String>,
    /// Who sees to it now, or null.
    #[serde(default, deserialize_with = "page::given")]
    #[schema(value_type = Option<UserId>)]
    pub assigned_user_id: Option<Option<UserId>>,
}

const STATUSES: &str = "it is none of open, converted and closed";

/// A page of leads, the newest first: `sms:1`.
#[utoipa::path(get, path = "/api/leads", tag = "leads", params(LeadsQuery),
    responses((status = 200, body = Listing<LeadView>), (status = "default", body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller, Query(query): Query<LeadsQuery>) -> Result<Json<Listing<LeadView>>, Problem> {
    let unknown = |_| {
        Problem::new(
            ProblemCode::InvalidQuery,
            format!("The query parameter `status` cannot be taken: {STATUSES}."),
        )
    };
    let status = query.status.map(|word| word.parse::<LeadStatus>()).transpose().map_err(unknown)?;
    let (limit, after, search) = (
        page::limit(query.limit)?,
        page::cursor(query.cursor.as_deref())?,
        page::search(query.q)?,
    );
    let act = ListLeads {
        access: caller.access().clone(),
        status,
        search,
        after,
        limit: limit + 1,
    };
    let leads = app.store.read(act).await?.into_iter().map(LeadView::from).collect();
    Ok(Json(page::of(leads, limit, |lead: &LeadView| lead.id)))
}

/// Opens a lead: `case_contacts:2` besides `sms:1`. A contact has at most one open lead.
#[utoipa::path(post, path = "/api/leads", tag = "leads", request_body = NewLeadRequest,
    responses((status = 201, body = LeadView), (status = "default", body = ProblemBody)))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<NewLeadRequest>,
) -> Result<(StatusCode, Json<LeadView>), Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let who = who(request.contact_id, request.contact)?;
    let act = CreateLead {
        access: caller.access().clone(),
        who,
        assigned_user_id: request.assigned_user_id,
        now,
    };
    Ok((StatusCode::CREATED, Json(app.store.write(organization, act).await?.into())))
}

/// A lead: `sms:1`.
#[utoipa::path(get, path = "/api/leads/{id}", tag = "leads", params(("id" = LeadId, Path)),
    responses((status = 200, body = LeadView), (status = "default", body = ProblemBody)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(lead): Path<LeadId>) -> Result<Json<LeadView>, Problem> {
    Ok(Json(
        app.store
            .read(ShowLead {
                access: caller.access().clone(),
                lead,
            })
            .await?
            .into(),
    ))
}

/// Changes a lead: `case_contacts:2` besides `sms:1`.
#[utoipa::path(patch, path = "/api/leads/{id}", tag = "leads", params(("id" = LeadId, Path)), request_body = LeadRequest,
    responses((status = 200, body = LeadView), (status = "default", body = ProblemBody)))]
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(lead): Path<LeadId>,
    Body(request): Body<LeadRequest>,
) -> Result<Json<LeadView>, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let unknown = |_| Problem::invalid_field("status", STATUSES);
    let status = request.status.map(|word| word.parse::<LeadStatus>()).transpose().map_err(unknown)?;
    let act = UpdateLead {
        access: caller.access().clone(),
        lead,
        status,
        assigned_user_id: request.assigned_user_id,
        now,
    };
    Ok(Json(app.store.write(organization, act).await?.into()))
}
