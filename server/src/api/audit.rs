//! The audit, for those who may read it.

use axum::Json;
use axum::extract::State;
use casewire_core::access::{Level, Resource};
use casewire_core::id::{AuditId, CaseId, UserId};
use casewire_core::time::Timestamp;
use casewire_store::audit::{AuditLine, AuditPage};
use serde::{Deserialize, Serialize};

use super::page;
use crate::auth::caller::Caller;
use crate::ops::read_audit::ReadAudit;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Listing, Query};

/// A line of the audit.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditLineView {
    /// The line.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who; none for the system, a carrier or an operator.
    pub user_id: Option<UserId>,
    /// What was done.
    pub act: String,
    /// To what, by its id.
    pub subject: String,
    /// In which case.
    pub case_id: Option<CaseId>,
    /// How it ended.
    pub outcome: String,
    /// More of it: ids and words.
    pub detail: String,
}

impl From<AuditLine> for AuditLineView {
    fn from(
        AuditLine {
            id,
            at,
            user_id,
            act,
            subject,
            case_id,
            outcome,
            detail,
        }: AuditLine,
    ) -> Self {
        Self {
            id,
            at,
            user_id,
            act,
            subject,
            case_id,
            outcome,
            detail,
        }
    }
}

/// Which lines.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Those of this user.
    pub user_id: Option<UserId>,
    /// Those on the thing with this id.
    pub subject: Option<String>,
    /// From 1 to 200, 50 unless said otherwise.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The audit, the newest line first.
#[utoipa::path(
    get, path = "/api/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, body = Listing<AuditLineView>), (status = 403, body = ProblemBody)),
)]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Listing<AuditLineView>>, Problem> {
    let permit = caller.office(Resource::Audit, Level::See)?;
    let limit = page::limit(query.limit)?;
    let before = page::cursor::<AuditId>(query.cursor.as_deref())?;
    let page = AuditPage {
        before,
        user: query.user_id,
        subject: query.subject,
        limit: limit + 1,
    };
    let lines = app.store.read(ReadAudit { permit, page }).await?;
    let Listing { items, next_cursor } = page::of(lines, limit, |line| line.id);
    Ok(Json(Listing {
        items: items.into_iter().map(AuditLineView::from).collect(),
        next_cursor,
    }))
}
