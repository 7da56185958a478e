//! Twilio as a [`Carrier`](crate::carrier::Carrier): which account, by which credentials, at which address. The requests are in
//! [`client`](self), the hand-over of a text in `send`, questions in `ask`, webhooks in [`webhook`], signatures in [`signature`].
//! As a [`VoiceCarrier`](crate::calls::VoiceCarrier): orders and questions in `calls`, the browsers' tokens in [`token`], what a leg
//! does next in [`twiml`], webhooks in [`call_webhook`].

mod ask;
pub mod call_webhook;
mod calls;
mod client;
pub mod form;
pub mod media;
mod public;
mod send;
pub mod signature;
pub mod token;
pub mod twiml;
pub mod webhook;
mod wire;
pub(crate) mod words;

use std::time::Duration;

use futures_util::future::BoxFuture;

use self::client::Client;
use self::media::{MediaStream, NoMedia};
pub use self::send::CALLBACK_OVERRIDES;
use self::send::callback;
pub use self::signature::Secret;
use self::webhook::Media;
use crate::carrier::{
    AccountStanding, Carrier, CarrierError, CarrierNumber, CarrierText, HandOver, OutboundText, Page, ProviderId, TextQuery,
};

/// Twilio's own address for its REST interface.
pub const BASE: &str = "https://api.twilio.com";

/// How to reach one Twilio account.
#[derive(Debug, Clone)]
pub struct TwilioConfig {
    /// The account, `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// How we identify ourselves.
    pub credentials: Credentials,
    /// Scheme, host and port of the REST interface: [`BASE`], or the sandbox's.
    pub base: String,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long an answer may take, connection included.
    pub answer_timeout: Duration,
}

/// What Twilio takes as a proof of who we are.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// The account's own token.
    AuthToken(Secret),
    /// A key that can be revoked by itself; better than the token.
    ApiKey {
        /// The key's id, `SK…`.
        sid: String,
        /// Its secret.
        secret: Secret,
    },
}

impl TwilioConfig {
    /// A configuration with the usual address and timeouts.
    #[must_use]
    pub fn new(account_sid: &str, credentials: Credentials) -> Self {
        Self {
            account_sid: account_sid.to_owned(),
            credentials,
            base: BASE.to_owned(),
            connect_timeout: Duration::from_secs(5),
            answer_timeout: Duration::from_secs(20),
        }
    }
}

/// Why there can be no adapter with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TwilioConfigError {
    /// The account is not of Twilio's form.
    #[error("a Twilio account is AC and 32 hexadecimal digits")]
    AccountSid,
    /// The base address is not one.
    #[error("the carrier's address is http:// or https://, a host and perhaps a port")]
    Base,
    /// No HTTP client can be made, such as without any trusted certificates.
    #[error("no HTTPS client can be made: {0}")]
    Client(String),
}

/// One Twilio account.
#[derive(Debug)]
pub struct Twilio {
    client: Client,
}

impl Twilio {
    /// An adapter for one account. Connects to nothing yet.
    ///
    /// # Errors
    /// [`TwilioConfigError`] where the configuration cannot work.
    pub fn new(config: &TwilioConfig) -> Result<Self, TwilioConfigError> {
        if !words::is_sid("AC", &config.account_sid) {
            return Err(TwilioConfigError::AccountSid);
        }
        Ok(Self {
            client: Client::new(config)?,
        })
    }
}

impl Carrier for Twilio {
    fn name(&self) -> &'static str {
        "twilio"
    }

    fn send_text(&self, text: OutboundText) -> BoxFuture<'_, HandOver> {
        Box::pin(async move { send::text(&self.client, &text).await })
    }

    fn text<'a>(&'a self, provider_id: &'a ProviderId) -> BoxFuture<'a, Result<CarrierText, CarrierError>> {
        Box::pin(ask::text(&self.client, provider_id))
    }

    fn media<'a>(&'a self, provider_id: &'a ProviderId) -> BoxFuture<'a, Result<Vec<Media>, CarrierError>> {
        Box::pin(ask::media(&self.client, provider_id))
    }

    fn open_media<'a>(&'a self, address: &'a str) -> BoxFuture<'a, Result<MediaStream, NoMedia>> {
        Box::pin(media::open(&self.client, address))
    }

    fn texts(&self, query: TextQuery) -> BoxFuture<'_, Result<Page<CarrierText>, CarrierError>> {
        Box::pin(async move { ask::texts(&self.client, &query).await })
    }

    fn check_credentials(&self) -> BoxFuture<'_, Result<AccountStanding, CarrierError>> {
        Box::pin(ask::account(&self.client))
    }

    fn numbers(&self) -> BoxFuture<'_, Result<Vec<CarrierNumber>, CarrierError>> {
        Box::pin(ask::numbers(&self.client))
    }
}
