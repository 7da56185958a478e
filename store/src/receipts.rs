//! The receipts of the texts that came in lately, to decide them again. Refuses to read without bounds: so many days, so many texts.

use std::time::Duration;

use casewire_core::access::OfficePermit;
use casewire_core::messaging::routing::Receipt;
use casewire_core::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

/// How many are read at once.
const STRETCH: usize = 2_000;
/// Ids are made in the order of time, by the clocks of several machines: those of texts that may be younger begin here.
const CLOCKS_APART: Duration = Duration::from_secs(24 * 60 * 60);

statements! {
    /// The receipts of texts that came in since a time, the newest first.
    STRETCH_OF = "select m.id, m.at, m.receipt from sms_history m where m.organization_id = $1 and m.id < $2 and m.id > $3 \
        and m.receipt is not null and m.at >= $4 order by m.id desc limit $5";
}

/// Receipts, and since when they are complete.
pub struct Receipts {
    /// What was decided, the newest first.
    pub receipts: Vec<Receipt>,
    /// The earliest text that was looked at, where there were more; else the beginning that was asked for.
    pub since: Timestamp,
}

/// The receipts of texts that came in since a time, at most so many. A receipt that cannot be read, being of another version, is
/// left out.
///
/// # Errors
/// [`StoreError`].
pub async fn lately(tx: &mut Tx, permit: &OfficePermit, since: Timestamp, most: usize) -> Result<Receipts, StoreError> {
    let (mut receipts, mut before, mut seen) = (Vec::new(), Uuid::max(), 0);
    let mut earliest = since;
    while seen < most {
        let limit = STRETCH.min(most - seen);
        let own = params![permit.organization(), before, earliest_id(since), since, limit];
        let rows = tx.rows(STRETCH_OF, &own).await?;
        for row in &rows {
            let mut columns = row.columns();
            (before, earliest) = (columns.uuid()?, columns.time()?);
            receipts.extend(serde_json::from_str::<Receipt>(&columns.text()?).ok());
        }
        seen += rows.len();
        if rows.len() < limit {
            return Ok(Receipts { receipts, since });
        }
    }
    Ok(Receipts { receipts, since: earliest })
}

fn earliest_id(since: Timestamp) -> Uuid {
    let millis = u64::try_from(since.minus(CLOCKS_APART).as_micros() / 1_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
