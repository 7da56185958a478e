//! Conversations and what stands in them. One row per conversation, kept up with its last item, so that a list of them is one
//! index scan however many messages there are. Refuses to judge who may see one: that is asked before.

use casewire_core::access::Tenant;
use casewire_core::id::{CaseId, ContactId, ConversationId, Id, LeadId};
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;
use casewire_core::view::{ConversationKind, Direction};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mint::mint;
use crate::params;
use crate::search;
use crate::statements::statements;
use crate::tx::Tx;
use crate::value::Value;

/// How many characters of a text a list shows.
pub const PREVIEW_CHARACTERS: usize = 140;

statements! {
    /// The conversation with that key, made where it is missing.
    ENSURE = "insert into conversations (organization_id, id, key, kind, case_id, contact_id, lead_id, peer, last_at, preview, \
        unclaimed_count, attention_count, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, 0, $9) \
        on conflict (organization_id, key) do update set key = excluded.key returning id";
    /// Puts an item into a conversation.
    PLACE_ITEM = "insert into conversation_items (organization_id, conversation_id, at, item_id, kind) values ($1, $2, $3, $4, $5) \
        on conflict do nothing";
    /// Takes an item out of a conversation.
    REMOVE_ITEM = "delete from conversation_items where organization_id = $1 and conversation_id = $2 and item_id = $3";
    /// Notes an item that came in at the end, or counts one that came in before it.
    NOTE_ITEM = "update conversations set \
        last_item_id = case when last_item_id is null or $3 >= last_at then $4 else last_item_id end, \
        preview = case when last_item_id is null or $3 >= last_at then $5 else preview end, \
        last_call = case when last_item_id is null or $3 >= last_at then cast($8 as text) else last_call end, \
        last_direction = case when last_item_id is null or $3 >= last_at then $6 else last_direction end, \
        last_at = case when last_item_id is null or $3 >= last_at then $3 else last_at end, \
        unclaimed_count = unclaimed_count + $7 \
        where organization_id = $1 and id = $2";
    /// Counts texts that need attention.
    COUNT_ATTENTION = "update conversations set attention_count = attention_count + $3 where organization_id = $1 and id = $2";
    /// The last item of a conversation.
    LAST_ITEM = "select i.item_id, i.at, i.kind, m.direction, m.body, h.direction, h.status \
        from conversation_items i \
        left join sms_history m on m.organization_id = i.organization_id and m.id = i.item_id and i.kind = 'text' \
        left join call_history h on h.organization_id = i.organization_id and h.id = i.item_id and i.kind = 'call' \
        where i.organization_id = $1 and i.conversation_id = $2 order by i.at desc, i.item_id desc limit 1";
    /// How a call stands that is the last item of its conversation.
    NOTE_CALL = "update conversations set last_call = cast($4 as text) where organization_id = $1 and id = $2 and last_item_id = $3";
    /// Sets what a list shows of a conversation.
    SET_LAST = "update conversations set last_item_id = $3, last_at = coalesce($4, last_at), preview = $5, \
        last_direction = $6, unclaimed_count = unclaimed_count + $7, attention_count = attention_count + $8, \
        last_call = cast($9 as text) where organization_id = $1 and id = $2";
}

/// What makes a conversation the one it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ConversationKey {
    /// One contact in one case.
    Case {
        /// The case.
        case_id: CaseId,
        /// The contact.
        contact_id: ContactId,
    },
    /// A number in one case, where it is not known whose it is.
    CaseNumber {
        /// The case.
        case_id: CaseId,
        /// The other side.
        peer: Address,
    },
    /// One lead.
    Lead {
        /// The lead.
        lead_id: LeadId,
        /// Their person.
        contact_id: ContactId,
    },
    /// A known contact on no case and no lead.
    Contact {
        /// The contact.
        contact_id: ContactId,
    },
    /// A sender that nobody knows.
    Unknown {
        /// The other side.
        peer: Address,
    },
}

/// What stands in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A text.
    Text,
    /// A call.
    Call,
}

impl ItemKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Call => "call",
        }
    }
}

/// An item to be placed in a conversation.
#[derive(Clone, Copy)]
pub struct NewItem<'a> {
    /// The message or call.
    pub item_id: Uuid,
    /// Which of the two.
    pub kind: ItemKind,
    /// When it happened.
    pub at: Timestamp,
    /// Which way it went.
    pub direction: Direction,
    /// The words of a text, cut to [`PREVIEW_CHARACTERS`]; of a call, the word of its status.
    pub text: &'a str,
    /// 1 where it is offered and unclaimed, 0 else.
    pub unclaimed: i64,
}

impl ConversationKey {
    /// The conversation of a case with a contact, or with a number where the contact is not known.
    #[must_use]
    pub fn in_case(case_id: CaseId, contact_id: Option<ContactId>, peer: &Address) -> Self {
        contact_id.map_or_else(
            || Self::CaseNumber {
                case_id,
                peer: peer.clone(),
            },
            |contact_id| Self::Case { case_id, contact_id },
        )
    }

    /// What kind of conversation it is.
    #[must_use]
    pub const fn kind(&self) -> ConversationKind {
        match self {
            Self::Case { .. } | Self::CaseNumber { .. } => ConversationKind::Case,
            Self::Lead { .. } => ConversationKind::Lead,
            Self::Contact { .. } => ConversationKind::Contact,
            Self::Unknown { .. } => ConversationKind::Unknown,
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the key in the database holds the number")]
    fn text(&self) -> String {
        match self {
            Self::Case { case_id, contact_id } => format!("case:{}:{}", case_id.uuid().simple(), contact_id.uuid().simple()),
            Self::CaseNumber { case_id, peer } => format!("case:{}:{}", case_id.uuid().simple(), peer.expose()),
            Self::Lead { lead_id, .. } => format!("lead:{}", lead_id.uuid().simple()),
            Self::Contact { contact_id } => format!("contact:{}", contact_id.uuid().simple()),
            Self::Unknown { peer } => format!("unknown:{}", peer.expose()),
        }
    }

    const fn case_id(&self) -> Option<CaseId> {
        match self {
            Self::Case { case_id, .. } | Self::CaseNumber { case_id, .. } => Some(*case_id),
            Self::Lead { .. } | Self::Contact { .. } | Self::Unknown { .. } => None,
        }
    }

    const fn contact_id(&self) -> Option<ContactId> {
        match self {
            Self::Case { contact_id, .. } | Self::Lead { contact_id, .. } | Self::Contact { contact_id } => Some(*contact_id),
            Self::CaseNumber { .. } | Self::Unknown { .. } => None,
        }
    }

    const fn lead_id(&self) -> Option<LeadId> {
        match self {
            Self::Lead { lead_id, .. } => Some(*lead_id),
            Self::Case { .. } | Self::CaseNumber { .. } | Self::Contact { .. } | Self::Unknown { .. } => None,
        }
    }

    const fn peer(&self) -> Option<&Address> {
        match self {
            Self::CaseNumber { peer, .. } | Self::Unknown { peer } => Some(peer),
            Self::Case { .. } | Self::Lead { .. } | Self::Contact { .. } => None,
        }
    }
}

/// The conversation with that key, made where it is missing.
///
/// # Errors
/// [`StoreError`].
pub async fn ensure(tx: &mut Tx, tenant: Tenant, key: &ConversationKey, now: Timestamp) -> Result<ConversationId, StoreError> {
    let params = params![
        tenant.organization(),
        mint::<ConversationId>(),
        key.text(),
        key.kind().as_str(),
        key.case_id(),
        key.contact_id(),
        key.lead_id(),
        key.peer(),
        now
    ];
    let row = tx
        .row(ENSURE, &params)
        .await?
        .ok_or_else(|| StoreError::bug("an upsert returned no row"))?;
    row.columns().id()
}

/// The statements that put an item into a conversation, for a pipeline.
#[must_use]
pub fn placing(tenant: Tenant, conversation: ConversationId, item: NewItem<'_>) -> Vec<(&'static str, Vec<Value>)> {
    let organization = tenant.organization();
    let (text, last_call) = match item.kind {
        ItemKind::Text => (preview(item.text), None),
        ItemKind::Call => (String::new(), Some(item.text)),
    };
    let mut statements = vec![
        (
            PLACE_ITEM,
            params![organization, conversation, item.at, item.item_id, item.kind.as_str()].to_vec(),
        ),
        (
            NOTE_ITEM,
            params![
                organization,
                conversation,
                item.at,
                item.item_id,
                text,
                item.direction.as_str(),
                item.unclaimed,
                last_call
            ]
            .to_vec(),
        ),
    ];
    statements.extend(search::adding(tenant, conversation, &item));
    statements
}

/// Puts an item into a conversation.
///
/// # Errors
/// [`StoreError`].
pub async fn place(tx: &mut Tx, tenant: Tenant, conversation: ConversationId, item: NewItem<'_>) -> Result<(), StoreError> {
    tx.pipeline(placing(tenant, conversation, item)).await.map(drop)
}

/// What changes in a conversation's counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CountChange {
    /// Unclaimed texts.
    pub unclaimed: i64,
    /// Texts that need attention.
    pub attention: i64,
}

/// Takes an item out of a conversation, whose last item is then another one or none.
///
/// # Errors
/// [`StoreError`].
pub async fn withdraw(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: ConversationId,
    item_id: Uuid,
    change: CountChange,
) -> Result<(), StoreError> {
    tx.execute(REMOVE_ITEM, &params![tenant.organization(), conversation, item_id])
        .await?;
    search::remove_text(tx, tenant, item_id, conversation).await?;
    let row = tx.row(LAST_ITEM, &params![tenant.organization(), conversation]).await?;
    let (item, at, text, direction, last_call) = match row {
        None => (None, None, String::new(), None, None),
        Some(row) => {
            let mut columns = row.columns();
            let (item, at, kind) = (columns.uuid()?, columns.int()?, columns.text()?);
            let (text_direction, body, call_direction) = (columns.opt_text()?, columns.opt_text()?, columns.opt_text()?);
            let text = if kind == ItemKind::Call.as_str() {
                String::new()
            } else {
                preview(&body.unwrap_or_default())
            };
            (Some(item), Some(at), text, text_direction.or(call_direction), columns.opt_text()?)
        }
    };
    let params = params![
        tenant.organization(),
        conversation,
        item,
        at,
        text,
        direction,
        change.unclaimed,
        change.attention,
        last_call
    ];
    tx.execute(SET_LAST, &params).await.map(drop)
}

/// Notes how a call stands where a list shows it as the last of its conversation; whether it does.
///
/// # Errors
/// [`StoreError`].
pub async fn note_call(tx: &mut Tx, tenant: Tenant, conversation: ConversationId, call: Uuid, status: &str) -> Result<bool, StoreError> {
    let params = params![tenant.organization(), conversation, call, status];
    Ok(tx.execute(NOTE_CALL, &params).await? == 1)
}

/// Counts texts of a conversation that need attention, or no longer do.
#[must_use]
pub fn counting_attention(tenant: Tenant, conversation: ConversationId, change: i64) -> (&'static str, Vec<Value>) {
    (COUNT_ATTENTION, params![tenant.organization(), conversation, change].to_vec())
}

/// The beginning of a text on one line, at most [`PREVIEW_CHARACTERS`] characters.
#[must_use]
pub fn preview(text: &str) -> String {
    let mut line = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == PREVIEW_CHARACTERS {
            line.push('…');
            break;
        }
        line.push(if character.is_control() { ' ' } else { character });
    }
    line
}
