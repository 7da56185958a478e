//! Texts and answers of whole days, counted once and kept by team and agent. A day is counted when it is over, and again when
//! something in it changed: a claim, a release, a move, a text that came late, another team of a case. What a day has not been
//! counted for is counted when it is asked for, so a report is always of what stands.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use casewire_core::access::{CaseScope, Tenant};
use casewire_core::id::{CaseId, MessageId};
use casewire_core::reports::{Day, Spans, Stretch, Zone};
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use uuid::Uuid;

use super::{Begin, Counted, NOBODY, Scope, answers, texts, waited_since};
use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

/// A text that comes in later than this after it was written changes a day that may have been counted.
const LATE: Duration = Duration::from_secs(12 * 3600);
/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

statements! {
    /// The cells of days that stand, of the teams in reach.
    CELLS = "select r.day, r.label, r.bucket, cast(sum(r.total) as bigint) from report_days d \
        join report_cells r on r.organization_id = d.organization_id and r.day = d.day and r.measure = $5 \
        where d.organization_id = $1 and d.is_stale = 0 and d.day >= $3 and d.day <= $4 \
        and (cast($6 as bigint) = 1 or exists (select 1 from team_members t where t.organization_id = $1 and t.user_id = $2 \
            and t.team_id = r.team_id)) and (cast($7 as uuid) is null or r.team_id = $7) \
        and (cast($8 as uuid) is null or r.user_id = $8) group by r.day, r.label, r.bucket";
    /// The days that stand.
    STANDING = "select day from report_days where organization_id = $1 and is_stale = 0 and day >= $2 and day <= $3";
    /// A day that is to be counted.
    ENLIST = "insert into report_days (organization_id, day, is_stale) values ($1, $2, 1) on conflict do nothing";
    /// The latest days that are to be counted.
    WAITING = "select day from report_days where organization_id = $1 and is_stale = 1 order by day desc limit $2";
    /// Locks a day that is being counted: who changes something in it waits, and says so afterwards.
    TAKE = "update report_days set is_stale = 0 where organization_id = $1 and day = $2 and is_stale = 1";
    /// What was counted before.
    CLEAR = "delete from report_cells where organization_id = $1 and day = $2";
    /// A cell.
    PUT = "insert into report_cells (organization_id, day, measure, team_id, user_id, label, bucket, total) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Something in one of the days around a moment changed.
    TOUCH = "update report_days set is_stale = 1 where organization_id = $1 and day >= $2 - 1 and day <= $2 + 1";
    /// Something became of a text: its day, and those beside it.
    TOUCH_TEXT = "update report_days set is_stale = 1 where organization_id = $1 \
        and day >= (select m.at / 86400000000 - 1 from sms_history m where m.organization_id = $1 and m.id = $2) \
        and day <= (select m.at / 86400000000 + 1 from sms_history m where m.organization_id = $1 and m.id = $2)";
    /// A case came to another team.
    TOUCH_CASE = "update report_days set is_stale = 1 where organization_id = $1 and exists (select 1 from sms_history m \
        join cases c on c.organization_id = m.organization_id and c.mycase_case_id = m.case_number \
        where m.organization_id = $1 and c.id = $2 and m.at >= (report_days.day - 1) * 86400000000 \
        and m.at < (report_days.day + 2) * 86400000000)";
    /// The firm's days begin at another time.
    TOUCH_ALL = "update report_days set is_stale = 1 where organization_id = $1";
    /// The first text.
    FIRST = "select m.at from sms_history m where m.organization_id = $1 order by m.at limit 1";
    /// Texts of a day.
    TEXTS_OF_DAY = "select c.team_id, coalesce(m.sent_by_user_id, m.claimed_by_user_id), m.direction, coalesce(m.contact_role_name, ''), \
        case when m.case_contact_id is not null or m.contact_role_name = 'Client' then 1 else 0 end, count(*) \
        from sms_history m join cases c on c.organization_id = m.organization_id and c.mycase_case_id = m.case_number \
        where m.organization_id = $1 and m.at >= $2 and m.at < $3 group by 1, 2, 3, 4, 5";
    /// Answers of a day.
    ANSWERS_OF_DAY = concat!("select c.team_id, o.sent_by_user_id, o.at, ", waited_since!(),
        " from sms_history o join cases c on c.organization_id = o.organization_id and c.mycase_case_id = o.case_number \
        where o.organization_id = $1 and o.at >= $2 and o.at < $3 and o.direction = 'outbound'");
}

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Texts,
    Answers,
}

impl Measure {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Texts => "texts",
            Self::Answers => "answers",
        }
    }
}

/// The texts of cases in scope, by day or by hour.
///
/// # Errors
/// [`StoreError`].
pub async fn counted_texts(tx: &mut Tx, scope: Scope<'_>, zone: &Zone, stretch: Stretch) -> Result<Vec<Counted>, StoreError> {
    if !is_of_cells(scope) {
        return texts(tx, scope, Begin::Cases, bounds(zone, stretch)).await;
    }
    let standing = standing(tx, scope, stretch).await?;
    let mut all = Vec::new();
    for (day, label, _, total) in cells(tx, scope, stretch, Measure::Texts).await? {
        let at = zone.beginning_of(day);
        all.extend(read_label(&label).map(|(direction, is_logged, role)| Counted {
            at,
            direction,
            role,
            is_logged,
            total,
        }));
    }
    let hidden = texts(tx, scope, Begin::Walls, bounds(zone, stretch)).await?;
    let hidden = hidden.into_iter().filter(|counted| standing.contains(&zone.day_of(counted.at)));
    all.extend(hidden.map(|counted| Counted {
        total: -counted.total,
        ..counted
    }));
    for gap in stretch.without(&standing) {
        all.extend(texts(tx, scope, Begin::Time, bounds(zone, gap)).await?);
    }
    Ok(all)
}

/// Answers in cases in scope: day, step of the wait, how many.
///
/// # Errors
/// [`StoreError`].
pub async fn counted_answers(tx: &mut Tx, scope: Scope<'_>, zone: &Zone, stretch: Stretch) -> Result<Vec<(Day, i64, i64)>, StoreError> {
    let one = |(at, step): (Timestamp, i64)| (zone.day_of(at), step, 1);
    if !is_of_cells(scope) {
        let answers = answers(tx, scope, Begin::Cases, bounds(zone, stretch)).await?;
        return Ok(answers.into_iter().map(one).collect());
    }
    let standing = standing(tx, scope, stretch).await?;
    let kept = cells(tx, scope, stretch, Measure::Answers).await?;
    let mut all: Vec<(Day, i64, i64)> = kept.into_iter().map(|(day, _, step, total)| (day, step, total)).collect();
    let hidden = answers(tx, scope, Begin::Walls, bounds(zone, stretch)).await?;
    let hidden = hidden.into_iter().map(one).filter(|(day, _, _)| standing.contains(day));
    all.extend(hidden.map(|(day, step, total)| (day, step, -total)));
    for gap in stretch.without(&standing) {
        let answers = answers(tx, scope, Begin::Time, bounds(zone, gap)).await?;
        all.extend(answers.into_iter().map(one));
    }
    Ok(all)
}

/// Cells are of teams: they do for who sees all cases, or those of teams; not for single cases.
fn is_of_cells(scope: Scope<'_>) -> bool {
    let visible = scope.visible;
    let by_team = visible.includes(CaseScope::Team) && !visible.includes(CaseScope::Assigned);
    scope.case.is_none() && (visible.includes(CaseScope::All) || by_team)
}

fn bounds(zone: &Zone, stretch: Stretch) -> (Timestamp, Timestamp) {
    (zone.beginning_of(stretch.first), zone.beginning_of(stretch.last + 1))
}

async fn standing(tx: &mut Tx, scope: Scope<'_>, stretch: Stretch) -> Result<BTreeSet<Day>, StoreError> {
    let params = params![scope.visible.organization(), stretch.first, stretch.last];
    let rows = tx.rows(STANDING, &params).await?;
    rows.iter().map(|row| row.columns().int()).collect()
}

async fn cells(tx: &mut Tx, scope: Scope<'_>, stretch: Stretch, measure: Measure) -> Result<Vec<(Day, String, i64, i64)>, StoreError> {
    let visible = scope.visible;
    let params = params![
        visible.organization(),
        visible.user(),
        stretch.first,
        stretch.last,
        measure.as_str(),
        visible.includes(CaseScope::All),
        scope.team,
        scope.agent
    ];
    let rows = tx.rows(CELLS, &params).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok((columns.int()?, columns.text()?, columns.int()?, columns.int()?))
        })
        .collect()
}

fn label(direction: Direction, is_logged: bool, role: &str) -> String {
    format!("{}|{}|{role}", direction.as_str(), u8::from(is_logged))
}

fn read_label(label: &str) -> Option<(Direction, bool, String)> {
    let mut pieces = label.splitn(3, '|');
    let direction = pieces.next()?.parse().ok()?;
    let is_logged = pieces.next()? == "1";
    Some((direction, is_logged, pieces.next()?.to_owned()))
}

/// Enlists every day that is over and has not been, the first one being that of the first text. How many there may be is bounded.
///
/// # Errors
/// [`StoreError`].
pub async fn enlist(tx: &mut Tx, tenant: Tenant, zone: &Zone, last: Day, most: i64) -> Result<(), StoreError> {
    let Some(row) = tx.row(FIRST, &params![tenant.organization()]).await? else {
        return Ok(());
    };
    let first = zone.day_of(row.columns().time()?).max(last - most);
    let days = (first..=last).map(|day| (ENLIST, params![tenant.organization(), day].to_vec()));
    tx.pipeline(days.collect()).await.map(drop)
}

/// The latest days that are to be counted, at most so many.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(tx: &mut Tx, tenant: Tenant, most: i64) -> Result<Vec<Day>, StoreError> {
    let rows = tx.rows(WAITING, &params![tenant.organization(), most]).await?;
    rows.iter().map(|row| row.columns().int()).collect()
}

/// Counts a day that was enlisted before, in a transaction of its own.
///
/// # Errors
/// [`StoreError`].
pub async fn count_day(tx: &mut Tx, tenant: Tenant, zone: &Zone, day: Day) -> Result<(), StoreError> {
    let organization = tenant.organization();
    if tx.execute(TAKE, &params![organization, day]).await? == 0 {
        return Ok(());
    }
    let mut statements = vec![(CLEAR, params![organization, day].to_vec())];
    let mut put = |measure: Measure, (team, user, label, bucket): Cell, total: i64| {
        let cell = params![organization, day, measure.as_str(), team, user, label, bucket, total];
        statements.push((PUT, cell.to_vec()));
    };
    let bounds = params![organization, zone.beginning_of(day), zone.beginning_of(day + 1)];
    for row in tx.rows(TEXTS_OF_DAY, &bounds).await? {
        let mut columns = row.columns();
        let (team, user) = (columns.opt_uuid()?.unwrap_or(NOBODY), columns.opt_uuid()?.unwrap_or(NOBODY));
        let (direction, role, is_logged) = (columns.parsed()?, columns.text()?, columns.flag()?);
        put(Measure::Texts, (team, user, label(direction, is_logged, &role), 0), columns.int()?);
    }
    for (cell, total) in answers_of_day(tx, &bounds).await? {
        put(Measure::Answers, cell, total);
    }
    tx.pipeline(statements).await.map(drop)
}

/// Team, agent, label and step of a cell.
type Cell = (Uuid, Uuid, String, i64);

async fn answers_of_day(tx: &mut Tx, bounds: &[Value]) -> Result<BTreeMap<Cell, i64>, StoreError> {
    let mut totals = BTreeMap::new();
    for row in tx.rows(ANSWERS_OF_DAY, bounds).await? {
        let mut columns = row.columns();
        let (team, user) = (columns.opt_uuid()?.unwrap_or(NOBODY), columns.opt_uuid()?.unwrap_or(NOBODY));
        let (at, since) = (columns.time()?, columns.opt_time()?);
        if let Some(since) = since {
            let step = Spans::step(at.since(since).as_secs());
            *totals.entry((team, user, String::new(), step)).or_default() += 1;
        }
    }
    Ok(totals)
}

/// A text was claimed, released or moved: the days around it are to be counted anew. Without effect on days that are not over.
///
/// # Errors
/// [`StoreError`].
pub async fn touch_text(tx: &mut Tx, tenant: Tenant, id: MessageId) -> Result<(), StoreError> {
    tx.execute(TOUCH_TEXT, &params![tenant.organization(), id]).await.map(drop)
}

/// A text came in: where that is long after it was written, the days around are to be counted anew.
///
/// # Errors
/// [`StoreError`].
pub async fn touch_late(tx: &mut Tx, tenant: Tenant, at: Timestamp, now: Timestamp) -> Result<(), StoreError> {
    if now.since(at) <= LATE {
        return Ok(());
    }
    let params = params![tenant.organization(), at.as_micros().div_euclid(DAY)];
    tx.execute(TOUCH, &params).await.map(drop)
}

/// A case came to another team: the days on which something happened in it are to be counted anew.
///
/// # Errors
/// [`StoreError`].
pub async fn touch_case(tx: &mut Tx, tenant: Tenant, case: CaseId) -> Result<(), StoreError> {
    tx.execute(TOUCH_CASE, &params![tenant.organization(), case]).await.map(drop)
}

/// The firm's days begin at another time: all are to be counted anew.
///
/// # Errors
/// [`StoreError`].
pub async fn touch_all(tx: &mut Tx, tenant: Tenant) -> Result<(), StoreError> {
    tx.execute(TOUCH_ALL, &params![tenant.organization()]).await.map(drop)
}
