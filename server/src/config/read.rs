//! Reads the configuration: the file, then the variables over it, then the files that secrets are in. Checks every value and
//! names the key and its origin where one cannot be used; never repeats a secret.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use casewire_carriers::twilio::webhook::PublicAddress;
use casewire_carriers::twilio::{BASE, Secret};
use toml::{Table, Value};

use super::file::{self, Addresses, DRAIN, File, JOB_TIMES, Jobs, Number, RATE_LIMITS, SESSION_LIMITS, STORAGE_FOLDER, Twilio};
use super::{
    Config, ConfigError, CookieSecurity, DatabaseAddress, JobTimes, LogFormat, LogSettings, RECORDINGS, RateLimits, SessionLimits,
    TwilioAccount,
};
use crate::storage::{BucketSettings, Storage, StorageSettings};

const PREFIX: &str = "CASEWIRE_";
const CONFIG: &str = "CASEWIRE_CONFIG";
/// Variables that begin so are for the tests.
const TESTS: &str = "CASEWIRE_TEST_";
const DAY: u64 = 24 * 3600;

/// Where a configuration comes from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The file; none for variables and defaults alone.
    pub file: Option<PathBuf>,
    /// The `CASEWIRE_…` variables.
    pub variables: BTreeMap<String, String>,
}

impl Origin {
    /// The file that was named, else the one in `CASEWIRE_CONFIG`, and the variables of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    pub fn of_process(file: Option<PathBuf>) -> Self {
        let mut variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with(PREFIX) && !name.starts_with(TESTS))
            .collect();
        let named = variables.remove(CONFIG).map(PathBuf::from);
        Self {
            file: file.or(named),
            variables,
        }
    }
}

/// Reads and checks a configuration.
///
/// # Errors
/// [`ConfigError`], for the first thing that is wrong.
pub fn read(origin: &Origin) -> Result<Config, ConfigError> {
    let name = origin
        .file
        .as_deref()
        .map_or_else(|| "no file".to_owned(), |path| path.display().to_string());
    let mut table = match &origin.file {
        None => Table::new(),
        Some(path) => parse(&name, &contents(path)?)?,
    };
    for (variable, value) in &origin.variables {
        lay_over(&mut table, variable, value)?;
    }
    let file: File = Value::Table(table)
        .try_into()
        .map_err(|error: toml::de::Error| ConfigError::Malformed {
            origin: blame(&name, origin),
            why: error.message().to_owned(),
        })?;
    Reader { name, origin }.config(file)
}

fn blame(name: &str, origin: &Origin) -> String {
    if origin.variables.is_empty() {
        name.to_owned()
    } else {
        format!("{name} and the {PREFIX} variables")
    }
}

fn parse(name: &str, text: &str) -> Result<Table, ConfigError> {
    // First as the file alone, for its messages point at the line; the variables are laid over what this leaves.
    let malformed = |error: toml::de::Error| {
        let line = error
            .span()
            .map(|span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
        let line = line.map_or_else(String::new, |line| format!("line {line}: "));
        ConfigError::Malformed {
            origin: name.to_owned(),
            why: format!("{line}{}", error.message()),
        }
    };
    toml::from_str::<File>(text).map_err(malformed)?;
    toml::from_str(text).map_err(malformed)
}

fn contents(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        origin: path.display().to_string(),
        why: format!("this file cannot be read: {error}"),
    })
}

/// `CASEWIRE_LOG__FORMAT=json` is `format = "json"` under `[log]`.
fn lay_over(table: &mut Table, variable: &str, value: &str) -> Result<(), ConfigError> {
    let key = variable.strip_prefix(PREFIX).unwrap_or(variable).to_ascii_lowercase();
    let mut pieces: Vec<&str> = key.split("__").collect();
    let last = pieces.pop().unwrap_or_default();
    let mut at = table;
    for piece in pieces {
        let deeper = at.entry(piece).or_insert_with(|| Value::Table(Table::new()));
        at = deeper.as_table_mut().ok_or_else(|| ConfigError::Unusable {
            key: key.replace("__", "."),
            origin: variable.to_owned(),
            why: format!("`{piece}` is not a table"),
        })?;
    }
    at.insert(last.to_owned(), Value::String(value.to_owned()));
    Ok(())
}

pub(super) struct Reader<'o> {
    name: String,
    origin: &'o Origin,
}

impl Reader<'_> {
    pub(super) fn unusable(&self, key: &str, why: impl Into<String>) -> ConfigError {
        let variable = format!("{PREFIX}{}", key.replace('.', "__").to_ascii_uppercase());
        let origin = if self.origin.variables.contains_key(&variable) {
            variable
        } else {
            self.name.clone()
        };
        ConfigError::Unusable {
            key: key.to_owned(),
            origin,
            why: why.into(),
        }
    }

    fn config(&self, file: File) -> Result<Config, ConfigError> {
        let listen = self.address("listen", file.listen.as_deref().unwrap_or("127.0.0.1:8080"))?;
        let metrics_listen = file
            .metrics_listen
            .as_deref()
            .map(|text| self.address("metrics_listen", text))
            .transpose()?;
        let public = file.public_address.unwrap_or_else(|| format!("http://{listen}"));
        let database = self.secret("database.address", file.database.address, file.database.address_file)?;
        let database = DatabaseAddress::new(database.as_deref().unwrap_or("casewire.db"));
        let accounts = file
            .twilio
            .into_iter()
            .map(|(name, account)| Ok((name.clone(), self.twilio(&name, account)?)));
        Ok(Config {
            listen,
            metrics_listen,
            public_address: PublicAddress::parse(&public).map_err(|_| {
                self.unusable(
                    "public_address",
                    "it is https:// (or http://), a host and perhaps a port, without a path",
                )
            })?,
            trusted_proxies: self.proxies(&file.trusted_proxies)?,
            audit_key_file: file.audit.key_file.map_or_else(|| database.audit_key_file(), PathBuf::from),
            exports_folder: file.exports.folder.map_or_else(|| database.exports_folder(), PathBuf::from),
            database,
            twilio: accounts.collect::<Result<_, ConfigError>>()?,
            cookies: self.cookies(file.cookies.secure.as_deref())?,
            sessions: SessionLimits {
                idle: self.span("sessions.idle_days", file.sessions.idle_days, DAY, SESSION_LIMITS.idle)?,
                absolute: self.span("sessions.absolute_days", file.sessions.absolute_days, DAY, SESSION_LIMITS.absolute)?,
            },
            rate_limits: RateLimits {
                sign_in_tries: self.count(
                    "rate_limits.sign_in_tries",
                    file.rate_limits.sign_in_tries,
                    RATE_LIMITS.sign_in_tries,
                )?,
                sign_in_tries_per_address: self.count(
                    "rate_limits.sign_in_tries_per_address",
                    file.rate_limits.sign_in_tries_per_address,
                    RATE_LIMITS.sign_in_tries_per_address,
                )?,
                sign_in_window: self.span(
                    "rate_limits.sign_in_window_seconds",
                    file.rate_limits.sign_in_window_seconds,
                    1,
                    RATE_LIMITS.sign_in_window,
                )?,
            },
            jobs: self.jobs(&file.jobs)?,
            recordings: PathBuf::from(file.voice.recordings.clone().unwrap_or_else(|| RECORDINGS.to_owned())),
            voice: self.voice(file.voice)?,
            storage: self.storage(file.storage)?,
            log: self.log(file.log.format.as_deref(), file.log.level)?,
            drain: self.span("drain_seconds", file.drain_seconds, 1, DRAIN)?,
        })
    }

    pub(super) fn address(&self, key: &str, text: &str) -> Result<SocketAddr, ConfigError> {
        text.parse()
            .map_err(|_| self.unusable(key, "it is an IP address and a port, such as 127.0.0.1:8080 or [::]:8080"))
    }

    fn proxies(&self, proxies: &Addresses) -> Result<Vec<IpAddr>, ConfigError> {
        let unusable = |_| self.unusable("trusted_proxies", "it is a list of IP addresses");
        proxies.texts().into_iter().map(|text| text.parse().map_err(unusable)).collect()
    }

    fn span(&self, key: &str, number: Option<Number>, unit: u64, default: Duration) -> Result<Duration, ConfigError> {
        match number {
            None => Ok(default),
            Some(Number(number)) if (1..=100_000).contains(&number) => Ok(Duration::from_secs(number * unit)),
            Some(_) => Err(self.unusable(key, "it is a number from 1 to 100000")),
        }
    }

    pub(super) fn count(&self, key: &str, number: Option<Number>, default: u32) -> Result<u32, ConfigError> {
        match number {
            None => Ok(default),
            Some(Number(number)) => u32::try_from(number)
                .ok()
                .filter(|number| (1..=100_000).contains(number))
                .ok_or_else(|| self.unusable(key, "it is a number from 1 to 100000")),
        }
    }

    fn cookies(&self, word: Option<&str>) -> Result<CookieSecurity, ConfigError> {
        match word {
            None | Some("auto") => Ok(CookieSecurity::Auto),
            Some("always") => Ok(CookieSecurity::Always),
            Some("never") => Ok(CookieSecurity::Never),
            Some(_) => Err(self.unusable("cookies.secure", "it is auto, always or never")),
        }
    }

    fn jobs(&self, jobs: &Jobs) -> Result<JobTimes, ConfigError> {
        let times = JobTimes {
            timeout: self.span("jobs.timeout_seconds", jobs.timeout_seconds, 1, JOB_TIMES.timeout)?,
            lease: self.span("jobs.lease_seconds", jobs.lease_seconds, 1, JOB_TIMES.lease)?,
            reconcile_every: self.span(
                "jobs.reconcile_every_seconds",
                jobs.reconcile_every_seconds,
                1,
                JOB_TIMES.reconcile_every,
            )?,
            silence: self.span("jobs.silence_seconds", jobs.silence_seconds, 1, JOB_TIMES.silence)?,
            patience: self.span("jobs.unknown_outcome_seconds", jobs.unknown_outcome_seconds, 1, JOB_TIMES.patience)?,
        };
        if times.lease <= times.timeout {
            return Err(self.unusable(
                "jobs.lease_seconds",
                "it is more than jobs.timeout_seconds, so that no job runs twice at once",
            ));
        }
        Ok(times)
    }

    fn storage(&self, storage: file::Storage) -> Result<StorageSettings, ConfigError> {
        let secret = self.secret(
            "storage.secret_access_key",
            storage.secret_access_key,
            storage.secret_access_key_file,
        )?;
        let needed = |key: &str, value: Option<String>| {
            let value = value.filter(|value| !value.trim().is_empty());
            value.ok_or_else(|| self.unusable(&format!("storage.{key}"), "it is missing beside storage.bucket"))
        };
        let bucket = match storage.bucket {
            Some(name) => Some(BucketSettings {
                name,
                endpoint: storage.endpoint,
                region: storage.region.unwrap_or_else(|| "us-east-1".to_owned()),
                access_key_id: needed("access_key_id", storage.access_key_id)?,
                secret_access_key: needed("secret_access_key", secret)?,
            }),
            None => None,
        };
        let settings = StorageSettings {
            folder: storage.folder.unwrap_or_else(|| STORAGE_FOLDER.to_owned()).into(),
            bucket,
        };
        match Storage::of(&settings) {
            Ok(_) => Ok(settings),
            Err(why) => Err(self.unusable("storage.bucket", why)),
        }
    }

    fn log(&self, format: Option<&str>, level: Option<String>) -> Result<LogSettings, ConfigError> {
        let format = match format {
            Some("json") => LogFormat::Json,
            None | Some("pretty") => LogFormat::Pretty,
            Some(_) => return Err(self.unusable("log.format", "it is json or pretty")),
        };
        let level = level.unwrap_or_else(|| "info".to_owned());
        match level.parse::<tracing_subscriber::filter::Targets>() {
            Ok(_) => Ok(LogSettings { format, level }),
            Err(_) => Err(self.unusable("log.level", "it is a level such as info, or levels such as info,casewire=debug")),
        }
    }

    pub(super) fn secret(&self, key: &str, value: Option<String>, file: Option<String>) -> Result<Option<String>, ConfigError> {
        match (value, file) {
            (Some(_), Some(_)) => Err(self.unusable(key, format!("give `{key}` or `{key}_file`, not both"))),
            (Some(value), None) if value.trim().is_empty() => Err(self.unusable(key, "it is empty")),
            (Some(value), None) => Ok(Some(value.trim().to_owned())),
            (None, None) => Ok(None),
            (None, Some(path)) => {
                let key = format!("{key}_file");
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| self.unusable(&key, format!("the file {path} cannot be read: {error}")))?;
                match text.trim() {
                    "" => Err(self.unusable(&key, format!("the file {path} is empty"))),
                    secret => Ok(Some(secret.to_owned())),
                }
            }
        }
    }

    fn twilio(&self, name: &str, account: Twilio) -> Result<TwilioAccount, ConfigError> {
        let key = |of: &str| format!("twilio.{name}.{of}");
        let account_sid = account
            .account_sid
            .ok_or_else(|| self.unusable(&key("account_sid"), "it is missing"))?;
        let digits = account_sid.strip_prefix("AC").unwrap_or_default();
        if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(self.unusable(&key("account_sid"), "it is AC and 32 hexadecimal digits"));
        }
        let auth_token = self
            .secret(&key("auth_token"), account.auth_token, account.auth_token_file)?
            .ok_or_else(|| self.unusable(&key("auth_token"), "it is missing: without it no webhook can be checked"))?;
        let secondary = self.secret(
            &key("secondary_auth_token"),
            account.secondary_auth_token,
            account.secondary_auth_token_file,
        )?;
        let api_secret = self.secret(&key("api_key_secret"), account.api_key_secret, account.api_key_secret_file)?;
        let api_key = match (account.api_key_sid, api_secret) {
            (Some(sid), Some(secret)) => Some((sid, Secret::from(secret.as_str()))),
            (None, None) => None,
            (Some(_), None) => return Err(self.unusable(&key("api_key_secret"), "it is missing beside api_key_sid")),
            (None, Some(_)) => return Err(self.unusable(&key("api_key_sid"), "it is missing beside api_key_secret")),
        };
        let voice_application_sid = account.voice_application_sid;
        if let Some(sid) = &voice_application_sid {
            let digits = sid.strip_prefix("AP").unwrap_or_default();
            if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(self.unusable(&key("voice_application_sid"), "it is AP and 32 hexadecimal digits"));
            }
            if api_key.is_none() {
                return Err(self.unusable(
                    &key("api_key_sid"),
                    "it is missing beside voice_application_sid: it signs the browsers' tokens",
                ));
            }
        }
        Ok(TwilioAccount {
            voice_application_sid,
            deletes_recordings: account.delete_recordings.is_some_and(|flag| flag.0),
            account_sid,
            auth_token: Secret::from(auth_token.as_str()),
            secondary_auth_token: secondary.map(|secret| Secret::from(secret.as_str())),
            api_key,
            base: account.base.unwrap_or_else(|| BASE.to_owned()),
        })
    }
}
