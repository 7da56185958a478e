//! The rights of users as their roles and teams give them now: what [`Access`] is made of. One statement, one row per pair of
//! role and team. Only active users have rights.

use std::collections::BTreeSet;

use casewire_core::access::{Access, CaseScope, Grant, Level, Tenant};
use casewire_core::id::{OrganizationId, RoleId, TeamId, UserId};

use crate::error::StoreError;
use crate::params;
use crate::row::Columns;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// The roles and teams of an active user, a row per pair.
    OF_USER = "select u.organization_id, u.id, tm.team_id, \
        r.id, r.case_scope, r.case_contacts, r.sms, r.calls, r.audit, r.settings \
        from users u \
        left join team_members tm on tm.organization_id = u.organization_id and tm.user_id = u.id \
        left join role_assignments ra on ra.organization_id = u.organization_id and ra.user_id = u.id \
        left join roles r on r.organization_id = ra.organization_id and r.id = ra.role_id \
        where u.organization_id = $1 and u.id = $2 and u.is_active = 1";
}

/// The rights of a user now; none where the user is not active or not of that organization.
///
/// # Errors
/// [`StoreError`].
pub async fn of_user(tx: &mut Tx, tenant: Tenant, user: UserId) -> Result<Option<Access>, StoreError> {
    let rows = tx.rows(OF_USER, &params![tenant.organization(), user]).await?;
    let mut gathered = None;
    for row in &rows {
        gather(&mut gathered, &mut row.columns())?;
    }
    Ok(gathered.map(Gathered::access))
}

/// What the rows of one user add up to.
pub(crate) struct Gathered {
    organization: OrganizationId,
    user: UserId,
    teams: BTreeSet<TeamId>,
    roles: Vec<RoleId>,
    grants: Vec<Grant>,
}

impl Gathered {
    /// The rights.
    pub(crate) fn access(self) -> Access {
        Access::new(self.organization, self.user, self.teams, self.grants)
    }
}

/// Takes in the columns organization, user, team, role, scope and the five levels.
pub(crate) fn gather(gathered: &mut Option<Gathered>, columns: &mut Columns<'_>) -> Result<(), StoreError> {
    let (organization, user) = (columns.id()?, columns.id()?);
    let gathered = gathered.get_or_insert_with(|| Gathered {
        organization,
        user,
        teams: BTreeSet::new(),
        roles: Vec::new(),
        grants: Vec::new(),
    });
    gathered.teams.extend(columns.opt_id::<TeamId>()?);
    if let Some(role) = columns.opt_id::<RoleId>()?
        && !gathered.roles.contains(&role)
    {
        gathered.roles.push(role);
        gathered.grants.push(grant(columns)?);
    }
    Ok(())
}

/// Reads scope and levels, in the order of the table.
pub(crate) fn grant(columns: &mut Columns<'_>) -> Result<Grant, StoreError> {
    let scope = columns.text_as(CaseScope::from_word)?;
    let mut level = || columns.int_as(Level::from_number);
    Ok(Grant {
        scope,
        case_contacts: level()?,
        sms: level()?,
        calls: level()?,
        audit: level()?,
        settings: level()?,
    })
}
