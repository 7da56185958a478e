//! What an organization may choose, with the defaults of the requirement. Kept as JSON in `organizations.settings`; what is not
//! there, or was written by a newer version, has its default or is left alone.

pub mod calls;
pub mod origin;

use std::time::Duration;

use jiff::tz::TimeZoneDatabase;
use serde::{Deserialize, Serialize};

use self::calls::CallSettings;
use crate::messaging::parts::DEFAULT_PART_LIMIT;
use crate::messaging::routing::DEFAULT_WINDOW;
use crate::phone::Region;

/// The shortest routing window, in seconds: a second.
pub const SHORTEST_WINDOW_SECONDS: u64 = 1;
/// The longest routing window, in seconds: 30 days.
pub const LONGEST_WINDOW_SECONDS: u64 = 30 * 24 * 60 * 60;
/// The smallest part limit, in Unicode scalar values: one UCS-2 segment.
pub const SMALLEST_PART_LIMIT: usize = 70;
/// The largest part limit, in Unicode scalar values: what Twilio takes at most.
pub const LARGEST_PART_LIMIT: usize = 1600;

/// How many sites may show the embedded case view at most.
pub const MOST_EMBED_ORIGINS: usize = 20;

/// How many contact roles of its own an organization may have unless it chooses otherwise.
pub const USUAL_CONTACT_ROLES: usize = 30;
/// How many it can choose at most.
pub const MOST_CONTACT_ROLES: usize = 200;

/// The settings of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// How long a session lasts, in seconds; 48 hours unless chosen otherwise.
    pub routing_window_seconds: u64,
    /// How many Unicode scalar values a part of a text has at most; 999 unless chosen otherwise.
    pub part_limit: usize,
    /// The country of numbers that are written without one, ISO 3166 alpha-2.
    pub default_region: String,
    /// Where the firm's clock is, as the IANA names it; America/New_York unless chosen otherwise.
    pub time_zone: String,
    /// The sites that may show the embedded case view, as browsers name them; none unless chosen otherwise.
    pub embed_origins: Vec<String>,
    /// What was chosen about calls.
    pub calls: CallSettings,
    /// How many contact roles of its own the organization may have, hidden ones included; 30 unless chosen otherwise.
    pub contact_role_limit: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            routing_window_seconds: DEFAULT_WINDOW.as_secs(),
            part_limit: DEFAULT_PART_LIMIT,
            default_region: "US".to_owned(),
            time_zone: "America/New_York".to_owned(),
            embed_origins: Vec::new(),
            calls: CallSettings::default(),
            contact_role_limit: USUAL_CONTACT_ROLES,
        }
    }
}

/// A setting outside of its bounds, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{setting} must be {allowed}")]
pub struct SettingError {
    /// Its name.
    pub setting: &'static str,
    /// What it may be.
    pub allowed: &'static str,
}

impl Settings {
    /// The settings that a row holds; the defaults where it holds none.
    #[must_use]
    pub fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// As a row holds them.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How long a session lasts.
    #[must_use]
    pub const fn routing_window(&self) -> Duration {
        Duration::from_secs(self.routing_window_seconds)
    }

    /// The country of numbers that are written without one.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        Region::parse(&self.default_region).ok()
    }

    /// Whether every setting is within its bounds.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), SettingError> {
        if !(SHORTEST_WINDOW_SECONDS..=LONGEST_WINDOW_SECONDS).contains(&self.routing_window_seconds) {
            return Err(SettingError {
                setting: "routing_window_seconds",
                allowed: "between 1 second and 30 days (2592000)",
            });
        }
        if !(SMALLEST_PART_LIMIT..=LARGEST_PART_LIMIT).contains(&self.part_limit) {
            return Err(SettingError {
                setting: "part_limit",
                allowed: "between 70 and 1600 characters",
            });
        }
        if self.region().is_none() {
            return Err(SettingError {
                setting: "default_region",
                allowed: "a country as ISO 3166 alpha-2, such as US",
            });
        }
        if TimeZoneDatabase::bundled().get(&self.time_zone).is_err() {
            return Err(SettingError {
                setting: "time_zone",
                allowed: "the IANA name of a time zone, such as America/New_York",
            });
        }
        if !(1..=MOST_CONTACT_ROLES).contains(&self.contact_role_limit) {
            return Err(SettingError {
                setting: "contact_role_limit",
                allowed: "between 1 and 200",
            });
        }
        if self.embed_origins.len() > MOST_EMBED_ORIGINS || !self.embed_origins.iter().all(|text| origin::is_embeddable(text)) {
            return Err(SettingError {
                setting: "embed_origins",
                allowed: "at most 20 origins, such as https://cases.firm.example; http is for this machine alone",
            });
        }
        self.calls.check()
    }
}
