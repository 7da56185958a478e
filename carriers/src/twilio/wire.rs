//! The shapes of Twilio's answers that we read, and no more of them than we use. Numbers come as strings, dates as RFC 2822,
//! addresses relative. Source: the public description of the API, `twilio_api_v2010`.

use casewire_core::phone::{Address, E164};
use serde::Deserialize;

use super::words;
use crate::carrier::{CarrierNumber, CarrierText, Direction, ProviderId};

/// What is needed of the answer to a hand-over.
#[derive(Deserialize)]
pub(super) struct Created {
    pub sid: String,
    pub status: String,
}

/// A text.
#[derive(Deserialize)]
pub(super) struct Message {
    sid: String,
    status: String,
    direction: String,
    from: Option<String>,
    to: Option<String>,
    body: Option<String>,
    num_media: Option<String>,
    num_segments: Option<String>,
    error_code: Option<u32>,
    date_created: Option<String>,
    date_sent: Option<String>,
}

/// A page of texts.
#[derive(Deserialize)]
pub(super) struct Messages {
    pub messages: Vec<Message>,
    pub next_page_uri: Option<String>,
}

/// Something attached to a text.
#[derive(Deserialize)]
pub(super) struct MediaItem {
    pub content_type: Option<String>,
    pub uri: String,
}

/// A page of what is attached to a text.
#[derive(Deserialize)]
pub(super) struct MediaList {
    pub media_list: Vec<MediaItem>,
    pub next_page_uri: Option<String>,
}

/// A number of the account.
#[derive(Deserialize)]
pub(super) struct Number {
    phone_number: String,
    sms_url: Option<String>,
    sms_method: Option<String>,
    voice_url: Option<String>,
    status_callback: Option<String>,
    capabilities: Option<Capabilities>,
}

#[derive(Deserialize)]
struct Capabilities {
    sms: Option<bool>,
    voice: Option<bool>,
}

/// A page of numbers.
#[derive(Deserialize)]
pub(super) struct Numbers {
    pub incoming_phone_numbers: Vec<Number>,
    pub next_page_uri: Option<String>,
}

/// The account.
#[derive(Deserialize)]
pub(super) struct Account {
    pub sid: String,
    pub status: String,
}

#[derive(Deserialize)]
struct Problem {
    code: u32,
}

/// Twilio's code in the body of a refusal, if it is one of Twilio's.
pub(super) fn error_code(body: &[u8]) -> Option<u32> {
    serde_json::from_slice::<Problem>(body).ok().map(|problem| problem.code)
}

impl Message {
    /// The text in our words; none where a field that must be there makes no sense.
    pub(super) fn into_text(self) -> Option<CarrierText> {
        if !words::is_message_sid(&self.sid) {
            return None;
        }
        let direction = if self.direction == "inbound" {
            Direction::Inbound
        } else {
            Direction::Outbound
        };
        Some(CarrierText {
            provider_id: ProviderId::from(self.sid.as_str()),
            direction,
            from: Address::read(&self.from.unwrap_or_default()),
            to: Address::read(&self.to.unwrap_or_default()),
            body: self.body.unwrap_or_default().replace('\0', "\u{fffd}"),
            media_count: self.num_media.and_then(|count| count.parse().ok()).unwrap_or(0),
            segments: self.num_segments.and_then(|count| count.parse().ok()),
            state: words::delivery_state(&self.status),
            error_code: self.error_code,
            created_at: words::rest_date(&self.date_created?)?,
            sent_at: self.date_sent.as_deref().and_then(words::rest_date),
        })
    }
}

impl Number {
    /// The number in our words; none for what is not in E.164, such as a short code.
    pub(super) fn into_number(self) -> Option<CarrierNumber> {
        Some(CarrierNumber {
            number: E164::parse(&self.phone_number).ok()?,
            text_webhook: self.sms_url.unwrap_or_default(),
            text_webhook_method: self.sms_method.unwrap_or_default(),
            voice_webhook: self.voice_url.unwrap_or_default(),
            call_status_webhook: self.status_callback.unwrap_or_default(),
            texts: self.capabilities.as_ref().and_then(|capabilities| capabilities.sms),
            calls: self.capabilities.and_then(|capabilities| capabilities.voice),
        })
    }
}
