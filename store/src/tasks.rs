//! Follow-up tasks as rows: of a case, or in no case and then of who made them and who sees to them alone. Lists and counts take the
//! reader's scope; a wall around the case hides its tasks, one around a contact's only case those about the contact.

use casewire_core::access::{Tenant, Visible};
use casewire_core::id::{CallId, CaseId, ContactId, ConversationId, Id, MessageId, TaskId, UserId};
use casewire_core::tasks::{Due, TaskStatus};
use casewire_core::time::Timestamp;
use casewire_core::view::{TaskView, UserRef};
use uuid::Uuid;

use crate::acting::{users_who_act_anywhere, users_who_act_on_case};
use crate::contacts::visible_contact;
use crate::error::StoreError;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;
use crate::visible::{self, visible_case};

/// The columns of a task; read by [`read`].
macro_rules! task_columns {
    () => {
        "t.id, t.what, t.status, t.due_on, t.due_time, t.time_zone, t.due_at, t.remind_minutes, t.remind_at, \
        t.assignee_user_id, au.name, t.created_by_user_id, bu.name, t.done_by_user_id, du.name, t.done_at, \
        t.case_id, c.mycase_case_id, c.name, t.contact_id, ct.name, t.message_id, t.call_id, \
        (select i.conversation_id from conversation_items i \
            join conversations v on v.organization_id = i.organization_id and v.id = i.conversation_id \
            where i.organization_id = t.organization_id and i.item_id = coalesce(t.message_id, t.call_id) \
            and (v.case_id = t.case_id or (t.case_id is null and v.case_id is null)) \
            order by i.conversation_id limit 1), t.created_at, t.updated_at"
    };
}

/// The tables behind [`task_columns`]: tasks `t`, their cases `c`, whom they are about `ct`.
macro_rules! task_tables {
    () => {
        "from tasks t \
        join users au on au.organization_id = t.organization_id and au.id = t.assignee_user_id \
        join users bu on bu.organization_id = t.organization_id and bu.id = t.created_by_user_id \
        left join users du on du.organization_id = t.organization_id and du.id = t.done_by_user_id \
        left join cases c on c.organization_id = t.organization_id and c.id = t.case_id \
        left join contacts ct on ct.organization_id = t.organization_id and ct.id = t.contact_id "
    };
}

/// "The task `t` is in view", with the first five parameters of [`visible_case!`].
macro_rules! task_in_view {
    () => {
        concat!(
            "t.organization_id = $1 and ((t.case_id is not null and ",
            visible_case!("c"),
            ") or (t.case_id is null and (t.created_by_user_id = $2 or t.assignee_user_id = $2) and (t.contact_id is null or ",
            visible_contact!(),
            ")))"
        )
    };
}

/// What narrows a list: a case, a contact, an assignee, a status, what stands in a conversation.
macro_rules! task_filter {
    () => {
        "and (cast($6 as uuid) is null or t.case_id = $6) and (cast($7 as uuid) is null or t.contact_id = $7) \
        and (cast($8 as uuid) is null or t.assignee_user_id = $8) \
        and (cast($9 as text) is null or ($9 = 'done' and t.status = 'done') or ($9 <> 'done' and t.status = 'open')) \
        and (cast($10 as bigint) is null or t.due_at <= $10) \
        and (cast($11 as uuid) is null or exists (select 1 from conversation_items fi where fi.organization_id = t.organization_id \
            and fi.conversation_id = $11 and fi.item_id = coalesce(t.message_id, t.call_id))) "
    };
}

statements! {
    /// A new task.
    INSERT = "insert into tasks (organization_id, id, what, status, case_id, contact_id, message_id, call_id, due_on, due_time, \
        time_zone, due_at, remind_minutes, remind_at, assignee_user_id, created_by_user_id, created_at, updated_at) \
        values ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)";
    /// What may change of a task.
    UPDATE = "update tasks set what = $3, status = $4, due_on = $5, due_time = $6, time_zone = $7, due_at = $8, remind_minutes = $9, \
        remind_at = $10, assignee_user_id = $11, done_by_user_id = $12, done_at = $13, updated_at = $14 \
        where organization_id = $1 and id = $2";
    /// One task, if it is in view.
    VIEW = concat!("select ", task_columns!(), " ", task_tables!(), "where t.id = $6 and ", task_in_view!());
    /// Of whom and about what a task is, whoever may see it.
    LOAD = "select t.case_id, t.contact_id, t.assignee_user_id from tasks t where t.organization_id = $1 and t.id = $2";
    /// Notes that the assignee is reminded, once for each time that is set.
    REMIND = "update tasks set reminded_at = $3 where organization_id = $1 and id = $2 and status = 'open' and remind_at <= $3 \
        and (reminded_at is null or reminded_at < remind_at)";
    /// Where a page begins.
    PLACE = "select due_at, done_at from tasks where organization_id = $1 and id = $2";
    /// A page of tasks, those due first before the others.
    LIST = concat!("select ", task_columns!(), " ", task_tables!(), "where ", task_in_view!(), " ", task_filter!(),
        "and (t.due_at, t.id) > ($12, $13) order by t.due_at, t.id limit cast($14 as bigint)");
    /// A page of tasks that are done, the latest before the others.
    LIST_DONE = concat!("select ", task_columns!(), " ", task_tables!(), "where ", task_in_view!(), " ", task_filter!(),
        "and (t.done_at, t.id) < ($12, $13) order by t.done_at desc, t.id desc limit cast($14 as bigint)");
    /// How many open tasks a user has: all, those due by the end of the day, those overdue.
    COUNTS = concat!("select count(*), coalesce(sum(case when t.due_at <= $6 then 1 else 0 end), 0), \
        coalesce(sum(case when t.due_at <= $7 then 1 else 0 end), 0) ", task_tables!(),
        "where t.assignee_user_id = $2 and t.status = 'open' and ", task_in_view!());
    /// The case and the person of a call.
    CALL = "select case_id, contact_id from call_history where organization_id = $1 and id = $2";
    /// The active users who may know of a case.
    ASSIGNEES_IN_CASE = concat!("select a.id, a.name from users a where a.organization_id = $1 and exists \
        (select 1 from cases c where c.organization_id = $1 and c.id = $2 and exists (select 1 ",
        users_who_act_on_case!("(r.case_contacts >= 1 or r.sms >= 1 or r.calls >= 1)"), " and u.id = a.id)) order by a.name, a.id");
    /// The active users who may know of any case.
    ASSIGNEES = concat!("select distinct u.id, u.name ",
        users_who_act_anywhere!("(r.case_contacts >= 1 or r.sms >= 1 or r.calls >= 1)", "$1"), " order by u.name, u.id");
}

/// A task to be stored.
pub struct NewTask {
    /// Its id.
    pub id: TaskId,
    /// What is to be done.
    pub what: String,
    /// Its case.
    pub case_id: Option<CaseId>,
    /// Whom it is about.
    pub contact_id: Option<ContactId>,
    /// The text that it follows up.
    pub message_id: Option<MessageId>,
    /// The call that it follows up.
    pub call_id: Option<CallId>,
    /// When it is due.
    pub due: Due,
    /// How long before its assignee is reminded, in minutes.
    pub reminder_minutes: Option<u32>,
    /// Who sees to it.
    pub assignee: UserId,
    /// Who made it.
    pub created_by: UserId,
}

/// What a task is changed to.
pub struct ChangedTask {
    /// What is to be done.
    pub what: String,
    /// When it is due.
    pub due: Due,
    /// How long before its assignee is reminded, in minutes.
    pub reminder_minutes: Option<u32>,
    /// Who sees to it.
    pub assignee: UserId,
    /// Who did it and when; none while it is open.
    pub done: Option<(UserId, Timestamp)>,
}

/// Of whom and about what a task is.
pub struct Reminded {
    /// Its case.
    pub case_id: Option<CaseId>,
    /// Whom it is about.
    pub contact_id: Option<ContactId>,
    /// Who sees to it.
    pub assignee: UserId,
}

/// Which tasks are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct TaskFilter {
    /// Of a case.
    pub case_id: Option<CaseId>,
    /// About a contact.
    pub contact_id: Option<ContactId>,
    /// Of an assignee.
    pub assignee: Option<UserId>,
    /// Open or done; both where it is none.
    pub status: Option<TaskStatus>,
    /// Due by then.
    pub due_by: Option<Timestamp>,
    /// That follow up what stands in a conversation.
    pub conversation_id: Option<ConversationId>,
}

/// How many open tasks somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskCounts {
    /// All.
    pub open: u32,
    /// Due by the end of today, the overdue ones too.
    pub today: u32,
    /// Overdue.
    pub overdue: u32,
}

/// Stores a task.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, tenant: Tenant, task: &NewTask, now: Timestamp) -> Result<(), StoreError> {
    let due = &task.due;
    let remind_at = task.reminder_minutes.map(|minutes| due.reminder(minutes));
    let params = params![
        tenant.organization(),
        task.id,
        &task.what,
        task.case_id,
        task.contact_id,
        task.message_id,
        task.call_id,
        due.on(),
        due.time(),
        due.zone_name(),
        due.moment(),
        task.reminder_minutes,
        remind_at,
        task.assignee,
        task.created_by,
        now
    ];
    tx.execute(INSERT, &params).await.map(drop)
}

/// Changes a task.
///
/// # Errors
/// [`StoreError`].
pub async fn update(tx: &mut Tx, tenant: Tenant, id: TaskId, to: &ChangedTask, now: Timestamp) -> Result<(), StoreError> {
    let due = &to.due;
    let remind_at = to.reminder_minutes.map(|minutes| due.reminder(minutes));
    let status = if to.done.is_some() { TaskStatus::Done } else { TaskStatus::Open };
    let params = params![
        tenant.organization(),
        id,
        &to.what,
        status.as_str(),
        due.on(),
        due.time(),
        due.zone_name(),
        due.moment(),
        to.reminder_minutes,
        remind_at,
        to.assignee,
        to.done.map(|(user, _)| user),
        to.done.map(|(_, at)| at),
        now
    ];
    tx.execute(UPDATE, &params).await.map(drop)
}

/// One task, if it is in view; `visible` being the cases that the user may know of.
///
/// # Errors
/// [`StoreError`].
pub async fn view(tx: &mut Tx, visible: &Visible, id: TaskId) -> Result<Option<TaskView>, StoreError> {
    let row = tx.row(VIEW, &visible::parameters(visible, params![id])).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(read(&row)?))
}

/// Notes that the assignee of an open task is reminded, where its time has come and they were not yet; of whom and about what it is then.
///
/// # Errors
/// [`StoreError`].
pub async fn remind(tx: &mut Tx, tenant: Tenant, id: TaskId, now: Timestamp) -> Result<Option<Reminded>, StoreError> {
    if tx.execute(REMIND, &params![tenant.organization(), id, now]).await? == 0 {
        return Ok(None);
    }
    let Some(row) = tx.row(LOAD, &params![tenant.organization(), id]).await? else {
        return Ok(None);
    };
    let mut columns = row.columns();
    Ok(Some(Reminded {
        case_id: columns.opt_id()?,
        contact_id: columns.opt_id()?,
        assignee: columns.id()?,
    }))
}

/// A page of tasks after `after`: those due first before the others, of those that are done the latest before the others. None where
/// the page should begin after a task that does not exist.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    tx: &mut Tx,
    visible: &Visible,
    filter: &TaskFilter,
    after: Option<TaskId>,
    limit: u32,
) -> Result<Option<Vec<TaskView>>, StoreError> {
    let is_done = filter.status == Some(TaskStatus::Done);
    let place: (i64, Uuid) = match after {
        None if is_done => (i64::MAX, Uuid::max()),
        None => (i64::MIN, Uuid::nil()),
        Some(after) => {
            let Some(row) = tx.row(PLACE, &params![visible.organization(), after]).await? else {
                return Ok(None);
            };
            let mut columns = row.columns();
            let (due_at, done_at) = (columns.int()?, columns.opt_int()?);
            (if is_done { done_at.unwrap_or(i64::MAX) } else { due_at }, after.uuid())
        }
    };
    let params = params![
        filter.case_id,
        filter.contact_id,
        filter.assignee,
        filter.status.map(TaskStatus::as_str),
        filter.due_by,
        filter.conversation_id,
        place.0,
        place.1,
        limit
    ];
    let text = if is_done { LIST_DONE } else { LIST };
    let rows = tx.rows(text, &visible::parameters(visible, params)).await?;
    rows.iter().map(read).collect::<Result<Vec<_>, _>>().map(Some)
}

/// How many open tasks the user has whose view it is.
///
/// # Errors
/// [`StoreError`].
pub async fn counts(tx: &mut Tx, visible: &Visible, end_of_today: Timestamp, now: Timestamp) -> Result<TaskCounts, StoreError> {
    let row = tx
        .row(COUNTS, &visible::parameters(visible, params![end_of_today, now]))
        .await?
        .ok_or_else(|| StoreError::bug("a count gave no row"))?;
    let mut columns = row.columns();
    let mut count = || columns.int().map(|count| u32::try_from(count).unwrap_or(0));
    Ok(TaskCounts {
        open: count()?,
        today: count()?,
        overdue: count()?,
    })
}

/// The case and the person of a call; none where there is no such call.
///
/// # Errors
/// [`StoreError`].
pub async fn of_call(tx: &mut Tx, tenant: Tenant, call: CallId) -> Result<Option<(Option<CaseId>, Option<ContactId>)>, StoreError> {
    let row = tx.row(CALL, &params![tenant.organization(), call]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok((columns.opt_id()?, columns.opt_id()?))
    })
    .transpose()
}

/// Who may be given a task: the active users who may know of the case, or of any case where it is none.
///
/// # Errors
/// [`StoreError`].
pub async fn assignees(tx: &mut Tx, tenant: Tenant, case: Option<CaseId>) -> Result<Vec<UserRef>, StoreError> {
    let organization = Value::from(tenant.organization());
    let rows = match case {
        Some(case) => tx.rows(ASSIGNEES_IN_CASE, &[organization, Value::from(case)]).await?,
        None => tx.rows(ASSIGNEES, &[organization]).await?,
    };
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            Ok(UserRef {
                id: columns.id()?,
                name: columns.text()?,
            })
        })
        .collect()
}

fn read(row: &Row) -> Result<TaskView, StoreError> {
    let mut columns = row.columns();
    let (id, what, status) = (columns.id()?, columns.text()?, columns.parsed()?);
    let (due_on, due_time, time_zone) = (columns.text()?, columns.opt_text()?, columns.text()?);
    let (due_at, minutes, remind_at) = (columns.time()?, columns.opt_int()?, columns.opt_time()?);
    let mut user = || Ok::<_, StoreError>(columns.opt_id()?.zip(columns.opt_text()?).map(|(id, name)| UserRef { id, name }));
    let (assignee, created_by, done_by) = (user()?, user()?, user()?);
    let nobody = || StoreError::bug("a task has no assignee");
    Ok(TaskView {
        id,
        what,
        status,
        due_on,
        due_time,
        time_zone,
        due_at,
        reminder_minutes: minutes.and_then(|minutes| u32::try_from(minutes).ok()),
        remind_at,
        assignee: assignee.ok_or_else(nobody)?,
        created_by: created_by.ok_or_else(nobody)?,
        done_by,
        done_at: columns.opt_time()?,
        case_id: columns.opt_id()?,
        mycase_case_id: columns.opt_text()?,
        case_name: columns.opt_text()?,
        contact_id: columns.opt_id()?,
        contact_name: columns.opt_text()?,
        message_id: columns.opt_id()?,
        call_id: columns.opt_id()?,
        conversation_id: columns.opt_id()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
    })
}
