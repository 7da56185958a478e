//! What comparing with the carrier needs: who owns a number, up to when its texts were compared, which of the carrier's texts
//! are here, and which parts of ours nobody has told anything about for too long. Refuses to ask the carrier: the job does.

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::id::{NumberId, PartId};
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::phone::E164;
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::row::Columns;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Who owns a number, whether it is in use or not.
    OWNER = "select organization_id, id, e164, account_sid, reconciled_until from organization_numbers where e164 = $1";
    /// A number of an organization.
    NUMBER = "select organization_id, id, e164, account_sid, reconciled_until from organization_numbers \
        where organization_id = $1 and id = $2";
    /// Whether a text of the carrier is here.
    SEEN = "select 1 from sms_history where organization_id = $1 and provider_id = $2";
    /// Notes up to when a number's texts were compared; never back.
    RECONCILED = "update organization_numbers set reconciled_until = $3 where organization_id = $1 and id = $2 and reconciled_until < $3";
    /// Parts written from a number that should have moved by now. What the carrier took is asked for at growing intervals: as
    /// long again as it took to the last news.
    OVERDUE = "select p.id, p.state, p.attempts from sms_parts p \
        join sms_history m on m.organization_id = p.organization_id and m.id = p.message_id \
        where p.organization_id = $1 and m.number_id = $2 \
        and p.state in ('queued', 'handing_over', 'unknown', 'accepted', 'sending', 'sent') \
        and p.updated_at <= $3 and p.updated_at >= $4 \
        and ((p.state in ('accepted', 'sending', 'sent') and p.accepted_at is not null and $5 - p.updated_at >= p.updated_at - p.accepted_at) \
          or (p.state in ('handing_over', 'unknown') and m.attention is null) \
          or (p.state = 'queued' and not exists (select 1 from sms_parts b where b.organization_id = p.organization_id \
            and b.message_id = p.message_id and b.position < p.position and b.state not in ('sent', 'delivered', 'read')))) \
        order by p.updated_at, p.id limit 200";
}

/// How long nothing may be heard of a part before it is looked after.
const SILENCE: Duration = Duration::from_secs(120);
/// How long a part that the carrier took is looked after.
const LOOKED_AFTER: Duration = Duration::from_secs(2 * 24 * 3600);

/// A number that an organization owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedNumber {
    /// The owner.
    pub tenant: Tenant,
    /// Its id.
    pub id: NumberId,
    /// The number.
    pub e164: E164,
    /// The carrier account that it belongs to.
    pub account_sid: String,
    /// Up to when its texts were compared with the carrier's.
    pub reconciled_until: Timestamp,
}

/// A part that nobody has told anything about for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverduePart {
    /// The part.
    pub id: PartId,
    /// Where it is.
    pub state: DeliveryState,
    /// How often it was handed over.
    pub attempts: u32,
}

/// Who owns a number. A number that is no longer in use still has its owner.
///
/// # Errors
/// [`StoreError`].
pub async fn owner(tx: &mut Tx, number: &E164) -> Result<Option<OwnedNumber>, StoreError> {
    tx.row(OWNER, &params![number]).await?.map(|row| read_number(&mut row.columns())).transpose()
}

/// A number of an organization.
///
/// # Errors
/// [`StoreError`].
pub async fn number(tx: &mut Tx, tenant: Tenant, id: NumberId) -> Result<Option<OwnedNumber>, StoreError> {
    let row = tx.row(NUMBER, &params![tenant.organization(), id]).await?;
    row.map(|row| read_number(&mut row.columns())).transpose()
}

/// Which of the carrier's texts are not here, in their order.
///
/// # Errors
/// [`StoreError`].
pub async fn unseen(tx: &mut Tx, tenant: Tenant, provider_ids: &[String]) -> Result<Vec<String>, StoreError> {
    let mut unseen = Vec::new();
    for id in provider_ids {
        if tx.row(SEEN, &params![tenant.organization(), id]).await?.is_none() {
            unseen.push(id.clone());
        }
    }
    Ok(unseen)
}

/// Notes that a number's texts were compared up to a time; never back.
///
/// # Errors
/// [`StoreError`].
pub async fn reconciled(tx: &mut Tx, tenant: Tenant, number: NumberId, until: Timestamp) -> Result<(), StoreError> {
    tx.execute(RECONCILED, &params![tenant.organization(), number, until]).await.map(drop)
}

/// The parts written from a number that should have moved by `now`, the longest silent first, 200 at most.
///
/// # Errors
/// [`StoreError`].
pub async fn overdue(tx: &mut Tx, tenant: Tenant, number: NumberId, now: Timestamp) -> Result<Vec<OverduePart>, StoreError> {
    let params = params![tenant.organization(), number, now.minus(SILENCE), now.minus(LOOKED_AFTER), now];
    let rows = tx.rows(OVERDUE, &params).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            let (id, state, attempts) = (columns.id()?, columns.parsed()?, columns.int()?);
            Ok(OverduePart { id, state, attempts: u32::try_from(attempts).unwrap_or(u32::MAX) })
        })
        .collect()
}


fn read_number(columns: &mut Columns<'_>) -> Result<OwnedNumber, StoreError> {
    Ok(OwnedNumber {
        tenant: Tenant::of_row(columns.id()?),
        id: columns.id()?,
        e164: columns.number()?,
        account_sid: columns.text()?,
        reconciled_until: columns.time()?,
    })
}
