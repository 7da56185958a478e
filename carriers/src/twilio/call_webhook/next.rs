//! A leg that was sent on asks what it does next, and what is played in a conference is fetched. Neither tells anything that was not
//! known, so both may be asked any number of times.

use casewire_core::calls::CarrierStatus;

use super::leg;
use crate::calls::LegId;
use crate::twilio::form::Form;
use crate::twilio::webhook::{FromSigned, WebhookRefusal};

/// A leg asks what it does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextAsked {
    /// The leg.
    pub leg: LegId,
    /// The account.
    pub account: String,
    /// How it stands: one that is over asks for nobody.
    pub status: CarrierStatus,
    /// Our id in the address.
    pub label: Option<String>,
}

impl FromSigned for NextAsked {
    fn read(account: String, fields: &Form, own: &Form) -> Result<Self, WebhookRefusal> {
        let status = CarrierStatus::of_word(&fields.text("CallStatus").unwrap_or_default(), None);
        Ok(Self {
            leg: leg(fields)?,
            account,
            status: status.map_err(|_| WebhookRefusal::Malformed { field: "CallStatus" })?,
            label: super::label(own),
        })
    }
}

/// What is to be played in a conference is fetched. Which fields come along is not promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundAsked {
    /// The account.
    pub account: String,
    /// Our id in the address.
    pub label: Option<String>,
}

impl FromSigned for SoundAsked {
    fn read(account: String, _fields: &Form, own: &Form) -> Result<Self, WebhookRefusal> {
        Ok(Self {
            account,
            label: super::label(own),
        })
    }
}
