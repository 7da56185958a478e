//! Dismissals: a user hides a text from their own view of one case, or of "Unknown sender". They change nobody else's view.

use casewire_core::access::Tenant;
use casewire_core::id::{CaseId, Id as _, MessageId, UserId};
use casewire_core::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Hides a text.
    INSERT = "insert into sms_dismissals (organization_id, message_id, case_id, user_id, at) values ($1, $2, $3, $4, $5) on conflict do nothing";
    /// Shows it again.
    DELETE = "delete from sms_dismissals where organization_id = $1 and message_id = $2 and case_id = $3 and user_id = $4";
    /// Who hid a text, and where.
    OF_MESSAGE = "select case_id, user_id from sms_dismissals where organization_id = $1 and message_id = $2 order by case_id, user_id";
    /// Locks a text, so that the last two of its readers who dismiss it at once see each other.
    LOCK = "update sms_history set version = version + 1 where organization_id = $1 and id = $2";
}

/// The place that a dismissal counts in, as the database holds it: a case, or nil for "Unknown sender".
fn place(case: Option<CaseId>) -> Uuid {
    case.map_or(Uuid::nil(), |case| case.uuid())
}

/// Keeps others from dismissing the same text until this act ends.
///
/// # Errors
/// [`StoreError`].
pub async fn lock(tx: &mut Tx, tenant: Tenant, message: MessageId) -> Result<(), StoreError> {
    tx.execute(LOCK, &params![tenant.organization(), message]).await.map(drop)
}

/// Hides a text from a user's view of a case (none: "Unknown sender"). False where it was hidden already.
///
/// # Errors
/// [`StoreError`].
pub async fn dismiss(
    tx: &mut Tx,
    tenant: Tenant,
    message: MessageId,
    case: Option<CaseId>,
    user: UserId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx
        .execute(INSERT, &params![tenant.organization(), message, place(case), user, at])
        .await?
        == 1)
}

/// Shows a text again. False where it was not hidden.
///
/// # Errors
/// [`StoreError`].
pub async fn undismiss(tx: &mut Tx, tenant: Tenant, message: MessageId, case: Option<CaseId>, user: UserId) -> Result<bool, StoreError> {
    Ok(tx
        .execute(DELETE, &params![tenant.organization(), message, place(case), user])
        .await?
        == 1)
}

/// Who hid a text from their view, and of which case; not of "Unknown sender".
///
/// # Errors
/// [`StoreError`].
pub async fn of_message(tx: &mut Tx, tenant: Tenant, message: MessageId) -> Result<Vec<(CaseId, UserId)>, StoreError> {
    let rows = tx.rows(OF_MESSAGE, &params![tenant.organization(), message]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut columns = row.columns();
        let (case, user) = (columns.uuid()?, columns.id()?);
        if !case.is_nil() {
            found.push((CaseId::from_uuid(case), user));
        }
    }
    Ok(found)
}
