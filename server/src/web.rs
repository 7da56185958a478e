//! The web client as it stands in the binary: its pages, scripts and styles, with what browsers are told about them. What is in
//! the client is decided in `web/`; which addresses lead to it, in `api.rs`. Refuses to let a page load anything from elsewhere.

use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::api::front;
use crate::problem::Problem;

/// Where a page may be framed: nowhere.
pub const NO_FRAMES: &str = "'none'";

/// A microphone for calls; nothing else that a browser guards.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), payment=(), usb=(), microphone=(self), autoplay=(self)";

/// What `npm run build` left in `web/dist`. A debug build reads it from the disk at each request.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Client;

/// Whether there is a web client at all; only a debug build can be without.
#[must_use]
pub fn is_built() -> bool {
    Client::get("index.html").is_some()
}

/// A page of the client, `index.html` or `embed.html`. `frame_ancestors` are the sources of the CSP directive of this name.
#[must_use]
pub fn page(name: &str, frame_ancestors: &str) -> Response {
    page_with(name, frame_ancestors, "", &HeaderMap::new())
}

/// [`page`], compressed and left out as the request allows. `connect` are further sources that it may connect to.
#[must_use]
pub fn page_with(name: &str, frame_ancestors: &str, connect: &str, request: &HeaderMap) -> Response {
    let Some(mut answer) = file(name, request) else {
        return front::plain();
    };
    let space = if connect.is_empty() { "" } else { " " };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; \
         connect-src 'self'{space}{connect}; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {frame_ancestors}"
    );
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS));
    match HeaderValue::try_from(policy) {
        Ok(policy) => {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
            answer
        }
        Err(_) => Problem::not_found().into_response(),
    }
}

/// A file that never changes under its name, for the build puts a hash of what is in it into the name.
#[must_use]
pub fn asset(name: &str, request: &HeaderMap) -> Response {
    lasting(&format!("assets/{name}"), request, "public, max-age=31536000, immutable")
}

/// A file that may change under its name.
#[must_use]
pub fn changing(name: &str, request: &HeaderMap) -> Response {
    lasting(name, request, "public, max-age=300")
}

fn lasting(name: &str, request: &HeaderMap, caching: &'static str) -> Response {
    match file(name, request) {
        Some(mut answer) => {
            answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(caching));
            answer
        }
        None => Problem::not_found().into_response(),
    }
}

fn file(name: &str, request: &HeaderMap) -> Option<Response> {
    let kind = kind(name)?;
    let (file, encoding) = smallest(name, request)?;
    let tag = tag(&file);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    let known = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|tags| tags.split(',')).any(|one| one.trim() == tag);
    headers.insert(ETAG, HeaderValue::try_from(tag).ok()?);
    if is_known {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Some((headers, file.data.into_owned()).into_response())
}

/// The file, or what the build made of it by brotli or gzip where the browser takes that.
fn smallest(name: &str, request: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = request
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for (ending, encoding) in [("br", "br"), ("gz", "gzip")] {
        let takes = accepted.split(',').any(|one| {
            let mut words = one.split(';').map(str::trim);
            words.next() == Some(encoding) && !words.any(|quality| quality == "q=0")
        });
        if let Some(file) = takes.then(|| Client::get(&format!("{name}.{ending}"))).flatten() {
            return Some((file, Some(encoding)));
        }
    }
    Client::get(name).map(|file| (file, None))
}

/// A name for what is in the file: the first half of its SHA-256.
fn tag(file: &EmbeddedFile) -> String {
    let half: String = file
        .metadata
        .sha256_hash()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{half}\"")
}

/// The media type by the name's ending. What has none here is not served.
fn kind(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}
