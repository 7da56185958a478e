//! Walls: what keeps a user from a case and everything in it, whatever their roles. Stored here; obeyed by `core::access` and
//! by [`crate::visible`].

use casewire_core::access::{OfficePermit, Tenant};
use casewire_core::id::{CaseId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Puts a wall up.
    ADD = "insert into walls (organization_id, case_id, user_id, added_by_user_id, created_at) values ($1, $2, $3, $4, $5) \
        on conflict do nothing";
    /// Takes a wall down.
    REMOVE = "delete from walls where organization_id = $1 and case_id = $2 and user_id = $3";
    /// The walls of a case.
    LIST = "select w.user_id, u.name, w.added_by_user_id, w.created_at from walls w \
        join users u on u.organization_id = w.organization_id and u.id = w.user_id \
        where w.organization_id = $1 and w.case_id = $2 order by w.created_at, w.user_id";
    /// All walls but those that keep the reader out, the latest first.
    REPORT = "select c.mycase_case_id, w.user_id, u.name, w.added_by_user_id, a.name, w.created_at, (select count(*) from audit_entries b \
        where b.organization_id = w.organization_id and b.user_id = w.user_id and b.case_id = w.case_id and b.kind = 'refusal' \
        and b.at >= w.created_at) from walls w join cases c on c.organization_id = w.organization_id and c.id = w.case_id \
        join users u on u.organization_id = w.organization_id and u.id = w.user_id \
        left join users a on a.organization_id = w.organization_id and a.id = w.added_by_user_id \
        where w.organization_id = $1 and not exists (select 1 from walls o where o.organization_id = w.organization_id \
        and o.case_id = w.case_id and o.user_id = $2) order by w.created_at desc, c.mycase_case_id, w.user_id limit 2000";
}

/// A wall as the report has it.
pub struct ReportedWall {
    /// The number of the case.
    pub mycase_case_id: String,
    /// Who is kept out.
    pub user: UserRef,
    /// Who put it up.
    pub added_by: Option<UserRef>,
    /// Since when.
    pub created_at: Timestamp,
    /// How often they asked for something of the case since then, and were refused.
    pub attempts: i64,
}

/// All walls of the organization, the latest first, but those around cases that the reader is kept from.
///
/// # Errors
/// [`StoreError`].
pub async fn report(tx: &mut Tx, permit: &OfficePermit) -> Result<Vec<ReportedWall>, StoreError> {
    let rows = tx.rows(REPORT, &params![permit.organization(), permit.user()]).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok(ReportedWall {
                mycase_case_id: columns.text()?,
                user: UserRef {
                    id: columns.id()?,
                    name: columns.text()?,
                },
                added_by: columns.opt_id()?.zip(columns.opt_text()?).map(|(id, name)| UserRef { id, name }),
                created_at: columns.time()?,
                attempts: columns.int()?,
            })
        })
        .collect()
}

/// A wall.
pub struct Wall {
    /// Who is kept out.
    pub user: UserRef,
    /// Who put it up.
    pub added_by_user_id: Option<UserId>,
    /// Since when.
    pub created_at: Timestamp,
}

/// Keeps a user from a case; whether that is new. The user is one of the organization's.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, case: CaseId, user: UserId, by: UserId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(ADD, &params![tenant.organization(), case, user, by, now]).await? == 1)
}

/// Lets a user near a case again; whether there was a wall.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, tenant: Tenant, case: CaseId, user: UserId) -> Result<bool, StoreError> {
    Ok(tx.execute(REMOVE, &params![tenant.organization(), case, user]).await? == 1)
}

/// The walls of a case, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant, case: CaseId) -> Result<Vec<Wall>, StoreError> {
    let rows = tx.rows(LIST, &params![tenant.organization(), case]).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok(Wall {
                user: UserRef {
                    id: columns.id()?,
                    name: columns.text()?,
                },
                added_by_user_id: columns.opt_id()?,
                created_at: columns.time()?,
            })
        })
        .collect()
}
