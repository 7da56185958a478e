//! Twilio's webhooks: `POST /webhooks/twilio/messages` brings texts, `POST /webhooks/twilio/status?o=…&m=…` how far ours got.
//! 403 where the signature is not right, 400 where a signed one lacks something, 503 where the database is away.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casewire_carriers::twilio::webhook::{
    FromSigned, InboundText, PublicAddress, SIGNATURE, SIGNATURE_SETTINGS, TextStatus, Verified, Webhook, WebhookRefusal, WebhookRequest,
    verify_as,
};
use casewire_core::id::OrganizationId;
use casewire_core::phone::E164;
use casewire_store::numbers::{self, OrganizationNumber};
use casewire_store::{Act, StoreError, Tx};

use super::storable;
use crate::ops::receive_text::ReceiveText;
use crate::ops::strays::KeepStray;
use crate::ops::text_status::TextStatusChanged;
use crate::problem::{Problem, ProblemCode};
use crate::state::App;
use crate::wire::ReceivedUri;

/// Where Twilio posts inbound texts.
pub const MESSAGES: &str = "/webhooks/twilio/messages";
/// Where Twilio posts the states of ours.
pub const STATUS: &str = "/webhooks/twilio/status";

/// The public address for callbacks about the texts of an organization; the carrier adds the part.
#[must_use]
pub fn status_callback(public: &PublicAddress, organization: OrganizationId) -> String {
    public.url(&format!("{STATUS}?o={organization}"))
}

/// The address for inbound texts as it is to be set at Twilio, with its rules for delivery.
#[must_use]
pub fn messages_address(public: &PublicAddress) -> String {
    public.url(&format!("{MESSAGES}{}", casewire_carriers::twilio::CALLBACK_OVERRIDES))
}

/// A text came in.
pub async fn messages(
    State(app): State<App>,
    method: Method,
    Extension(uri): Extension<ReceivedUri>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let outcome = match believed::<Webhook>(&app, &method, &uri, &headers, body).map(Verified::into_inner) {
        Ok(Webhook::InboundText(text)) => receive(&app, storable(text)).await,
        Ok(Webhook::TextStatus(_)) => Err(malformed("Body")),
        Err(problem) => Err(problem),
    };
    answer(&app, "text", outcome, || {
        ([(header::CONTENT_TYPE, "text/xml")], "<Response/>").into_response()
    })
}

/// A text of ours got on.
pub async fn status(
    State(app): State<App>,
    method: Method,
    Extension(uri): Extension<ReceivedUri>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let outcome = match believed::<Webhook>(&app, &method, &uri, &headers, body).map(Verified::into_inner) {
        Ok(Webhook::TextStatus(status)) => note_status(&app, status, &uri).await,
        Ok(Webhook::InboundText(_)) => Err(malformed("MessageStatus")),
        Err(problem) => Err(problem),
    };
    answer(&app, "status", outcome, || StatusCode::NO_CONTENT.into_response())
}

/// Counts how it ended, and says so.
pub(super) fn answer(app: &App, kind: &'static str, outcome: Result<&'static str, Problem>, done: impl FnOnce() -> Response) -> Response {
    match outcome {
        Ok(word) => {
            app.metrics.webhook(kind, word);
            done()
        }
        Err(problem) => {
            app.metrics.webhook(kind, problem.code().as_str());
            problem.into_response()
        }
    }
}

pub(super) fn believed<T: FromSigned>(
    app: &App,
    method: &Method,
    uri: &ReceivedUri,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Verified<T>, Problem> {
    let body = body.map_err(|rejection| {
        let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Problem::of(if too_large {
            ProblemCode::BodyTooLarge
        } else {
            ProblemCode::MalformedWebhook
        })
    })?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let request = WebhookRequest {
        method: method.as_str(),
        path_and_query: uri.0.path_and_query().map_or("/", |path| path.as_str()),
        content_type: text(header::CONTENT_TYPE.as_str()),
        signature: text(SIGNATURE),
        signature_settings: text(SIGNATURE_SETTINGS),
        body: &body,
    };
    verify_as(&app.config.public_address, app.carriers.keys(), &request).map_err(refused)
}

fn refused(refusal: WebhookRefusal) -> Problem {
    match refusal {
        WebhookRefusal::Unsigned => Problem::of(ProblemCode::UnsignedWebhook),
        WebhookRefusal::BadSignature => Problem::of(ProblemCode::WrongSignature),
        WebhookRefusal::ForeignAccount => Problem::of(ProblemCode::ForeignAccount),
        WebhookRefusal::Malformed { field } => malformed(field),
    }
}

fn malformed(field: &'static str) -> Problem {
    let problem = Problem::new(
        ProblemCode::MalformedWebhook,
        format!("The field `{field}` is missing or makes no sense."),
    );
    problem.with("field", field)
}

/// Takes a text in for the owner of the number, or keeps it until the number has one.
async fn receive(app: &App, text: InboundText) -> Result<&'static str, Problem> {
    let now = app.clock.now();
    let Some(number) = app.store.read(FindOwner(text.to.clone())).await? else {
        let new = app.store.write_for_all(KeepStray::new(&text, now)?).await?;
        tracing::warn!(provider_id = %text.provider_id, "a text came to a number that no organization owns; it is kept");
        return Ok(if new { "stray" } else { "duplicate" });
    };
    if number.account_sid != text.account {
        return Err(Problem::of(ProblemCode::ForeignAccount));
    }
    let act = ReceiveText {
        tenant: number.tenant(),
        number_id: number.id,
        text,
        now,
    };
    let received = app.store.write(number.organization, act).await?;
    Ok(if received.was_new { "received" } else { "duplicate" })
}

async fn note_status(app: &App, status: TextStatus, uri: &ReceivedUri) -> Result<&'static str, Problem> {
    let organization = uri
        .0
        .query()
        .unwrap_or_default()
        .split('&')
        .find_map(|pair| pair.strip_prefix("o=")?.parse().ok());
    let Some(organization) = organization else { return Ok("stray") };
    let act = TextStatusChanged {
        organization,
        part: status.part.as_deref().and_then(|part| part.parse().ok()),
        account_sid: status.account,
        provider_id: status.provider_id.as_str().to_owned(),
        state: status.state,
        error_code: status.error_code,
        now: app.clock.now(),
    };
    Ok(app.store.write(organization, act).await?.as_str())
}

/// Finds the owner of a number that was texted. One indexed read, so that it is right from the moment that numbers change.
pub(super) struct FindOwner(pub(super) E164);

impl Act for FindOwner {
    type Out = Option<OrganizationNumber>;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, StoreError> {
        numbers::owner(tx, &self.0).await
    }
}
