//! Whoever carries texts for a firm: the [`carrier::Carrier`] trait that speaks intents, Twilio's adapter with its webhooks and
//! signatures, and the sandbox that imitates Twilio on a loopback port. Knows no database and no cases.
//! Read on in [`carrier`], then [`twilio`], then [`sandbox`].

pub mod carrier;
pub mod sandbox;
pub mod tls;
pub mod twilio;
