//! Numbers of the organization: who acts on texts or calls sees which there are to write from; `settings:3` manages them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casewire_core::access::{Level, Resource};
use casewire_core::id::NumberId;
use casewire_core::time::Timestamp;
use casewire_store::numbers::{OrganizationNumber, Use};
use serde::{Deserialize, Serialize};

use crate::auth::caller::Caller;
use crate::ops::numbers::{ChangeNumber, CreateNumber, ListNumbers};
use crate::ops::people::label;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::wire::{Body, Listing, Path};

/// A number that the organization owns.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NumberView {
    /// The number's id.
    pub id: NumberId,
    /// E.164.
    pub e164: String,
    /// Formatted nationally.
    pub number: String,
    /// What people call it.
    pub label: String,
    /// The carrier's account that it belongs to.
    pub account_sid: String,
    /// Whether it is written from.
    pub is_active: bool,
    /// Since when.
    pub created_at: Timestamp,
}

impl From<OrganizationNumber> for NumberView {
    #[expect(clippy::disallowed_methods, reason = "the firm's own number, to who may see it")]
    fn from(number: OrganizationNumber) -> Self {
        Self {
            id: number.id,
            e164: number.e164.expose().to_owned(),
            number: number.e164.national(),
            label: number.label,
            account_sid: number.account_sid,
            is_active: number.r#use == Use::Active,
            created_at: number.created_at,
        }
    }
}

/// A number to be registered.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNumberRequest {
    /// In E.164, or as written in the organization's default region.
    pub number: String,
    /// What people call it.
    #[serde(default)]
    pub label: String,
    /// The carrier's account that it belongs to (`AC…`); may be left out where the server has one account.
    pub account_sid: Option<String>,
}

/// What is to change; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberRequest {
    /// A new label.
    pub label: Option<String>,
    /// Whether it is written from; texts to it arrive all the same.
    pub is_active: Option<bool>,
}

/// The numbers of the organization.
#[utoipa::path(get, path = "/api/numbers", tag = "settings", responses((status = 200, body = Listing<NumberView>), (status = 403, body = ProblemBody)))]
pub async fn list(caller: Caller, State(app): State<App>) -> Result<Json<Listing<NumberView>>, Problem> {
    caller
        .office(Resource::Sms, Level::See)
        .or_else(|_| caller.office(Resource::Calls, Level::See))
        .or_else(|_| caller.office(Resource::Settings, Level::See))?;
    let numbers = app.store.read(ListNumbers(caller.tenant())).await?;
    Ok(Json(Listing::whole(numbers.into_iter().map(NumberView::from).collect())))
}

/// Register a number.
#[utoipa::path(
    post, path = "/api/numbers", tag = "settings", request_body = NewNumberRequest,
    responses((status = 201, body = NumberView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)),
)]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    Body(new): Body<NewNumberRequest>,
) -> Result<(StatusCode, Json<NumberView>), Problem> {
    caller.office(Resource::Settings, Level::Manage)?;
    let create = CreateNumber {
        tenant: caller.tenant(),
        by: Some(caller.user()),
        number: new.number,
        label: label("label", &new.label)?,
        account_sid: account(&app, new.account_sid)?,
        now: app.clock.now(),
    };
    Ok((
        StatusCode::CREATED,
        Json(app.store.write(caller.organization(), create).await?.into()),
    ))
}

/// Change a number's label, or retire it.
#[utoipa::path(
    patch, path = "/api/numbers/{id}", tag = "settings", request_body = NumberRequest, params(("id" = NumberId, Path)),
    responses((status = 200, body = NumberView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)),
)]
pub async fn change(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<NumberId>,
    Body(request): Body<NumberRequest>,
) -> Result<Json<NumberView>, Problem> {
    let change = ChangeNumber {
        permit: caller.office(Resource::Settings, Level::Manage)?,
        id,
        label: request.label.map(|text| label("label", &text)).transpose()?,
        r#use: request.is_active.map(|active| if active { Use::Active } else { Use::Retired }),
        now: app.clock.now(),
    };
    Ok(Json(app.store.write(caller.organization(), change).await?.into()))
}

/// The account that was named, if the server has it; the only one where none was named.
fn account(app: &App, named: Option<String>) -> Result<String, Problem> {
    match named {
        Some(sid) if app.carriers.account(&sid).is_some() => Ok(sid),
        Some(_) => Err(Problem::invalid_field("account_sid", "this server has no such carrier account")),
        None => {
            let mut accounts = app.carriers.accounts();
            match (accounts.next(), accounts.next()) {
                (Some((sid, _)), None) => Ok(sid.to_owned()),
                _ => Err(Problem::invalid_field(
                    "account_sid",
                    "name the carrier account: this server has none or several",
                )),
            }
        }
    }
}
