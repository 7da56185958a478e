//! The configuration file as it is written, with its defaults, before it is checked. Every key here is documented in
//! `casewire.example.toml`; a test compares the two.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::voice::Voice;
use super::{JobTimes, RateLimits, SessionLimits};

const DAY: u64 = 24 * 3600;

/// Idle 7 days, absolute 30 days.
pub(super) const SESSION_LIMITS: SessionLimits = SessionLimits {
    idle: Duration::from_secs(7 * DAY),
    absolute: Duration::from_secs(30 * DAY),
};

/// Ten tries for one e-mail, fifty for one address, in five minutes.
pub(super) const RATE_LIMITS: RateLimits = RateLimits {
    sign_in_tries: 10,
    sign_in_tries_per_address: 50,
    sign_in_window: Duration::from_secs(300),
};

/// A minute for a job and two until it is taken up by another; a comparison every five; a person is asked after ten.
pub(super) const JOB_TIMES: JobTimes = JobTimes {
    timeout: Duration::from_secs(60),
    lease: Duration::from_secs(120),
    reconcile_every: Duration::from_secs(300),
    silence: Duration::from_secs(120),
    patience: Duration::from_secs(600),
};

/// Beside the database, where that has its usual name.
pub(super) const STORAGE_FOLDER: &str = "casewire-files";

/// How long a stop waits.
pub(super) const DRAIN: Duration = Duration::from_secs(20);

/// A number in the file, or digits in a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number(pub(super) u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u64),
            Text(String),
        }
        let not_one = || D::Error::custom("expected a whole number");
        match Written::deserialize(deserializer).map_err(|_| not_one())? {
            Written::Number(number) => Ok(Self(number)),
            Written::Text(text) => text.trim().parse().map(Self).map_err(|_| not_one()),
        }
    }
}

/// A flag in the file, or a word in a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Flag(bool),
            Text(String),
        }
        let not_one = || D::Error::custom("expected true or false");
        match Written::deserialize(deserializer).map_err(|_| not_one())? {
            Written::Flag(flag) => Ok(Self(flag)),
            Written::Text(text) => text.trim().parse().map(Self).map_err(|_| not_one()),
        }
    }
}

/// A list in the file, or addresses with commas between in a variable.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub(super) enum Addresses {
    #[default]
    None,
    List(Vec<String>),
    Text(String),
}

impl Addresses {
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::None => Vec::new(),
            Self::List(list) => list.iter().map(String::as_str).collect(),
            Self::Text(text) => text.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect(),
        }
    }
}

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) listen: Option<String>,
    pub(super) metrics_listen: Option<String>,
    pub(super) public_address: Option<String>,
    pub(super) trusted_proxies: Addresses,
    pub(super) drain_seconds: Option<Number>,
    pub(super) database: Database,
    pub(super) twilio: BTreeMap<String, Twilio>,
    pub(super) audit: Audit,
    pub(super) exports: Exports,
    pub(super) cookies: Cookies,
    pub(super) sessions: Sessions,
    pub(super) rate_limits: Rates,
    pub(super) jobs: Jobs,
    pub(super) voice: Voice,
    pub(super) storage: Storage,
    pub(super) log: Log,
}

/// `[database]`
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Database {
    pub(super) address: Option<String>,
    pub(super) address_file: Option<String>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database(..)")
    }
}

/// `[twilio.<name>]`
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Twilio {
    pub(super) account_sid: Option<String>,
    pub(super) auth_token: Option<String>,
    pub(super) auth_token_file: Option<String>,
    pub(super) secondary_auth_token: Option<String>,
    pub(super) secondary_auth_token_file: Option<String>,
    pub(super) api_key_sid: Option<String>,
    pub(super) api_key_secret: Option<String>,
    pub(super) api_key_secret_file: Option<String>,
    pub(super) voice_application_sid: Option<String>,
    pub(super) delete_recordings: Option<Flag>,
    pub(super) base: Option<String>,
}

impl std::fmt::Debug for Twilio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Twilio(..)")
    }
}

/// `[audit]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Audit {
    pub(super) key_file: Option<String>,
}

/// `[exports]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Exports {
    pub(super) folder: Option<String>,
}

/// `[cookies]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Cookies {
    pub(super) secure: Option<String>,
}

/// `[sessions]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sessions {
    pub(super) idle_days: Option<Number>,
    pub(super) absolute_days: Option<Number>,
}

/// `[rate_limits]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rates {
    pub(super) sign_in_tries: Option<Number>,
    pub(super) sign_in_tries_per_address: Option<Number>,
    pub(super) sign_in_window_seconds: Option<Number>,
}

/// `[jobs]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Jobs {
    pub(super) timeout_seconds: Option<Number>,
    pub(super) lease_seconds: Option<Number>,
    pub(super) reconcile_every_seconds: Option<Number>,
    pub(super) silence_seconds: Option<Number>,
    pub(super) unknown_outcome_seconds: Option<Number>,
}

/// `[storage]`
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Storage {
    pub(super) folder: Option<String>,
    pub(super) bucket: Option<String>,
    pub(super) endpoint: Option<String>,
    pub(super) region: Option<String>,
    pub(super) access_key_id: Option<String>,
    pub(super) secret_access_key: Option<String>,
    pub(super) secret_access_key_file: Option<String>,
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Storage(..)")
    }
}

/// `[log]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Log {
    pub(super) format: Option<String>,
    pub(super) level: Option<String>,
}
