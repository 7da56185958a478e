//! The requests that came to the imitated REST interface, for tests that compare them with Twilio's public description.

use std::collections::VecDeque;
use std::fmt;

use axum::http::{HeaderMap, Method, Uri};

use crate::twilio::form::{Form, lossy};

const MOST: usize = 10_000;

/// One request.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The HTTP method.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The fields of the query.
    pub query: Vec<(String, String)>,
    /// The fields of the body.
    pub form: Vec<(String, String)>,
    /// The names of the headers, lower case.
    pub headers: Vec<String>,
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "RecordedRequest({} with {} fields)",
            self.method,
            self.query.len() + self.form.len()
        )
    }
}

#[derive(Default)]
pub(super) struct Requests(VecDeque<RecordedRequest>);

impl Requests {
    pub(super) fn record(&mut self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Form) {
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(RecordedRequest {
            method: method.to_string(),
            path: uri.path().to_owned(),
            query: texts(&Form::decode(uri.query().unwrap_or_default().as_bytes())),
            form: texts(body),
            headers: headers.keys().map(|name| name.as_str().to_owned()).collect(),
        });
    }

    pub(super) fn all(&self) -> Vec<RecordedRequest> {
        self.0.iter().cloned().collect()
    }
}

fn texts(form: &Form) -> Vec<(String, String)> {
    form.pairs().map(|(name, value)| (lossy(name), lossy(value))).collect()
}
