//! The act that makes a follow-up task: from a text or a call, whose case and person it takes, or alone. In a case it takes
//! `case_contacts:2` there; its assignee must be able to see it.

use casewire_core::access::{Access, Level, Resource};
use casewire_core::id::{CallId, CaseId, ContactId, MessageId, TaskId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::TaskView;
use casewire_store::audit::{self, Entry};
use casewire_store::tasks::{self, NewTask};
use casewire_store::{Act, Tx, cases, mint};

use super::tasks::{WrittenDue, check_assignee, due, in_view, queue_reminder, reminder, tell, what};
use super::{people, texts};
use crate::problem::{Problem, ProblemCode};

/// Makes a task.
pub struct CreateTask {
    /// Who asks.
    pub access: Access,
    /// What they wrote.
    pub task: WrittenTask,
    /// The time.
    pub now: Timestamp,
}

/// A task as somebody wrote it.
pub struct WrittenTask {
    /// What is to be done.
    pub what: String,
    /// When.
    pub due: WrittenDue,
    /// How long before its assignee is reminded, in minutes.
    pub reminder_minutes: Option<u32>,
    /// Who sees to it; who makes it, unless it is said.
    pub assignee: Option<UserId>,
    /// The number of its case.
    pub case_id: Option<String>,
    /// Whom it is about.
    pub contact_id: Option<ContactId>,
    /// What it follows up.
    pub follows: Follows,
}

/// What a task follows up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// Nothing: it stands alone.
    Nothing,
    /// A text.
    Text(MessageId),
    /// A call.
    Call(CallId),
}

/// What a task is about.
struct About {
    case_id: Option<CaseId>,
    contact_id: Option<ContactId>,
}

impl Act for CreateTask {
    type Out = TaskView;
    type Error = Problem;

    async fn run(&self, tx: &mut Tx) -> Result<TaskView, Problem> {
        let (access, task, now) = (&self.access, &self.task, self.now);
        let tenant = access.tenant();
        let About { case_id, contact_id } = self.about(tx).await?;
        match case_id {
            Some(case) => {
                let reach = cases::reach_by_id(tx, tenant, case).await?.ok_or_else(Problem::not_found)?;
                access.contact(&reach, Resource::CaseContacts)?;
            }
            None => drop(access.office(Resource::CaseContacts, Level::Act)?),
        }
        let assignee = task.assignee.unwrap_or(access.user());
        check_assignee(tx, access, assignee, case_id, contact_id).await?;
        let (message_id, call_id) = match task.follows {
            Follows::Nothing => (None, None),
            Follows::Text(message) => (Some(message), None),
            Follows::Call(call) => (None, Some(call)),
        };
        let new = NewTask {
            id: mint::<TaskId>(),
            what: what(&task.what)?,
            case_id,
            contact_id,
            message_id,
            call_id,
            due: due(tx, access, &task.due).await?,
            reminder_minutes: reminder(task.reminder_minutes)?,
            assignee,
            created_by: access.user(),
        };
        tasks::insert(tx, tenant, &new, now).await?;
        let entry = Entry::by(access.user(), "create_task", new.id).with_detail(assignee.to_string());
        let entry = match case_id {
            Some(case) => entry.in_case(case),
            None => entry,
        };
        audit::write(tx, tenant, &entry, now).await?;
        let view = in_view(tx, access, new.id).await?;
        queue_reminder(tx, tenant, &view, now).await?;
        tell(tx, tenant, &view).await?;
        Ok(view)
    }
}

impl CreateTask {
    /// The case and the person that were named, else those of what it follows up.
    async fn about(&self, tx: &mut Tx) -> Result<About, Problem> {
        let access = &self.access;
        let named = match &self.task.case_id {
            Some(number) => Some(texts::case_in_view(tx, access, number).await?.case_id),
            None => None,
        };
        let found = match self.task.follows {
            Follows::Nothing => About {
                case_id: named,
                contact_id: None,
            },
            Follows::Text(message) => self.of_text(tx, message, named).await?,
            Follows::Call(call) => self.of_call(tx, call, named).await?,
        };
        if let Some(contact) = self.task.contact_id {
            people::known_contact(tx, access, "contact_id", contact).await?;
        }
        Ok(About {
            contact_id: self.task.contact_id.or(found.contact_id),
            ..found
        })
    }

    /// A text is followed up in its case, or in one of those that it is offered to.
    async fn of_text(&self, tx: &mut Tx, message: MessageId, named: Option<CaseId>) -> Result<About, Problem> {
        let found = texts::in_view(tx, &self.access, message)
            .await
            .map_err(|_| people::missing("message_id"))?;
        let is_in_view = |case: CaseId| found.cases.iter().any(|reach| reach.case_id == case);
        let case_id = match (named, found.cases.as_slice()) {
            (Some(case), _) if is_in_view(case) => Some(case),
            (Some(_), _) => return Err(elsewhere("message_id")),
            (None, []) => None,
            (None, [only]) => Some(only.case_id),
            (None, _) => {
                return Err(Problem::invalid_field(
                    "case_id",
                    "the text is offered to several cases: say in which it is followed up",
                ));
            }
        };
        let offer = found.text.candidates.iter().find(|offer| Some(offer.candidate.case_id) == case_id);
        let contact_id = found.text.contact_id.or_else(|| offer.and_then(|offer| offer.candidate.contact_id));
        Ok(About { case_id, contact_id })
    }

    async fn of_call(&self, tx: &mut Tx, call: CallId, named: Option<CaseId>) -> Result<About, Problem> {
        let tenant = self.access.tenant();
        let missing = || people::missing("call_id");
        let (case_id, contact_id) = tasks::of_call(tx, tenant, call).await?.ok_or_else(missing)?;
        if let Some(case) = case_id {
            let reach = cases::reach_by_id(tx, tenant, case).await?.ok_or_else(missing)?;
            self.access.read(&reach, Resource::Calls).map_err(|_| missing())?;
        } else {
            self.access.office(Resource::Calls, Level::See).map_err(|_| missing())?;
        }
        if named.is_some() && named != case_id {
            return Err(elsewhere("call_id"));
        }
        Ok(About { case_id, contact_id })
    }
}

fn elsewhere(field: &str) -> Problem {
    Problem::new(
        ProblemCode::InvalidField,
        format!("What the field `{field}` names does not stand in that case."),
    )
    .with("field", field)
}
