//! What keeps the database from growing without end, and what recurring jobs are queued for: expired sign-ins, old idempotency
//! keys, and the organizations and numbers there are. The event log is trimmed in [`crate::events`].

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::id::{NumberId, OrganizationId};
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Every organization.
    ORGANIZATIONS = "select id from organizations order by id";
    /// Every number in use, with its owner.
    NUMBERS = "select organization_id, id from organization_numbers where is_active = 1 order by organization_id, id";
    /// Drops sign-ins that have expired or idled.
    DROP_SIGN_INS = "delete from sign_ins where organization_id = $1 and (expires_at <= $2 or (kind = 'session' and seen_at <= $3))";
    /// Drops keys of unsafe requests that will not be repeated any more.
    DROP_IDEMPOTENCY_KEYS = "delete from idempotency_keys where organization_id = $1 and created_at <= $2";
}

/// The organizations and their numbers in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upkept {
    /// Every organization.
    pub organizations: Vec<Tenant>,
    /// Every number in use.
    pub numbers: Vec<(Tenant, NumberId)>,
}

/// The organizations and their numbers in use.
///
/// # Errors
/// [`StoreError`].
#[expect(clippy::disallowed_methods, reason = "the rows name their owners")]
pub async fn upkept(tx: &mut Tx) -> Result<Upkept, StoreError> {
    let organizations = tx.rows(ORGANIZATIONS, &[]).await?;
    let numbers = tx.rows(NUMBERS, &[]).await?;
    Ok(Upkept {
        organizations: organizations
            .iter()
            .map(|row| row.columns().id().map(Tenant::of_row))
            .collect::<Result<_, _>>()?,
        numbers: numbers
            .iter()
            .map(|row| {
                let mut c = row.columns();
                Ok((Tenant::of_row(c.id::<OrganizationId>()?), c.id()?))
            })
            .collect::<Result<_, StoreError>>()?,
    })
}

/// Drops sign-ins that have expired by `now` or idled for `idle`. How many.
///
/// # Errors
/// [`StoreError`].
pub async fn drop_sign_ins(tx: &mut Tx, tenant: Tenant, now: Timestamp, idle: Duration) -> Result<u64, StoreError> {
    tx.execute(DROP_SIGN_INS, &params![tenant.organization(), now, now.minus(idle)])
        .await
}

/// Drops idempotency keys of requests made at `until` or before. How many.
///
/// # Errors
/// [`StoreError`].
pub async fn drop_idempotency_keys(tx: &mut Tx, tenant: Tenant, until: Timestamp) -> Result<u64, StoreError> {
    tx.execute(DROP_IDEMPOTENCY_KEYS, &params![tenant.organization(), until]).await
}
