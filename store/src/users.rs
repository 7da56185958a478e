//! Accounts: e-mail, name, password hash, and whether they are active. Refuses to hand out a password hash but to a sign-in.
//! What a user may do: [`crate::access`].

use std::collections::BTreeMap;

use casewire_core::access::Tenant;
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{OrganizationId, RoleId, TeamId, UserId};
use casewire_core::time::Timestamp;

use crate::attention;
use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

macro_rules! columns {
    () => {
        "select u.id, u.email, u.name, u.is_active, u.created_at, u.updated_at, ra.role_id, tm.team_id from users u \
         left join role_assignments ra on ra.organization_id = u.organization_id and ra.user_id = u.id \
         left join team_members tm on tm.organization_id = u.organization_id and tm.user_id = u.id "
    };
}

statements! {
    /// A new one.
    ADD = "insert into users (organization_id, id, email, name, password_hash, is_active, created_at, updated_at) \
        values ($1, $2, $3, $4, $5, 1, $6, $6) on conflict do nothing";
    /// Whose e-mail it is, for a sign-in.
    BY_EMAIL = "select organization_id, id, password_hash, is_active from users where email = $1";
    /// All of an organization with roles and teams, a row per pair.
    LIST = concat!(columns!(), "where u.organization_id = $1 order by u.created_at, u.id");
    /// One with roles and teams, a row per pair.
    READ = concat!(columns!(), "where u.organization_id = $1 and u.id = $2");
    /// A name.
    NAME = "select name from users where organization_id = $1 and id = $2";
    /// The names of those who can sign in.
    NAMES = "select id, name from users where organization_id = $1 and is_active = 1 order by name, id";
    /// New name and standing.
    CHANGE = "update users set name = $3, is_active = $4, updated_at = $5 where organization_id = $1 and id = $2";
    /// A new password.
    SET_PASSWORD = "update users set password_hash = $3, updated_at = $4 where organization_id = $1 and id = $2";
    /// Locks one that is about to change.
    LOCK = "update users set updated_at = $3 where organization_id = $1 and id = $2";
    /// How many other active users manage settings.
    OTHER_ADMINS = "select cast(count(distinct u.id) as bigint) from users u \
        join role_assignments ra on ra.organization_id = u.organization_id and ra.user_id = u.id \
        join roles r on r.organization_id = ra.organization_id and r.id = ra.role_id \
        where u.organization_id = $1 and u.id <> $2 and u.is_active = 1 and r.settings = 3";
    /// How many active users manage settings by another role than this.
    ADMINS_BY_OTHER_ROLES = "select cast(count(distinct u.id) as bigint) from users u \
        join role_assignments ra on ra.organization_id = u.organization_id and ra.user_id = u.id \
        join roles r on r.organization_id = ra.organization_id and r.id = ra.role_id \
        where u.organization_id = $1 and r.id <> $2 and u.is_active = 1 and r.settings = 3";
}

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can.
    Active,
    /// It cannot; all it did stays.
    Inactive,
}

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The user.
    pub id: UserId,
    /// Their e-mail address, in lower case.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether the account can be used.
    pub standing: Standing,
    /// Since when.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// Their roles.
    pub roles: Vec<RoleId>,
    /// Their teams.
    pub teams: Vec<TeamId>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("standing", &self.standing)
            .finish_non_exhaustive()
    }
}

/// An account to be stored.
#[derive(Clone)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// The e-mail address, in lower case.
    pub email: String,
    /// The name.
    pub name: String,
    /// The hash of the password.
    pub password_hash: String,
}

/// What a sign-in needs to know.
#[derive(Clone)]
pub struct Credentials {
    /// The organization.
    pub tenant: Tenant,
    /// The user.
    pub user: UserId,
    /// The hash of the password.
    pub password_hash: String,
    /// Whether the account can be used.
    pub standing: Standing,
}

/// Adds an account; whether its e-mail address was free, in all organizations.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, new: &NewUser, now: Timestamp) -> Result<bool, StoreError> {
    let user = params![tenant.organization(), new.id, &new.email, &new.name, &new.password_hash, now];
    Ok(tx.execute(ADD, &user).await? > 0)
}

/// What a sign-in by this e-mail address needs to know.
///
/// # Errors
/// [`StoreError`].
#[expect(clippy::disallowed_methods, reason = "the row of the account names its organization")]
pub async fn credentials(tx: &mut Tx, email: &str) -> Result<Option<Credentials>, StoreError> {
    let Some(row) = tx.row(BY_EMAIL, &params![email]).await? else {
        return Ok(None);
    };
    let mut columns = row.columns();
    Ok(Some(Credentials {
        tenant: Tenant::of_row(columns.id::<OrganizationId>()?),
        user: columns.id()?,
        password_hash: columns.text()?,
        standing: standing(columns.flag()?),
    }))
}

/// Every account of an organization, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant) -> Result<Vec<User>, StoreError> {
    gather(&tx.rows(LIST, &params![tenant.organization()]).await?)
}

/// One account.
///
/// # Errors
/// [`StoreError`].
pub async fn read(tx: &mut Tx, tenant: Tenant, id: UserId) -> Result<Option<User>, StoreError> {
    Ok(gather(&tx.rows(READ, &params![tenant.organization(), id]).await?)?.pop())
}

/// The name of a user, active or not.
///
/// # Errors
/// [`StoreError`].
pub async fn name(tx: &mut Tx, tenant: Tenant, id: UserId) -> Result<Option<String>, StoreError> {
    tx.row(NAME, &params![tenant.organization(), id])
        .await?
        .map(|row| row.columns().text())
        .transpose()
}

/// Everybody of an organization who can sign in, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn names(tx: &mut Tx, tenant: Tenant) -> Result<Vec<(UserId, String)>, StoreError> {
    let rows = tx.rows(NAMES, &params![tenant.organization()]).await?;
    rows.iter().map(named).collect()
}

fn named(row: &Row) -> Result<(UserId, String), StoreError> {
    let mut columns = row.columns();
    Ok((columns.id()?, columns.text()?))
}

/// Locks an account that is about to change; whether it exists.
///
/// # Errors
/// [`StoreError`].
pub async fn lock(tx: &mut Tx, tenant: Tenant, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(LOCK, &params![tenant.organization(), id, now]).await? > 0)
}

/// Changes name and standing.
///
/// # Errors
/// [`StoreError`].
pub async fn change(tx: &mut Tx, tenant: Tenant, id: UserId, name: &str, to: Standing, now: Timestamp) -> Result<(), StoreError> {
    let change = params![tenant.organization(), id, name, to == Standing::Active, now];
    tx.execute(CHANGE, &change).await.map(drop)
}

/// Stores the hash of a new password.
///
/// # Errors
/// [`StoreError`].
pub async fn set_password(tx: &mut Tx, tenant: Tenant, id: UserId, hash: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(SET_PASSWORD, &params![tenant.organization(), id, hash, now])
        .await
        .map(drop)
}

/// How many other active users could manage settings if this one could not.
///
/// # Errors
/// [`StoreError`].
pub async fn other_admins(tx: &mut Tx, tenant: Tenant, but: UserId) -> Result<i64, StoreError> {
    match tx.row(OTHER_ADMINS, &params![tenant.organization(), but]).await? {
        Some(row) => row.columns().int(),
        None => Ok(0),
    }
}

/// How many active users could manage settings if this role did not let them.
///
/// # Errors
/// [`StoreError`].
pub async fn admins_by_other_roles(tx: &mut Tx, tenant: Tenant, but: RoleId) -> Result<i64, StoreError> {
    match tx.row(ADMINS_BY_OTHER_ROLES, &params![tenant.organization(), but]).await? {
        Some(row) => row.columns().int(),
        None => Ok(0),
    }
}

/// The last step of every act that changed what users may do: tells everybody, and looks again at what nobody can see now.
/// `user` is none where many are concerned.
///
/// # Errors
/// [`StoreError`].
pub async fn rights_changed(tx: &mut Tx, tenant: Tenant, user: Option<UserId>, now: Timestamp) -> Result<(), StoreError> {
    let event = Event::AccessChanged { user_id: user };
    tx.emit(
        tenant.organization(),
        NewEvent {
            audience: Audience::Everyone,
            event,
        },
    );
    attention::recheck_cases(tx, tenant, None, now).await
}

const fn standing(is_active: bool) -> Standing {
    if is_active { Standing::Active } else { Standing::Inactive }
}

/// Rows of one user stand together or not: the order of the first ones is kept.
fn gather(rows: &[Row]) -> Result<Vec<User>, StoreError> {
    let mut order = Vec::new();
    let mut users: BTreeMap<UserId, User> = BTreeMap::new();
    for row in rows {
        let mut columns = row.columns();
        let id = columns.id()?;
        let mut read = User {
            id,
            email: columns.text()?,
            name: columns.text()?,
            standing: standing(columns.flag()?),
            created_at: columns.time()?,
            updated_at: columns.time()?,
            roles: columns.opt_id()?.into_iter().collect(),
            teams: columns.opt_id()?.into_iter().collect(),
        };
        let Some(user) = users.get_mut(&id) else {
            order.push(id);
            users.insert(id, read);
            continue;
        };
        user.roles.append(&mut read.roles);
        user.teams.append(&mut read.teams);
    }
    for user in users.values_mut() {
        user.roles.sort_unstable();
        user.roles.dedup();
        user.teams.sort_unstable();
        user.teams.dedup();
    }
    Ok(order.into_iter().filter_map(|id| users.remove(&id)).collect())
}
