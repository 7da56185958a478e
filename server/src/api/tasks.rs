//! `/api/tasks/`: follow-up tasks of the reader, of a case, about a contact, of what stands in a conversation. The acts:
//! `crate::ops::{tasks, create_task, change_task}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use casewire_core::id::{CallId, ContactId, ConversationId, MessageId, TaskId, UserId};
use casewire_core::tasks::TaskStatus;
use casewire_core::view::{TaskView, UserRef};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page;
use crate::auth::caller::Caller;
use crate::ops::change_task::ChangeTask;
use crate::ops::create_task::{CreateTask, Follows, WrittenTask};
use crate::ops::tasks::{AssigneeFilter, CountTasks, ListAssignees, ListTasks, ShowTask, TaskShare, WrittenDue};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Body, Listing, Path, Query};

/// Which part of the tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskShareName {
    /// To be done.
    Open,
    /// To be done by the end of today where the firm is, the overdue ones too.
    Today,
    /// Overdue.
    Overdue,
    /// Done.
    Done,
}

/// Which tasks; each part narrows.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TasksQuery {
    /// The number of a case, its `mycase_case_id`.
    pub case_id: Option<String>,
    /// A contact.
    pub contact_id: Option<ContactId>,
    /// Those that follow up what stands in a conversation.
    pub conversation_id: Option<ConversationId>,
    /// `me`, or the id of a user.
    pub assignee: Option<String>,
    /// open, today, overdue or done; all unless it is said.
    pub status: Option<TaskShareName>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// From 1 to 200; 50 unless it is said.
    pub limit: Option<u32>,
}

/// When something is due.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DueRequest {
    /// The day, `2026-12-24`.
    pub on: String,
    /// The time of that day, `09:30`; the whole day unless it is said.
    #[serde(default)]
    pub time: Option<String>,
    /// The IANA name of a time zone; the firm's unless it is said.
    #[serde(default)]
    pub time_zone: Option<String>,
}

impl From<DueRequest> for WrittenDue {
    fn from(DueRequest { on, time, time_zone }: DueRequest) -> Self {
        Self { on, time, time_zone }
    }
}

/// A new task: following up a text or a call, or alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTaskRequest {
    /// What is to be done.
    pub what: String,
    /// When.
    pub due: DueRequest,
    /// How many minutes before, of a whole day before nine in the morning, its assignee is reminded; no reminder unless it is said.
    #[serde(default)]
    pub reminder_minutes: Option<u32>,
    /// Who sees to it; who makes it, unless it is said.
    #[serde(default)]
    pub assignee_id: Option<UserId>,
    /// The number of its case; that of the text or call unless it is said.
    #[serde(default)]
    pub case_id: Option<String>,
    /// Whom it is about; who the text or call is from or to unless it is said.
    #[serde(default)]
    pub contact_id: Option<ContactId>,
    /// The text that it follows up.
    #[serde(default)]
    pub message_id: Option<MessageId>,
    /// The call that it follows up; not with `message_id`.
    #[serde(default)]
    pub call_id: Option<CallId>,
}

/// What changes of a task. What is left out stays; null takes the reminder away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskRequest {
    /// What is to be done.
    #[serde(default)]
    pub what: Option<String>,
    /// When.
    #[serde(default)]
    pub due: Option<DueRequest>,
    /// How long before its assignee is reminded, or null.
    #[serde(default, deserialize_with = "page::given")]
    #[schema(value_type = Option<u32>)]
    pub reminder_minutes: Option<Option<u32>>,
    /// Who sees to it.
    #[serde(default)]
    pub assignee_id: Option<UserId>,
    /// Done, or open again.
    #[serde(default)]
    pub status: Option<TaskStatus>,
}

/// How many open tasks the reader has.
#[derive(Serialize, ToSchema)]
pub struct TaskCountsView {
    /// All.
    pub open: u32,
    /// To be done by the end of today, the overdue ones too.
    pub today: u32,
    /// Overdue.
    pub overdue: u32,
}

/// Of which case.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AssigneesQuery {
    /// The number of a case; for a task in no case it is left out.
    pub case_id: Option<String>,
}

/// A page of the tasks in view, those due first before the others; of those that are done the latest before the others.
#[utoipa::path(get, path = "/api/tasks", tag = "tasks", params(TasksQuery),
    responses((status = 200, body = Listing<TaskView>), (status = "default", body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller, Query(query): Query<TasksQuery>) -> Result<Json<Listing<TaskView>>, Problem> {
    let (limit, after) = (page::limit(query.limit)?, page::cursor(query.cursor.as_deref())?);
    let act = ListTasks {
        access: caller.access().clone(),
        case_id: query.case_id,
        contact_id: query.contact_id,
        conversation_id: query.conversation_id,
        assignee: assignee(query.assignee.as_deref())?,
        share: share(query.status),
        after,
        limit: limit + 1,
        now: app.clock.now(),
    };
    Ok(Json(page::of(app.store.read(act).await?, limit, |task: &TaskView| task.id)))
}

/// Makes a task: `case_contacts:2`, in its case where it has one.
#[utoipa::path(post, path = "/api/tasks", tag = "tasks", request_body = NewTaskRequest,
    responses((status = 201, body = TaskView), (status = "default", body = ProblemBody)))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<NewTaskRequest>,
) -> Result<(StatusCode, Json<TaskView>), Problem> {
    let follows = match (request.message_id, request.call_id) {
        (None, None) => Follows::Nothing,
        (Some(message), None) => Follows::Text(message),
        (None, Some(call)) => Follows::Call(call),
        (Some(_), Some(_)) => return Err(Problem::invalid_field("call_id", "a task follows up a text or a call, not both")),
    };
    let task = WrittenTask {
        what: request.what,
        due: request.due.into(),
        reminder_minutes: request.reminder_minutes,
        assignee: request.assignee_id,
        case_id: request.case_id,
        contact_id: request.contact_id,
        follows,
    };
    let (access, now) = (caller.access().clone(), app.clock.now());
    let view = app.store.write(caller.organization(), CreateTask { access, task, now }).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// How many open tasks the reader has.
#[utoipa::path(get, path = "/api/tasks/counts", tag = "tasks",
    responses((status = 200, body = TaskCountsView), (status = "default", body = ProblemBody)))]
pub async fn counts(State(app): State<App>, caller: Caller) -> Result<Json<TaskCountsView>, Problem> {
    let (access, now) = (caller.access().clone(), app.clock.now());
    let counts = app.store.read(CountTasks { access, now }).await?;
    Ok(Json(TaskCountsView {
        open: counts.open,
        today: counts.today,
        overdue: counts.overdue,
    }))
}

/// Who can be given a task: those who may know of the case, or of any case. `case_contacts:2`.
#[utoipa::path(get, path = "/api/tasks/assignees", tag = "tasks", params(AssigneesQuery),
    responses((status = 200, body = Listing<UserRef>), (status = "default", body = ProblemBody)))]
pub async fn assignees(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<AssigneesQuery>,
) -> Result<Json<Listing<UserRef>>, Problem> {
    let act = ListAssignees {
        access: caller.access().clone(),
        case_id: query.case_id,
    };
    Ok(Json(Listing::whole(app.store.read(act).await?)))
}

/// A task: who may know of its case; in no case its assignee and its maker.
#[utoipa::path(get, path = "/api/tasks/{id}", tag = "tasks", params(("id" = TaskId, Path)),
    responses((status = 200, body = TaskView), (status = "default", body = ProblemBody)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(task): Path<TaskId>) -> Result<Json<TaskView>, Problem> {
    let access = caller.access().clone();
    Ok(Json(app.store.read(ShowTask { access, task }).await?))
}

/// Changes a task: its assignee, its maker, or `case_contacts:2` in its case. Who gives one away that they do not see any more gets 204.
#[utoipa::path(patch, path = "/api/tasks/{id}", tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskRequest,
    responses((status = 200, body = TaskView), (status = 204), (status = "default", body = ProblemBody)))]
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(task): Path<TaskId>,
    Body(request): Body<TaskRequest>,
) -> Result<Response, Problem> {
    let act = ChangeTask {
        access: caller.access().clone(),
        task,
        what: request.what,
        due: request.due.map(Into::into),
        reminder_minutes: request.reminder_minutes,
        assignee: request.assignee_id,
        status: request.status,
        now: app.clock.now(),
    };
    let view = app.store.write(caller.organization(), act).await?;
    Ok(view.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |task| Json(task).into_response()))
}

fn assignee(word: Option<&str>) -> Result<AssigneeFilter, Problem> {
    let unknown = |_| {
        Problem::new(
            ProblemCode::InvalidQuery,
            "The query parameter `assignee` is `me` or the id of a user.",
        )
    };
    match word {
        None => Ok(AssigneeFilter::Anybody),
        Some("me") => Ok(AssigneeFilter::Me),
        Some(id) => id.parse().map(AssigneeFilter::One).map_err(unknown),
    }
}

const fn share(name: Option<TaskShareName>) -> TaskShare {
    match name {
        None => TaskShare::All,
        Some(TaskShareName::Open) => TaskShare::Open,
        Some(TaskShareName::Today) => TaskShare::Today,
        Some(TaskShareName::Overdue) => TaskShare::Overdue,
        Some(TaskShareName::Done) => TaskShare::Done,
    }
}
