//! Who is signed in, and what they may do.

use axum::Json;
use casewire_core::access::Resource;
use casewire_core::id::{OrganizationId, UserId};
use serde::Serialize;

use crate::auth::caller::Caller;
use crate::problem::Problem;

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
    /// The highest level per resource among their roles, outside of any case.
    pub levels: Levels,
}

/// A level per resource: 0 nothing, 1 see, 2 act, 3 manage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, utoipa::ToSchema)]
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

/// Who is signed in.
#[utoipa::path(get, path = "/api/me", tag = "session", responses((status = 200, body = Me), (status = 401, body = crate::problem::ProblemBody)))]
pub async fn me(caller: Caller) -> Result<Json<Me>, Problem> {
    let level = |resource| caller.access().level(resource).number();
    Ok(Json(Me {
        user_id: caller.user(),
        name: caller.name().to_owned(),
        email: caller.email().to_owned(),
        organization_id: caller.organization(),
        organization_name: caller.organization_name().to_owned(),
        levels: Levels {
            case_contacts: level(Resource::CaseContacts),
            sms: level(Resource::Sms),
            calls: level(Resource::Calls),
            audit: level(Resource::Audit),
            settings: level(Resource::Settings),
        },
    }))
}
