//! How a request is read: [`Body`], [`Query`] and [`Path`], each with its problem. Refuses unknown fields by name, wrong types
//! by path, and never repeats a value. An id of the wrong shape in a path names nothing: 404. Lists: [`Listing`].

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, ProblemCode};

/// The address of the request as it came in, before a trailing slash was taken off: what a carrier signed. In the extensions
/// of every request.
#[derive(Debug, Clone)]
pub struct ReceivedUri(pub Uri);

/// A JSON body. Put `#[serde(deny_unknown_fields)]` on `T`.
#[derive(Debug, Clone, Copy)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::of(ProblemCode::UnsupportedMediaType));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unreadable)?;
        read_json(&bytes).map(Self)
    }
}

/// The query of the address. Put `#[serde(deny_unknown_fields)]` on `T`.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        serde_urlencoded::from_str(parts.uri.query().unwrap_or_default())
            .map(Self)
            .map_err(|error| Problem::new(ProblemCode::InvalidQuery, in_words("query parameter", "", &error.to_string())))
    }
}

/// The variable pieces of the path. What does not have the shape of its type names nothing: 404.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::not_found()),
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Listing<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Listing<T> {
    /// A list that fits on one page.
    #[must_use]
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// Whether a body says of itself that it is JSON.
#[must_use]
pub fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Reads JSON and says in words what is wrong with it.
///
/// # Errors
/// `invalid_json`, `unknown_field` or `invalid_field`.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| unfit(&error))?;
    json.end()
        .map_err(|_| Problem::new(ProblemCode::InvalidJson, "Something follows the end of the JSON value."))?;
    Ok(value)
}

fn unfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let (path, inner) = (error.path().to_string(), error.inner());
    if !inner.is_data() {
        let at = format!("The body is not JSON at line {}, column {}.", inner.line(), inner.column());
        return Problem::new(ProblemCode::InvalidJson, at);
    }
    let message = inner.to_string();
    let path = if path == "." { String::new() } else { path };
    let detail = in_words("field", &path, &message);
    let Some(name) = quoted_after(&message, "unknown field `") else {
        let field = quoted_after(&message, "missing field `").map_or_else(|| path.clone(), str::to_owned);
        return Problem::new(ProblemCode::InvalidField, detail).with("field", field);
    };
    Problem::new(ProblemCode::UnknownField, detail).with("field", name)
}

/// What serde said, without the value that it repeats.
fn in_words(what: &str, path: &str, message: &str) -> String {
    if let Some(name) = quoted_after(message, "unknown field `") {
        return format!("The {what} `{name}` is not known here.");
    }
    if let Some(name) = quoted_after(message, "missing field `") {
        return format!("The {what} `{name}` is missing.");
    }
    let subject = if path.is_empty() {
        format!("A {what}")
    } else {
        format!("The {what} `{path}`")
    };
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => {
            let expected = expected.split(" at line ").next().unwrap_or_default();
            format!("{subject} cannot be taken: expected {expected}.")
        }
        None => format!("{subject} cannot be taken: it does not have the right form."),
    }
}

fn quoted_after<'m>(message: &'m str, opening: &str) -> Option<&'m str> {
    message.strip_prefix(opening)?.split('`').next()
}

fn unreadable(rejection: BytesRejection) -> Problem {
    if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Problem::of(ProblemCode::BodyTooLarge)
    } else {
        Problem::new(ProblemCode::InvalidJson, "The body could not be read to its end.")
    }
}

impl<T: DeserializeOwned, S: Send + Sync> axum::extract::OptionalFromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        let is_empty = !request.headers().contains_key(CONTENT_TYPE)
            && axum::body::HttpBody::size_hint(request.body())
                .exact()
                .is_some_and(|bytes| bytes == 0);
        if is_empty {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}
