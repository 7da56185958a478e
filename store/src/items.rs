//! What stands in one conversation, the latest first: texts and calls in one order, with the names of now and the roles of then.

use casewire_core::access::Tenant;
use casewire_core::id::{ConversationId, Id};
use casewire_core::view::{CallView, MessageView};
use uuid::Uuid;

use crate::calls::recordings;
use crate::calls::view::{call_columns, call_joins, read_call};
use crate::error::StoreError;
use crate::inbox::{After, Dismissed, Page};
use crate::message_view::{complete, message_columns, message_tables, read_message};
use crate::params;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

statements! {
    /// The texts of a conversation before a point in it.
    TEXTS = concat!("select ", message_columns!(),
        ", case when d.message_id is null then 0 else 1 end ", message_tables!(),
        " left join sms_dismissals d on d.organization_id = i.organization_id and d.message_id = i.item_id and d.user_id = $6 \
            and d.case_id = coalesce(v.case_id, $7) and m.standing in ('unclaimed', 'unknown') \
        where i.organization_id = $1 and i.conversation_id = $2 and (i.at, i.item_id) < ($3, $4) \
        and (cast($8 as bigint) = 1 or d.message_id is null) order by i.at desc, i.item_id desc limit $5");
    /// The calls of a conversation before a point in it.
    CALLS = concat!("select ", call_columns!(), " from conversation_items i \
        join call_history h on h.organization_id = i.organization_id and h.id = i.item_id \
        join conversations v on v.organization_id = i.organization_id and v.id = i.conversation_id", call_joins!(),
        " where i.organization_id = $1 and i.conversation_id = $2 and i.kind = 'call' and (i.at, i.item_id) < ($3, $4) \
        order by i.at desc, i.item_id desc limit $5");
}

/// What stands in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A text.
    Text(Box<MessageView>),
    /// A call.
    Call(Box<CallView>),
}

/// Whether calls are among what is shown: not to who reads texts alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallsShown {
    /// They are.
    Yes,
    /// They are left out.
    No,
}

impl Item {
    /// Where it stands in the order.
    #[must_use]
    pub fn after(&self) -> After {
        match self {
            Self::Text(text) => After {
                at: text.at,
                id: text.id.uuid(),
            },
            Self::Call(call) => After {
                at: call.at,
                id: call.id.uuid(),
            },
        }
    }
}

/// A stretch of a conversation, the latest first. Two statements, and one more each where there are media or parts.
///
/// # Errors
/// [`StoreError`].
pub async fn items(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: ConversationId,
    dismissed: Dismissed,
    shown: CallsShown,
    page: Page,
) -> Result<Vec<Item>, StoreError> {
    let mut texts = texts(tx, tenant, conversation, dismissed, page).await?;
    if let (Some((newest, _)), Some((oldest, _))) = (texts.first(), texts.last()) {
        let stretch = (oldest.at, newest.at);
        complete(tx, tenant, conversation, stretch, &mut texts).await?;
    }
    let mut items: Vec<Item> = texts.into_iter().map(|(view, _)| Item::Text(Box::new(view))).collect();
    let params = params![tenant.organization(), conversation, page.after.at, page.after.id, page.limit];
    for row in calls(tx, tenant, shown, &params).await? {
        items.push(Item::Call(Box::new(row)));
    }
    items.sort_by_key(|item| {
        let After { at, id } = item.after();
        std::cmp::Reverse((at, id))
    });
    items.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
    Ok(items)
}

async fn calls(tx: &mut Tx, tenant: Tenant, shown: CallsShown, params: &[Value]) -> Result<Vec<CallView>, StoreError> {
    let rows = match shown {
        CallsShown::Yes => tx.rows(CALLS, params).await?,
        CallsShown::No => Vec::new(),
    };
    let mut calls = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut call = read_call(&mut row.columns())?;
        recordings::complete(tx, tenant.organization(), &mut call).await?;
        calls.push(call);
    }
    Ok(calls)
}

async fn texts(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: ConversationId,
    dismissed: Dismissed,
    page: Page,
) -> Result<Vec<(MessageView, i64)>, StoreError> {
    let params = params![
        tenant.organization(),
        conversation,
        page.after.at,
        page.after.id,
        page.limit,
        dismissed.user(),
        Uuid::nil(),
        dismissed.is_shown()
    ];
    let rows = tx.rows(TEXTS, &params).await?;
    rows.iter()
        .map(|row| {
            let mut columns = row.columns();
            let (mut view, media_count) = read_message(&mut columns)?;
            view.dismissed = Some(columns.flag()?);
            Ok((view, media_count))
        })
        .collect()
}
