//! The events about calls, each built from the rows as they are after the write: the call to who reads it, its conversation to who
//! reads texts there, its supervisors to who may supervise it. The rights on calls and on texts are two, so these are never one event.

use casewire_core::access::Tenant;
use casewire_core::event::{Audience, CallCause, Event, NewEvent};
use casewire_core::id::{CallId, ConversationId, UserId};
use casewire_core::settings::calls::SupervisionNotice;
use casewire_core::view::{CallView, ConversationKind};

use crate::calls::view::Subject;
use crate::calls::{people, view};
use crate::error::StoreError;
use crate::tx::Tx;
use crate::{announce, message_view};

/// Who reads a call that stands in such a conversation.
#[must_use]
pub const fn audience(subject: Subject) -> Audience {
    match (subject.kind, subject.case, subject.contact) {
        (ConversationKind::Case, Some(case), _) => Audience::CaseCalls(case),
        (ConversationKind::Contact, _, Some(contact)) => Audience::ContactCalls(contact),
        (ConversationKind::Lead | ConversationKind::Contact, _, _) => Audience::PersonalCalls,
        (ConversationKind::Unknown | ConversationKind::Case, _, _) => Audience::UnknownCallers,
    }
}

/// A call changed: tells who reads it, and gives it as it is now.
///
/// # Errors
/// [`StoreError`].
pub async fn changed(tx: &mut Tx, tenant: Tenant, id: CallId, cause: CallCause) -> Result<Option<CallView>, StoreError> {
    let (Some(call), Some(subject)) = (view::show(tx, tenant, id).await?, view::subject(tx, tenant, id).await?) else {
        return Ok(None);
    };
    let event = Event::CallChanged {
        cause,
        call: Box::new(call.clone()),
    };
    let audience = audience(subject);
    tx.emit(tenant.organization(), NewEvent { audience, event });
    Ok(Some(call))
}

/// A call left a conversation of that kind.
pub fn withdrawn(tx: &mut Tx, tenant: Tenant, call_id: CallId, left: ConversationId, subject: Subject) {
    let event = Event::CallWithdrawn {
        call_id,
        conversation_id: left,
    };
    let audience = audience(subject);
    tx.emit(tenant.organization(), NewEvent { audience, event });
}

/// A conversation changed by a call: tells who reads texts there.
///
/// # Errors
/// [`StoreError`].
pub async fn conversation(tx: &mut Tx, tenant: Tenant, id: ConversationId) -> Result<(), StoreError> {
    let Some(view) = message_view::conversation(tx, tenant, id).await? else {
        return Ok(());
    };
    let is_empty = announce::is_empty(tx, tenant, id).await?;
    let audience = announce::audience(&view);
    let event = Event::ConversationChanged {
        conversation: Box::new(view),
        is_empty,
    };
    tx.emit(tenant.organization(), NewEvent { audience, event });
    Ok(())
}

/// Who supervises a call changed: tells who may supervise it, and the agent where the organization tells them.
///
/// # Errors
/// [`StoreError`].
pub async fn supervision(
    tx: &mut Tx,
    tenant: Tenant,
    call_id: CallId,
    agent: Option<UserId>,
    notice: SupervisionNotice,
) -> Result<(), StoreError> {
    let Some(Subject { kind, case, contact }) = view::subject(tx, tenant, call_id).await? else {
        return Ok(());
    };
    let supervisors = people::supervisor_views(tx, tenant, call_id).await?;
    let mut audiences = vec![match (kind, case, contact) {
        (ConversationKind::Case, Some(case), _) => Audience::CaseSupervisors(case),
        (ConversationKind::Contact, _, Some(contact)) => Audience::ContactSupervisors(contact),
        (ConversationKind::Lead | ConversationKind::Contact | ConversationKind::Unknown | ConversationKind::Case, _, _) => {
            Audience::Supervisors
        }
    }];
    if let (SupervisionNotice::TellAgent, Some(user)) = (notice, agent) {
        audiences.push(Audience::OwnCall { user, case });
    }
    for audience in audiences {
        let supervisors = supervisors.clone();
        let event = Event::CallSupervisionChanged { call_id, supervisors };
        tx.emit(tenant.organization(), NewEvent { audience, event });
    }
    Ok(())
}

/// Who was the agent of a call, and was told who supervises it, is its agent no more: they know of nobody now. To be told before
/// [`supervision`], for they may be of those who supervise.
///
/// # Errors
/// [`StoreError`].
pub async fn supervision_of_another(tx: &mut Tx, tenant: Tenant, call_id: CallId, former: Option<UserId>) -> Result<(), StoreError> {
    let (Some(user), Some(Subject { case, .. })) = (former, view::subject(tx, tenant, call_id).await?) else {
        return Ok(());
    };
    let event = Event::CallSupervisionChanged {
        call_id,
        supervisors: Vec::new(),
    };
    let audience = Audience::OwnCall { user, case };
    tx.emit(tenant.organization(), NewEvent { audience, event });
    Ok(())
}

/// A user's calls are taken by another softphone from now on, or by none.
pub fn elected(tx: &mut Tx, tenant: Tenant, user_id: UserId, softphone_id: Option<String>) {
    let event = Event::SoftphoneElected { user_id, softphone_id };
    let audience = Audience::Own { user: user_id, case: None };
    tx.emit(tenant.organization(), NewEvent { audience, event });
}
