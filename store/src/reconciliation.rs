//! What comparing with the carrier needs: which of the carrier's texts are here, and which parts of ours nobody has told
//! anything about for too long. Up to when a number was compared is in [`crate::numbers`]. The job asks the carrier.

use std::time::Duration;

use casewire_core::access::Tenant;
use casewire_core::id::{NumberId, PartId};
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Whether a text of the carrier is here.
    SEEN = "select 1 from sms_history where organization_id = $1 and provider_id = $2";
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

/// How long a part that the carrier took is looked after.
const LOOKED_AFTER: Duration = Duration::from_secs(2 * 24 * 3600);

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

/// The parts written from a number of which nothing was heard for `silence` by `now`, the longest silent first, 200 at most.
///
/// # Errors
/// [`StoreError`].
pub async fn overdue(
    tx: &mut Tx,
    tenant: Tenant,
    number: NumberId,
    silence: Duration,
    now: Timestamp,
) -> Result<Vec<OverduePart>, StoreError> {
    let params = params![tenant.organization(), number, now.minus(silence), now.minus(LOOKED_AFTER), now];
    let rows = tx.rows(OVERDUE, &params).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            let (id, state, attempts) = (columns.id()?, columns.parsed()?, columns.int()?);
            Ok(OverduePart {
                id,
                state,
                attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            })
        })
        .collect()
}
