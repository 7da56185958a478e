//! The routing rule a second time, naively: from the sentences of the rule and from raw records, with nested loops and plain
//! integers. Shares no step with `core/src/messaging/routing.rs`; [`Firm::facts`] plays the store, which gathers for the latter.

use casewire_core::id::{CaseContactId, CaseId, ContactId, Id, LeadId};
use casewire_core::messaging::routing::{Candidate, CaseStatus, Facts, Holder, Link, Route, Rule};
use casewire_core::time::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

/// The moment of every decision in these tests: 2026-01-27T09:30:00Z.
pub const NOW: i64 = 1_769_506_200_000_000;
/// The requirement's 48 hours, written out.
pub const HOURS_48: u64 = 48 * 60 * 60 * 1_000_000;

/// The id of a small number, scrambled so that the order of ids is not the order of creation.
pub fn id<I: Id>(number: u64) -> I {
    let scrambled = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    I::from_uuid(Uuid::from_u128((u128::from(scrambled) << 64) | u128::from(number)))
}

/// The same things in another order.
pub fn shuffled<T>(things: Vec<T>, seed: u64) -> Vec<T> {
    let mut keyed: Vec<(u64, T)> = (0_u64..)
        .zip(things)
        .map(|(place, thing)| ((place ^ seed).wrapping_mul(0xD134_2543_DE82_EF95).rotate_left(29), thing))
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, thing)| thing).collect()
}

/// A person, the numbers they hold (as small integers: only equality matters), and their leads.
#[derive(Debug, Clone)]
pub struct Human {
    pub id: ContactId,
    pub numbers: Vec<u8>,
    pub leads: Vec<LeadId>,
}

/// A link of a person to a case, active or removed.
#[derive(Debug, Clone)]
pub struct Linked {
    pub id: CaseContactId,
    pub contact: ContactId,
    pub active: bool,
}

/// A case with its client and its case contacts.
#[derive(Debug, Clone)]
pub struct Matter {
    pub id: CaseId,
    pub open: bool,
    pub client: Option<ContactId>,
    pub links: Vec<Linked>,
}

/// A text that the firm sent in a case.
#[derive(Debug, Clone)]
pub struct Sent {
    pub case: CaseId,
    pub contact: ContactId,
    pub at: i64,
    /// In answer to an unclaimed text: opens no session.
    pub clarifying: bool,
}

/// One organization, with the numbers it owns.
#[derive(Debug, Clone)]
pub struct Firm {
    pub numbers: Vec<u8>,
    pub people: Vec<Human>,
    pub cases: Vec<Matter>,
    pub sent: Vec<Sent>,
    pub window: u64,
}

/// What the rule says of a text from `sender` to `texted`, or nothing where no firm owns `texted`.
pub fn expected(firms: &[Firm], texted: u8, sender: u8, now: i64) -> Option<(Rule, Route)> {
    // 1. The organization is the owner of the number that was texted.
    for firm in firms {
        if firm.numbers.contains(&texted) {
            return Some(firm.route(sender, now));
        }
    }
    None
}

impl Firm {
    fn holders_in(&self, matter: &Matter, sender: u8) -> Vec<&Human> {
        let mut found = Vec::new();
        for human in &self.people {
            if human.numbers.contains(&sender) {
                let mut belongs = matter.client == Some(human.id);
                for link in &matter.links {
                    if link.active && link.contact == human.id {
                        belongs = true;
                    }
                }
                if belongs {
                    found.push(human);
                }
            }
        }
        found
    }

    /// The last text to a person in a case that was no clarifying reply.
    fn last_sent(&self, case: CaseId, contact: ContactId) -> Option<i64> {
        let mut last = None;
        for text in &self.sent {
            if text.case == case && text.contact == contact && !text.clarifying && last.is_none_or(|at| text.at > at) {
                last = Some(text.at);
            }
        }
        last
    }

    fn in_session(&self, case: CaseId, contact: ContactId, now: i64) -> bool {
        match self.last_sent(case, contact) {
            None => false,
            // 5. Younger than, or exactly, the window old. A clock that ran ahead makes a text no older.
            Some(at) => i128::from(now) - i128::from(at) <= i128::from(self.window),
        }
    }

    fn route(&self, sender: u8, now: i64) -> (Rule, Route) {
        // 2. The distinct open cases in which a holder is the client or an active case contact; else the closed ones.
        let mut matters: Vec<&Matter> = Vec::new();
        for open in [true, false] {
            if matters.is_empty() {
                for matter in &self.cases {
                    if matter.open == open && !self.holders_in(matter, sender).is_empty() {
                        matters.push(matter);
                    }
                }
            }
        }
        matters.sort_by_key(|matter| matter.id);

        // 3. None: a known person or lead, or "Unknown sender".
        if matters.is_empty() {
            return self.without_a_case(sender);
        }
        // 4. One: that case, session or not.
        if let [only] = matters.as_slice() {
            return (Rule::OnlyCase, Route::Case(self.candidate(only, sender)));
        }
        // 5. Several: exactly one with a session, or all.
        let mut in_session = Vec::new();
        for matter in &matters {
            let mut found = false;
            for human in self.holders_in(matter, sender) {
                found = found || self.in_session(matter.id, human.id, now);
            }
            if found {
                in_session.push(self.candidate(matter, sender));
            }
        }
        let candidates = matters.iter().map(|matter| self.candidate(matter, sender)).collect();
        match (in_session.len(), in_session.first()) {
            (1, Some(only)) => (Rule::OneSession, Route::Case(*only)),
            (0, _) => (Rule::NoSession, Route::Broadcast { candidates }),
            _ => (Rule::SeveralSessions, Route::Broadcast { candidates }),
        }
    }

    /// Who it is in that case: the one holder, else the one who was written to last there, else nobody.
    fn candidate(&self, matter: &Matter, sender: u8) -> Candidate {
        let humans = self.holders_in(matter, sender);
        let mut who: Vec<&Human> = Vec::new();
        for human in &humans {
            let mine = self.last_sent(matter.id, human.id);
            let mut beaten = humans.len() > 1 && mine.is_none();
            for other in &humans {
                let theirs = self.last_sent(matter.id, other.id);
                beaten = beaten || (other.id != human.id && theirs.is_some() && theirs >= mine);
            }
            if !beaten {
                who.push(human);
            }
        }
        let contact_id = who.first().map(|human| human.id);
        let mut case_contact_id = None;
        for link in &matter.links {
            if link.active && Some(link.contact) == contact_id {
                case_contact_id = Some(link.id);
            }
        }
        Candidate {
            case_id: matter.id,
            contact_id,
            case_contact_id,
        }
    }

    fn without_a_case(&self, sender: u8) -> (Rule, Route) {
        let mut humans = Vec::new();
        let mut leads = Vec::new();
        for human in &self.people {
            if human.numbers.contains(&sender) {
                humans.push(human.id);
                for lead in &human.leads {
                    leads.push((*lead, human.id));
                }
            }
        }
        match (leads.as_slice(), humans.as_slice()) {
            ([(lead_id, contact_id)], _) => (
                Rule::Lead,
                Route::Lead {
                    lead_id: *lead_id,
                    contact_id: *contact_id,
                },
            ),
            (_, []) => (Rule::UnknownSender, Route::Unknown),
            (_, [contact_id]) => (Rule::KnownContact, Route::Contact { contact_id: *contact_id }),
            _ => (Rule::SeveralPeople, Route::Unknown),
        }
    }

    /// What the store would gather about a sender, in the order that `seed` gives, some of it twice.
    pub fn facts(&self, sender: u8, now: i64, seed: u64) -> Facts {
        let mut links = Vec::new();
        let mut holders = Vec::new();
        for human in self.people.iter().filter(|human| human.numbers.contains(&sender)) {
            let leads = human.leads.iter().copied().map(Some);
            let leads: Vec<Option<LeadId>> = if human.leads.is_empty() { vec![None] } else { leads.collect() };
            holders.extend(leads.into_iter().map(|lead_id| Holder {
                contact_id: human.id,
                lead_id,
            }));
            for matter in &self.cases {
                let as_client = (matter.client == Some(human.id)).then_some(None);
                let as_contact = matter.links.iter().filter(|link| link.active && link.contact == human.id);
                links.extend(
                    as_client
                        .into_iter()
                        .chain(as_contact.map(|link| Some(link.id)))
                        .map(|case_contact_id| Link {
                            case_id: matter.id,
                            status: if matter.open { CaseStatus::Open } else { CaseStatus::Closed },
                            contact_id: human.id,
                            case_contact_id,
                            session_opened_at: self.last_sent(matter.id, human.id).map(Timestamp::from_micros),
                        }),
                );
            }
        }
        if seed.is_multiple_of(3) {
            links.extend(links.first().cloned());
            holders.extend(holders.first().cloned());
        }
        Facts {
            at: Timestamp::from_micros(now),
            window_micros: self.window,
            links: shuffled(links, seed),
            holders: shuffled(holders, seed.rotate_left(7)),
        }
    }
}

/// How long ago a text was sent: on the edge of the window, beside it, in the future, or anywhere.
fn age(window: u64) -> impl Strategy<Value = i64> {
    let window = i64::try_from(window).unwrap_or(i64::MAX);
    prop_oneof![
        3 => Just(window),
        3 => Just(window + 1),
        3 => Just(window - 1),
        1 => Just(0),
        1 => Just(-1),
        1 => -window..0,
        4 => 0..(2 * window),
    ]
}

/// A firm whose ids lie above `base`, so that two firms share none, with the numbers `owned`.
pub fn firm(base: u64, owned: Vec<u8>) -> impl Strategy<Value = Firm> {
    let window = prop_oneof![2 => Just(HOURS_48), 1 => Just(1_u64), 1 => 1_u64..400_000_000_000];
    let human = (prop::collection::vec(0_u8..3, 0..3), 0_u64..8);
    let link = (0_u64..5, prop::bool::weighted(0.7));
    let matter = (
        prop::bool::weighted(0.6),
        prop::option::of(0_u64..5),
        prop::collection::vec(link, 0..4),
    );
    (window, prop::collection::vec(human, 0..5), prop::collection::vec(matter, 0..6))
        .prop_flat_map(|(window, people, cases)| {
            let text = (0_u64..6, 0_u64..5, age(window), prop::bool::weighted(0.2));
            (Just(window), Just(people), Just(cases), prop::collection::vec(text, 0..10))
        })
        .prop_map(move |(window, people, cases, sent)| Firm {
            numbers: owned.clone(),
            window,
            people: (0_u64..)
                .zip(people)
                .map(|(n, (numbers, leads))| Human {
                    id: id(base + n),
                    numbers,
                    // Most people have no lead; some have one or two.
                    leads: (0..leads.saturating_sub(5)).map(|lead| id(base + 10 * n + lead)).collect(),
                })
                .collect(),
            cases: (0_u64..)
                .zip(cases)
                .map(|(n, (open, client, links))| Matter {
                    id: id(base + n),
                    open,
                    client: client.map(|n| id(base + n)),
                    links: linked(base + 100 * n, base, links),
                })
                .collect(),
            sent: sent
                .into_iter()
                .map(|(case, contact, age, clarifying)| Sent {
                    case: id(base + case),
                    contact: id(base + contact),
                    at: NOW - age,
                    clarifying,
                })
                .collect(),
        })
}

/// Links as the database lets them be: a removed one may be there many times, an active one once per contact.
fn linked(first: u64, base: u64, links: Vec<(u64, bool)>) -> Vec<Linked> {
    let mut made: Vec<Linked> = Vec::new();
    for (n, (contact, active)) in (0_u64..).zip(links) {
        let contact = id(base + contact);
        let taken = made.iter().any(|link| link.active && link.contact == contact);
        made.push(Linked {
            id: id(first + n),
            contact,
            active: active && !taken,
        });
    }
    made
}

/// Two firms that know some of the same numbers.
pub fn two_firms() -> impl Strategy<Value = Vec<Firm>> {
    (firm(1_000, vec![0, 1]), firm(2_000, vec![2])).prop_map(|(one, two)| vec![one, two])
}
