//! The chain as it is verified: its entries in order, from any point, a stretch at a time, whoever they are of. For the job that
//! signs, for exports and for `casewire verify`; refuses to judge.

use casewire_core::access::Tenant;
use casewire_core::audit::{AuditEntry, Hash};

use crate::audit::read_entry;
use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// A stretch of a chain.
    STRETCH = "select seq, at, kind, user_id, act, subject, case_id, contact_id, outcome, detail, hash from audit_entries \
        where organization_id = $1 and seq > $2 order by seq limit $3";
}

/// The entries after one, in order, at most `limit`, each with the hash that stands beside it.
///
/// # Errors
/// [`StoreError`]; [`StoreError::Corrupt`] where an entry holds what none can.
pub async fn stretch(tx: &mut Tx, tenant: Tenant, after: i64, limit: u32) -> Result<Vec<(AuditEntry, Hash)>, StoreError> {
    let rows = tx.rows(STRETCH, &params![tenant.organization(), after, limit]).await?;
    rows.iter()
        .map(|row| read_entry(tenant.organization(), &mut row.columns()))
        .collect()
}
