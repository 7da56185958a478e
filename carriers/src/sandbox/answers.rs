//! Answers in Twilio's shape: numbers as strings, dates as RFC 2822, addresses relative, problems as code, message, more_info
//! and status. Every answer has a `Twilio-Request-Id`.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use casewire_core::messaging::segments::{Substitution, segments};
use serde_json::{Value, json};

use super::world::{MediaItem, Message, Status, Way};
use super::{SandboxAccount, SandboxNumber};
use crate::twilio::words::to_rest_date;
use casewire_core::time::Timestamp;

/// A problem as Twilio tells it: HTTP status, code and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub status: u16,
    pub code: u32,
    pub message: &'static str,
}

impl Problem {
    /// The problem of a code. Texts follow twilio.com/docs/api/errors, without the numbers that Twilio repeats in some.
    pub(super) fn of(code: u32) -> Self {
        let (status, message) = match code {
            16020 => (400, "The conference has the maximum number of participants"),
            16025 => (400, "A participant with this label already exists in the conference"),
            16028 => (400, "The call to coach is not in the conference"),
            20001 => (400, "Invalid parameter"),
            20003 => (401, "Authenticate"),
            20004 => (405, "Method not allowed"),
            20009 => (409, "Cannot change the message because its delivery has not been completed"),
            20404 => (404, "The requested resource was not found"),
            20429 => (429, "Too Many Requests"),
            20500 => (500, "An internal server error has occurred"),
            20503 => (503, "Service is unavailable. Please try again"),
            21201 => (400, "No 'To' number is specified"),
            21205 => (400, "Url is not a valid URL"),
            21210 => (400, "The source phone number provided is not yet verified for your account"),
            21213 => (400, "No 'From' number is specified"),
            21220 => (400, "Call is not in-progress. Cannot redirect."),
            21211 => (400, "The 'To' number is not a valid phone number."),
            21212 => (
                400,
                "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID.",
            ),
            21266 => (400, "'To' and 'From' number cannot be the same"),
            21408 => (
                400,
                "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
            ),
            21602 => (400, "Message body is required."),
            21603 => (400, "A 'From' phone number is required."),
            21604 => (400, "A 'To' phone number is required."),
            21606 => (
                400,
                "The 'From' phone number provided is not a valid, message-capable Twilio phone number for this destination/account",
            ),
            21609 => (400, "The 'StatusCallback' URL is not a valid URL."),
            21610 => (400, "Attempt to send to unsubscribed recipient"),
            21611 => (400, "This 'From' number has exceeded the maximum number of queued messages"),
            21612 => (
                400,
                "Message cannot be sent with the current combination of 'To' and/or 'From' parameters",
            ),
            21614 => (400, "'To' number is not a valid mobile number"),
            21617 => (400, "The concatenated message body exceeds the 1600 character limit"),
            21620 => (400, "Invalid media URL(s)"),
            21623 => (400, "Number of media files exceeds allowed limit"),
            21635 => (400, "'To' number cannot be a landline"),
            21701 => (400, "The messaging service does not exist"),
            30409 => (409, "Message cannot be canceled"),
            _ => (400, "Refused on demand"),
        };
        Self { status, code, message }
    }

    pub(super) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub(super) fn answer(&self) -> Response {
        let more_info = format!("https://www.twilio.com/docs/errors/{}", self.code);
        let body = json!({"code": self.code, "message": self.message, "more_info": more_info, "status": self.status});
        let mut answer = json_answer(StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST), &body);
        if self.status == 401 {
            answer
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Twilio API\""));
        }
        answer
    }
}

pub(super) fn json_answer(status: StatusCode, body: &Value) -> Response {
    answer(status, "application/json", Body::from(body.to_string()))
}

pub(super) fn answer(status: StatusCode, content_type: &str, body: Body) -> Response {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let id = format!("RQ{:032x}", COUNT.fetch_add(1, Ordering::Relaxed));
    for (name, value) in [("content-type", content_type), ("twilio-request-id", id.as_str())] {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

pub(super) fn date(time: Timestamp) -> String {
    to_rest_date(time)
}

impl Way {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundApi => "outbound-api",
            Self::OutboundReply => "outbound-reply",
        }
    }
}

/// How many segments a body takes.
pub(super) fn segment_count(body: &str) -> u32 {
    segments(body, Substitution::Exact).segments.max(1)
}

pub(super) fn message(message: &Message) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}/Messages/{}", message.account_sid, message.sid);
    let error = message
        .error_code
        .filter(|_| matches!(message.status, Status::Undelivered | Status::Failed));
    json!({
        "account_sid": message.account_sid,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": date(message.created_at),
        "date_sent": message.sent_at.map(date),
        "date_updated": date(message.updated_at),
        "direction": message.way.as_str(),
        "error_code": error,
        "error_message": error.map(|_| "The text was not delivered"),
        "from": message.from,
        "messaging_service_sid": null,
        "num_media": message.media.len().to_string(),
        "num_segments": segment_count(&message.body).to_string(),
        "price": null,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status.as_str(),
        "subresource_uris": {"media": format!("{uri}/Media.json")},
        "to": message.to,
        "uri": format!("{uri}.json"),
    })
}

pub(super) fn media(message: &Message, item: &MediaItem) -> Value {
    json!({
        "account_sid": message.account_sid,
        "content_type": item.content_type,
        "date_created": date(message.created_at),
        "date_updated": date(message.created_at),
        "parent_sid": message.sid,
        "sid": item.sid,
        "uri": format!("/2010-04-01/Accounts/{}/Messages/{}/Media/{}.json", message.account_sid, message.sid, item.sid),
    })
}

#[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
pub(super) fn number(number: &SandboxNumber, at: usize, now: Timestamp) -> Value {
    let sid = format!("PN{:032x}", at + 1);
    let uri = format!("/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{sid}.json", number.account_sid);
    json!({
        "account_sid": number.account_sid,
        "address_requirements": "none",
        "address_sid": null,
        "api_version": "2010-04-01",
        "beta": false,
        "bundle_sid": null,
        "capabilities": {"voice": true, "sms": true, "mms": true, "fax": false},
        "date_created": date(now),
        "date_updated": date(now),
        "emergency_address_sid": null,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "friendly_name": number.number.expose(),
        "identity_sid": null,
        "origin": "twilio",
        "phone_number": number.number.expose(),
        "sid": sid,
        "sms_application_sid": "",
        "sms_fallback_method": "POST",
        "sms_fallback_url": "",
        "sms_method": "POST",
        "sms_url": number.sms_url,
        "status": "in-use",
        "status_callback": "",
        "status_callback_method": "POST",
        "trunk_sid": null,
        "uri": uri,
        "voice_application_sid": null,
        "voice_caller_id_lookup": false,
        "voice_fallback_method": "POST",
        "voice_fallback_url": null,
        "voice_method": "POST",
        "voice_receive_mode": "voice",
        "voice_url": null,
    })
}

pub(super) fn account(account: &SandboxAccount, now: Timestamp) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}", account.sid);
    json!({
        "auth_token": "redacted by the sandbox",
        "date_created": date(now),
        "date_updated": date(now),
        "friendly_name": "Sandbox",
        "owner_account_sid": account.sid,
        "sid": account.sid,
        "status": "active",
        "subresource_uris": {
            "incoming_phone_numbers": format!("{uri}/IncomingPhoneNumbers.json"),
            "messages": format!("{uri}/Messages.json"),
        },
        "type": "Full",
        "uri": format!("{uri}.json"),
    })
}
