//! Law firms, the tenants: created with the default roles, and their settings.

use casewire_core::access::Tenant;
use casewire_core::access::policy::DEFAULT_ROLES;
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::OrganizationId;
use casewire_core::settings::Settings;
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::mint::mint;
use crate::statements::statements;
use crate::tx::Tx;
use crate::{params, roles};

statements! {
    /// A new one.
    CREATE = "insert into organizations (id, name, settings, created_at) values ($1, $2, $3, $4)";
    /// Its counter of events.
    COUNT_EVENTS = "insert into event_counters (organization_id, last_seq, trimmed_seq) values ($1, 0, 0) on conflict do nothing";
    /// Name and settings of one.
    READ = "select name, settings from organizations where id = $1";
    /// All of them.
    LIST = "select id, name from organizations order by created_at, id";
    /// New settings.
    SET = "update organizations set settings = $2 where id = $1";
    /// A new name.
    RENAME = "update organizations set name = $2 where id = $1";
}

/// A law firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// What it chose.
    pub settings: Settings,
}

/// Creates an organization with the default roles.
///
/// # Errors
/// [`StoreError`].
#[expect(clippy::disallowed_methods, reason = "the organization was written just now")]
pub async fn create(tx: &mut Tx, id: OrganizationId, name: &str, settings: &Settings, now: Timestamp) -> Result<Tenant, StoreError> {
    tx.execute(CREATE, &params![id, name, settings.to_json(), now]).await?;
    tx.execute(COUNT_EVENTS, &params![id]).await?;
    let tenant = Tenant::of_row(id);
    for role in &DEFAULT_ROLES {
        roles::add(tx, tenant, mint(), role.name, &role.grant, roles::Provenance::Platform, now).await?;
    }
    Ok(tenant)
}

/// An organization.
///
/// # Errors
/// [`StoreError`].
pub async fn read(tx: &mut Tx, tenant: Tenant) -> Result<Option<Organization>, StoreError> {
    let Some(row) = tx.row(READ, &params![tenant.organization()]).await? else {
        return Ok(None);
    };
    let mut columns = row.columns();
    Ok(Some(Organization {
        name: columns.text()?,
        settings: Settings::read(&columns.text()?),
    }))
}

/// The sites that may show an organization's case view: all that strangers are told of one. None where there is no such organization.
///
/// # Errors
/// [`StoreError`].
pub async fn embed_origins(tx: &mut Tx, id: OrganizationId) -> Result<Vec<String>, StoreError> {
    let Some(row) = tx.row(READ, &params![id]).await? else {
        return Ok(Vec::new());
    };
    let mut columns = row.columns();
    let _name = columns.text()?;
    Ok(Settings::read(&columns.text()?).embed_origins)
}

/// Every organization with its name; for operators at the command line.
///
/// # Errors
/// [`StoreError`].
#[expect(clippy::disallowed_methods, reason = "each row is an organization")]
pub async fn list(tx: &mut Tx) -> Result<Vec<(Tenant, String)>, StoreError> {
    let rows = tx.rows(LIST, &[]).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok((Tenant::of_row(columns.id()?), columns.text()?))
        })
        .collect()
}

/// Stores new settings, which the caller has checked, and tells everybody who sees settings.
///
/// # Errors
/// [`StoreError`].
pub async fn set(tx: &mut Tx, tenant: Tenant, settings: &Settings) -> Result<(), StoreError> {
    tx.execute(SET, &params![tenant.organization(), settings.to_json()]).await?;
    tx.emit(
        tenant.organization(),
        NewEvent {
            audience: Audience::Settings,
            event: Event::SettingsChanged,
        },
    );
    Ok(())
}

/// Stores a new name.
///
/// # Errors
/// [`StoreError`].
pub async fn rename(tx: &mut Tx, tenant: Tenant, name: &str) -> Result<(), StoreError> {
    tx.execute(RENAME, &params![tenant.organization(), name]).await.map(drop)
}
