//! The opt-out ledger: one line per number that ever said STOP or START, or that the carrier reports as opted out. It only
//! moves forward in time, so that a STOP which is found late does not undo a newer START. Sends look here, inbound texts write.

use casewire_core::access::Tenant;
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{ContactId, MessageId};
use casewire_core::messaging::opt_out::{Keyword, OptOut};
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;

use crate::contacts;
use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Notes where a number stands, unless something newer is known.
    NOTE = "insert into opt_outs (organization_id, peer, state, keyword, message_id, at) values ($1, $2, $3, $4, $5, $6) \
        on conflict (organization_id, peer) do update set state = excluded.state, keyword = excluded.keyword, \
        message_id = excluded.message_id, at = excluded.at where opt_outs.at <= excluded.at";
    /// Where a number stands.
    STATE = "select state from opt_outs where organization_id = $1 and peer = $2";
    /// Who has a number.
    HOLDERS = "select contact_id from contact_phones where organization_id = $1 and e164 = $2 order by contact_id";
}

/// Notes where a number stands since `at`, because of `message`: the text that said so, or the one that the carrier refused
/// (then without a keyword). Whoever sees a contact with that number is told.
///
/// # Errors
/// [`StoreError`].
pub async fn note(
    tx: &mut Tx,
    tenant: Tenant,
    peer: &Address,
    state: OptOut,
    keyword: impl Into<Option<Keyword>>,
    message: MessageId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let before = self::state(tx, tenant, peer).await?;
    let keyword = keyword.into().map(Keyword::as_str);
    let noted = tx
        .execute(NOTE, &params![tenant.organization(), peer, state.as_str(), keyword, message, at])
        .await?;
    if noted == 0 || before == state {
        return Ok(());
    }
    for row in tx.rows(HOLDERS, &params![tenant.organization(), peer]).await? {
        let contact: ContactId = row.columns().id()?;
        if let Some(view) = contacts::view(tx, tenant, contact).await? {
            let event = Event::ContactChanged { contact: Box::new(view) };
            tx.emit(
                tenant.organization(),
                NewEvent {
                    audience: Audience::Contact(contact),
                    event,
                },
            );
        }
    }
    Ok(())
}

/// Where a number stands; one that the ledger does not know may be written to.
///
/// # Errors
/// [`StoreError`].
pub async fn state(tx: &mut Tx, tenant: Tenant, peer: &Address) -> Result<OptOut, StoreError> {
    let row = tx.row(STATE, &params![tenant.organization(), peer]).await?;
    row.map_or(Ok(OptOut::default()), |row| row.columns().parsed())
}
