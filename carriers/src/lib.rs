//! Whoever carries texts and calls for a firm: the traits [`carrier::Carrier`] and [`calls::VoiceCarrier`] that speak intents,
//! Twilio's adapter with its webhooks and signatures, the [`trunk`] of a server that carries its calls itself, and the sandbox, which
//! imitates Twilio on a loopback port and is the trunk's far end. Knows no database and no cases. Read on in [`carrier`], [`calls`],
//! then [`twilio`], then [`sandbox`].

pub mod calls;
pub mod carrier;
pub mod sandbox;
pub mod tls;
pub mod trunk;
pub mod twilio;
