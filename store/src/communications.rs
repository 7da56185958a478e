//! Everything that stands in one case, in the order in which it happened: texts and calls of every person on it, narrowed by person,
//! role, channel, agent, direction and time. A text stands where it belongs, so nothing of another case on the same number is here;
//! an unclaimed one is, as offered. Refuses to be asked without a permit on the case.

use casewire_core::access::{Permit, Read};
use casewire_core::id::{ContactId, Id, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::{Direction, MessageView};

use crate::calls::recordings;
use crate::calls::view::{call_columns, call_joins, read_call};
use crate::conversations::ItemKind;
use crate::error::StoreError;
use crate::inbox::After;
use crate::items::{CallsShown, Item};
use crate::message_view::{message_columns, message_joins, read_media, read_message, read_part, shown_parts};
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

/// What stands in the case `$2`, between the times `$3` and `$4`; the further filters are `$5` person, `$6` role, `$7` agent and `$8`
/// direction.
macro_rules! of_case {
    () => {
        "from conversations v cross join conversation_items i "
    };
}
macro_rules! calls {
    () => {
        concat!(
            "join call_history h on h.organization_id = i.organization_id and h.id = i.item_id",
            call_joins!()
        )
    };
}
macro_rules! in_case {
    ($kind:literal) => {
        concat!(
            " where v.organization_id = $1 and v.case_id = $2 and i.organization_id = v.organization_id \
            and i.conversation_id = v.id and i.kind = '",
            $kind,
            "' and i.at >= $3 and i.at < $4 "
        )
    };
}
macro_rules! text_filter {
    () => {
        "and (cast($5 as uuid) is null or coalesce(m.contact_id, k.contact_id) = $5) \
        and (cast($6 as text) is null or coalesce(m.contact_role_name, (select cr.name from case_contacts cc \
            join contact_roles cr on cr.id = cc.contact_role_id where cc.organization_id = k.organization_id and cc.id = k.case_contact_id), \
            case when coalesce(m.contact_id, k.contact_id) = c.client_contact_id then 'Client' end) = $6) \
        and (cast($7 as uuid) is null or m.sent_by_user_id = $7 or m.claimed_by_user_id = $7) \
        and (cast($8 as text) is null or m.direction = $8)"
    };
}
macro_rules! call_filter {
    () => {
        "and (cast($5 as uuid) is null or coalesce(h.contact_id, v.contact_id) = $5) \
        and (cast($6 as text) is null or h.contact_role_name = $6) \
        and (cast($7 as uuid) is null or h.user_id = $7) and (cast($8 as text) is null or h.direction = $8)"
    };
}
macro_rules! page {
    () => {
        " and (i.at, i.item_id) > ($9, $10) order by i.at, i.item_id limit cast($11 as bigint)"
    };
}

statements! {
    /// The texts after a point.
    TEXTS = concat!("select ", message_columns!(), " ", of_case!(), message_joins!(), in_case!("text"), text_filter!(), page!());
    /// The calls after a point.
    CALLS = concat!("select ", call_columns!(), " ", of_case!(), calls!(), in_case!("call"), call_filter!(), page!());
    /// How many texts.
    COUNT_TEXTS = concat!("select count(*) ", of_case!(), message_joins!(), in_case!("text"), text_filter!());
    /// How many calls.
    COUNT_CALLS = concat!("select count(*) ", of_case!(), calls!(), in_case!("call"), call_filter!());
    /// The media of the texts of a stretch.
    MEDIA = "select distinct sm.message_id, sm.position, sm.content_type, sm.state, sm.size, sm.name, sm.document_id, sm.version \
        from conversations v \
        cross join conversation_items i join sms_media sm on sm.organization_id = i.organization_id and sm.message_id = i.item_id \
        where v.organization_id = $1 and v.case_id = $2 and i.organization_id = v.organization_id and i.conversation_id = v.id \
        and i.at >= $3 and i.at <= $4 order by sm.message_id, sm.position";
    /// The parts of the texts of a stretch.
    PARTS = "select distinct sp.message_id, sp.id, sp.position, sp.state, sp.error_code from conversations v \
        cross join conversation_items i join sms_parts sp on sp.organization_id = i.organization_id and sp.message_id = i.item_id \
        where v.organization_id = $1 and v.case_id = $2 and i.organization_id = v.organization_id and i.conversation_id = v.id \
        and i.at >= $3 and i.at <= $4 order by sp.message_id, sp.position";
}

/// What narrows the communications of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// With this person.
    pub contact: Option<ContactId>,
    /// With those who had this role then, by its name.
    pub role: Option<String>,
    /// Of this kind.
    pub channel: Option<ItemKind>,
    /// Written, claimed or spoken by this user.
    pub user: Option<UserId>,
    /// This way.
    pub direction: Option<Direction>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl Filter {
    fn params(&self, permit: &Permit<Read>) -> Vec<Value> {
        params![
            permit.organization(),
            permit.case(),
            self.from.unwrap_or(Timestamp::from_micros(i64::MIN)),
            self.until.unwrap_or(Timestamp::from_micros(i64::MAX)),
            self.contact,
            self.role.clone(),
            self.user,
            self.direction.map(Direction::as_str)
        ]
        .to_vec()
    }

    fn has_texts(&self) -> bool {
        self.channel != Some(ItemKind::Call)
    }

    fn has_calls(&self, calls: CallsShown) -> bool {
        calls == CallsShown::Yes && self.channel != Some(ItemKind::Text)
    }
}

/// Before everything: where the first page begins.
pub const START: After = After {
    at: Timestamp::from_micros(i64::MIN),
    id: uuid::Uuid::nil(),
};

/// A stretch, the oldest first, after a point.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tx: &mut Tx,
    permit: &Permit<Read>,
    filter: &Filter,
    calls: CallsShown,
    after: After,
    limit: u32,
) -> Result<Vec<Item>, StoreError> {
    let mut params = filter.params(permit);
    params.extend(params![after.at, after.id, limit]);
    let mut items = Vec::new();
    if filter.has_texts() {
        items.extend(texts(tx, permit, &params).await?.into_iter().map(|text| Item::Text(Box::new(text))));
    }
    if filter.has_calls(calls) {
        for row in tx.rows(CALLS, &params).await? {
            let mut call = read_call(&mut row.columns())?;
            recordings::complete(tx, permit.organization(), &mut call).await?;
            items.push(Item::Call(Box::new(call)));
        }
    }
    items.sort_by_key(|item| {
        let After { at, id } = item.after();
        (at, id)
    });
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(items)
}

/// How many there are.
///
/// # Errors
/// [`StoreError`].
pub async fn count(tx: &mut Tx, permit: &Permit<Read>, filter: &Filter, calls: CallsShown) -> Result<i64, StoreError> {
    let params = filter.params(permit);
    let mut total = 0;
    for (sql, is_wanted) in [(COUNT_TEXTS, filter.has_texts()), (COUNT_CALLS, filter.has_calls(calls))] {
        if is_wanted && let Some(row) = tx.row(sql, &params).await? {
            total += row.columns().int()?;
        }
    }
    Ok(total)
}

async fn texts(tx: &mut Tx, permit: &Permit<Read>, params: &[Value]) -> Result<Vec<MessageView>, StoreError> {
    let rows = tx.rows(TEXTS, params).await?;
    let mut texts: Vec<(MessageView, i64)> = rows.iter().map(|row| read_message(&mut row.columns())).collect::<Result<_, _>>()?;
    let (Some((oldest, _)), Some((newest, _))) = (texts.first(), texts.last()) else {
        return Ok(Vec::new());
    };
    let stretch = params![permit.organization(), permit.case(), oldest.at, newest.at];
    if texts.iter().any(|(_, media)| *media > 0) {
        let media = by_message(&tx.rows(MEDIA, &stretch).await?, read_media)?;
        for (text, _) in &mut texts {
            text.media = media
                .iter()
                .filter(|(id, _)| *id == text.id)
                .map(|(_, media)| media.clone())
                .collect();
        }
    }
    if texts.iter().any(|(text, _)| text.state.is_some()) {
        let parts = by_message(&tx.rows(PARTS, &stretch).await?, read_part)?;
        for (text, _) in &mut texts {
            let first = parts.partition_point(|(id, _)| id.uuid() < text.id.uuid());
            let own = parts.iter().skip(first).take_while(|(id, _)| *id == text.id);
            text.parts = shown_parts(own.map(|(_, part)| part.clone()).collect());
        }
    }
    Ok(texts.into_iter().map(|(text, _)| text).collect())
}

fn by_message<T>(rows: &[Row], read: impl Fn(&Row) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
    rows.iter().map(read).collect()
}
