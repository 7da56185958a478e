//! Where an inbound text goes. The heart of Casewire: a pure function from what is known of the sender to a decision and a
//! receipt that explains it. Refuses to guess: what is ambiguous is offered to every candidate case, and nothing is dropped.
//!
//! Reads no clock and no database; the store gathers [`Facts`], `server/src/ops/receive_text.rs` writes the outcome.

use std::collections::BTreeMap;
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
    /// To the conversation of this contact, who is on no case and no lead.
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
    /// The sender is on no case, and has one lead.
    Lead,
    /// The sender is a known person on no case and no lead.
    KnownContact,
    /// Several people hold the number, and none of them is on a case.
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
#[must_use]
pub fn decide(facts: Facts) -> Receipt {
    let candidates = candidates(&facts);
    let (rule, route) = match candidates.as_slice() {
        [] => to_a_person(&facts.holders),
        [only] => (Rule::OnlyCase, Route::Case(only.candidate)),
        several => among_several(several),
    };
    Receipt { facts, rule, route }
}

/// A candidate, and whether the firm wrote to somebody with this number in it recently enough.
struct Considered {
    candidate: Candidate,
    has_session: bool,
}

/// The distinct open cases of the sender; where there are none, the closed ones. Ordered by case id.
fn candidates(facts: &Facts) -> Vec<Considered> {
    let open = links_by_case(facts, CaseStatus::Open);
    let by_case = if open.is_empty() {
        links_by_case(facts, CaseStatus::Closed)
    } else {
        open
    };
    by_case
        .into_iter()
        .map(|(case_id, links)| consider(case_id, &links, facts))
        .collect()
}

fn links_by_case(facts: &Facts, status: CaseStatus) -> BTreeMap<CaseId, Vec<&Link>> {
    let mut by_case: BTreeMap<CaseId, Vec<&Link>> = BTreeMap::new();
    for link in facts.links.iter().filter(|link| link.status == status) {
        by_case.entry(link.case_id).or_default().push(link);
    }
    by_case
}

fn consider(case_id: CaseId, links: &[&Link], facts: &Facts) -> Considered {
    let window = Duration::from_micros(facts.window_micros);
    let has_session = links
        .iter()
        .filter_map(|link| link.session_opened_at)
        .any(|opened_at| facts.at.since(opened_at) <= window);
    let sender = sender(links);
    let candidate = Candidate {
        case_id,
        contact_id: sender.map(|link| link.contact_id),
        case_contact_id: sender.and_then(|link| link.case_contact_id),
    };
    Considered { candidate, has_session }
}

/// The person whom a text comes from within one case: the one holder there is, else the one written to last, else nobody.
fn sender<'a>(links: &[&'a Link]) -> Option<&'a Link> {
    let mut people: BTreeMap<ContactId, &Link> = BTreeMap::new();
    for link in links {
        let known = people.entry(link.contact_id).or_insert(link);
        known_as_case_contact(known, link);
    }
    if people.len() == 1 {
        return people.into_values().next();
    }
    let last = people.values().filter_map(|link| link.session_opened_at).max()?;
    let mut latest = people.into_values().filter(|link| link.session_opened_at == Some(last));
    match (latest.next(), latest.next()) {
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// Of two links of one person to one case, the one that carries a role says more.
fn known_as_case_contact<'a>(known: &mut &'a Link, other: &'a Link) {
    if known.case_contact_id.is_none() && other.case_contact_id.is_some() {
        *known = other;
    }
}

fn among_several(several: &[Considered]) -> (Rule, Route) {
    let mut with_session = several.iter().filter(|considered| considered.has_session);
    match (with_session.next(), with_session.next()) {
        (Some(only), None) => (Rule::OneSession, Route::Case(only.candidate)),
        (Some(_), Some(_)) => (Rule::SeveralSessions, broadcast(several)),
        (None, _) => (Rule::NoSession, broadcast(several)),
    }
}

fn broadcast(several: &[Considered]) -> Route {
    Route::Broadcast {
        candidates: several.iter().map(|considered| considered.candidate).collect(),
    }
}

fn to_a_person(holders: &[Holder]) -> (Rule, Route) {
    let mut leads = holders
        .iter()
        .filter_map(|holder| holder.lead_id.map(|lead_id| (lead_id, holder.contact_id)));
    if let (Some((lead_id, contact_id)), None) = (leads.next(), leads.next()) {
        return (Rule::Lead, Route::Lead { lead_id, contact_id });
    }
    match holders {
        [] => (Rule::UnknownSender, Route::Unknown),
        [only] => (
            Rule::KnownContact,
            Route::Contact {
                contact_id: only.contact_id,
            },
        ),
        several
            if several
                .iter()
                .all(|holder| Some(holder.contact_id) == several.first().map(|first| first.contact_id)) =>
        {
            several.first().map_or((Rule::UnknownSender, Route::Unknown), |first| {
                (
                    Rule::KnownContact,
                    Route::Contact {
                        contact_id: first.contact_id,
                    },
                )
            })
        }
        _several => (Rule::SeveralPeople, Route::Unknown),
    }
}
