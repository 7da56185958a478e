//! The events about texts: each is built from the rows as they are after the write, so that it says what a reader would find.
//! One event per conversation concerned, so that nobody learns of another case through it.

use casewire_core::access::Tenant;
use casewire_core::event::{Audience, Event, NewEvent, PlacementCause, WithdrawalReason};
use casewire_core::id::{CaseId, ConversationId, MessageId, UserId};
use casewire_core::view::{ConversationKind, ConversationView};

use crate::error::StoreError;
use crate::message_view;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// Whether a conversation has nothing in it.
    IS_EMPTY = "select case when v.last_item_id is null then 1 else 0 end from conversations v where v.organization_id = $1 and v.id = $2";
}

/// Who reads a conversation.
#[must_use]
pub fn audience(conversation: &ConversationView) -> Audience {
    match (conversation.kind, conversation.case_id) {
        (ConversationKind::Case, Some(case_id)) => Audience::CaseTexts(case_id),
        (ConversationKind::Contact, _) => conversation
            .person
            .contact_id
            .map_or(Audience::PersonalTexts, Audience::ContactTexts),
        (ConversationKind::Lead, _) => Audience::PersonalTexts,
        (ConversationKind::Unknown | ConversationKind::Case, _) => Audience::UnknownSenders,
    }
}

/// A text stands in a conversation, or changed there.
///
/// # Errors
/// [`StoreError`].
pub async fn placed(
    tx: &mut Tx,
    tenant: Tenant,
    message: MessageId,
    conversation: ConversationId,
    cause: PlacementCause,
) -> Result<(), StoreError> {
    let Some(view) = message_view::conversation(tx, tenant, conversation).await? else {
        return Ok(());
    };
    let Some(message) = message_view::message_in(tx, tenant, conversation, message).await? else {
        return Ok(());
    };
    let audience = audience(&view);
    let event = Event::MessagePlaced {
        cause,
        message: Box::new(message),
        conversation: Box::new(view),
    };
    tx.emit(tenant.organization(), NewEvent { audience, event });
    Ok(())
}

/// A text changed in every conversation that it stands in.
///
/// # Errors
/// [`StoreError`].
pub async fn changed(tx: &mut Tx, tenant: Tenant, message: MessageId, cause: PlacementCause) -> Result<(), StoreError> {
    use casewire_core::id::Id;
    for conversation in message_view::places(tx, tenant, message.uuid()).await? {
        placed(tx, tenant, message, conversation, cause).await?;
    }
    Ok(())
}

/// A text left a conversation.
///
/// # Errors
/// [`StoreError`].
pub async fn withdrawn(
    tx: &mut Tx,
    tenant: Tenant,
    message_id: MessageId,
    conversation: ConversationId,
    reason: WithdrawalReason,
) -> Result<(), StoreError> {
    let Some(view) = message_view::conversation(tx, tenant, conversation).await? else {
        return Ok(());
    };
    let is_empty = is_empty(tx, tenant, conversation).await?;
    let audience = audience(&view);
    let event = Event::MessageWithdrawn {
        message_id,
        conversation: Box::new(view),
        is_empty,
        reason,
    };
    tx.emit(tenant.organization(), NewEvent { audience, event });
    Ok(())
}

/// Whether nothing is left in a conversation.
pub(crate) async fn is_empty(tx: &mut Tx, tenant: Tenant, conversation: ConversationId) -> Result<bool, StoreError> {
    let row = tx.row(IS_EMPTY, &params![tenant.organization(), conversation]).await?;
    Ok(row.map(|row| row.columns().flag()).transpose()?.unwrap_or(true))
}

/// A user hid a text from their own view of a case (none: of unknown senders), or brought it back; nobody else is told.
pub fn dismissal(tx: &mut Tx, tenant: Tenant, user: UserId, case: Option<CaseId>, event: Event) {
    let audience = Audience::OwnTexts { user, case };
    tx.emit(tenant.organization(), NewEvent { audience, event });
}
