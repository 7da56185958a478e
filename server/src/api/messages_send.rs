//! `POST /api/omnichannel/messages/`: sends a text; `POST …/{id}/retry/`: sends one again from the part that was lost on. The
//! answer is given when the text is stored with its job; how far it gets is told by events. The acts:
//! `crate::ops::{send_text, retry_text}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::id::{CaseContactId, ContactId, DocumentId, LeadId, MessageId, NumberId, PhoneId};
use casewire_core::view::MessageView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::retry_text::{Duplicate, RetryText};
use crate::ops::send_text::{SendText, WrittenText};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Path};

/// A text to be sent: to somebody on a case, to a lead, to a contact, or in answer to a text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendRequest {
    /// The number of the case, its `mycase_case_id`.
    pub case_id: Option<String>,
    /// The lead; not with `case_id`.
    pub lead_id: Option<LeadId>,
    /// To whom on the case, by their link to it.
    pub case_contact_id: Option<CaseContactId>,
    /// To whom; the client, where only `case_id` is given.
    pub contact_id: Option<ContactId>,
    /// To which of their numbers; that of the text which is answered, else the primary one, else the one last used.
    pub to_phone_id: Option<PhoneId>,
    /// From which number of the firm; the one last used with them, else the first.
    pub from_number_id: Option<NumberId>,
    /// What is said, at most 20 parts; may be empty where something is attached.
    pub body: String,
    /// The documents that go with it: of the same case or contact, at most 10 and 5 MB together. They go with the first part.
    #[serde(default)]
    pub media: Vec<AttachmentRequest>,
    /// The text that it answers. An answer to an unclaimed text is a clarifying one and opens no session.
    pub in_reply_to: Option<MessageId>,
}

/// A document that goes with a text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentRequest {
    /// The document.
    pub document_id: DocumentId,
    /// Which version; the latest unless it is said.
    #[serde(default)]
    pub version: Option<u32>,
}

/// Another try.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryRequest {
    /// Whether a text that may have gone out already is to be sent all the same.
    #[serde(default)]
    pub confirm_duplicate: bool,
}

/// Sends a text. It is stored and on its way when this answers; its delivery is told by events.
#[utoipa::path(post, path = "/api/omnichannel/messages", tag = "omnichannel", request_body = SendRequest,
    responses((status = 201, body = MessageView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn send(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<SendRequest>,
) -> Result<(StatusCode, Json<MessageView>), Problem> {
    let text = WrittenText {
        case_id: request.case_id,
        lead_id: request.lead_id,
        case_contact_id: request.case_contact_id,
        contact_id: request.contact_id,
        to_phone_id: request.to_phone_id,
        from_number_id: request.from_number_id,
        body: request.body,
        in_reply_to: request.in_reply_to,
        media: request.media.iter().map(|one| (one.document_id, one.version)).collect(),
    };
    let act = SendText {
        access: caller.access().clone(),
        text,
        now: app.clock.now(),
    };
    let view = app.store.write(caller.organization(), act).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Sends a text again, from the part that was lost on. One that may have gone out is sent only when that is confirmed.
#[utoipa::path(post, path = "/api/omnichannel/messages/{id}/retry", tag = "omnichannel", params(("id" = MessageId, Path)),
    request_body = RetryRequest,
    responses((status = 200, body = MessageView), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn retry(
    State(app): State<App>,
    caller: Caller,
    Path(message_id): Path<MessageId>,
    Body(request): Body<RetryRequest>,
) -> Result<Json<MessageView>, Problem> {
    let duplicate = if request.confirm_duplicate {
        Duplicate::Accepted
    } else {
        Duplicate::Avoided
    };
    let act = RetryText {
        access: caller.access().clone(),
        message_id,
        duplicate,
        now: app.clock.now(),
    };
    Ok(Json(app.store.write(caller.organization(), act).await?))
}
