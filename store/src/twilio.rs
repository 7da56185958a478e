//! What is known of calls at Twilio beside how they stand: their conferences here, their legs in [`legs`], what Twilio is to be asked
//! in [`orders`], what it recorded in [`recordings`], and which of its webhooks were taken in. Refuses to decide: the acts do.

pub mod legs;
pub mod orders;
pub mod recordings;

use casewire_core::access::Tenant;
use casewire_core::id::CallId;
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Notes that a call is at Twilio.
    OPEN = "insert into twilio_calls (organization_id, call_id, account_sid, conference_sid, roll, touched_at) \
        values ($1, $2, $3, null, $4, $5) on conflict do nothing";
    /// Locks what is known of a call at Twilio until the end of the transaction.
    LOCK = "update twilio_calls set touched_at = $3 where organization_id = $1 and call_id = $2 returning account_sid, conference_sid, roll";
    /// Keeps who is in the conference.
    KEEP = "update twilio_calls set conference_sid = coalesce(conference_sid, $3), roll = $4 where organization_id = $1 and call_id = $2";
    /// Notes that a webhook was taken in, once.
    SEE = "insert into twilio_seen (organization_id, webhook, at) values ($1, $2, $3) on conflict do nothing";
    /// Forgets those that come no more.
    FORGET = "delete from twilio_seen where organization_id = $1 and at < $2";
}

/// A call at Twilio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwilioCall {
    /// The account.
    pub account_sid: String,
    /// Its conference, once one came to be.
    pub conference_sid: Option<String>,
    /// Who is in the conference, as JSON of the carriers' crate.
    pub roll: String,
}

/// Notes that a call is at Twilio; once more is no error.
///
/// # Errors
/// [`StoreError`].
pub async fn open(tx: &mut Tx, tenant: Tenant, call: CallId, account_sid: &str, roll: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(OPEN, &params![tenant.organization(), call, account_sid, roll, now])
        .await
        .map(drop)
}

/// Locks what is known of a call at Twilio; none where it is not there.
///
/// # Errors
/// [`StoreError`].
pub async fn lock(tx: &mut Tx, tenant: Tenant, call: CallId, now: Timestamp) -> Result<Option<TwilioCall>, StoreError> {
    let row = tx.row(LOCK, &params![tenant.organization(), call, now]).await?;
    row.map(|row| {
        let mut c = row.columns();
        Ok(TwilioCall {
            account_sid: c.text()?,
            conference_sid: c.opt_text()?,
            roll: c.text()?,
        })
    })
    .transpose()
}

/// Keeps the conference of a call, where that is not known yet, and who is in it.
///
/// # Errors
/// [`StoreError`].
pub async fn keep(tx: &mut Tx, tenant: Tenant, call: CallId, known: &TwilioCall) -> Result<(), StoreError> {
    let params = params![tenant.organization(), call, known.conference_sid.clone(), known.roll.as_str()];
    tx.execute(KEEP, &params).await.map(drop)
}

/// Notes that a webhook is taken in with this transaction; false where it was before.
///
/// # Errors
/// [`StoreError`].
pub async fn see(tx: &mut Tx, tenant: Tenant, webhook: &str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(SEE, &params![tenant.organization(), webhook, now]).await? == 1)
}

/// Forgets the webhooks that were taken in before a time.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_seen(tx: &mut Tx, tenant: Tenant, before: Timestamp) -> Result<(), StoreError> {
    tx.execute(FORGET, &params![tenant.organization(), before]).await.map(drop)
}
