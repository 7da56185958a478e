//! What decides who reaches a case: its team, who is assigned, who is walled. Loaded in one statement, whether for one case or
//! for many; the decision itself is `core::access`.

use std::collections::BTreeMap;

use casewire_core::access::{CaseReach, Tenant};
use casewire_core::id::{CaseId, UserId};

use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

/// How many cases [`REACHES`] asks for at once.
const AT_ONCE: usize = 16;

/// The kinds of rows below: the case itself, a user assigned to it, a user walled from it.
const CASE: i64 = 0;
const ASSIGNED: i64 = 1;

statements! {
    /// By the number outside.
    REACH = "select 0 as kind, c.id, c.team_id as other from cases c where c.organization_id = $1 and c.mycase_case_id = $2
        union all
        select 1, u.case_id, u.user_id from cases c
        join case_users u on u.organization_id = c.organization_id and u.case_id = c.id
        where c.organization_id = $1 and c.mycase_case_id = $2
        union all
        select 2, w.case_id, w.user_id from cases c
        join walls w on w.organization_id = c.organization_id and w.case_id = c.id
        where c.organization_id = $1 and c.mycase_case_id = $2
        order by 1";
    /// By ids; the last is repeated to fill the places.
    REACHES = "select 0 as kind, c.id, c.team_id as other from cases c where c.organization_id = $1
        and c.id in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        union all
        select 1, u.case_id, u.user_id from case_users u where u.organization_id = $1
        and u.case_id in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        union all
        select 2, w.case_id, w.user_id from walls w where w.organization_id = $1
        and w.case_id in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        order by 1";
}

/// What decides who reaches the case with this number; none where there is no such case.
///
/// # Errors
/// [`StoreError`].
pub async fn reach(tx: &mut Tx, tenant: Tenant, mycase_case_id: &str) -> Result<Option<CaseReach>, StoreError> {
    let rows = tx.rows(REACH, &params![tenant.organization(), mycase_case_id]).await?;
    Ok(gather(tenant, &rows)?.into_values().next())
}

/// What decides who reaches this case; none where there is no such case in the organization.
///
/// # Errors
/// [`StoreError`].
pub async fn reach_by_id(tx: &mut Tx, tenant: Tenant, case_id: CaseId) -> Result<Option<CaseReach>, StoreError> {
    Ok(reaches(tx, tenant, &[case_id]).await?.pop())
}

/// What decides who reaches each of these cases, ordered by id; those that are not the organization's are left out.
/// One statement for up to 16 cases.
///
/// # Errors
/// [`StoreError`].
pub async fn reaches(tx: &mut Tx, tenant: Tenant, cases: &[CaseId]) -> Result<Vec<CaseReach>, StoreError> {
    let mut found = BTreeMap::new();
    for some in cases.chunks(AT_ONCE) {
        let Some(last) = some.last() else { continue };
        let places = some.iter().chain(std::iter::repeat(last)).take(AT_ONCE).copied().map(Value::from);
        let parameters: Vec<Value> = std::iter::once(Value::from(tenant.organization())).chain(places).collect();
        found.append(&mut gather(tenant, &tx.rows(REACHES, &parameters).await?)?);
    }
    Ok(found.into_values().collect())
}

/// Puts the rows together, those of the cases themselves first.
fn gather(tenant: Tenant, rows: &[Row]) -> Result<BTreeMap<CaseId, CaseReach>, StoreError> {
    let mut found: BTreeMap<CaseId, CaseReach> = BTreeMap::new();
    for row in rows {
        let mut columns = row.columns();
        let kind = columns.int()?;
        let case_id = columns.id::<CaseId>()?;
        if kind == CASE {
            let reach = CaseReach {
                organization_id: tenant.organization(),
                case_id,
                team_id: columns.opt_id()?,
                assigned: [].into(),
                walled: [].into(),
            };
            found.insert(case_id, reach);
        } else if let Some(reach) = found.get_mut(&case_id) {
            let users = if kind == ASSIGNED { &mut reach.assigned } else { &mut reach.walled };
            users.insert(columns.id::<UserId>()?);
        }
    }
    Ok(found)
}
