//! The intents that the hub has towards any carrier, and the outcomes it must be ready for. An outcome that nobody knows is
//! a value here, not an error. No carrier's field names; nothing here prints a number or a text.

use std::fmt;
use std::time::Duration;

use casewire_core::messaging::delivery::{self, DeliveryState};
use casewire_core::phone::{Address, E164};
use casewire_core::time::Timestamp;
use futures_util::future::BoxFuture;

use crate::twilio::media::{MediaStream, NoMedia};
use crate::twilio::webhook::Media;

/// Carries texts. Held as `Arc<dyn Carrier>`.
pub trait Carrier: Send + Sync + 'static {
    /// The carrier's name, for logs and for people.
    fn name(&self) -> &'static str;

    /// Hands one text over, at most once: it is never repeated in here.
    fn send_text(&self, text: OutboundText) -> BoxFuture<'_, HandOver>;

    /// What the carrier knows of one text, in or out.
    fn text<'a>(&'a self, provider_id: &'a ProviderId) -> BoxFuture<'a, Result<CarrierText, CarrierError>>;

    /// What is attached to a text.
    fn media<'a>(&'a self, provider_id: &'a ProviderId) -> BoxFuture<'a, Result<Vec<Media>, CarrierError>>;

    /// Opens what is attached to a text, by the address that the carrier gave.
    fn open_media<'a>(&'a self, address: &'a str) -> BoxFuture<'a, Result<MediaStream, NoMedia>>;

    /// The texts that the carrier has, newest first, a page at a time.
    fn texts(&self, query: TextQuery) -> BoxFuture<'_, Result<Page<CarrierText>, CarrierError>>;

    /// Whether the carrier takes our credentials, and what it says of the account.
    fn check_credentials(&self) -> BoxFuture<'_, Result<AccountStanding, CarrierError>>;

    /// All numbers of the account, each with the address that inbound texts are sent to.
    fn numbers(&self) -> BoxFuture<'_, Result<Vec<CarrierNumber>, CarrierError>>;
}

/// The carrier's own id of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderId(Box<str>);

impl ProviderId {
    /// The id in the carrier's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ProviderId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One text to be handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboundText {
    /// The firm's number.
    pub from: E164,
    /// The number of the person.
    pub to: E164,
    /// What is said; may be empty where there is media.
    pub body: String,
    /// Addresses from which the carrier fetches what is attached.
    pub media: Vec<String>,
    /// Our id of this part. Comes back in every status callback, so that an unknown outcome can be settled.
    pub part: String,
    /// The full public address for status callbacks, without our id.
    pub status_callback: String,
}

impl fmt::Debug for OutboundText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboundText")
            .field("part", &self.part)
            .field("media", &self.media.len())
            .finish_non_exhaustive()
    }
}

/// How a hand-over ended, in all the detail that there is. What follows for the state of a part is decided by
/// [`delivery::HandOver`], which this becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandOver {
    /// The carrier has it.
    Accepted {
        /// The carrier's id of the text.
        provider_id: ProviderId,
        /// Its first state.
        state: DeliveryState,
    },
    /// The carrier said no: nothing was created.
    Refused(Refusal),
    /// Nothing reached the carrier: nothing was created, and it may be tried again after a while.
    NotSent,
    /// Nobody knows whether the carrier created it. Never to be repeated without finding out.
    Unknown(Doubt),
}

impl From<&HandOver> for delivery::HandOver {
    fn from(outcome: &HandOver) -> Self {
        match outcome {
            HandOver::Accepted { provider_id, .. } => Self::Accepted {
                provider_id: provider_id.as_str().into(),
            },
            HandOver::Refused(Refusal {
                code, retry: Retry::Never, ..
            }) => Self::Refused {
                code: *code,
                refusal: delivery::Refusal::Final,
            },
            HandOver::Refused(Refusal {
                code,
                retry: Retry::After(_),
                ..
            }) => Self::Refused {
                code: *code,
                refusal: delivery::Refusal::Passing,
            },
            HandOver::NotSent => Self::Refused {
                code: None,
                refusal: delivery::Refusal::Passing,
            },
            HandOver::Unknown(_) => Self::Unknown,
        }
    }
}

/// Why an outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// No answer in time.
    TimedOut,
    /// The connection broke after the request was on its way.
    Broken,
    /// The carrier answered with a failure of its own (5xx).
    CarrierFailed {
        /// The status of the answer.
        status: u16,
    },
    /// The answer could not be understood.
    Nonsense,
}

/// A refusal and what may follow from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The carrier's own code, where it gave one.
    pub code: Option<u32>,
    /// What it means.
    pub reason: RefusedReason,
    /// Whether trying the same again can help.
    pub retry: Retry,
}

/// What a refusal means to the person who wrote the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedReason {
    /// The receiving number does not exist.
    InvalidNumber,
    /// The receiver has opted out of texts from this number.
    OptedOut,
    /// The sending number is not the account's, or cannot send texts.
    SenderNotCapable,
    /// The receiving number cannot get texts.
    ReceiverNotCapable,
    /// The receiving number is a landline.
    Landline,
    /// The account may not send to that country.
    RegionOff,
    /// The text is too long for one hand-over.
    TooLong,
    /// There is nothing to send: no body and no media.
    Empty,
    /// The carrier does not take our credentials, or has suspended the account.
    Unauthorized,
    /// Too many requests; this one was never processed.
    RateLimited,
    /// The sending number's queue is full.
    QueueFull,
    /// Something else; the code says what.
    Other,
}

/// Whether the same hand-over may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It would be refused again.
    Never,
    /// After this time.
    After(Duration),
}

/// Which way a text went, seen from the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the firm.
    Inbound,
    /// From the firm.
    Outbound,
}

/// A text as the carrier has it.
#[derive(Clone, PartialEq, Eq)]
pub struct CarrierText {
    /// The carrier's id.
    pub provider_id: ProviderId,
    /// Which way it went.
    pub direction: Direction,
    /// Who sent it; short codes and names are possible for inbound ones.
    pub from: Address,
    /// Who gets it.
    pub to: Address,
    /// What it says.
    pub body: String,
    /// How many things are attached.
    pub media_count: u32,
    /// How many segments it took, where known.
    pub segments: Option<u32>,
    /// How far an outbound one got; none for inbound ones and for states that we do not know.
    pub state: Option<DeliveryState>,
    /// The carrier's code of what went wrong.
    pub error_code: Option<u32>,
    /// When the carrier created it.
    pub created_at: Timestamp,
    /// When the carrier sent or received it; none while it waits.
    pub sent_at: Option<Timestamp>,
}

impl fmt::Debug for CarrierText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CarrierText")
            .field("provider_id", &self.provider_id)
            .field("direction", &self.direction)
            .field("state", &self.state)
            .field("error_code", &self.error_code)
            .finish_non_exhaustive()
    }
}

/// Which texts to list. An empty query lists all of the account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextQuery {
    /// Only those to this number.
    pub to: Option<E164>,
    /// Only those from this number.
    pub from: Option<E164>,
    /// Only those sent at this time or later. Leaves out those that wait to be sent.
    pub sent_after: Option<Timestamp>,
    /// Only those sent at this time or earlier. Leaves out those that wait to be sent.
    pub sent_before: Option<Timestamp>,
    /// Only those that went this way.
    pub direction: Option<Direction>,
    /// Where to go on. Carries its own filters: `to`, `from` and the times are not looked at beside it.
    pub page: Option<PageToken>,
}

/// Where a listing goes on; the carrier's own words, not to be taken apart.
#[derive(Clone, PartialEq, Eq)]
pub struct PageToken(pub(crate) String);

impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageToken(..)")
    }
}

/// A page of a listing. It may be empty and still have a next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where it goes on; none at the end.
    pub next: Option<PageToken>,
}

/// What the carrier says of our account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStanding {
    /// The carrier's id of the account.
    pub account: String,
    /// Whether it works.
    pub status: AccountStatus,
}

/// Whether an account works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    /// It works.
    Active,
    /// The carrier has suspended it.
    Suspended,
    /// It was closed.
    Closed,
    /// A state that we do not know.
    Other,
}

/// A number of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierNumber {
    /// The number.
    pub number: E164,
    /// Where the carrier sends inbound texts; empty where nothing is set.
    pub text_webhook: String,
    /// The HTTP method it uses for that.
    pub text_webhook_method: String,
    /// Where the carrier asks what to do with inbound calls; empty where nothing is set.
    pub voice_webhook: String,
    /// Where the carrier tells that an inbound call is over; empty where nothing is set.
    pub call_status_webhook: String,
    /// Whether the number can send and get texts; none where the carrier does not say.
    pub texts: Option<bool>,
    /// Whether the number can call and be called; none where the carrier does not say.
    pub calls: Option<bool>,
}

/// Why a question to the carrier has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// The carrier does not know it.
    #[error("the carrier does not know it")]
    NotFound,
    /// The carrier does not take our credentials.
    #[error("the carrier does not take our credentials")]
    Unauthorized,
    /// Too many requests.
    #[error("the carrier asks us to slow down")]
    RateLimited {
        /// How long to wait.
        after: Duration,
    },
    /// The carrier refused the question.
    #[error("the carrier refused the request with status {status}, code {code:?}")]
    Refused {
        /// The status of the answer.
        status: u16,
        /// The carrier's own code, where it gave one.
        code: Option<u32>,
    },
    /// No connection to the carrier.
    #[error("there is no connection to the carrier")]
    Unreachable,
    /// No answer in time.
    #[error("the carrier did not answer in time")]
    TimedOut,
    /// The carrier answered with a failure of its own.
    #[error("the carrier failed with status {status}")]
    Failed {
        /// The status of the answer.
        status: u16,
    },
    /// The answer could not be understood.
    #[error("the carrier's answer makes no sense: {what}")]
    Nonsense {
        /// What is wrong with it.
        what: &'static str,
    },
}
