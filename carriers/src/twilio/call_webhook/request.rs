//! Twilio asks what a leg shall do: somebody calls, a connection is over, a message is taken. The answer is a document of
//! [`crate::twilio::twiml`]. What a browser sends along are hints: it could write anything.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use casewire_core::calls::CarrierStatus;
use casewire_core::phone::{Address, E164};

use super::{filled, leg, number, other_leg};
use crate::calls::{LegId, RecordingId};
use crate::twilio::form::{Form, lossy};
use crate::twilio::webhook::{FromSigned, WebhookRefusal};
use crate::twilio::words::is_sid;

/// Somebody calls. The same call may be asked about more than once: its leg tells.
#[derive(Clone, PartialEq, Eq)]
pub struct VoiceRequest {
    /// Twilio's id of the leg.
    pub leg: LegId,
    /// The account it came to.
    pub account: String,
    /// Who calls, and whom.
    pub caller: Caller,
}

/// Who calls, and whom.
#[derive(Clone, PartialEq, Eq)]
pub enum Caller {
    /// A phone calls a number.
    Outside {
        /// Who calls; not always a number.
        from: Address,
        /// The number that is called.
        to: E164,
        /// Who passed the call on.
        forwarded_from: Option<Address>,
        /// How far the network vouches for the caller's number, such as `TN-Validation-Passed-A`.
        attestation: Option<String>,
    },
    /// A browser dials through an application.
    Client {
        /// Its name, as its access token says.
        identity: String,
        /// The application, `AP…`.
        application: String,
        /// What the browser sent along, and what its token adds. Never to be believed for what somebody may do.
        hints: BTreeMap<String, String>,
    },
}

impl fmt::Debug for VoiceRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.caller {
            Caller::Outside { .. } => "outside",
            Caller::Client { .. } => "client",
        };
        f.debug_struct("VoiceRequest")
            .field("leg", &self.leg)
            .field("caller", &kind)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside { .. } => f.write_str("Outside(..)"),
            Self::Client { identity, .. } => write!(f, "Client({identity})"),
        }
    }
}

impl VoiceRequest {
    /// The same for each delivery of the same call.
    #[must_use]
    pub fn dedupe_key(&self) -> String {
        self.leg.to_string()
    }
}

impl FromSigned for VoiceRequest {
    fn read(account: String, fields: &Form, _own: &Form) -> Result<Self, WebhookRefusal> {
        if fields.text("Direction").as_deref() != Some("inbound") {
            return Err(WebhookRefusal::Malformed { field: "Direction" });
        }
        let from = filled(fields, "From").ok_or(WebhookRefusal::Malformed { field: "From" })?;
        let caller = match from.strip_prefix("client:") {
            Some(identity) => Caller::Client {
                identity: identity.to_owned(),
                application: filled(fields, "ApplicationSid")
                    .filter(|sid| is_sid("AP", sid))
                    .ok_or(WebhookRefusal::Malformed { field: "ApplicationSid" })?,
                hints: hints(fields),
            },
            None => Caller::Outside {
                from: Address::read(&from),
                to: fields
                    .text("To")
                    .and_then(|to| E164::parse(&to).ok())
                    .ok_or(WebhookRefusal::Malformed { field: "To" })?,
                forwarded_from: filled(fields, "ForwardedFrom").as_deref().map(Address::read),
                attestation: filled(fields, "StirVerstat"),
            },
        };
        Ok(Self {
            leg: leg(fields)?,
            account,
            caller,
        })
    }
}

/// All that is not Twilio's own. `To` is a hint too: a browser may send one.
fn hints(fields: &Form) -> BTreeMap<String, String> {
    const OWN: [&str; 16] = [
        "CallSid",
        "AccountSid",
        "ApplicationSid",
        "From",
        "Caller",
        "Called",
        "CallStatus",
        "ApiVersion",
        "Direction",
        "CallToken",
        "CallerName",
        "ParentCallSid",
        "ForwardedFrom",
        "StirVerstat",
        "StirPassportToken",
        "CallerCountry",
    ];
    fields
        .pairs()
        .map(|(name, value)| (lossy(name), lossy(value)))
        .filter(|(name, _)| !OWN.contains(&name.as_str()))
        .collect()
}

/// A leg's connection is over, and Twilio asks what it shall do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialEnded {
    /// The leg that dialled.
    pub leg: LegId,
    /// The account.
    pub account: String,
    /// How it ended; in progress (`answered`) after a conference.
    pub outcome: CarrierStatus,
    /// The leg that was dialled; none after a conference.
    pub dialled: Option<LegId>,
    /// How the leg that dialled stands: whether there is still somebody to answer to.
    pub caller: CarrierStatus,
    /// Our id in the address.
    pub label: Option<String>,
}

impl DialEnded {
    /// The same for each delivery of the same end.
    #[must_use]
    pub fn dedupe_key(&self) -> String {
        let dialled = self.dialled.as_ref().map_or("-", LegId::as_str);
        format!("{}/dial/{dialled}", self.leg)
    }
}

impl FromSigned for DialEnded {
    fn read(account: String, fields: &Form, own: &Form) -> Result<Self, WebhookRefusal> {
        let talked = number(fields, "DialCallDuration").map(Duration::from_secs);
        let word = |field: &'static str, talked| {
            let word = fields.text(field).unwrap_or_default();
            CarrierStatus::of_word(&word, talked).map_err(|_| WebhookRefusal::Malformed { field })
        };
        Ok(Self {
            leg: leg(fields)?,
            account,
            outcome: word("DialCallStatus", talked)?,
            dialled: other_leg(fields, "DialCallSid"),
            caller: word("CallStatus", None)?,
            label: super::label(own),
        })
    }
}

/// A message was taken (`Record`), and Twilio asks what the leg shall do next.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageTaken {
    /// The leg that spoke.
    pub leg: LegId,
    /// The account.
    pub account: String,
    /// The recording, where Twilio names it.
    pub recording: Option<RecordingId>,
    /// How long it is.
    pub length: Duration,
    /// What ended it: a key, or `hangup`.
    pub ended_by: Option<String>,
    /// Our id in the address.
    pub label: Option<String>,
}

impl fmt::Debug for MessageTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageTaken")
            .field("leg", &self.leg)
            .field("recording", &self.recording)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl MessageTaken {
    /// The same for each delivery of the same message.
    #[must_use]
    pub fn dedupe_key(&self) -> String {
        let recording = self.recording.as_ref().map_or("-", RecordingId::as_str);
        format!("{}/message/{recording}", self.leg)
    }
}

impl FromSigned for MessageTaken {
    fn read(account: String, fields: &Form, own: &Form) -> Result<Self, WebhookRefusal> {
        // The address of the recording ends with its id; the field of its own is not promised.
        let address = fields.text("RecordingUrl").unwrap_or_default();
        let last = address
            .rsplit('/')
            .next()
            .and_then(|last| last.split('.').next())
            .unwrap_or_default();
        let named = fields.text("RecordingSid").unwrap_or_else(|| last.to_owned());
        Ok(Self {
            leg: leg(fields)?,
            account,
            recording: is_sid("RE", &named).then(|| RecordingId::from(named.as_str())),
            length: number(fields, "RecordingDuration")
                .map(Duration::from_secs)
                .ok_or(WebhookRefusal::Malformed {
                    field: "RecordingDuration",
                })?,
            ended_by: filled(fields, "Digits"),
            label: super::label(own),
        })
    }
}
