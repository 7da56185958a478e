//! What the acts on follow-up tasks have in common, and those that show them. A task of a case is seen by who may know of the case,
//! and changed by who may add people to it, its assignee and its maker; one in no case belongs to its assignee and its maker.

use casewire_core::access::{Access, Denied, Level, Resource, Tenant};
use casewire_core::event::{Audience, Event, NewEvent};
use casewire_core::id::{CaseId, ContactId, ConversationId, TaskId, UserId};
use casewire_core::job::Job;
use casewire_core::tasks::{Due, LONGEST_WHAT, MOST_REMINDER_MINUTES, TaskStatus, end_of_today};
use casewire_core::time::Timestamp;
use casewire_core::view::{TaskView, UserRef};
use casewire_store::jobs::{self, NewJob};
use casewire_store::tasks::{self, TaskCounts, TaskFilter};
use casewire_store::{Act, StoreError, Tx, access as rights, cases, contacts, organizations};

use super::{people, texts};
use crate::problem::{Problem, ProblemCode};

/// When something is due, as a caller wrote it.
#[derive(Clone)]
pub struct WrittenDue {
    /// `2026-12-24`.
    pub on: String,
    /// `09:30`, or the whole day.
    pub time: Option<String>,
    /// The IANA name of a time zone; the firm's unless it is said.
    pub time_zone: Option<String>,
}

/// Whose tasks are asked for.
#[derive(Clone, Copy)]
pub enum AssigneeFilter {
    /// Everybody's.
    Anybody,
    /// The reader's own.
    Me,
    /// Somebody's.
    One(UserId),
}

/// Which part of the tasks is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TaskShare {
    /// Open and done ones.
    All,
    /// Those to be done.
    Open,
    /// Those to be done by the end of today, the overdue ones too.
    Today,
    /// Those that are overdue.
    Overdue,
    /// Those that are done.
    Done,
}

/// Shows a page of tasks.
pub struct ListTasks {
    /// Who asks.
    pub access: Access,
    /// Of the case with that number.
    pub case_id: Option<String>,
    /// About a contact.
    pub contact_id: Option<ContactId>,
    /// That follow up what stands in a conversation.
    pub conversation_id: Option<ConversationId>,
    /// Whose.
    pub assignee: AssigneeFilter,
    /// Which part of them.
    pub share: TaskShare,
    /// The last task of the page before.
    pub after: Option<TaskId>,
    /// How many at most.
    pub limit: u32,
    /// The time.
    pub now: Timestamp,
}

impl Act for ListTasks {
    type Out = Vec<TaskView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let access = &self.access;
        let case_id = match &self.case_id {
            Some(number) => Some(texts::case_in_view(tx, access, number).await?.case_id),
            None => None,
        };
        if let Some(contact) = self.contact_id {
            people::known_contact(tx, access, "", contact).await?;
        }
        let due_by = match self.share {
            TaskShare::Today => Some(end_of_today(self.now, &firm_zone(tx, access.tenant()).await?)),
            TaskShare::Overdue => Some(self.now),
            TaskShare::All | TaskShare::Open | TaskShare::Done => None,
        };
        let filter = TaskFilter {
            case_id,
            contact_id: self.contact_id,
            assignee: match self.assignee {
                AssigneeFilter::Anybody => None,
                AssigneeFilter::Me => Some(access.user()),
                AssigneeFilter::One(user) => Some(user),
            },
            status: match self.share {
                TaskShare::All => None,
                TaskShare::Done => Some(TaskStatus::Done),
                TaskShare::Open | TaskShare::Today | TaskShare::Overdue => Some(TaskStatus::Open),
            },
            due_by,
            conversation_id: self.conversation_id,
        };
        tasks::list(tx, &access.known_cases(), &filter, self.after, self.limit)
            .await?
            .ok_or_else(|| Problem::of(ProblemCode::InvalidCursor))
    }
}

/// Shows a task.
pub struct ShowTask {
    /// Who asks.
    pub access: Access,
    /// Which.
    pub task: TaskId,
}

impl Act for ShowTask {
    type Out = TaskView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        in_view(tx, &self.access, self.task).await
    }
}

/// Counts the reader's own open tasks.
pub struct CountTasks {
    /// Who asks.
    pub access: Access,
    /// The time.
    pub now: Timestamp,
}

impl Act for CountTasks {
    type Out = TaskCounts;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let end = end_of_today(self.now, &firm_zone(tx, self.access.tenant()).await?);
        Ok(tasks::counts(tx, &self.access.known_cases(), end, self.now).await?)
    }
}

/// Shows who can be given a task.
pub struct ListAssignees {
    /// Who asks.
    pub access: Access,
    /// Of the case with that number.
    pub case_id: Option<String>,
}

impl Act for ListAssignees {
    type Out = Vec<UserRef>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, Problem> {
        let tenant = self.access.tenant();
        let Some(number) = &self.case_id else {
            self.access.office(Resource::CaseContacts, Level::Act)?;
            return Ok(tasks::assignees(tx, tenant, None).await?);
        };
        let case = people::case(tx, &self.access, number).await?;
        let permit = self.access.contact(&case, Resource::CaseContacts)?;
        Ok(tasks::assignees(tx, tenant, Some(permit.case())).await?)
    }
}

/// The task, if the user may see it.
///
/// # Errors
/// `not_found`.
pub(super) async fn in_view(tx: &mut Tx, access: &Access, task: TaskId) -> Result<TaskView, Problem> {
    tasks::view(tx, &access.known_cases(), task).await?.ok_or_else(Problem::not_found)
}

/// The task, if the user may change it.
///
/// # Errors
/// `not_found`, `forbidden`.
pub(super) async fn to_change(tx: &mut Tx, access: &Access, task: TaskId) -> Result<TaskView, Problem> {
    let task = in_view(tx, access, task).await?;
    let is_theirs = [task.assignee.id, task.created_by.id].contains(&access.user());
    if let (Some(case), false) = (task.case_id, is_theirs) {
        let reach = cases::reach_by_id(tx, access.tenant(), case).await?.ok_or(Denied::NotFound)?;
        access.contact(&reach, Resource::CaseContacts)?;
    }
    Ok(task)
}

/// What is to be done, fit to be read.
///
/// # Errors
/// `invalid_field`.
pub(super) fn what(text: &str) -> Result<String, Problem> {
    people::line("what", text, LONGEST_WHAT)
}

/// When it is due.
///
/// # Errors
/// `invalid_field`.
pub(super) async fn due(tx: &mut Tx, access: &Access, written: &WrittenDue) -> Result<Due, Problem> {
    let zone = match &written.time_zone {
        Some(zone) => zone.clone(),
        None => firm_zone(tx, access.tenant()).await?,
    };
    Due::read(&written.on, written.time.as_deref(), &zone)
        .map_err(|error| Problem::invalid_field(&format!("due.{}", error.field), error.why))
}

/// How long before one is reminded.
///
/// # Errors
/// `invalid_field`.
pub(super) fn reminder(minutes: Option<u32>) -> Result<Option<u32>, Problem> {
    if minutes.is_some_and(|minutes| minutes > MOST_REMINDER_MINUTES) {
        return Err(Problem::invalid_field(
            "reminder_minutes",
            "a reminder comes at most four weeks before",
        ));
    }
    Ok(minutes)
}

/// Makes sure that who is to see to a task can see it.
///
/// # Errors
/// `not_found`, `assignee_without_access`.
pub(super) async fn check_assignee(
    tx: &mut Tx,
    access: &Access,
    assignee: UserId,
    case: Option<CaseId>,
    contact: Option<ContactId>,
) -> Result<(), Problem> {
    people::known_user(tx, access, "assignee_id", assignee).await?;
    let rights = rights::of_user(tx, access.tenant(), assignee)
        .await?
        .ok_or_else(|| people::missing("assignee_id"))?;
    if sees(tx, &rights, case, contact).await? {
        Ok(())
    } else {
        Err(Problem::of(ProblemCode::AssigneeWithoutAccess).with("field", "assignee_id"))
    }
}

/// Whether somebody who is a task's assignee or maker sees it.
async fn sees(tx: &mut Tx, rights: &Access, case: Option<CaseId>, contact: Option<ContactId>) -> Result<bool, StoreError> {
    if let Some(case) = case {
        let reach = cases::reach_by_id(tx, rights.tenant(), case).await?;
        return Ok(reach.is_some_and(|case| rights.knows(&rights.relation(&case))));
    }
    match contact {
        Some(contact) => contacts::may_see(tx, &rights.known_cases(), contact).await,
        None => Ok(true),
    }
}

/// Tells who may see a task that it changed: who may know of its case; in no case, its assignee and its maker.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn tell(tx: &mut Tx, tenant: Tenant, task: &TaskView) -> Result<(), StoreError> {
    let event = || Event::TaskChanged {
        task_id: task.id,
        mycase_case_id: task.mycase_case_id.clone(),
    };
    if let Some(case) = task.case_id {
        emit(tx, tenant, Audience::Case(case), event());
        return Ok(());
    }
    let mut readers = vec![task.assignee.id, task.created_by.id];
    readers.dedup();
    for user in readers {
        tell_one(tx, tenant, user, (None, task.contact_id), event()).await?;
    }
    Ok(())
}

/// Tells one user of a task of theirs, as long as they see it.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn tell_one(
    tx: &mut Tx,
    tenant: Tenant,
    user: UserId,
    about: (Option<CaseId>, Option<ContactId>),
    event: Event,
) -> Result<(), StoreError> {
    let (case, contact) = about;
    if let Some(rights) = rights::of_user(tx, tenant, user).await?
        && sees(tx, &rights, case, contact).await?
    {
        emit(tx, tenant, Audience::Own { user, case }, event);
    }
    Ok(())
}

/// Tells a user that a task is not theirs any more.
pub(super) fn withdraw(tx: &mut Tx, tenant: Tenant, user: UserId, task_id: TaskId) {
    emit(tx, tenant, Audience::Own { user, case: None }, Event::TaskWithdrawn { task_id });
}

fn emit(tx: &mut Tx, tenant: Tenant, audience: Audience, event: Event) {
    tx.emit(tenant.organization(), NewEvent { audience, event });
}

/// Queues the reminder of a task, where it is still to come. An earlier one that waits does nothing when its time comes.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn queue_reminder(tx: &mut Tx, tenant: Tenant, task: &TaskView, now: Timestamp) -> Result<(), StoreError> {
    let Some(run_at) = task.remind_at.filter(|at| *at > now && task.status == TaskStatus::Open) else {
        return Ok(());
    };
    let unique_key = Some(format!("{}:{}:remind:{}", tenant.organization(), task.id, run_at.as_micros()));
    let job = Job::RemindTask { task_id: task.id };
    jobs::enqueue(tx, tenant, NewJob { job, run_at, unique_key }).await.map(drop)
}

async fn firm_zone(tx: &mut Tx, tenant: Tenant) -> Result<String, StoreError> {
    let organization = organizations::read(tx, tenant).await?;
    Ok(organization.map(|organization| organization.settings).unwrap_or_default().time_zone)
}
