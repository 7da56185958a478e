//! `/api/documents/`: documents of a case or of a contact, their versions and contents, and the flow: which version went to whom. What is
//! attached to texts is at `/api/omnichannel/messages/{id}/media/{position}/`. The acts: `crate::ops::{documents, media}`.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use casewire_core::documents::{FileNameError, LARGEST_DOCUMENT, file_name, is_kept};
use casewire_core::id::{ContactId, DocumentId, MessageId};
use casewire_core::view::{DocumentView, FlowEntryView};
use futures_util::StreamExt as _;
use serde::Deserialize;
use utoipa::IntoParams;

use super::content::{self, Reader, Sent};
use crate::auth::caller::Caller;
use crate::ops::documents::{AddDocument, ListDocuments, MayAddDocument, Place, ReadDocument, ShowDocument, ShowFlow};
use crate::ops::media::ReadMedia;
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::storage::{IntakeError, Staged};
use crate::wire::{Listing, Path, Query};

/// Where documents are added; the request's body is the content and not JSON.
pub const DOCUMENTS: &str = "/api/documents";
/// How long a sender may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// How many entries a flow shows.
const MOST_ENTRIES: u32 = 500;

/// Of a case, or of a contact.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DocumentsQuery {
    /// The number of a case, its `mycase_case_id`.
    pub case_id: Option<String>,
    /// A contact: their documents in no case, and those that went to them.
    pub contact_id: Option<ContactId>,
}

/// A new document, or a new version of the one of that name.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NewDocumentQuery {
    /// The name of the file.
    pub name: String,
    /// The number of the case.
    pub case_id: Option<String>,
    /// The contact, in no case; not with `case_id`.
    pub contact_id: Option<ContactId>,
}

/// Which version.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VersionQuery {
    /// From 1; the latest unless it is said.
    pub version: Option<u32>,
}

/// The documents of a case, or of a contact, by name: `sms:1`.
#[utoipa::path(get, path = "/api/documents", tag = "documents", params(DocumentsQuery),
    responses((status = 200, body = Listing<DocumentView>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<DocumentsQuery>,
) -> Result<Json<Listing<DocumentView>>, Problem> {
    let act = ListDocuments {
        access: caller.access().clone(),
        case_id: query.case_id,
        contact_id: query.contact_id,
    };
    Ok(Json(Listing::whole(app.store.read(act).await?)))
}

/// Adds a document: `sms:2`. The body is the content, at most 100 MB; it is judged by its first bytes, whatever type it claims. 201 for a
/// document or a version, 200 where the latest version of that name has the same content.
#[utoipa::path(post, path = "/api/documents", tag = "documents", params(NewDocumentQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = DocumentView), (status = 201, body = DocumentView), (status = "default", body = ProblemBody)))]
pub async fn add(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<NewDocumentQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<DocumentView>), Problem> {
    let name = file_name(&query.name).map_err(|error: FileNameError| Problem::invalid_field("name", &error.to_string()))?;
    let place = place(query.case_id, query.contact_id)?;
    let access = caller.access().clone();
    let asks = MayAddDocument {
        access: access.clone(),
        place: place.clone(),
    };
    app.store.read(asks).await?;
    let staged = take_in(&app, &headers, body).await?;
    let act = AddDocument {
        access,
        place,
        name,
        hash: staged.hash,
        size: staged.size,
        content_type: staged.content_type,
        now: app.clock.now(),
    };
    app.storage.keep(caller.organization(), staged).await.map_err(content::away)?;
    let (view, added) = app.store.write(caller.organization(), act).await?;
    Ok((if added.is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(view)))
}

/// A document with its versions: `sms:1`.
#[utoipa::path(get, path = "/api/documents/{id}", tag = "documents", params(("id" = DocumentId, Path)),
    responses((status = 200, body = DocumentView), (status = "default", body = ProblemBody)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(document): Path<DocumentId>) -> Result<Json<DocumentView>, Problem> {
    let access = caller.access().clone();
    Ok(Json(app.store.read(ShowDocument { access, document }).await?))
}

/// The content of a version: `sms:1`. In the audit. Takes `Range` and `If-None-Match`.
#[utoipa::path(get, path = "/api/documents/{id}/content", tag = "documents", params(("id" = DocumentId, Path), VersionQuery),
    responses((status = 200, content_type = "application/octet-stream"), (status = "default", body = ProblemBody)))]
pub async fn contents(
    State(app): State<App>,
    caller: Caller,
    Path(document): Path<DocumentId>,
    Query(query): Query<VersionQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let act = ReadDocument {
        access: caller.access().clone(),
        document,
        version: query.version,
    };
    let (version, entry) = app.store.read(act).await?;
    if !content::is_known(&headers, version.hash) {
        app.audit.read(caller.tenant(), entry).await?;
    }
    let sent = Sent {
        organization: caller.organization(),
        hash: version.hash,
        size: version.size,
        content_type: &version.content_type,
        name: &version.name,
        reader: Reader::Browser,
    };
    content::send(&app, &headers, sent).await
}

/// Which version of a document went to whom, when and in which role, and where the same content came from; the latest first.
#[utoipa::path(get, path = "/api/documents/{id}/flow", tag = "documents", params(("id" = DocumentId, Path)),
    responses((status = 200, body = Listing<FlowEntryView>), (status = "default", body = ProblemBody)))]
pub async fn flow_of(
    State(app): State<App>,
    caller: Caller,
    Path(document): Path<DocumentId>,
) -> Result<Json<Listing<FlowEntryView>>, Problem> {
    let act = ShowFlow {
        access: caller.access().clone(),
        document: Some(document),
        case_id: None,
        contact_id: None,
        limit: MOST_ENTRIES,
    };
    Ok(Json(Listing::whole(app.store.read(act).await?)))
}

/// What went to whom and came from whom, in a case or with a contact, the latest first: `sms:1`. At most 500 entries.
#[utoipa::path(get, path = "/api/documents/flow", tag = "documents", params(DocumentsQuery),
    responses((status = 200, body = Listing<FlowEntryView>), (status = "default", body = ProblemBody)))]
pub async fn flow(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<DocumentsQuery>,
) -> Result<Json<Listing<FlowEntryView>>, Problem> {
    let act = ShowFlow {
        access: caller.access().clone(),
        document: None,
        case_id: query.case_id,
        contact_id: query.contact_id,
        limit: MOST_ENTRIES,
    };
    Ok(Json(Listing::whole(app.store.read(act).await?)))
}

/// What is attached to a text: who may read the text. In the audit. Takes `Range` and `If-None-Match`.
#[utoipa::path(get, path = "/api/omnichannel/messages/{id}/media/{position}", tag = "documents",
    params(("id" = MessageId, Path), ("position" = u32, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = "default", body = ProblemBody)))]
pub async fn media(
    State(app): State<App>,
    caller: Caller,
    Path((message, position)): Path<(MessageId, u32)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let act = ReadMedia {
        access: caller.access().clone(),
        message,
        position,
    };
    let (media, entry) = app.store.read(act).await?;
    let (hash, size) = media.content.ok_or_else(|| Problem::of(ProblemCode::MediaWaiting))?;
    if !content::is_known(&headers, hash) {
        app.audit.read(caller.tenant(), entry).await?;
    }
    let name = media.name.unwrap_or_else(|| format!("attachment-{}", position.saturating_add(1)));
    let sent = Sent {
        organization: caller.organization(),
        hash,
        size,
        content_type: &media.content_type,
        name: &name,
        reader: Reader::Browser,
    };
    content::send(&app, &headers, sent).await
}

fn place(case_id: Option<String>, contact_id: Option<ContactId>) -> Result<Place, Problem> {
    match (case_id, contact_id) {
        (Some(number), None) => Ok(Place::Case(number)),
        (None, Some(contact)) => Ok(Place::Contact(contact)),
        (Some(_), Some(_)) | (None, None) => Err(Problem::new(
            ProblemCode::InvalidQuery,
            "Say one of the query parameters `case_id` and `contact_id`.",
        )),
    }
}

/// Takes the body in, piece by piece.
async fn take_in(app: &App, headers: &HeaderMap, body: Body) -> Result<Staged, Problem> {
    let declared = headers
        .get(axum::http::header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|declared| declared > LARGEST_DOCUMENT) {
        return Err(too_large());
    }
    let mut intake = app.storage.intake(LARGEST_DOCUMENT).await.map_err(content::away)?;
    let mut pieces = body.into_data_stream();
    let cut = |_| Problem::of(ProblemCode::UploadCut);
    while let Some(piece) = tokio::time::timeout(SILENCE, pieces.next()).await.map_err(cut)? {
        let piece = piece.map_err(|_| Problem::of(ProblemCode::UploadCut))?;
        intake.write(&piece).await.map_err(refused)?;
    }
    let staged = intake.finish().await.map_err(refused)?;
    if is_kept(staged.content_type) {
        Ok(staged)
    } else {
        Err(Problem::of(ProblemCode::UnsupportedDocument))
    }
}

fn refused(error: IntakeError) -> Problem {
    match error {
        IntakeError::TooLarge => too_large(),
        IntakeError::Empty => Problem::of(ProblemCode::EmptyDocument),
        IntakeError::Storage(error) => content::away(error),
    }
}

fn too_large() -> Problem {
    Problem::new(ProblemCode::BodyTooLarge, "A document has at most 100 MB.")
}
