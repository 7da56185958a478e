//! Calls as they are shown: one, or lists of them, with the names of now and the roles of then. Refuses to judge who may read one: a
//! list takes a [`Visible`], and [`subject`] says what the reader of a single one must be allowed.

use casewire_core::access::{Tenant, Visible};
use casewire_core::id::{CallId, CaseId, ContactId, Id};
use casewire_core::time::Timestamp;
use casewire_core::view::{CallView, ConnectionView, ConversationKind, UserRef};

use super::recordings;
use crate::contacts::seen_contact;
use crate::error::StoreError;
use crate::inbox::{After, Offices, Page};
use crate::message_view::person;
use crate::params;
use crate::row::Columns;
use crate::statements::statements;
use crate::tx::Tx;
use crate::visible::{parameters, visible_case};

/// The columns of a call `h` in a conversation `v`; read by [`read_call`].
macro_rules! call_columns {
    () => {
        "h.id, v.id, h.direction, h.started_at, coalesce(h.contact_id, v.contact_id), h.case_contact_id, \
            coalesce(p.name, (select min(oc.name) from contact_phones op \
            join contacts oc on oc.organization_id = op.organization_id and oc.id = op.contact_id \
            where op.organization_id = h.organization_id and op.e164 = h.peer and h.contact_id is null \
            having count(distinct op.contact_id) = 1)), h.contact_role_name, h.peer, h.case_id, h.matter_id, h.lead_id, h.number_id, \
            h.status, h.answered_at, h.ended_at, h.end_reason, h.duration_seconds, \
            case when h.recording_url is not null or h.recording = 'ready' then 1 else 0 end, h.user_id, u.name, \
            h.is_on_hold, h.is_muted, h.agent_lost_at, h.outside_lost_at, h.transfer_to_user_id, t.name, h.recording, \
            h.disposition, h.note, h.wrap_up_until, h.line, h.revision"
    };
}
pub(crate) use call_columns;

/// The tables beside a call `h` and its conversation `v`.
macro_rules! call_joins {
    () => {
        " left join contacts p on p.organization_id = h.organization_id and p.id = coalesce(h.contact_id, v.contact_id) \
        left join users u on u.organization_id = h.organization_id and u.id = h.user_id \
        left join users t on t.organization_id = h.organization_id and t.id = h.transfer_to_user_id"
    };
}
pub(crate) use call_joins;

/// A list of calls in view, the latest first: `$6` and `$7` whether those of people and of unknown callers are, `$8` and `$9` where the
/// page begins, `$10` how many, `$11` of which case alone.
macro_rules! list {
    ($($condition:tt)+) => {
        concat!(
            "select ", call_columns!(), " from call_history h \
            join conversations v on v.organization_id = h.organization_id and v.id = h.conversation_id \
            left join cases c on c.organization_id = v.organization_id and c.id = v.case_id", call_joins!(),
            " where h.organization_id = $1 and ((v.kind = 'case' and ", visible_case!("c"),
            ") or (v.kind = 'lead' and cast($6 as bigint) = 1) or (v.kind = 'contact' and cast($6 as bigint) = 1 and ",
            seen_contact!("v"), ") or (v.kind = 'unknown' and cast($7 as bigint) = 1)) \
            and (h.started_at, h.id) < ($8, $9) and (cast($11 as uuid) is null or v.case_id = $11) and ", $($condition)+,
            " order by h.started_at desc, h.id desc limit $10"
        )
    };
}

statements! {
    /// One call.
    SHOW = concat!("select ", call_columns!(), " from call_history h \
        join conversations v on v.organization_id = h.organization_id and v.id = h.conversation_id", call_joins!(),
        " where h.organization_id = $1 and h.id = $2");
    /// What decides who reads a call.
    SUBJECT = "select v.kind, v.case_id, v.contact_id from call_history h \
        join conversations v on v.organization_id = h.organization_id and v.id = h.conversation_id \
        where h.organization_id = $1 and h.id = $2";
    /// Everything.
    HISTORY = list!("0 = 0");
    /// What is under way.
    LIVE = list!("h.line is not null and h.status in ('queued', 'ringing', 'in-progress', 'recording')");
    /// What came in and found nobody.
    MISSED = list!("h.direction = 'inbound' and h.status in ('no-answer', 'voicemail')");
    /// What the user is on, or busy with at `$12`.
    MINE = list!("(exists (select 1 from call_seats k where k.organization_id = $1 and k.user_id = $2 and k.call_id = h.id) \
        or (h.user_id = $2 and h.wrap_up_until > $12 and h.disposition is null))");
}

/// Which calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallList {
    /// Everything in view.
    History,
    /// What is under way.
    Live,
    /// What came in and nobody took.
    Missed,
    /// What the user is on, or busy with after it.
    Mine {
        /// As of then.
        now: Timestamp,
    },
}

/// Calls in view, the latest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    tx: &mut Tx,
    visible: &Visible,
    offices: Offices,
    which: CallList,
    case: Option<CaseId>,
    page: Page,
) -> Result<Vec<CallView>, StoreError> {
    let After { at, id } = page.after;
    let mut params = parameters(visible, params![offices.personal, offices.unknown, at, id, page.limit, case]);
    let sql = match which {
        CallList::History => HISTORY,
        CallList::Live => LIVE,
        CallList::Missed => MISSED,
        CallList::Mine { now } => {
            params.extend(params![now]);
            MINE
        }
    };
    let rows = tx.rows(sql, &params).await?;
    let mut calls = rows
        .iter()
        .map(|row| read_call(&mut row.columns()))
        .collect::<Result<Vec<CallView>, StoreError>>()?;
    for call in &mut calls {
        recordings::complete(tx, visible.organization(), call).await?;
    }
    Ok(calls)
}

/// One call, without its supervisors.
///
/// # Errors
/// [`StoreError`].
pub async fn show(tx: &mut Tx, tenant: Tenant, id: CallId) -> Result<Option<CallView>, StoreError> {
    let Some(row) = tx.row(SHOW, &params![tenant.organization(), id]).await? else {
        return Ok(None);
    };
    let mut call = read_call(&mut row.columns())?;
    recordings::complete(tx, tenant.organization(), &mut call).await?;
    Ok(Some(call))
}

/// What decides who reads a call: what its conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Of which kind.
    pub kind: ConversationKind,
    /// In which case.
    pub case: Option<CaseId>,
    /// With whom, where it is known.
    pub contact: Option<ContactId>,
}

/// What decides who reads a call.
///
/// # Errors
/// [`StoreError`]; one that does not exist in the organization is none.
pub async fn subject(tx: &mut Tx, tenant: Tenant, id: CallId) -> Result<Option<Subject>, StoreError> {
    let row = tx.row(SUBJECT, &params![tenant.organization(), id]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok(Subject {
            kind: columns.parsed()?,
            case: columns.opt_id()?,
            contact: columns.opt_id()?,
        })
    })
    .transpose()
}

/// The call after which a list goes on.
#[must_use]
pub fn after(call: &CallView) -> After {
    After {
        at: call.at,
        id: call.id.uuid(),
    }
}

/// Reads the columns of [`call_columns`].
pub(crate) fn read_call(c: &mut Columns<'_>) -> Result<CallView, StoreError> {
    let (id, conversation_id, direction, at) = (c.id()?, c.id()?, c.parsed()?, c.time()?);
    let ids = (c.opt_id()?, c.opt_id()?);
    let (name, role, peer) = (c.opt_text()?, c.opt_text()?, c.text()?);
    let (case_id, matter_id, lead_id, number_id) = (c.opt_id()?, c.opt_text()?, c.opt_id()?, c.opt_id()?);
    let (status, answered_at, ended_at, end_reason) = (c.text()?, c.opt_time()?, c.opt_time()?, c.opt_parsed()?);
    let (duration, has_recording) = (c.int()?, c.flag()?);
    let user = user(c)?;
    let (is_on_hold, is_muted) = (c.flag()?, c.flag()?);
    let (agent_line, outside_line) = (connection(c.opt_time()?), connection(c.opt_time()?));
    let transfer_to = self::user(c)?;
    let (recording, disposition, note) = (c.parsed()?, c.opt_text()?, c.opt_text()?);
    let (wrap_up_until, line, version) = (c.opt_time()?, c.opt_text()?, c.int()?);
    Ok(CallView {
        id,
        conversation_id: Some(conversation_id),
        direction,
        at,
        person: person(ids, name, role, &peer),
        case_id,
        matter_id,
        lead_id,
        number_id,
        status,
        answered_at,
        ended_at,
        end_reason,
        duration_seconds: u32::try_from(duration).unwrap_or(0),
        has_recording,
        user,
        is_on_hold,
        is_muted,
        agent_line,
        outside_line,
        transfer_to,
        recording,
        recordings: Vec::new(),
        disposition,
        note,
        wrap_up_until,
        supervisors: None,
        line,
        version: u64::try_from(version).unwrap_or(0),
    })
}

fn user(c: &mut Columns<'_>) -> Result<Option<UserRef>, StoreError> {
    let (id, name) = (c.opt_id()?, c.opt_text()?);
    Ok(id.zip(name).map(|(id, name)| UserRef { id, name }))
}

const fn connection(lost: Option<Timestamp>) -> ConnectionView {
    match lost {
        None => ConnectionView::Here,
        Some(_) => ConnectionView::Lost,
    }
}
