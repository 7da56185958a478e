//! Who is signed in, what they may do, and what their duty is.

use axum::Json;
use axum::extract::State;
use casewire_core::access::{Level, Resource, Tenant};
use casewire_core::id::{OrganizationId, RoleId, UserId};
use casewire_core::settings::Settings;
use casewire_store::{Act, StoreError, Tx, attention, organizations, roles, users};
use serde::{Deserialize, Serialize};

use crate::auth::caller::Caller;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;

/// The signed-in user.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// The user.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their organization.
    pub organization_id: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// Their roles.
    pub roles: Vec<RoleRef>,
    /// The highest level per resource among their roles.
    pub levels: Levels,
    /// Where the organization's clock is, by its IANA name.
    pub time_zone: String,
    /// How many characters a part of a text has at most.
    pub part_limit: usize,
    /// How long a session lasts after an outbound text, in seconds.
    pub routing_window_seconds: u64,
    /// How many texts nobody active can see to; for who manages settings, else 0. The duty is to assign somebody.
    pub orphans: u64,
}

/// A role by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RoleRef {
    /// The role.
    pub id: RoleId,
    /// Its name.
    pub name: String,
}

/// A level per resource: 0 nothing, 1 see, 2 act, 3 manage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Contacts and case contacts.
    #[schema(minimum = 0, maximum = 3)]
    pub case_contacts: i64,
    /// Texts.
    #[schema(minimum = 0, maximum = 3)]
    pub sms: i64,
    /// Calls.
    #[schema(minimum = 0, maximum = 3)]
    pub calls: i64,
    /// The audit.
    #[schema(minimum = 0, maximum = 3)]
    pub audit: i64,
    /// Settings.
    #[schema(minimum = 0, maximum = 3)]
    pub settings: i64,
}

impl Levels {
    /// The level on each resource.
    pub(super) fn of(level: impl Fn(Resource) -> Level) -> Self {
        Self {
            case_contacts: level(Resource::CaseContacts).number(),
            sms: level(Resource::Sms).number(),
            calls: level(Resource::Calls).number(),
            audit: level(Resource::Audit).number(),
            settings: level(Resource::Settings).number(),
        }
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/me", tag = "session", responses((status = 200, body = Me), (status = 401, body = ProblemBody)))]
pub async fn me(caller: Caller, State(app): State<App>) -> Result<Json<Me>, Problem> {
    let duty = if caller.access().level(Resource::Settings) >= Level::Manage {
        Duty::Admin
    } else {
        Duty::Nothing
    };
    let about = app
        .store
        .read(AboutMe {
            tenant: caller.tenant(),
            user: caller.user(),
            duty,
        })
        .await?;
    Ok(Json(Me {
        user_id: caller.user(),
        name: caller.name().to_owned(),
        email: caller.email().to_owned(),
        organization_id: caller.organization(),
        organization_name: caller.organization_name().to_owned(),
        roles: about.roles,
        levels: Levels::of(|resource| caller.access().level(resource)),
        time_zone: about.settings.time_zone,
        part_limit: about.settings.part_limit,
        routing_window_seconds: about.settings.routing_window_seconds,
        orphans: about.orphans,
    }))
}

/// Whether somebody answers for what nobody can see.
enum Duty {
    Admin,
    Nothing,
}

struct AboutMe {
    tenant: Tenant,
    user: UserId,
    duty: Duty,
}

struct Found {
    roles: Vec<RoleRef>,
    settings: Settings,
    orphans: u64,
}

impl Act for AboutMe {
    type Out = Found;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Found, StoreError> {
        let held = users::read(tx, self.tenant, self.user)
            .await?
            .map(|user| user.roles)
            .unwrap_or_default();
        let all = roles::list(tx, self.tenant).await?;
        let roles = all.into_iter().filter(|role| held.contains(&role.id)).map(|role| RoleRef {
            id: role.id,
            name: role.name,
        });
        let orphans = match self.duty {
            Duty::Admin => attention::orphans(tx, self.tenant).await?,
            Duty::Nothing => 0,
        };
        let settings = organizations::read(tx, self.tenant)
            .await?
            .map(|organization| organization.settings)
            .unwrap_or_default();
        Ok(Found {
            roles: roles.collect(),
            settings,
            orphans,
        })
    }
}
