//! All integration tests of the carriers: vectors and properties of signatures, the adapter against the running sandbox, the
//! sandbox against Twilio's public description and Twilio's own library.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    clippy::disallowed_methods,
    reason = "tests fail by panicking"
)]

mod adapter;
mod call_webhooks;
mod calling;
mod description;
mod faults;
mod handsets;
mod inbound;
mod inbound_calls;
mod listing;
mod peer;
mod scene;
mod signature;
mod tokens;
mod trunk;
mod twiml;
mod webhook;
