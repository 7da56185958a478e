//! The audit as a file: the entries that its reader may have and asked for, in a chain that can be checked offline. It is streamed, a
//! stretch at a time; the export is an entry of the audit itself, committed before the first byte goes out.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Response};
use casewire_core::access::{Level, Resource};
use casewire_store::audit::Entry;
use futures_util::stream;

use super::audit::AuditQuery;
use crate::auth::caller::Caller;
use crate::ops::export_audit::{ExportAudit, FindEntries, find};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::Query;

/// The audit as lines of JSON, the oldest entry first, to be checked by `casewire verify`. `limit` and `cursor` have no effect.
#[utoipa::path(get, path = "/api/audit/export", tag = "audit", params(AuditQuery),
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub async fn export(caller: Caller, State(app): State<App>, Query(query): Query<AuditQuery>) -> Result<Response<Body>, Problem> {
    let permit = caller.office(Resource::Audit, Level::See)?;
    app.audit.flush().await?;
    let act = FindEntries {
        access: caller.access().clone(),
        permit,
        filter: query.filter(),
        mycase_case_id: query.case.clone(),
        before: None,
    };
    let (entries, case) = find(&app, act).await?;
    let detail = format!("entries={} filter={}", entries.len(), query.named());
    let entry = Entry::read(caller.user(), "export_audit", "").with_detail(detail);
    app.audit
        .read(caller.tenant(), case.into_iter().fold(entry, Entry::in_case))
        .await?;
    app.audit.flush().await?;
    let under_way = ExportAudit::of(app, permit.tenant(), entries).await?;
    let lines = stream::try_unfold(under_way, |mut under_way| async move {
        let next = under_way.next().await;
        next.map(|lines| lines.map(|lines| (lines, under_way)))
    });
    let mut response = Response::new(Body::from_stream(lines));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"audit.jsonl\""),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
