//! What the live hub reads besides the log: the rights of everybody who is signed in to an organization, in three statements
//! however many they are, and the cases through which a contact is seen. Refuses to decide: `server/src/live/` does.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use casewire_core::access::{Access, CaseReach, Grant, Tenant};
use casewire_core::id::{CaseId, ContactId, SessionId, TeamId, UserId};
use casewire_core::time::Timestamp;

use crate::access::grant;
use crate::cases;
use crate::error::StoreError;
use crate::params;
use crate::sign_ins::EMBED_IDLE;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Who is signed in, in a browser or as a program, and active.
    SIGNED_IN = "select s.id, s.user_id from sign_ins s \
        join users u on u.organization_id = s.organization_id and u.id = s.user_id \
        where s.organization_id = $1 and s.expires_at > $2 and u.is_active = 1 and (s.kind = 'token' \
            or s.kind = 'session' and s.seen_at > $3 or s.kind = 'embed' and s.seen_at > $4)";
    /// What the roles of each user grant.
    GRANTS = "select ra.user_id, r.case_scope, r.case_contacts, r.sms, r.calls, r.audit, r.settings from role_assignments ra \
        join roles r on r.organization_id = ra.organization_id and r.id = ra.role_id where ra.organization_id = $1";
    /// The teams of each user.
    TEAMS = "select user_id, team_id from team_members where organization_id = $1";
    /// The cases that a contact is on, as the client or linked.
    CASES_OF_CONTACT = "select c.id from cases c where c.organization_id = $1 and c.client_contact_id = $2 \
        union select cc.case_id from case_contacts cc where cc.organization_id = $1 and cc.contact_id = $2 and cc.removed_at is null";
    /// Whether a contact is a lead.
    IS_LEAD = "select 1 from leads where organization_id = $1 and contact_id = $2 limit 1";
}

/// The rights of everybody who is signed in, by sign-in. Whoever signed out, expired or was deactivated is not in it.
pub type SignedIn = HashMap<SessionId, Arc<Access>>;

/// The rights of everybody who is signed in to the organization at `now`: not expired, and not idle for `idle`, as
/// [`crate::sign_ins::find`] has it.
///
/// # Errors
/// [`StoreError`].
pub async fn signed_in(tx: &mut Tx, tenant: Tenant, now: Timestamp, idle: Duration) -> Result<SignedIn, StoreError> {
    let organization = tenant.organization();
    let params = params![organization, now, now.minus(idle), now.minus(EMBED_IDLE)];
    let sign_ins = tx.rows(SIGNED_IN, &params).await?;
    if sign_ins.is_empty() {
        return Ok(SignedIn::new());
    }
    let mut grants: HashMap<UserId, Vec<Grant>> = HashMap::new();
    for row in tx.rows(GRANTS, &params![organization]).await? {
        let mut c = row.columns();
        grants.entry(c.id()?).or_default().push(grant(&mut c)?);
    }
    let mut teams: HashMap<UserId, BTreeSet<TeamId>> = HashMap::new();
    for row in tx.rows(TEAMS, &params![organization]).await? {
        let mut c = row.columns();
        teams.entry(c.id()?).or_default().insert(c.id()?);
    }
    let mut users: HashMap<UserId, Arc<Access>> = HashMap::new();
    let mut found = SignedIn::with_capacity(sign_ins.len());
    for row in sign_ins {
        let mut c = row.columns();
        let (sign_in, user) = (c.id()?, c.id::<UserId>()?);
        let access = users.entry(user).or_insert_with(|| {
            let (teams, grants) = (teams.remove(&user).unwrap_or_default(), grants.remove(&user).unwrap_or_default());
            Arc::new(Access::new(organization, user, teams, grants))
        });
        found.insert(sign_in, Arc::clone(access));
    }
    Ok(found)
}

/// Through what a contact is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactReach {
    /// The cases that they are on, as the client or linked.
    pub cases: Vec<CaseReach>,
    /// Whether they are a lead.
    pub is_lead: bool,
}

/// Through what a contact is seen.
///
/// # Errors
/// [`StoreError`].
pub async fn contact_reach(tx: &mut Tx, tenant: Tenant, contact: ContactId) -> Result<ContactReach, StoreError> {
    let rows = tx.rows(CASES_OF_CONTACT, &params![tenant.organization(), contact]).await?;
    let on = rows.iter().map(|row| row.columns().id()).collect::<Result<Vec<CaseId>, _>>()?;
    let is_lead = tx.row(IS_LEAD, &params![tenant.organization(), contact]).await?.is_some();
    Ok(ContactReach {
        cases: cases::reaches(tx, tenant, &on).await?,
        is_lead,
    })
}
