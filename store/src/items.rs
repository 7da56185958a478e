//! What stands in one conversation, the latest first: texts and calls in one order, with the names of now and the roles of then.

use casewire_core::access::Tenant;
use casewire_core::id::{ConversationId, Id};
use casewire_core::view::{CallView, MessageView, UserRef};
use uuid::Uuid;

use crate::error::StoreError;
use crate::inbox::{After, Dismissed, Page};
use crate::message_view::{complete, message_columns, message_tables, person, read_message};
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;

statements! {
    /// The texts of a conversation before a point in it.
    TEXTS = concat!("select ", message_columns!(),
        ", case when d.message_id is null then 0 else 1 end ", message_tables!(),
        " left join sms_dismissals d on d.organization_id = i.organization_id and d.message_id = i.item_id and d.user_id = $6 \
            and d.case_id = coalesce(v.case_id, $7) and m.standing in ('unclaimed', 'unknown') \
        where i.organization_id = $1 and i.conversation_id = $2 and (i.at, i.item_id) < ($3, $4) \
        and (cast($8 as bigint) = 1 or d.message_id is null) order by i.at desc, i.item_id desc limit $5");
    /// The calls of a conversation before a point in it.
    CALLS = "select h.id, h.direction, h.started_at, coalesce(h.contact_id, v.contact_id), h.case_contact_id, \
            coalesce(p.name, (select min(oc.name) from contact_phones op \
            join contacts oc on oc.organization_id = op.organization_id and oc.id = op.contact_id \
            where op.organization_id = h.organization_id and op.e164 = h.peer and h.contact_id is null \
            having count(distinct op.contact_id) = 1)), h.contact_role_name, h.peer, h.case_id, h.matter_id, h.status, \
            h.duration_seconds, case when h.recording_url is null then 0 else 1 end, h.user_id, u.name \
        from conversation_items i \
        join call_history h on h.organization_id = i.organization_id and h.id = i.item_id \
        join conversations v on v.organization_id = i.organization_id and v.id = i.conversation_id \
        left join contacts p on p.organization_id = h.organization_id and p.id = coalesce(h.contact_id, v.contact_id) \
        left join users u on u.organization_id = h.organization_id and u.id = h.user_id \
        where i.organization_id = $1 and i.conversation_id = $2 and i.kind = 'call' and (i.at, i.item_id) < ($3, $4) \
        order by i.at desc, i.item_id desc limit $5";
}

/// What stands in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A text.
    Text(Box<MessageView>),
    /// A call.
    Call(Box<CallView>),
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
    page: Page,
) -> Result<Vec<Item>, StoreError> {
    let mut texts = texts(tx, tenant, conversation, dismissed, page).await?;
    if let (Some((newest, _)), Some((oldest, _))) = (texts.first(), texts.last()) {
        let stretch = (oldest.at, newest.at);
        complete(tx, tenant, conversation, stretch, &mut texts).await?;
    }
    let mut items: Vec<Item> = texts.into_iter().map(|(view, _)| Item::Text(Box::new(view))).collect();
    let params = params![tenant.organization(), conversation, page.after.at, page.after.id, page.limit];
    for row in tx.rows(CALLS, &params).await? {
        items.push(Item::Call(Box::new(read_call(conversation, &row)?)));
    }
    items.sort_by_key(|item| {
        let After { at, id } = item.after();
        std::cmp::Reverse((at, id))
    });
    items.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
    Ok(items)
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

fn read_call(conversation: ConversationId, row: &Row) -> Result<CallView, StoreError> {
    let mut columns = row.columns();
    let (id, direction, at) = (columns.id()?, columns.parsed()?, columns.time()?);
    let ids = (columns.opt_id()?, columns.opt_id()?);
    let (name, role, peer) = (columns.opt_text()?, columns.opt_text()?, columns.text()?);
    let (case_id, matter_id, status) = (columns.opt_id()?, columns.opt_text()?, columns.text()?);
    let (duration, has_recording) = (columns.int()?, columns.flag()?);
    let user = columns.opt_id()?.zip(columns.opt_text()?).map(|(id, name)| UserRef { id, name });
    Ok(CallView {
        id,
        conversation_id: Some(conversation),
        direction,
        at,
        person: person(ids, name, role, &peer),
        case_id,
        matter_id,
        status,
        duration_seconds: u32::try_from(duration).unwrap_or(0),
        has_recording,
        user,
    })
}
