//! Who works for the firm, its cases, and the people on them; and what search keeps of cases and people.

use casewire_core::id::{Id, OrganizationId};
use casewire_core::search::document::{self, CASE, PERSON};
use casewire_core::search::{words_of_case, words_of_person};
use casewire_core::time::Timestamp;
use uuid::Uuid;

use super::words::{rank, syllables};
use super::{AGENT, AGENT_CASES, SUPERVISOR, TEAMS, USERS, YEAR, Year, mixed};
use crate::bench::town::{Cell, HOUR, Kind, Rows, handset, id, offices, rows, text};
use crate::process::Failure;

/// "Witness", which the migrations made.
const WITNESS: u128 = 0x0190_0000_0000_7000_8000_0000_0000_0001;

/// The organization, whose only one it is.
pub(super) fn organization() -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(Kind::Organization.id(0)))
}

/// The number of a case.
pub(super) fn number(case: u64) -> String {
    format!("{:02}-CV-{:05}", 10 + case / 10_000, case % 10_000)
}

/// What somebody is called.
pub(super) fn name(contact: u64) -> String {
    let capital = |word: String| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    let first = capital(syllables(rank(mixed(contact ^ 0xf1))));
    let last = capital(syllables(mixed(contact ^ 0x1a) % 20_000));
    format!("{first} {last}")
}

fn caption(case: u64) -> String {
    format!("{} v. {}", name(case), name(case + 7))
}

/// Users, teams, and two who see less than all.
pub(super) fn staff(year: Year) -> Result<Vec<Rows>, Failure> {
    let now = year.now;
    let office = || id(Kind::Organization, 0);
    let user = move |number: u64| {
        let mail = text(format!("user{number}@0.example"));
        let mut row = vec![office(), id(Kind::User, number), mail, text(format!("User {number:02}")), text("!")];
        row.extend([1, now, now].map(Cell::Int));
        row
    };
    let role = |number: u64, name: &str, scope: &str| {
        let mut row = vec![office(), id(Kind::Role, number), text(name), Cell::Int(1), text(scope)];
        row.extend([2, 2, 2, 0, 0, now].map(Cell::Int));
        row
    };
    let sign_in = |number: u64, token: &str| -> Result<Vec<Cell>, Failure> {
        let hash = Cell::Bytes(offices::hash_of(token)?);
        let mut row = vec![
            hash,
            office(),
            id(Kind::SignIn, number),
            id(Kind::User, number),
            text("token"),
            text("bench"),
        ];
        row.extend([now, now, now + 1000 * HOUR].map(Cell::Int));
        Ok(row)
    };
    let team = move |number: u64| vec![office(), id(Kind::Team, number), text(format!("Team {number:02}")), Cell::Int(now)];
    let sign_ins = [sign_in(1, AGENT)?, sign_in(2, SUPERVISOR)?];
    let assigned = move |number: u64| vec![office(), id(Kind::User, number), id(Kind::Role, number)];
    Ok(vec![
        rows(
            "users",
            "organization_id, id, email, name, password_hash, is_active, created_at, updated_at",
            (1..USERS).map(user),
        ),
        rows(
            "roles",
            "organization_id, id, name, is_default, case_scope, case_contacts, sms, calls, audit, settings, created_at",
            [role(1, "Agent Specialist", "assigned"), role(2, "Supervisor", "team")].into_iter(),
        ),
        rows("role_assignments", "organization_id, user_id, role_id", (1..3).map(assigned)),
        rows(
            "sign_ins",
            "token_hash, organization_id, id, user_id, kind, label, created_at, seen_at, expires_at",
            sign_ins.into_iter(),
        ),
        rows("teams", "organization_id, id, name, created_at", (0..TEAMS).map(team)),
        rows(
            "team_members",
            "organization_id, team_id, user_id",
            std::iter::once(vec![office(), id(Kind::Team, 0), id(Kind::User, 2)]),
        ),
    ])
}

/// Cases, people, who is on which, and the documents of both.
pub(super) fn tables(year: Year) -> Vec<Rows> {
    let began = year.now - YEAR;
    vec![
        rows(
            "contacts",
            "organization_id, id, name, search_name, contact_type, created_at, updated_at",
            (0..year.contacts).map(move |contact| person(contact, began)),
        ),
        rows(
            "contact_phones",
            "organization_id, id, contact_id, e164, label, is_primary, created_at, updated_at",
            (0..year.contacts).map(move |contact| phone(contact, began)),
        ),
        rows(
            "cases",
            "organization_id, id, mycase_case_id, name, search_name, status, client_contact_id, team_id, is_unattended, created_at, \
             updated_at",
            (0..year.cases).map(move |number| case(number, began)),
        ),
        rows(
            "case_users",
            "organization_id, case_id, user_id",
            (0..AGENT_CASES).map(|number| vec![id(Kind::Organization, 0), id(Kind::Case, number), id(Kind::User, 1)]),
        ),
        rows(
            "case_contacts",
            "organization_id, id, mycase_case_id, case_id, contact_id, contact_role_id, created_at, updated_at",
            (year.cases..year.contacts).map(move |contact| link(year, contact, began)),
        ),
        rows(
            "search_documents",
            "organization_id, doc, kind, subject_id, words",
            (0..year.contacts).map(move |contact| {
                let words = words_of_person(&name(contact), [handset(contact).as_str()]);
                document(began, "person", PERSON, Kind::Contact.id(contact), &words)
            }),
        ),
        rows(
            "search_documents",
            "organization_id, doc, kind, subject_id, words",
            (0..year.cases).map(move |case| {
                let words = words_of_case(&number(case), &caption(case));
                document(began, "case", CASE, Kind::Case.id(case), &words)
            }),
        ),
    ]
}

fn document(at: i64, kind: &str, tag: &str, subject: u128, words: &std::collections::BTreeSet<String>) -> Vec<Cell> {
    // Spread over the seconds before, so that none stands at the place of another.
    let at = Timestamp::from_micros(at - i64::try_from(subject % 100_000).unwrap_or(0) * 1_000_000);
    vec![
        id(Kind::Organization, 0),
        Cell::Int(document::place_in_time(at, Uuid::from_u128(subject), Uuid::nil())),
        text(kind),
        Cell::Id(subject),
        text(document::line(organization(), &[tag], words)),
    ]
}

fn person(contact: u64, at: i64) -> Vec<Cell> {
    let name = name(contact);
    let folded = text(name.to_lowercase());
    let mut row = vec![
        id(Kind::Organization, 0),
        id(Kind::Contact, contact),
        text(name),
        folded,
        text("OTHER"),
    ];
    row.extend([at, at].map(Cell::Int));
    row
}

fn phone(contact: u64, at: i64) -> Vec<Cell> {
    let mut row = vec![id(Kind::Organization, 0), id(Kind::Phone, contact), id(Kind::Contact, contact)];
    row.extend([text(handset(contact)), text("mobile"), Cell::Int(1), Cell::Int(at), Cell::Int(at)]);
    row
}

fn case(case: u64, at: i64) -> Vec<Cell> {
    let caption = caption(case);
    let folded = text(caption.to_lowercase());
    let mut row = vec![
        id(Kind::Organization, 0),
        id(Kind::Case, case),
        text(number(case)),
        text(caption),
        folded,
    ];
    row.extend([text("open"), id(Kind::Contact, case), id(Kind::Team, case % TEAMS)]);
    row.extend([0, at, at].map(Cell::Int));
    row
}

fn link(year: Year, contact: u64, at: i64) -> Vec<Cell> {
    let case = year.case_of(contact);
    let mut row = vec![
        id(Kind::Organization, 0),
        id(Kind::Link, contact),
        text(number(case)),
        id(Kind::Case, case),
    ];
    row.extend([id(Kind::Contact, contact), Cell::Id(WITNESS), Cell::Int(at), Cell::Int(at)]);
    row
}
