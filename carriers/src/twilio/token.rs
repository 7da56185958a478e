//! Access tokens with which a browser registers at Twilio's voice service: a JSON Web Token signed with an API key (HS256), made
//! by hand. Source: twilio.com/docs/iam/access-tokens and twilio-python 9.13.0; checked against that library in the tests.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casewire_core::time::Timestamp;
use hmac::{Hmac, Mac};
use serde::{Serialize, Serializer};
use sha2::Sha256;

use super::signature::Secret;
use super::words::is_sid;

/// The longest that Twilio lets a token live.
pub const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);
/// The longest identity that Twilio takes.
const LONGEST_IDENTITY: usize = 121;

/// Who signs tokens, and for which account.
#[derive(Debug, Clone)]
pub struct TokenKey {
    /// The account, `AC…`.
    pub account_sid: String,
    /// The API key, `SK…`; the account's own token cannot sign.
    pub key_sid: String,
    /// Its secret.
    pub secret: Secret,
}

/// What a browser may do with its token. It cannot do more, whatever it sends.
#[derive(Clone, PartialEq, Eq)]
pub struct VoiceGrant {
    /// The browser's name: letters, digits, `_`. Calls to `client:<identity>` ring there.
    pub identity: String,
    /// Whether it can be rung.
    pub incoming: Incoming,
    /// Through which application it may call, if it may.
    pub outgoing: Option<Outgoing>,
    /// Twilio's region, where it is not the United States (`ie1`, `au1`).
    pub region: Option<String>,
}

impl fmt::Debug for VoiceGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VoiceGrant")
            .field("identity", &self.identity)
            .field("incoming", &self.incoming)
            .finish_non_exhaustive()
    }
}

/// Whether a browser can be rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incoming {
    /// It can.
    Allowed,
    /// It cannot.
    Refused,
}

/// The application that answers what a browser dials.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The TwiML application, `AP…`.
    pub application_sid: String,
    /// Fields that its webhook gets with each call; unlike what the browser sends, these are signed by us.
    pub params: Vec<(String, String)>,
}

/// Why there can be no such token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The account is not of Twilio's form.
    #[error("a Twilio account is AC and 32 hexadecimal digits")]
    AccountSid,
    /// The key is not of Twilio's form.
    #[error("a Twilio API key is SK and 32 hexadecimal digits")]
    KeySid,
    /// The application is not of Twilio's form.
    #[error("a TwiML application is AP and 32 hexadecimal digits")]
    ApplicationSid,
    /// The identity has characters that Twilio refuses, or too many.
    #[error("an identity has 1 to 121 letters, digits and _")]
    Identity,
    /// It would live too long, or not at all.
    #[error("a token lives from a second to 24 hours")]
    Life,
    /// The secret signs nothing.
    #[error("the API key's secret is empty")]
    Secret,
}

/// A token that is valid from `now` for `life`.
///
/// # Errors
/// [`TokenError`], where Twilio would refuse it.
pub fn access_token(key: &TokenKey, grant: &VoiceGrant, now: Timestamp, life: Duration) -> Result<String, TokenError> {
    check(key, grant, life)?;
    let issued_at = now.as_micros().div_euclid(1_000_000);
    let claims = Claims {
        jti: format!("{}-{issued_at}", key.key_sid),
        grants: Grants {
            voice: Voice {
                incoming: (grant.incoming == Incoming::Allowed).then_some(Allow { allow: true }),
                outgoing: grant.outgoing.as_ref().map(|outgoing| Application {
                    application_sid: &outgoing.application_sid,
                    params: Params(&outgoing.params),
                }),
            },
            identity: &grant.identity,
        },
        iss: &key.key_sid,
        exp: issued_at.saturating_add_unsigned(life.as_secs()),
        nbf: issued_at,
        sub: &key.account_sid,
    };
    let header = Header {
        alg: "HS256",
        cty: "twilio-fpa;v=1",
        twr: grant.region.as_deref(),
        typ: "JWT",
    };
    signed(&key.secret, &header, &claims).ok_or(TokenError::Secret)
}

fn check(key: &TokenKey, grant: &VoiceGrant, life: Duration) -> Result<(), TokenError> {
    let named = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_sid("AC", &key.account_sid) {
        Err(TokenError::AccountSid)
    } else if !is_sid("SK", &key.key_sid) {
        Err(TokenError::KeySid)
    } else if key.secret.bytes().is_empty() {
        Err(TokenError::Secret)
    } else if grant
        .outgoing
        .as_ref()
        .is_some_and(|outgoing| !is_sid("AP", &outgoing.application_sid))
    {
        Err(TokenError::ApplicationSid)
    } else if grant.identity.is_empty() || grant.identity.len() > LONGEST_IDENTITY || !named(&grant.identity) {
        Err(TokenError::Identity)
    } else if life.as_secs() == 0 || life > LONGEST_LIFE {
        Err(TokenError::Life)
    } else {
        Ok(())
    }
}

fn signed(secret: &Secret, header: &Header<'_>, claims: &Claims<'_>) -> Option<String> {
    let part = |json: Vec<u8>| URL_SAFE_NO_PAD.encode(json);
    let content = format!(
        "{}.{}",
        part(serde_json::to_vec(header).ok()?),
        part(serde_json::to_vec(claims).ok()?)
    );
    let mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).ok()?;
    let signature = mac.chain_update(content.as_bytes()).finalize().into_bytes();
    Some(format!("{content}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    cty: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    twr: Option<&'a str>,
    typ: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    jti: String,
    grants: Grants<'a>,
    iss: &'a str,
    exp: i64,
    nbf: i64,
    sub: &'a str,
}

#[derive(Serialize)]
struct Grants<'a> {
    voice: Voice<'a>,
    identity: &'a str,
}

#[derive(Serialize)]
struct Voice<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    incoming: Option<Allow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outgoing: Option<Application<'a>>,
}

#[derive(Serialize)]
struct Allow {
    allow: bool,
}

#[derive(Serialize)]
struct Application<'a> {
    application_sid: &'a str,
    #[serde(skip_serializing_if = "Params::is_empty")]
    params: Params<'a>,
}

struct Params<'a>(&'a [(String, String)]);

impl Params<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Params<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
