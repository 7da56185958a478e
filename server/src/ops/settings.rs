//! What an organization chooses for itself: read and changed.

use casewire_core::access::OfficePermit;
use casewire_core::settings::calls::{Announcement, CallSettings, Disposition, RecordingMode, SupervisionNotice};
use casewire_core::settings::origin::as_browsers_write;
use casewire_core::settings::{SettingError, Settings};
use casewire_core::time::Timestamp;
use casewire_store::audit::{self, Entry};
use casewire_store::organizations::{self, Organization};
use casewire_store::reports::cells;
use casewire_store::{Act, Tx};
use serde::Deserialize;

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
    /// Other choices about calls.
    pub calls: Option<CallChoices>,
    /// How many contact roles of its own there may be.
    pub contact_role_limit: Option<usize>,
    /// When.
    pub now: Timestamp,
}

/// What is to change about calls; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallChoices {
    /// How they are recorded.
    pub recording: Option<RecordingChoices>,
    /// Whether agents are told of supervisors.
    pub supervision_notice: Option<SupervisionNotice>,
    /// For how long a call rings at an agent, in seconds: from 5 to 120.
    #[schema(minimum = 5, maximum = 120)]
    pub ring_seconds: Option<u64>,
    /// For how long an agent may note what came of a call, in seconds: at most 3600.
    #[schema(maximum = 3600)]
    pub wrap_up_seconds: Option<u64>,
    /// Whether a machine takes what nobody takes.
    pub voicemail: Option<bool>,
    /// Exactly these can come of a call, in this order; at most 50.
    #[schema(min_items = 1, max_items = 50)]
    pub dispositions: Option<Vec<Disposition>>,
}

/// What is to change about recording.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordingChoices {
    /// Whether calls are recorded.
    pub mode: Option<RecordingMode>,
    /// What is heard before.
    pub announcement: Option<Announcement>,
    /// That the firm has the consent that the law asks of it.
    pub consent_ack: Option<bool>,
}

impl CallChoices {
    fn choose(&self, calls: &mut CallSettings) {
        if let Some(chosen) = self.recording {
            let now = &mut calls.recording;
            now.mode = chosen.mode.unwrap_or(now.mode);
            now.announcement = chosen.announcement.unwrap_or(now.announcement);
            now.consent_ack = chosen.consent_ack.unwrap_or(now.consent_ack);
        }
        calls.supervision_notice = self.supervision_notice.unwrap_or(calls.supervision_notice);
        calls.ring_seconds = self.ring_seconds.unwrap_or(calls.ring_seconds);
        calls.wrap_up_seconds = self.wrap_up_seconds.unwrap_or(calls.wrap_up_seconds);
        calls.voicemail = self.voicemail.unwrap_or(calls.voicemail);
        if let Some(dispositions) = &self.dispositions {
            calls.dispositions.clone_from(dispositions);
        }
    }
}

impl Act for ChangeSettings {
    type Out = Organization;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Organization, Problem> {
        let tenant = self.permit.tenant();
        let mut organization = organizations::read(tx, tenant).await?.ok_or_else(Problem::not_found)?;
        let zone_before = organization.settings.time_zone.clone();
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
        if let Some(calls) = &self.calls {
            calls.choose(&mut settings.calls);
        }
        settings.contact_role_limit = self.contact_role_limit.unwrap_or(settings.contact_role_limit);
        settings.check().map_err(refused)?;
        if let Some(name) = &self.name {
            organizations::rename(tx, tenant, name).await?;
            organization.name.clone_from(name);
        }
        organizations::set(tx, tenant, &organization.settings).await?;
        if organization.settings.time_zone != zone_before {
            cells::touch_all(tx, tenant).await?;
        }
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
        calls,
        contact_role_limit,
    }: &Settings,
) -> String {
    format!(
        "routing_window_seconds={routing_window_seconds} part_limit={part_limit} default_region={default_region} \
         time_zone={time_zone} contact_role_limit={contact_role_limit} embed_origins={} calls.recording={} calls.consent_ack={} calls.supervision_notice={} calls.ring_seconds={} \
         calls.wrap_up_seconds={} calls.voicemail={}",
        embed_origins.join(","),
        calls.records(),
        calls.recording.consent_ack,
        calls.supervision_notice == SupervisionNotice::TellAgent,
        calls.ring_seconds,
        calls.wrap_up_seconds,
        calls.voicemail
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
