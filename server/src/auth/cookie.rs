//! The cookie that keeps a browser signed in: out of reach of scripts, not sent along by other sites, HTTPS alone where the
//! server is reached by it.

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use super::secret::BearerSecret;

/// The name of the cookie.
pub const NAME: &str = "casewire_session";

/// Whether the cookie is sent over HTTPS alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Over HTTPS alone.
    HttpsOnly,
    /// Over plain HTTP too.
    Any,
}

impl Transport {
    const fn attribute(self) -> &'static str {
        match self {
            Self::HttpsOnly => "; Secure",
            Self::Any => "",
        }
    }
}

/// The header value that signs a browser in.
#[must_use]
pub fn set(secret: &BearerSecret, lifetime: Duration, transport: Transport) -> Option<HeaderValue> {
    let (value, seconds) = (secret.expose(), lifetime.as_secs());
    let text = format!(
        "{NAME}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{}",
        transport.attribute()
    );
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// The header value that signs a browser out.
#[must_use]
pub fn clear(transport: Transport) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "{NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}",
        transport.attribute()
    ))
    .ok()
}

/// The secret in the cookie of a request.
#[must_use]
pub fn read(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == NAME && !value.is_empty())
        .map(|(_, value)| value)
}
