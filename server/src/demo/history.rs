//! A little history for the demo: old rows of an earlier system without a case contact, a conversation with a client, a call, a
//! lead who wrote, and a sender whom nobody knows. None of it opens a session, so that the first text of a witness is ambiguous.

use std::time::Duration;

use casewire_carriers::twilio::webhook::InboundText;
use casewire_core::access::Tenant;
use casewire_core::id::Id;
use casewire_core::messaging::claims::StandingKind;
use casewire_core::messaging::delivery::DeliveryState;
use casewire_core::phone::Address;
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::conversations::{self, ConversationKey, ItemKind, NewItem};
use casewire_store::imports::{self, OldCall};
use casewire_store::messages::{self, NewStep, NewText};
use casewire_store::{Act as _, Tx, mint};

use super::firms::DemoFirm;
use super::seed::{Stored, defect, number};
use crate::ops::receive_text::ReceiveText;
use crate::problem::Problem;

const HOUR: u64 = 3600;

/// A text of an earlier system: it knows the number of the case and the other side, and no contact.
struct OldText {
    case: &'static str,
    contact: &'static str,
    peer: &'static str,
    direction: Direction,
    hours_ago: u64,
    body: &'static str,
}

const OLD_TEXTS: [OldText; 5] = [
    OldText {
        case: "123",
        contact: "John Roe",
        peer: "+12125550125",
        direction: Direction::Outbound,
        hours_ago: 700,
        body: "Good morning, this is Hale & Ortiz. Could you bring the accident report on Thursday?",
    },
    OldText {
        case: "123",
        contact: "John Roe",
        peer: "+12125550125",
        direction: Direction::Inbound,
        hours_ago: 699,
        body: "Yes, I have it here. See you Thursday at ten.",
    },
    OldText {
        case: "123",
        contact: "Jane Smith",
        peer: "+12125550124",
        direction: Direction::Inbound,
        hours_ago: 410,
        body: "I found the photographs from that evening.",
    },
    OldText {
        case: "456",
        contact: "Maria Lopez",
        peer: "+12125550127",
        direction: Direction::Inbound,
        hours_ago: 330,
        body: "Please use my work number this week.",
    },
    OldText {
        case: "321",
        contact: "Grace Hall",
        peer: "+12125550132",
        direction: Direction::Outbound,
        hours_ago: 2200,
        body: "The estate is closed; the final letter is in the mail. Thank you for your trust.",
    },
];

/// Texts that arrive and are routed as any other: from a lead, and from a sender whom nobody knows.
const ARRIVALS: [(&str, &str, &str); 2] = [
    (
        "SM0de00000000000000000000000000001",
        "+12125550134",
        "Hello, a friend gave me your number. I was hurt at work last week.",
    ),
    (
        "SM0de00000000000000000000000000002",
        "+12125550199",
        "Is this the law office on Pine Street?",
    ),
];

/// Writes the history of the first firm; the other has none.
///
/// # Errors
/// [`Problem`].
pub(super) async fn write(tx: &mut Tx, tenant: Tenant, firm: &DemoFirm, stored: &Stored, now: Timestamp) -> Result<(), Problem> {
    if !stored.cases.contains_key("456") {
        return Ok(());
    }
    for (position, text) in OLD_TEXTS.iter().enumerate() {
        old_text(tx, tenant, stored, (position, text), now).await?;
    }
    old_call(tx, tenant, stored, now).await?;
    for (provider_id, from, body) in ARRIVALS {
        let (our, _) = firm.numbers.first().ok_or_else(defect)?;
        let text = InboundText {
            provider_id: provider_id.into(),
            account: firm.account_sid.to_owned(),
            from: Address::read(from),
            to: number(our)?,
            body: body.to_owned(),
            media: Vec::new(),
            segments: Some(1),
            keyword: None,
            extra: std::collections::BTreeMap::new(),
        };
        let number_id = *stored.numbers.first().ok_or_else(defect)?;
        let at = now.minus(Duration::from_secs(2 * HOUR));
        ReceiveText {
            tenant,
            number_id,
            text,
            now: at,
        }
        .run(tx)
        .await?;
    }
    Ok(())
}

async fn old_text(tx: &mut Tx, tenant: Tenant, stored: &Stored, (position, old): (usize, &OldText), now: Timestamp) -> Result<(), Problem> {
    let case_id = *stored.cases.get(old.case).ok_or_else(defect)?;
    let contact_id = *stored.contacts.get(old.contact).ok_or_else(defect)?;
    let at = now.minus(Duration::from_secs(old.hours_ago * HOUR));
    let conversation = conversations::ensure(tx, tenant, &ConversationKey::Case { case_id, contact_id }, at).await?;
    let is_inbound = old.direction == Direction::Inbound;
    let text = NewText {
        id: mint(),
        conversation_id: Some(conversation),
        direction: old.direction,
        standing: if is_inbound { StandingKind::Routed } else { StandingKind::Sent },
        case: Some((old.case.to_owned(), case_id)),
        contact_id: None,
        case_contact_id: None,
        contact_role_name: None,
        lead_id: None,
        peer: Address::read(old.peer),
        number_id: stored.numbers.first().copied(),
        body: old.body.to_owned(),
        media: Vec::new(),
        at,
        created_at: now,
        provider_id: Some(format!("demo-old-text-{position}")),
        rule: None,
        receipt: None,
        sent_by: if is_inbound { None } else { stored.users.get("paralegal").copied() },
        in_reply_to: None,
        is_clarifying: false,
        state: if is_inbound { None } else { Some(DeliveryState::Delivered) },
        keyword: None,
    };
    messages::insert(tx, tenant, &text).await?;
    let item = NewItem {
        item_id: text.id.uuid(),
        kind: ItemKind::Text,
        at,
        direction: old.direction,
        text: old.body,
        unclaimed: 0,
    };
    let mut writes = conversations::placing(tenant, conversation, item);
    writes.push(messages::stepping(
        tenant,
        text.id,
        at,
        NewStep {
            kind: "imported",
            user: None,
            from: None,
            to: Some(case_id),
            left: None,
        },
    ));
    tx.pipeline(writes).await?;
    Ok(())
}

async fn old_call(tx: &mut Tx, tenant: Tenant, stored: &Stored, now: Timestamp) -> Result<(), Problem> {
    let case_id = *stored.cases.get("123").ok_or_else(defect)?;
    let contact_id = *stored.contacts.get("John Roe").ok_or_else(defect)?;
    let started_at = now.minus(Duration::from_secs(650 * HOUR));
    let conversation_id = conversations::ensure(tx, tenant, &ConversationKey::Case { case_id, contact_id }, started_at).await?;
    let call = OldCall {
        conversation_id,
        case: Some(("123".to_owned(), case_id)),
        contact_id: None,
        lead_id: None,
        direction: Direction::Outbound,
        peer: Address::read("+12125550125"),
        number_id: stored.numbers.first().copied(),
        user_id: stored.users.get("agent").copied(),
        status: "completed".to_owned(),
        started_at,
        duration_seconds: 412,
        recording_url: None,
        provider_id: "demo-old-call-0".to_owned(),
    };
    imports::add_call(tx, tenant, &call, now).await?;
    Ok(())
}
