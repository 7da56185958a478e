//! Outbound texts on their way: the parts of a text, each one hand-over to the carrier, and the state of the text that they make.
//! Handing a part over is one conditional update, so that no two workers can do it. Who decides what a piece of news changes
//! is `casewire_core::messaging::delivery`; to whom and from which number a text goes is in [`choices`].

pub mod choices;

use casewire_core::access::Tenant;
use casewire_core::id::{CaseId, ContactId, MessageId, NumberId, OrganizationId, PartId, UserId};
use casewire_core::messaging::claims::AttentionReason;
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::phone::{Address, E164};
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::Columns;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

statements! {
    /// A new part, waiting.
    ADD_PART = "insert into sms_parts (organization_id, id, message_id, position, body, state, attempts, updated_at) \
        values ($1, $2, $3, $4, $5, 'queued', 0, $6)";
    /// The text of a part.
    MESSAGE_OF_PART = "select organization_id, message_id from sms_parts where organization_id = $1 and id = $2";
    /// The part that the carrier knows by an id.
    PART_OF_PROVIDER_ID = "select organization_id, id, message_id from sms_parts where organization_id = $1 and provider_id = $2";
    /// Locks an outbound text and gives what its delivery turns on.
    LOCK = "update sms_history set version = version + 1 where organization_id = $1 and id = $2 and direction = 'outbound' \
        returning case_id, contact_id, peer, number_id, is_clarifying, sent_by_user_id, at, state, error_code, attention, \
        (select n.e164 from organization_numbers n where n.organization_id = sms_history.organization_id and n.id = sms_history.number_id), \
        (select n.account_sid from organization_numbers n where n.organization_id = sms_history.organization_id \
            and n.id = sms_history.number_id)";
    /// The parts of a text.
    PARTS = "select id, position, body, state, provider_id, error_code, attempts, attempted_at, accepted_at from sms_parts \
        where organization_id = $1 and message_id = $2 order by position";
    /// Takes a waiting part to be handed over: of two workers one finds no row.
    HAND_OVER = "update sms_parts set state = 'handing_over', attempts = attempts + 1, attempted_at = $3, updated_at = $3 \
        where organization_id = $1 and id = $2 and state = 'queued'";
    /// Writes down where a part is, unless it moved meanwhile.
    SET_PART = "update sms_parts set state = $4, provider_id = $5, error_code = $6, accepted_at = $7, updated_at = $8 \
        where organization_id = $1 and id = $2 and state = $3";
    /// Notes that the carrier was asked about a part and had no news.
    TOUCH_PART = "update sms_parts set updated_at = $3 where organization_id = $1 and id = $2";
    /// Lets a part begin anew, under a new id, so that late news of the attempt before finds nothing.
    RENEW_PART = "update sms_parts set id = $3, state = 'queued', provider_id = null, error_code = null, attempts = 0, \
        attempted_at = null, accepted_at = null, updated_at = $4 where organization_id = $1 and id = $2";
    /// Writes down the state that the parts make.
    SET_STATE = "update sms_history set state = $3, error_code = $4 where organization_id = $1 and id = $2";
}

/// An outbound text, locked until the transaction ends.
pub struct Outbound {
    /// The text.
    pub id: MessageId,
    /// Its case.
    pub case_id: Option<CaseId>,
    /// Whom it is to.
    pub contact_id: Option<ContactId>,
    /// Their number.
    pub peer: Address,
    /// The number it is written from; none for old rows.
    pub sender: Option<Sender>,
    /// Whether it answers an unclaimed text, and so opens no session.
    pub is_clarifying: bool,
    /// Who wrote it.
    pub sent_by: Option<UserId>,
    /// When it was written.
    pub at: Timestamp,
    /// How far it got.
    pub state: Option<DeliveryState>,
    /// The carrier's code of what went wrong.
    pub error_code: Option<u32>,
    /// Why it needs attention.
    pub attention: Option<AttentionReason>,
    /// Its parts in their order.
    pub parts: Vec<Part>,
}

/// A number that a text is written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Its id.
    pub id: NumberId,
    /// The number.
    pub e164: E164,
    /// The carrier account it belongs to.
    pub account_sid: String,
}

/// A part of an outbound text.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// Its id; another one after each retry by a person.
    pub id: PartId,
    /// From 1.
    pub position: u32,
    /// What it says.
    pub body: String,
    /// Where it is.
    pub state: DeliveryState,
    /// The carrier's id.
    pub provider_id: Option<String>,
    /// The carrier's code of what went wrong.
    pub error_code: Option<u32>,
    /// How often it was handed over.
    pub attempts: u32,
    /// When it was handed over last.
    pub attempted_at: Option<Timestamp>,
    /// When the carrier took it.
    pub accepted_at: Option<Timestamp>,
}

/// The statements that store the parts of a text, the first of which is at position 1, for a pipeline; and their ids.
#[must_use]
pub fn adding_parts(tenant: Tenant, message: MessageId, bodies: &[&str], now: Timestamp) -> Vec<(PartId, (&'static str, Vec<Value>))> {
    let rows = (1_usize..).zip(bodies.iter().copied());
    rows.map(|(position, body)| {
        let id: PartId = mint();
        (
            id,
            (ADD_PART, params![tenant.organization(), id, message, position, body, now].to_vec()),
        )
    })
    .collect()
}

/// The text of a part, and the proof that it is that organization's; `organization` may come from anywhere.
///
/// # Errors
/// [`StoreError`].
#[expect(clippy::disallowed_methods, reason = "the row names its owner")]
pub async fn message_of_part(tx: &mut Tx, organization: OrganizationId, part: PartId) -> Result<Option<(Tenant, MessageId)>, StoreError> {
    let row = tx.row(MESSAGE_OF_PART, &params![organization, part]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok((Tenant::of_row(columns.id()?), columns.id()?))
    })
    .transpose()
}

/// The part and text that the carrier knows by an id; `organization` may come from anywhere.
///
/// # Errors
/// [`StoreError`].
#[expect(clippy::disallowed_methods, reason = "the row names its owner")]
pub async fn part_of_provider_id(
    tx: &mut Tx,
    organization: OrganizationId,
    provider_id: &str,
) -> Result<Option<(Tenant, PartId, MessageId)>, StoreError> {
    let row = tx.row(PART_OF_PROVIDER_ID, &params![organization, provider_id]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok((Tenant::of_row(columns.id()?), columns.id()?, columns.id()?))
    })
    .transpose()
}

/// Locks an outbound text and loads it with its parts; none where there is no such text.
///
/// # Errors
/// [`StoreError`].
pub async fn lock(tx: &mut Tx, tenant: Tenant, id: MessageId) -> Result<Option<Outbound>, StoreError> {
    let Some(row) = tx.row(LOCK, &params![tenant.organization(), id]).await? else {
        return Ok(None);
    };
    let mut columns = row.columns();
    let (case_id, contact_id, peer) = (columns.opt_id()?, columns.opt_id()?, Address::read(&columns.text()?));
    let number_id: Option<NumberId> = columns.opt_id()?;
    let (is_clarifying, sent_by, at, state) = (columns.flag()?, columns.opt_id()?, columns.time()?, columns.opt_parsed()?);
    let (error_code, attention) = (columns.opt_int()?.and_then(code), columns.opt_parsed()?);
    let (e164, account_sid) = (columns.opt_number()?, columns.opt_text()?);
    let sender = number_id
        .zip(e164)
        .zip(account_sid)
        .map(|((id, e164), account_sid)| Sender { id, e164, account_sid });
    let parts = tx.rows(PARTS, &params![tenant.organization(), id]).await?;
    let parts = parts.iter().map(|row| read_part(&mut row.columns())).collect::<Result<_, _>>()?;
    Ok(Some(Outbound {
        id,
        case_id,
        contact_id,
        peer,
        sender,
        is_clarifying,
        sent_by,
        at,
        state,
        error_code,
        attention,
        parts,
    }))
}

/// Takes a waiting part to be handed over at `now`. False where it no longer waits.
///
/// # Errors
/// [`StoreError`].
pub async fn hand_over(tx: &mut Tx, tenant: Tenant, part: PartId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(HAND_OVER, &params![tenant.organization(), part, now]).await? == 1)
}

/// Writes down where a part of a locked text is, which was in state `before`.
///
/// # Errors
/// [`StoreError`], also where it moved, which a lock forbids.
pub async fn set_part(tx: &mut Tx, tenant: Tenant, before: DeliveryState, part: &Part, now: Timestamp) -> Result<(), StoreError> {
    let params = params![
        tenant.organization(),
        part.id,
        before.as_str(),
        part.state.as_str(),
        part.provider_id.as_deref(),
        part.error_code,
        part.accepted_at,
        now
    ];
    match tx.execute(SET_PART, &params).await? {
        1 => Ok(()),
        _ => Err(StoreError::bug("a part of a locked text moved")),
    }
}

/// Notes that the carrier was asked about a part and had no news.
///
/// # Errors
/// [`StoreError`].
pub async fn touch_part(tx: &mut Tx, tenant: Tenant, part: PartId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(TOUCH_PART, &params![tenant.organization(), part, now]).await.map(drop)
}

/// Lets a part begin anew; its new id. Late news of the attempt before finds nothing under the old one.
///
/// # Errors
/// [`StoreError`].
pub async fn renew_part(tx: &mut Tx, tenant: Tenant, part: PartId, now: Timestamp) -> Result<PartId, StoreError> {
    let id: PartId = mint();
    tx.execute(RENEW_PART, &params![tenant.organization(), part, id, now]).await?;
    Ok(id)
}

/// Writes down the state that the parts of a text make.
///
/// # Errors
/// [`StoreError`].
pub async fn set_state(
    tx: &mut Tx,
    tenant: Tenant,
    message: MessageId,
    state: DeliveryState,
    error_code: Option<u32>,
) -> Result<(), StoreError> {
    tx.execute(SET_STATE, &params![tenant.organization(), message, state.as_str(), error_code])
        .await
        .map(drop)
}

fn read_part(columns: &mut Columns<'_>) -> Result<Part, StoreError> {
    Ok(Part {
        id: columns.id()?,
        position: columns.int_as(|position| u32::try_from(position).ok())?,
        body: columns.text()?,
        state: columns.parsed()?,
        provider_id: columns.opt_text()?,
        error_code: columns.opt_int()?.and_then(code),
        attempts: columns.int_as(|attempts| u32::try_from(attempts).ok())?,
        attempted_at: columns.opt_time()?,
        accepted_at: columns.opt_time()?,
    })
}

fn code(code: i64) -> Option<u32> {
    u32::try_from(code).ok()
}
