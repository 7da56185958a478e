//! HTTP towards Twilio: one request, one answer, never a second try. Says whether a failed request can have reached the
//! carrier. Follows no redirects and keeps no body of a request or an answer in an error.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, Url, header, redirect};

use super::public::{PublicNames, is_public};
use super::{Credentials, TwilioConfig, TwilioConfigError};
use crate::tls;

/// A page of a thousand texts with some kilobytes each fits in.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// Requests to one account.
#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    /// For where the carrier sends us on to: connects to public addresses alone.
    outside: reqwest::Client,
    base: String,
    account_sid: String,
    credentials: Credentials,
}

/// An answer that was read to its end.
pub(super) struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

/// The start of an answer that is too large to be kept.
pub(super) enum Opened {
    /// It comes from the carrier.
    Here(Response),
    /// It stands at another address.
    Elsewhere(Url),
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// There was no connection: nothing was sent.
    NotConnected,
    /// The time was over when the request may have been sent.
    TimedOut,
    /// The connection broke when the request may have been sent, or the answer never ended.
    Broken,
    /// The carrier sends us to where we do not go: nothing was sent.
    NotAllowed,
}

impl Client {
    #[expect(clippy::disallowed_methods, reason = "the one client towards Twilio")]
    pub(super) fn new(config: &TwilioConfig) -> Result<Self, TwilioConfigError> {
        let base = config.base.trim_end_matches('/');
        let url = Url::parse(base).map_err(|_| TwilioConfigError::Base)?;
        let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if !matches!(url.scheme(), "http" | "https") || !plain {
            return Err(TwilioConfigError::Base);
        }
        tls::install();
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("casewire/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                .retry(reqwest::retry::never())
                .no_proxy()
                .connect_timeout(config.connect_timeout)
                .timeout(config.answer_timeout)
        };
        let failed = |error: reqwest::Error| TwilioConfigError::Client(error.to_string());
        Ok(Self {
            http: builder().build().map_err(failed)?,
            outside: builder().dns_resolver(Arc::new(PublicNames)).build().map_err(failed)?,
            base: base.to_owned(),
            account_sid: config.account_sid.clone(),
            credentials: config.credentials.clone(),
        })
    }

    /// A path below our account, such as `/Messages.json`.
    pub(super) fn path(&self, below: &str) -> String {
        format!("/2010-04-01/Accounts/{}{below}", self.account_sid)
    }

    /// The full address of a path.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(super) fn account_sid(&self) -> &str {
        &self.account_sid
    }

    pub(super) async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Answer, NoAnswer> {
        answer(self.request(Method::GET, path).query(query)).await
    }

    pub(super) async fn post(&self, path: &str, form: &[(&str, String)]) -> Result<Answer, NoAnswer> {
        answer(self.request(Method::POST, path).form(form)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<Answer, NoAnswer> {
        answer(self.request(Method::DELETE, path)).await
    }

    /// Starts to read what may be large, for at most that long.
    pub(super) async fn open(&self, path: &str, query: &[(&str, String)], longest: Duration) -> Result<Opened, NoAnswer> {
        opened(self.request(Method::GET, path).query(query).timeout(longest)).await
    }

    /// The same at the address where the carrier says that it stands: without our credentials, at the carrier itself or by HTTPS at a
    /// public address.
    pub(super) async fn open_elsewhere(&self, url: &Url, longest: Duration) -> Result<Opened, NoAnswer> {
        let of_carrier = Url::parse(&self.base).is_ok_and(|base| base.origin() == url.origin());
        let is_outside = url.scheme() == "https" && url.username().is_empty() && url.password().is_none() && has_public_host(url);
        let http = match (of_carrier, is_outside) {
            (true, _) => &self.http,
            (false, true) => &self.outside,
            (false, false) => return Err(NoAnswer::NotAllowed),
        };
        opened(http.get(url.clone()).timeout(longest)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let (user, secret) = match &self.credentials {
            Credentials::AuthToken(token) => (&self.account_sid, token),
            Credentials::ApiKey { sid, secret } => (sid, secret),
        };
        self.http
            .request(method, format!("{}{path}", self.base))
            .basic_auth(user, Some(secret.text()))
            .header(header::ACCEPT, "application/json")
    }
}

/// Whether the host is a name, which is looked at when it is resolved, or a public address.
fn has_public_host(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse().map_or(true, is_public)
}

async fn answer(request: RequestBuilder) -> Result<Answer, NoAnswer> {
    let mut response = request.send().await.map_err(|error| why(&error))?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| why(&error))? {
        if body.len().saturating_add(chunk.len()) > ANSWER_LIMIT {
            return Err(NoAnswer::Broken);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status: response.status().as_u16(),
        retry_after: retry_after(&response),
        body,
    })
}

async fn opened(request: RequestBuilder) -> Result<Opened, NoAnswer> {
    let response = request.send().await.map_err(|error| why(&error))?;
    if !response.status().is_redirection() {
        return Ok(Opened::Here(response));
    }
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    let url = location.and_then(|location| response.url().join(location).ok());
    url.map(Opened::Elsewhere).ok_or(NoAnswer::Broken)
}

fn why(error: &reqwest::Error) -> NoAnswer {
    if error.is_connect() || error.is_builder() {
        NoAnswer::NotConnected
    } else if error.is_timeout() {
        NoAnswer::TimedOut
    } else {
        NoAnswer::Broken
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let seconds: u64 = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(3600)))
}
