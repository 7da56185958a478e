//! What the sandbox knows: texts in the order in which they were created, who has opted out of which number, faults, recorded
//! requests. Every change of a text goes through [`World::put`], which keeps the journal.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::io;
use std::path::Path;

use casewire_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::calls::{Call, Exchange, Tape};
use super::deliveries::Post;
use super::faults::Faults;
use super::journal::{Entry, Journal};
use super::record::Requests;

/// Which way a text went, in Twilio's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Way {
    Inbound,
    OutboundApi,
    OutboundReply,
}

/// Where a text is, in Twilio's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Queued,
    Sent,
    Delivered,
    Undelivered,
    Failed,
    Canceled,
    Received,
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Received => "received",
        }
    }

    /// Whether nothing more happens to the text.
    pub(super) fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Sent => false,
            Self::Delivered | Self::Undelivered | Self::Failed | Self::Canceled | Self::Received => true,
        }
    }
}

/// Something attached to a text: bytes that the sandbox holds, or an address to which it sends on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MediaItem {
    pub sid: String,
    pub content_type: String,
    pub source: MediaSource,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MediaSource {
    /// Base64.
    Held(String),
    At(String),
}

/// A text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    pub sid: String,
    pub account_sid: String,
    pub way: Way,
    pub from: String,
    pub to: String,
    pub body: String,
    pub media: Vec<MediaItem>,
    pub status: Status,
    pub error_code: Option<u32>,
    pub status_callback: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

/// All that the sandbox knows.
pub(super) struct World {
    messages: BTreeMap<u64, Message>,
    by_sid: HashMap<String, u64>,
    next: u64,
    /// Firm's number and handset: the handset wants no texts from the number.
    blocks: BTreeSet<(String, String)>,
    /// Calls, conferences and recordings.
    pub exchange: Exchange,
    /// Webhooks about one leg, conference or recording that wait for the one before.
    pub lanes: HashMap<String, VecDeque<Post>>,
    pub faults: Faults,
    pub requests: Requests,
    journal: Option<Journal>,
}

impl World {
    /// An empty world, or the one of the journal.
    pub(super) fn open(persist: Option<&Path>) -> io::Result<Self> {
        let mut world = Self {
            messages: BTreeMap::new(),
            by_sid: HashMap::new(),
            next: 0,
            blocks: BTreeSet::new(),
            exchange: Exchange::default(),
            lanes: HashMap::new(),
            faults: Faults::default(),
            requests: Requests::default(),
            journal: None,
        };
        if let Some(path) = persist {
            let (journal, entries) = Journal::open(path)?;
            for entry in entries {
                world.apply(entry);
            }
            world.journal = Some(journal);
        }
        Ok(world)
    }

    fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Message(message) => {
                let place = self.by_sid.get(&message.sid).copied().unwrap_or_else(|| {
                    self.next += 1;
                    self.next
                });
                self.by_sid.insert(message.sid.clone(), place);
                self.messages.insert(place, *message);
            }
            Entry::Call(call) => self.exchange.put_call(*call),
            Entry::Tape(tape) => self.exchange.put_tape(*tape),
            Entry::Deleted { sid } => {
                self.exchange.forget(&sid);
                if let Some(place) = self.by_sid.remove(&sid) {
                    self.messages.remove(&place);
                }
            }
            Entry::Blocked { number, handset } => {
                self.blocks.insert((number, handset));
            }
            Entry::Unblocked { number, handset } => {
                self.blocks.remove(&(number, handset));
            }
        }
    }

    fn change(&mut self, entry: Entry) {
        if let Some(journal) = &mut self.journal {
            journal.write(&entry);
        }
        self.apply(entry);
    }

    /// Stores a text as it is now.
    pub(super) fn put(&mut self, message: Message) {
        self.change(Entry::Message(Box::new(message)));
    }

    /// Keeps a leg that is over.
    pub(super) fn keep_call(&mut self, call: Call) {
        self.change(Entry::Call(Box::new(call)));
    }

    /// Keeps a recording that is complete.
    pub(super) fn keep_tape(&mut self, tape: Tape) {
        self.change(Entry::Tape(Box::new(tape)));
    }

    pub(super) fn delete(&mut self, sid: &str) {
        self.change(Entry::Deleted { sid: sid.to_owned() });
    }

    pub(super) fn block(&mut self, number: &str, handset: &str) {
        self.change(Entry::Blocked {
            number: number.to_owned(),
            handset: handset.to_owned(),
        });
    }

    pub(super) fn unblock(&mut self, number: &str, handset: &str) {
        self.change(Entry::Unblocked {
            number: number.to_owned(),
            handset: handset.to_owned(),
        });
    }

    pub(super) fn is_blocked(&self, number: &str, handset: &str) -> bool {
        self.blocks.contains(&(number.to_owned(), handset.to_owned()))
    }

    pub(super) fn message(&self, sid: &str) -> Option<&Message> {
        self.messages.get(self.by_sid.get(sid)?)
    }

    /// The texts of an account, newest first, from the one after `after` on.
    pub(super) fn newest_first<'a>(&'a self, account: &'a str, after: Option<&str>) -> impl Iterator<Item = &'a Message> {
        let before = match after {
            Some(sid) => self.by_sid.get(sid).copied().unwrap_or(0),
            None => u64::MAX,
        };
        self.messages
            .range(..before)
            .rev()
            .map(|(_, message)| message)
            .filter(move |message| message.account_sid == account)
    }

    /// All texts, oldest first.
    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }
}
