//! Twilio's webhook signature (`X-Twilio-Signature`), made and checked: HMAC over the public address and the decoded form
//! fields. Knows nothing of accounts or of what a webhook means; read on in [`super::webhook`].
//! Source: twilio.com/docs/usage/security and the official libraries twilio-python 9.13.0 and twilio-node 6.2.0.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::form::Form;

/// How a webhook was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// With the account's auth token; the default.
    HmacSha1,
    /// With a shared key that the settings header names.
    HmacSha256,
}

/// A key that signs. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What of a request is covered by the signature.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// Nothing but the address: a GET, or a POST with an empty body.
    Nothing,
    /// The fields of a form.
    Form(&'a Form),
    /// Any other body: only covered by a `bodySHA256` in the address.
    Raw(&'a [u8]),
}

/// The signature that Twilio would send for `url` (its fragment is not signed) and `content`.
#[must_use]
pub fn sign(secret: &Secret, algorithm: Algorithm, url: &str, content: Content<'_>) -> String {
    mac(secret, algorithm, &signed_bytes(url, content)).map_or_else(String::new, |mac| STANDARD.encode(mac))
}

/// Whether `signature` is one for `url` as we are configured to be seen, with or without its port: Twilio's servers do not
/// agree among themselves about the port, and its libraries try both.
#[must_use]
pub fn is_signed(secret: &Secret, algorithm: Algorithm, url: &str, content: Content<'_>, signature: &str) -> bool {
    let Ok(given) = STANDARD.decode(signature) else {
        return false;
    };
    let url = url.split('#').next().unwrap_or_default();
    let mut signed = Choice::from(0);
    for candidate in [without_port(url), with_port(url)] {
        if let Some(mac) = mac(secret, algorithm, &signed_bytes(&candidate, content)) {
            signed |= mac.ct_eq(&given);
        }
    }
    bool::from(signed) && body_is_covered(url, content)
}

/// The hash that the address of a webhook with a raw body carries as `bodySHA256`.
#[must_use]
pub fn body_hash(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn body_is_covered(url: &str, content: Content<'_>) -> bool {
    match content {
        Content::Nothing | Content::Form(_) => true,
        Content::Raw(body) => {
            let query = url.split_once('?').map_or("", |(_, query)| query);
            Form::decode(query.as_bytes())
                .text("bodySHA256")
                .is_some_and(|hash| bool::from(hash.as_bytes().ct_eq(body_hash(body).as_bytes())))
        }
    }
}

fn signed_bytes(url: &str, content: Content<'_>) -> Vec<u8> {
    let mut signed = url.split('#').next().unwrap_or_default().as_bytes().to_vec();
    if let Content::Form(form) = content {
        let mut pairs: Vec<_> = form.pairs().collect();
        pairs.sort_unstable();
        pairs.dedup();
        for (name, value) in pairs {
            signed.extend_from_slice(name);
            signed.extend_from_slice(value);
        }
    }
    signed
}

fn mac(secret: &Secret, algorithm: Algorithm, signed: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        Algorithm::HmacSha1 => keyed::<Hmac<Sha1>>(secret, signed),
        Algorithm::HmacSha256 => keyed::<Hmac<Sha256>>(secret, signed),
    }
}

/// None never happens, for HMAC takes keys of any length; if it did, nothing would count as signed.
fn keyed<M: Mac + hmac::digest::KeyInit>(secret: &Secret, signed: &[u8]) -> Option<Vec<u8>> {
    let mac = <M as hmac::digest::KeyInit>::new_from_slice(secret.bytes()).ok()?;
    Some(mac.chain_update(signed).finalize().into_bytes().to_vec())
}

/// Scheme, host without port, port, and the rest of an address.
fn parts(url: &str) -> Option<(&str, &str, Option<&str>, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        Some(_) | None => (authority, None),
    };
    Some((scheme, host, port.filter(|port| !port.is_empty()), path))
}

fn without_port(url: &str) -> String {
    parts(url).map_or_else(|| url.to_owned(), |(scheme, host, _, path)| format!("{scheme}://{host}{path}"))
}

fn with_port(url: &str) -> String {
    parts(url).map_or_else(
        || url.to_owned(),
        |(scheme, host, port, path)| {
            let standard = if scheme.eq_ignore_ascii_case("https") { "443" } else { "80" };
            format!("{scheme}://{host}:{}{path}", port.unwrap_or(standard))
        },
    )
}
