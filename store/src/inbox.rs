//! The inbox: lists of conversations in view of a user, each one statement, and what stands in one of them.
//! What a user dismissed is hidden from that user alone. Refuses to list without a scope: a [`Visible`] or a permit. The pieces
//! that the statements are made of: [`conditions`]; how many there are: [`counts`].

mod conditions;
pub mod counts;

use casewire_core::access::{OfficePermit, Permit, Read, Tenant, Visible};
use casewire_core::id::{CaseId, ContactId, ContactRoleId, ConversationId, Id, LeadId, UserId};
use casewire_core::search::Query;
use casewire_core::search::document::tag_of_organization;
use casewire_core::time::Timestamp;
use casewire_core::view::{ConversationKind, ConversationView};
use uuid::Uuid;

use self::conditions::{
    filtered_page, found_anywhere, found_here, in_reach, something_is_left, unclaimed_text, view_condition, view_named,
};
use crate::contacts;
use crate::conversations::ItemKind;
use crate::dialect::{Sought, spoken};
use crate::error::StoreError;
use crate::message_view::{conversation_columns, conversation_joins, conversation_tables, read_conversation};
use crate::params;
use crate::row::Row;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;
use crate::visible::parameters;

/// A list over everything in view: one walk along the conversations, the latest first.
macro_rules! list {
    ($($condition:tt)+) => {
        concat!(
            "select ", conversation_columns!(), " ", conversation_tables!(), " where ", in_reach!(), " and ", $($condition)+, " and ",
            filtered_page!()
        )
    };
}

/// A list that begins with few: the ids of conversations in the table `few`, which is read first.
macro_rules! list_of_few {
    ($few:expr, $id:literal, $condition:expr) => {
        concat!(
            "select ",
            conversation_columns!(),
            " from ",
            $few,
            " cross join conversations v ",
            conversation_joins!(),
            " where v.id = ",
            $id,
            " and ",
            in_reach!(),
            " and ",
            $condition,
            " and ",
            filtered_page!()
        )
    };
}

statements! {
    /// Everything.
    LIST_ALL = list!(view_condition!(all));
    /// What waits to be claimed.
    LIST_UNCLAIMED = list!(view_condition!(unclaimed));
    /// What the user dismissed and nobody claimed.
    LIST_DISMISSED = list!(view_condition!(dismissed));
    /// What needs attention.
    LIST_ATTENTION = list!("v.id <> $6 and ", view_condition!(attention));
    /// Senders whom nobody knows.
    LIST_UNKNOWN = list!(view_condition!(unknown));
    /// Where the user wrote or claimed.
    LIST_MINE = list_of_few!("conversation_agents a", "a.conversation_id",
        concat!("a.organization_id = $1 and a.user_id = $2 and ", view_condition!(all)));
    /// The conversations with the contact `$19` in every case in view, in the view `$18`.
    LIST_CONTACT = list!("v.contact_id = $19 and ", found_here!(), " and ", view_named!("$18"));
    /// The conversations of the case `$19`, or those with the contact `$20` in it, in the view `$18`.
    LIST_CASE = list!("v.case_id = $19 and (cast($20 as uuid) is null or v.contact_id = $20) and ", found_here!(), " and ",
        view_named!("$18"));
    /// The conversation of the lead `$19`, in the view `$18`.
    LIST_LEAD = list!("v.lead_id = $19 and ", found_here!(), " and ", view_named!("$18"));
    /// What kind of conversation it is, and of which case.
    SUBJECT = "select v.kind, v.case_id from conversations v where v.organization_id = $1 and v.id = $2";
}

/// What is searched for, in the view `$18`.
macro_rules! found_by_search {
    ($engine:ident) => {
        list_of_few!(concat!(found_anywhere!($engine), " hit"), "hit.id", view_named!("$18"))
    };
}

spoken! {
    /// What is searched for.
    FIND = found_by_search;
}

/// Which conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxView {
    /// Everything in view.
    All,
    /// Where the user wrote, or holds a claim.
    Mine,
    /// What waits to be claimed, less what the user dismissed.
    Unclaimed,
    /// What the user dismissed and nobody claimed.
    Dismissed,
    /// What needs attention; the scope is that of those who oversee.
    Attention,
    /// Senders whom nobody knows.
    Unknown,
}

impl InboxView {
    const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mine => "mine",
            Self::Unclaimed => "unclaimed",
            Self::Dismissed => "dismissed",
            Self::Attention => "attention",
            Self::Unknown => "unknown",
        }
    }
}

/// In which role the person of a conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleOfPerson {
    /// The client of its case.
    Client,
    /// That role on its case, which they have or had last.
    Role(ContactRoleId),
}

/// What narrows a list beside its view.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those with a person in that role.
    pub role: Option<RoleOfPerson>,
    /// Only those in which there is one of these.
    pub channel: Option<ItemKind>,
    /// Only those that are found by this; nothing is searched for where it is empty.
    pub search: String,
}

/// Which conversations, for whom, and which stretch of them.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// The cases in view.
    pub visible: &'q Visible,
    /// What else is in view.
    pub offices: Offices,
    /// The view.
    pub view: InboxView,
    /// What narrows it.
    pub filter: &'q Filter,
    /// The stretch.
    pub page: Page,
}

impl Question<'_> {
    /// The first fourteen parameters of a list.
    fn parameters(&self) -> Vec<Value> {
        let (is_client, role) = match self.filter.role {
            None => (false, None),
            Some(RoleOfPerson::Client) => (true, None),
            Some(RoleOfPerson::Role(role)) => (false, Some(role)),
        };
        let Offices { personal, unknown } = self.offices;
        let After { at, id } = self.page.after;
        let channel = self.filter.channel.map(ItemKind::as_str);
        let own = params![Uuid::nil(), personal, unknown, at, id, self.page.limit, is_client, role, channel];
        parameters(self.visible, own)
    }

    /// The first eighteen: what is searched for, and the word of the view.
    fn parameters_of_search(&self) -> Vec<Value> {
        let mut all = self.parameters();
        let search = self.filter.search.as_str();
        all.extend(params![
            contacts::pattern(search),
            contacts::digits_pattern(search),
            contacts::pattern_as_written(search),
            self.view.as_str()
        ]);
        all
    }

    async fn ask(&self, tx: &mut Tx, sql: &'static str, own: &[Value]) -> Result<Vec<ConversationView>, StoreError> {
        let mut all = self.parameters_of_search();
        all.extend_from_slice(own);
        read(&tx.rows(sql, &all).await?)
    }
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
pub async fn list(tx: &mut Tx, question: Question<'_>) -> Result<Vec<ConversationView>, StoreError> {
    if !question.filter.search.trim().is_empty() {
        return find(tx, question).await;
    }
    let sql = match question.view {
        InboxView::All => LIST_ALL,
        InboxView::Mine => LIST_MINE,
        InboxView::Unclaimed => LIST_UNCLAIMED,
        InboxView::Dismissed => LIST_DISMISSED,
        InboxView::Attention => LIST_ATTENTION,
        InboxView::Unknown => LIST_UNKNOWN,
    };
    read(&tx.rows(sql, &question.parameters()).await?)
}

/// What is searched for: people, cases and numbers as they are written, the words of texts as [`crate::search`] knows them.
async fn find(tx: &mut Tx, question: Question<'_>) -> Result<Vec<ConversationView>, StoreError> {
    let search = question.filter.search.as_str();
    let query = Query::read(search);
    let sought = Sought {
        tags: vec![tag_of_organization(question.visible.organization())],
        places: Vec::new(),
        query: &query,
    };
    let mut all = question.parameters();
    let (pattern, digits) = (contacts::pattern(search), contacts::digits_pattern(search));
    all.extend(params![pattern, digits, tx.sought(&sought), question.view.as_str()]);
    read(&tx.rows(tx.spoken(FIND), &all).await?)
}

/// The conversations with one contact in every case in view. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn of_contact(tx: &mut Tx, question: Question<'_>, contact: ContactId) -> Result<Vec<ConversationView>, StoreError> {
    question.ask(tx, LIST_CONTACT, &params![contact]).await
}

/// The conversations of one case, or those with one contact in it. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn of_case(
    tx: &mut Tx,
    permit: &Permit<Read>,
    question: Question<'_>,
    contact: Option<ContactId>,
) -> Result<Vec<ConversationView>, StoreError> {
    question.ask(tx, LIST_CASE, &params![permit.case(), contact]).await
}

/// The conversation of one lead. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn of_lead(
    tx: &mut Tx,
    _permit: &OfficePermit,
    question: Question<'_>,
    lead: LeadId,
) -> Result<Vec<ConversationView>, StoreError> {
    question.ask(tx, LIST_LEAD, &params![lead]).await
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
