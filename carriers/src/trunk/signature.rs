//! What goes over the trunk is signed by a key that both ends share: HMAC-SHA256 over time, nonce, path and body. [`verify`] is the
//! only place that makes a [`Verified`]; it refuses what is older than [`WINDOW`], and within it what has been shown before.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use casewire_core::time::Timestamp;
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::twilio::Secret;

/// The header with the signature: `t=<microseconds>,n=<nonce>,v1=<hex>`.
pub const SIGNATURE: &str = "x-trunk-signature";
/// How far the clocks of both ends may be apart, and how long a signature is good for.
pub const WINDOW: Duration = Duration::from_secs(300);

/// Something whose signature was checked. Made by [`verify`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// What was signed, given away.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// Why something from the trunk is not believed, or not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrunkRefusal {
    /// There is no signature.
    #[error("not signed")]
    Unsigned,
    /// The signature is another's, of another body, too old, or was shown before.
    #[error("the signature does not hold")]
    BadSignature,
    /// It is signed, and makes no sense.
    #[error("it makes no sense")]
    Malformed,
}

/// A request as it came in, before anything is believed.
#[derive(Clone, Copy)]
pub struct TrunkRequest<'a> {
    /// The path that it was posted to.
    pub path: &'a str,
    /// The header [`SIGNATURE`].
    pub signature: Option<&'a str>,
    /// The body as it came.
    pub body: &'a [u8],
}

impl fmt::Debug for TrunkRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrunkRequest({} with {} bytes)", self.path, self.body.len())
    }
}

/// The signatures that were believed within the last [`WINDOW`].
#[derive(Debug, Default)]
pub struct Replays(Mutex<HashMap<[u8; 32], Timestamp>>);

impl Replays {
    /// Whether this one is new; only ever asked of one that is right, so strangers cannot fill it.
    fn is_new(&self, mac: [u8; 32], at: Timestamp, now: Timestamp) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, then| within(*then, now));
        seen.insert(mac, at).is_none()
    }
}

/// The header for a body that is posted to a path now; none where there is no randomness.
#[expect(clippy::disallowed_methods, reason = "the nonce of a signature is drawn where it is made")]
pub(super) fn sign(key: &Secret, path: &str, body: &[u8], now: Timestamp) -> Option<String> {
    let nonce = getrandom::u64().ok()?;
    let (at, nonce) = (now.as_micros(), format!("{nonce:016x}"));
    let mac = mac(key, at, &nonce, path, body)?;
    Some(format!("t={at},n={nonce},v1={}", hex(&mac)))
}

/// Believes a request, if it is signed by the key, of now, and new.
///
/// # Errors
/// [`TrunkRefusal`].
pub fn verify<T: DeserializeOwned>(
    key: &Secret,
    replays: &Replays,
    request: &TrunkRequest<'_>,
    now: Timestamp,
) -> Result<Verified<T>, TrunkRefusal> {
    let header = request.signature.ok_or(TrunkRefusal::Unsigned)?;
    let claimed = Claimed::read(header).ok_or(TrunkRefusal::BadSignature)?;
    let made = mac(key, claimed.at, claimed.nonce, request.path, request.body).ok_or(TrunkRefusal::BadSignature)?;
    let is_right = bool::from(hex(&made).as_bytes().ct_eq(claimed.mac.as_bytes()));
    let at = Timestamp::from_micros(claimed.at);
    if !is_right || !within(at, now) || !replays.is_new(made, at, now) {
        return Err(TrunkRefusal::BadSignature);
    }
    serde_json::from_slice(request.body)
        .map(Verified)
        .map_err(|_| TrunkRefusal::Malformed)
}

/// A body as it is posted.
pub(super) fn body<T: Serialize>(content: &T) -> Option<Vec<u8>> {
    serde_json::to_vec(content).ok()
}

struct Claimed<'a> {
    at: i64,
    nonce: &'a str,
    mac: &'a str,
}

impl<'a> Claimed<'a> {
    fn read(header: &'a str) -> Option<Self> {
        let mut fields = header.split(',');
        let at = fields.next()?.strip_prefix("t=")?.parse().ok()?;
        let nonce = fields.next()?.strip_prefix("n=")?;
        let mac = fields.next()?.strip_prefix("v1=")?;
        fields.next().is_none().then_some(Self { at, nonce, mac })
    }
}

fn within(at: Timestamp, now: Timestamp) -> bool {
    now.since(at) <= WINDOW && at.since(now) <= WINDOW
}

/// None never happens, for HMAC takes keys of any length; if it did, nothing would count as signed.
fn mac(key: &Secret, at: i64, nonce: &str, path: &str, body: &[u8]) -> Option<[u8; 32]> {
    let mac = <Hmac<Sha256> as Mac>::new_from_slice(key.bytes()).ok()?;
    let head = format!("{at}\n{nonce}\n{path}\n");
    Some(mac.chain_update(head.as_bytes()).chain_update(body).finalize().into_bytes().into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
