//! What goes over a live socket: events, made into text once and shared by all sockets, and the few frames about the stream
//! itself. One JSON object per text frame; `docs/api.md` describes them for clients.

use axum::extract::ws::Utf8Bytes;
use casewire_core::event::{Audience, Event};
use casewire_core::id::UserId;
use casewire_core::time::Timestamp;
use casewire_store::events::StoredEvent;
use serde::Serialize;

/// An event as it is sent.
#[derive(Clone)]
pub struct Frame {
    /// Its number.
    pub seq: i64,
    /// When it was committed.
    pub at: Timestamp,
    /// Who may read it.
    pub audience: Audience,
    /// Whose rights it says have changed.
    access_change: AccessChange,
    /// `{"seq":…,"at":…,"type":…,…}`
    pub text: Utf8Bytes,
}

impl Frame {
    /// The frame of a stored event. The payload is JSON already; number and time are put before its members.
    #[must_use]
    pub fn of(event: &StoredEvent) -> Self {
        let (seq, at) = (event.seq, event.at);
        let text = match event.payload.strip_prefix('{') {
            Some(members) => format!(r#"{{"seq":{seq},"at":"{at}",{members}"#),
            // The log holds objects only. Were it otherwise, the type alone still tells a client to read anew.
            None => format!(r#"{{"seq":{seq},"at":"{at}","type":"{}"}}"#, event.kind),
        };
        Self {
            seq,
            at,
            audience: event.audience,
            access_change: AccessChange::of(event),
            text: text.into(),
        }
    }
}

impl Frame {
    /// Whether it tells this user that their rights changed.
    #[must_use]
    pub fn tells_of_access(&self, user: UserId) -> bool {
        match self.access_change {
            AccessChange::Nobody => false,
            AccessChange::One(one) => one == user,
            AccessChange::Many => true,
        }
    }
}

/// Whose rights an event says have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AccessChange {
    Nobody,
    One(UserId),
    Many,
}

impl AccessChange {
    fn of(event: &StoredEvent) -> Self {
        if event.kind != ACCESS_CHANGED {
            return Self::Nobody;
        }
        match serde_json::from_str(&event.payload) {
            Ok(Event::AccessChanged { user_id: Some(user) }) => Self::One(user),
            Ok(Event::AccessChanged { user_id: None }) => Self::Many,
            Ok(_) | Err(_) => Self::Nobody,
        }
    }
}

/// The word of `Event::AccessChanged`.
const ACCESS_CHANGED: &str = "access_changed";

/// Whether an event of this type may change who reads what: rights, teams and walls, who is on a case, who is assigned.
#[must_use]
pub fn changes_rights(kind: &str) -> bool {
    matches!(
        kind,
        ACCESS_CHANGED | "case_changed" | "case_contact_added" | "case_contact_removed"
    )
}

/// A frame about the stream itself; it has no number.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Control {
    /// The first frame: the number of the newest event, and after which one this stream goes on.
    Hello {
        /// The newest event.
        head: i64,
        /// The stream has every event after this one that the reader may see.
        seq: i64,
    },
    /// What was asked for cannot be resumed: read everything anew; the stream goes on after `head`.
    Reset {
        /// The newest event.
        head: i64,
    },
    /// Everything up to `head` that the reader may see has been sent: resume from there.
    Head {
        /// Where to resume.
        head: i64,
    },
    /// The reader's rights changed without an event of that: read everything anew.
    AccessChanged,
}

impl Control {
    /// The frame's text.
    #[must_use]
    pub fn text(self) -> Utf8Bytes {
        // A derived serialisation of integers into a string cannot fail; an empty object would be ignored by a client.
        serde_json::to_string(&self).unwrap_or_else(|_| "{}".to_owned()).into()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn number_and_time_stand_before_the_members_of_the_event() {
        let event = Event::AccessChanged { user_id: None };
        let stored = StoredEvent {
            seq: 7,
            at: Timestamp::from_micros(1_769_506_200_000_001),
            kind: event.type_str().to_owned(),
            audience: Audience::Everyone,
            payload: serde_json::to_string(&event).unwrap(),
        };
        let frame = Frame::of(&stored);
        assert!(frame.tells_of_access(casewire_store::mint()), "many are everybody");
        let json: serde_json::Value = serde_json::from_str(&frame.text).unwrap();
        let expected = serde_json::json!({"seq": 7, "at": "2026-01-27T09:30:00.000001Z", "type": "access_changed", "user_id": null});
        assert_eq!(json, expected);
    }

    #[test]
    fn controls_are_written_as_clients_expect_them() {
        assert_eq!(&*Control::Hello { head: 9, seq: 4 }.text(), r#"{"type":"hello","head":9,"seq":4}"#);
        assert_eq!(&*Control::Reset { head: 9 }.text(), r#"{"type":"reset","head":9}"#);
        assert_eq!(&*Control::Head { head: 9 }.text(), r#"{"type":"head","head":9}"#);
        assert_eq!(&*Control::AccessChanged.text(), r#"{"type":"access_changed"}"#);
    }
}
