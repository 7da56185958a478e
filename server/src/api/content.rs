//! How a content is sent: in one piece or the range that was asked for, never as something that a browser runs. Pictures that cannot run
//! anything are shown, everything else is saved to a file; a sandbox without rights is around both, whatever the content says it is.

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use casewire_core::documents::{ContentHash, is_safe_picture};
use casewire_core::id::OrganizationId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::problem::{Problem, ProblemCode};
use crate::state::App;
use crate::storage::StorageError;

/// What stands as it is in `filename*` (RFC 8187, attr-char).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A content to be sent.
pub struct Sent<'s> {
    /// Whose.
    pub organization: OrganizationId,
    /// Which.
    pub hash: ContentHash,
    /// Its size.
    pub size: u64,
    /// What it is.
    pub content_type: &'s str,
    /// The name of the file.
    pub name: &'s str,
    /// Who reads it.
    pub reader: Reader,
}

/// Who reads a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A browser, which is not told of types that it might run.
    Browser,
    /// A carrier, which takes what it is told is a type of its list.
    Carrier,
}

/// What a request asks for.
enum Part {
    All,
    Some(Range<u64>),
    None,
}

/// Whether the asker has this content already.
#[must_use]
pub fn is_known(headers: &HeaderMap, hash: ContentHash) -> bool {
    let tag = tag(hash);
    let text = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    text.is_some_and(|text| text.split(',').any(|one| one.trim() == tag))
}

/// The answer to a request for a content.
///
/// # Errors
/// `range_not_satisfiable`, `storage_unavailable`.
pub async fn send(app: &App, headers: &HeaderMap, sent: Sent<'_>) -> Result<Response, Problem> {
    if is_known(headers, sent.hash) {
        return Ok(with_headers(StatusCode::NOT_MODIFIED, Body::empty(), &sent));
    }
    let (status, range) = match asked(headers, sent.size) {
        Part::All => (StatusCode::OK, 0..sent.size),
        Part::Some(range) => (StatusCode::PARTIAL_CONTENT, range),
        Part::None => return Err(Problem::of(ProblemCode::RangeNotSatisfiable)),
    };
    let (length, whole) = (range.end.saturating_sub(range.start), sent.size);
    let content_range = format!("bytes {}-{}/{whole}", range.start, range.end.saturating_sub(1));
    let contents = app.storage.open(sent.organization, sent.hash, range).await.map_err(away)?;
    let mut response = with_headers(status, Body::from_stream(contents), &sent);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(value) = HeaderValue::from_str(&content_range)
    {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    Ok(response)
}

/// What the storage's errors are to the asker.
pub fn away(error: StorageError) -> Problem {
    match error {
        StorageError::Full => Problem::of(ProblemCode::StorageFull),
        StorageError::Missing | StorageError::Unavailable(_) => {
            tracing::error!(%error, "the storage of documents cannot be used");
            Problem::of(ProblemCode::StorageUnavailable)
        }
    }
}

fn tag(hash: ContentHash) -> String {
    format!("\"{hash}\"")
}

fn with_headers(status: StatusCode, body: Body, sent: &Sent<'_>) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let is_shown = is_safe_picture(sent.content_type);
    let way = if is_shown { "inline" } else { "attachment" };
    let encoded = utf8_percent_encode(sent.name, PLAIN);
    let disposition = format!("{way}; filename=\"{}\"; filename*=UTF-8''{encoded}", ascii(sent.name));
    let content_type = if sent.reader == Reader::Browser && is_text(sent.content_type) {
        "application/octet-stream"
    } else {
        sent.content_type
    };
    let all = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox; frame-ancestors 'none'",
        ),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::ETAG, &tag(sent.hash)),
    ];
    for (name, value) in all {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Whatever a browser might read as a page, a script or a style goes without a type.
fn is_text(content_type: &str) -> bool {
    content_type.starts_with("text/") || content_type.contains("xml") || content_type.contains("html")
}

/// The name for those who read no other alphabet.
fn ascii(name: &str) -> String {
    name.chars()
        .map(|char| {
            if char.is_ascii_graphic() && !matches!(char, '"' | '\\' | '%') || char == ' ' {
                char
            } else {
                '_'
            }
        })
        .collect()
}

/// One range of bytes (RFC 9110, 14); several at once are answered with everything, as the RFC allows.
fn asked(headers: &HeaderMap, size: u64) -> Part {
    let Some(range) = headers.get(header::RANGE).and_then(|value| value.to_str().ok()) else {
        return Part::All;
    };
    let Some((from, to)) = range.strip_prefix("bytes=").and_then(|one| one.split_once('-')) else {
        return Part::All;
    };
    let (start, end) = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.saturating_add(1).min(size)),
        (Ok(from), Err(_)) if to.trim().is_empty() => (from, size),
        (Err(_), Ok(last)) if from.trim().is_empty() => (size.saturating_sub(last), size),
        _ => return Part::All,
    };
    if start < end { Part::Some(start..end) } else { Part::None }
}
