//! `/api/omnichannel/conversations/`: the inbox by view, case, lead or contact, and what stands in a conversation. The acts:
//! `crate::ops::list_conversations`.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casewire_core::id::{ContactId, ConversationId, LeadId};
use casewire_core::time::Timestamp;
use casewire_core::view::{CallView, ConversationView, MessageView};
use casewire_store::audit::Entry;
use casewire_store::conversations::ItemKind;
use casewire_store::inbox::{self, After, Dismissed, Filter, InboxView, Page, RoleOfPerson};
use casewire_store::items::Item;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page;
use crate::auth::caller::Caller;
use crate::ops::list_conversations::{ListConversations, ListItems, Scope, ShowConversation};
use crate::problem::{Problem, ProblemBody, ProblemCode};
use crate::state::App;
use crate::wire::{Listing, Path, Query};

/// Which part of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewName {
    /// Everything in view.
    All,
    /// Where the reader wrote, or holds a claim.
    Mine,
    /// What waits to be claimed.
    Unclaimed,
    /// What the reader dismissed and nobody claimed.
    Dismissed,
    /// What needs attention; for those who oversee (`sms:3`).
    Attention,
    /// Senders whom nobody knows; for those who act (`sms:2`).
    Unknown,
}

impl ViewName {
    const fn view(self) -> InboxView {
        match self {
            Self::All => InboxView::All,
            Self::Mine => InboxView::Mine,
            Self::Unclaimed => InboxView::Unclaimed,
            Self::Dismissed => InboxView::Dismissed,
            Self::Attention => InboxView::Attention,
            Self::Unknown => InboxView::Unknown,
        }
    }
}

/// What is in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelName {
    /// Texts.
    Text,
    /// Calls.
    Call,
}

/// Which conversations: of everything, or of one of `case_id` (with `contact_id` for one person in it), `lead_id` and `contact_id`;
/// narrowed by all the others.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConversationsQuery {
    /// The number of a case, its `mycase_case_id`.
    pub case_id: Option<String>,
    /// A lead.
    pub lead_id: Option<LeadId>,
    /// A contact.
    pub contact_id: Option<ContactId>,
    /// all, mine, unclaimed, dismissed, attention or unknown; all unless it is said.
    pub view: Option<ViewName>,
    /// Part of the person's name, of the case's number or caption, words of a text (the last may be the beginning of one), or digits
    /// of a number. Of the texts with these words the newest 20,000 count, all of them within a case, a lead or a contact.
    pub q: Option<String>,
    /// The person's role on the case: the id of a contact role, or `client`.
    pub role: Option<String>,
    /// text or call: only those in which there is one.
    pub channel: Option<ChannelName>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// From 1 to 200; 50 unless it is said.
    pub limit: Option<u32>,
}

/// What stands in a conversation.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ItemView {
    /// A text.
    Text {
        /// The text.
        message: MessageView,
    },
    /// A call.
    Call {
        /// The call.
        call: CallView,
    },
}

impl From<Item> for ItemView {
    fn from(item: Item) -> Self {
        match item {
            Item::Text(message) => Self::Text { message: *message },
            Item::Call(call) => Self::Call { call: *call },
        }
    }
}

/// Which stretch of a conversation.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ItemsQuery {
    /// `true` to have the texts in it that the reader dismissed.
    #[serde(default)]
    pub dismissed: bool,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// From 1 to 200; 50 unless it is said.
    pub limit: Option<u32>,
}

/// Conversations, the latest first.
#[utoipa::path(get, path = "/api/omnichannel/conversations", tag = "omnichannel", params(ConversationsQuery),
    responses((status = 200, body = Listing<ConversationView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn conversations(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ConversationsQuery>,
) -> Result<Json<Listing<ConversationView>>, Problem> {
    let limit = page::limit(query.limit)?;
    let stretch = Page {
        after: read_cursor("conversations", query.cursor.as_deref())?,
        limit: limit + 1,
    };
    let act = ListConversations {
        access: caller.access().clone(),
        scope: scope(&query)?,
        view: query.view.map_or(InboxView::All, ViewName::view),
        filter: filter(query)?,
        page: stretch,
    };
    let searched = (!act.filter.search.trim().is_empty()).then(|| Entry::read(caller.user(), "search_inbox", ""));
    let found = app.store.read(act).await?;
    if let Some(entry) = searched {
        app.audit.read(caller.tenant(), entry).await?;
    }
    Ok(Json(listing("conversations", found, limit, inbox::after)))
}

/// One conversation.
#[utoipa::path(get, path = "/api/omnichannel/conversations/{id}", tag = "omnichannel", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationView), (status = 404, body = ProblemBody)))]
pub async fn conversation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<ConversationView>, Problem> {
    Ok(Json(
        app.store
            .read(ShowConversation {
                access: caller.access().clone(),
                id,
            })
            .await?,
    ))
}

/// What stands in a conversation, the latest first.
#[utoipa::path(get, path = "/api/omnichannel/conversations/{id}/items", tag = "omnichannel",
    params(("id" = ConversationId, Path), ItemsQuery),
    responses((status = 200, body = Listing<ItemView>), (status = 404, body = ProblemBody)))]
pub async fn items(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<ItemsQuery>,
) -> Result<Json<Listing<ItemView>>, Problem> {
    let limit = page::limit(query.limit)?;
    let stretch = Page {
        after: read_cursor("items", query.cursor.as_deref())?,
        limit: limit + 1,
    };
    let user = caller.user();
    let dismissed = if query.dismissed {
        Dismissed::Shown(user)
    } else {
        Dismissed::Hidden(user)
    };
    let act = ListItems {
        access: caller.access().clone(),
        id,
        dismissed,
        page: stretch,
    };
    let opened = app.store.read(act).await?;
    app.audit.read(caller.tenant(), opened.entry(user)).await?;
    let Listing { items, next_cursor } = listing("items", opened.items, limit, Item::after);
    Ok(Json(Listing {
        items: items.into_iter().map(ItemView::from).collect(),
        next_cursor,
    }))
}

fn scope(query: &ConversationsQuery) -> Result<Scope, Problem> {
    match (&query.case_id, query.lead_id, query.contact_id) {
        (Some(mycase_case_id), None, contact_id) => Ok(Scope::Case {
            mycase_case_id: mycase_case_id.clone(),
            contact_id,
        }),
        (None, Some(lead), None) => Ok(Scope::Lead(lead)),
        (None, None, Some(contact)) => Ok(Scope::Contact(contact)),
        (None, None, None) => Ok(Scope::Everything),
        (Some(_) | None, Some(_), _) => Err(Problem::new(
            ProblemCode::InvalidQuery,
            "Ask by one of `case_id`, `lead_id` and `contact_id`; only `case_id` and `contact_id` go together.",
        )),
    }
}

fn filter(query: ConversationsQuery) -> Result<Filter, Problem> {
    let role = match query.role.as_deref() {
        None => None,
        Some("client") => Some(RoleOfPerson::Client),
        Some(id) => Some(RoleOfPerson::Role(id.parse().map_err(|_| {
            Problem::new(
                ProblemCode::InvalidQuery,
                "The query parameter `role` is the id of a contact role, or `client`.",
            )
        })?)),
    };
    let channel = query.channel.map(|channel| match channel {
        ChannelName::Text => ItemKind::Text,
        ChannelName::Call => ItemKind::Call,
    });
    let search = page::search(query.q)?;
    Ok(Filter { role, channel, search })
}

/// A cursor names its list, a time and an id, so that one made for another list is refused.
pub(super) fn write_cursor(list: &str, after: After) -> String {
    URL_SAFE_NO_PAD.encode(format!("{list}|{}|{}", after.at.as_micros(), after.id.simple()))
}

pub(super) fn read_cursor(list: &str, cursor: Option<&str>) -> Result<After, Problem> {
    read_cursor_from(list, cursor, After::START)
}

/// The same for a list that begins elsewhere.
pub(super) fn read_cursor_from(list: &str, cursor: Option<&str>, start: After) -> Result<After, Problem> {
    let Some(cursor) = cursor else { return Ok(start) };
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let mut pieces = text.split('|');
        let (named, at, id) = (pieces.next()?, pieces.next()?, pieces.next()?);
        let after = After {
            at: Timestamp::from_micros(at.parse().ok()?),
            id: Uuid::try_parse(id).ok()?,
        };
        (named == list && pieces.next().is_none()).then_some(after)
    };
    read().ok_or_else(|| Problem::of(ProblemCode::InvalidCursor))
}

pub(super) fn listing<T>(list: &str, mut items: Vec<T>, limit: u32, after: impl Fn(&T) -> After) -> Listing<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if items.len() <= limit {
        return Listing::whole(items);
    }
    items.truncate(limit);
    let next_cursor = items.last().map(|last| write_cursor(list, after(last)));
    Listing { items, next_cursor }
}
