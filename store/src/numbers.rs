//! The numbers that a firm owns, and who owns a number that was texted. A number belongs to one organization.

use casewire_core::access::Tenant;
use casewire_core::id::{NumberId, OrganizationId};
use casewire_core::phone::E164;
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::row::{Columns, Row};
use crate::statements::statements;
use crate::tx::Tx;

macro_rules! columns {
    () => {
        "select n.organization_id, n.id, n.e164, n.label, n.account_sid, n.is_active, n.reconciled_until, n.created_at \
         from organization_numbers n "
    };
}

statements! {
    /// A new one.
    ADD = "insert into organization_numbers (organization_id, id, e164, label, account_sid, is_active, reconciled_until, created_at) \
        values ($1, $2, $3, $4, $5, 1, $6, $6) on conflict do nothing";
    /// All of an organization.
    LIST = concat!(columns!(), "where n.organization_id = $1 order by n.created_at, n.id");
    /// One.
    READ = concat!(columns!(), "where n.organization_id = $1 and n.id = $2");
    /// Whose it is.
    OWNER = concat!(columns!(), "where n.e164 = $1");
    /// All that are in use, for operators.
    ALL_IN_USE = concat!(columns!(), "where n.is_active = 1 order by n.organization_id, n.created_at, n.id");
    /// New label and standing.
    CHANGE = "update organization_numbers set label = $3, is_active = $4 where organization_id = $1 and id = $2";
    /// Everything up to a time was compared with the carrier.
    RECONCILED = "update organization_numbers set reconciled_until = $3 where organization_id = $1 and id = $2 and reconciled_until < $3";
}

/// Whether a number is written from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is.
    Active,
    /// It no longer is; texts to it still arrive.
    Retired,
}

/// A number that a firm owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationNumber {
    /// Whose.
    pub organization: OrganizationId,
    /// The number's id.
    pub id: NumberId,
    /// The number; prints masked.
    pub e164: E164,
    /// What people call it.
    pub label: String,
    /// The carrier's account that it belongs to.
    pub account_sid: String,
    /// Whether it is written from.
    pub r#use: Use,
    /// Up to when texts were compared with the carrier.
    pub reconciled_until: Timestamp,
    /// Since when.
    pub created_at: Timestamp,
}

impl OrganizationNumber {
    /// The owner, as proof.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the row names its owner")]
    pub const fn tenant(&self) -> Tenant {
        Tenant::of_row(self.organization)
    }
}

/// A number to be stored.
#[derive(Debug, Clone)]
pub struct NewNumber {
    /// Its id.
    pub id: NumberId,
    /// The number.
    pub e164: E164,
    /// What people call it.
    pub label: String,
    /// The carrier's account that it belongs to.
    pub account_sid: String,
}

/// Adds a number; whether nobody had it.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, new: &NewNumber, now: Timestamp) -> Result<bool, StoreError> {
    let number = params![tenant.organization(), new.id, &new.e164, &new.label, &new.account_sid, now];
    Ok(tx.execute(ADD, &number).await? > 0)
}

/// Every number of an organization.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant) -> Result<Vec<OrganizationNumber>, StoreError> {
    tx.rows(LIST, &params![tenant.organization()]).await?.iter().map(number).collect()
}

/// One number.
///
/// # Errors
/// [`StoreError`].
pub async fn read(tx: &mut Tx, tenant: Tenant, id: NumberId) -> Result<Option<OrganizationNumber>, StoreError> {
    tx.row(READ, &params![tenant.organization(), id])
        .await?
        .as_ref()
        .map(number)
        .transpose()
}

/// Whose number it is.
///
/// # Errors
/// [`StoreError`].
pub async fn owner(tx: &mut Tx, e164: &E164) -> Result<Option<OrganizationNumber>, StoreError> {
    tx.row(OWNER, &params![e164]).await?.as_ref().map(number).transpose()
}

/// Every number in use, of all organizations; for operators at the command line.
///
/// # Errors
/// [`StoreError`].
pub async fn all_in_use(tx: &mut Tx) -> Result<Vec<OrganizationNumber>, StoreError> {
    tx.rows(ALL_IN_USE, &[]).await?.iter().map(number).collect()
}

/// Changes label and use.
///
/// # Errors
/// [`StoreError`].
pub async fn change(tx: &mut Tx, tenant: Tenant, id: NumberId, label: &str, to: Use) -> Result<(), StoreError> {
    tx.execute(CHANGE, &params![tenant.organization(), id, label, to == Use::Active])
        .await
        .map(drop)
}

/// Notes up to when texts were compared with the carrier; never backwards.
///
/// # Errors
/// [`StoreError`].
pub async fn reconciled(tx: &mut Tx, tenant: Tenant, id: NumberId, until: Timestamp) -> Result<(), StoreError> {
    tx.execute(RECONCILED, &params![tenant.organization(), id, until]).await.map(drop)
}

fn number(row: &Row) -> Result<OrganizationNumber, StoreError> {
    read_number(&mut row.columns())
}

fn read_number(columns: &mut Columns<'_>) -> Result<OrganizationNumber, StoreError> {
    Ok(OrganizationNumber {
        organization: columns.id()?,
        id: columns.id()?,
        e164: columns.number()?,
        label: columns.text()?,
        account_sid: columns.text()?,
        r#use: if columns.flag()? { Use::Active } else { Use::Retired },
        reconciled_until: columns.time()?,
        created_at: columns.time()?,
    })
}
