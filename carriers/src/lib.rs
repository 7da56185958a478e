//! Whoever carries texts and calls for a firm: the traits [`carrier::Carrier`] and [`calls::VoiceCarrier`] that speak intents,
//! Twilio's adapter with its webhooks and signatures, and the sandbox that imitates Twilio on a loopback port. Knows no database
//! and no cases. Read on in [`carrier`], [`calls`], then [`twilio`], then [`sandbox`].

pub mod calls;
pub mod carrier;
pub mod sandbox;
pub mod tls;
pub mod twilio;
