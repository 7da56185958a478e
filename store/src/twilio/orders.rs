//! What Twilio is to be asked for a call, one thing after the other, queued with the step that asks for it. What an order means is
//! JSON of the server's.

use casewire_core::access::Tenant;
use casewire_core::id::{CallId, CallOrderId};
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Queues an order behind those of the same call.
    ADD = "insert into twilio_orders (organization_id, id, call_id, place, what, state, attempts, attempted_at) \
        select $1, $2, $3, coalesce(max(place), 0) + 1, $4, 'waiting', 0, null from twilio_orders \
        where organization_id = $1 and call_id = $3";
    /// The order of a call that is next, or under way.
    HEAD = "select id, what, state, attempts, attempted_at from twilio_orders \
        where organization_id = $1 and call_id = $2 and state <> 'kept' order by place limit 1";
    /// One order.
    FIND = "select id, what, state, attempts, attempted_at from twilio_orders where organization_id = $1 and id = $2";
    /// How far an order is.
    SAVE = "update twilio_orders set state = $3, attempts = $4, attempted_at = $5 where organization_id = $1 and id = $2";
    /// Forgets an order.
    DROP = "delete from twilio_orders where organization_id = $1 and id = $2";
    /// Forgets those that only wait, such as where the call is over.
    DROP_WAITING = "delete from twilio_orders where organization_id = $1 and call_id = $2 and state in ('waiting', 'kept')";
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderState {
    /// It waits for its turn, or for another attempt.
    Waiting,
    /// Twilio is being asked; after a while: whoever asked did not come back.
    Asking,
    /// Twilio was asked, and nobody knows whether it does it.
    Unknown,
    /// It is done, and what it says is needed still.
    Kept,
}

impl OrderState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Asking, Self::Unknown, Self::Kept];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Asking => "asking",
            Self::Unknown => "unknown",
            Self::Kept => "kept",
        }
    }
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Which.
    pub id: CallOrderId,
    /// What Twilio is to be asked.
    pub what: String,
    /// How far it is.
    pub state: OrderState,
    /// How often Twilio was asked.
    pub attempts: u32,
    /// When it was asked last.
    pub attempted_at: Option<Timestamp>,
}

/// Queues an order.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, call: CallId, what: &str) -> Result<(), StoreError> {
    let params = params![tenant.organization(), mint::<CallOrderId>(), call, what];
    tx.execute(ADD, &params).await.map(drop)
}

/// The order of a call that is next, or under way.
///
/// # Errors
/// [`StoreError`].
pub async fn head(tx: &mut Tx, tenant: Tenant, call: CallId) -> Result<Option<Order>, StoreError> {
    let row = tx.row(HEAD, &params![tenant.organization(), call]).await?;
    row.map(|row| read(&row)).transpose()
}

/// One order.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, tenant: Tenant, id: CallOrderId) -> Result<Option<Order>, StoreError> {
    let row = tx.row(FIND, &params![tenant.organization(), id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// Keeps how far an order is.
///
/// # Errors
/// [`StoreError`].
pub async fn save(tx: &mut Tx, tenant: Tenant, order: &Order) -> Result<(), StoreError> {
    let params = params![
        tenant.organization(),
        order.id,
        order.state.as_str(),
        order.attempts,
        order.attempted_at
    ];
    tx.execute(SAVE, &params).await.map(drop)
}

/// Forgets an order that is done.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, tenant: Tenant, id: CallOrderId) -> Result<(), StoreError> {
    tx.execute(DROP, &params![tenant.organization(), id]).await.map(drop)
}

/// Forgets the orders of a call that only wait, and those that are kept.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_waiting(tx: &mut Tx, tenant: Tenant, call: CallId) -> Result<(), StoreError> {
    tx.execute(DROP_WAITING, &params![tenant.organization(), call]).await.map(drop)
}

fn read(row: &Row) -> Result<Order, StoreError> {
    let mut c = row.columns();
    Ok(Order {
        id: c.id()?,
        what: c.text()?,
        state: c.text_as(|word| OrderState::ALL.into_iter().find(|state| state.as_str() == word))?,
        attempts: c.int_as(|attempts| u32::try_from(attempts).ok())?,
        attempted_at: c.opt_time()?,
    })
}
