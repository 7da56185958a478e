//! Somebody who asks the server: by token, by cookie or as a stranger; and what they are answered.
#![expect(clippy::panic, reason = "tests fail by panicking")]

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode};
use casewire::api::Service;
use casewire_core::id::UserId;
use serde_json::Value;
use tower::ServiceExt as _;

/// Asks the real router, without a socket between.
#[derive(Clone)]
pub struct Client {
    service: Service,
    bearer: Option<String>,
    headers: Vec<(&'static str, String)>,
    pub user: Option<UserId>,
}

impl Client {
    pub fn stranger(service: Service) -> Self {
        Self {
            service,
            bearer: None,
            headers: Vec::new(),
            user: None,
        }
    }

    pub fn by_token(service: Service, user: UserId, token: &str) -> Self {
        Self {
            service,
            bearer: Some(token.to_owned()),
            headers: Vec::new(),
            user: Some(user),
        }
    }

    /// The same, sending a header with every request.
    pub fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.headers.push((name, value.into()));
        client
    }

    /// The token, for a socket.
    pub fn token(&self) -> &str {
        self.bearer.as_deref().unwrap_or_default()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body.to_string().into())).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body.to_string().into())).await
    }

    /// Any request; a body is sent as JSON unless a header says otherwise.
    pub async fn send(&self, method: Method, path: &str, body: Option<Bytes>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.bearer {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() && !self.headers.iter().any(|(name, _)| *name == CONTENT_TYPE.as_str()) {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let peer = ConnectInfo(SocketAddr::from((Ipv4Addr::new(198, 51, 100, 7), 50_000)));
        let body = body.map_or_else(Body::empty, Body::from);
        let Ok(request) = request.extension(peer).body(body) else {
            panic!("the test made no request");
        };
        let answer = match self.service.clone().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let (parts, body) = answer.into_parts();
        let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
            panic!("the answer broke off");
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
            asked: path.to_owned(),
        }
    }
}

/// What the server answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    asked: String,
}

impl Answer {
    /// The JSON of an answer that says yes.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} said {}: {}", self.asked, self.status, self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The JSON of any answer.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} did not answer JSON: {}", self.asked, self.text()))
    }

    /// The code of an answer that says no, after a look at its form.
    #[track_caller]
    pub fn code(&self) -> String {
        assert!(!self.status.is_success(), "{} said {}", self.asked, self.status);
        let problem = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem.get("status").and_then(Value::as_u64), Some(u64::from(self.status.as_u16())));
        assert_eq!(problem.get("request_id").and_then(Value::as_str), Some(self.header("x-request-id")));
        problem.get("code").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// A header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
