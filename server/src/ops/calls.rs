//! What the acts on calls have in common: who reads a call and who may act on it, the words for what is refused, and [`Step`]: load,
//! let the state machine decide, write the row with its seats, steps, audit, timers and events, and say what the line is to do then.

mod deadlines;
mod steps;

use casewire_core::access::{Access, CaseReach, Level, Resource};
use casewire_core::calls::{CallError, Clearance, SuperviseError};
use casewire_core::id::CallId;
use casewire_core::settings::calls::{CallSettings, SupervisionNotice};
use casewire_core::view::{CallView, ConversationKind};
use casewire_store::calls::{self, CallRow, people, view};
use casewire_store::{StoreError, Tx, cases, contacts, organizations};

pub use casewire_store::calls::view::Subject;
pub use steps::{Step, Stepped};

use crate::problem::{Problem, ProblemCode};

/// Whether a user has a level on a call: in its case, or in the office where it has none. Unknown callers are for who acts.
async fn has(tx: &mut Tx, access: &Access, subject: Subject, level: Level) -> Result<bool, StoreError> {
    Ok(match (subject.kind, subject.case) {
        (ConversationKind::Case, Some(case)) => match cases::reach_by_id(tx, access.tenant(), case).await? {
            Some(case) => access.level_in(&access.relation(&case), Resource::Calls) >= level,
            None => false,
        },
        (ConversationKind::Contact, _) if access.level(Resource::Calls) >= level => match subject.contact {
            Some(contact) => contacts::may_see(tx, &access.known_cases(), contact).await?,
            None => true,
        },
        (ConversationKind::Contact, _) => false,
        (ConversationKind::Lead, _) => access.level(Resource::Calls) >= level,
        (ConversationKind::Unknown | ConversationKind::Case, _) => access.level(Resource::Calls) >= level.max(Level::Act),
    })
}

/// Whether a user reads the calls of such a conversation: exactly who is told of them.
///
/// # Errors
/// [`StoreError`].
pub async fn may_read(tx: &mut Tx, access: &Access, subject: Subject) -> Result<bool, StoreError> {
    has(tx, access, subject, Level::See).await
}

/// Whether a user acts on the calls of such a conversation.
///
/// # Errors
/// [`StoreError`].
pub async fn may_act(tx: &mut Tx, access: &Access, subject: Subject) -> Result<bool, StoreError> {
    has(tx, access, subject, Level::Act).await
}

/// What a call turns on, if the user may read it.
///
/// # Errors
/// `not_found`.
pub async fn in_view(tx: &mut Tx, access: &Access, id: CallId) -> Result<Subject, Problem> {
    let subject = view::subject(tx, access.tenant(), id).await?.ok_or_else(Problem::not_found)?;
    if may_read(tx, access, subject).await? {
        Ok(subject)
    } else {
        Err(Problem::not_found())
    }
}

/// What a call turns on, if the user may act on it.
///
/// # Errors
/// `not_found`, or `forbidden`.
pub async fn acted_on(tx: &mut Tx, access: &Access, id: CallId) -> Result<Subject, Problem> {
    let subject = in_view(tx, access, id).await?;
    if may_act(tx, access, subject).await? {
        Ok(subject)
    } else {
        Err(lacking(Level::Act))
    }
}

/// The proof that a user may supervise a call of such a conversation.
///
/// # Errors
/// `not_found`, or `forbidden`.
pub async fn cleared(tx: &mut Tx, access: &Access, subject: Subject) -> Result<Clearance, Problem> {
    clearance(tx, access, subject).await?.ok_or_else(|| lacking(Level::Manage))
}

/// The same, or none.
///
/// # Errors
/// [`StoreError`].
pub async fn clearance(tx: &mut Tx, access: &Access, subject: Subject) -> Result<Option<Clearance>, StoreError> {
    let (ConversationKind::Case, Some(case)) = (subject.kind, subject.case) else {
        let reads = has(tx, access, subject, Level::Manage).await?;
        let office = access.office(Resource::Calls, Level::Manage).ok().filter(|_| reads);
        return Ok(office.map(Clearance::Office));
    };
    let reach: Option<CaseReach> = cases::reach_by_id(tx, access.tenant(), case).await?;
    Ok(reach.and_then(|case| access.supervise(&case).ok()).map(Clearance::Case))
}

fn lacking(level: Level) -> Problem {
    Problem::from(casewire_core::access::Denied::Forbidden {
        needed: (Resource::Calls, level),
    })
}

/// The call, as far as it is carried here.
///
/// # Errors
/// `call_ended` for one that was made elsewhere.
pub async fn loaded(tx: &mut Tx, access: &Access, id: CallId) -> Result<CallRow, Problem> {
    calls::load(tx, access.tenant(), id)
        .await?
        .ok_or_else(|| Problem::of(ProblemCode::CallEnded))
}

/// What the organization chose about calls.
///
/// # Errors
/// [`StoreError`].
pub async fn settings(tx: &mut Tx, tenant: casewire_core::access::Tenant) -> Result<CallSettings, StoreError> {
    let organization = organizations::read(tx, tenant).await?;
    Ok(organization.map(|organization| organization.settings.calls).unwrap_or_default())
}

/// A call as this user may see it: with its supervisors for who may supervise it, and for its agent where the organization tells them.
///
/// # Errors
/// `not_found`.
pub async fn shown(tx: &mut Tx, access: &Access, id: CallId) -> Result<CallView, Problem> {
    let subject = in_view(tx, access, id).await?;
    let call = view::show(tx, access.tenant(), id).await?.ok_or_else(Problem::not_found)?;
    with_supervisors(tx, access, subject, call).await
}

/// Adds the supervisors of a call, where this user may know of them.
///
/// # Errors
/// [`StoreError`].
pub async fn with_supervisors(tx: &mut Tx, access: &Access, subject: Subject, mut call: CallView) -> Result<CallView, Problem> {
    let supervises = clearance(tx, access, subject).await?.is_some();
    let is_told = !supervises
        && call.user.as_ref().is_some_and(|agent| agent.id == access.user())
        && settings(tx, access.tenant()).await?.supervision_notice == SupervisionNotice::TellAgent;
    if supervises || is_told {
        call.supervisors = Some(people::supervisor_views(tx, access.tenant(), call.id).await?);
    }
    Ok(call)
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        Self::of(match error {
            CallError::Ended => ProblemCode::CallEnded,
            CallError::NotTalking => ProblemCode::CallNotInProgress,
            CallError::NotRinging => ProblemCode::CallNotRinging,
            CallError::NotYours => ProblemCode::NotYourCall,
            CallError::AlreadyTheirs => ProblemCode::AgentUnavailable,
            CallError::TransferPending => ProblemCode::TransferPending,
            CallError::NoTransfer => ProblemCode::NoTransfer,
        })
    }
}

impl From<SuperviseError> for Problem {
    fn from(error: SuperviseError) -> Self {
        Self::of(match error {
            SuperviseError::NotTalking => ProblemCode::CallNotInProgress,
            SuperviseError::NotCleared => ProblemCode::NotFound,
            SuperviseError::OwnCall => ProblemCode::OwnCall,
            SuperviseError::AlreadyThere { .. } => ProblemCode::AlreadySupervising,
            SuperviseError::NotThere => ProblemCode::NotSupervising,
            SuperviseError::AgentAway => ProblemCode::AgentAway,
        })
    }
}
