//! What an operator decides: one TOML file (`casewire.example.toml` documents every key) and `CASEWIRE_…` variables over it. The
//! environment is read here and nowhere else. Refuses unknown keys, and says in words what is wrong and where.

mod file;
mod read;
mod voice;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use casewire_carriers::twilio::webhook::PublicAddress;
use casewire_carriers::twilio::{BASE, Secret};

pub use read::{Origin, read};
pub use voice::{MOST_LEGS, RECORDINGS, TrunkSettings, VoiceSettings};

use crate::storage::StorageSettings;

/// Everything that can be configured, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the API, the webhooks and the web client listen.
    pub listen: SocketAddr,
    /// Where the metrics listen; nowhere if none.
    pub metrics_listen: Option<SocketAddr>,
    /// The address by which the world and the carriers reach this server.
    pub public_address: PublicAddress,
    /// The proxies whose word on where a request comes from is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The database.
    pub database: DatabaseAddress,
    /// The carrier accounts, by the name that the file gives them.
    pub twilio: BTreeMap<String, TwilioAccount>,
    /// Whether cookies are sent over HTTPS alone.
    pub cookies: CookieSecurity,
    /// How long a sign-in lasts.
    pub sessions: SessionLimits,
    /// How often somebody may try.
    pub rate_limits: RateLimits,
    /// The file with the key that signs the audit; made when it is first needed.
    pub audit_key_file: PathBuf,
    /// The folder that exports of cases are made and kept in; shared by all nodes.
    pub exports_folder: PathBuf,
    /// How patient the jobs are.
    pub jobs: JobTimes,
    /// The folder of recordings and voicemails.
    pub recordings: PathBuf,
    /// How this node carries calls by itself, if it does.
    pub voice: Option<VoiceSettings>,
    /// Where the contents of documents lie.
    pub storage: StorageSettings,
    /// What the logs look like.
    pub log: LogSettings,
    /// How long a stop waits for requests and sockets that are under way.
    pub drain: Duration,
}

/// Where the database is: `sqlite:path`, a path or a `postgres://` URL. May hold a password, so it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseAddress(Box<str>);

impl DatabaseAddress {
    /// An address; the store says whether it can be used.
    #[must_use]
    pub fn new(address: &str) -> Self {
        Self(address.into())
    }

    /// The address with all that it holds, to open the store by.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Where the key of the audit is unless it is said: beside the file of the database, or in the folder that the program runs in.
    #[must_use]
    pub fn audit_key_file(&self) -> PathBuf {
        if self.engine() == "SQLite" {
            let path = self.0.strip_prefix("sqlite:").unwrap_or(&self.0);
            PathBuf::from(format!("{}.audit-key", path.trim_start_matches("//")))
        } else {
            PathBuf::from("casewire.audit-key")
        }
    }

    /// Where exports are unless it is said: in the same place.
    #[must_use]
    pub fn exports_folder(&self) -> PathBuf {
        self.audit_key_file().with_extension("exports")
    }

    /// Which engine it names.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        if self.0.starts_with("postgres") && self.0.contains("://") {
            "PostgreSQL"
        } else {
            "SQLite"
        }
    }
}

impl fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(…)", self.engine())
    }
}

/// One account at Twilio.
#[derive(Debug, Clone)]
pub struct TwilioAccount {
    /// `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// Signs webhooks and, without an API key, our requests.
    pub auth_token: Secret,
    /// The second token while tokens are rotated.
    pub secondary_auth_token: Option<Secret>,
    /// A key for our requests that can be revoked by itself.
    pub api_key: Option<(String, Secret)>,
    /// The TwiML application through which browsers call, where the account carries calls.
    pub voice_application_sid: Option<String>,
    /// Whether Twilio forgets a recording once it is here.
    pub deletes_recordings: bool,
    /// Scheme, host and port of the REST interface.
    pub base: String,
}

/// Whether cookies carry `Secure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieSecurity {
    /// Where the public address is HTTPS.
    Auto,
    /// Always.
    Always,
    /// Never: only for trials without HTTPS.
    Never,
}

/// How long a sign-in by password lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Ends this long after it was last used.
    pub idle: Duration,
    /// Ends this long after it began.
    pub absolute: Duration,
}

/// How often somebody may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Sign-ins per address and e-mail in a window.
    pub sign_in_tries: u32,
    /// Sign-ins per address, whatever the e-mail, in a window.
    pub sign_in_tries_per_address: u32,
    /// The window.
    pub sign_in_window: Duration,
}

/// How patient the jobs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobTimes {
    /// How long a job may take.
    pub timeout: Duration,
    /// How long a job is a node's, which may have died since; longer than it may take and its end may take to be written.
    pub lease: Duration,
    /// How often each number is compared with the carrier.
    pub reconcile_every: Duration,
    /// How long nothing may be heard of a text before the carrier is asked for it.
    pub silence: Duration,
    /// How long an unknown outcome may stay open before a person is asked.
    pub patience: Duration,
}

impl Default for JobTimes {
    fn default() -> Self {
        file::JOB_TIMES
    }
}

/// What the logs look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// One JSON object a line, or lines for people.
    pub format: LogFormat,
    /// Such as `info` or `info,casewire=debug`.
    pub level: String,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

impl Config {
    /// Whether cookies carry `Secure`.
    #[must_use]
    pub fn secure_cookies(&self) -> bool {
        match self.cookies {
            CookieSecurity::Auto => self.public_address.url("/").starts_with("https://"),
            CookieSecurity::Always => true,
            CookieSecurity::Never => false,
        }
    }

    /// Whether Twilio carries calls of ours.
    #[must_use]
    pub fn calls_over_twilio(&self) -> bool {
        self.twilio.values().any(|account| account.voice_application_sid.is_some())
    }

    /// Where browsers connect to for calls that Twilio carries, as a source of the content security policy; empty where it carries none.
    #[must_use]
    pub fn voice_gateway(&self) -> &'static str {
        let carries = |account: &TwilioAccount| account.voice_application_sid.is_some() && account.base == BASE;
        if self.twilio.values().any(carries) {
            "wss://*.twilio.com"
        } else {
            ""
        }
    }

    /// The configuration of a trial on this machine: no carrier accounts, no metrics, plain HTTP.
    #[must_use]
    pub fn local(listen: SocketAddr, database: DatabaseAddress, public_address: PublicAddress) -> Self {
        Self {
            listen,
            metrics_listen: None,
            public_address,
            trusted_proxies: Vec::new(),
            audit_key_file: database.audit_key_file(),
            exports_folder: database.exports_folder(),
            database,
            twilio: BTreeMap::new(),
            cookies: CookieSecurity::Auto,
            sessions: file::SESSION_LIMITS,
            rate_limits: file::RATE_LIMITS,
            jobs: file::JOB_TIMES,
            recordings: PathBuf::from(RECORDINGS),
            voice: None,
            storage: StorageSettings {
                folder: file::STORAGE_FOLDER.into(),
                bucket: None,
            },
            log: LogSettings {
                format: LogFormat::Pretty,
                level: "info".to_owned(),
            },
            drain: file::DRAIN,
        }
    }
}

/// What is wrong with the configuration, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{origin}: {why}")]
    Unreadable {
        /// The path of the file.
        origin: String,
        /// What the system said.
        why: String,
    },
    /// The file is no TOML, or has a key that is not known.
    #[error("{origin}: {why}")]
    Malformed {
        /// The path of the file.
        origin: String,
        /// What is wrong, with the line.
        why: String,
    },
    /// A key has a value that cannot be used, or is missing.
    #[error("{key} ({origin}): {why}")]
    Unusable {
        /// The key, such as `twilio.main.auth_token`.
        key: String,
        /// The file or the variable that gave it.
        origin: String,
        /// What is wrong with it.
        why: String,
    },
}
