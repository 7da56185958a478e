//! The organizations, each with a number and a program that may read everything.

use super::{ACCOUNT, Cell, HOUR, Kind, READER, Rows, Town, id, line, rows, text};
use crate::process::Failure;

pub fn tables(town: Town) -> Result<Vec<Rows>, Failure> {
    let of = |row: fn(u64, i64) -> Vec<Cell>| {
        let now = town.now;
        (0..town.organizations).map(move |office| row(office, now))
    };
    let readers: Vec<_> = (0..town.organizations)
        .map(|office| sign_in(office, town.now))
        .collect::<Result<_, _>>()?;
    Ok(vec![
        rows("organizations", "id, name, settings, created_at", of(organization)),
        rows(
            "users",
            "organization_id, id, email, name, password_hash, is_active, created_at, updated_at",
            of(user),
        ),
        rows(
            "roles",
            "organization_id, id, name, is_default, case_scope, case_contacts, sms, calls, audit, settings, created_at",
            of(role),
        ),
        rows("role_assignments", "organization_id, user_id, role_id", of(assignment)),
        rows(
            "sign_ins",
            "token_hash, organization_id, id, user_id, kind, label, created_at, seen_at, expires_at",
            readers.into_iter(),
        ),
        rows(
            "organization_numbers",
            "organization_id, id, e164, label, account_sid, is_active, reconciled_until, created_at",
            of(number),
        ),
    ])
}

fn organization(office: u64, now: i64) -> Vec<Cell> {
    vec![
        id(Kind::Organization, office),
        text(format!("Office {office}")),
        text("{}"),
        Cell::Int(now),
    ]
}

fn user(office: u64, now: i64) -> Vec<Cell> {
    vec![
        id(Kind::Organization, office),
        id(Kind::User, office),
        text(format!("reader@{office}.example")),
        text("Reader"),
        text("!"),
        Cell::Int(1),
        Cell::Int(now),
        Cell::Int(now),
    ]
}

fn role(office: u64, now: i64) -> Vec<Cell> {
    let mut row = vec![
        id(Kind::Organization, office),
        id(Kind::Role, office),
        text("Manager"),
        Cell::Int(1),
        text("all"),
    ];
    row.extend([3, 3, 3, 3, 3, now].map(Cell::Int));
    row
}

fn assignment(office: u64, _now: i64) -> Vec<Cell> {
    vec![id(Kind::Organization, office), id(Kind::User, office), id(Kind::Role, office)]
}

fn sign_in(office: u64, now: i64) -> Result<Vec<Cell>, Failure> {
    Ok(vec![
        Cell::Bytes(hash_of(&format!("{READER}{office}"))?),
        id(Kind::Organization, office),
        id(Kind::SignIn, office),
        id(Kind::User, office),
        text("token"),
        text("bench"),
        Cell::Int(now),
        Cell::Int(now),
        Cell::Int(now + 1000 * HOUR),
    ])
}

fn number(office: u64, now: i64) -> Vec<Cell> {
    vec![
        id(Kind::Organization, office),
        id(Kind::Number, office),
        text(line(office)),
        text("Main"),
        text(ACCOUNT),
        Cell::Int(1),
        Cell::Int(now),
        Cell::Int(now),
    ]
}

/// What is stored of a token.
pub fn hash_of(token: &str) -> Result<Vec<u8>, Failure> {
    let hash = casewire_carriers::twilio::signature::body_hash(token.as_bytes());
    let byte = |index: usize| {
        hash.get(2 * index..2 * index + 2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
    };
    (0..hash.len() / 2)
        .map(byte)
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(|| Failure::new("a hash is not hexadecimal"))
}
