//! Fetching what goes out with a text, as the carrier does before it sends it on. The sandbox has no outside: it fetches from this machine
//! alone, and leaves every other address as it is.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;

use super::Shared;
use super::world::{MediaSource, Status};

/// What Twilio says of an address that it could not fetch: HTTP retrieval failure (twilio.com/docs/api/errors/11200).
pub(super) const UNFETCHED: u32 = 11200;
/// Twilio's limit for one text (twilio.com/docs/messaging/api/message-resource).
const LARGEST: usize = 5_000_000;
/// How long it may take.
const WITHIN: Duration = Duration::from_secs(10);

/// It could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unfetched;

/// Fetches what an outbound text that waits has at this machine's addresses.
pub(super) async fn fetch(shared: &Shared, sid: &str) -> Result<(), Unfetched> {
    let waiting: Vec<(String, String)> = match shared.world().message(sid) {
        Some(message) if message.status == Status::Queued => message
            .media
            .iter()
            .filter_map(|item| match &item.source {
                MediaSource::At(url) if is_here(url) => Some((item.sid.clone(), url.clone())),
                MediaSource::At(_) | MediaSource::Held(_) => None,
            })
            .collect(),
        Some(_) | None => return Ok(()),
    };
    for (item, url) in waiting {
        let (content_type, bytes) = get(shared, &url).await.ok_or(Unfetched)?;
        let mut world = shared.world();
        let Some(mut message) = world.message(sid).cloned() else {
            return Ok(());
        };
        for media in message.media.iter_mut().filter(|media| media.sid == item) {
            media.content_type.clone_from(&content_type);
            media.source = MediaSource::Held(STANDARD.encode(&bytes));
        }
        world.put(message);
    }
    Ok(())
}

fn is_here(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

async fn get(shared: &Shared, url: &str) -> Option<(String, Vec<u8>)> {
    let mut answer = shared.http.get(url).timeout(WITHIN).send().await.ok()?;
    if !answer.status().is_success() {
        return None;
    }
    let content_type = answer.headers().get("content-type")?.to_str().ok()?.to_owned();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        if bytes.len().saturating_add(chunk.len()) > LARGEST {
            return None;
        }
        bytes.extend_from_slice(&chunk);
    }
    Some((content_type, bytes))
}
