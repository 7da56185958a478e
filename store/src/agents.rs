//! Whose a conversation is, for the view "mine": the users who wrote, or hold a claim on, a text that stands in it, or were on a call
//! that does. Kept up where texts are sent, claimed, released and moved, and where calls are taken. Refuses to judge who may see one: a right that is gone hides it all the same.

use casewire_core::access::Tenant;
use casewire_core::id::{ConversationId, MessageId, UserId};

use crate::error::StoreError;
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// A user wrote or claimed there.
    NOTE = "insert into conversation_agents (organization_id, user_id, conversation_id) values ($1, $2, $3) on conflict do nothing";
    /// Whoever wrote a text, where it stands now.
    ADOPT = "insert into conversation_agents (organization_id, user_id, conversation_id) \
        select m.organization_id, m.sent_by_user_id, m.conversation_id from sms_history m \
        where m.organization_id = $1 and m.id = $2 and m.sent_by_user_id is not null and m.conversation_id is not null \
        on conflict do nothing";
    /// Those go of whom nothing is left in a conversation.
    REVIEW = "delete from conversation_agents where organization_id = $1 and conversation_id = $2 and not exists ( \
        select 1 from conversation_items i join sms_history m on m.organization_id = i.organization_id and m.id = i.item_id \
            and m.conversation_id = i.conversation_id \
        where i.organization_id = $1 and i.conversation_id = $2 \
            and (m.sent_by_user_id = conversation_agents.user_id or m.claimed_by_user_id = conversation_agents.user_id)) \
        and not exists (select 1 from conversation_items ci join call_history h on h.organization_id = ci.organization_id \
            and h.id = ci.item_id where ci.organization_id = $1 and ci.conversation_id = $2 and ci.kind = 'call' \
            and h.user_id = conversation_agents.user_id)";
}

/// Notes that a user wrote, claimed or called in a conversation.
///
/// # Errors
/// [`StoreError`].
pub async fn note(tx: &mut Tx, tenant: Tenant, conversation: ConversationId, user: UserId) -> Result<(), StoreError> {
    tx.execute(NOTE, &params![tenant.organization(), user, conversation])
        .await
        .map(drop)
}

/// A text was moved: its writer goes with it, and who has nothing left where it stood goes from there.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn follow(tx: &mut Tx, tenant: Tenant, text: MessageId, left: ConversationId) -> Result<(), StoreError> {
    tx.execute(ADOPT, &params![tenant.organization(), text]).await?;
    review(tx, tenant, left).await
}

/// Forgets those of whom nothing is left in a conversation, after a claim was taken back.
///
/// # Errors
/// [`StoreError`].
pub async fn review(tx: &mut Tx, tenant: Tenant, conversation: ConversationId) -> Result<(), StoreError> {
    tx.execute(REVIEW, &params![tenant.organization(), conversation]).await.map(drop)
}
