//! Softphones: which browser tab of a user takes their calls. One per user, by a lease that the tab renews; another one gets it when
//! the lease is over, or by asking for it. Refuses to judge who may call.

use casewire_core::access::Tenant;
use casewire_core::id::UserId;
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// The softphone of a user.
    FIND = "select softphone_id, elected_at, expires_at from softphones where organization_id = $1 and user_id = $2";
    /// Elects a softphone, or renews its lease, where no other one holds it, or where `$6` says to take it over.
    ELECT = "insert into softphones (organization_id, user_id, softphone_id, elected_at, expires_at) values ($1, $2, $3, $4, $5) \
        on conflict (organization_id, user_id) do update set \
        elected_at = case when softphones.softphone_id = excluded.softphone_id and softphones.expires_at > $4 \
            then softphones.elected_at else excluded.elected_at end, \
        softphone_id = excluded.softphone_id, expires_at = excluded.expires_at \
        where softphones.softphone_id = excluded.softphone_id or softphones.expires_at <= $4 or cast($6 as bigint) = 1";
    /// Gives it up.
    RELEASE = "delete from softphones where organization_id = $1 and user_id = $2 and softphone_id = $3";
}

/// The softphone of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Softphone {
    /// The tab's own name of itself.
    pub id: String,
    /// Since when.
    pub elected_at: Timestamp,
    /// Until when, without a sign of life.
    pub expires_at: Timestamp,
}

/// Whether another softphone may be pushed aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Only where its lease is over.
    Wait,
    /// In any case.
    TakeOver,
}

/// The softphone of a user, alive or not.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, tenant: Tenant, user: UserId) -> Result<Option<Softphone>, StoreError> {
    let row = tx.row(FIND, &params![tenant.organization(), user]).await?;
    row.map(|row| {
        let mut c = row.columns();
        Ok(Softphone {
            id: c.text()?,
            elected_at: c.time()?,
            expires_at: c.time()?,
        })
    })
    .transpose()
}

/// Elects a softphone or renews its lease; which one is elected then.
///
/// # Errors
/// [`StoreError`].
pub async fn elect(
    tx: &mut Tx,
    tenant: Tenant,
    user: UserId,
    id: &str,
    claim: Claim,
    now: Timestamp,
    until: Timestamp,
) -> Result<Softphone, StoreError> {
    let params = params![tenant.organization(), user, id, now, until, claim == Claim::TakeOver];
    tx.execute(ELECT, &params).await?;
    find(tx, tenant, user)
        .await?
        .ok_or_else(|| StoreError::bug("an elected softphone is not there"))
}

/// Gives a lease up; false where this softphone had none.
///
/// # Errors
/// [`StoreError`].
pub async fn release(tx: &mut Tx, tenant: Tenant, user: UserId, id: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(RELEASE, &params![tenant.organization(), user, id]).await? == 1)
}
