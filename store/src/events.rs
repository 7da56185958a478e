//! The event log: numbered per organization without gaps and in commit order, because the counter row is locked last in
//! the transaction. Refuses numbers from anywhere else; acts only [`Tx::emit`]. Who may read an event: `server/src/live/`.

use std::collections::BTreeMap;

use casewire_core::event::{Audience, NewEvent};
use casewire_core::id::OrganizationId;
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Takes a range of numbers; the row stays locked until the commit.
    TAKE_NUMBERS = "insert into event_counters (organization_id, last_seq, trimmed_seq) values ($1, $2, 0) \
        on conflict (organization_id) do update set last_seq = event_counters.last_seq + excluded.last_seq returning last_seq";
    /// Writes one event.
    INSERT_EVENT = "insert into events (organization_id, seq, at, type, audience, audience_id, audience_user_id, payload) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// The next events after a number.
    SINCE = "select seq, at, type, audience, audience_id, audience_user_id, payload from events \
        where organization_id = $1 and seq > $2 order by seq limit $3";
    /// How far the log goes and where it starts.
    HEAD = "select last_seq, trimmed_seq from event_counters where organization_id = $1";
    /// Notes that everything up to the newest event older than a time is going to be dropped.
    TRIM_COUNTER = "update event_counters set trimmed_seq = (select max(seq) from events where organization_id = $1 and at < $2) \
        where organization_id = $1 and trimmed_seq < (select max(seq) from events where organization_id = $1 and at < $2)";
    /// Drops what the counter says is dropped.
    TRIM_EVENTS = "delete from events where organization_id = $1 \
        and seq <= (select trimmed_seq from event_counters where organization_id = $1)";
    /// How far each log goes, for the poll behind the wake-ups.
    HEADS = "select organization_id, last_seq from event_counters";
}

/// An event as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its number within the organization, from 1.
    pub seq: i64,
    /// When its transaction was committed, on the store's clock.
    pub at: Timestamp,
    /// The word of [`casewire_core::event::Event::type_str`].
    pub kind: String,
    /// Who may read it.
    pub audience: Audience,
    /// The event as JSON, with its `type`.
    pub payload: String,
}

/// How far the log of an organization goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of the last event; 0 where there is none yet.
    pub last_seq: i64,
    /// Events up to this number are dropped: who asks for what comes after a lower one must start anew.
    pub trimmed_seq: i64,
}

/// The events after a number, in order, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn since(tx: &mut Tx, organization: OrganizationId, after_seq: i64, limit: u32) -> Result<Vec<StoredEvent>, StoreError> {
    let rows = tx.rows(SINCE, &params![organization, after_seq, limit]).await?;
    rows.iter()
        .map(|row| {
            let mut c = row.columns();
            let (seq, at, kind) = (c.int()?, c.time()?, c.text()?);
            let (audience, audience_id, user_id) = (c.text()?, c.opt_uuid()?, c.opt_uuid()?);
            let audience = Audience::from_row(&audience, audience_id, user_id).ok_or(StoreError::Corrupt {
                statement: SINCE,
                column: 3,
            })?;
            Ok(StoredEvent {
                seq,
                at,
                kind,
                audience,
                payload: c.text()?,
            })
        })
        .collect()
}

/// How far the log goes.
///
/// # Errors
/// [`StoreError`].
pub async fn head(tx: &mut Tx, organization: OrganizationId) -> Result<Head, StoreError> {
    let Some(row) = tx.row(HEAD, &params![organization]).await? else {
        return Ok(Head {
            last_seq: 0,
            trimmed_seq: 0,
        });
    };
    let mut c = row.columns();
    Ok(Head {
        last_seq: c.int()?,
        trimmed_seq: c.int()?,
    })
}

/// Drops the events that are older than `before`, and all that were numbered before them. How many.
///
/// # Errors
/// [`StoreError`].
pub async fn trim(tx: &mut Tx, organization: OrganizationId, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(TRIM_COUNTER, &params![organization, before]).await?;
    tx.execute(TRIM_EVENTS, &params![organization]).await
}

/// The events or the audit's entries of a batch by organization, in the order in which counters are locked.
pub(crate) fn by_organization<T>(events: Vec<(OrganizationId, T)>) -> BTreeMap<OrganizationId, Vec<T>> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (organization, event) in events {
        all.entry(organization).or_default().push(event);
    }
    all
}

/// The number of the first of `count` events whose last one has the number `last_seq`.
pub(crate) fn first_of(last_seq: i64, count: i64) -> i64 {
    last_seq.saturating_sub(count).saturating_add(1)
}

/// An event as JSON.
pub(crate) fn payload(event: &NewEvent) -> Result<String, StoreError> {
    serde_json::to_string(&event.event).map_err(|_| StoreError::bug("an event cannot be written as JSON"))
}
