//! `/api/cases/{mycase_case_id}/exports/`: exports of a case, asked for, watched and fetched. The acts: `crate::ops::exports`.

use axum::Json;
use axum::body::Body as AnswerBody;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use casewire_core::id::ExportId;
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;
use casewire_store::audit::Entry;
use casewire_store::exports::{Export, ExportState};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt as _;
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::export::manifest::ExportFilter;
use crate::ops::exports::{CreateExport, ListExports, ShowExport};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Body, Listing, Path};

/// How much of a file is read at once.
const PIECE: usize = 64 * 1024;

/// What is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// What narrows it; everything if nothing.
    #[serde(default)]
    pub filter: ExportFilter,
    /// In which time zone its times are, such as America/New_York; the firm's if none.
    pub time_zone: Option<String>,
}

/// How an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportStateName {
    /// It was not begun.
    Queued,
    /// It is being made.
    Running,
    /// It can be fetched.
    Ready,
    /// It could not be made.
    Failed,
    /// Its file is gone.
    Expired,
}

/// An export.
#[derive(Serialize, ToSchema)]
pub struct ExportView {
    /// Which.
    pub id: ExportId,
    /// Who asked for it.
    pub asked_by: UserRef,
    /// What narrows it.
    pub filter: ExportFilter,
    /// In which time zone its times are.
    pub time_zone: String,
    /// How it stands.
    pub state: ExportStateName,
    /// How many entries are in it by now.
    pub items_done: i64,
    /// How many there will be.
    pub items_total: i64,
    /// The size of its file.
    pub size_bytes: Option<i64>,
    /// Why it could not be made.
    pub error_code: Option<String>,
    /// Since when; nothing that came later is in it.
    pub created_at: Timestamp,
    /// Until when its file is kept.
    pub expires_at: Option<Timestamp>,
}

impl From<Export> for ExportView {
    fn from(export: Export) -> Self {
        Self {
            id: export.id,
            asked_by: export.asked_by,
            filter: serde_json::from_str(&export.filter).unwrap_or_default(),
            time_zone: export.time_zone,
            state: match export.state {
                ExportState::Queued => ExportStateName::Queued,
                ExportState::Running => ExportStateName::Running,
                ExportState::Ready => ExportStateName::Ready,
                ExportState::Failed => ExportStateName::Failed,
                ExportState::Expired => ExportStateName::Expired,
            },
            items_done: export.items_done,
            items_total: export.items_total,
            size_bytes: export.size_bytes,
            error_code: export.error_code,
            created_at: export.created_at,
            expires_at: export.expires_at,
        }
    }
}

/// The newest fifty exports of a case: `sms:1` there.
#[utoipa::path(get, path = "/api/cases/{mycase_case_id}/exports", tag = "exports", params(("mycase_case_id" = String, Path)),
    responses((status = 200, body = Listing<ExportView>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(mycase_case_id): Path<String>,
) -> Result<Json<Listing<ExportView>>, Problem> {
    let access = caller.access().clone();
    let found = app.store.read(ListExports { access, mycase_case_id }).await?;
    Ok(Json(Listing::whole(found.into_iter().map(ExportView::from).collect())))
}

/// Asks for an export of everything said in a case, as PDF, CSV and JSON in one ZIP: `sms:1` there, and `calls:1` for its calls.
#[utoipa::path(post, path = "/api/cases/{mycase_case_id}/exports", tag = "exports", params(("mycase_case_id" = String, Path)),
    request_body = ExportRequest, responses((status = 201, body = ExportView), (status = "default", body = ProblemBody)))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(mycase_case_id): Path<String>,
    Body(request): Body<ExportRequest>,
) -> Result<(StatusCode, Json<ExportView>), Problem> {
    let act = CreateExport {
        access: caller.access().clone(),
        mycase_case_id,
        filter: request.filter,
        time_zone: request.time_zone,
        now: app.clock.now(),
    };
    let export = app.store.write(caller.organization(), act).await?;
    Ok((StatusCode::CREATED, Json(export.into())))
}

/// One export of a case.
#[utoipa::path(get, path = "/api/cases/{mycase_case_id}/exports/{id}", tag = "exports",
    params(("mycase_case_id" = String, Path), ("id" = ExportId, Path)),
    responses((status = 200, body = ExportView), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Path((mycase_case_id, id)): Path<(String, ExportId)>,
) -> Result<Json<ExportView>, Problem> {
    let access = caller.access().clone();
    let (export, _) = app
        .store
        .read(ShowExport {
            access,
            mycase_case_id,
            id,
        })
        .await?;
    Ok(Json(export.into()))
}

/// The file of an export. That it was fetched is in the audit before the first byte goes out.
#[utoipa::path(get, path = "/api/cases/{mycase_case_id}/exports/{id}/file", tag = "exports",
    params(("mycase_case_id" = String, Path), ("id" = ExportId, Path)),
    responses((status = 200, content_type = "application/zip", body = String), (status = "default", body = ProblemBody)))]
pub async fn file(
    State(app): State<App>,
    caller: Caller,
    Path((mycase_case_id, id)): Path<(String, ExportId)>,
) -> Result<Response<AnswerBody>, Problem> {
    let access = caller.access().clone();
    let shown = ShowExport {
        access,
        mycase_case_id: mycase_case_id.clone(),
        id,
    };
    let (export, case) = app.store.read(shown).await?;
    let name = match (export.state, &export.file) {
        (ExportState::Ready, Some(name)) => name.clone(),
        (ExportState::Expired, _) => return Err(Problem::of(ProblemCode::ExportExpired)),
        (ExportState::Queued | ExportState::Running | ExportState::Ready | ExportState::Failed, _) => {
            return Err(Problem::of(ProblemCode::ExportNotReady));
        }
    };
    let path = app.config.exports_folder.join(name);
    let file = tokio::fs::File::open(path)
        .await
        .map_err(|_| Problem::of(ProblemCode::ExportExpired))?;
    let entry = Entry::read(caller.user(), "download_export", id).in_case(case);
    app.audit.read(caller.tenant(), entry).await?;
    app.audit.flush().await?;
    Ok(download(file, &mycase_case_id, export.size_bytes))
}

fn download(file: tokio::fs::File, mycase_case_id: &str, size: Option<i64>) -> Response<AnswerBody> {
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let count = file.read(&mut piece).await?;
        piece.truncate(count);
        Ok::<_, std::io::Error>((count > 0).then_some((piece, file)))
    });
    let mut response = Response::new(AnswerBody::from_stream(pieces));
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() || "-_.".contains(letter) {
            letter
        } else {
            '_'
        }
    };
    let number: String = mycase_case_id.chars().map(plain).collect();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"case-{number}.zip\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    if let Some(size) = size {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(size));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
