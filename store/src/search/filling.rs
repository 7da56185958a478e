//! Making what was stored before it was indexed findable: people, cases, then texts from the latest back, so many at a time. Bears
//! being done twice: what is found already is left alone.

use casewire_core::access::Tenant;
use casewire_core::id::{ConversationId, Id};
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use uuid::Uuid;

use super::{adding, note_case, note_person};
use crate::conversations::{ItemKind, NewItem};
use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// People who are not found yet.
    PEOPLE = "select ct.id from contacts ct where ct.organization_id = $1 and not exists (select 1 from search_documents y \
        where y.organization_id = $1 and y.subject_id = ct.id) order by ct.id limit $2";
    /// Cases that are not found yet.
    CASES = "select c.id from cases c where c.organization_id = $1 and not exists (select 1 from search_documents y \
        where y.organization_id = $1 and y.subject_id = c.id) order by c.id limit $2";
    /// Texts up to a time, the latest first, and where they stand.
    TEXTS = "select m.at, m.id, m.body, i.conversation_id from sms_history m join conversation_items i \
        on i.organization_id = m.organization_id and i.item_id = m.id where m.organization_id = $1 and m.at <= $2 \
        order by m.at desc, m.id desc limit $3";
}

/// Makes so many more findable; up to which time texts are left to be, none where all are done.
///
/// # Errors
/// [`StoreError`].
pub async fn fill(tx: &mut Tx, tenant: Tenant, before: Timestamp, most: i64) -> Result<Option<Timestamp>, StoreError> {
    let organization = tenant.organization();
    let people = tx.rows(PEOPLE, &params![organization, most]).await?;
    for row in &people {
        note_person(tx, tenant, row.columns().id()?).await?;
    }
    let cases = tx.rows(CASES, &params![organization, most]).await?;
    for row in &cases {
        note_case(tx, tenant, row.columns().id()?).await?;
    }
    if !people.is_empty() || !cases.is_empty() {
        return Ok(Some(before));
    }
    let rows = tx.rows(TEXTS, &params![organization, before, most]).await?;
    let (mut statements, mut earliest) = (Vec::new(), before);
    for row in &rows {
        let mut columns = row.columns();
        let (at, id, body): (_, Uuid, _) = (columns.time()?, columns.uuid()?, columns.text()?);
        let conversation = ConversationId::from_uuid(columns.uuid()?);
        let item = NewItem {
            item_id: id,
            kind: ItemKind::Text,
            at,
            direction: Direction::Inbound,
            text: &body,
            unclaimed: 0,
        };
        statements.extend(adding(tenant, conversation, &item));
        earliest = at;
    }
    tx.pipeline(statements).await?;
    let is_all = i64::try_from(rows.len()).unwrap_or(i64::MAX) < most;
    // Where a whole batch has the same time it would come again: a microsecond earlier it goes on.
    let next = if earliest < before {
        earliest
    } else {
        Timestamp::from_micros(earliest.as_micros() - 1)
    };
    Ok((!is_all).then_some(next))
}
