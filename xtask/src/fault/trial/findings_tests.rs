//! Every way of breaking the promise turns its own line of the report, and a trial that went well turns none.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::*;

const PLAN: Plan = Plan {
    inbound: 2,
    sends: 2,
    kills: 1,
    ..Plan::short(1)
};

fn seen(body: &str, state: Option<&str>) -> Seen {
    Seen {
        body: body.to_owned(),
        state: state.map(str::to_owned),
        in_attention: state == Some("unknown"),
    }
}

fn history(texts: &[Seen]) -> History {
    let texts = texts
        .iter()
        .enumerate()
        .map(|(index, text)| (index.to_string(), text.clone()))
        .collect();
    History { texts, repeated: 0 }
}

fn carrier_text(inbound: bool, body: &str, status: &str) -> CarrierText {
    CarrierText {
        inbound,
        body: body.to_owned(),
        status: status.to_owned(),
    }
}

fn well() -> Evidence {
    let all = [
        seen("in 000000", None),
        seen("in 000001", None),
        seen("out 000000", Some("delivered")),
        seen("out 000001", Some("unknown")),
    ];
    let carrier = [
        ("SM0", carrier_text(true, "in 000000", "received")),
        ("SM1", carrier_text(true, "in 000001", "received")),
        ("SM2", carrier_text(false, "out 000000", "delivered")),
    ];
    Evidence {
        acknowledged: BTreeSet::from(["SM0".to_owned()]),
        carrier: carrier.into_iter().map(|(sid, text)| (sid.to_owned(), text)).collect(),
        before_reconciliation: history(all.get(..1).unwrap()),
        settled: history(&all),
        flowed: Flowed {
            recoveries: vec![Duration::from_millis(300)],
            retries: 1,
            answers_lost: 0,
        },
        faults: 9,
        settled_after: Duration::from_secs(2),
    }
}

fn broken(change: impl FnOnce(&mut Evidence)) -> Vec<String> {
    let mut evidence = well();
    change(&mut evidence);
    Report::of(&PLAN, &evidence).broken()
}

#[test]
fn a_trial_that_went_well_is_good() {
    let report = Report::of(&PLAN, &well());
    assert!(report.is_good(), "{:?}", report.broken());
    assert_eq!(broken(|_| {}), Vec::<String>::new());
}

#[test]
fn an_acknowledged_text_that_only_reconciliation_brought_is_lost() {
    assert_eq!(
        broken(|evidence| evidence.before_reconciliation = History::default()),
        ["- acknowledged and lost: 1"]
    );
}

#[test]
fn a_text_that_is_not_there_or_there_twice_is_found() {
    let missing = broken(|evidence| evidence.settled.texts.retain(|_, text| text.body != "in 000001"));
    assert_eq!(missing, ["- missing in the end: 1"]);
    let twice = broken(|evidence| drop(evidence.settled.texts.insert("x".to_owned(), seen("in 000001", None))));
    assert_eq!(twice, ["- there twice: 1"]);
    assert_eq!(broken(|evidence| evidence.settled.repeated = 1), ["- there twice: 1"]);
}

#[test]
fn a_send_that_went_out_twice_is_found() {
    let twice = broken(|evidence| {
        drop(
            evidence
                .carrier
                .insert("SM3".to_owned(), carrier_text(false, "out 000000", "delivered")),
        )
    });
    assert_eq!(twice, ["- went out twice: 1"]);
}

#[test]
fn a_send_that_is_lost_or_doubled_or_vanished_is_found() {
    let lost = broken(|evidence| evidence.settled.texts.retain(|_, text| text.body != "out 000001"));
    assert_eq!(lost, ["- lost: 1", "- unresolved: on its way for good: 1"]);
    let doubled = broken(|evidence| drop(evidence.settled.texts.insert("x".to_owned(), seen("out 000000", Some("delivered")))));
    assert_eq!(doubled, ["- there twice: 1"]);
    let vanished = broken(|evidence| evidence.carrier.retain(|_, text| text.inbound));
    assert_eq!(vanished, ["- vanished: shown as taken, not at the carrier: 1"]);
}

#[test]
fn a_send_that_is_shown_otherwise_than_it_is_is_found() {
    let state = |state: &'static str| {
        move |evidence: &mut Evidence| {
            evidence
                .settled
                .texts
                .values_mut()
                .filter(|text| text.body == "out 000000")
                .for_each(|text| text.state = Some(state.to_owned()))
        }
    };
    assert_eq!(broken(state("refused")), ["- shown as refused, yet at the carrier: 1"]);
    assert_eq!(broken(state("undelivered")), ["- shown otherwise than the carrier says: 1"]);
    assert_eq!(broken(state("sent")), ["- unresolved: on its way for good: 1"]);
    let nobody_asked = broken(|evidence| evidence.settled.texts.values_mut().for_each(|text| text.in_attention = false));
    assert_eq!(nobody_asked, ["- unresolved: on its way for good: 1"]);
}

#[test]
fn a_trial_that_killed_nobody_proves_nothing() {
    assert_eq!(broken(|evidence| evidence.flowed.recoveries.clear()), ["kills: 0"]);
}
