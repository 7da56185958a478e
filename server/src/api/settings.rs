//! What an organization chooses for itself.

use axum::Json;
use axum::extract::State;
use casewire_core::access::{Level, Resource};
use casewire_core::settings::calls::CallSettings;
use casewire_store::organizations::Organization;
use serde::{Deserialize, Serialize};

use crate::auth::caller::Caller;
use crate::ops::people::{LONGEST_NAME, line};
use crate::ops::settings::{CallChoices, ChangeSettings, ReadSettings};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::Body;

/// The settings of the organization.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SettingsView {
    /// The name of the organization.
    pub name: String,
    /// How long a session lasts after an outbound text, in seconds.
    pub routing_window_seconds: u64,
    /// How many characters a part of a text has at most.
    pub part_limit: usize,
    /// The country of numbers that are written without one, ISO 3166 alpha-2.
    pub default_region: String,
    /// Where the firm's clock is, by its IANA name.
    pub time_zone: String,
    /// The sites that may show the embedded case view.
    pub embed_origins: Vec<String>,
    /// What was chosen about calls.
    pub calls: CallSettings,
    /// How many contact roles of its own the organization may have, hidden ones included.
    pub contact_role_limit: usize,
}

impl From<Organization> for SettingsView {
    fn from(organization: Organization) -> Self {
        Self {
            name: organization.name,
            routing_window_seconds: organization.settings.routing_window_seconds,
            part_limit: organization.settings.part_limit,
            default_region: organization.settings.default_region,
            time_zone: organization.settings.time_zone,
            embed_origins: organization.settings.embed_origins,
            calls: organization.settings.calls,
            contact_role_limit: organization.settings.contact_role_limit,
        }
    }
}

/// What is to change; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsRequest {
    /// The name of the organization.
    pub name: Option<String>,
    /// From 1 second to 30 days.
    #[schema(minimum = 1, maximum = 2_592_000)]
    pub routing_window_seconds: Option<u64>,
    /// From 70 to 1600.
    #[schema(minimum = 70, maximum = 1600)]
    pub part_limit: Option<usize>,
    /// ISO 3166 alpha-2.
    pub default_region: Option<String>,
    /// An IANA name, such as America/New_York.
    pub time_zone: Option<String>,
    /// Exactly these sites may show the embedded case view: at most 20 origins, https alone but for this machine.
    #[schema(max_items = 20)]
    pub embed_origins: Option<Vec<String>>,
    /// What is to change about calls.
    pub calls: Option<CallChoices>,
    /// From 1 to 200; not fewer than there are.
    #[schema(minimum = 1, maximum = 200)]
    pub contact_role_limit: Option<usize>,
}

/// The settings of the organization.
#[utoipa::path(get, path = "/api/settings", tag = "settings", responses((status = 200, body = SettingsView), (status = 403, body = ProblemBody)))]
pub async fn read(caller: Caller, State(app): State<App>) -> Result<Json<SettingsView>, Problem> {
    let permit = caller.office(Resource::Settings, Level::See)?;
    Ok(Json(app.store.read(ReadSettings(permit)).await?.into()))
}

/// Change settings of the organization.
#[utoipa::path(
    patch, path = "/api/settings", tag = "settings", request_body = SettingsRequest,
    responses((status = 200, body = SettingsView), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)),
)]
pub async fn change(caller: Caller, State(app): State<App>, Body(request): Body<SettingsRequest>) -> Result<Json<SettingsView>, Problem> {
    let permit = caller.office(Resource::Settings, Level::Manage)?;
    let change = ChangeSettings {
        permit,
        name: request.name.map(|text| line("name", &text, LONGEST_NAME)).transpose()?,
        routing_window_seconds: request.routing_window_seconds,
        part_limit: request.part_limit,
        default_region: request.default_region,
        time_zone: request.time_zone,
        embed_origins: request.embed_origins,
        calls: request.calls,
        contact_role_limit: request.contact_role_limit,
        now: app.clock.now(),
    };
    Ok(Json(app.store.write(caller.organization(), change).await?.into()))
}
