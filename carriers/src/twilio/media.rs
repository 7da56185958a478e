//! What is attached to texts: fetched from the carrier for inbound ones, and offered to it by an address that holds for a while for
//! outbound ones. Proof against addresses that are not the carrier's: our credentials go to the configured carrier alone, what it sends
//! us on to must be HTTPS at a public address, and nobody is believed about sizes: whoever reads the stream counts.

use std::fmt::Write as _;
use std::time::Duration;

use futures_util::stream::{self, BoxStream};
use hmac::{Hmac, Mac as _};
use reqwest::Url;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::client::{Client, NoAnswer, Opened};
use super::signature::Secret;
use super::words::is_sid;

/// How long one attachment may take, whatever it sends meanwhile.
const LONGEST_FETCH: Duration = Duration::from_secs(30);
/// How often the carrier may send us on.
const MOST_HOPS: usize = 3;

/// An attachment that is being read; its length and type are for whoever reads it to find out.
pub type MediaStream = BoxStream<'static, Result<Vec<u8>, NoMedia>>;

/// Why an attachment cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoMedia {
    /// The carrier does not have it any more.
    #[error("the carrier does not have it any more")]
    Gone,
    /// It is at an address that is not the carrier's, or the carrier sends us to one that is not public.
    #[error("it is not at an address of the carrier")]
    NotAllowed,
    /// The carrier is away, busy, or does not take our credentials: another time.
    #[error("the carrier cannot be asked just now")]
    NotNow,
}

/// Opens an attachment by the address that the webhook named. Of that address the path alone is used, which must be one of our
/// account's media.
pub(super) async fn open(client: &Client, address: &str) -> Result<MediaStream, NoMedia> {
    let path = media_path(client, address).ok_or(NoMedia::NotAllowed)?;
    let mut opened = client.open(&path, &[], LONGEST_FETCH).await.map_err(no_answer)?;
    for _ in 0..MOST_HOPS {
        match opened {
            Opened::Here(response) => return readable(response),
            Opened::Elsewhere(url) => opened = client.open_elsewhere(&url, LONGEST_FETCH).await.map_err(no_answer)?,
        }
    }
    match opened {
        Opened::Here(response) => readable(response),
        Opened::Elsewhere(_) => Err(NoMedia::NotAllowed),
    }
}

/// `/2010-04-01/Accounts/AC…/Messages/MM…/Media/ME…` of our account.
fn media_path(client: &Client, address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let below = url.path().strip_prefix(&client.path("/Messages/"))?;
    let mut pieces = below.split('/');
    let (message, media, sid) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let is_one = (is_sid("MM", message) || is_sid("SM", message)) && media == "Media" && is_sid("ME", sid) && pieces.next().is_none();
    is_one.then(|| client.path(&format!("/Messages/{message}/Media/{sid}")))
}

const fn no_answer(why: NoAnswer) -> NoMedia {
    match why {
        NoAnswer::NotConnected | NoAnswer::TimedOut | NoAnswer::Broken => NoMedia::NotNow,
        NoAnswer::NotAllowed => NoMedia::NotAllowed,
    }
}

fn readable(response: reqwest::Response) -> Result<MediaStream, NoMedia> {
    match response.status().as_u16() {
        200 => Ok(bytes(response)),
        404 | 410 => Err(NoMedia::Gone),
        401 | 408 | 429 | 500..=599 => Err(NoMedia::NotNow),
        _ => Err(NoMedia::NotAllowed),
    }
}

fn bytes(response: reqwest::Response) -> MediaStream {
    Box::pin(stream::unfold(Some(response), |response| async move {
        let mut response = response?;
        match response.chunk().await {
            Ok(Some(chunk)) => Some((Ok(chunk.to_vec()), Some(response))),
            Ok(None) => None,
            Err(_) => Some((Err(NoMedia::NotNow), None)),
        }
    }))
}

/// What proves that this server gave an address out: made of what the address says and a key that nobody else has.
#[must_use]
pub fn seal(key: &Secret, subject: &str) -> String {
    let mut text = String::new();
    for byte in code(key, subject) {
        // Writing into a string does not fail.
        if write!(text, "{byte:02x}").is_err() {
            break;
        }
    }
    text
}

/// Whether one of these keys sealed this; both while they are rotated.
#[must_use]
pub fn is_sealed(keys: &[Secret], subject: &str, sealed: &str) -> bool {
    keys.iter()
        .any(|key| bool::from(seal(key, subject).as_bytes().ct_eq(sealed.as_bytes())))
}

/// The key signs webhooks as well; what is signed here begins with words that no webhook begins with.
fn code(key: &Secret, subject: &str) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.bytes()) else {
        return Vec::new();
    };
    mac.update(b"casewire media\0");
    mac.update(subject.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
