//! What happened beside the texts of a conversation, for the lines between them: claims, releases, moves, and who came on the case,
//! left it or changed roles. Refuses to name a case that the reader may not know: a line that is about such a case alone is left out.

use casewire_core::access::{Tenant, Visible};
use casewire_core::id::{CaseContactId, ConversationId, MessageId, StepId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::UserRef;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::visible::{parameters, visible_case};

/// How many lines a conversation shows.
const MOST: usize = 200;

/// The number of a case of a step, where the reader may know of it.
macro_rules! known_number {
    ($column:literal) => {
        concat!(
            "(select c.mycase_case_id from cases c where c.organization_id = $1 and c.id = ",
            $column,
            " and ",
            visible_case!("c"),
            ")"
        )
    };
}

macro_rules! step_columns {
    () => {
        "st.id, st.at, st.type, st.user_id, st.message_id, st.from_case_id, st.to_case_id"
    };
}

statements! {
    /// What happened to a link just now, with the role that it has.
    NOTE_LINK = "insert into case_contact_steps (organization_id, case_id, contact_id, id, at, type, user_id, role) \
        select cc.organization_id, cc.case_id, cc.contact_id, $3, $4, $5, $6, cr.name from case_contacts cc \
        join contact_roles cr on cr.id = cc.contact_role_id where cc.organization_id = $1 and cc.id = $2";
    /// What happened to the texts that stand in the conversation `$6`, or were moved out of it, the newest first. Of what stands
    /// there the newest 2,000 are looked at.
    OF_TEXTS = concat!("select st.id, st.at, st.type, st.user_id, u.name, st.message_id, ",
        known_number!("st.from_case_id"), ", ", known_number!("st.to_case_id"),
        " from (select ", step_columns!(), " from (select i.item_id from conversation_items i where i.organization_id = $1 \
            and i.conversation_id = $6 and i.kind = 'text' order by i.at desc, i.item_id desc limit 2000) it \
            join sms_steps st on st.organization_id = $1 and st.message_id = it.item_id and st.type in ('claimed', 'released', 'moved') \
        union select ", step_columns!(), " from sms_steps st where st.organization_id = $1 and st.from_conversation_id = $6) st \
        left join users u on u.organization_id = $1 and u.id = st.user_id \
        where st.type = 'moved' or exists (select 1 from cases c where c.organization_id = $1 \
            and c.id = coalesce(st.to_case_id, st.from_case_id) and ", visible_case!("c"),
        ") order by st.at desc, st.id desc limit 200");
    /// How the person of a conversation came on its case, and what became of it, the newest first.
    OF_LINKS = "select st.id, st.at, st.type, st.user_id, u.name, st.role from conversations v \
        join case_contact_steps st on st.organization_id = v.organization_id and st.case_id = v.case_id and st.contact_id = v.contact_id \
        left join users u on u.organization_id = st.organization_id and u.id = st.user_id \
        where v.organization_id = $1 and v.id = $2 order by st.at desc, st.id desc limit 200";
}

/// What happened to a link between a contact and a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkStep {
    /// It began.
    Linked,
    /// It has another role.
    RoleChanged,
    /// It ended.
    Unlinked,
}

/// What a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A text was claimed.
    Claimed,
    /// A claim was taken back.
    Released,
    /// A text was moved, into the conversation or out of it.
    Moved,
    /// The person came on the case.
    Linked,
    /// The person left the case.
    Unlinked,
    /// The person has another role on the case.
    RoleChanged,
}

impl LineKind {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "claimed" => Self::Claimed,
            "released" => Self::Released,
            "moved" => Self::Moved,
            "linked" => Self::Linked,
            "unlinked" => Self::Unlinked,
            "role_changed" => Self::RoleChanged,
            _ => return None,
        })
    }
}

/// A line between the texts.
#[derive(Clone)]
pub struct Line {
    /// Its id.
    pub id: StepId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: LineKind,
    /// By whom.
    pub user: Option<UserRef>,
    /// The text.
    pub message_id: Option<MessageId>,
    /// The number of the case that it left, if the reader may know of it.
    pub from_case: Option<String>,
    /// The number of the case that it came to, if the reader may know of it.
    pub to_case: Option<String>,
    /// The role, as of then.
    pub role: Option<String>,
}

/// Notes what happened to a link just now.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn note_link(
    tx: &mut Tx,
    tenant: Tenant,
    link: CaseContactId,
    step: LinkStep,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let word = match step {
        LinkStep::Linked => "linked",
        LinkStep::RoleChanged => "role_changed",
        LinkStep::Unlinked => "unlinked",
    };
    let params = params![tenant.organization(), link, mint::<StepId>(), now, word, by];
    tx.execute(NOTE_LINK, &params).await.map(drop)
}

/// The newest lines of a conversation that the reader may read, oldest first; `visible` are the cases that they may know of.
///
/// # Errors
/// [`StoreError`].
pub async fn of_conversation(tx: &mut Tx, visible: &Visible, conversation: ConversationId) -> Result<Vec<Line>, StoreError> {
    let rows = tx.rows(OF_TEXTS, &parameters(visible, params![conversation])).await?;
    let mut lines = rows.iter().map(of_text).collect::<Result<Vec<_>, _>>()?;
    for row in &tx.rows(OF_LINKS, &params![visible.organization(), conversation]).await? {
        lines.push(of_link(row)?);
    }
    lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.id)));
    lines.truncate(MOST);
    lines.reverse();
    Ok(lines)
}

fn of_text(row: &Row) -> Result<Line, StoreError> {
    let mut columns = row.columns();
    Ok(Line {
        id: columns.id()?,
        at: columns.time()?,
        kind: columns.text_as(LineKind::from_word)?,
        user: columns.opt_id()?.zip(columns.opt_text()?).map(|(id, name)| UserRef { id, name }),
        message_id: columns.opt_id()?,
        from_case: columns.opt_text()?,
        to_case: columns.opt_text()?,
        role: None,
    })
}

fn of_link(row: &Row) -> Result<Line, StoreError> {
    let mut columns = row.columns();
    Ok(Line {
        id: columns.id()?,
        at: columns.time()?,
        kind: columns.text_as(LineKind::from_word)?,
        user: columns.opt_id()?.zip(columns.opt_text()?).map(|(id, name)| UserRef { id, name }),
        message_id: None,
        from_case: None,
        to_case: None,
        role: columns.opt_text()?,
    })
}
