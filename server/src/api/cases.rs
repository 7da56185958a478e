//! `/api/cases/`: the cases that the caller may know of. The acts: `crate::ops::cases`.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casewire_core::id::{ContactId, TeamId, UserId};
use casewire_core::messaging::routing::CaseStatus;
use casewire_core::view::CaseView;
use casewire_store::cases::CaseFields;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::page;
use crate::auth::caller::Caller;
use crate::ops::cases::{ChangeCase, ListCases, OpenCase, ShowCase};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Listing, Path, Query};

/// Which cases are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CasesQuery {
    /// open or closed; both unless it is said.
    pub status: Option<CaseStatus>,
    /// Part of the caption or of the client's name, or the beginning of the number.
    pub q: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// From 1 to 200; 50 unless it is said.
    pub limit: Option<u32>,
}

/// A new case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCaseRequest {
    /// Its number outside: letters, digits, `-`, `_` and `.`, at most 64.
    pub mycase_case_id: String,
    /// Its caption, at most 200 characters.
    pub name: String,
    /// Open unless it is said.
    #[serde(default)]
    pub status: Option<CaseStatus>,
    /// The client.
    #[serde(default)]
    pub client_contact_id: Option<ContactId>,
    /// The team.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// Who is assigned.
    #[serde(default)]
    pub assigned_user_ids: BTreeSet<UserId>,
}

/// What changes of a case. What is left out stays; null takes client or team away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseRequest {
    /// Another caption.
    #[serde(default)]
    pub name: Option<String>,
    /// Open or closed.
    #[serde(default)]
    pub status: Option<CaseStatus>,
    /// Another client, or null.
    #[serde(default, deserialize_with = "page::given")]
    #[schema(value_type = Option<ContactId>)]
    pub client_contact_id: Option<Option<ContactId>>,
    /// Another team, or null.
    #[serde(default, deserialize_with = "page::given")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    /// Exactly these are assigned.
    #[serde(default)]
    pub assigned_user_ids: Option<BTreeSet<UserId>>,
}

/// A page of the cases in view, the newest first.
#[utoipa::path(get, path = "/api/cases", tag = "cases", params(CasesQuery),
    responses((status = 200, body = Listing<CaseView>), (status = "default", body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller, Query(query): Query<CasesQuery>) -> Result<Json<Listing<CaseView>>, Problem> {
    let (limit, after, search) = (
        page::limit(query.limit)?,
        page::cursor(query.cursor.as_deref())?,
        page::search(query.q)?,
    );
    let act = ListCases {
        access: caller.access().clone(),
        status: query.status,
        search,
        after,
        limit: limit + 1,
    };
    Ok(Json(page::of(app.store.read(act).await?, limit, |case| case.id)))
}

/// A case.
#[utoipa::path(get, path = "/api/cases/{mycase_case_id}", tag = "cases", params(("mycase_case_id" = String, Path)),
    responses((status = 200, body = CaseView), (status = "default", body = ProblemBody)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(mycase_case_id): Path<String>) -> Result<Json<CaseView>, Problem> {
    Ok(Json(
        app.store
            .read(ShowCase {
                access: caller.access().clone(),
                mycase_case_id,
            })
            .await?,
    ))
}

/// Opens a case: `case_contacts:3` with the case in scope, or `settings:3`. Who may not know of the case gets no body.
#[utoipa::path(post, path = "/api/cases", tag = "cases", request_body = NewCaseRequest,
    responses((status = 201, body = CaseView), (status = "default", body = ProblemBody)))]
pub async fn open(State(app): State<App>, caller: Caller, Body(request): Body<NewCaseRequest>) -> Result<Response, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let NewCaseRequest {
        mycase_case_id,
        name,
        status,
        client_contact_id,
        team_id,
        assigned_user_ids: assigned,
    } = request;
    let fields = CaseFields {
        name,
        status: status.unwrap_or(CaseStatus::Open),
        client_contact_id,
        team_id,
    };
    let case = app
        .store
        .write(
            organization,
            OpenCase {
                access: caller.access().clone(),
                mycase_case_id,
                fields,
                assigned,
                now,
            },
        )
        .await?;
    Ok(case.map_or_else(
        || StatusCode::CREATED.into_response(),
        |case| (StatusCode::CREATED, Json(case)).into_response(),
    ))
}

/// Changes a case: `case_contacts:3` with the case in scope, or `settings:3`. Who may not know of the case gets 204.
#[utoipa::path(patch, path = "/api/cases/{mycase_case_id}", tag = "cases", params(("mycase_case_id" = String, Path)),
    request_body = CaseRequest,
    responses((status = 200, body = CaseView), (status = 204), (status = "default", body = ProblemBody)))]
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(mycase_case_id): Path<String>,
    Body(request): Body<CaseRequest>,
) -> Result<Response, Problem> {
    let (organization, now) = (caller.organization(), app.clock.now());
    let CaseRequest {
        name,
        status,
        client_contact_id,
        team_id,
        assigned_user_ids: assigned,
    } = request;
    let act = ChangeCase {
        access: caller.access().clone(),
        mycase_case_id,
        name,
        status,
        client_contact_id,
        team_id,
        assigned,
        now,
    };
    let case = app.store.write(organization, act).await?;
    Ok(case.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |case| Json(case).into_response()))
}
