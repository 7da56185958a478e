//! The town that is measured: organizations with their people, cases and history, the same on both engines. Every id can be
//! computed from a number, here and inside a statement, so that the bare database can be driven without asking it anything.

pub mod offices;
mod people;
mod texts;

use crate::process::Failure;

/// How many organizations there are when texts come in.
pub const ORGANIZATIONS: u64 = 50;
/// How many contacts each has: a hundred clients, a hundred on one case, 160 on three cases with a session in the first of them,
/// and 40 on three cases without one.
pub const CONTACTS_EACH: u64 = 400;
/// The contacts of an organization whose texts go to one case.
pub const ROUTED: std::ops::Range<u64> = 0..360;
/// The contacts whose texts are offered to three.
pub const OFFERED: std::ops::Range<u64> = 360..400;
/// The first contact of an organization who is on three cases.
const THREE_CASES: u64 = 200;
/// How many cases each organization has.
pub const CASES_EACH: u64 = 100;
/// The Twilio account of everybody.
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
/// What signs its webhooks.
pub const AUTH_TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
/// The token of the program that listens and reads in each organization, before the organization's number.
pub const READER: &str = "cw_bench-reader-";
/// The numbers of ids begin here: sixteen decimal digits, of which the first makes the id a valid UUID.
pub const FIRST: u64 = 8_000_000_000_000_000;
pub const HOUR: i64 = 3_600_000_000;

/// What an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Organization,
    User,
    Role,
    SignIn,
    Number,
    Contact,
    Phone,
    Case,
    Link,
    Conversation,
    OldMessage,
    Message,
    Step,
    Call,
    Team,
}

impl Kind {
    /// The first half of its ids, in hexadecimal digits.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Organization => "0190000000007001",
            Self::User => "0190000000007002",
            Self::Role => "0190000000007003",
            Self::SignIn => "0190000000007004",
            Self::Number => "0190000000007005",
            Self::Contact => "0190000000007006",
            Self::Phone => "0190000000007007",
            Self::Case => "0190000000007008",
            Self::Link => "0190000000007009",
            Self::Conversation => "019000000000700a",
            Self::OldMessage => "019000000000700b",
            Self::Message => "019000000000700c",
            Self::Step => "019000000000700d",
            Self::Call => "019000000000700e",
            Self::Team => "019000000000700f",
        }
    }

    /// The id of that number.
    pub fn id(self, number: u64) -> u128 {
        let digits = format!("{}{}", self.prefix(), FIRST + number);
        // Sixteen digits of each half: always a number of 128 bits.
        u128::from_str_radix(&digits, 16).unwrap_or_default()
    }
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Null,
    Int(i64),
    Text(String),
    Id(u128),
    Bytes(Vec<u8>),
}

/// Rows of one table.
pub struct Rows {
    pub table: &'static str,
    pub columns: &'static str,
    pub rows: Box<dyn Iterator<Item = Vec<Cell>> + Send>,
}

/// A conversation: somebody in one case.
#[derive(Debug, Clone, Copy)]
struct Talk {
    number: u64,
    contact: u64,
    case: u64,
    is_unclaimed: bool,
}

/// How large it is.
#[derive(Debug, Clone, Copy)]
pub struct Town {
    /// How many organizations.
    pub organizations: u64,
    /// How many texts each conversation holds.
    pub texts_each: u64,
    /// How many more witnesses the first two cases of the first organization have, each with a conversation.
    pub witnesses: [u64; 2],
    /// Now, in microseconds.
    pub now: i64,
}

/// The number of a contact's handset.
pub fn handset(contact: u64) -> String {
    format!("+1{}", 2_125_000_000 + contact)
}

/// The number of an organization.
pub fn line(organization: u64) -> String {
    format!("+1{}", 6_465_000_000 + organization)
}

/// The number of a case in the world.
pub fn case_number(case: u64) -> String {
    (FIRST + case).to_string()
}

/// The conversation with a contact in the case that their texts go to.
pub fn home_conversation(contact: u64) -> u64 {
    contact
}

/// The case that the texts of a contact go to.
pub fn home_case(contact: u64) -> u64 {
    contact / CONTACTS_EACH * CASES_EACH + contact % CASES_EACH
}

pub fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}

pub fn id(kind: Kind, number: u64) -> Cell {
    Cell::Id(kind.id(number))
}

/// The organization of a contact.
fn organization_of(contact: u64) -> Cell {
    id(Kind::Organization, contact / CONTACTS_EACH)
}

pub fn rows(table: &'static str, columns: &'static str, rows: impl Iterator<Item = Vec<Cell>> + Send + 'static) -> Rows {
    Rows {
        table,
        columns,
        rows: Box::new(rows),
    }
}

impl Town {
    /// Every table, in the order in which keys allow.
    pub fn tables(self) -> Result<Vec<Rows>, Failure> {
        let mut tables = offices::tables(self)?;
        tables.extend(people::tables(self));
        tables.extend(texts::tables(self));
        Ok(tables)
    }

    /// How many conversations there are.
    pub fn conversations(self) -> usize {
        self.talks().len()
    }

    /// Every conversation, the home conversation of each contact first.
    fn talks(self) -> Vec<Talk> {
        let mut talks = Vec::new();
        for contact in 0..self.organizations * CONTACTS_EACH {
            let (first, index) = (contact / CONTACTS_EACH * CASES_EACH, contact % CONTACTS_EACH);
            let cases: &[u64] = if index < THREE_CASES { &[0] } else { &[0, 33, 66] };
            talks.extend((0_u64..).zip(cases).map(|(place, further)| Talk {
                number: contact + place * 100_000,
                contact,
                case: first + (index + further) % CASES_EACH,
                is_unclaimed: false,
            }));
        }
        for (case, count) in (0_u64..).zip(self.witnesses) {
            talks.extend((0..count).map(|witness| Talk {
                number: 300_000 + case * 1000 + witness,
                contact: 102 + witness,
                case,
                is_unclaimed: witness % 5 == 0,
            }));
        }
        talks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_prefix_and_the_digits_of_its_number() {
        assert_eq!(format!("{:032x}", Kind::Case.id(7)), "01900000000070088000000000000007");
    }

    #[test]
    fn nobody_is_linked_to_a_case_twice() {
        let town = Town {
            organizations: 1,
            texts_each: 1,
            witnesses: [42, 60],
            now: 0,
        };
        let mut pairs: Vec<_> = town.talks().iter().map(|talk| (talk.case, talk.contact)).collect();
        let count = pairs.len();
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), count);
        let on_the_first = pairs.iter().filter(|(case, _)| *case == 0).count();
        assert_eq!(on_the_first, 50);
    }
}
