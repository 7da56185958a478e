//! The public addresses that Twilio is given for the calls of one organization, and the paths behind them.

use casewire_carriers::twilio::webhook::PublicAddress;
use casewire_core::id::{CallLegId, CallOrderId, OrganizationId};
use casewire_core::settings::calls::Announcement;

/// Where Twilio asks what an inbound call, or a browser that dials, shall do.
pub const VOICE: &str = "/webhooks/twilio/calls/voice";
/// Where a leg asks what it does next.
pub const NEXT: &str = "/webhooks/twilio/calls/next";
/// Where the states of legs are told.
pub const LEG: &str = "/webhooks/twilio/calls/leg";
/// Where the events of conferences are told.
pub const CONFERENCE: &str = "/webhooks/twilio/calls/conference";
/// Where the states of recordings are told.
pub const RECORDING: &str = "/webhooks/twilio/calls/recording";
/// Where it is told that a message was taken.
pub const MESSAGE: &str = "/webhooks/twilio/calls/message";
/// Where what is played in a conference is fetched.
pub const SOUND: &str = "/webhooks/twilio/calls/sound";
/// What a caller hears until somebody takes the call.
pub const RINGING: &str = "/webhooks/twilio/calls/ringing.wav";
/// What is heard before a call is recorded, where nothing is said.
pub const TONE: &str = "/webhooks/twilio/calls/tone.wav";

/// The addresses of an organization.
#[derive(Debug, Clone, Copy)]
pub struct Addresses<'a> {
    /// Our public address.
    pub public: &'a PublicAddress,
    /// Whose calls.
    pub organization: OrganizationId,
}

impl Addresses<'_> {
    fn of(&self, path: &str) -> String {
        self.public.url(&format!("{path}?o={}", self.organization))
    }

    /// For the states of legs; the carrier adds which.
    #[must_use]
    pub fn leg(&self) -> String {
        self.of(LEG)
    }

    /// For the events of a conference.
    #[must_use]
    pub fn conference(&self) -> String {
        self.of(CONFERENCE)
    }

    /// For the states of recordings; the carrier adds which.
    #[must_use]
    pub fn recording(&self) -> String {
        self.of(RECORDING)
    }

    /// For what a leg does next.
    #[must_use]
    pub fn next(&self, leg: CallLegId) -> String {
        format!("{}&l={leg}", self.of(NEXT))
    }

    /// For a message that was taken.
    #[must_use]
    pub fn message(&self, leg: CallLegId) -> String {
        format!("{}&l={leg}", self.of(MESSAGE))
    }

    /// For what is said before a call is recorded.
    #[must_use]
    pub fn announcement(&self, announcement: Announcement) -> String {
        format!("{}&l={}", self.of(SOUND), announcement_word(announcement))
    }

    /// For the tones of keys that were ordered.
    #[must_use]
    pub fn keys(&self, order: CallOrderId) -> String {
        format!("{}&l={order}", self.of(SOUND))
    }

    /// What a caller hears until somebody takes the call.
    #[must_use]
    pub fn ringing(&self) -> String {
        self.public.url(RINGING)
    }

    /// The tone before a recording.
    #[must_use]
    pub fn tone(&self) -> String {
        self.public.url(TONE)
    }
}

/// The word for an announcement in an address.
#[must_use]
pub const fn announcement_word(announcement: Announcement) -> &'static str {
    match announcement {
        Announcement::Spoken => "spoken",
        Announcement::Tone => "tone",
    }
}
