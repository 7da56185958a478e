//! Documents for calls (TwiML) as the sandbox carries them out. A verb, a noun or an attribute's value that Twilio does not know is
//! refused, for Twilio would drop the call over it.

use std::time::Duration;

use super::Watch;
use super::markup::{self, Node};

/// What a leg does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verb {
    /// Hears something: a text or an address.
    Hear(String),
    Pause(Duration),
    Conference(Box<Join>),
    Dial(Box<Dial>),
    Record(Box<Take>),
    Redirect(String),
    Reject {
        busy: bool,
    },
    Hangup,
}

/// How a leg enters a conference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Join {
    pub name: String,
    pub label: Option<String>,
    pub muted: bool,
    /// The leg that alone shall hear it.
    pub coach: Option<String>,
    pub start_on_enter: bool,
    pub end_on_exit: bool,
    pub most: Option<usize>,
    pub watch: Option<Watch>,
    /// A recording of the whole conference, and where its status goes.
    pub record: Option<Option<Watch>>,
    pub action: Option<String>,
    /// A recording of this leg, and where its status goes.
    pub record_leg: Option<Taping>,
}

/// A recording that a document asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Taping {
    pub dual: bool,
    pub watch: Option<Watch>,
}

/// Phones that ring at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dial {
    pub phones: Vec<(String, Option<Watch>)>,
    pub caller_id: Option<String>,
    pub timeout: Duration,
    pub action: Option<String>,
    pub record: Option<Taping>,
}

/// A message to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Take {
    pub action: Option<String>,
    pub longest: Duration,
    pub finish_on: String,
    pub watch: Option<Watch>,
}

/// The verbs of a document.
pub(super) fn read(text: &str) -> Option<Vec<Verb>> {
    let root = markup::read(text)?;
    (root.name == "Response").then_some(())?;
    root.children.iter().map(verb).collect()
}

fn verb(node: &Node) -> Option<Verb> {
    let text = || node.text.trim().to_owned();
    Some(match node.name.as_str() {
        "Play" if node.attribute("digits").is_some() => Verb::Hear(node.attribute("digits").unwrap_or_default().to_owned()),
        "Say" | "Play" => Verb::Hear(text()),
        "Pause" => Verb::Pause(seconds(node, "length", 1)?),
        "Redirect" => Verb::Redirect(text()),
        "Hangup" => Verb::Hangup,
        "Reject" => Verb::Reject {
            busy: match node.attribute("reason") {
                None | Some("rejected") => false,
                Some("busy") => true,
                Some(_) => return None,
            },
        },
        "Record" => Verb::Record(Box::new(Take {
            action: node.attribute("action").map(str::to_owned),
            longest: seconds(node, "maxLength", 3600)?,
            finish_on: node.attribute("finishOnKey").unwrap_or("1234567890*#").to_owned(),
            watch: watch(node, "recordingStatusCallback", "completed"),
        })),
        "Dial" => return dial(node),
        _ => return None,
    })
}

fn dial(node: &Node) -> Option<Verb> {
    let action = node.attribute("action").map(str::to_owned);
    let record = match node.attribute("record") {
        None | Some("do-not-record" | "false") => None,
        Some(how @ ("record-from-answer" | "record-from-ringing" | "record-from-answer-dual" | "record-from-ringing-dual" | "true")) => {
            Some(Taping {
                dual: how.ends_with("dual"),
                watch: watch(node, "recordingStatusCallback", "completed"),
            })
        }
        Some(_) => return None,
    };
    if let [room] = node.children.as_slice()
        && room.name == "Conference"
    {
        let join = Join {
            action,
            record_leg: record,
            ..conference(room)?
        };
        return Some(Verb::Conference(Box::new(join)));
    }
    let mut phones: Vec<(String, Option<Watch>)> = node.children.iter().map(phone).collect::<Option<_>>()?;
    let plain = node.text.trim();
    if !plain.is_empty() {
        phones.push((plain.to_owned(), None));
    }
    (!phones.is_empty()).then_some(())?;
    Some(Verb::Dial(Box::new(Dial {
        phones,
        caller_id: node.attribute("callerId").map(str::to_owned),
        timeout: seconds(node, "timeout", 30)?,
        action,
        record,
    })))
}

fn phone(node: &Node) -> Option<(String, Option<Watch>)> {
    let watch = watch(node, "statusCallback", "completed");
    let named = match node.name.as_str() {
        "Number" => node.text.trim().to_owned(),
        "Client" => {
            let identity = node.children.iter().find(|child| child.name == "Identity");
            format!("client:{}", identity.unwrap_or(node).text.trim())
        }
        _ => return None,
    };
    Some((named, watch))
}

fn conference(node: &Node) -> Option<Join> {
    let flag = |name: &str, usual: bool| match node.attribute(name) {
        None => Some(usual),
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => None,
    };
    let record = match node.attribute("record") {
        None | Some("do-not-record") => None,
        Some("record-from-start") => Some(watch(node, "recordingStatusCallback", "completed")),
        Some(_) => return None,
    };
    let name = node.text.trim();
    (!name.is_empty()).then_some(())?;
    Some(Join {
        name: name.to_owned(),
        label: node.attribute("participantLabel").map(str::to_owned),
        muted: flag("muted", false)?,
        coach: node.attribute("coach").filter(|sid| !sid.is_empty()).map(str::to_owned),
        start_on_enter: flag("startConferenceOnEnter", true)?,
        end_on_exit: flag("endConferenceOnExit", false)?,
        most: node.attribute("maxParticipants").and_then(|most| most.parse().ok()),
        watch: watch(node, "statusCallback", ""),
        record,
        action: None,
        record_leg: None,
    })
}

fn seconds(node: &Node, name: &str, usual: u64) -> Option<Duration> {
    let number = match node.attribute(name) {
        Some(text) => text.parse().ok()?,
        None => usual,
    };
    Some(Duration::from_secs(number))
}

/// An address for callbacks and the events for which they come; in a document these stand in one attribute.
fn watch(node: &Node, name: &str, usual: &str) -> Option<Watch> {
    let url = node.attribute(name).filter(|url| !url.is_empty())?;
    let events = node.attribute(&format!("{name}Event")).unwrap_or(usual);
    Some(Watch {
        url: url.to_owned(),
        events: events.split_whitespace().map(str::to_owned).collect(),
    })
}
