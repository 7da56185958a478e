//! The demo: two law firms with their people, cases and a little history, on an embedded database, with the sandbox as their
//! carrier. What is in it: [`firms`] (the data), [`seed`] (how it is stored), [`history`] (old texts and calls),
//! [`host`] (another case system that has the case view in a frame).

pub mod firms;
pub mod history;
pub mod host;
pub mod seed;

/// The password of every user of the demo.
pub const PASSWORD: &str = "casewire-demo";
/// The carrier account of the first firm.
pub const ACCOUNT: &str = "AC0de00000000000000000000000000001";
/// The carrier account of the second firm.
pub const OTHER_ACCOUNT: &str = "AC0de00000000000000000000000000002";
