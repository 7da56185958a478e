//! Twilio's words and codes in ours: states, error codes, dates, ids. Codes may change, so an unknown one keeps its number.
//! Source: twilio.com/docs/api/errors and the public description of the API.

use std::time::Duration;

use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::messaging::opt_out::Keyword;
use casewire_core::time::Timestamp;

use crate::calls::{CallRefusal, CallRefusedReason};
use crate::carrier::{Refusal, RefusedReason, Retry};

/// How long to wait where the carrier asks us to slow down and does not say for how long.
pub(crate) const SLOW_DOWN: Duration = Duration::from_secs(1);

/// An id: two letters and 32 hexadecimal digits.
pub(crate) fn is_sid(letters: &str, text: &str) -> bool {
    let digits = text.strip_prefix(letters);
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A text's id.
pub(crate) fn is_message_sid(text: &str) -> bool {
    is_sid("SM", text) || is_sid("MM", text)
}

/// The state of an outbound text; none for `received`, `receiving` and words that are new.
pub(crate) fn delivery_state(word: &str) -> Option<DeliveryState> {
    match word {
        "accepted" | "scheduled" | "queued" => Some(DeliveryState::Accepted),
        "sending" => Some(DeliveryState::Sending),
        "sent" => Some(DeliveryState::Sent),
        "delivered" => Some(DeliveryState::Delivered),
        "undelivered" => Some(DeliveryState::Undelivered),
        "failed" => Some(DeliveryState::Failed),
        "canceled" => Some(DeliveryState::Canceled),
        "read" => Some(DeliveryState::Read),
        _ => None,
    }
}

/// The word that Twilio acted on itself.
pub(crate) fn opt_out_type(word: &str) -> Option<Keyword> {
    match word {
        "STOP" => Some(Keyword::Stop),
        "START" => Some(Keyword::Start),
        "HELP" => Some(Keyword::Help),
        _ => None,
    }
}

/// The meaning of a refused hand-over by its HTTP status, Twilio's code and the seconds to wait.
pub(crate) fn refusal(status: u16, code: Option<u32>, retry_after: Option<Duration>) -> Refusal {
    let reason = match (status, code) {
        (429, _) | (_, Some(20429)) => RefusedReason::RateLimited,
        (_, Some(21211 | 21217 | 21219)) => RefusedReason::InvalidNumber,
        (_, Some(21610)) => RefusedReason::OptedOut,
        (_, Some(21212 | 21603 | 21606 | 21659 | 21660)) => RefusedReason::SenderNotCapable,
        (_, Some(21612 | 21614)) => RefusedReason::ReceiverNotCapable,
        (_, Some(21635)) => RefusedReason::Landline,
        (_, Some(21408)) => RefusedReason::RegionOff,
        (_, Some(21617 | 21605)) => RefusedReason::TooLong,
        (_, Some(21602 | 21619)) => RefusedReason::Empty,
        (_, Some(21611)) => RefusedReason::QueueFull,
        (401 | 403, _) | (_, Some(20003 | 20005 | 30002)) => RefusedReason::Unauthorized,
        _ => RefusedReason::Other,
    };
    let retry = match reason {
        RefusedReason::RateLimited => Retry::After(retry_after.unwrap_or(SLOW_DOWN)),
        // A long code's queue holds ten hours of texts at one a second; a minute makes room for sixty.
        RefusedReason::QueueFull => Retry::After(Duration::from_secs(60)),
        RefusedReason::InvalidNumber
        | RefusedReason::OptedOut
        | RefusedReason::SenderNotCapable
        | RefusedReason::ReceiverNotCapable
        | RefusedReason::Landline
        | RefusedReason::RegionOff
        | RefusedReason::TooLong
        | RefusedReason::Empty
        | RefusedReason::Unauthorized
        | RefusedReason::Other => Retry::Never,
    };
    Refusal { code, reason, retry }
}

/// The meaning of a refused order about a call by its HTTP status, Twilio's code and the seconds to wait.
pub(crate) fn call_refusal(status: u16, code: Option<u32>, retry_after: Option<Duration>) -> CallRefusal {
    let reason = match (status, code) {
        (429, _) | (_, Some(20429)) => CallRefusedReason::RateLimited,
        (_, Some(13223 | 13224 | 13226 | 21201 | 21211 | 21217)) => CallRefusedReason::InvalidNumber,
        (_, Some(13214 | 21210 | 21212)) => CallRefusedReason::CallerNotCapable,
        (_, Some(13225 | 13227 | 21203 | 21215 | 21216)) => CallRefusedReason::NotAllowed,
        (_, Some(21220)) => CallRefusedReason::WrongState,
        (_, Some(16028 | 13240)) => CallRefusedReason::AgentNotThere,
        (_, Some(16025)) => CallRefusedReason::LabelTaken,
        (_, Some(10004)) => CallRefusedReason::Full,
        (401 | 403, _) | (_, Some(20003 | 20005 | 10001)) => CallRefusedReason::Unauthorized,
        (404 | 410, _) | (_, Some(20404)) => CallRefusedReason::Gone,
        _ => CallRefusedReason::Other,
    };
    let retry = match reason {
        CallRefusedReason::RateLimited | CallRefusedReason::Full => Retry::After(retry_after.unwrap_or(SLOW_DOWN)),
        CallRefusedReason::InvalidNumber
        | CallRefusedReason::CallerNotCapable
        | CallRefusedReason::NotAllowed
        | CallRefusedReason::WrongState
        | CallRefusedReason::AgentNotThere
        | CallRefusedReason::LabelTaken
        | CallRefusedReason::Gone
        | CallRefusedReason::Unauthorized
        | CallRefusedReason::Other => Retry::Never,
    };
    CallRefusal { code, reason, retry }
}

/// A date as the REST interface writes it (RFC 2822).
pub(crate) fn rest_date(text: &str) -> Option<Timestamp> {
    let time = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Timestamp::from_micros(time.as_microsecond()))
}

/// A time as the REST interface writes it, in whole seconds.
pub(crate) fn to_rest_date(time: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(time.as_micros())
        .map_or_else(|_| String::new(), |time| time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
}

/// The network's date of a delivery report: `YYMMDDhhmm`, taken as UTC.
pub(crate) fn raw_dlr_date(text: &str) -> Option<Timestamp> {
    if text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let date = jiff::civil::DateTime::strptime("%Y%m%d%H%M", format!("20{text}")).ok()?;
    let time = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::from_micros(time.as_microsecond()))
}

/// The time in a callback about a call: RFC 2822, or RFC 3339 as newer ones write it.
pub(crate) fn callback_date(text: &str) -> Option<Timestamp> {
    rest_date(text).or_else(|| {
        let time: jiff::Timestamp = text.parse().ok()?;
        Some(Timestamp::from_micros(time.as_microsecond()))
    })
}
