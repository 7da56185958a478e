//! Where the carrier fetches what goes out with a text: `GET /media/{organization}/{part}/{position}?e=…&s=…`. The address holds for an
//! hour and is sealed with the account's token, so that only who was given it finds anything; whoever else asks is told nothing is there.

use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use casewire_carriers::twilio::media::{is_sealed, seal};
use casewire_carriers::twilio::webhook::PublicAddress;
use casewire_core::access::Tenant;
use casewire_core::id::{OrganizationId, PartId};
use casewire_core::time::Timestamp;
use serde::Deserialize;

use crate::api::content::{self, Reader, Sent};
use crate::ops::media::FindPartMedia;
use crate::problem::Problem;
use crate::state::{App, Carriers};
use crate::wire::{Path, Query};

/// The route.
pub const MEDIA: &str = "/media/{organization}/{part}/{position}";
/// How long an address holds: a carrier fetches at once, and again when it failed.
const HOLDS: Duration = Duration::from_secs(3600);

/// What seals an address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Until when it holds, in seconds since 1970.
    e: i64,
    /// The seal.
    s: String,
}

/// The address of an attachment for the carrier; none where the account is not configured.
#[must_use]
pub fn address(
    carriers: &Carriers,
    public: &PublicAddress,
    account_sid: &str,
    (organization, part, position): (OrganizationId, PartId, u32),
    now: Timestamp,
) -> Option<String> {
    let keys = carriers.keys().iter().find(|keys| keys.account_sid == account_sid)?;
    let expires = now.plus(HOLDS).as_micros() / 1_000_000;
    let sealed = seal(keys.auth_tokens.first()?, &subject(organization, part, position, expires));
    Some(public.url(&format!("/media/{organization}/{part}/{position}?e={expires}&s={sealed}")))
}

/// Sends an attachment to the carrier.
#[expect(clippy::disallowed_methods, reason = "the seal says that this server named the organization")]
pub async fn fetch(
    State(app): State<App>,
    Path((organization, part, position)): Path<(OrganizationId, PartId, u32)>,
    Query(sealed): Query<Sealed>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let subject = subject(organization, part, position, sealed.e);
    let holds = sealed.e.saturating_mul(1_000_000) > app.clock.now().as_micros();
    let is_ours = app
        .carriers
        .keys()
        .iter()
        .any(|keys| is_sealed(&keys.auth_tokens, &subject, &sealed.s));
    if !holds || !is_ours {
        return Err(Problem::not_found());
    }
    let act = FindPartMedia {
        tenant: Tenant::of_row(organization),
        part,
        position,
    };
    let media = app.store.read(act).await?.ok_or_else(Problem::not_found)?;
    let (hash, size) = media.content.ok_or_else(Problem::not_found)?;
    let name = media.name.unwrap_or_else(|| "attachment".to_owned());
    let sent = Sent {
        organization,
        hash,
        size,
        content_type: &media.content_type,
        name: &name,
        reader: Reader::Carrier,
    };
    content::send(&app, &headers, sent).await
}

fn subject(organization: OrganizationId, part: PartId, position: u32, expires: i64) -> String {
    format!("{organization}/{part}/{position}/{expires}")
}
