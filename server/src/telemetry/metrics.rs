//! What is counted, for Prometheus. Labels are route templates, states and words of ours: never an id, a number or a name.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use casewire_core::id::OrganizationId;
use casewire_core::time::Timestamp;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::live::Gauges;

/// Seconds, from a millisecond to ten seconds.
const BOUNDS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: Arc<str>,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Webhook {
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Done {
    job: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Alarm {
    code: &'static str,
}

/// What the auditor found in an organization.
struct Looked {
    count: u64,
    at: Timestamp,
}

/// Every counter of the process.
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    latency: Family<Route, Histogram, fn() -> Histogram>,
    webhooks: Family<Webhook, Counter>,
    jobs: Family<Done, Counter>,
    audit_broken: Counter,
    /// What live delivery counts.
    pub live: Gauges,
    orphans: Gauge<u64, AtomicU64>,
    orphans_of: Mutex<HashMap<OrganizationId, Looked>>,
    orphans_found: Counter,
    call_alarms: Family<Alarm, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("casewire"),
            requests: Family::default(),
            latency: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            webhooks: Family::default(),
            jobs: Family::default(),
            audit_broken: Counter::default(),
            live: Gauges::default(),
            orphans: Gauge::default(),
            orphans_of: Mutex::default(),
            orphans_found: Counter::default(),
            call_alarms: Family::default(),
        };
        let registry = &mut metrics.registry;
        registry.register(
            "requests",
            "Requests answered, by route template and status",
            metrics.requests.clone(),
        );
        registry.register(
            "request_seconds",
            "How long requests took, by route template",
            metrics.latency.clone(),
        );
        registry.register("webhooks", "Carrier webhooks, by kind and outcome", metrics.webhooks.clone());
        registry.register("jobs", "Jobs done, by job and outcome", metrics.jobs.clone());
        registry.register(
            "audit_breaks",
            "Looks at the audit that found it broken",
            metrics.audit_broken.clone(),
        );
        metrics.live.register(registry);
        registry.register(
            "orphans",
            "Texts with nobody to see them: the sum over the organizations that this node looked at in the last minutes",
            metrics.orphans.clone(),
        );
        registry.register(
            "orphans_found",
            "Cases and texts that the auditor found marked wrongly, and had judged anew",
            metrics.orphans_found.clone(),
        );
        registry.register(
            "call_alarms",
            "What a carrier did not do that a call asked of it, such as muting a supervisor",
            metrics.call_alarms.clone(),
        );
        metrics
    }
}

impl Metrics {
    /// A request was answered. `route` is the template, such as `/api/cases/{mycase_case_id}`.
    pub fn request(&self, method: &'static str, route: &Arc<str>, status: u16, took: Duration) {
        self.requests
            .get_or_create(&Request {
                method,
                route: route.clone(),
                status,
            })
            .inc();
        self.latency
            .get_or_create(&Route { route: route.clone() })
            .observe(took.as_secs_f64());
    }

    /// A carrier's webhook was answered: `text` or `status`, and such as `routed`, `duplicate`, `wrong_signature`.
    pub fn webhook(&self, kind: &'static str, outcome: &'static str) {
        self.webhooks.get_or_create(&Webhook { kind, outcome }).inc();
    }

    /// A carrier did not do what a call asked of it.
    pub fn call_alarm(&self, code: &'static str) {
        self.call_alarms.get_or_create(&Alarm { code }).inc();
    }

    /// A job was done, put off or given up.
    pub fn job(&self, job: &'static str, outcome: &'static str) {
        self.jobs.get_or_create(&Done { job, outcome }).inc();
    }

    /// The audit was found broken.
    pub fn audit_broken(&self) {
        self.audit_broken.inc();
    }

    /// What the auditor found in one organization. The gauge is the sum of all: what was found longer ago than `good_for` is not in it,
    /// for another node has looked since.
    pub fn orphans(&self, organization: OrganizationId, count: u64, at: Timestamp, good_for: Duration) {
        let mut all = self.orphans_of.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(organization, Looked { count, at });
        all.retain(|_, looked| at.since(looked.at) <= good_for);
        self.orphans.set(all.values().map(|looked| looked.count).sum());
    }

    /// What the auditor found marked wrongly.
    pub fn orphans_found(&self, count: u64) {
        self.orphans_found.inc_by(count);
    }

    /// Everything in the text format of Prometheus.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        match text::encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(std::fmt::Error) => String::new(),
        }
    }
}
