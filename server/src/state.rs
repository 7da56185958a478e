//! What every handler, job and socket is given: the store, the clock, the configuration, the carrier accounts and what the
//! process keeps in memory. Cloned cheaply. Nothing in here is the truth: all of it can be lost at any moment but the store.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, Weak};

use casewire_carriers::calls::VoiceCarrier;
use casewire_carriers::carrier::Carrier;
use casewire_carriers::twilio::webhook::AccountKeys;
use casewire_carriers::twilio::{Credentials, Twilio, TwilioConfig, TwilioConfigError};
use casewire_store::Store;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::audit::notes::AuditNotes;
use crate::auth::passwords::Passwords;
use crate::auth::rate_limit::RateLimit;
use crate::clock::Clock;
use crate::config::{Config, TwilioAccount};
use crate::lines::Lines;
use crate::lines::local::LocalEnd;
use crate::live::{Hub, Means};
use crate::storage::Storage;
use crate::telemetry::metrics::Metrics;

/// The state of the server. Dereferences to its [`Parts`].
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What the state is made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The only clock.
    pub clock: Clock,
    /// What the operator decided.
    pub config: Config,
    /// The carrier accounts.
    pub carriers: Carriers,
    /// What is noted for the audit beside the acts: what was looked at, and what was refused.
    pub audit: AuditNotes,
    /// The contents of documents.
    pub storage: Storage,
    /// What is counted.
    pub metrics: Metrics,
    /// What carries calls.
    pub lines: Lines,
    /// The line that this node carries by its own engine, if it does.
    pub local: LocalEnd,
    /// Live events, to every socket that may read them.
    pub hub: Hub,
    /// Cancelled when the server stops: sockets close, jobs take no more work.
    pub stop: CancellationToken,
    /// What runs beside the requests and is waited for when the server stops.
    pub tasks: TaskTracker,
    /// Checks and makes password hashes.
    pub passwords: Passwords,
    /// Slows down who guesses.
    pub sign_in_limit: RateLimit,
}

impl App {
    /// The state over an open store.
    #[must_use]
    pub fn new(config: Config, store: Store, clock: Clock, carriers: Carriers) -> Self {
        let sign_in_limit = RateLimit::new(config.rate_limits);
        let (metrics, stop, tasks) = (Metrics::default(), CancellationToken::new(), TaskTracker::new());
        let means = Means::new(
            store.clone(),
            clock.clone(),
            config.sessions.idle,
            metrics.live.clone(),
            stop.clone(),
            tasks.clone(),
        );
        let audit = AuditNotes::new(store.clone(), clock.clone(), stop.clone(), tasks.clone());
        Self(Arc::new(Parts {
            store,
            clock,
            storage: Storage::of_or_nowhere(&config.storage),
            config,
            carriers,
            audit,
            metrics,
            lines: Lines::default(),
            local: LocalEnd::default(),
            hub: Hub::new(means),
            stop,
            tasks,
            passwords: Passwords::new(),
            sign_in_limit,
        }))
    }
}

/// The state, as long as somebody else holds it: for what the state holds itself, such as a line.
#[derive(Clone)]
pub struct AppRef(Weak<Parts>);

impl AppRef {
    /// The state, unless the server is gone.
    #[must_use]
    pub fn get(&self) -> Option<App> {
        self.0.upgrade().map(App)
    }
}

impl App {
    /// A reference that does not keep the state alive.
    #[must_use]
    pub fn downgrade(&self) -> AppRef {
        AppRef(Arc::downgrade(&self.0))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The carrier accounts of this server, by the carrier's id of the account (`AC…`).
#[derive(Clone, Default)]
pub struct Carriers {
    accounts: BTreeMap<String, Arc<dyn Carrier>>,
    voices: BTreeMap<String, Arc<dyn VoiceCarrier>>,
    keys: Vec<AccountKeys>,
}

impl Carriers {
    /// The accounts in the configuration. Connects to nothing yet.
    ///
    /// # Errors
    /// [`TwilioConfigError`], with the name that the file gives the account.
    pub fn of_config(config: &Config) -> Result<Self, (String, TwilioConfigError)> {
        let mut carriers = Self::default();
        for (name, account) in &config.twilio {
            let twilio = Arc::new(Twilio::new(&twilio_config(account)).map_err(|error| (name.clone(), error))?);
            carriers
                .voices
                .insert(account.account_sid.clone(), Arc::clone(&twilio) as Arc<dyn VoiceCarrier>);
            carriers = carriers.with(keys_of(account), twilio);
        }
        Ok(carriers)
    }

    /// Adds an account.
    #[must_use]
    pub fn with(mut self, keys: AccountKeys, carrier: Arc<dyn Carrier>) -> Self {
        self.accounts.insert(keys.account_sid.clone(), carrier);
        self.keys.push(keys);
        self
    }

    /// The carrier of an account.
    #[must_use]
    pub fn account(&self, account_sid: &str) -> Option<&Arc<dyn Carrier>> {
        self.accounts.get(account_sid)
    }

    /// What carries the calls of an account.
    #[must_use]
    pub fn voice(&self, account_sid: &str) -> Option<&Arc<dyn VoiceCarrier>> {
        self.voices.get(account_sid)
    }

    /// Every account and its carrier.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &Arc<dyn Carrier>)> {
        self.accounts.iter().map(|(sid, carrier)| (sid.as_str(), carrier))
    }

    /// The keys by which webhooks are checked.
    #[must_use]
    pub fn keys(&self) -> &[AccountKeys] {
        &self.keys
    }
}

/// How to reach an account.
#[must_use]
pub fn twilio_config(account: &TwilioAccount) -> TwilioConfig {
    let credentials = match &account.api_key {
        Some((sid, secret)) => Credentials::ApiKey {
            sid: sid.clone(),
            secret: secret.clone(),
        },
        None => Credentials::AuthToken(account.auth_token.clone()),
    };
    TwilioConfig {
        base: account.base.clone(),
        ..TwilioConfig::new(&account.account_sid, credentials)
    }
}

/// By what the webhooks of an account are checked: both tokens while they are rotated.
#[must_use]
pub fn keys_of(account: &TwilioAccount) -> AccountKeys {
    let tokens = std::iter::once(&account.auth_token).chain(&account.secondary_auth_token);
    AccountKeys {
        account_sid: account.account_sid.clone(),
        auth_tokens: tokens.cloned().collect(),
        shared_keys: Vec::new(),
    }
}
