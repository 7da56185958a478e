//! Where carriers enter: each of their requests is checked by its signature against the configured public address, before
//! anything it says is believed. Answers only after what it brought is committed, so that what is acknowledged is kept; whatever
//! fails before is delivered again by the carrier, and found by reconciliation at the latest.

pub mod media;
pub mod trunk;
pub mod twilio;
pub mod twilio_calls;

use casewire_carriers::twilio::webhook::InboundText;

/// A text as a database can hold it: the character U+0000, which no phone shows and PostgreSQL refuses, stands as U+FFFD.
#[must_use]
pub fn storable(mut text: InboundText) -> InboundText {
    let without_nul = |text: &mut String| {
        if text.contains('\0') {
            *text = text.replace('\0', "\u{fffd}");
        }
    };
    without_nul(&mut text.body);
    for media in &mut text.media {
        without_nul(&mut media.url);
        without_nul(&mut media.content_type);
    }
    text.from = storable_address(text.from);
    text
}

/// The same for a sender alone.
#[expect(clippy::disallowed_methods, reason = "a sender that is no number is kept as it is named")]
pub(crate) fn storable_address(address: casewire_core::phone::Address) -> casewire_core::phone::Address {
    let text = address.expose();
    if text.contains('\0') {
        casewire_core::phone::Address::read(&text.replace('\0', "\u{fffd}"))
    } else {
        address
    }
}
