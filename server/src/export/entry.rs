//! One entry of an export: a text or a call as it stands in the case, with its times in UTC and in the zone of the export, and what
//! must be said beside it. What the JSON file has is what the other two are made of.

use std::collections::BTreeMap;

use casewire_core::id::NumberId;
use casewire_core::messaging::claims::StandingKind;
use casewire_core::time::Timestamp;
use casewire_core::view::{CallView, Direction, MediaView, MessageView, UserRef};
use casewire_store::items::Item;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

/// What all entries of an export share.
pub struct Setting {
    zone: TimeZone,
    zone_name: String,
    numbers: BTreeMap<NumberId, String>,
}

impl Setting {
    /// The zone by its IANA name, and the firm's numbers as people read them.
    #[must_use]
    pub fn new(zone_name: &str, numbers: BTreeMap<NumberId, String>) -> Option<Self> {
        Some(Self {
            zone: TimeZoneDatabase::bundled().get(zone_name).ok()?,
            zone_name: zone_name.to_owned(),
            numbers,
        })
    }

    /// The name of the zone.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// A time there, with its abbreviation and its distance from UTC.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> String {
        self.format(at, "%b %-d, %Y, %-I:%M:%S %p %Z (UTC%:z)")
    }

    fn iso(&self, at: Timestamp) -> String {
        self.format(at, "%Y-%m-%dT%H:%M:%S.%6f%:z")
    }

    fn format(&self, at: Timestamp, form: &str) -> String {
        jiff::Timestamp::from_microsecond(at.as_micros()).map_or_else(
            |_| at.to_string(),
            |time| time.to_zoned(self.zone.clone()).strftime(form).to_string(),
        )
    }
}

/// Who it is from or to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPerson {
    /// The contact.
    pub contact_id: Option<String>,
    /// Their name, or the number.
    pub name: String,
    /// Their role on the case then.
    pub role: Option<String>,
    /// Their number.
    pub number: String,
}

/// A user by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryUser {
    /// The user.
    pub id: String,
    /// Their name.
    pub name: String,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryAttachment {
    /// From 0.
    pub position: u32,
    /// Its MIME type.
    pub content_type: String,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number in the export, from 1.
    pub number: u64,
    /// The text or call.
    pub id: String,
    /// text or call.
    pub channel: String,
    /// inbound or outbound.
    pub direction: String,
    /// When, in UTC.
    pub at: String,
    /// When, in the zone of the export.
    pub at_local: String,
    /// The same for people.
    pub at_for_people: String,
    /// The zone.
    pub time_zone: String,
    /// Who it is from or to.
    pub person: EntryPerson,
    /// The firm's number.
    pub firm_number: Option<String>,
    /// Who wrote it, or spoke.
    pub agent: Option<EntryUser>,
    /// The text.
    pub body: Option<String>,
    /// How far a sent text got, or how a call ended.
    pub status: Option<String>,
    /// The carrier's error code.
    pub error_code: Option<u32>,
    /// The length of a call.
    pub duration_seconds: Option<u32>,
    /// Whether there is a recording of a call.
    pub has_recording: Option<bool>,
    /// The attachments of a text.
    pub attachments: Vec<EntryAttachment>,
    /// How it stands in the case.
    pub standing: Option<String>,
    /// Who claimed it.
    pub claimed_by: Option<EntryUser>,
    /// When, in UTC.
    pub claimed_at: Option<String>,
    /// The text that it answers.
    pub in_reply_to: Option<String>,
    /// What must be said beside it.
    pub notes: Vec<String>,
}

impl Entry {
    /// The entry of an item.
    #[must_use]
    pub fn of(number: u64, item: &Item, setting: &Setting) -> Self {
        match item {
            Item::Text(text) => of_text(number, text, setting),
            Item::Call(call) => of_call(number, call, setting),
        }
    }

    /// What it is, in two words.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match (self.channel.as_str(), self.direction.as_str()) {
            ("call", "inbound") => "Call received",
            ("call", _) => "Call made",
            (_, "inbound") => "Text received",
            (_, _) => "Text sent",
        }
    }

    /// "Jane Smith - Witness".
    #[must_use]
    pub fn person_line(&self) -> String {
        let EntryPerson { name, role, number, .. } = &self.person;
        let who = role
            .as_ref()
            .map_or_else(|| format!("{name} (role not recorded)"), |role| format!("{name} - {role}"));
        if who.contains(number.as_str()) {
            who
        } else {
            format!("{who}, {number}")
        }
    }

    /// The firm's side.
    #[must_use]
    pub fn firm_line(&self) -> String {
        match (&self.agent, &self.firm_number) {
            (Some(agent), Some(number)) => format!("{}, {number}", agent.name),
            (Some(agent), None) => agent.name.clone(),
            (None, Some(number)) => number.clone(),
            (None, None) => "the firm".to_owned(),
        }
    }
}

fn user(user: &UserRef) -> EntryUser {
    EntryUser {
        id: user.id.to_string(),
        name: user.name.clone(),
    }
}

fn of_text(number: u64, text: &MessageView, setting: &Setting) -> Entry {
    Entry {
        number,
        id: text.id.to_string(),
        channel: "text".to_owned(),
        direction: text.direction.as_str().to_owned(),
        at: text.at.to_string(),
        at_local: setting.iso(text.at),
        at_for_people: setting.local(text.at),
        time_zone: setting.zone_name.clone(),
        person: EntryPerson {
            contact_id: text.person.contact_id.map(|id| id.to_string()),
            name: text.person.name.clone(),
            role: text.person.role.clone(),
            number: text.person.number.clone(),
        },
        firm_number: text.number_id.and_then(|id| setting.numbers.get(&id).cloned()),
        agent: text.sent_by.as_ref().map(user),
        body: Some(text.body.clone()),
        status: text.state.map(|state| state.as_str().to_owned()),
        error_code: text.error_code,
        duration_seconds: None,
        has_recording: None,
        attachments: text.media.iter().map(attachment).collect(),
        standing: Some(text.standing.as_str().to_owned()),
        claimed_by: text.claim.as_ref().map(|claim| user(&claim.by)),
        claimed_at: text.claim.as_ref().map(|claim| claim.at.to_string()),
        in_reply_to: text.in_reply_to.map(|id| id.to_string()),
        notes: notes(text, setting),
    }
}

fn attachment(media: &MediaView) -> EntryAttachment {
    EntryAttachment {
        position: media.position,
        content_type: media.content_type.clone(),
    }
}

/// What must be said of a text: that it is offered only, who claimed it, that it was moved, that it is a clarifying reply.
fn notes(text: &MessageView, setting: &Setting) -> Vec<String> {
    let mut notes = Vec::new();
    match text.standing {
        StandingKind::Unclaimed => notes.push("Unclaimed: offered to this case, and owned by none.".to_owned()),
        StandingKind::Claimed => {
            let by = text
                .claim
                .as_ref()
                .map_or_else(String::new, |claim| format!(" by {} on {}", claim.by.name, setting.local(claim.at)));
            notes.push(format!("Claimed for this case{by}."));
        }
        StandingKind::Moved => notes.push("Moved to this case from another.".to_owned()),
        StandingKind::Routed | StandingKind::Personal | StandingKind::Unknown | StandingKind::Sent => {}
    }
    if text.is_clarifying {
        notes.push("Clarifying reply to an unclaimed text.".to_owned());
    }
    if let Some(keyword) = text.keyword {
        notes.push(format!("Keyword: {}.", keyword.as_str()));
    }
    for media in &text.media {
        notes.push(format!(
            "Attachment {}: {}; its file is not in this export.",
            media.position.saturating_add(1),
            media.content_type
        ));
    }
    notes
}

fn of_call(number: u64, call: &CallView, setting: &Setting) -> Entry {
    let minutes = format!("{}:{:02}", call.duration_seconds / 60, call.duration_seconds % 60);
    let mut notes = vec![format!("Duration {minutes}.")];
    if call.has_recording {
        notes.push("Recorded; the recording is not in this export.".to_owned());
    }
    Entry {
        number,
        id: call.id.to_string(),
        channel: "call".to_owned(),
        direction: match call.direction {
            Direction::Inbound => "inbound".to_owned(),
            Direction::Outbound => "outbound".to_owned(),
        },
        at: call.at.to_string(),
        at_local: setting.iso(call.at),
        at_for_people: setting.local(call.at),
        time_zone: setting.zone_name.clone(),
        person: EntryPerson {
            contact_id: call.person.contact_id.map(|id| id.to_string()),
            name: call.person.name.clone(),
            role: call.person.role.clone(),
            number: call.person.number.clone(),
        },
        firm_number: call.number_id.and_then(|id| setting.numbers.get(&id).cloned()),
        agent: call.user.as_ref().map(user),
        body: None,
        status: Some(call.status.clone()),
        error_code: None,
        duration_seconds: Some(call.duration_seconds),
        has_recording: Some(call.has_recording),
        attachments: Vec::new(),
        standing: None,
        claimed_by: None,
        claimed_at: None,
        in_reply_to: None,
        notes,
    }
}
