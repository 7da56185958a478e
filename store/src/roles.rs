//! Roles: names for levels and a case scope, and who holds them. The platform's default roles are refused any change; an
//! organization's own are not.

use casewire_core::access::{Grant, Tenant};
use casewire_core::id::{RoleId, UserId};
use casewire_core::time::Timestamp;

use crate::access::grant;
use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

macro_rules! columns {
    () => {
        "select r.id, r.name, r.is_default, r.case_scope, r.case_contacts, r.sms, r.calls, r.audit, r.settings from roles r "
    };
}

statements! {
    /// A new one.
    ADD = "insert into roles (organization_id, id, name, is_default, case_scope, case_contacts, sms, calls, audit, settings, created_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing";
    /// All of an organization, the default ones first.
    LIST = concat!(columns!(), "where r.organization_id = $1 order by r.is_default desc, r.created_at, r.id");
    /// One.
    READ = concat!(columns!(), "where r.organization_id = $1 and r.id = $2");
    /// One by its name.
    BY_NAME = concat!(columns!(), "where r.organization_id = $1 and r.name = $2");
    /// Another of that name.
    TAKEN = "select r.id from roles r where r.organization_id = $1 and r.name = $2 and r.id <> $3";
    /// New name, scope and levels, for an organization's own.
    CHANGE = "update roles set name = $3, case_scope = $4, case_contacts = $5, sms = $6, calls = $7, audit = $8, settings = $9 \
        where organization_id = $1 and id = $2 and is_default = 0";
    /// Who holds one.
    HOLDERS = "select user_id from role_assignments where organization_id = $1 and role_id = $2";
    /// An organization's own goes.
    REMOVE = "delete from roles where organization_id = $1 and id = $2 and is_default = 0";
    /// A user gets one.
    ASSIGN = "insert into role_assignments (organization_id, user_id, role_id) values ($1, $2, $3) on conflict do nothing";
    /// A user loses all.
    UNASSIGN = "delete from role_assignments where organization_id = $1 and user_id = $2";
}

/// Who made a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// It ships with Casewire.
    Platform,
    /// The organization defined it.
    Organization,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The role.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// Who made it.
    pub provenance: Provenance,
    /// What it grants.
    pub grant: Grant,
}

/// Adds a role; whether its name was free.
///
/// # Errors
/// [`StoreError`].
pub async fn add(
    tx: &mut Tx,
    tenant: Tenant,
    id: RoleId,
    name: &str,
    grant: &Grant,
    provenance: Provenance,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let role = params![
        tenant.organization(),
        id,
        name,
        provenance == Provenance::Platform,
        grant.scope.as_str(),
        grant.case_contacts.number(),
        grant.sms.number(),
        grant.calls.number(),
        grant.audit.number(),
        grant.settings.number(),
        now
    ];
    Ok(tx.execute(ADD, &role).await? > 0)
}

/// Every role of an organization.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant) -> Result<Vec<Role>, StoreError> {
    tx.rows(LIST, &params![tenant.organization()]).await?.iter().map(role).collect()
}

/// One role.
///
/// # Errors
/// [`StoreError`].
pub async fn read(tx: &mut Tx, tenant: Tenant, id: RoleId) -> Result<Option<Role>, StoreError> {
    tx.row(READ, &params![tenant.organization(), id])
        .await?
        .as_ref()
        .map(role)
        .transpose()
}

/// The role of a name.
///
/// # Errors
/// [`StoreError`].
pub async fn by_name(tx: &mut Tx, tenant: Tenant, name: &str) -> Result<Option<Role>, StoreError> {
    tx.row(BY_NAME, &params![tenant.organization(), name])
        .await?
        .as_ref()
        .map(role)
        .transpose()
}

/// Whether another role than this has the name.
///
/// # Errors
/// [`StoreError`].
pub async fn is_taken(tx: &mut Tx, tenant: Tenant, name: &str, but: RoleId) -> Result<bool, StoreError> {
    Ok(tx.row(TAKEN, &params![tenant.organization(), name, but]).await?.is_some())
}

/// Changes an organization's own role; whether it was one.
///
/// # Errors
/// [`StoreError`].
pub async fn change(tx: &mut Tx, tenant: Tenant, id: RoleId, name: &str, grant: &Grant) -> Result<bool, StoreError> {
    let role = params![
        tenant.organization(),
        id,
        name,
        grant.scope.as_str(),
        grant.case_contacts.number(),
        grant.sms.number(),
        grant.calls.number(),
        grant.audit.number(),
        grant.settings.number()
    ];
    Ok(tx.execute(CHANGE, &role).await? > 0)
}

/// Who holds a role.
///
/// # Errors
/// [`StoreError`].
pub async fn holders(tx: &mut Tx, tenant: Tenant, id: RoleId) -> Result<Vec<UserId>, StoreError> {
    tx.rows(HOLDERS, &params![tenant.organization(), id])
        .await?
        .iter()
        .map(|row| row.columns().id())
        .collect()
}

/// Removes an organization's own role that nobody holds; whether it was one.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, tenant: Tenant, id: RoleId) -> Result<bool, StoreError> {
    Ok(tx.execute(REMOVE, &params![tenant.organization(), id]).await? > 0)
}

/// Gives a user these roles and no others.
///
/// # Errors
/// [`StoreError`], a conflict where one of them is not of this organization.
pub async fn assign(tx: &mut Tx, tenant: Tenant, user: UserId, roles: &[RoleId]) -> Result<(), StoreError> {
    let mut statements = vec![(UNASSIGN, params![tenant.organization(), user].to_vec())];
    statements.extend(
        roles
            .iter()
            .map(|role| (ASSIGN, params![tenant.organization(), user, *role].to_vec())),
    );
    tx.pipeline(statements).await.map(drop)
}

/// Gives a user one role more.
///
/// # Errors
/// [`StoreError`], a conflict where it is not of this organization.
pub async fn assign_one(tx: &mut Tx, tenant: Tenant, user: UserId, role: RoleId) -> Result<(), StoreError> {
    tx.execute(ASSIGN, &params![tenant.organization(), user, role]).await.map(drop)
}

fn role(row: &Row) -> Result<Role, StoreError> {
    let mut columns = row.columns();
    Ok(Role {
        id: columns.id()?,
        name: columns.text()?,
        provenance: if columns.flag()? {
            Provenance::Platform
        } else {
            Provenance::Organization
        },
        grant: grant(&mut columns)?,
    })
}
