//! The inbox: lists of conversations in view of a user, each one statement and one index scan, and what stands in one of them.
//! What a user dismissed is hidden from that user alone. Refuses to list without a scope: a [`Visible`] or a permit.

use casewire_core::access::{OfficePermit, Permit, Read, Tenant, Visible};
use casewire_core::id::{CaseId, ContactId, ConversationId, Id, LeadId, UserId};
use casewire_core::time::Timestamp;
use casewire_core::view::{ConversationKind, ConversationView};
use uuid::Uuid;

use crate::error::StoreError;
use crate::message_view::{conversation_columns, conversation_tables, read_conversation};
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::visible::{parameters, visible_case};

/// Something in the conversation `v` that the user `$2` has not dismissed.
macro_rules! something_is_left {
    () => {
        "(v.unclaimed_count = 0 and v.kind <> 'unknown' or exists (select 1 from conversation_items li \
        left join sms_history lm on lm.organization_id = li.organization_id and lm.id = li.item_id \
            and lm.standing in ('unclaimed', 'unknown') \
        left join sms_dismissals ld on ld.organization_id = lm.organization_id and ld.message_id = lm.id and ld.user_id = $2 \
            and ld.case_id = coalesce(v.case_id, $6) \
        where li.organization_id = v.organization_id and li.conversation_id = v.id and ld.message_id is null))"
    };
}

/// An unclaimed text in the conversation `v`, and whether the user `$2` dismissed it there.
macro_rules! unclaimed_text {
    ($dismissed:literal) => {
        concat!(
            "exists (select 1 from conversation_items ui \
            join sms_history um on um.organization_id = ui.organization_id and um.id = ui.item_id and um.standing in ('unclaimed', 'unknown') \
            left join sms_dismissals ud on ud.organization_id = um.organization_id and ud.message_id = um.id and ud.user_id = $2 \
                and ud.case_id = coalesce(v.case_id, $6) \
            where ui.organization_id = v.organization_id and ui.conversation_id = v.id and ud.message_id ",
            $dismissed,
            ")"
        )
    };
}

macro_rules! page {
    ($at:literal, $id:literal, $limit:literal) => {
        concat!(
            " and v.last_item_id is not null and (v.last_at, v.id) < (",
            $at,
            ", ",
            $id,
            ") order by v.last_at desc, v.id desc limit ",
            $limit
        )
    };
}

/// A list over everything in view: `$6` nil, `$7` and `$8` where the page begins, `$9` how many, `$10` and `$11` whether the
/// conversations with people and with unknown senders are in view.
macro_rules! list {
    ($condition:expr) => {
        concat!(
            "select ",
            conversation_columns!(),
            " ",
            conversation_tables!(),
            " where v.organization_id = $1 and ((v.kind = 'case' and ",
            visible_case!("c"),
            ") or (v.kind in ('lead', 'contact') and cast($10 as bigint) = 1) or (v.kind = 'unknown' and cast($11 as bigint) = 1)) and ",
            $condition,
            page!("$7", "$8", "$9")
        )
    };
}

statements! {
    /// Everything.
    LIST_ALL = list!(something_is_left!());
    /// What waits to be claimed.
    LIST_UNCLAIMED = list!(concat!("v.unclaimed_count > 0 and ", unclaimed_text!("is null")));
    /// What the user dismissed and nobody claimed.
    LIST_DISMISSED = list!(concat!("(v.unclaimed_count > 0 or v.kind = 'unknown') and ", unclaimed_text!("is not null")));
    /// What needs attention.
    LIST_ATTENTION = list!("(v.attention_count > 0 or c.is_unattended = 1) and v.id <> $6");
    /// Senders whom nobody knows.
    LIST_UNKNOWN = list!(concat!("v.kind = 'unknown' and ", something_is_left!()));
    /// The conversations with one contact, in every case in view.
    LIST_CONTACT = list!(concat!("v.contact_id = $12 and ", something_is_left!()));
    /// The conversations of one case: `$3` to `$5` the page, `$6` nil, `$7` the case, `$8` one contact or none.
    LIST_CASE = concat!("select ", conversation_columns!(), " ", conversation_tables!(),
        " where v.organization_id = $1 and v.case_id = $7 and (cast($8 as uuid) is null or v.contact_id = $8) and ", something_is_left!(),
        page!("$3", "$4", "$5"));
    /// The conversation of one lead.
    LIST_LEAD = concat!("select ", conversation_columns!(), " ", conversation_tables!(),
        " where v.organization_id = $1 and v.lead_id = $5", page!("$2", "$3", "$4"));
    /// What kind of conversation it is, and of which case.
    SUBJECT = "select v.kind, v.case_id from conversations v where v.organization_id = $1 and v.id = $2";
}

/// Which conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxView {
    /// Everything in view.
    All,
    /// What waits to be claimed, less what the user dismissed.
    Unclaimed,
    /// What the user dismissed and nobody claimed.
    Dismissed,
    /// What needs attention; the scope is that of those who oversee.
    Attention,
    /// Senders whom nobody knows.
    Unknown,
}

/// Where a page begins: after the conversation with this time and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// The `last_at` of the last conversation of the page before.
    pub at: Timestamp,
    /// Its id.
    pub id: Uuid,
}

impl After {
    /// Before everything: the first page.
    pub const START: Self = Self {
        at: Timestamp::from_micros(i64::MAX),
        id: Uuid::max(),
    };
}

/// A stretch of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Where it begins.
    pub after: After,
    /// How many at most.
    pub limit: u32,
}

/// Which conversations outside of cases are in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offices {
    /// Those of leads and of contacts without a case.
    pub personal: bool,
    /// Those of unknown senders.
    pub unknown: bool,
}

fn read(rows: &[Row]) -> Result<Vec<ConversationView>, StoreError> {
    rows.iter().map(|row| read_conversation(&mut row.columns())).collect()
}

/// The conversations of a view, the latest first. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    tx: &mut Tx,
    visible: &Visible,
    offices: Offices,
    view: InboxView,
    page: Page,
) -> Result<Vec<ConversationView>, StoreError> {
    let sql = match view {
        InboxView::All => LIST_ALL,
        InboxView::Unclaimed => LIST_UNCLAIMED,
        InboxView::Dismissed => LIST_DISMISSED,
        InboxView::Attention => LIST_ATTENTION,
        InboxView::Unknown => LIST_UNKNOWN,
    };
    let own = params![
        Uuid::nil(),
        page.after.at,
        page.after.id,
        page.limit,
        offices.personal,
        offices.unknown
    ];
    read(&tx.rows(sql, &parameters(visible, own)).await?)
}

/// The conversations with one contact in every case in view. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn of_contact(
    tx: &mut Tx,
    visible: &Visible,
    offices: Offices,
    contact: ContactId,
    page: Page,
) -> Result<Vec<ConversationView>, StoreError> {
    let own = params![
        Uuid::nil(),
        page.after.at,
        page.after.id,
        page.limit,
        offices.personal,
        offices.unknown,
        contact
    ];
    read(&tx.rows(LIST_CONTACT, &parameters(visible, own)).await?)
}

/// The conversations of one case, or those with one contact in it. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn of_case(
    tx: &mut Tx,
    permit: &Permit<Read>,
    contact: Option<ContactId>,
    page: Page,
) -> Result<Vec<ConversationView>, StoreError> {
    let params = params![
        permit.organization(),
        permit.user(),
        page.after.at,
        page.after.id,
        page.limit,
        Uuid::nil(),
        permit.case(),
        contact
    ];
    read(&tx.rows(LIST_CASE, &params).await?)
}

/// The conversation of one lead. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn of_lead(tx: &mut Tx, permit: &OfficePermit, lead: LeadId, page: Page) -> Result<Vec<ConversationView>, StoreError> {
    let params = params![permit.organization(), page.after.at, page.after.id, page.limit, lead];
    read(&tx.rows(LIST_LEAD, &params).await?)
}

/// What decides who reads a conversation: its kind, and its case.
///
/// # Errors
/// [`StoreError`]; one that does not exist in the organization is none.
pub async fn subject(tx: &mut Tx, tenant: Tenant, id: ConversationId) -> Result<Option<(ConversationKind, Option<CaseId>)>, StoreError> {
    let row = tx.row(SUBJECT, &params![tenant.organization(), id]).await?;
    row.map(|row| {
        let mut columns = row.columns();
        Ok((columns.parsed()?, columns.opt_id()?))
    })
    .transpose()
}

/// Whose view of a conversation it is, and whether what they dismissed is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dismissed {
    /// Left out.
    Hidden(UserId),
    /// Shown, and marked.
    Shown(UserId),
}

impl Dismissed {
    /// The user.
    #[must_use]
    pub const fn user(self) -> UserId {
        match self {
            Self::Hidden(user) | Self::Shown(user) => user,
        }
    }

    /// Whether dismissed texts are in it.
    #[must_use]
    pub const fn is_shown(self) -> bool {
        match self {
            Self::Hidden(_) => false,
            Self::Shown(_) => true,
        }
    }
}

/// The id after which a list goes on.
#[must_use]
pub fn after(conversation: &ConversationView) -> After {
    After {
        at: conversation.last_at,
        id: conversation.id.uuid(),
    }
}
