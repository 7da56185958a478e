//! Teams: groups of agents with supervisors, to which cases belong.

use std::collections::BTreeMap;

use casewire_core::access::Tenant;
use casewire_core::id::{TeamId, UserId};
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// A new one.
    ADD = "insert into teams (organization_id, id, name, created_at) values ($1, $2, $3, $4) on conflict do nothing";
    /// All of an organization with their members, a row per member.
    LIST = "select t.id, t.name, m.user_id from teams t \
        left join team_members m on m.organization_id = t.organization_id and m.team_id = t.id \
        where t.organization_id = $1 order by t.name, t.id, m.user_id";
    /// All of an organization, by name.
    NAMES = "select id, name from teams where organization_id = $1 order by name, id";
    /// Whether one exists.
    EXISTS = "select id from teams where organization_id = $1 and id = $2";
    /// One by its name.
    BY_NAME = "select id from teams where organization_id = $1 and name = $2";
    /// A new name.
    RENAME = "update teams set name = $3 where organization_id = $1 and id = $2";
    /// Its members.
    MEMBERS = "select user_id from team_members where organization_id = $1 and team_id = $2 order by user_id";
    /// All of its members leave.
    EMPTY = "delete from team_members where organization_id = $1 and team_id = $2";
    /// A user leaves all teams.
    LEAVE = "delete from team_members where organization_id = $1 and user_id = $2";
    /// A user joins.
    JOIN = "insert into team_members (organization_id, team_id, user_id) values ($1, $2, $3) on conflict do nothing";
}

/// A team and its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The team.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Who is in it.
    pub members: Vec<UserId>,
}

/// Adds a team; whether its name was free.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, id: TeamId, name: &str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(ADD, &params![tenant.organization(), id, name, now]).await? > 0)
}

/// Every team of an organization, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant) -> Result<Vec<Team>, StoreError> {
    let mut teams: BTreeMap<TeamId, Team> = BTreeMap::new();
    for row in &tx.rows(LIST, &params![tenant.organization()]).await? {
        let mut columns = row.columns();
        let (id, name, member) = (columns.id()?, columns.text()?, columns.opt_id::<UserId>()?);
        let team = teams.entry(id).or_insert_with(|| Team {
            id,
            name,
            members: Vec::new(),
        });
        team.members.extend(member);
    }
    let mut teams: Vec<Team> = teams.into_values().collect();
    teams.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(teams)
}

/// Every team of an organization without its members, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn names(tx: &mut Tx, tenant: Tenant) -> Result<Vec<(TeamId, String)>, StoreError> {
    let rows = tx.rows(NAMES, &params![tenant.organization()]).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok((columns.id()?, columns.text()?))
        })
        .collect()
}

/// Whether a team exists.
///
/// # Errors
/// [`StoreError`].
pub async fn exists(tx: &mut Tx, tenant: Tenant, id: TeamId) -> Result<bool, StoreError> {
    Ok(tx.row(EXISTS, &params![tenant.organization(), id]).await?.is_some())
}

/// The team of a name.
///
/// # Errors
/// [`StoreError`].
pub async fn by_name(tx: &mut Tx, tenant: Tenant, name: &str) -> Result<Option<TeamId>, StoreError> {
    tx.row(BY_NAME, &params![tenant.organization(), name])
        .await?
        .map(|row| row.columns().id())
        .transpose()
}

/// Renames a team, after [`by_name`] has shown that the name is free.
///
/// # Errors
/// [`StoreError`].
pub async fn rename(tx: &mut Tx, tenant: Tenant, id: TeamId, name: &str) -> Result<(), StoreError> {
    tx.execute(RENAME, &params![tenant.organization(), id, name]).await.map(drop)
}

/// Who is in a team.
///
/// # Errors
/// [`StoreError`].
pub async fn members(tx: &mut Tx, tenant: Tenant, id: TeamId) -> Result<Vec<UserId>, StoreError> {
    tx.rows(MEMBERS, &params![tenant.organization(), id])
        .await?
        .iter()
        .map(|row| row.columns().id())
        .collect()
}

/// Gives a team these members and no others.
///
/// # Errors
/// [`StoreError`], a conflict where one of them is not of this organization.
pub async fn set_members(tx: &mut Tx, tenant: Tenant, id: TeamId, members: &[UserId]) -> Result<(), StoreError> {
    let mut statements = vec![(EMPTY, params![tenant.organization(), id].to_vec())];
    statements.extend(
        members
            .iter()
            .map(|user| (JOIN, params![tenant.organization(), id, *user].to_vec())),
    );
    tx.pipeline(statements).await.map(drop)
}

/// Puts a user into these teams and no others.
///
/// # Errors
/// [`StoreError`], a conflict where one of them is not of this organization.
pub async fn put_into(tx: &mut Tx, tenant: Tenant, user: UserId, teams: &[TeamId]) -> Result<(), StoreError> {
    let mut statements = vec![(LEAVE, params![tenant.organization(), user].to_vec())];
    statements.extend(
        teams
            .iter()
            .map(|team| (JOIN, params![tenant.organization(), *team, user].to_vec())),
    );
    tx.pipeline(statements).await.map(drop)
}
