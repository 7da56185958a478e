//! The people, their handsets, their cases and what links them.

use super::{
    CASES_EACH, CONTACTS_EACH, Cell, HOUR, Kind, OFFERED, ROUTED, Rows, THREE_CASES, Talk, Town, case_number, handset, home_case, id,
    organization_of, rows, text,
};

/// The role that everybody who is not a client has: "Witness", which the migrations made.
const WITNESS: u128 = 0x0190_0000_0000_7000_8000_0000_0000_0001;

pub(super) fn tables(town: Town) -> Vec<Rows> {
    let now = town.now;
    let everybody = 0..town.organizations * CONTACTS_EACH;
    let links: Vec<Talk> = town.talks().into_iter().filter(|talk| !is_of_client(*talk)).collect();
    vec![
        rows(
            "contacts",
            "organization_id, id, name, search_name, contact_type, created_at, updated_at",
            everybody.clone().map(move |number| contact(number, now)),
        ),
        rows(
            "contact_phones",
            "organization_id, id, contact_id, e164, label, is_primary, created_at, updated_at",
            everybody.clone().map(move |number| phone(number, now)),
        ),
        rows(
            "cases",
            "organization_id, id, mycase_case_id, name, search_name, status, client_contact_id, is_unattended, created_at, updated_at",
            (0..town.organizations * CASES_EACH).map(move |number| case(number, now)),
        ),
        rows(
            "case_contacts",
            "organization_id, id, mycase_case_id, case_id, contact_id, contact_role_id, created_at, updated_at",
            links.into_iter().map(move |talk| link(talk, now)),
        ),
        rows(
            "sms_sessions",
            "organization_id, contact_id, case_id, opened_at, message_id",
            everybody.filter(has_session).map(move |number| session(number, now)),
        ),
    ]
}

/// The client of a case is on it without a link.
fn is_of_client(talk: Talk) -> bool {
    talk.contact % CONTACTS_EACH < CASES_EACH && talk.case == home_case(talk.contact)
}

fn has_session(contact: &u64) -> bool {
    (THREE_CASES..ROUTED.end.min(OFFERED.start)).contains(&(contact % CONTACTS_EACH))
}

fn contact(number: u64, now: i64) -> Vec<Cell> {
    vec![
        organization_of(number),
        id(Kind::Contact, number),
        text(format!("Person {number:06}")),
        text(format!("person {number:06}")),
        text("other"),
        Cell::Int(now),
        Cell::Int(now),
    ]
}

fn phone(contact: u64, now: i64) -> Vec<Cell> {
    vec![
        organization_of(contact),
        id(Kind::Phone, contact),
        id(Kind::Contact, contact),
        text(handset(contact)),
        text("mobile"),
        Cell::Int(1),
        Cell::Int(now),
        Cell::Int(now),
    ]
}

fn case(number: u64, now: i64) -> Vec<Cell> {
    let (office, index) = (number / CASES_EACH, number % CASES_EACH);
    vec![
        id(Kind::Organization, office),
        id(Kind::Case, number),
        text(case_number(number)),
        text(format!("Matter {number}")),
        text(format!("matter {number}")),
        text("open"),
        id(Kind::Contact, office * CONTACTS_EACH + index),
        Cell::Int(0),
        Cell::Int(now),
        Cell::Int(now),
    ]
}

fn link(talk: Talk, now: i64) -> Vec<Cell> {
    vec![
        organization_of(talk.contact),
        id(Kind::Link, talk.number),
        text(case_number(talk.case)),
        id(Kind::Case, talk.case),
        id(Kind::Contact, talk.contact),
        Cell::Id(WITNESS),
        Cell::Int(now),
        Cell::Int(now),
    ]
}

fn session(contact: u64, now: i64) -> Vec<Cell> {
    vec![
        organization_of(contact),
        id(Kind::Contact, contact),
        id(Kind::Case, home_case(contact)),
        Cell::Int(now - HOUR),
        id(Kind::OldMessage, contact),
    ]
}
