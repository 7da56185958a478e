//! Calls that are made and taken here: one row each, which is the whole state of `casewire_core::calls::Call`. Refuses to decide:
//! the state machine does, and [`save`] writes what it says, once per version. How calls are shown: [`view`]; who is on them:
//! [`people`]; what was recorded: [`recordings`].

pub mod people;
pub mod recordings;
pub mod view;

use casewire_core::access::Tenant;
use casewire_core::calls::state::{Line, Microphone, OutsideLine};
use casewire_core::calls::{Call, CallStatus, End, Outcome, State, Supervisor, Talk, Tape};
use casewire_core::id::{CallId, CaseContactId, CaseId, ContactId, ConversationId, LeadId, NumberId, StepId, UserId};
use casewire_core::job::Job;
use casewire_core::phone::{Address, E164};
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;

use crate::error::StoreError;
use crate::jobs::{self, NewJob};
use crate::mint::mint;
use crate::params;
use crate::row::{Columns, Row};
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

statements! {
    /// A call that is carried here.
    LOAD = "select h.id, h.conversation_id, h.direction, h.case_id, h.matter_id, h.case_contact_id, h.contact_id, h.contact_role_name, \
            h.lead_id, h.peer, h.number_id, n.e164, h.line, h.provider_id, h.user_id, h.status, h.started_at, h.answered_at, h.ended_at, \
            h.end_reason, h.is_muted, h.is_on_hold, h.agent_lost_at, h.outside_lost_at, h.transfer_to_user_id, h.voicemail_since, \
            h.dialed_at, h.agent_due_at, h.due_at, h.recording, h.disposition, h.wrap_up_until, h.version \
        from call_history h left join organization_numbers n on n.organization_id = h.organization_id and n.id = h.number_id \
        where h.organization_id = $1 and h.id = $2 and h.line is not null";
    /// A call that is to be.
    INSERT = "insert into call_history (organization_id, id, conversation_id, matter_id, case_id, case_contact_id, contact_id, \
        contact_role_name, lead_id, direction, peer, number_id, user_id, status, started_at, duration_seconds, provider_id, created_at, \
        line) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, $16, $15, $17) on conflict do nothing";
    /// How a call stands now, if it is as it was when it was looked at.
    SAVE = "update call_history set status = $4, user_id = coalesce($5, user_id), answered_at = $6, ended_at = $7, end_reason = $8, \
        duration_seconds = $9, is_muted = $10, is_on_hold = $11, agent_lost_at = $12, outside_lost_at = $13, transfer_to_user_id = $14, \
        voicemail_since = $15, dialed_at = $16, agent_due_at = $17, due_at = $18, recording = $19, disposition = $20, \
        wrap_up_until = $21, version = version + 1, revision = revision + $22 where organization_id = $1 and id = $2 and version = $3";
    /// Puts a call into another place.
    MOVE = "update call_history set conversation_id = $3, matter_id = $4, case_id = $5, case_contact_id = $6, contact_id = $7, \
        contact_role_name = $8, lead_id = null where organization_id = $1 and id = $2";
    /// What the agent noted.
    NOTE = "update call_history set note = $3 where organization_id = $1 and id = $2";
    /// What the carrier calls it.
    NAME = "update call_history set provider_id = $3 where organization_id = $1 and id = $2 and provider_id is null";
    /// The call that the carrier calls so.
    BY_PROVIDER = "select id from call_history where organization_id = $1 and provider_id = $2 and line is not null";
    /// What happened.
    STEP = "insert into call_steps (organization_id, call_id, id, at, type, user_id, detail) values ($1, $2, $3, $4, $5, $6, $7)";
    /// The calls under way of an organization.
    UNDER_WAY = "select id from call_history where organization_id = $1 and line is not null \
        and status in ('queued', 'ringing', 'in-progress', 'recording') order by started_at, id";
    /// Whether a call is under way.
    IS_UNDER_WAY = "select 1 from call_history where organization_id = $1 and line is not null \
        and status in ('queued', 'ringing', 'in-progress', 'recording') limit 1";
    /// The calls under way on a line, of all organizations.
    ON_LINE = "select organization_id, id from call_history where line = $1 \
        and status in ('queued', 'ringing', 'in-progress', 'recording') order by started_at, id";
}

/// A call and all that belongs to it but its note. Prints no number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// The call.
    pub id: CallId,
    /// The organization.
    pub tenant: Tenant,
    /// How it stands.
    pub call: Call,
    /// Where it stands.
    pub conversation_id: ConversationId,
    /// The number of its case.
    pub matter_id: Option<String>,
    /// The link of the other side to the case, as of then.
    pub case_contact_id: Option<CaseContactId>,
    /// The other side, where it is known who that is.
    pub contact_id: Option<ContactId>,
    /// Their role, as of then.
    pub contact_role_name: Option<String>,
    /// Their lead.
    pub lead_id: Option<LeadId>,
    /// The other side's number.
    pub peer: Address,
    /// Our number.
    pub number_id: Option<NumberId>,
    /// The same in full, for whoever must show it as the caller.
    pub number: Option<E164>,
    /// What carries it.
    pub line: String,
    /// What the carrier calls it.
    pub provider_id: Option<String>,
    /// The agent on it, at whom it rings, or who was on it last.
    pub user: Option<UserId>,
    /// When it began.
    pub started_at: Timestamp,
    /// When the outside party was called.
    pub dialed_at: Option<Timestamp>,
    /// Until when the agent's audio has to come.
    pub agent_due_at: Option<Timestamp>,
    /// Until when somebody has to take it, or the machine listens.
    pub due_at: Option<Timestamp>,
    /// Whether it is recorded.
    pub recording: Tape,
    /// What came of it.
    pub disposition: Option<String>,
    /// Until when the agent is busy with it.
    pub wrap_up_until: Option<Timestamp>,
    /// How often it changed.
    pub version: i64,
}

impl CallRow {
    /// The users that are on it: its agent, whom it rings at, who supervises.
    #[must_use]
    pub fn seated(&self) -> Vec<UserId> {
        let mut seated: Vec<UserId> = self.call.agent().into_iter().chain(self.transfer_to()).collect();
        seated.extend(self.call.supervisors().iter().map(|supervisor| supervisor.user));
        seated.sort_unstable();
        seated.dedup();
        seated
    }

    /// The agent to whom it is being handed.
    #[must_use]
    pub const fn transfer_to(&self) -> Option<UserId> {
        match self.call.state() {
            State::Answered(talk) => talk.transfer_to,
            State::Starting { .. } | State::Ringing { .. } | State::Voicemail { .. } | State::Ended(_) => None,
        }
    }

    /// Whether it is over.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        matches!(self.call.state(), State::Ended(_))
    }
}

/// The call; none where there is none that is carried here.
///
/// # Errors
/// [`StoreError`].
pub async fn load(tx: &mut Tx, tenant: Tenant, id: CallId) -> Result<Option<CallRow>, StoreError> {
    let Some(row) = tx.row(LOAD, &params![tenant.organization(), id]).await? else {
        return Ok(None);
    };
    let supervisors = people::supervisors(tx, tenant, id).await?;
    read(tenant, &row, supervisors).map(Some)
}

fn read(tenant: Tenant, row: &Row, supervisors: Vec<Supervisor>) -> Result<CallRow, StoreError> {
    let mut c = row.columns();
    let (id, conversation_id, direction): (_, _, Direction) = (c.id()?, c.id()?, c.parsed()?);
    let (case, matter_id, case_contact_id) = (c.opt_id::<CaseId>()?, c.opt_text()?, c.opt_id()?);
    let (contact_id, contact_role_name, lead_id) = (c.opt_id()?, c.opt_text()?, c.opt_id()?);
    let (peer, number_id, number) = (Address::read(&c.text()?), c.opt_id()?, c.opt_number()?);
    let (line, provider_id, user) = (c.text()?, c.opt_text()?, c.opt_id::<UserId>()?);
    let status: CallStatus = c.parsed()?;
    let started_at = c.time()?;
    let state = read_state(&mut c, status, user, started_at)?;
    Ok(CallRow {
        id,
        tenant,
        call: Call::stored(tenant.organization(), case, direction, state, supervisors),
        conversation_id,
        matter_id,
        case_contact_id,
        contact_id,
        contact_role_name,
        lead_id,
        peer,
        number_id,
        number,
        line,
        provider_id,
        user,
        started_at,
        dialed_at: c.opt_time()?,
        agent_due_at: c.opt_time()?,
        due_at: c.opt_time()?,
        recording: c.parsed()?,
        disposition: c.opt_text()?,
        wrap_up_until: c.opt_time()?,
        version: c.int()?,
    })
}

/// Reads the columns from `answered_at` to `voicemail_since`.
fn read_state(c: &mut Columns<'_>, status: CallStatus, user: Option<UserId>, started_at: Timestamp) -> Result<State, StoreError> {
    let (answered_at, ended_at, reason) = (c.opt_time()?, c.opt_time()?, c.opt_parsed()?);
    let (is_muted, is_on_hold) = (c.flag()?, c.flag()?);
    let (agent_lost_at, outside_lost_at) = (c.opt_time()?, c.opt_time()?);
    let (transfer_to, voicemail_since) = (c.opt_id()?, c.opt_time()?);
    let agent = || {
        user.ok_or(StoreError::Corrupt {
            statement: LOAD,
            column: 14,
        })
    };
    let line = |lost: Option<Timestamp>| lost.map_or(Line::Here, |since| Line::Lost { since });
    let ended = |outcome| {
        let reason = reason.ok_or(StoreError::Corrupt {
            statement: LOAD,
            column: 19,
        })?;
        Ok(State::Ended(End {
            outcome,
            reason,
            answered_at,
            ended_at: ended_at.unwrap_or(started_at),
        }))
    };
    match status {
        CallStatus::Queued => Ok(State::Starting { agent: agent()? }),
        CallStatus::Ringing => Ok(State::Ringing { agent: agent()? }),
        CallStatus::Recording => Ok(State::Voicemail {
            since: voicemail_since.unwrap_or(started_at),
        }),
        CallStatus::InProgress => Ok(State::Answered(Talk {
            agent: agent()?,
            answered_at: answered_at.unwrap_or(started_at),
            microphone: if is_muted { Microphone::Muted } else { Microphone::Open },
            outside: if is_on_hold { OutsideLine::OnHold } else { OutsideLine::Talking },
            agent_line: line(agent_lost_at),
            outside_line: line(outside_lost_at),
            transfer_to,
        })),
        CallStatus::Completed => ended(Outcome::Completed),
        CallStatus::Voicemail => ended(Outcome::Voicemail),
        CallStatus::NoAnswer => ended(Outcome::NoAnswer),
        CallStatus::Busy => ended(Outcome::Busy),
        CallStatus::Canceled => ended(Outcome::Canceled),
        CallStatus::Failed => ended(Outcome::Failed),
    }
}

/// Stores a new call; false where the carrier's id of it is known already.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, row: &CallRow) -> Result<bool, StoreError> {
    let params = params![
        row.tenant.organization(),
        row.id,
        row.conversation_id,
        row.matter_id.clone(),
        row.call.case(),
        row.case_contact_id,
        row.contact_id,
        row.contact_role_name.clone(),
        row.lead_id,
        row.call.direction().as_str(),
        &row.peer,
        row.number_id,
        row.user,
        row.call.status().as_str(),
        row.started_at,
        row.provider_id.clone(),
        row.line.as_str()
    ];
    Ok(tx.execute(INSERT, &params).await? == 1)
}

/// Writes how a call stands, with its supervisors and seats; false where somebody else changed it since it was looked at, and
/// [`people::Taken`] where one who is to be on it is on another call.
///
/// # Errors
/// [`StoreError`].
pub async fn save(tx: &mut Tx, row: &CallRow, told: Told) -> Result<Saved, StoreError> {
    let state = StateColumns::of(row);
    let params = state.parameters(row, told);
    if tx.execute(SAVE, &params).await? == 0 {
        return Ok(Saved::ChangedMeanwhile);
    }
    people::keep_supervisors(tx, row.tenant, row.id, row.call.supervisors()).await?;
    people::seat(tx, row.tenant, row.id, &row.seated()).await
}

/// Whether who reads the call is told of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// They are.
    Readers,
    /// Only who supervises is.
    Supervisors,
}

/// What came of [`save`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Saved,
    /// Somebody else changed it since it was looked at.
    ChangedMeanwhile,
    /// This user is on another call.
    Taken(UserId),
}

/// The columns of a state, each empty where the state has none.
#[derive(Default)]
struct StateColumns {
    answered_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    reason: Option<&'static str>,
    seconds: u64,
    is_muted: bool,
    is_on_hold: bool,
    agent_lost_at: Option<Timestamp>,
    outside_lost_at: Option<Timestamp>,
    transfer_to: Option<UserId>,
    voicemail_since: Option<Timestamp>,
}

impl StateColumns {
    fn of(row: &CallRow) -> Self {
        let lost = |line: Line| match line {
            Line::Here => None,
            Line::Lost { since } => Some(since),
        };
        match row.call.state() {
            State::Starting { .. } | State::Ringing { .. } => Self::default(),
            State::Voicemail { since } => Self {
                voicemail_since: Some(*since),
                ..Self::default()
            },
            State::Answered(talk) => Self {
                answered_at: Some(talk.answered_at),
                is_muted: talk.microphone == Microphone::Muted,
                is_on_hold: talk.outside == OutsideLine::OnHold,
                agent_lost_at: lost(talk.agent_line),
                outside_lost_at: lost(talk.outside_line),
                transfer_to: talk.transfer_to,
                ..Self::default()
            },
            State::Ended(end) => Self {
                answered_at: end.answered_at,
                ended_at: Some(end.ended_at),
                reason: Some(end.reason.as_str()),
                seconds: end.talked().as_secs(),
                ..Self::default()
            },
        }
    }

    fn parameters(self, row: &CallRow, told: Told) -> [Value; 22] {
        params![
            row.tenant.organization(),
            row.id,
            row.version,
            row.call.status().as_str(),
            row.user,
            self.answered_at,
            self.ended_at,
            self.reason,
            self.seconds,
            self.is_muted,
            self.is_on_hold,
            self.agent_lost_at,
            self.outside_lost_at,
            self.transfer_to,
            self.voicemail_since,
            row.dialed_at,
            row.agent_due_at,
            row.due_at,
            row.recording.as_str(),
            row.disposition.clone(),
            row.wrap_up_until,
            told == Told::Readers
        ]
    }
}

/// Writes that a call belongs to a case and stands in another conversation now.
///
/// # Errors
/// [`StoreError`].
pub async fn relocate(tx: &mut Tx, row: &CallRow) -> Result<(), StoreError> {
    let params = params![
        row.tenant.organization(),
        row.id,
        row.conversation_id,
        row.matter_id.clone(),
        row.call.case(),
        row.case_contact_id,
        row.contact_id,
        row.contact_role_name.clone()
    ];
    tx.execute(MOVE, &params).await.map(drop)
}

/// Keeps what the agent noted.
///
/// # Errors
/// [`StoreError`].
pub async fn note(tx: &mut Tx, tenant: Tenant, id: CallId, note: Option<String>) -> Result<(), StoreError> {
    tx.execute(NOTE, &params![tenant.organization(), id, note]).await.map(drop)
}

/// Keeps what the carrier calls a call, where that is not known yet.
///
/// # Errors
/// [`StoreError`].
pub async fn name(tx: &mut Tx, tenant: Tenant, id: CallId, provider_id: &str) -> Result<(), StoreError> {
    tx.execute(NAME, &params![tenant.organization(), id, provider_id]).await.map(drop)
}

/// The call that the carrier calls so.
///
/// # Errors
/// [`StoreError`].
pub async fn by_provider_id(tx: &mut Tx, tenant: Tenant, provider_id: &str) -> Result<Option<CallId>, StoreError> {
    let row = tx.row(BY_PROVIDER, &params![tenant.organization(), provider_id]).await?;
    row.map(|row| row.columns().id()).transpose()
}

/// Notes what happened to a call, by whom where somebody did it; `detail` is ids and words of ours.
///
/// # Errors
/// [`StoreError`].
pub async fn step(
    tx: &mut Tx,
    tenant: Tenant,
    id: CallId,
    at: Timestamp,
    kind: &str,
    user: Option<UserId>,
    detail: &str,
) -> Result<(), StoreError> {
    let params = params![tenant.organization(), id, mint::<StepId>(), at, kind, user, detail];
    tx.execute(STEP, &params).await.map(drop)
}

/// The calls under way, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn under_way(tx: &mut Tx, tenant: Tenant) -> Result<Vec<CallId>, StoreError> {
    let rows = tx.rows(UNDER_WAY, &params![tenant.organization()]).await?;
    rows.iter().map(|row| row.columns().id()).collect()
}

/// Rights changed: has everybody on the calls under way looked at once this is committed.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn recheck(tx: &mut Tx, tenant: Tenant, now: Timestamp) -> Result<(), StoreError> {
    if tx.row(IS_UNDER_WAY, &params![tenant.organization()]).await?.is_none() {
        return Ok(());
    }
    let job = NewJob {
        job: Job::RecheckCalls,
        run_at: now,
        unique_key: None,
    };
    jobs::enqueue(tx, tenant, job).await.map(drop)
}

/// The calls under way on a line, of every organization: for the start of the server that carried them.
///
/// # Errors
/// [`StoreError`].
#[expect(clippy::disallowed_methods, reason = "a call's row names its organization")]
pub async fn on_line(tx: &mut Tx, line: &str) -> Result<Vec<(Tenant, CallId)>, StoreError> {
    let rows = tx.rows(ON_LINE, &params![line]).await?;
    rows.iter()
        .map(|row| {
            let mut c = row.columns();
            Ok((Tenant::of_row(c.id()?), c.id()?))
        })
        .collect()
}
