//! No orphan, ever: a text that nobody is left to take stands in "Needs attention". A case that nobody can act on is marked
//! itself, so that all of its texts stand there; an unclaimed or unknown text is marked by itself when everybody who works on
//! it dismissed it. Who works on a text are the active users with `sms:2` in reach of it, and where there are none, those
//! with `sms:3`, who oversee. Every act that changes rights, cases or dismissals calls here before it commits.

use casewire_core::access::Tenant;
use casewire_core::event::PlacementCause;
use casewire_core::id::{CaseId, Id, MessageId};
use casewire_core::messaging::claims::AttentionReason;
use casewire_core::time::Timestamp;

use crate::acting::{users_who_act_anywhere, users_who_act_on_case};
use crate::announce;
use crate::calls;
use crate::conversations;
use crate::error::StoreError;
use crate::message_view;
use crate::messages;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

/// Somebody with that level can act on a case that the text `m` is offered to.
macro_rules! somebody_on_a_candidate {
    ($level:literal) => {
        somebody_on_a_candidate!($level, "")
    };
    ($level:literal, $further:expr) => {
        concat!(
            "exists (select 1 from sms_candidates k join cases c on c.organization_id = k.organization_id and c.id = k.case_id \
            where k.organization_id = m.organization_id and k.message_id = m.id and exists (select 1 ",
            users_who_act_on_case!($level),
            $further,
            "))"
        )
    };
}

/// The same, and has not dismissed it there.
macro_rules! somebody_left_on_a_candidate {
    ($level:literal) => {
        somebody_on_a_candidate!(
            $level,
            " and not exists (select 1 from sms_dismissals d where d.organization_id = k.organization_id \
            and d.message_id = k.message_id and d.case_id = k.case_id and d.user_id = u.id)"
        )
    };
}

/// Somebody with that level sees unknown senders, and has not dismissed the text `m`.
macro_rules! somebody_left_anywhere {
    ($level:literal) => {
        concat!(
            "exists (select 1 ",
            users_who_act_anywhere!($level),
            " and not exists (select 1 from sms_dismissals d where d.organization_id = m.organization_id \
            and d.message_id = m.id and d.user_id = u.id))"
        )
    };
}

/// Why the text `m` needs attention, if it does.
macro_rules! wanted_attention {
    () => {
        concat!(
            "case when m.standing = 'unclaimed' then case when ",
            somebody_left_on_a_candidate!("r.sms = 2"),
            " then null when ",
            somebody_on_a_candidate!("r.sms = 2"),
            " then 'dismissed_by_all' when ",
            somebody_left_on_a_candidate!("r.sms = 3"),
            " then null when ",
            somebody_on_a_candidate!("r.sms = 3"),
            " then 'dismissed_by_all' else 'nobody_entitled' end \
            when m.standing = 'unknown' then case when ",
            somebody_left_anywhere!("r.sms = 2"),
            " then null when exists (select 1 ",
            users_who_act_anywhere!("r.sms = 2"),
            ") then 'dismissed_by_all' when ",
            somebody_left_anywhere!("r.sms = 3"),
            " then null when exists (select 1 ",
            users_who_act_anywhere!("r.sms = 3"),
            ") then 'dismissed_by_all' else 'nobody_entitled' end end"
        )
    };
}

statements! {
    /// Marks the cases that nobody can act on, and unmarks the others.
    MARK_CASES = concat!(
        "update cases as c set is_unattended = 1 - is_unattended where c.organization_id = $1 \
        and c.is_unattended <> case when exists (select 1 ", users_who_act_on_case!("r.sms >= 2"), ") then 0 else 1 end");
    /// The same for one case.
    MARK_CASE = concat!(
        "update cases as c set is_unattended = 1 - is_unattended where c.organization_id = $1 and c.id = $2 \
        and c.is_unattended <> case when exists (select 1 ", users_who_act_on_case!("r.sms >= 2"), ") then 0 else 1 end");
    /// What one text needs.
    WANTED = concat!("select m.id, m.attention, ", wanted_attention!(), " from sms_history m where m.organization_id = $1 and m.id = $2");
    /// What the texts offered to a case need.
    WANTED_IN_CASE = concat!("select m.id, m.attention, ", wanted_attention!(), " from sms_candidates ck \
        join sms_history m on m.organization_id = ck.organization_id and m.id = ck.message_id \
        where ck.organization_id = $1 and ck.case_id = $2 and m.standing = 'unclaimed'");
    /// The texts without an owner that are marked otherwise than they should be, and how.
    MARKED_WRONGLY = concat!("select x.id, x.attention, x.wanted from (select m.id, m.attention, ", wanted_attention!(), " as wanted \
        from sms_history m where m.organization_id = $1 and m.standing in ('unclaimed', 'unknown')) x \
        where coalesce(x.attention, '') <> coalesce(x.wanted, '')");
    /// How many cases are marked otherwise than they should be.
    CASES_MARKED_WRONGLY = concat!(
        "select cast(count(*) as bigint) from cases c where c.organization_id = $1 \
        and c.is_unattended <> case when exists (select 1 ", users_who_act_on_case!("r.sms >= 2"), ") then 0 else 1 end");
    /// How many texts nobody active sees: in cases that nobody can act on and offered to no other case; dismissed by all where
    /// nobody oversees; and outside of cases where nobody acts on texts at all.
    ORPHANS = concat!(
        "select cast((select count(distinct m.id) from cases c \
            join conversations v on v.organization_id = c.organization_id and v.case_id = c.id \
            join conversation_items i on i.organization_id = v.organization_id and i.conversation_id = v.id \
            join sms_history m on m.organization_id = i.organization_id and m.id = i.item_id and m.direction = 'inbound' \
            where c.organization_id = $1 and c.is_unattended = 1 and not (m.standing = 'unclaimed' and exists (select 1 \
                from sms_candidates ok join cases oc on oc.organization_id = ok.organization_id and oc.id = ok.case_id \
                where ok.organization_id = m.organization_id and ok.message_id = m.id and oc.is_unattended = 0))) \
        + (select count(*) from sms_history m where m.organization_id = $1 and m.attention is not null \
            and m.attention = 'dismissed_by_all' and not (m.standing = 'unclaimed' and ", somebody_on_a_candidate!("r.sms = 3"),
            ") and not (m.standing = 'unknown' and exists (select 1 ", users_who_act_anywhere!("r.sms = 3"), "))) \
        + case when exists (select 1 ", users_who_act_anywhere!("r.sms >= 2", "$1"), ") then 0 else (select count(*) from sms_history m \
            where m.organization_id = $1 and m.direction = 'inbound' and m.standing in ('unknown', 'personal') \
            and coalesce(m.attention, '') <> 'dismissed_by_all') end as bigint)");
}

/// Judges the texts and cases of an organization anew, or of one case, after something changed who can act on them.
///
/// # Errors
/// [`StoreError`].
pub async fn recheck_cases(tx: &mut Tx, tenant: Tenant, case: Option<CaseId>, now: Timestamp) -> Result<(), StoreError> {
    calls::recheck(tx, tenant, now).await?;
    let organization = tenant.organization();
    let rows = if let Some(case) = case {
        tx.execute(MARK_CASE, &params![organization, case]).await?;
        tx.rows(WANTED_IN_CASE, &params![organization, case]).await?
    } else {
        tx.execute(MARK_CASES, &params![organization]).await?;
        tx.rows(MARKED_WRONGLY, &params![organization]).await?
    };
    for row in &rows {
        mark(tx, tenant, row).await?;
    }
    Ok(())
}

/// Judges one text anew. Whether something changed.
///
/// # Errors
/// [`StoreError`].
pub async fn recheck_message(tx: &mut Tx, tenant: Tenant, id: MessageId) -> Result<bool, StoreError> {
    match tx.row(WANTED, &params![tenant.organization(), id]).await? {
        Some(row) => mark(tx, tenant, &row).await,
        None => Ok(false),
    }
}

/// What the auditor looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Findings {
    /// Cases and texts that are marked otherwise than they should be: an act did not look after them, or two did at once.
    pub marked_wrongly: u64,
    /// Texts that nobody active sees, for those who must assign somebody.
    pub orphans: u64,
}

/// Looks for what [`recheck_cases`] would mend, and counts the orphans. Writes nothing.
///
/// A text that came while nobody was entitled to it is no finding: its case says so, and it is marked with the next change.
///
/// # Errors
/// [`StoreError`].
pub async fn audit(tx: &mut Tx, tenant: Tenant) -> Result<Findings, StoreError> {
    let cases = count(tx, CASES_MARKED_WRONGLY, tenant).await?;
    let mut texts = 0_u64;
    for row in &tx.rows(MARKED_WRONGLY, &params![tenant.organization()]).await? {
        let mut columns = row.columns();
        columns.id::<MessageId>()?;
        let (has, wanted): (Option<AttentionReason>, Option<AttentionReason>) = (columns.opt_parsed()?, columns.opt_parsed()?);
        texts += u64::from((has, wanted) != (None, Some(AttentionReason::NobodyEntitled)));
    }
    Ok(Findings {
        marked_wrongly: cases.saturating_add(texts),
        orphans: orphans(tx, tenant).await?,
    })
}

/// How many texts no active user sees, for those who must assign somebody.
///
/// # Errors
/// [`StoreError`].
pub async fn orphans(tx: &mut Tx, tenant: Tenant) -> Result<u64, StoreError> {
    count(tx, ORPHANS, tenant).await
}

async fn count(tx: &mut Tx, sql: &'static str, tenant: Tenant) -> Result<u64, StoreError> {
    match tx.row(sql, &params![tenant.organization()]).await? {
        Some(row) => row.columns().int_as(|count| u64::try_from(count).ok()),
        None => Ok(0),
    }
}

/// Sets what a text needs, and counts it where it stands.
///
/// # Errors
/// [`StoreError`].
pub async fn set(tx: &mut Tx, tenant: Tenant, id: MessageId, had: bool, wanted: Option<AttentionReason>) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            messages::SET_ATTENTION,
            &params![tenant.organization(), id, wanted.map(AttentionReason::as_str)],
        )
        .await?;
    if changed == 0 {
        return Ok(());
    }
    let change = i64::from(wanted.is_some()) - i64::from(had);
    let places = message_view::places(tx, tenant, id.uuid()).await?;
    if change != 0 {
        tx.pipeline(
            places
                .iter()
                .map(|place| conversations::counting_attention(tenant, *place, change))
                .collect(),
        )
        .await?;
    }
    for place in places {
        announce::placed(tx, tenant, id, place, PlacementCause::AttentionChanged).await?;
    }
    Ok(())
}

async fn mark(tx: &mut Tx, tenant: Tenant, row: &Row) -> Result<bool, StoreError> {
    let mut columns = row.columns();
    let id: MessageId = columns.id()?;
    let (has, wanted): (Option<AttentionReason>, Option<AttentionReason>) = (columns.opt_parsed()?, columns.opt_parsed()?);
    if has == wanted {
        return Ok(false);
    }
    set(tx, tenant, id, has.is_some(), wanted).await?;
    Ok(true)
}
