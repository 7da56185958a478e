//! Reading texts and conversations as they are shown: one row for a text where it stands, with the names of now and the role of
//! then. Used for lists and, after a write, for the event, so that both say the same. Refuses to judge who may read it.

use casewire_core::access::Tenant;
use casewire_core::id::{ConversationId, MessageId, UserId};
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;
use casewire_core::view::{ClaimView, ConversationView, MediaView, MessageView, PartView, PersonView, UserRef};
use uuid::Uuid;

use crate::error::StoreError;
use crate::params;
use crate::row::{Columns, Row};
use crate::statements::statements;
use crate::tx::Tx;

/// The columns of a text as it stands in a conversation; read by [`read_message`].
macro_rules! message_columns {
    () => {
        "m.id, i.conversation_id, m.direction, m.at, m.body, m.media_count, \
        coalesce(m.contact_id, k.contact_id), coalesce(m.case_contact_id, k.case_contact_id), \
        coalesce(p.name, (select min(oc.name) from contact_phones op \
            join contacts oc on oc.organization_id = op.organization_id and oc.id = op.contact_id \
            where op.organization_id = m.organization_id and op.e164 = m.peer and m.contact_id is null \
            having count(distinct op.contact_id) = 1)), \
        coalesce(m.contact_role_name, (select cr.name from case_contacts cc join contact_roles cr on cr.id = cc.contact_role_id \
            where cc.organization_id = k.organization_id and cc.id = k.case_contact_id), \
            case when k.contact_id = c.client_contact_id then 'Client' end), \
        m.peer, m.standing, c.id, c.mycase_case_id, m.rule, m.claimed_by_user_id, cu.name, m.claimed_at, m.number_id, \
        m.sent_by_user_id, su.name, m.in_reply_to, m.is_clarifying, m.state, m.error_code, m.keyword, m.attention"
    };
}
pub(crate) use message_columns;

/// The tables behind [`message_columns`]: items `i`, their texts `m`, conversations `v`, their cases `c`.
macro_rules! message_tables {
    () => {
        concat!(
            "from conversation_items i \
            join conversations v on v.organization_id = i.organization_id and v.id = i.conversation_id ",
            $crate::message_view::message_joins!()
        )
    };
}
pub(crate) use message_tables;

/// What [`message_columns`] needs beside items `i` and their conversations `v`.
macro_rules! message_joins {
    () => {
        "join sms_history m on m.organization_id = i.organization_id and m.id = i.item_id \
        left join cases c on c.organization_id = v.organization_id and c.id = v.case_id \
        left join sms_candidates k on k.organization_id = i.organization_id and k.message_id = i.item_id \
            and k.case_id = v.case_id and m.standing = 'unclaimed' \
        left join contacts p on p.organization_id = m.organization_id and p.id = coalesce(m.contact_id, k.contact_id) \
        left join users cu on cu.organization_id = m.organization_id and cu.id = m.claimed_by_user_id \
        left join users su on su.organization_id = m.organization_id and su.id = m.sent_by_user_id"
    };
}
pub(crate) use message_joins;

/// The columns of a conversation in a list; read by [`read_conversation`].
macro_rules! conversation_columns {
    () => {
        "v.id, v.kind, v.case_id, c.mycase_case_id, c.name, v.lead_id, v.contact_id, \
        (select cc.id from case_contacts cc where cc.organization_id = v.organization_id and cc.case_id = v.case_id \
            and cc.contact_id = v.contact_id and cc.removed_at is null), \
        coalesce(vp.name, (select min(oc.name) from contact_phones op \
            join contacts oc on oc.organization_id = op.organization_id and oc.id = op.contact_id \
            where op.organization_id = v.organization_id and op.e164 = v.peer and v.contact_id is null \
            having count(distinct op.contact_id) = 1)), \
        case when v.contact_id = c.client_contact_id then 'Client' else (select cr.name from case_contacts cc \
            join contact_roles cr on cr.id = cc.contact_role_id where cc.organization_id = v.organization_id \
            and cc.case_id = v.case_id and cc.contact_id = v.contact_id \
            order by case when cc.removed_at is null then 0 else 1 end, cc.created_at desc limit 1) end, \
        coalesce(v.peer, (select ph.e164 from contact_phones ph where ph.organization_id = v.organization_id \
            and ph.contact_id = v.contact_id and ph.is_primary = 1), ''), \
        v.last_at, v.last_direction, v.preview, v.last_call, v.unclaimed_count, v.attention_count"
    };
}
pub(crate) use conversation_columns;

/// The tables behind [`conversation_columns`]: conversations `v`, their cases `c`.
macro_rules! conversation_tables {
    () => {
        concat!("from conversations v ", $crate::message_view::conversation_joins!())
    };
}
pub(crate) use conversation_tables;

/// The tables beside a conversation `v`: its case `c`, its person `vp`.
macro_rules! conversation_joins {
    () => {
        "left join cases c on c.organization_id = v.organization_id and c.id = v.case_id \
        left join contacts vp on vp.organization_id = v.organization_id and vp.id = v.contact_id"
    };
}
pub(crate) use conversation_joins;

statements! {
    /// A text as it stands in one conversation.
    MESSAGE_IN = concat!("select ", message_columns!(), " ", message_tables!(),
        " where i.organization_id = $1 and i.conversation_id = $2 and i.item_id = $3");
    /// A conversation.
    CONVERSATION = concat!("select ", conversation_columns!(), " ", conversation_tables!(),
        " where v.organization_id = $1 and v.id = $2");
    /// The conversations that a text stands in.
    PLACES = "select i.conversation_id from conversation_items i where i.organization_id = $1 and i.item_id = $2 order by i.conversation_id";
    /// The parts of a text.
    PARTS = "select message_id, id, position, state, error_code from sms_parts where organization_id = $1 and message_id = $2 \
        order by position";
    /// The parts of the texts of a stretch of a conversation.
    PARTS_BETWEEN = "select sp.message_id, sp.id, sp.position, sp.state, sp.error_code from conversation_items i \
        join sms_parts sp on sp.organization_id = i.organization_id and sp.message_id = i.item_id \
        where i.organization_id = $1 and i.conversation_id = $2 and i.at >= $3 and i.at <= $4 order by sp.message_id, sp.position";
    /// The media of a text.
    MEDIA = "select message_id, position, content_type, state, size, name, document_id, version from sms_media where organization_id = $1 and message_id = $2 order by position";
    /// The media of the texts of a stretch of a conversation.
    MEDIA_BETWEEN = "select sm.message_id, sm.position, sm.content_type, sm.state, sm.size, sm.name, sm.document_id, sm.version \
        from conversation_items i \
        join sms_media sm on sm.organization_id = i.organization_id and sm.message_id = i.item_id \
        where i.organization_id = $1 and i.conversation_id = $2 and i.at >= $3 and i.at <= $4 order by sm.message_id, sm.position";
}

/// "Jane Smith - Witness", or the name alone.
fn display_name(name: &str, role: Option<&str>) -> String {
    role.map_or_else(|| name.to_owned(), |role| format!("{name} - {role}"))
}

/// A sender's number as people read it; what is no number stays as the carrier named it.
#[expect(clippy::disallowed_methods, reason = "a sender that is no number is shown as it is named")]
fn readable(peer: &str) -> String {
    let address = Address::read(peer);
    address
        .number()
        .map_or_else(|| address.expose().to_owned(), casewire_core::phone::E164::national)
}

/// The person of a row.
pub(crate) fn person(
    ids: (Option<casewire_core::id::ContactId>, Option<casewire_core::id::CaseContactId>),
    name: Option<String>,
    role: Option<String>,
    peer: &str,
) -> PersonView {
    let number = readable(peer);
    let name = name.unwrap_or_else(|| number.clone());
    PersonView {
        contact_id: ids.0,
        case_contact_id: ids.1,
        display_name: display_name(&name, role.as_deref()),
        name,
        role,
        number,
    }
}

fn user_ref(id: Option<UserId>, name: Option<String>) -> Option<UserRef> {
    id.map(|id| UserRef {
        id,
        name: name.unwrap_or_default(),
    })
}

fn small(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// Reads the columns of [`message_columns`]; the rest of the row is left to the caller.
pub(crate) fn read_message(columns: &mut Columns<'_>) -> Result<(MessageView, i64), StoreError> {
    let (id, conversation_id) = (columns.id()?, columns.id()?);
    let (direction, at, body, media_count) = (columns.parsed()?, columns.time()?, columns.text()?, columns.int()?);
    let ids = (columns.opt_id()?, columns.opt_id()?);
    let (name, role, peer) = (columns.opt_text()?, columns.opt_text()?, columns.text()?);
    let (standing, case_id, case_number, rule) = (columns.parsed()?, columns.opt_id()?, columns.opt_text()?, columns.opt_text()?);
    let (claimed_by, claimer, claimed_at) = (columns.opt_id()?, columns.opt_text()?, columns.opt_time()?);
    let (number_id, sent_by, sender) = (columns.opt_id()?, columns.opt_id()?, columns.opt_text()?);
    let view = MessageView {
        id,
        conversation_id,
        direction,
        at,
        body,
        media: Vec::new(),
        person: person(ids, name, role, &peer),
        standing,
        case_id,
        case_number,
        rule,
        claim: user_ref(claimed_by, claimer).zip(claimed_at).map(|(by, at)| ClaimView { by, at }),
        number_id,
        sent_by: user_ref(sent_by, sender),
        in_reply_to: columns.opt_id()?,
        is_clarifying: columns.flag()?,
        state: columns.opt_parsed()?,
        error_code: columns.opt_int()?.map(small),
        parts: Vec::new(),
        keyword: columns.opt_parsed()?,
        attention: columns.opt_parsed()?,
        dismissed: None,
    };
    Ok((view, media_count))
}

/// Reads the columns of [`conversation_columns`].
pub(crate) fn read_conversation(columns: &mut Columns<'_>) -> Result<ConversationView, StoreError> {
    let (id, kind, case_id) = (columns.id()?, columns.parsed()?, columns.opt_id()?);
    let (mycase_case_id, case_name, lead_id) = (columns.opt_text()?, columns.opt_text()?, columns.opt_id()?);
    let ids = (columns.opt_id()?, columns.opt_id()?);
    let (name, role, peer) = (columns.opt_text()?, columns.opt_text()?, columns.text()?);
    Ok(ConversationView {
        id,
        kind,
        case_id,
        mycase_case_id,
        case_name,
        lead_id,
        person: person(ids, name, role, &peer),
        last_at: columns.time()?,
        last_direction: columns.opt_parsed()?,
        preview: columns.text()?,
        last_call: columns.opt_text()?,
        unclaimed_count: small(columns.int()?),
        attention_count: small(columns.int()?),
    })
}

/// A part, and the text that it belongs to.
pub(crate) fn read_part(row: &Row) -> Result<(MessageId, PartView), StoreError> {
    let mut columns = row.columns();
    let message_id = columns.id()?;
    let part = PartView {
        id: columns.id()?,
        position: small(columns.int()?),
        state: columns.parsed()?,
        error_code: columns.opt_int()?.map(small),
    };
    Ok((message_id, part))
}

/// An attachment, and the text that it belongs to.
pub(crate) fn read_media(row: &Row) -> Result<(MessageId, MediaView), StoreError> {
    let mut columns = row.columns();
    Ok((
        columns.id()?,
        MediaView {
            position: small(columns.int()?),
            content_type: columns.text()?,
            state: columns.parsed()?,
            size: columns.opt_int()?.and_then(|size| u64::try_from(size).ok()),
            name: columns.opt_text()?,
            document_id: columns.opt_id()?,
            version: columns.opt_int()?.map(small),
        },
    ))
}

/// Parts are shown where there is more than one, or where the one did not go through.
pub(crate) fn shown_parts(parts: Vec<PartView>) -> Vec<PartView> {
    let troubled = parts.iter().any(|part| part.state.stops_the_rest());
    if parts.len() > 1 || troubled { parts } else { Vec::new() }
}

/// A text as it stands in one conversation.
///
/// # Errors
/// [`StoreError`]; a text that does not stand there is none.
pub async fn message_in(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Option<MessageView>, StoreError> {
    let organization = tenant.organization();
    let Some(row) = tx.row(MESSAGE_IN, &params![organization, conversation, id]).await? else {
        return Ok(None);
    };
    let (mut view, media_count) = read_message(&mut row.columns())?;
    if media_count > 0 {
        let rows = tx.rows(MEDIA, &params![organization, id]).await?;
        view.media = rows
            .iter()
            .map(|row| read_media(row).map(|(_, media)| media))
            .collect::<Result<_, _>>()?;
    }
    if view.state.is_some() {
        let rows = tx.rows(PARTS, &params![organization, id]).await?;
        view.parts = shown_parts(
            rows.iter()
                .map(|row| read_part(row).map(|(_, part)| part))
                .collect::<Result<_, _>>()?,
        );
    }
    Ok(Some(view))
}

/// A conversation as a list shows it, and whether anything stands in it.
///
/// # Errors
/// [`StoreError`].
pub async fn conversation(tx: &mut Tx, tenant: Tenant, id: ConversationId) -> Result<Option<ConversationView>, StoreError> {
    let row = tx.row(CONVERSATION, &params![tenant.organization(), id]).await?;
    row.map(|row| read_conversation(&mut row.columns())).transpose()
}

/// The conversations that a text or call stands in, in the order of their ids.
///
/// # Errors
/// [`StoreError`].
pub async fn places(tx: &mut Tx, tenant: Tenant, item: Uuid) -> Result<Vec<ConversationId>, StoreError> {
    let rows = tx.rows(PLACES, &params![tenant.organization(), item]).await?;
    rows.iter().map(|row| row.columns().id()).collect()
}

/// The parts and media of a stretch of a conversation, by text.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn complete(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: ConversationId,
    stretch: (Timestamp, Timestamp),
    messages: &mut [(MessageView, i64)],
) -> Result<(), StoreError> {
    let params = params![tenant.organization(), conversation, stretch.0, stretch.1];
    if messages.iter().any(|(_, media_count)| *media_count > 0) {
        for row in tx.rows(MEDIA_BETWEEN, &params).await? {
            let (id, media) = read_media(&row)?;
            if let Some((view, _)) = messages.iter_mut().find(|(view, _)| view.id == id) {
                view.media.push(media);
            }
        }
    }
    if messages.iter().any(|(view, _)| view.state.is_some()) {
        for row in tx.rows(PARTS_BETWEEN, &params).await? {
            let (id, part) = read_part(&row)?;
            if let Some((view, _)) = messages.iter_mut().find(|(view, _)| view.id == id) {
                view.parts.push(part);
            }
        }
        for (view, _) in messages.iter_mut() {
            view.parts = shown_parts(std::mem::take(&mut view.parts));
        }
    }
    Ok(())
}
