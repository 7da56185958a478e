//! Questions to Twilio: one text, the list of texts, the numbers, the account. A listing is followed by the addresses that
//! Twilio gives, on the configured host and inside our account only.

use serde::de::DeserializeOwned;

use super::client::{Answer, Client, NoAnswer};
use super::webhook::Media;
use super::{wire, words};
use crate::carrier::{AccountStanding, AccountStatus, CarrierError, CarrierNumber, CarrierText, Page, PageToken, ProviderId, TextQuery};

/// Texts on a page; Twilio's most is 1000.
pub(super) const PAGE_SIZE: u32 = 200;
/// In microseconds.
pub(super) const SECOND: i64 = 1_000_000;
/// A text has ten attachments at most.
const MOST_MEDIA_PAGES: u32 = 10;
/// More numbers than any firm has; a listing that is longer goes in circles.
const MOST_NUMBER_PAGES: u32 = 100;

pub(super) async fn text(client: &Client, provider_id: &ProviderId) -> Result<CarrierText, CarrierError> {
    if !words::is_message_sid(provider_id.as_str()) {
        return Err(CarrierError::NotFound);
    }
    let path = client.path(&format!("/Messages/{provider_id}.json"));
    let message: wire::Message = read(client.get(&path, &[]).await)?;
    message.into_text().ok_or(CarrierError::Nonsense { what: "a text" })
}

pub(super) async fn texts(client: &Client, query: &TextQuery) -> Result<Page<CarrierText>, CarrierError> {
    let page: wire::Messages = match &query.page {
        Some(PageToken(uri)) => read(client.get(inside(client, uri)?, &[]).await)?,
        None => read(client.get(&client.path("/Messages.json"), &filters(query)).await)?,
    };
    let mut items = Vec::with_capacity(page.messages.len());
    for message in page.messages {
        let text = message.into_text().ok_or(CarrierError::Nonsense { what: "a text in a list" })?;
        if query.direction.is_none_or(|direction| direction == text.direction) {
            items.push(text);
        }
    }
    Ok(Page {
        items,
        next: next(client, page.next_page_uri)?,
    })
}

/// What is attached to a text; each at the address that a webhook would have named.
pub(super) async fn media(client: &Client, provider_id: &ProviderId) -> Result<Vec<Media>, CarrierError> {
    if !words::is_message_sid(provider_id.as_str()) {
        return Err(CarrierError::NotFound);
    }
    let mut path = client.path(&format!("/Messages/{provider_id}/Media.json?PageSize={PAGE_SIZE}"));
    let mut media = Vec::new();
    for _ in 0..MOST_MEDIA_PAGES {
        let page: wire::MediaList = read(client.get(&path, &[]).await)?;
        for item in page.media_list {
            let uri = inside(client, &item.uri)?;
            let url = client.url(uri.strip_suffix(".json").unwrap_or(uri));
            media.push(Media {
                url,
                content_type: item.content_type.unwrap_or_default(),
            });
        }
        match next(client, page.next_page_uri)? {
            Some(PageToken(uri)) => path = uri,
            None => return Ok(media),
        }
    }
    Err(CarrierError::Nonsense {
        what: "a list of media without an end",
    })
}

pub(super) async fn numbers(client: &Client) -> Result<Vec<CarrierNumber>, CarrierError> {
    let mut path = client.path(&format!("/IncomingPhoneNumbers.json?PageSize={PAGE_SIZE}"));
    let mut numbers = Vec::new();
    for _ in 0..MOST_NUMBER_PAGES {
        let page: wire::Numbers = read(client.get(&path, &[]).await)?;
        numbers.extend(page.incoming_phone_numbers.into_iter().filter_map(wire::Number::into_number));
        match next(client, page.next_page_uri)? {
            Some(PageToken(uri)) => path = uri,
            None => return Ok(numbers),
        }
    }
    Err(CarrierError::Nonsense {
        what: "a list of numbers without an end",
    })
}

pub(super) async fn account(client: &Client) -> Result<AccountStanding, CarrierError> {
    let account: wire::Account = read(client.get(&client.path(".json"), &[]).await)?;
    if account.sid != client.account_sid() {
        return Err(CarrierError::Nonsense { what: "another account" });
    }
    let status = match account.status.as_str() {
        "active" => AccountStatus::Active,
        "suspended" => AccountStatus::Suspended,
        "closed" => AccountStatus::Closed,
        _ => AccountStatus::Other,
    };
    Ok(AccountStanding {
        account: account.sid,
        status,
    })
}

#[expect(clippy::disallowed_methods, reason = "the carrier is asked about that number")]
fn filters(query: &TextQuery) -> Vec<(&'static str, String)> {
    let mut filters = vec![("PageSize", PAGE_SIZE.to_string())];
    filters.extend(query.to.as_ref().map(|to| ("To", to.expose().to_owned())));
    filters.extend(query.from.as_ref().map(|from| ("From", from.expose().to_owned())));
    // Whole seconds, rounded so that no text is left out.
    filters.extend(
        query
            .sent_after
            .map(|time| ("DateSent>", second(time.as_micros().div_euclid(SECOND)))),
    );
    filters.extend(
        query
            .sent_before
            .map(|time| ("DateSent<", second(time.as_micros().div_euclid(SECOND) + 1))),
    );
    filters
}

pub(super) fn second(number: i64) -> String {
    jiff::Timestamp::from_second(number).map_or_else(|_| String::new(), |time| time.to_string())
}

pub(super) fn next(client: &Client, uri: Option<String>) -> Result<Option<PageToken>, CarrierError> {
    let Some(uri) = uri.filter(|uri| !uri.is_empty()) else {
        return Ok(None);
    };
    inside(client, &uri)?;
    Ok(Some(PageToken(uri)))
}

/// The address of a next page, if it stays on the host and in the account that we ask.
pub(super) fn inside<'a>(client: &Client, uri: &'a str) -> Result<&'a str, CarrierError> {
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let climbs = path.split('/').any(|step| step == "." || step == "..") || path.contains(['%', '\\']);
    if uri.starts_with(&client.path("/")) && !climbs {
        Ok(uri)
    } else {
        Err(CarrierError::Nonsense {
            what: "the address of a next page",
        })
    }
}

pub(super) fn read<T: DeserializeOwned>(answer: Result<Answer, NoAnswer>) -> Result<T, CarrierError> {
    serde_json::from_slice(&checked(answer)?).map_err(|_| CarrierError::Nonsense { what: "the body" })
}

/// The body of an answer that is none of the ways to say no.
pub(super) fn checked(answer: Result<Answer, NoAnswer>) -> Result<Vec<u8>, CarrierError> {
    let answer = answer.map_err(|why| match why {
        NoAnswer::NotConnected | NoAnswer::Broken | NoAnswer::NotAllowed => CarrierError::Unreachable,
        NoAnswer::TimedOut => CarrierError::TimedOut,
    })?;
    match answer.status {
        200..=299 => Ok(answer.body),
        401 | 403 => Err(CarrierError::Unauthorized),
        404 => Err(CarrierError::NotFound),
        429 => Err(CarrierError::RateLimited {
            after: answer.retry_after.unwrap_or(words::SLOW_DOWN),
        }),
        status @ 400..=499 => Err(CarrierError::Refused {
            status,
            code: wire::error_code(&answer.body),
        }),
        status @ 500..=599 => Err(CarrierError::Failed { status }),
        _ => Err(CarrierError::Nonsense { what: "the status" }),
    }
}
