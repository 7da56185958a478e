//! What an organization chooses for itself: read and changed.

use casewire_core::access::OfficePermit;
use casewire_core::settings::origin::as_browsers_write;
use casewire_core::settings::{SettingError, Settings};
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::organizations::{self, Organization};
use casewire_store::{Act, Tx};

use crate::problem::Problem;

/// Reads name and settings of the organization.
pub struct ReadSettings(pub OfficePermit);

impl Act for ReadSettings {
    type Out = Organization;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Organization, Problem> {
        organizations::read(tx, self.0.tenant()).await?.ok_or_else(Problem::not_found)
    }
}

/// Changes what is given and leaves the rest.
pub struct ChangeSettings {
    /// `settings:3`.
    pub permit: OfficePermit,
    /// A new name.
    pub name: Option<String>,
    /// A new routing window, in seconds.
    pub routing_window_seconds: Option<u64>,
    /// A new part limit.
    pub part_limit: Option<usize>,
    /// A new default region.
    pub default_region: Option<String>,
    /// A new time zone.
    pub time_zone: Option<String>,
    /// Other sites that may show the embedded case view.
    pub embed_origins: Option<Vec<String>>,
    /// When.
    pub now: Timestamp,
}

impl Act for ChangeSettings {
    type Out = Organization;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Organization, Problem> {
        let tenant = self.permit.tenant();
        let mut organization = organizations::read(tx, tenant).await?.ok_or_else(Problem::not_found)?;
        let settings = &mut organization.settings;
        settings.routing_window_seconds = self.routing_window_seconds.unwrap_or(settings.routing_window_seconds);
        settings.part_limit = self.part_limit.unwrap_or(settings.part_limit);
        if let Some(region) = &self.default_region {
            settings.default_region.clone_from(region);
        }
        if let Some(zone) = &self.time_zone {
            settings.time_zone.clone_from(zone);
        }
        if let Some(origins) = &self.embed_origins {
            settings.embed_origins = once_each(origins);
        }
        settings.check().map_err(refused)?;
        if let Some(name) = &self.name {
            organizations::rename(tx, tenant, name).await?;
            organization.name.clone_from(name);
        }
        organizations::set(tx, tenant, &organization.settings).await?;
        let entry = Entry::by(self.permit.user(), "change_settings", tenant.organization()).with_detail(chosen(&organization.settings));
        audit::write(tx, tenant, &entry, self.now).await?;
        Ok(organization)
    }
}

/// The words for a setting outside of its bounds.
pub(super) fn refused(error: SettingError) -> Problem {
    Problem::invalid_field(error.setting, &format!("it must be {}", error.allowed))
}

fn chosen(
    Settings {
        routing_window_seconds,
        part_limit,
        default_region,
        time_zone,
        embed_origins,
    }: &Settings,
) -> String {
    format!(
        "routing_window_seconds={routing_window_seconds} part_limit={part_limit} default_region={default_region} \
         time_zone={time_zone} embed_origins={}",
        embed_origins.join(",")
    )
}

/// Origins as browsers write them, in their order.
fn once_each(origins: &[String]) -> Vec<String> {
    let mut once = Vec::new();
    for origin in origins.iter().map(|origin| as_browsers_write(origin)) {
        if !once.contains(&origin) {
            once.push(origin);
        }
    }
    once
}
