//! `GET /api/omnichannel/choices/`: what a composer offers for one person. The act: `crate::ops::send_text::choose`.

use axum::Json;
use axum::extract::State;
use casewire_core::id::{CaseContactId, ContactId, ConversationId, LeadId, MessageId, NumberId, PhoneId};
use casewire_core::view::PhoneView;
use casewire_store::numbers::OrganizationNumber;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::caller::Caller;
use crate::ops::send_text::choose::{Choices, Forbidden, ListChoices, Target, WrittenTo};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::Query;

/// To whom: whoever a conversation is with, somebody on a case (the client, where no link is named), a contact, or a lead.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChoicesQuery {
    /// A conversation.
    pub conversation_id: Option<ConversationId>,
    /// The number of a case, its `mycase_case_id`.
    pub case_id: Option<String>,
    /// With `case_id`: somebody's link to it.
    pub case_contact_id: Option<CaseContactId>,
    /// A contact outside of any case.
    pub contact_id: Option<ContactId>,
    /// A lead.
    pub lead_id: Option<LeadId>,
}

/// A number of the firm.
#[derive(Serialize, ToSchema)]
pub struct NumberRef {
    /// The number's id.
    pub id: NumberId,
    /// Formatted nationally.
    pub number: String,
    /// What people call it.
    pub label: String,
}

impl From<OrganizationNumber> for NumberRef {
    #[expect(clippy::disallowed_methods, reason = "the firm's own number, to who may write from it")]
    fn from(number: OrganizationNumber) -> Self {
        Self {
            id: number.id,
            number: number.e164.national(),
            label: number.label,
        }
    }
}

/// What to send along with the text, as in `SendRequest`; what is absent is not sent.
#[derive(Serialize, ToSchema)]
pub struct TargetView {
    /// The number of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub case_id: Option<String>,
    /// The link to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub case_contact_id: Option<CaseContactId>,
    /// The contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contact_id: Option<ContactId>,
    /// The lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub lead_id: Option<LeadId>,
    /// The newest text of a sender whom nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub in_reply_to: Option<MessageId>,
}

impl From<Target> for TargetView {
    fn from(target: Target) -> Self {
        Self {
            case_id: target.case_id,
            case_contact_id: target.case_contact_id,
            contact_id: target.contact_id,
            lead_id: target.lead_id,
            in_reply_to: target.in_reply_to,
        }
    }
}

/// Why no text can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForbiddenReason {
    /// The reader's roles do not allow it.
    NotAllowed,
    /// The person is not on the case any more, or the case has no client.
    NotOnTheCase,
    /// There is no number to write to.
    NoPhone,
    /// The firm has no number to write from.
    NoNumber,
    /// Every number of theirs opted out.
    OptedOut,
}

impl From<Forbidden> for ForbiddenReason {
    fn from(forbidden: Forbidden) -> Self {
        match forbidden {
            Forbidden::NotAllowed => Self::NotAllowed,
            Forbidden::NotOnTheCase => Self::NotOnTheCase,
            Forbidden::NoPhone => Self::NoPhone,
            Forbidden::NoNumber => Self::NoNumber,
            Forbidden::OptedOut => Self::OptedOut,
        }
    }
}

/// What a composer offers.
#[derive(Serialize, ToSchema)]
pub struct ChoicesView {
    /// The person's numbers, the primary one first; empty where nobody knows who they are.
    pub to: Vec<PhoneView>,
    /// The one that is written to unless another one is chosen.
    #[schema(required)]
    pub to_phone_id: Option<PhoneId>,
    /// The firm's numbers in use.
    pub from: Vec<NumberRef>,
    /// The one that is written from unless another one is chosen.
    #[schema(required)]
    pub from_number_id: Option<NumberId>,
    /// How many characters a part has at most.
    pub part_limit: usize,
    /// With what to send.
    pub target: TargetView,
    /// Why no text can be sent; null where one can.
    #[schema(required)]
    pub forbidden_reason: Option<ForbiddenReason>,
}

impl From<Choices> for ChoicesView {
    fn from(choices: Choices) -> Self {
        Self {
            to: choices.to,
            to_phone_id: choices.to_phone_id,
            from: choices.from.into_iter().map(NumberRef::from).collect(),
            from_number_id: choices.from_number_id,
            part_limit: choices.part_limit,
            target: choices.target.into(),
            forbidden_reason: choices.forbidden.map(ForbiddenReason::from),
        }
    }
}

/// What a composer offers: numbers to write to and from, those that go without saying, and with what to send.
#[utoipa::path(get, path = "/api/omnichannel/choices", tag = "omnichannel", params(ChoicesQuery),
    responses((status = 200, body = ChoicesView), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn choices(State(app): State<App>, caller: Caller, Query(query): Query<ChoicesQuery>) -> Result<Json<ChoicesView>, Problem> {
    let act = ListChoices {
        access: caller.access().clone(),
        to: written_to(query)?,
    };
    Ok(Json(app.store.read(act).await?.into()))
}

fn written_to(query: ChoicesQuery) -> Result<WrittenTo, Problem> {
    let ChoicesQuery {
        conversation_id,
        case_id,
        case_contact_id,
        contact_id,
        lead_id,
    } = query;
    match (conversation_id, case_id, case_contact_id, contact_id, lead_id) {
        (Some(conversation), None, None, None, None) => Ok(WrittenTo::Conversation(conversation)),
        (None, Some(case), link, None, None) => Ok(WrittenTo::Case(case, link)),
        (None, None, None, Some(contact), None) => Ok(WrittenTo::Contact(contact)),
        (None, None, None, None, Some(lead)) => Ok(WrittenTo::Lead(lead)),
        (_, _, _, _, _) => Err(Problem::new(
            ProblemCode::InvalidQuery,
            "Ask by one of `conversation_id`, `case_id` (with `case_contact_id`), `contact_id` and `lead_id`.",
        )),
    }
}
