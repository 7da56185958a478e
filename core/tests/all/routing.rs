//! The routing rule, proven: examples in words, and properties over random firms against a naive second statement of the rule.
//! Read `naive.rs` for the latter; to see a property fail, change a comparison in `core/src/messaging/routing.rs`.

use std::collections::{BTreeSet, HashSet};

use casewire_core::id::{CaseContactId, CaseId, ContactId, LeadId};
use casewire_core::messaging::routing::{Candidate, CaseStatus, DEFAULT_WINDOW, Facts, Holder, Link, Receipt, Route, Rule, decide};
use casewire_core::time::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::naive::{HOURS_48, NOW, expected, id, shuffled, two_firms};

const JANE: u64 = 1;
const JOHN: u64 = 2;

/// Jane, a witness in an open case, not written to.
fn link(case: u64) -> Link {
    Link {
        case_id: id(case),
        status: CaseStatus::Open,
        contact_id: id(JANE),
        case_contact_id: Some(id(case)),
        session_opened_at: None,
    }
}

/// Written to `age` microseconds ago.
fn written(link: Link, age: i64) -> Link {
    Link {
        session_opened_at: Some(Timestamp::from_micros(NOW - age)),
        ..link
    }
}

fn closed(link: Link) -> Link {
    Link {
        status: CaseStatus::Closed,
        ..link
    }
}

/// John, who shares the number, in place of Jane.
fn john(link: Link) -> Link {
    Link {
        contact_id: id(JOHN),
        case_contact_id: link.case_contact_id.map(|_| id(JOHN + 70)),
        ..link
    }
}

fn holder(contact: u64, lead: Option<u64>) -> Holder {
    Holder {
        contact_id: id(contact),
        lead_id: lead.map(id),
    }
}

fn facts(links: Vec<Link>, holders: Vec<Holder>) -> Facts {
    Facts {
        at: Timestamp::from_micros(NOW),
        window_micros: HOURS_48,
        links,
        holders,
    }
}

fn routed(links: Vec<Link>) -> Receipt {
    decide(facts(links, vec![holder(JANE, None)]))
}

/// The rule, and the cases that got the text.
fn outcome(links: Vec<Link>) -> (Rule, Vec<CaseId>) {
    let receipt = routed(links);
    (receipt.rule, places(&receipt.route).into_iter().collect())
}

/// The cases, in the order of their ids.
fn cases<const N: usize>(numbers: [u64; N]) -> Vec<CaseId> {
    numbers.map(id).into_iter().collect::<BTreeSet<CaseId>>().into_iter().collect()
}

fn places(route: &Route) -> BTreeSet<CaseId> {
    match route {
        Route::Case(candidate) => BTreeSet::from([candidate.case_id]),
        Route::Broadcast { candidates } => candidates.iter().map(|candidate| candidate.case_id).collect(),
        Route::Lead { .. } | Route::Contact { .. } | Route::Unknown => BTreeSet::new(),
    }
}

fn hours(hours: i64) -> i64 {
    hours * 60 * 60 * 1_000_000
}

#[test]
fn the_default_window_is_48_hours() {
    assert_eq!(DEFAULT_WINDOW.as_micros(), u128::from(HOURS_48));
}

#[test]
fn a_sender_on_one_case_goes_there_session_or_not() {
    assert_eq!(outcome(vec![link(1)]), (Rule::OnlyCase, cases([1])));
    assert_eq!(outcome(vec![written(link(1), hours(1))]), (Rule::OnlyCase, cases([1])));
    assert_eq!(outcome(vec![written(link(1), hours(999))]), (Rule::OnlyCase, cases([1])));
}

#[test]
fn a_sender_on_several_cases_without_a_session_is_offered_to_all() {
    assert_eq!(outcome(vec![link(1), link(2), link(3)]), (Rule::NoSession, cases([1, 2, 3])));
}

#[test]
fn reply_within_48_hours_goes_to_that_case() {
    assert_eq!(
        outcome(vec![link(1), link(2), written(link(3), hours(1))]),
        (Rule::OneSession, cases([3]))
    );
}

#[test]
fn reply_after_exactly_48_hours_still_counts_and_one_microsecond_later_does_not() {
    let all = cases([1, 2, 3]);
    assert_eq!(
        outcome(vec![link(1), link(2), written(link(3), hours(48) - 1)]),
        (Rule::OneSession, cases([3]))
    );
    assert_eq!(
        outcome(vec![link(1), link(2), written(link(3), hours(48))]),
        (Rule::OneSession, cases([3]))
    );
    assert_eq!(
        outcome(vec![link(1), link(2), written(link(3), hours(48) + 1)]),
        (Rule::NoSession, all)
    );
}

#[test]
fn two_sessions_are_offered_to_all_and_not_only_to_these_two() {
    let links = vec![link(1), written(link(2), hours(2)), written(link(3), hours(1))];
    assert_eq!(outcome(links), (Rule::SeveralSessions, cases([1, 2, 3])));
    let links = vec![written(link(1), hours(47)), written(link(2), hours(49))];
    assert_eq!(outcome(links), (Rule::OneSession, cases([1])), "the older of the two has ended");
}

#[test]
fn a_text_sent_by_a_clock_that_ran_ahead_counts() {
    assert_eq!(outcome(vec![link(1), written(link(2), -hours(1))]), (Rule::OneSession, cases([2])));
}

#[test]
fn the_window_of_the_settings_is_honoured() {
    for (window, rule) in [
        (u64::MAX, Rule::OneSession),
        (1_001, Rule::OneSession),
        (1_000, Rule::OneSession),
        (999, Rule::NoSession),
    ] {
        let facts = Facts {
            window_micros: window,
            ..facts(vec![link(1), written(link(2), 1_000)], vec![])
        };
        assert_eq!(decide(facts).rule, rule, "window of {window}");
    }
    let at_once = Facts {
        window_micros: 0,
        ..facts(vec![link(1), written(link(2), 0)], vec![])
    };
    assert_eq!(decide(at_once).rule, Rule::OneSession);
}

#[test]
fn closed_cases_count_only_where_none_is_open() {
    assert_eq!(outcome(vec![closed(link(1)), link(2)]), (Rule::OnlyCase, cases([2])));
    let links = vec![closed(written(link(1), hours(1))), link(2), link(3)];
    assert_eq!(outcome(links), (Rule::NoSession, cases([2, 3])), "a session in a closed case");
    assert_eq!(outcome(vec![closed(link(1))]), (Rule::OnlyCase, cases([1])));
    assert_eq!(outcome(vec![closed(link(1)), closed(link(2))]), (Rule::NoSession, cases([1, 2])));
    let links = vec![closed(written(link(1), hours(1))), closed(link(2))];
    assert_eq!(outcome(links), (Rule::OneSession, cases([1])));
}

#[test]
fn a_client_who_is_a_case_contact_as_well_is_one_candidate_with_the_role() {
    let as_client = Link {
        case_contact_id: None,
        ..written(link(1), hours(1))
    };
    for links in [vec![as_client.clone(), link(1)], vec![link(1), as_client]] {
        let receipt = routed(links);
        let candidate = Candidate {
            case_id: id(1),
            contact_id: Some(id(JANE)),
            case_contact_id: Some(id(1)),
        };
        assert_eq!((receipt.rule, receipt.route), (Rule::OnlyCase, Route::Case(candidate)));
    }
}

#[test]
fn a_client_without_a_role_has_no_link() {
    let as_client = Link {
        case_contact_id: None,
        ..link(1)
    };
    let candidate = Candidate {
        case_id: id(1),
        contact_id: Some(id(JANE)),
        case_contact_id: None,
    };
    assert_eq!(routed(vec![as_client]).route, Route::Case(candidate));
}

#[test]
fn of_two_people_with_one_number_in_a_case_the_one_written_to_last_is_the_sender() {
    let sender = |links| match routed(links).route {
        Route::Case(candidate) => (candidate.contact_id, candidate.case_contact_id),
        Route::Broadcast { .. } | Route::Lead { .. } | Route::Contact { .. } | Route::Unknown => (None, Some(id(0))),
    };
    let jane: (Option<ContactId>, Option<CaseContactId>) = (Some(id(JANE)), Some(id(1)));
    let both = |jane: Option<i64>, other: Option<i64>| {
        let of = |link: Link, age: Option<i64>| age.map_or(link.clone(), |age| written(link, age));
        vec![of(link(1), jane), of(john(link(1)), other)]
    };
    assert_eq!(sender(both(Some(1), None)), jane);
    assert_eq!(sender(both(Some(1), Some(2))), jane);
    assert_eq!(sender(both(Some(2), Some(1))), (Some(id(JOHN)), Some(id(JOHN + 70))));
    assert_eq!(sender(both(None, None)), (None, None), "nobody is guessed");
    assert_eq!(sender(both(Some(1), Some(1))), (None, None), "written to in the same moment");
}

#[test]
fn a_session_with_either_of_two_people_who_share_a_number_counts() {
    let links = vec![link(1), john(written(link(1), hours(1))), link(2)];
    assert_eq!(outcome(links), (Rule::OneSession, cases([1])));
    let links = vec![written(link(1), hours(1)), john(written(link(1), hours(2))), link(2)];
    assert_eq!(
        outcome(links),
        (Rule::OneSession, cases([1])),
        "two sessions in one case are one case"
    );
}

#[test]
fn without_a_case_the_lead_then_the_person_then_unknown() {
    let to = |holders| {
        let receipt = decide(facts(vec![], holders));
        (receipt.rule, receipt.route)
    };
    let lead = |lead: u64, contact: u64| Route::Lead {
        lead_id: id(lead),
        contact_id: id(contact),
    };
    let contact = Route::Contact { contact_id: id(JANE) };
    assert_eq!(to(vec![]), (Rule::UnknownSender, Route::Unknown));
    assert_eq!(to(vec![holder(JANE, None)]), (Rule::KnownContact, contact.clone()));
    assert_eq!(to(vec![holder(JANE, Some(5))]), (Rule::Lead, lead(5, JANE)));
    assert_eq!(
        to(vec![holder(JANE, Some(5)), holder(JANE, Some(5))]),
        (Rule::Lead, lead(5, JANE)),
        "told twice"
    );
    assert_eq!(to(vec![holder(JANE, None), holder(JOHN, Some(6))]), (Rule::Lead, lead(6, JOHN)));
    assert_eq!(
        to(vec![holder(JANE, Some(5)), holder(JANE, Some(6))]),
        (Rule::KnownContact, contact),
        "two leads, one person"
    );
    assert_eq!(
        to(vec![holder(JANE, None), holder(JOHN, None)]),
        (Rule::SeveralPeople, Route::Unknown)
    );
    assert_eq!(
        to(vec![holder(JANE, Some(5)), holder(JOHN, Some(6))]),
        (Rule::SeveralPeople, Route::Unknown)
    );
}

#[test]
fn a_lead_who_is_on_a_case_goes_to_the_case() {
    let receipt = decide(facts(vec![link(1)], vec![holder(JANE, Some(5))]));
    assert_eq!((receipt.rule, places(&receipt.route)), (Rule::OnlyCase, BTreeSet::from([id(1)])));
}

#[test]
fn the_word_of_each_rule_is_the_one_in_the_receipt() -> Result<(), serde_json::Error> {
    let rules = [
        (Rule::OnlyCase, "only_case"),
        (Rule::OneSession, "one_session"),
        (Rule::NoSession, "no_session"),
        (Rule::SeveralSessions, "several_sessions"),
        (Rule::Lead, "lead"),
        (Rule::KnownContact, "known_contact"),
        (Rule::SeveralPeople, "several_people"),
        (Rule::UnknownSender, "unknown_sender"),
    ];
    for (rule, word) in rules {
        assert_eq!(rule.as_str(), word);
        assert_eq!(serde_json::to_value(rule)?, word);
    }
    Ok(())
}

/// Every leaf of a receipt is an id, a time, the window, or one of our own words: nothing that a person said, is called or dials.
fn says_only_ids_and_times(key: &str, value: &Value) -> bool {
    let is = |text: &str| match key {
        "case_id" => text.parse::<CaseId>().is_ok(),
        "contact_id" => text.parse::<ContactId>().is_ok(),
        "case_contact_id" => text.parse::<CaseContactId>().is_ok(),
        "lead_id" => text.parse::<LeadId>().is_ok(),
        "at" | "session_opened_at" => text.parse::<Timestamp>().is_ok(),
        "status" => ["open", "closed"].contains(&text),
        "to" => ["case", "broadcast", "lead", "contact", "unknown"].contains(&text),
        "rule" => text.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_'),
        _ => false,
    };
    match value {
        Value::Null => true,
        Value::Bool(_) => false,
        Value::Number(_) => key == "window_micros",
        Value::String(text) => is(text),
        Value::Array(items) => items.iter().all(|item| says_only_ids_and_times(key, item)),
        Value::Object(fields) => fields.iter().all(|(key, value)| says_only_ids_and_times(key, value)),
    }
}

prop_compose! {
    /// Facts that no database would give: links that contradict each other, sessions that differ, people twice.
    fn wild_facts()(
        window_micros in prop_oneof![Just(0), Just(10), any::<u64>()],
        links in prop::collection::vec((0_u64..3, any::<bool>(), 0_u64..3, prop::option::of(0_u64..3), prop::option::of(-20_i64..20)), 0..7),
        holders in prop::collection::vec((0_u64..3, prop::option::of(0_u64..3)), 0..5),
    ) -> Facts {
        Facts {
            at: Timestamp::from_micros(NOW),
            window_micros,
            links: links.into_iter().map(|(case, open, contact, role, age)| Link {
                case_id: id(case),
                status: if open { CaseStatus::Open } else { CaseStatus::Closed },
                contact_id: id(contact),
                case_contact_id: role.map(id),
                session_opened_at: age.map(|age| Timestamp::from_micros(NOW - age)),
            }).collect(),
            holders: holders.into_iter().map(|(contact, lead)| holder(contact, lead)).collect(),
        }
    }
}

#[test]
fn the_random_firms_reach_every_rule() {
    let mut runner = TestRunner::deterministic();
    let mut rules = HashSet::new();
    for _ in 0..4_000 {
        let firms = two_firms().new_tree(&mut runner).map(|tree| tree.current());
        rules.extend(firms.iter().flatten().map(|firm| decide(firm.facts(0, NOW, 1)).rule));
    }
    assert_eq!(rules.len(), 8, "{rules:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rule_agrees_with_its_naive_restatement(firms in two_firms(), texted in 0_u8..4, sender in 0_u8..3, seed in any::<u64>()) {
        let owner = firms.iter().find(|firm| firm.numbers.contains(&texted));
        let decided = owner.map(|firm| decide(firm.facts(sender, NOW, seed))).map(|receipt| (receipt.rule, receipt.route));
        prop_assert_eq!(decided, expected(&firms, texted, sender, NOW));
    }

    #[test]
    fn a_text_lands_in_cases_of_the_firm_that_was_texted_and_in_no_other(firms in two_firms(), sender in 0_u8..3, seed in any::<u64>()) {
        for firm in &firms {
            let own: BTreeSet<CaseId> = firm.cases.iter().map(|case| case.id).collect();
            let receipt = decide(firm.facts(sender, NOW, seed));
            prop_assert!(places(&receipt.route).is_subset(&own));
        }
    }

    #[test]
    fn neither_order_nor_repetition_of_the_facts_matters(facts in wild_facts(), seed in any::<u64>(), twice in any::<bool>()) {
        let mut other = facts.clone();
        if twice {
            other.links.extend(facts.links.clone());
            other.holders.extend(facts.holders.clone());
        }
        let other = Facts { links: shuffled(other.links, seed), holders: shuffled(other.holders, !seed), ..other };
        let (one, two) = (decide(facts), decide(other));
        prop_assert_eq!((one.rule, one.route), (two.rule, two.route));
    }

    #[test]
    fn a_receipt_replays_also_from_json_and_says_only_ids_and_times(facts in wild_facts()) {
        let receipt = decide(facts.clone());
        prop_assert_eq!(&receipt.facts, &facts, "the receipt shows what was looked at");
        let json = serde_json::to_string(&receipt)?;
        let read: Receipt = serde_json::from_str(&json)?;
        prop_assert_eq!(&read, &receipt);
        prop_assert_eq!(decide(read.facts), receipt);
        prop_assert!(says_only_ids_and_times("", &serde_json::from_str(&json)?));
    }

    #[test]
    fn no_text_is_dropped_and_none_goes_where_no_fact_points(facts in wild_facts()) {
        let linked: BTreeSet<(CaseId, &str)> = facts.links.iter().map(|link| (link.case_id, word(link.status))).collect();
        let has_open = linked.iter().any(|(_, status)| *status == "open");
        let receipt = decide(facts.clone());
        for case in places(&receipt.route) {
            let needed = if has_open { "open" } else { "closed" };
            prop_assert!(linked.contains(&(case, needed)), "closed cases only where none is open");
        }
        match receipt.route {
            Route::Broadcast { candidates } => {
                prop_assert!(candidates.len() >= 2);
                prop_assert!(candidates.is_sorted_by(|one, two| one.case_id < two.case_id), "distinct, ordered by id");
                let considered = linked.iter().filter(|(_, status)| !has_open || *status == "open").count();
                prop_assert_eq!(candidates.len(), considered, "each of them is offered the text");
            }
            Route::Case(_) => {}
            Route::Lead { lead_id, contact_id } => {
                prop_assert!(linked.is_empty());
                let holder = Holder { contact_id, lead_id: Some(lead_id) };
                prop_assert!(facts.holders.contains(&holder));
            }
            Route::Contact { contact_id } => {
                prop_assert!(linked.is_empty());
                prop_assert!(facts.holders.iter().all(|holder| holder.contact_id == contact_id) && !facts.holders.is_empty());
            }
            Route::Unknown => prop_assert!(linked.is_empty()),
        }
    }
}

const fn word(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Open => "open",
        CaseStatus::Closed => "closed",
    }
}
