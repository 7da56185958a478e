//! Where an inbound text goes. The heart of Casewire: a pure function from what is known of the sender to a decision and a
//! receipt that explains it. Refuses to guess: what is ambiguous is offered to every candidate case, and nothing is dropped.
//!
//! Reads no clock and no database; the store gathers [`Facts`], `server/src/ops/receive_text.rs` writes the outcome.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{CaseContactId, CaseId, ContactId, LeadId};
use crate::time::Timestamp;

/// How long a session lasts unless the organization chose otherwise: 48 hours, inclusive.
pub const DEFAULT_WINDOW: Duration = Duration::from_secs(48 * 60 * 60);

/// Whether a case is still worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CaseStatus {
    /// Worked on.
    Open,
    /// Ended; considered only where the sender has no open case.
    Closed,
}

/// One way in which a holder of the sender's number belongs to a case: as its client, or as an active case contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The case.
    pub case_id: CaseId,
    /// Whether the case is open.
    pub status: CaseStatus,
    /// The contact who holds the number.
    pub contact_id: ContactId,
    /// The link itself; none for the client of the case.
    pub case_contact_id: Option<CaseContactId>,
    /// When the carrier accepted the last text that opened a session with this contact in this case.
    pub session_opened_at: Option<Timestamp>,
}

/// A person who holds the sender's number, whether or not on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The person.
    pub contact_id: ContactId,
    /// Their lead, where there is one.
    pub lead_id: Option<LeadId>,
}

/// All that the decision depends on. Ids and times only: no number, no name, no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// When the decision was made.
    pub at: Timestamp,
    /// How long a session lasts, in microseconds.
    pub window_micros: u64,
    /// Every link of a holder of the number to a case of the organization, in any order.
    pub links: Vec<Link>,
    /// Every holder of the number in the organization, in any order.
    pub holders: Vec<Holder>,
}

/// A case that a text may belong to, and the person it then comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The case.
    pub case_id: CaseId,
    /// The sender in that case; none where several people there share the number and no session tells them apart.
    pub contact_id: Option<ContactId>,
    /// The sender's link to that case; none for its client, or where the sender is not known.
    pub case_contact_id: Option<CaseContactId>,
}

/// Where the text goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Route {
    /// To this case.
    Case(Candidate),
    /// To all of these, as unclaimed.
    Broadcast {
        /// Two or more, ordered by case id.
        candidates: Vec<Candidate>,
    },
    /// To the conversation of this lead.
    Lead {
        /// The lead.
        lead_id: LeadId,
        /// The person.
        contact_id: ContactId,
    },
    /// To the conversation of this contact, who is on no case and not on exactly one lead.
    Contact {
        /// The person.
        contact_id: ContactId,
    },
    /// To "Unknown sender".
    Unknown,
}

/// The rule that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Rule {
    /// The sender is on one case.
    OnlyCase,
    /// The sender is on several cases, and exactly one has a session.
    OneSession,
    /// The sender is on several cases, and none has a session.
    NoSession,
    /// The sender is on several cases, and more than one has a session.
    SeveralSessions,
    /// The sender is on no case, and on exactly one lead.
    Lead,
    /// The sender is one known person on no case, and not on exactly one lead.
    KnownContact,
    /// Several people hold the number; none is on a case, and not exactly one on a lead.
    SeveralPeople,
    /// Nobody holds the number.
    UnknownSender,
}

impl Rule {
    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnlyCase => "only_case",
            Self::OneSession => "one_session",
            Self::NoSession => "no_session",
            Self::SeveralSessions => "several_sessions",
            Self::Lead => "lead",
            Self::KnownContact => "known_contact",
            Self::SeveralPeople => "several_people",
            Self::UnknownSender => "unknown_sender",
        }
    }
}

/// Why a text is where it is: everything that was looked at, the rule, the outcome. [`decide`] on the same facts gives the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What was known.
    pub facts: Facts,
    /// The rule that decided.
    pub rule: Rule,
    /// Where the text went.
    pub route: Route,
}

/// Decides where a text goes.
///
/// The order in which the facts are told never matters, nor whether one is told twice.
#[must_use]
pub fn decide(facts: Facts) -> Receipt {
    let cases = cases_of_the_sender(&facts);
    let (rule, route) = match cases.as_slice() {
        [] => to_a_person(&facts.holders),
        [only] => (Rule::OnlyCase, Route::Case(only.candidate)),
        several => among_several(several),
    };
    Receipt { facts, rule, route }
}

/// Several cases: the one with a session, if it is exactly one; else all of them.
fn among_several(several: &[Considered]) -> (Rule, Route) {
    let with_session: Vec<&Considered> = several.iter().filter(|case| case.has_session).collect();
    match with_session.as_slice() {
        [only] => (Rule::OneSession, Route::Case(only.candidate)),
        [] => (Rule::NoSession, broadcast(several)),
        _more => (Rule::SeveralSessions, broadcast(several)),
    }
}

fn broadcast(cases: &[Considered]) -> Route {
    Route::Broadcast {
        candidates: cases.iter().map(|case| case.candidate).collect(),
    }
}

/// No case: the one lead, else the one person, else "Unknown sender".
fn to_a_person(holders: &[Holder]) -> (Rule, Route) {
    let people: BTreeSet<ContactId> = holders.iter().map(|holder| holder.contact_id).collect();
    let leads: BTreeSet<(LeadId, ContactId)> = holders
        .iter()
        .filter_map(|holder| holder.lead_id.map(|lead_id| (lead_id, holder.contact_id)))
        .collect();
    if let Some((lead_id, contact_id)) = the_only(leads) {
        (Rule::Lead, Route::Lead { lead_id, contact_id })
    } else if people.is_empty() {
        (Rule::UnknownSender, Route::Unknown)
    } else if let Some(contact_id) = the_only(people) {
        (Rule::KnownContact, Route::Contact { contact_id })
    } else {
        (Rule::SeveralPeople, Route::Unknown)
    }
}

/// A case that the text may belong to, and whether the firm wrote to somebody with this number in it recently enough.
struct Considered {
    candidate: Candidate,
    has_session: bool,
}

/// The distinct open cases of the sender; where there are none, the closed ones. Ordered by case id.
fn cases_of_the_sender(facts: &Facts) -> Vec<Considered> {
    let mut cases = people_by_case(facts, CaseStatus::Open);
    if cases.is_empty() {
        cases = people_by_case(facts, CaseStatus::Closed);
    }
    cases
        .into_iter()
        .map(|(case_id, people)| consider(case_id, people, facts))
        .collect()
}

fn consider(case_id: CaseId, people: People, facts: &Facts) -> Considered {
    let window = Duration::from_micros(facts.window_micros);
    let has_session = people
        .values()
        .filter_map(|person| person.session_opened_at)
        .any(|opened_at| facts.at.since(opened_at) <= window);
    let sender = sender(people);
    let candidate = Candidate {
        case_id,
        contact_id: sender.map(|person| person.contact_id),
        case_contact_id: sender.and_then(|person| person.case_contact_id),
    };
    Considered { candidate, has_session }
}

/// One holder of the number in one case, by all their links to it: they may be its client and have a role as well.
#[derive(Clone, Copy)]
struct Person {
    contact_id: ContactId,
    case_contact_id: Option<CaseContactId>,
    session_opened_at: Option<Timestamp>,
}

type People = BTreeMap<ContactId, Person>;

fn people_by_case(facts: &Facts, status: CaseStatus) -> BTreeMap<CaseId, People> {
    let mut cases: BTreeMap<CaseId, People> = BTreeMap::new();
    for link in facts.links.iter().filter(|link| link.status == status) {
        let people = cases.entry(link.case_id).or_default();
        let person = people.entry(link.contact_id).or_insert(Person {
            contact_id: link.contact_id,
            case_contact_id: None,
            session_opened_at: None,
        });
        // `None` is the least: a link with a role says more than being the client, and a later session more than an earlier one.
        person.case_contact_id = person.case_contact_id.max(link.case_contact_id);
        person.session_opened_at = person.session_opened_at.max(link.session_opened_at);
    }
    cases
}

/// Whom a text comes from within one case: the one holder there is, else the one written to last, else nobody.
fn sender(people: People) -> Option<Person> {
    if people.len() == 1 {
        return the_only(people.into_values());
    }
    let last = people.values().filter_map(|person| person.session_opened_at).max()?;
    the_only(people.into_values().filter(|person| person.session_opened_at == Some(last)))
}

/// The one thing there is; none where there are none or more.
fn the_only<T>(things: impl IntoIterator<Item = T>) -> Option<T> {
    let mut things = things.into_iter();
    let first = things.next()?;
    things.next().is_none().then_some(first)
}
