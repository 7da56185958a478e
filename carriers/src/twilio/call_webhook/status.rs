//! How far a leg got. Statuses come twice and in any order; `core::calls` takes only what leads on.

use std::time::Duration;

use casewire_core::calls::CarrierStatus;
use casewire_core::time::Timestamp;

use super::{leg, number, other_leg, sequence};
use crate::calls::LegId;
use crate::twilio::form::Form;
use crate::twilio::webhook::{FromSigned, WebhookRefusal};
use crate::twilio::words::callback_date;

/// How far a leg got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegStatus {
    /// Twilio's id of the leg.
    pub leg: LegId,
    /// The account it belongs to.
    pub account: String,
    /// The leg that dialled it, if one did.
    pub parent: Option<LegId>,
    /// How far it got.
    pub status: CarrierStatus,
    /// Its place among the leg's callbacks, from 0.
    pub sequence: u32,
    /// When it was so, to the second.
    pub at: Option<Timestamp>,
    /// Why the network ended it (RFC 3261, 21), where it says so.
    pub sip_response: Option<u16>,
    /// Our id of the leg, from the callback's address.
    pub label: Option<String>,
}

impl LegStatus {
    /// The same for each delivery of the same status.
    #[must_use]
    pub fn dedupe_key(&self) -> String {
        format!("{}/{}", self.leg, self.sequence)
    }
}

impl FromSigned for LegStatus {
    fn read(account: String, fields: &Form, own: &Form) -> Result<Self, WebhookRefusal> {
        let talked = number(fields, "CallDuration").map(Duration::from_secs);
        let status = CarrierStatus::of_word(&fields.text("CallStatus").unwrap_or_default(), talked);
        Ok(Self {
            leg: leg(fields)?,
            account,
            parent: other_leg(fields, "ParentCallSid"),
            status: status.map_err(|_| WebhookRefusal::Malformed { field: "CallStatus" })?,
            sequence: sequence(fields)?,
            at: fields.text("Timestamp").as_deref().and_then(callback_date),
            sip_response: number(fields, "SipResponseCode"),
            label: super::label(own),
        })
    }
}
