//! Counting for the reports: what belongs to cases in reach of a user, by hour, role, agent, outcome. Scopes and walls are part of
//! each statement. Texts of whole days are kept in cells ([`cells`]); the rest is counted when it is asked for.

pub mod cells;

use casewire_core::access::{CaseScope, Visible};
use casewire_core::id::{CaseId, Id, TeamId, UserId};
use casewire_core::reports::Spans;
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use uuid::Uuid;

use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;
use crate::visible::{parameters, visible_case};

/// The case `c` is in reach, of the team `$8` and the case `$9` where these are given.
macro_rules! case_in_scope {
    () => {
        concat!(
            "c.organization_id = $1 and ",
            visible_case!("c"),
            " and (cast($8 as uuid) is null or c.team_id = $8) and (cast($9 as uuid) is null or c.id = $9)"
        )
    };
}

/// The text `m` is of the case `c`, between `$6` and `$7`, and of the agent `$10` where one is given.
macro_rules! text_in_scope {
    () => {
        "m.organization_id = $1 and m.case_number = c.mycase_case_id and m.at >= $6 and m.at < $7 \
        and (cast($10 as uuid) is null or coalesce(m.sent_by_user_id, m.claimed_by_user_id) = $10)"
    };
}

/// How many texts, by hour, direction, role, and whether they are logged with their case contact.
macro_rules! counted_texts {
    ($tables:literal, $scope:expr) => {
        concat!(
            "select m.at / 3600000000, m.direction, coalesce(m.contact_role_name, ''), \
            case when m.case_contact_id is not null or m.contact_role_name = 'Client' then 1 else 0 end, count(*) from ",
            $tables,
            " where ",
            text_in_scope!(),
            " and ",
            $scope,
            " group by 1, 2, 3, 4"
        )
    };
}

/// The first text in the conversation of `o` that waited for it; none where nothing did.
macro_rules! waited_since {
    () => {
        "(select wi.at from conversation_items wi join sms_history wm on wm.organization_id = wi.organization_id and wm.id = wi.item_id \
            and wm.direction = 'inbound' where wi.organization_id = o.organization_id and wi.conversation_id = o.conversation_id \
            and wi.at < o.at and wi.at > coalesce((select bi.at from conversation_items bi join sms_history bm \
                on bm.organization_id = bi.organization_id and bm.id = bi.item_id and bm.direction = 'outbound' \
                where bi.organization_id = o.organization_id and bi.conversation_id = o.conversation_id and bi.at < o.at \
                order by bi.at desc limit 1), 0) order by wi.at limit 1)"
    };
}
pub(crate) use waited_since;

/// When each answer was written, and since when the other side had waited.
macro_rules! answers {
    ($tables:literal, $scope:expr) => {
        concat!(
            "select o.at, ",
            waited_since!(),
            " from ",
            $tables,
            " where o.organization_id = $1 and o.case_number = c.mycase_case_id and o.at >= $6 and o.at < $7 \
            and o.direction = 'outbound' and (cast($10 as uuid) is null or o.sent_by_user_id = $10) and ",
            $scope
        )
    };
}

/// A case behind a wall of the user that would be in scope without it.
macro_rules! case_behind_wall {
    () => {
        "w.organization_id = $1 and w.user_id = $2 and c.organization_id = $1 and c.id = w.case_id and (cast($3 as bigint) = 1 \
        or (cast($4 as bigint) = 1 and exists (select 1 from team_members vt where vt.organization_id = $1 and vt.user_id = $2 \
        and vt.team_id = c.team_id))) and cast($5 as bigint) >= 0 and (cast($8 as uuid) is null or c.team_id = $8) \
        and (cast($9 as uuid) is null or c.id = $9)"
    };
}

statements! {
    /// Texts, where the cases are few.
    TEXTS_OF_CASES = counted_texts!("cases c cross join sms_history m", case_in_scope!());
    /// Texts, where the time is short.
    TEXTS_OF_TIME = counted_texts!("sms_history m cross join cases c", case_in_scope!());
    /// Texts that a wall hides.
    TEXTS_BEHIND_WALLS = counted_texts!("walls w cross join cases c cross join sms_history m", case_behind_wall!());
    /// Answers, where the cases are few.
    ANSWERS_OF_CASES = answers!("cases c cross join sms_history o", case_in_scope!());
    /// Answers, where the time is short.
    ANSWERS_OF_TIME = answers!("sms_history o cross join cases c", case_in_scope!());
    /// Answers that a wall hides.
    ANSWERS_BEHIND_WALLS = answers!("walls w cross join cases c cross join sms_history o", case_behind_wall!());
    /// Calls, by hour, direction, role, whether they are logged with their case contact, and outcome.
    CALLS = concat!("select h.started_at / 3600000000, h.direction, coalesce(h.contact_role_name, ''), \
        case when h.case_contact_id is not null or h.contact_role_name = 'Client' then 1 else 0 end, h.status, count(*), \
        cast(sum(h.duration_seconds) as bigint) from call_history h join cases c on c.organization_id = h.organization_id \
        and c.mycase_case_id = h.matter_id where h.organization_id = $1 and h.started_at >= $6 and h.started_at < $7 \
        and (cast($10 as uuid) is null or h.user_id = $10) and ", case_in_scope!(), " group by 1, 2, 3, 4, 5");
    /// Claims: when, and how long the text had waited.
    CLAIMS = concat!("select m.claimed_at, m.claimed_at - m.at from sms_history m join cases c on c.organization_id = m.organization_id \
        and c.mycase_case_id = m.case_number where m.organization_id = $1 and m.claimed_at >= $6 and m.claimed_at < $7 \
        and (cast($10 as uuid) is null or m.claimed_by_user_id = $10) and ", case_in_scope!());
    /// Since when each text waits that nobody has claimed, as far as it is offered in a case in scope.
    UNCLAIMED = concat!("select m.at from sms_history m where m.organization_id = $1 and m.standing = 'unclaimed' and m.at >= $6 and m.at < $7 \
        and exists (select 1 from sms_candidates k join cases c on c.organization_id = k.organization_id and c.id = k.case_id \
        where k.organization_id = $1 and k.message_id = m.id and ", case_in_scope!(), ") order by m.at");
    /// Texts that did not go through, by state and code.
    FAILURES = concat!("select m.state, coalesce(m.error_code, 0), count(*) from sms_history m join cases c \
        on c.organization_id = m.organization_id and c.mycase_case_id = m.case_number where m.organization_id = $1 \
        and m.state in ('undelivered', 'failed', 'refused') and m.at >= $6 and m.at < $7 \
        and (cast($10 as uuid) is null or m.sent_by_user_id = $10) and ", case_in_scope!(), " group by 1, 2 order by 3 desc, 1, 2");
    /// Open cases and when the firm and the client last had to do with each other in them.
    CLIENTS = concat!("select c.id, c.mycase_case_id, c.name, p.name, (select max(v.last_at) from conversations v \
        where v.organization_id = c.organization_id and v.case_id = c.id and v.contact_id = c.client_contact_id \
        and v.last_item_id is not null) from cases c left join contacts p on p.organization_id = c.organization_id \
        and p.id = c.client_contact_id where c.status = 'open' and c.client_contact_id is not null \
        and (cast($7 as uuid) is null or exists (select 1 from case_users cu where cu.organization_id = c.organization_id \
            and cu.case_id = c.id and cu.user_id = $7)) and c.organization_id = $1 and ", visible_case!("c"),
        " and (cast($6 as uuid) is null or c.team_id = $6) and (cast($8 as uuid) is null or c.id = $8)");
    /// What carriers listed, and how much of it was missing.
    LISTED = "select cast(coalesce(sum(n.listed), 0) as bigint), cast(coalesce(sum(n.missing), 0) as bigint) from carrier_counts n \
        where n.organization_id = $1 and n.at >= $2 and n.at < $3";
    /// Whether any wall keeps the user from anything.
    HAS_WALL = "select 1 from walls where organization_id = $1 and user_id = $2 limit 1";
    /// The teams whose cases are in reach.
    TEAMS = "select t.id, t.name from teams t where t.organization_id = $1 and (cast($3 as bigint) = 1 or exists (select 1 \
        from team_members tm where tm.organization_id = $1 and tm.user_id = $2 and tm.team_id = t.id)) order by t.name, t.id";
    /// Who works for the organization.
    AGENTS = "select u.id, u.name from users u where u.organization_id = $1 and u.is_active = 1 order by u.name, u.id";
    /// What a carrier listed for a number.
    NOTE_LISTED = "insert into carrier_counts (organization_id, number_id, at, listed, missing) values ($1, $2, $3, $4, $5) \
        on conflict (organization_id, number_id, at) do update set listed = excluded.listed, missing = excluded.missing";
}

/// Of what a report is.
#[derive(Clone, Copy)]
pub struct Scope<'v> {
    /// The cases in reach.
    pub visible: &'v Visible,
    /// Of this team alone.
    pub team: Option<TeamId>,
    /// Of this case alone.
    pub case: Option<CaseId>,
    /// Of this agent alone.
    pub agent: Option<UserId>,
}

impl Scope<'_> {
    fn parameters(&self, from: Timestamp, to: Timestamp) -> Vec<Value> {
        parameters(self.visible, params![from, to, self.team, self.case, self.agent])
    }
}

/// A number of texts or calls that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The beginning of their hour, or of their day.
    pub at: Timestamp,
    /// In or out.
    pub direction: Direction,
    /// The role of the other side as of then; empty where there was none.
    pub role: String,
    /// Whether they are logged with their case contact, or are the client's.
    pub is_logged: bool,
    /// How many.
    pub total: i64,
}

/// Calls that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedCalls {
    /// What they have in common.
    pub counted: Counted,
    /// How they ended.
    pub status: String,
    /// How long they were together, in seconds.
    pub seconds: i64,
}

/// A case, its client, and when they last had to do with each other.
#[derive(Clone)]
pub struct ClientContact {
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub mycase_case_id: String,
    /// Its caption.
    pub name: String,
    /// The client.
    pub client: Option<String>,
    /// When; none where never.
    pub last_at: Option<Timestamp>,
}

/// Where the statements of texts begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// With the cases.
    Cases,
    /// With the time.
    Time,
    /// With what a wall hides.
    Walls,
}

/// The texts of cases in scope, by hour.
pub(crate) async fn texts(
    tx: &mut Tx,
    scope: Scope<'_>,
    begin: Begin,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Counted>, StoreError> {
    let sql = match begin {
        Begin::Cases => TEXTS_OF_CASES,
        Begin::Time => TEXTS_OF_TIME,
        Begin::Walls => TEXTS_BEHIND_WALLS,
    };
    tx.rows(sql, &scope.parameters(from, to)).await?.iter().map(counted).collect()
}

fn counted(row: &Row) -> Result<Counted, StoreError> {
    let mut columns = row.columns();
    Ok(Counted {
        at: Timestamp::from_micros(columns.int()? * 3_600_000_000),
        direction: columns.parsed()?,
        role: columns.text()?,
        is_logged: columns.flag()?,
        total: columns.int()?,
    })
}

/// When answers were written, and the step of how long the other side had waited.
pub(crate) async fn answers(
    tx: &mut Tx,
    scope: Scope<'_>,
    begin: Begin,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(Timestamp, i64)>, StoreError> {
    let sql = match begin {
        Begin::Cases => ANSWERS_OF_CASES,
        Begin::Time => ANSWERS_OF_TIME,
        Begin::Walls => ANSWERS_BEHIND_WALLS,
    };
    let rows = tx.rows(sql, &scope.parameters(from, to)).await?;
    let mut answers = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut columns = row.columns();
        let (at, since) = (columns.time()?, columns.opt_time()?);
        answers.extend(since.map(|since| (at, Spans::step(at.since(since).as_secs()))));
    }
    Ok(answers)
}

/// The calls of cases in scope, by hour and outcome.
///
/// # Errors
/// [`StoreError`].
pub async fn calls(tx: &mut Tx, scope: Scope<'_>, from: Timestamp, to: Timestamp) -> Result<Vec<CountedCalls>, StoreError> {
    let rows = tx.rows(CALLS, &scope.parameters(from, to)).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            let (at, direction) = (Timestamp::from_micros(columns.int()? * 3_600_000_000), columns.parsed()?);
            let (role, is_logged, status) = (columns.text()?, columns.flag()?, columns.text()?);
            let counted = Counted {
                at,
                direction,
                role,
                is_logged,
                total: columns.int()?,
            };
            Ok(CountedCalls {
                counted,
                status,
                seconds: columns.int()?,
            })
        })
        .collect()
}

/// When texts were claimed, and for how many seconds each had waited.
///
/// # Errors
/// [`StoreError`].
pub async fn claims(tx: &mut Tx, scope: Scope<'_>, from: Timestamp, to: Timestamp) -> Result<Vec<(Timestamp, i64)>, StoreError> {
    let rows = tx.rows(CLAIMS, &scope.parameters(from, to)).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok((columns.time()?, columns.int()?.max(0) / 1_000_000))
        })
        .collect()
}

/// Since when the texts wait that nobody has claimed, the longest first.
///
/// # Errors
/// [`StoreError`].
pub async fn unclaimed(tx: &mut Tx, scope: Scope<'_>, from: Timestamp, to: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
    let own = params![from, to, scope.team, scope.case];
    let rows = tx.rows(UNCLAIMED, &parameters(scope.visible, own)).await?;
    rows.iter().map(|row| row.columns().time()).collect()
}

/// Texts that did not go through: state, the carrier's code or 0, how many.
///
/// # Errors
/// [`StoreError`].
pub async fn failures(tx: &mut Tx, scope: Scope<'_>, from: Timestamp, to: Timestamp) -> Result<Vec<(String, i64, i64)>, StoreError> {
    let rows = tx.rows(FAILURES, &scope.parameters(from, to)).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok((columns.text()?, columns.int()?, columns.int()?))
        })
        .collect()
}

/// The open cases in scope that have a client; those of an agent are the ones that the agent is assigned to.
///
/// # Errors
/// [`StoreError`].
pub async fn clients(tx: &mut Tx, scope: Scope<'_>) -> Result<Vec<ClientContact>, StoreError> {
    let own = params![scope.team, scope.agent, scope.case];
    let rows = tx.rows(CLIENTS, &parameters(scope.visible, own)).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok(ClientContact {
                case_id: columns.id()?,
                mycase_case_id: columns.text()?,
                name: columns.text()?,
                client: columns.opt_text()?,
                last_at: columns.opt_time()?,
            })
        })
        .collect()
}

/// How many texts the carriers listed for the organization's numbers, and how many of them had not come by webhook. These are of the
/// whole organization: none for who does not see all of its cases.
///
/// # Errors
/// [`StoreError`].
pub async fn listed(tx: &mut Tx, scope: Scope<'_>, from: Timestamp, to: Timestamp) -> Result<Option<(i64, i64)>, StoreError> {
    let visible = scope.visible;
    let is_narrow = scope.team.is_some() || scope.case.is_some() || scope.agent.is_some();
    if is_narrow || !visible.includes(CaseScope::All) {
        return Ok(None);
    }
    if tx.row(HAS_WALL, &params![visible.organization(), visible.user()]).await?.is_some() {
        return Ok(None);
    }
    let row = tx.row(LISTED, &params![visible.organization(), from, to]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok((columns.int()?, columns.int()?))
    })
    .transpose()
}

/// The teams whose cases are in reach, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn teams(tx: &mut Tx, visible: &Visible) -> Result<Vec<(TeamId, String)>, StoreError> {
    let params = params![visible.organization(), visible.user(), visible.includes(CaseScope::All)];
    let rows = tx.rows(TEAMS, &params).await?;
    rows.iter().map(named).collect()
}

/// Who works for the organization, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn agents(tx: &mut Tx, visible: &Visible) -> Result<Vec<(UserId, String)>, StoreError> {
    let rows = tx.rows(AGENTS, &params![visible.organization()]).await?;
    rows.iter().map(named).collect()
}

fn named<I: Id>(row: &Row) -> Result<(I, String), StoreError> {
    let mut columns = row.columns();
    Ok((columns.id()?, columns.text()?))
}

/// Notes what a carrier listed for a number in a stretch of time that ends then.
///
/// # Errors
/// [`StoreError`].
pub async fn note_listed(
    tx: &mut Tx,
    tenant: casewire_core::access::Tenant,
    number: casewire_core::id::NumberId,
    at: Timestamp,
    (listed, missing): (usize, usize),
) -> Result<(), StoreError> {
    tx.execute(NOTE_LISTED, &params![tenant.organization(), number, at, listed, missing])
        .await
        .map(drop)
}

/// The id that stands for none in a cell.
pub(crate) const NOBODY: Uuid = Uuid::nil();
