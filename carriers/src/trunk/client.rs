//! One end of the trunk, posting to the other: one request, one answer, never a second try; whoever asks decides that. The same for
//! both ends, which differ in what they post and where.

use std::time::Duration;

use casewire_core::time::Timestamp;
use reqwest::{Url, header, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::signature::{self, SIGNATURE};
use crate::tls;
use crate::twilio::Secret;

/// The other end answers from memory, or after one commit.
const PATIENCE: Duration = Duration::from_secs(10);
/// An answer with a session description fits in.
const ANSWER_LIMIT: usize = 128 * 1024;

/// Why nothing came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrunkFailure {
    /// The address is none, or no client could be built.
    #[error("the trunk's address cannot be used")]
    Address,
    /// The other end cannot be reached, or did not answer in time.
    #[error("the other end of the trunk does not answer")]
    NotReached,
    /// It answered, and refused.
    #[error("the other end of the trunk refused with {0}")]
    Refused(u16),
    /// It answered what cannot be read.
    #[error("the other end of the trunk answered nonsense")]
    Nonsense,
}

/// The way to the other end.
#[derive(Debug, Clone)]
pub struct Trunk {
    http: reqwest::Client,
    url: Url,
    path: &'static str,
    key: Secret,
}

impl Trunk {
    /// The way to `path` below an address of scheme, host and perhaps a port. Connects to nothing yet.
    ///
    /// # Errors
    /// [`TrunkFailure::Address`].
    #[expect(clippy::disallowed_methods, reason = "the one client of the trunk")]
    pub fn to(base: &str, path: &'static str, key: Secret) -> Result<Self, TrunkFailure> {
        let url = Url::parse(base)
            .and_then(|base| base.join(path))
            .map_err(|_| TrunkFailure::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TrunkFailure::Address);
        }
        tls::install();
        let http = reqwest::Client::builder()
            .user_agent(concat!("casewire/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .map_err(|_| TrunkFailure::Address)?;
        Ok(Self { http, url, path, key })
    }

    /// The key that both ends share.
    #[must_use]
    pub const fn key(&self) -> &Secret {
        &self.key
    }

    /// Posts what is answered without a word.
    ///
    /// # Errors
    /// [`TrunkFailure`].
    pub async fn post<T: Serialize + Sync>(&self, content: &T, now: Timestamp) -> Result<(), TrunkFailure> {
        self.send(content, now).await.map(drop)
    }

    /// Posts what is answered with something.
    ///
    /// # Errors
    /// [`TrunkFailure`].
    pub async fn ask<T: Serialize + Sync, A: DeserializeOwned>(&self, content: &T, now: Timestamp) -> Result<A, TrunkFailure> {
        let answer = self.send(content, now).await?;
        serde_json::from_slice(&answer).map_err(|_| TrunkFailure::Nonsense)
    }

    async fn send<T: Serialize + Sync>(&self, content: &T, now: Timestamp) -> Result<Vec<u8>, TrunkFailure> {
        let body = signature::body(content).ok_or(TrunkFailure::Nonsense)?;
        let signed = signature::sign(&self.key, self.path, &body, now).ok_or(TrunkFailure::NotReached)?;
        let request = self
            .http
            .post(self.url.clone())
            .header(SIGNATURE, signed)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        let mut response = request.send().await.map_err(|_| TrunkFailure::NotReached)?;
        if !response.status().is_success() {
            return Err(TrunkFailure::Refused(response.status().as_u16()));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| TrunkFailure::NotReached)? {
            if answer.len().saturating_add(chunk.len()) > ANSWER_LIMIT {
                return Err(TrunkFailure::Nonsense);
            }
            answer.extend_from_slice(&chunk);
        }
        Ok(answer)
    }
}
