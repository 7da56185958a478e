//! Handing one text over (`POST Messages.json`). Twilio has no idempotency key, so each text is posted once and the outcome
//! is said as it is: a failure after the request was on its way is unknown (twilio.com/docs/api/errors/20500).

use super::client::{Answer, Client, NoAnswer};
use super::{wire, words};
use crate::carrier::{Doubt, HandOver, OutboundText, ProviderId};

/// How Twilio shall deliver callbacks: three retries on any failure, connection within 2 s, answer within 4 s.
/// Not part of the signed address. Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides
pub const CALLBACK_OVERRIDES: &str = "#rc=3&rp=all&rt=4000&ct=2000";

pub(super) async fn text(client: &Client, text: &OutboundText) -> HandOver {
    match client.post(&client.path("/Messages.json"), &fields(text)).await {
        Ok(answer) => outcome(&answer),
        Err(NoAnswer::NotConnected | NoAnswer::NotAllowed) => HandOver::NotSent,
        Err(NoAnswer::TimedOut) => HandOver::Unknown(Doubt::TimedOut),
        Err(NoAnswer::Broken) => HandOver::Unknown(Doubt::Broken),
    }
}

#[expect(clippy::disallowed_methods, reason = "the text goes to that number")]
fn fields(text: &OutboundText) -> Vec<(&'static str, String)> {
    let mut fields = vec![("To", text.to.expose().to_owned()), ("From", text.from.expose().to_owned())];
    if !text.body.is_empty() {
        fields.push(("Body", text.body.clone()));
    }
    fields.extend(text.media.iter().map(|url| ("MediaUrl", url.clone())));
    fields.push(("StatusCallback", callback(&text.status_callback, "m", &text.part)));
    fields
}

/// A callback's address with our id under that name and the delivery overrides as its fragment.
pub(super) fn callback(address: &str, name: &str, id: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let joint = if address.contains('?') { '&' } else { '?' };
    let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
    format!("{address}{joint}{name}={id}{CALLBACK_OVERRIDES}")
}

fn outcome(answer: &Answer) -> HandOver {
    match answer.status {
        200..=299 => accepted(answer).unwrap_or(HandOver::Unknown(Doubt::Nonsense)),
        // 408 is said by whoever stands between, when the request may have gone through.
        408 => HandOver::Unknown(Doubt::TimedOut),
        400..=499 => HandOver::Refused(words::refusal(answer.status, wire::error_code(&answer.body), answer.retry_after)),
        500..=599 => HandOver::Unknown(Doubt::CarrierFailed { status: answer.status }),
        _ => HandOver::Unknown(Doubt::Nonsense),
    }
}

fn accepted(answer: &Answer) -> Option<HandOver> {
    let created: wire::Created = serde_json::from_slice(&answer.body).ok()?;
    if !words::is_message_sid(&created.sid) {
        return None;
    }
    Some(HandOver::Accepted {
        provider_id: ProviderId::from(created.sid.as_str()),
        state: words::delivery_state(&created.status)?,
    })
}
