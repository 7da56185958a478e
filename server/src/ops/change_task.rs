//! The act that changes a follow-up task, leaving what is none: another time, somebody else, done, or open again.

use casewire_core::access::Access;
use casewire_core::id::{TaskId, UserId};
use casewire_core::tasks::{Due, TaskStatus};
use casewire_core::time::Timestamp;
use casewire_core::view::{TaskView, UserRef};
use casewire_store::audit::{self, Entry};
use casewire_store::tasks::{self, ChangedTask};
use casewire_store::{Act, Tx};

use super::tasks::{WrittenDue, check_assignee, due, queue_reminder, reminder, tell, to_change, what, withdraw};
use crate::problem::Problem;

/// Changes a task.
pub struct ChangeTask {
    /// Who asks.
    pub access: Access,
    /// Which.
    pub task: TaskId,
    /// What is to be done.
    pub what: Option<String>,
    /// When.
    pub due: Option<WrittenDue>,
    /// How long before its assignee is reminded, or no reminder.
    pub reminder_minutes: Option<Option<u32>>,
    /// Who sees to it.
    pub assignee: Option<UserId>,
    /// Done, or open again.
    pub status: Option<TaskStatus>,
    /// The time.
    pub now: Timestamp,
}

impl Act for ChangeTask {
    /// None where who gave it away does not see it any more.
    type Out = Option<TaskView>;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<Option<TaskView>, Problem> {
        let (access, now) = (&self.access, self.now);
        let tenant = access.tenant();
        let before = to_change(tx, access, self.task).await?;
        let to = self.changed(tx, &before).await?;
        tasks::update(tx, tenant, self.task, &to, now).await?;
        let entry = Entry::by(access.user(), self.act_word(&before), self.task).with_detail(to.assignee.to_string());
        let entry = match before.case_id {
            Some(case) => entry.in_case(case),
            None => entry,
        };
        audit::write(tx, tenant, &entry, now).await?;
        let own = [before.created_by.id, to.assignee];
        if before.case_id.is_none() && !own.contains(&before.assignee.id) {
            withdraw(tx, tenant, before.assignee.id, self.task);
        }
        let after = TaskView {
            status: if to.done.is_some() { TaskStatus::Done } else { TaskStatus::Open },
            remind_at: to.reminder_minutes.map(|minutes| to.due.reminder(minutes)),
            assignee: UserRef {
                id: to.assignee,
                name: String::new(),
            },
            ..before
        };
        queue_reminder(tx, tenant, &after, now).await?;
        tell(tx, tenant, &after).await?;
        Ok(tasks::view(tx, &access.known_cases(), self.task).await?)
    }
}

impl ChangeTask {
    async fn changed(&self, tx: &mut Tx, before: &TaskView) -> Result<ChangedTask, Problem> {
        let access = &self.access;
        let assignee = self.assignee.unwrap_or(before.assignee.id);
        if assignee != before.assignee.id {
            check_assignee(tx, access, assignee, before.case_id, before.contact_id).await?;
        }
        let due = match &self.due {
            Some(written) => due(tx, access, written).await?,
            None => stored_due(before)?,
        };
        let done = match self.status {
            Some(TaskStatus::Open) => None,
            Some(TaskStatus::Done) if before.status == TaskStatus::Open => Some((access.user(), self.now)),
            Some(TaskStatus::Done) | None => before.done_by.as_ref().map(|user| user.id).zip(before.done_at),
        };
        Ok(ChangedTask {
            what: match &self.what {
                Some(text) => what(text)?,
                None => before.what.clone(),
            },
            due,
            reminder_minutes: match self.reminder_minutes {
                Some(minutes) => reminder(minutes)?,
                None => before.reminder_minutes,
            },
            assignee,
            done,
        })
    }

    /// The word in the audit.
    const fn act_word(&self, before: &TaskView) -> &'static str {
        match (before.status, self.status) {
            (TaskStatus::Open, Some(TaskStatus::Done)) => "complete_task",
            (TaskStatus::Done, Some(TaskStatus::Open)) => "reopen_task",
            (TaskStatus::Open | TaskStatus::Done, Some(TaskStatus::Open | TaskStatus::Done) | None) => "change_task",
        }
    }
}

fn stored_due(task: &TaskView) -> Result<Due, Problem> {
    Due::read(&task.due_on, task.due_time.as_deref(), &task.time_zone)
        .map_err(|error| Problem::invalid_field(&format!("due.{}", error.field), error.why))
}
