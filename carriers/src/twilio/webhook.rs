//! What Twilio tells us: inbound texts and states of outbound ones. [`verify_as`] is the only place that makes a [`Verified`]; it
//! takes the public address from configuration, never from a request's headers. Fields: twilio.com/docs/messaging/guides/webhook-request.

use std::collections::BTreeMap;
use std::fmt;

use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::messaging::opt_out::Keyword;
use casewire_core::phone::{Address, E164};
use casewire_core::time::Timestamp;

use super::form::{Form, lossy};
use super::signature::{Algorithm, Content, Secret, is_signed};
use super::words;
use crate::carrier::ProviderId;

/// The header with the signature.
pub const SIGNATURE: &str = "x-twilio-signature";
/// The header that names the key and the algorithm where a shared key signs.
pub const SIGNATURE_SETTINGS: &str = "x-twilio-webhooks-signature-settings";

/// Something whose signature was checked. Made by [`verify_as`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// What was signed.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.0
    }

    /// What was signed, given away.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// The keys that may sign for one account.
#[derive(Debug, Clone)]
pub struct AccountKeys {
    /// The account, `AC…`.
    pub account_sid: String,
    /// The primary auth token, and beside it the secondary one while the tokens are being rotated.
    pub auth_tokens: Vec<Secret>,
    /// Shared keys that sign by `HMAC_SHA256`.
    pub shared_keys: Vec<SharedKey>,
}

/// A key of its own for webhooks.
#[derive(Debug, Clone)]
pub struct SharedKey {
    /// Its id, `webhooks_sharedkey_…`.
    pub id: String,
    /// Its secret.
    pub secret: Secret,
}

/// The scheme, host and port by which the carrier reaches us, from configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress(Box<str>);

/// A public address that carriers cannot call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a public address is http:// or https://, a host and perhaps a port, without path, query or user name")]
pub struct PublicAddressError;

impl PublicAddress {
    /// Reads an address such as `https://hub.example.org` or `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// [`PublicAddressError`] where there is more or less than scheme, host and port.
    pub fn parse(text: &str) -> Result<Self, PublicAddressError> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let (scheme, authority) = text.split_once("://").ok_or(PublicAddressError)?;
        let plain = !authority.is_empty() && !authority.contains(['/', '?', '#', '@', ' ', '\\']);
        if plain && matches!(scheme, "http" | "https") && reqwest::Url::parse(text).is_ok() {
            Ok(Self(text.into()))
        } else {
            Err(PublicAddressError)
        }
    }

    /// The full public address of a path, with its query if it has one.
    #[must_use]
    pub fn url(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.0)
    }
}

/// A request as it came in, before anything is believed.
#[derive(Clone, Copy)]
pub struct WebhookRequest<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// Path and query as they stand in the request line, not decoded.
    pub path_and_query: &'a str,
    /// The header `content-type`.
    pub content_type: Option<&'a str>,
    /// The header [`SIGNATURE`].
    pub signature: Option<&'a str>,
    /// The header [`SIGNATURE_SETTINGS`].
    pub signature_settings: Option<&'a str>,
    /// The body as it came.
    pub body: &'a [u8],
}

impl fmt::Debug for WebhookRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookRequest({} with {} bytes)", self.method, self.body.len())
    }
}

/// Why a webhook is not believed or not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefusal {
    /// There is no signature.
    #[error("the webhook is not signed")]
    Unsigned,
    /// The signature is not one of the account's keys for this address and these fields.
    #[error("the webhook's signature is wrong")]
    BadSignature,
    /// It is of an account that is not ours.
    #[error("the webhook is of an account that is not configured here")]
    ForeignAccount,
    /// It is signed, but a field is missing or makes no sense.
    #[error("the webhook's field {field} is missing or makes no sense")]
    Malformed {
        /// The field.
        field: &'static str,
    },
}

/// What a webhook says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Webhook {
    /// Somebody wrote to a number.
    InboundText(InboundText),
    /// A text of ours got on.
    TextStatus(TextStatus),
}

/// A text that somebody sent to a number. The same text may come any number of times: `provider_id` tells.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundText {
    /// Twilio's id of the text.
    pub provider_id: ProviderId,
    /// The account it came to.
    pub account: String,
    /// Who sent it; not always a number.
    pub from: Address,
    /// The number it was sent to.
    pub to: E164,
    /// What it says; bytes that are no UTF-8 stand as U+FFFD.
    pub body: String,
    /// What is attached.
    pub media: Vec<Media>,
    /// How many segments it took, where the carrier says so.
    pub segments: Option<u32>,
    /// The word that Twilio itself acted on; only with Advanced Opt-Out.
    pub keyword: Option<Keyword>,
    /// All other fields, for new ones appear without notice.
    pub extra: BTreeMap<String, String>,
}

impl fmt::Debug for InboundText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundText")
            .field("provider_id", &self.provider_id)
            .field("media", &self.media.len())
            .field("keyword", &self.keyword)
            .finish_non_exhaustive()
    }
}

/// Something attached to a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    /// Where the carrier keeps it; needs our credentials.
    pub url: String,
    /// What it is, such as `image/jpeg`; empty where the carrier does not say.
    pub content_type: String,
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Media({})", self.content_type)
    }
}

/// How far a text of ours got. States may come twice and in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextStatus {
    /// Twilio's id of the text.
    pub provider_id: ProviderId,
    /// The account it went from.
    pub account: String,
    /// Where it is now.
    pub state: DeliveryState,
    /// Twilio's code of what went wrong.
    pub error_code: Option<u32>,
    /// Our id of the part, from the callback's address.
    pub part: Option<String>,
    /// When the network says that it was done, to the minute; most say nothing.
    pub done_at: Option<Timestamp>,
}

/// Something that a signed request can be read as. Each address of ours expects one kind: what kind a request is must never be
/// taken from its fields, for a browser that dials chooses some of them.
pub trait FromSigned: Sized {
    /// Reads the signed fields; `own` are those that we put into the address ourselves.
    ///
    /// # Errors
    /// [`WebhookRefusal::Malformed`] where a field is missing or makes no sense.
    fn read(account: String, fields: &Form, own: &Form) -> Result<Self, WebhookRefusal>;
}

/// Checks the signature against the keys of the account that the request names, then reads what it says.
///
/// # Errors
/// [`WebhookRefusal`]; nothing of the content is looked at before the signature but the account.
pub fn verify(public: &PublicAddress, accounts: &[AccountKeys], request: &WebhookRequest<'_>) -> Result<Verified<Webhook>, WebhookRefusal> {
    verify_as(public, accounts, request)
}

/// The same for a kind of webhook that the address says.
///
/// # Errors
/// [`WebhookRefusal`]; nothing of the content is looked at before the signature but the account.
pub fn verify_as<T: FromSigned>(
    public: &PublicAddress,
    accounts: &[AccountKeys],
    request: &WebhookRequest<'_>,
) -> Result<Verified<T>, WebhookRefusal> {
    let signature = request
        .signature
        .filter(|signature| !signature.is_empty())
        .ok_or(WebhookRefusal::Unsigned)?;
    let (fields, content) = fields(request);
    let content = match content {
        Covered::Fields => Content::Form(&fields),
        Covered::Body => Content::Raw(request.body),
        Covered::Address => Content::Nothing,
    };
    let account = fields.text("AccountSid").ok_or(WebhookRefusal::Malformed { field: "AccountSid" })?;
    let keys = accounts
        .iter()
        .find(|keys| keys.account_sid == account)
        .ok_or(WebhookRefusal::ForeignAccount)?;
    let (algorithm, secrets) = keys.for_settings(request.signature_settings).ok_or(WebhookRefusal::BadSignature)?;
    let url = public.url(request.path_and_query);
    if !secrets
        .into_iter()
        .any(|secret| is_signed(secret, algorithm, &url, content, signature))
    {
        return Err(WebhookRefusal::BadSignature);
    }
    T::read(account, &fields, &Form::decode(query(request.path_and_query).as_bytes())).map(Verified)
}

impl AccountKeys {
    /// The algorithm that the settings header names, and the keys that may sign by it; none for an algorithm we do not know.
    fn for_settings(&self, header: Option<&str>) -> Option<(Algorithm, Vec<&Secret>)> {
        let setting = |name: &str| {
            let mut settings = header.unwrap_or_default().split(',').filter_map(|part| part.split_once('='));
            settings
                .find(|(given, value)| given.trim() == name && !value.trim().is_empty())
                .map(|(_, value)| value.trim())
        };
        match setting("algorithm").map(str::to_ascii_uppercase).as_deref() {
            None | Some("HMAC_SHA1") => Some((Algorithm::HmacSha1, self.auth_tokens.iter().collect())),
            Some("HMAC_SHA256") => {
                let named = self.shared_keys.iter().filter(|key| setting("key").is_none_or(|id| id == key.id));
                Some((Algorithm::HmacSha256, named.map(|key| &key.secret).collect()))
            }
            Some(_) => None,
        }
    }
}

/// What the signature has to cover.
enum Covered {
    Fields,
    Body,
    Address,
}

fn fields(request: &WebhookRequest<'_>) -> (Form, Covered) {
    let media_type = request
        .content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    if request.method.eq_ignore_ascii_case("GET") {
        (Form::decode(query(request.path_and_query).as_bytes()), Covered::Address)
    } else if media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        (Form::decode(request.body), Covered::Fields)
    } else {
        (json_fields(request.body), Covered::Body)
    }
}

/// The fields of a JSON body that are plain values, as a form would have them.
fn json_fields(body: &[u8]) -> Form {
    let mut form = Form::default();
    if let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(body) {
        for (name, value) in &object {
            match value {
                serde_json::Value::String(text) => form.push(name, text),
                serde_json::Value::Number(number) => form.push(name, number.to_string()),
                serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Array(_) | serde_json::Value::Object(_) => {}
            }
        }
    }
    form
}

fn query(path_and_query: &str) -> &str {
    path_and_query.split_once('?').map_or("", |(_, query)| query)
}

impl FromSigned for Webhook {
    fn read(account: String, fields: &Form, own: &Form) -> Result<Self, WebhookRefusal> {
        let sids = ["MessageSid", "SmsMessageSid", "SmsSid"];
        let sid = sids
            .into_iter()
            .find_map(|name| fields.text(name))
            .filter(|sid| words::is_message_sid(sid));
        let provider_id = ProviderId::from(sid.ok_or(WebhookRefusal::Malformed { field: "MessageSid" })?.as_str());
        match fields.text("MessageStatus") {
            Some(status) => {
                let part = own.text("m").filter(|part| !part.is_empty());
                read_status(provider_id, account, &status, fields, part).map(Self::TextStatus)
            }
            None => read_inbound(provider_id, account, fields).map(Self::InboundText),
        }
    }
}

fn read_status(
    provider_id: ProviderId,
    account: String,
    status: &str,
    fields: &Form,
    part: Option<String>,
) -> Result<TextStatus, WebhookRefusal> {
    Ok(TextStatus {
        provider_id,
        account,
        state: words::delivery_state(status).ok_or(WebhookRefusal::Malformed { field: "MessageStatus" })?,
        error_code: fields.text("ErrorCode").and_then(|code| code.parse().ok()),
        part,
        done_at: fields.text("RawDlrDoneDate").as_deref().and_then(words::raw_dlr_date),
    })
}

fn read_inbound(provider_id: ProviderId, account: String, fields: &Form) -> Result<InboundText, WebhookRefusal> {
    let from = fields
        .text("From")
        .filter(|from| !from.is_empty())
        .ok_or(WebhookRefusal::Malformed { field: "From" })?;
    let to = fields
        .text("To")
        .and_then(|to| E164::parse(&to).ok())
        .ok_or(WebhookRefusal::Malformed { field: "To" })?;
    let media: Vec<Media> = (0_usize..)
        .map_while(|index| {
            let url = fields.text(&format!("MediaUrl{index}"))?;
            Some(Media {
                url,
                content_type: fields.text(&format!("MediaContentType{index}")).unwrap_or_default(),
            })
        })
        .collect();
    let known = |name: &str| {
        let numbered = name.strip_prefix("MediaUrl").or_else(|| name.strip_prefix("MediaContentType"));
        let taken = numbered
            .and_then(|digits| digits.parse::<usize>().ok())
            .is_some_and(|index| index < media.len());
        taken || READ.contains(&name)
    };
    let extra = fields
        .pairs()
        .map(|(name, value)| (lossy(name), lossy(value)))
        .filter(|(name, _)| !known(name))
        .collect();
    Ok(InboundText {
        provider_id,
        account,
        from: Address::read(&from),
        to,
        body: fields.text("Body").unwrap_or_default(),
        segments: fields.text("NumSegments").and_then(|count| count.parse().ok()),
        keyword: fields.text("OptOutType").as_deref().and_then(words::opt_out_type),
        media,
        extra,
    })
}

/// The fields that an inbound text has places for; all others are kept as `extra`.
const READ: [&str; 11] = [
    "MessageSid",
    "SmsMessageSid",
    "SmsSid",
    "AccountSid",
    "From",
    "To",
    "Body",
    "NumMedia",
    "NumSegments",
    "OptOutType",
    "ApiVersion",
];
