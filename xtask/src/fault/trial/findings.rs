//! What must hold after a trial, decided from values alone: what handsets wrote and was acknowledged, what the firm sees, what the
//! carrier has. Read [`Report::of`] first.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::flow::Flowed;
use crate::history::{History, Seen};
use crate::outside::CarrierText;
use crate::plan::{Plan, inbound_marker, send_marker};

/// What a trial left behind.
pub(crate) struct Evidence {
    /// The carrier's ids of the inbound texts that were acknowledged to it.
    pub acknowledged: BTreeSet<String>,
    /// What the carrier has, by its ids.
    pub carrier: BTreeMap<String, CarrierText>,
    /// What the firm saw before the server was shown the carrier's list.
    pub before_reconciliation: History,
    /// What the firm saw at last.
    pub settled: History,
    /// What happened.
    pub flowed: Flowed,
    /// How often the carrier misbehaved.
    pub faults: u64,
    /// How long it took until nothing was on its way.
    pub settled_after: Duration,
}

/// A line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What was counted.
    pub what: &'static str,
    /// How many, or how long.
    pub value: String,
    /// Whether it breaks what is promised.
    pub is_broken: bool,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Line by line; the same lines for every trial.
    pub lines: Vec<Line>,
}

impl Report {
    /// Compares.
    pub(crate) fn of(plan: &Plan, evidence: &Evidence) -> Self {
        let mut report = Self::default();
        report.inbound(plan, evidence);
        report.sends(plan, evidence);
        report.restarts(plan, evidence);
        report
    }

    /// Whether nothing is broken.
    #[must_use]
    pub fn is_good(&self) -> bool {
        !self.lines.iter().any(|line| line.is_broken)
    }

    /// The lines that are broken, in words.
    #[must_use]
    pub fn broken(&self) -> Vec<String> {
        let broken = self.lines.iter().filter(|line| line.is_broken);
        broken.map(|line| format!("{}: {}", line.what, line.value)).collect()
    }

    fn tell(&mut self, what: &'static str, value: String) {
        self.lines.push(Line {
            what,
            value,
            is_broken: false,
        });
    }

    fn count(&mut self, what: &'static str, count: usize) {
        self.tell(what, count.to_string());
    }

    fn must_be(&mut self, expected: usize, what: &'static str, count: usize) {
        self.lines.push(Line {
            what,
            value: count.to_string(),
            is_broken: count != expected,
        });
    }

    fn none(&mut self, what: &'static str, count: usize) {
        self.must_be(0, what, count);
    }

    fn inbound(&mut self, plan: &Plan, evidence: &Evidence) {
        let acknowledged: BTreeSet<&str> = evidence
            .acknowledged
            .iter()
            .filter_map(|sid| evidence.carrier.get(sid))
            .map(|text| text.body.as_str())
            .collect();
        let written: Vec<String> = (0..plan.inbound).map(inbound_marker).collect();
        let (before, after) = (evidence.before_reconciliation.by_body(), evidence.settled.by_body());
        let copies = |seen: &BTreeMap<&str, Vec<&Seen>>, marker: &str| seen.get(marker).map_or(0, Vec::len);
        let unacknowledged = || written.iter().filter(|marker| !acknowledged.contains(marker.as_str()));
        self.must_be(
            plan.inbound,
            "texts that handsets wrote",
            evidence.carrier.values().filter(|text| text.inbound).count(),
        );
        self.count("- acknowledged", acknowledged.len());
        self.count("- never acknowledged", unacknowledged().count());
        self.count(
            "  - taken in by reconciliation",
            unacknowledged()
                .filter(|marker| copies(&before, marker) == 0 && copies(&after, marker) > 0)
                .count(),
        );
        self.none(
            "- acknowledged and lost",
            acknowledged.iter().filter(|marker| copies(&before, marker) == 0).count(),
        );
        self.none(
            "- missing in the end",
            written.iter().filter(|marker| copies(&after, marker) == 0).count(),
        );
        let twice = |seen: &BTreeMap<&str, Vec<&Seen>>| written.iter().filter(|marker| copies(seen, marker) > 1).count();
        self.none("- there twice", twice(&before).max(twice(&after)) + evidence.settled.repeated);
    }

    fn sends(&mut self, plan: &Plan, evidence: &Evidence) {
        let markers: Vec<String> = (0..plan.sends).map(send_marker).collect();
        let mut at_carrier: BTreeMap<&str, Vec<&CarrierText>> = BTreeMap::new();
        for text in evidence.carrier.values().filter(|text| !text.inbound) {
            at_carrier.entry(&text.body).or_default().push(text);
        }
        let here = evidence.settled.by_body();
        let judged: Vec<Judged> = markers
            .iter()
            .map(|marker| {
                let here = here.get(marker.as_str()).map_or(&[][..], Vec::as_slice);
                let there = at_carrier.get(marker.as_str()).map_or(&[][..], Vec::as_slice);
                Judged::of(here, there)
            })
            .collect();
        let how_many = |is: fn(&Judged) -> bool| judged.iter().filter(|judged| is(judged)).count();
        self.count("sends that the API acknowledged", markers.len());
        self.count("- delivered", how_many(|judged| judged.state == State::Delivered));
        self.count(
            "- undelivered, as the carrier told",
            how_many(|judged| judged.state == State::Undelivered),
        );
        self.count("- refused by the carrier", how_many(|judged| judged.state == State::Refused));
        self.count(
            "- outcome unknown, in \"Needs attention\"",
            how_many(|judged| judged.state == State::Asked),
        );
        self.count(
            "  - of these at the carrier",
            how_many(|judged| judged.state == State::Asked && judged.carrier_has == 1),
        );
        self.none("- went out twice", how_many(|judged| judged.carrier_has > 1));
        self.none("- lost", how_many(|judged| judged.firm_has == 0));
        self.none("- there twice", how_many(|judged| judged.firm_has > 1));
        self.none(
            "- vanished: shown as taken, not at the carrier",
            how_many(|judged| judged.is_taken() && judged.carrier_has == 0),
        );
        self.none(
            "- shown as refused, yet at the carrier",
            how_many(|judged| judged.state == State::Refused && judged.carrier_has > 0),
        );
        self.none("- shown otherwise than the carrier says", how_many(|judged| judged.is_misreported));
        self.none("- unresolved: on its way for good", how_many(|judged| judged.state == State::Open));
    }

    fn restarts(&mut self, plan: &Plan, evidence: &Evidence) {
        let Flowed {
            recoveries,
            retries,
            answers_lost,
        } = &evidence.flowed;
        self.must_be(plan.kills, "kills", recoveries.len());
        let mut sorted = recoveries.clone();
        sorted.sort_unstable();
        let seconds =
            |duration: Option<&Duration>| duration.map_or_else(|| "-".to_owned(), |duration| format!("{:.2} s", duration.as_secs_f64()));
        self.tell("- ready again after, median", seconds(sorted.get(sorted.len() / 2)));
        self.tell("- ready again after, longest", seconds(sorted.last()));
        self.tell("times that the carrier misbehaved", evidence.faults.to_string());
        self.tell("sends tried again by their clients", retries.to_string());
        self.tell("sends done before a crash, their answer lost", answers_lost.to_string());
        self.tell("all settled after", seconds(Some(&evidence.settled_after)));
    }
}

/// How far a send got, as the firm sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Delivered,
    Undelivered,
    Refused,
    /// Nobody knows, and a person has been asked.
    Asked,
    /// Still on its way, or unknown and nobody was asked.
    Open,
}

/// One send, compared.
struct Judged {
    firm_has: usize,
    carrier_has: usize,
    state: State,
    is_misreported: bool,
}

impl Judged {
    fn of(here: &[&Seen], there: &[&CarrierText]) -> Self {
        let seen = here.first();
        let state = match seen.and_then(|seen| seen.state.as_deref()) {
            Some("delivered" | "read") => State::Delivered,
            Some("undelivered" | "failed" | "canceled") => State::Undelivered,
            Some("refused") => State::Refused,
            Some("unknown") if seen.is_some_and(|seen| seen.in_attention) => State::Asked,
            _ => State::Open,
        };
        let told = there.first().map(|text| text.status.as_str());
        let is_misreported = match state {
            State::Delivered => told.is_some_and(|told| told != "delivered"),
            State::Undelivered => told.is_some_and(|told| told == "delivered"),
            State::Refused | State::Asked | State::Open => false,
        };
        Self {
            firm_has: here.len(),
            carrier_has: there.len(),
            state,
            is_misreported,
        }
    }

    fn is_taken(&self) -> bool {
        matches!(self.state, State::Delivered | State::Undelivered)
    }
}

#[cfg(test)]
#[path = "findings_tests.rs"]
mod tests;
