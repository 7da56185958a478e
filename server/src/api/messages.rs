//! `/api/omnichannel/messages/{id}/…`: claim, release, dismiss, undismiss, move, and why a text is where it is. The acts:
//! `crate::ops::{claim_text, release_text, dismiss_text, move_text, explain_routing}`. Sending: [`super::messages_send`].

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::id::{CaseId, ContactId, LeadId, MessageId};
use casewire_core::messaging::routing::Rule;
use casewire_core::time::Timestamp;
use casewire_core::view::{MessageView, UserRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::caller::Caller;
use crate::ops::claim_text::{ClaimExtent, ClaimText};
use crate::ops::dismiss_text::{DismissText, Dismissal};
use crate::ops::explain_routing::{ExplainRouting, Explanation};
use crate::ops::move_text::{Destination, MoveText};
use crate::ops::release_text::ReleaseText;
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Body, Listing, Path};

/// Which texts a claim takes.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimScope {
    /// This one.
    #[default]
    Message,
    /// All unclaimed ones of its sender that are offered to the same case.
    Sender,
}

/// A claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRequest {
    /// The number of the case that it is claimed for, its `mycase_case_id`.
    pub case_id: String,
    /// Which texts; this one unless it is said.
    #[serde(default)]
    pub scope: ClaimScope,
}

/// A dismissal, or its undoing.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissRequest {
    /// The number of the case in whose inbox it is hidden; every case in the reader's view unless it is said.
    pub case_id: Option<String>,
}

/// A move: to a case, a lead or a contact.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveRequest {
    /// The number of the case, its `mycase_case_id`.
    pub case_id: Option<String>,
    /// The lead.
    pub lead_id: Option<LeadId>,
    /// The contact; with `case_id`, who the text is from in that case.
    pub contact_id: Option<ContactId>,
}

/// Why a text is where it is.
#[derive(Serialize, ToSchema)]
pub struct RoutingView {
    /// The rule that decided; absent for outbound and old texts.
    pub rule: Option<Rule>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// How long a session lasted then, in seconds.
    pub window_seconds: Option<u64>,
    /// The cases that were looked at, as far as the reader may know of them.
    pub candidates: Vec<ConsideredView>,
    /// What happened to it since, oldest first.
    pub history: Vec<StepView>,
    /// The decision itself: ids and times, enough to make it again.
    #[schema(value_type = Object)]
    pub receipt: Option<serde_json::Value>,
}

/// A case that was looked at.
#[derive(Serialize, ToSchema)]
pub struct ConsideredView {
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub case_number: String,
    /// The contact who holds the number there.
    pub contact_id: ContactId,
    /// When the last text opened a session with them in that case.
    pub session_opened_at: Option<Timestamp>,
    /// Whether that session still held.
    pub has_session: bool,
}

/// A step in the life of a text.
#[derive(Serialize, ToSchema)]
pub struct StepView {
    /// When.
    pub at: Timestamp,
    /// routed, offered, written, claimed, released, moved, dismissed or undismissed.
    pub r#type: String,
    /// By whom.
    pub user: Option<UserRef>,
    /// The number of the case that it left.
    pub from_case: Option<String>,
    /// The number of the case that it came to.
    pub to_case: Option<String>,
}

/// Claims a text for a case. Of two claimers one wins; the other gets 409 with `claimed_by` and `claimed_at`.
#[utoipa::path(post, path = "/api/omnichannel/messages/{id}/claim", tag = "omnichannel", params(("id" = MessageId, Path)),
    request_body = ClaimRequest,
    responses((status = 200, body = Listing<MessageView>), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn claim(
    State(app): State<App>,
    caller: Caller,
    Path(message_id): Path<MessageId>,
    Body(request): Body<ClaimRequest>,
) -> Result<Json<Listing<MessageView>>, Problem> {
    let extent = match request.scope {
        ClaimScope::Message => ClaimExtent::Message,
        ClaimScope::Sender => ClaimExtent::Sender,
    };
    let (access, now) = (caller.access().clone(), app.clock.now());
    let act = ClaimText {
        access,
        message_id,
        mycase_case_id: request.case_id,
        extent,
        now,
    };
    Ok(Json(Listing::whole(app.store.write(caller.organization(), act).await?)))
}

/// Takes a claim back: the text is offered again.
#[utoipa::path(post, path = "/api/omnichannel/messages/{id}/release", tag = "omnichannel", params(("id" = MessageId, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn release(State(app): State<App>, caller: Caller, Path(message_id): Path<MessageId>) -> Result<StatusCode, Problem> {
    let act = ReleaseText {
        access: caller.access().clone(),
        message_id,
        now: app.clock.now(),
    };
    app.store.write(caller.organization(), act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hides a text from the reader's own view.
#[utoipa::path(post, path = "/api/omnichannel/messages/{id}/dismiss", tag = "omnichannel", params(("id" = MessageId, Path)),
    request_body(content = Option<DismissRequest>),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn dismiss(
    State(app): State<App>,
    caller: Caller,
    Path(message_id): Path<MessageId>,
    request: Option<Body<DismissRequest>>,
) -> Result<StatusCode, Problem> {
    set_dismissal(&app, &caller, message_id, request, Dismissal::Dismiss).await
}

/// Brings a text back into the reader's own view.
#[utoipa::path(post, path = "/api/omnichannel/messages/{id}/undismiss", tag = "omnichannel", params(("id" = MessageId, Path)),
    request_body(content = Option<DismissRequest>),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn undismiss(
    State(app): State<App>,
    caller: Caller,
    Path(message_id): Path<MessageId>,
    request: Option<Body<DismissRequest>>,
) -> Result<StatusCode, Problem> {
    set_dismissal(&app, &caller, message_id, request, Dismissal::Undismiss).await
}

async fn set_dismissal(
    app: &App,
    caller: &Caller,
    message_id: MessageId,
    request: Option<Body<DismissRequest>>,
    dismissal: Dismissal,
) -> Result<StatusCode, Problem> {
    let mycase_case_id = request.and_then(|Body(request)| request.case_id);
    let (access, now) = (caller.access().clone(), app.clock.now());
    app.store
        .write(
            caller.organization(),
            DismissText {
                access,
                message_id,
                mycase_case_id,
                dismissal,
                now,
            },
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Moves a text to another case, or out of "Unknown sender" to a case, a lead or a contact.
#[utoipa::path(post, path = "/api/omnichannel/messages/{id}/move", tag = "omnichannel", params(("id" = MessageId, Path)),
    request_body = MoveRequest,
    responses((status = 200, body = MessageView), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn move_text(
    State(app): State<App>,
    caller: Caller,
    Path(message_id): Path<MessageId>,
    Body(request): Body<MoveRequest>,
) -> Result<Json<MessageView>, Problem> {
    let destination = match (request.case_id, request.lead_id, request.contact_id) {
        (Some(mycase_case_id), None, contact_id) => Destination::Case {
            mycase_case_id,
            contact_id,
        },
        (None, Some(lead), None) => Destination::Lead(lead),
        (None, None, Some(contact)) => Destination::Contact(contact),
        (_, _, _) => {
            return Err(Problem::new(
                ProblemCode::InvalidField,
                "Say one of `case_id`, `lead_id` or `contact_id`.",
            ));
        }
    };
    let act = MoveText {
        access: caller.access().clone(),
        message_id,
        destination,
        now: app.clock.now(),
    };
    Ok(Json(app.store.write(caller.organization(), act).await?))
}

/// Why a text is where it is: the receipt of the decision, and its history.
#[utoipa::path(get, path = "/api/omnichannel/messages/{id}/routing", tag = "omnichannel", params(("id" = MessageId, Path)),
    responses((status = 200, body = RoutingView), (status = 404, body = ProblemBody)))]
pub async fn routing(State(app): State<App>, caller: Caller, Path(message_id): Path<MessageId>) -> Result<Json<RoutingView>, Problem> {
    let explanation = app
        .store
        .read(ExplainRouting {
            access: caller.access().clone(),
            message_id,
        })
        .await?;
    Ok(Json(shown(explanation)))
}

fn shown(explanation: Explanation) -> RoutingView {
    let Explanation {
        receipt,
        steps,
        case_numbers,
    } = explanation;
    let number = |case: Option<CaseId>| case.and_then(|case| case_numbers.get(&case).cloned());
    let history = steps.into_iter().map(|step| StepView {
        at: step.at,
        r#type: step.kind,
        user: step.user.map(|(id, name)| UserRef { id, name }),
        from_case: number(step.from),
        to_case: number(step.to),
    });
    let history = history.collect();
    RoutingView {
        rule: receipt.as_ref().map(|receipt| receipt.rule),
        decided_at: receipt.as_ref().map(|receipt| receipt.facts.at),
        window_seconds: receipt.as_ref().map(|receipt| receipt.facts.window_micros / 1_000_000),
        candidates: receipt
            .as_ref()
            .map(|receipt| considered(receipt, &case_numbers))
            .unwrap_or_default(),
        history,
        receipt: receipt.and_then(|receipt| serde_json::to_value(receipt).ok()),
    }
}

fn considered(receipt: &casewire_core::messaging::routing::Receipt, numbers: &BTreeMap<CaseId, String>) -> Vec<ConsideredView> {
    let window = std::time::Duration::from_micros(receipt.facts.window_micros);
    let held = |opened_at: Timestamp| receipt.facts.at.since(opened_at) <= window;
    let links = receipt.facts.links.iter();
    links
        .map(|link| ConsideredView {
            case_id: link.case_id,
            case_number: numbers.get(&link.case_id).cloned().unwrap_or_default(),
            contact_id: link.contact_id,
            session_opened_at: link.session_opened_at,
            has_session: link.session_opened_at.is_some_and(held),
        })
        .collect()
}
