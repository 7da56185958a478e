//! What is attached to texts: waiting to be fetched from the carrier, stored, gone or refused. Outbound attachments are versions of
//! documents. Refuses to judge who may read a text; `server/src/ops/media.rs` does.

use casewire_core::access::Tenant;
use casewire_core::documents::{ContentHash, MediaState};
use casewire_core::id::{MessageId, PartId};
use casewire_core::time::Timestamp;

use crate::documents::{hash, size};
use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// What of a text is still to be fetched, and by which account.
    WAITING = "select sm.position, sm.url, n.account_sid from sms_media sm \
        join sms_history m on m.organization_id = sm.organization_id and m.id = sm.message_id \
        join organization_numbers n on n.organization_id = m.organization_id and n.id = m.number_id \
        where sm.organization_id = $1 and sm.message_id = $2 and sm.state = 'waiting' and m.direction = 'inbound' order by sm.position";
    /// The texts that have been waiting for something for a while.
    FORGOTTEN = "select distinct sm.message_id from sms_media sm \
        join sms_history m on m.organization_id = sm.organization_id and m.id = sm.message_id \
        where sm.organization_id = $1 and sm.state = 'waiting' and m.direction = 'inbound' and m.created_at < $2 and m.created_at > $3 \
        order by sm.message_id desc limit $4";
    /// An attachment was stored.
    STORE = "update sms_media set state = 'stored', sha256 = $4, size = $5, content_type = $6 \
        where organization_id = $1 and message_id = $2 and position = $3 and state = 'waiting'";
    /// An attachment will not come.
    GIVE_UP = "update sms_media set state = $4, reason = $5 \
        where organization_id = $1 and message_id = $2 and position = $3 and state = 'waiting'";
    /// One attachment.
    ONE = "select sm.state, sm.content_type, sm.name, sm.sha256, sm.size from sms_media sm \
        where sm.organization_id = $1 and sm.message_id = $2 and sm.position = $3";
    /// What goes with a part: all that is attached to its text, where it is the first.
    OF_PART = "select sm.position from sms_parts sp \
        join sms_media sm on sm.organization_id = sp.organization_id and sm.message_id = sp.message_id \
        where sp.organization_id = $1 and sp.id = $2 and sp.position = (select min(fp.position) from sms_parts fp \
            where fp.organization_id = sp.organization_id and fp.message_id = sp.message_id) \
        and sm.state = 'stored' order by sm.position";
    /// An attachment of the text of a part.
    ONE_OF_PART = "select sm.state, sm.content_type, sm.name, sm.sha256, sm.size from sms_parts sp \
        join sms_media sm on sm.organization_id = sp.organization_id and sm.message_id = sp.message_id \
        where sp.organization_id = $1 and sp.id = $2 and sm.position = $3";
}

/// An attachment that is still to be fetched.
#[derive(Clone)]
pub struct WaitingMedia {
    /// Which.
    pub position: u32,
    /// Where the carrier says that it is.
    pub url: String,
    /// The carrier account of the number that was texted.
    pub account_sid: String,
}

/// An attachment as it is read.
#[derive(Debug, Clone)]
pub struct StoredMedia {
    /// How far it is.
    pub state: MediaState,
    /// What it is; by its first bytes, once it is stored.
    pub content_type: String,
    /// The name of the document that was sent.
    pub name: Option<String>,
    /// The hash and the size of its content, once it is stored.
    pub content: Option<(ContentHash, u64)>,
}

/// What came of fetching an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// It is stored.
    Stored {
        /// Its hash.
        hash: ContentHash,
        /// Its size.
        size: u64,
        /// What it is by its first bytes.
        content_type: &'static str,
    },
    /// The carrier does not have it any more.
    Gone,
    /// It is not taken, for a reason in a word of ours.
    Refused(&'static str),
}

/// What of a text is still to be fetched.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(tx: &mut Tx, tenant: Tenant, message: MessageId) -> Result<Vec<WaitingMedia>, StoreError> {
    let rows = tx.rows(WAITING, &params![tenant.organization(), message]).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok(WaitingMedia {
                position: small(columns.int()?),
                url: columns.text()?,
                account_sid: columns.text()?,
            })
        })
        .collect()
}

/// The texts that came between these times and still wait for something: their jobs were laid aside, or they are older than the jobs.
///
/// # Errors
/// [`StoreError`].
pub async fn forgotten(tx: &mut Tx, tenant: Tenant, between: (Timestamp, Timestamp), most: u32) -> Result<Vec<MessageId>, StoreError> {
    let rows = tx
        .rows(FORGOTTEN, &params![tenant.organization(), between.1, between.0, most])
        .await?;
    rows.iter().map(|row| row.columns().id()).collect()
}

/// Notes what came of fetching an attachment; false where that was noted before.
///
/// # Errors
/// [`StoreError`].
pub async fn note(tx: &mut Tx, tenant: Tenant, message: MessageId, position: u32, fetched: Fetched) -> Result<bool, StoreError> {
    let organization = tenant.organization();
    let touched = match fetched {
        Fetched::Stored { hash, size, content_type } => {
            let params = params![organization, message, position, *hash.bytes(), size, content_type];
            tx.execute(STORE, &params).await?
        }
        Fetched::Gone => give_up(tx, tenant, (message, position), MediaState::Gone, "gone").await?,
        Fetched::Refused(reason) => give_up(tx, tenant, (message, position), MediaState::Refused, reason).await?,
    };
    Ok(touched == 1)
}

async fn give_up(tx: &mut Tx, tenant: Tenant, which: (MessageId, u32), state: MediaState, reason: &str) -> Result<u64, StoreError> {
    let params = params![tenant.organization(), which.0, which.1, state.as_str(), reason];
    tx.execute(GIVE_UP, &params).await
}

/// An attachment of a text; none where there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn one(tx: &mut Tx, tenant: Tenant, message: MessageId, position: u32) -> Result<Option<StoredMedia>, StoreError> {
    let row = tx.row(ONE, &params![tenant.organization(), message, position]).await?;
    row.map(|row| read(&row)).transpose()
}

/// The positions of what goes with a part: with the first of a text all that is attached, with the others nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn of_part(tx: &mut Tx, tenant: Tenant, part: PartId) -> Result<Vec<u32>, StoreError> {
    let rows = tx.rows(OF_PART, &params![tenant.organization(), part]).await?;
    rows.iter().map(|row| row.columns().int().map(small)).collect()
}

/// An attachment of the text of a part; none where there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn one_of_part(tx: &mut Tx, tenant: Tenant, part: PartId, position: u32) -> Result<Option<StoredMedia>, StoreError> {
    let row = tx.row(ONE_OF_PART, &params![tenant.organization(), part, position]).await?;
    row.map(|row| read(&row)).transpose()
}

fn read(row: &crate::row::Row) -> Result<StoredMedia, StoreError> {
    let mut columns = row.columns();
    let (state, content_type, name) = (columns.parsed()?, columns.text()?, columns.opt_text()?);
    let content = if state == MediaState::Stored {
        Some((hash(&mut columns)?, size(columns.int()?)))
    } else {
        None
    };
    Ok(StoredMedia {
        state,
        content_type,
        name,
        content,
    })
}

fn small(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}
