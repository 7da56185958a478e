//! The one mapping of everything that can go wrong to `application/problem+json` (RFC 9457) with a stable `code`. Refuses to
//! carry a value of the request, a number or a name that the asker did not send. The codes: `casewire_core::problem`.

use std::fmt;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casewire_core::access::Denied;
pub use casewire_core::problem::ProblemCode;
use casewire_store::{StoreError, Unavailable};
use serde::Serialize;
use serde_json::{Map, Value, json};

tokio::task_local! {
    /// The id of the request that the current task answers.
    pub static REQUEST_ID: Box<str>;
}

/// An answer that says no, and why.
#[derive(Clone)]
pub struct Problem {
    code: ProblemCode,
    detail: String,
    members: Map<String, Value>,
    retry_after: Option<Duration>,
}

/// The body of a problem, as the API description shows it. Some codes have further members, such as `claimed_by`.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:casewire:problem:` and the code.
    pub r#type: String,
    /// A sentence for people, the same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What a program may rely on.
    pub code: ProblemCode,
    /// What is wrong this time.
    pub detail: String,
    /// The id of the request, as in the `X-Request-Id` of the answer and in the logs.
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem of that code; the detail is a sentence for the asker.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            members: Map::new(),
            retry_after: None,
        }
    }

    /// A problem that needs no other words than its title.
    #[must_use]
    pub fn of(code: ProblemCode) -> Self {
        Self::new(code, code.title())
    }

    /// It does not exist, or the asker may not know that it does.
    #[must_use]
    pub fn not_found() -> Self {
        Self::of(ProblemCode::NotFound)
    }

    /// A field of the request that cannot be taken; `why` never repeats the value.
    #[must_use]
    pub fn invalid_field(field: &str, why: &str) -> Self {
        Self::new(ProblemCode::InvalidField, format!("The field `{field}` cannot be taken: {why}.")).with("field", field)
    }

    /// Adds a member to the body, such as `claimed_by`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.members
            .insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }

    /// Says when trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The stable word.
    #[must_use]
    pub const fn code(&self) -> ProblemCode {
        self.code
    }

    /// What is wrong this time, for the asker.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn body(self) -> String {
        let request_id = REQUEST_ID.try_with(|id| Value::from(&**id)).unwrap_or(Value::Null);
        let mut members = self.members;
        for (name, value) in [
            ("type", json!(format!("urn:casewire:problem:{}", self.code.as_str()))),
            ("title", json!(self.code.title())),
            ("status", json!(self.code.status())),
            ("code", json!(self.code)),
            ("detail", json!(self.detail)),
            ("request_id", request_id),
        ] {
            members.insert(name.to_owned(), value);
        }
        Value::Object(members).to_string()
    }
}

/// The code alone: details and members may name people.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Problem({})", self.code.as_str())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, code, retry_after) = (self.status(), self.code, self.retry_after);
        let mut response = Response::new(Body::from(self.body()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response.extensions_mut().insert(code);
        response
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::not_found(),
            Denied::Forbidden { needed: (resource, level) } => Self::new(
                ProblemCode::Forbidden,
                format!("This needs {}:{}.", resource.as_str(), level.number()),
            ),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Conflict { constraint } if constraint.as_ref() != "foreign key" => Self::of(ProblemCode::AlreadyExists),
            StoreError::Conflict { .. } => Self::not_found(),
            StoreError::KeyTaken => Self::of(ProblemCode::RequestInProgress).retry_after(Duration::from_secs(1)),
            StoreError::Unavailable(Unavailable::CommitUnknown) => {
                tracing::error!(%error, "the outcome of a commit is unknown");
                Self::of(ProblemCode::OutcomeUnknown)
            }
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "the database is unavailable");
                Self::of(ProblemCode::Unavailable).retry_after(Duration::from_secs(1))
            }
            StoreError::Corrupt { .. }
            | StoreError::Newer { .. }
            | StoreError::Migration(_)
            | StoreError::Address(_)
            | StoreError::Bug { .. } => {
                tracing::error!(%error, "the database answered what it should not");
                Self::of(ProblemCode::Internal)
            }
        }
    }
}
