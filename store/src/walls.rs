//! Walls: what keeps a user from a case and everything in it, whatever their roles. Stored here; obeyed by `core::access` and
//! by [`crate::visible`].

use casewire_core::access::Tenant;
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
