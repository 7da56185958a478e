//! What was texted and called in the year, where it stands, and what search keeps of it.

use std::sync::Arc;

use casewire_core::search::document;
use casewire_core::search::words_of_text;
use casewire_core::time::Timestamp;
use uuid::Uuid;

use super::people::{number as case_number, organization};
use super::words::body;
use super::{HOUR, USERS, Year, mixed};
use crate::bench::town::{Cell, Kind, Rows, handset, id, rows, text};

/// A text of the year.
#[derive(Clone, Copy)]
struct Text {
    number: u64,
    contact: u64,
    case: u64,
    at: i64,
    chance: u64,
}

impl Year {
    fn text(self, number: u64) -> Text {
        let contact = self.contact(number, 1);
        Text {
            number,
            contact,
            case: self.case_of(contact),
            at: self.at(number, self.texts),
            chance: mixed(number ^ 0x5e55),
        }
    }
}

impl Text {
    const fn is_inbound(self) -> bool {
        self.chance % 100 < 55
    }

    const fn is_claimed(self) -> bool {
        self.is_inbound() && (self.chance / 100).is_multiple_of(20)
    }

    const fn is_failed(self) -> bool {
        !self.is_inbound() && (self.chance / 100).is_multiple_of(200)
    }

    const fn user(self) -> u64 {
        1 + self.chance / 20_000 % (USERS - 1)
    }
}

pub(super) fn tables(year: Year, last: &Arc<Vec<Option<u64>>>) -> Vec<Rows> {
    let texts = move || (0..year.texts).map(move |number| year.text(number));
    let last = Arc::clone(last);
    vec![
        rows(
            "conversations",
            "organization_id, id, key, kind, case_id, contact_id, last_at, last_item_id, last_direction, preview, unclaimed_count, \
             attention_count, created_at",
            (0..year.contacts).filter_map(move |contact| {
                let place = usize::try_from(contact).ok()?;
                last.get(place).copied().flatten().map(|number| conversation(year.text(number)))
            }),
        ),
        rows(
            "sms_history",
            "organization_id, id, conversation_id, direction, standing, case_number, case_id, case_contact_id, contact_id, \
             contact_role_name, peer, number_id, body, media_count, at, created_at, rule, claimed_by_user_id, claimed_at, \
             sent_by_user_id, is_clarifying, state, error_code, version",
            texts().map(move |of| message(year, of)),
        ),
        rows(
            "conversation_items",
            "organization_id, conversation_id, at, item_id, kind",
            texts().map(item),
        ),
        rows(
            "search_documents",
            "organization_id, doc, kind, subject_id, conversation_id, words",
            texts().map(found),
        ),
        rows(
            "call_history",
            "organization_id, id, conversation_id, matter_id, case_id, case_contact_id, contact_id, contact_role_name, direction, peer, \
             number_id, user_id, status, started_at, duration_seconds, created_at",
            (0..year.calls).map(move |number| call(year, number)),
        ),
    ]
}

fn conversation(of: Text) -> Vec<Cell> {
    let key = format!("case:{:032x}:{:032x}", Kind::Case.id(of.case), Kind::Contact.id(of.contact));
    let mut row = vec![
        id(Kind::Organization, 0),
        id(Kind::Conversation, of.contact),
        text(key),
        text("case"),
    ];
    row.extend([
        id(Kind::Case, of.case),
        id(Kind::Contact, of.contact),
        Cell::Int(of.at),
        id(Kind::Message, of.number),
    ]);
    row.extend([text(if of.is_inbound() { "inbound" } else { "outbound" }), text(body(of.number))]);
    row.extend([0, 0, of.at].map(Cell::Int));
    row
}

fn message(year: Year, of: Text) -> Vec<Cell> {
    let is_client = of.contact < year.cases;
    let when = |is: bool, cell: Cell| if is { cell } else { Cell::Null };
    let standing = match (of.is_inbound(), of.is_claimed()) {
        (true, true) => "claimed",
        (true, false) => "routed",
        (false, _) => "sent",
    };
    let mut row = vec![
        id(Kind::Organization, 0),
        id(Kind::Message, of.number),
        id(Kind::Conversation, of.contact),
    ];
    row.extend([
        text(if of.is_inbound() { "inbound" } else { "outbound" }),
        text(standing),
        text(case_number(of.case)),
    ]);
    // One in fifty is of before case contacts.
    let is_logged = !(of.chance / 7).is_multiple_of(50);
    row.extend([id(Kind::Case, of.case), when(!is_client && is_logged, id(Kind::Link, of.contact))]);
    row.extend([
        id(Kind::Contact, of.contact),
        when(is_logged, text(if is_client { "Client" } else { "Witness" })),
    ]);
    row.extend([text(handset(of.contact)), id(Kind::Number, 0), text(body(of.number)), Cell::Int(0)]);
    row.extend([Cell::Int(of.at), Cell::Int(of.at), when(of.is_inbound(), text("only_case"))]);
    let waited = i64::try_from(of.chance % 180).unwrap_or(0) * HOUR / 60;
    row.extend([
        when(of.is_claimed(), id(Kind::User, of.user())),
        when(of.is_claimed(), Cell::Int(of.at + waited)),
    ]);
    row.extend([when(!of.is_inbound(), id(Kind::User, of.user())), Cell::Int(0)]);
    row.push(when(!of.is_inbound(), text(if of.is_failed() { "failed" } else { "delivered" })));
    row.extend([when(of.is_failed(), Cell::Int(30_003)), Cell::Int(0)]);
    row
}

fn item(of: Text) -> Vec<Cell> {
    let mut row = vec![id(Kind::Organization, 0), id(Kind::Conversation, of.contact), Cell::Int(of.at)];
    row.extend([id(Kind::Message, of.number), text("text")]);
    row
}

fn found(of: Text) -> Vec<Cell> {
    let (message, conversation) = (Kind::Message.id(of.number), Kind::Conversation.id(of.contact));
    let at = Timestamp::from_micros(of.at);
    let doc = document::place_in_time(at, Uuid::from_u128(message), Uuid::from_u128(conversation));
    let line = document::line(organization(), &[], &words_of_text(&body(of.number)));
    let words = format!("{line} #{:032x}", Kind::Case.id(of.case));
    vec![
        id(Kind::Organization, 0),
        Cell::Int(doc),
        text("text"),
        Cell::Id(message),
        Cell::Id(conversation),
        text(words),
    ]
}

fn call(year: Year, number: u64) -> Vec<Cell> {
    let (contact, chance) = (year.contact(number, 2), mixed(number ^ 0xca11));
    let (case, at, is_client) = (year.case_of(contact), year.at(number, year.calls), contact < year.cases);
    let (status, seconds) = match chance % 10 {
        0 => ("busy", 0),
        1 | 2 => ("no-answer", 0),
        3 => ("failed", 0),
        4..=9 | 10.. => ("completed", 30 + i64::try_from(chance % 1200).unwrap_or(0)),
    };
    let mut row = vec![id(Kind::Organization, 0), id(Kind::Call, number), id(Kind::Conversation, contact)];
    row.extend([text(case_number(case)), id(Kind::Case, case)]);
    row.push(if is_client { Cell::Null } else { id(Kind::Link, contact) });
    row.extend([id(Kind::Contact, contact), text(if is_client { "Client" } else { "Witness" })]);
    row.extend([
        text(if chance / 10 % 2 == 0 { "inbound" } else { "outbound" }),
        text(handset(contact)),
    ]);
    row.extend([id(Kind::Number, 0), id(Kind::User, 1 + chance / 100 % (USERS - 1)), text(status)]);
    row.extend([at, seconds, at].map(Cell::Int));
    row
}
