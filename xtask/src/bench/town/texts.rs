//! The conversations and the texts in them, of the day before yesterday, in the order in which they came.

use super::{CONTACTS_EACH, Cell, HOUR, Kind, Rows, Talk, Town, case_number, handset, id, organization_of, rows, text};

const BODY: &str = "An older text, about as long as people write when they ask for something.";

/// A text: where it stands, its number, and whether it is the last one there.
#[derive(Clone, Copy)]
struct Text {
    talk: Talk,
    number: u64,
    is_last: bool,
    at: i64,
}

pub(super) fn tables(town: Town) -> Vec<Rows> {
    vec![
        rows(
            "conversations",
            "organization_id, id, key, kind, case_id, contact_id, last_at, last_item_id, last_direction, preview, unclaimed_count, \
             attention_count, created_at",
            texts(town).filter(|text| text.is_last).map(conversation),
        ),
        rows(
            "sms_history",
            "organization_id, id, conversation_id, direction, standing, case_number, case_id, contact_id, contact_role_name, peer, \
             number_id, body, media_count, at, created_at, provider_id, rule, is_clarifying, version",
            texts(town).map(message),
        ),
        rows(
            "conversation_items",
            "organization_id, conversation_id, at, item_id, kind",
            texts(town).map(item),
        ),
    ]
}

/// One text for each conversation, then the next for each.
fn texts(town: Town) -> impl Iterator<Item = Text> + Send {
    let talks = town.talks();
    let count = u64::try_from(talks.len()).unwrap_or(u64::MAX);
    let rounds = town.texts_each.max(1);
    let step = 24 * HOUR / i64::try_from(count * rounds).unwrap_or(i64::MAX).max(1);
    let first = town.now - 48 * HOUR;
    (0..rounds).flat_map(move |round| {
        let texts = talks.clone().into_iter().zip(round * count..);
        texts.map(move |(talk, number)| Text {
            talk,
            number,
            is_last: round + 1 == rounds,
            at: first + i64::try_from(number).unwrap_or_default() * step,
        })
    })
}

fn conversation(last: Text) -> Vec<Cell> {
    let Text { talk, number, at, .. } = last;
    let key = format!("case:{:032x}:{:032x}", Kind::Case.id(talk.case), Kind::Contact.id(talk.contact));
    vec![
        organization_of(talk.contact),
        id(Kind::Conversation, talk.number),
        text(key),
        text("case"),
        id(Kind::Case, talk.case),
        id(Kind::Contact, talk.contact),
        Cell::Int(at),
        id(Kind::OldMessage, number),
        text("inbound"),
        text(BODY),
        Cell::Int(i64::from(talk.is_unclaimed)),
        Cell::Int(0),
        Cell::Int(at),
    ]
}

fn message(of: Text) -> Vec<Cell> {
    let Text { talk, number, is_last, at } = of;
    let is_unclaimed = is_last && talk.is_unclaimed;
    let owned = |cell: Cell| if is_unclaimed { Cell::Null } else { cell };
    vec![
        organization_of(talk.contact),
        id(Kind::OldMessage, number),
        owned(id(Kind::Conversation, talk.number)),
        text("inbound"),
        text(if is_unclaimed { "unclaimed" } else { "routed" }),
        owned(text(case_number(talk.case))),
        owned(id(Kind::Case, talk.case)),
        owned(id(Kind::Contact, talk.contact)),
        owned(text("Witness")),
        text(handset(talk.contact)),
        id(Kind::Number, talk.contact / CONTACTS_EACH),
        text(BODY),
        Cell::Int(0),
        Cell::Int(at),
        Cell::Int(at),
        text(format!("SM{:032x}", Kind::OldMessage.id(number))),
        text("only_case"),
        Cell::Int(0),
        Cell::Int(0),
    ]
}

fn item(of: Text) -> Vec<Cell> {
    vec![
        organization_of(of.talk.contact),
        id(Kind::Conversation, of.talk.number),
        Cell::Int(of.at),
        id(Kind::OldMessage, of.number),
        text("text"),
    ]
}
