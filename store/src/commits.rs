//! The nudges after commits: which organization has something new, without what. On PostgreSQL those of other nodes arrive
//! here too. Remembers the last number told per organization, so that a poll tells only what a lost wake-up left out.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use casewire_core::id::OrganizationId;
use tokio::sync::broadcast;

/// How many nudges a receiver may fall behind before it is told to look everywhere.
const BACKLOG: usize = 4096;

/// Organizations that have something new, with the number of their last event where one was written.
pub(crate) type News = BTreeMap<OrganizationId, Option<i64>>;

/// Where commits are told and heard.
#[derive(Clone)]
pub(crate) struct Commits {
    sender: broadcast::Sender<OrganizationId>,
    told: Arc<Mutex<HashMap<OrganizationId, i64>>>,
}

impl Commits {
    pub(crate) fn new() -> Self {
        Self {
            sender: broadcast::Sender::new(BACKLOG),
            told: Arc::default(),
        }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<OrganizationId> {
        self.sender.subscribe()
    }

    /// Tells what a commit left.
    pub(crate) fn tell_all(&self, news: &News) {
        for (organization, last_seq) in news {
            match last_seq {
                Some(last_seq) => self.tell_up_to(*organization, *last_seq),
                None => self.tell(*organization),
            }
        }
    }

    /// Tells a commit. Without a receiver there is nobody to tell.
    pub(crate) fn tell(&self, organization: OrganizationId) {
        drop(self.sender.send(organization));
    }

    /// Tells a commit that wrote events up to `last_seq`, unless that was told already.
    pub(crate) fn tell_up_to(&self, organization: OrganizationId, last_seq: i64) {
        if self.advance(organization, last_seq) {
            self.tell(organization);
        }
    }

    /// Takes note of a number without telling; whether it was news.
    pub(crate) fn advance(&self, organization: OrganizationId, last_seq: i64) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let known = told.entry(organization).or_insert(i64::MIN);
        let is_news = *known < last_seq;
        *known = (*known).max(last_seq);
        is_news
    }
}
