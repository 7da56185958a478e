//! Keeps other sites from acting by a browser's cookie: an unsafe request that is signed in by cookie must come from this site,
//! by what the browser says of it; where it says nothing, the body must be JSON, which no form can send.

use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN, UPGRADE};
use axum::http::{HeaderMap, Method};

use crate::problem::{Problem, ProblemCode};
use crate::wire::is_json;

/// Whether a request could do harm by a cookie: it changes something, or opens a socket.
#[must_use]
pub fn could_harm(method: &Method, headers: &HeaderMap) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || headers.contains_key(UPGRADE)
}

/// Refuses a request by cookie that another site may have caused. `public` is the public address of this server.
///
/// # Errors
/// `forbidden`.
pub fn check(headers: &HeaderMap, public: &str) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let fine = match (
        text("sec-fetch-site"),
        headers.get(ORIGIN).map(|value| value.to_str().unwrap_or_default()),
    ) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => is_this_site(origin, text(HOST.as_str()), public),
        // A program with a cookie. Every browser names the type of a form's body.
        (None, None) => is_json(headers) || !headers.contains_key(CONTENT_TYPE),
    };
    if fine {
        Ok(())
    } else {
        Err(Problem::new(ProblemCode::Forbidden, "This request was caused by another site."))
    }
}

fn is_this_site(origin: &str, host: Option<&str>, public: &str) -> bool {
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some() && (authority == host || origin == public)
}
