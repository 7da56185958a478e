//! Sessions: when the carrier last accepted a text to a contact in a case (OMNI-001). Routing looks at them for 48 hours. They
//! only move forward, however late news of an acceptance comes. Refuses to judge which text opens one: the hand-over does.

use casewire_core::access::Tenant;
use casewire_core::id::{CaseId, ContactId, MessageId};
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Opens a session, or renews it where it is older.
    OPEN = "insert into sms_sessions (organization_id, contact_id, case_id, opened_at, message_id) values ($1, $2, $3, $4, $5) \
        on conflict (organization_id, contact_id, case_id) do update set opened_at = excluded.opened_at, message_id = excluded.message_id \
        where sms_sessions.opened_at < excluded.opened_at";
}

/// Opens the session of a contact in a case at `opened_at`, when the carrier accepted `message`; nothing where it is newer.
///
/// # Errors
/// [`StoreError`].
pub async fn open(
    tx: &mut Tx,
    tenant: Tenant,
    (contact, case): (ContactId, CaseId),
    message: MessageId,
    opened_at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(OPEN, &params![tenant.organization(), contact, case, opened_at, message])
        .await
        .map(drop)
}
