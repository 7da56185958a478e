//! The legs of calls at Twilio: whose each is, what Twilio calls it, how far it is. Our id of a leg is its label there.

use casewire_core::access::Tenant;
use casewire_core::calls::Mode;
use casewire_core::id::{CallId, CallLegId, UserId};
use casewire_core::time::Timestamp;

use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Notes a leg.
    ADD = "insert into twilio_legs (organization_id, id, call_id, party, user_id, leg_sid, state, mode, created_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing";
    /// The legs of a call.
    LIST = "select id, call_id, party, user_id, leg_sid, state, mode, created_at from twilio_legs \
        where organization_id = $1 and call_id = $2 order by created_at, id";
    /// A leg by our id of it.
    BY_ID = "select id, call_id, party, user_id, leg_sid, state, mode, created_at from twilio_legs where organization_id = $1 and id = $2";
    /// A leg by Twilio's id of it.
    BY_SID = "select id, call_id, party, user_id, leg_sid, state, mode, created_at from twilio_legs \
        where organization_id = $1 and leg_sid = $2";
    /// How far a leg is.
    SAVE = "update twilio_legs set leg_sid = coalesce(leg_sid, $3), state = $4, mode = $5 where organization_id = $1 and id = $2";
}

/// Whose leg it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegParty {
    /// The agent's.
    Agent(UserId),
    /// The other side's.
    Outside,
    /// A supervisor's.
    Supervisor(UserId),
}

impl LegParty {
    /// The user whose it is.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::Agent(user) | Self::Supervisor(user) => Some(user),
            Self::Outside => None,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Agent(_) => "agent",
            Self::Outside => "outside",
            Self::Supervisor(_) => "supervisor",
        }
    }
}

/// How far a leg is. Only goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LegState {
    /// It was asked for, or was told where to go.
    Expected,
    /// It is in the conference.
    Seated,
    /// It is over.
    Gone,
}

impl LegState {
    const ALL: [Self; 3] = [Self::Expected, Self::Seated, Self::Gone];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Seated => "seated",
            Self::Gone => "gone",
        }
    }
}

/// A leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// Our id, and its label at Twilio.
    pub id: CallLegId,
    /// Its call.
    pub call: CallId,
    /// Whose it is.
    pub party: LegParty,
    /// What Twilio calls it.
    pub sid: Option<String>,
    /// How far it is.
    pub state: LegState,
    /// What a supervisor's leg was set to last; none where it is muted, as all begin.
    pub mode: Option<Mode>,
    /// When it came to be.
    pub created_at: Timestamp,
}

/// Notes a leg.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, tenant: Tenant, leg: &Leg) -> Result<(), StoreError> {
    let params = params![
        tenant.organization(),
        leg.id,
        leg.call,
        leg.party.as_str(),
        leg.party.user(),
        leg.sid.clone(),
        leg.state.as_str(),
        leg.mode.map(Mode::as_str),
        leg.created_at
    ];
    tx.execute(ADD, &params).await.map(drop)
}

/// The legs of a call, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, tenant: Tenant, call: CallId) -> Result<Vec<Leg>, StoreError> {
    let rows = tx.rows(LIST, &params![tenant.organization(), call]).await?;
    rows.iter().map(|row| read(row, LIST)).collect()
}

/// A leg by our id of it.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, tenant: Tenant, id: CallLegId) -> Result<Option<Leg>, StoreError> {
    let row = tx.row(BY_ID, &params![tenant.organization(), id]).await?;
    row.map(|row| read(&row, BY_ID)).transpose()
}

/// A leg by Twilio's id of it.
///
/// # Errors
/// [`StoreError`].
pub async fn by_sid(tx: &mut Tx, tenant: Tenant, sid: &str) -> Result<Option<Leg>, StoreError> {
    let row = tx.row(BY_SID, &params![tenant.organization(), sid]).await?;
    row.map(|row| read(&row, BY_SID)).transpose()
}

/// Keeps what Twilio calls a leg, where that is not known yet, how far it is and what it was set to.
///
/// # Errors
/// [`StoreError`].
pub async fn save(tx: &mut Tx, tenant: Tenant, leg: &Leg) -> Result<(), StoreError> {
    let params = params![
        tenant.organization(),
        leg.id,
        leg.sid.clone(),
        leg.state.as_str(),
        leg.mode.map(Mode::as_str)
    ];
    tx.execute(SAVE, &params).await.map(drop)
}

fn read(row: &Row, statement: &'static str) -> Result<Leg, StoreError> {
    let mut c = row.columns();
    let (id, call) = (c.id()?, c.id()?);
    let (party, user) = (c.text()?, c.opt_id()?);
    let party = match (party.as_str(), user) {
        ("agent", Some(user)) => LegParty::Agent(user),
        ("supervisor", Some(user)) => LegParty::Supervisor(user),
        ("outside", None) => LegParty::Outside,
        (_, _) => return Err(StoreError::Corrupt { statement, column: 2 }),
    };
    Ok(Leg {
        id,
        call,
        party,
        sid: c.opt_text()?,
        state: c.text_as(|word| LegState::ALL.into_iter().find(|state| state.as_str() == word))?,
        mode: c.opt_parsed()?,
        created_at: c.time()?,
    })
}
