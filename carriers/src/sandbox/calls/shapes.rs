//! Legs, conferences, participants and recordings in Twilio's shape.

use serde_json::{Value, json};

use super::{Call, Chair, Room, RoomStanding, Tape, TapeState};
use crate::sandbox::answers::date;
use casewire_core::time::Timestamp;

pub(super) fn account_uri(account: &str, below: &str) -> String {
    format!("/2010-04-01/Accounts/{account}/{below}")
}

pub(super) fn call(call: &Call) -> Value {
    let uri = account_uri(&call.account_sid, &format!("Calls/{}", call.sid));
    json!({
        "account_sid": call.account_sid,
        "answered_by": null,
        "api_version": "2010-04-01",
        "caller_name": null,
        "date_created": date(call.created_at),
        "date_updated": date(call.updated_at),
        "direction": call.way.as_str(),
        "duration": call.ended_at.map(|_| call.seconds().to_string()),
        "end_time": call.ended_at.map(date),
        "forwarded_from": null,
        "from": call.from,
        "from_formatted": call.from,
        "group_sid": null,
        "parent_call_sid": call.parent,
        "phone_number_sid": null,
        "price": null,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": call.started_at.map(date),
        "status": call.standing.as_str(),
        "subresource_uris": {"recordings": format!("{uri}/Recordings.json")},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": null,
        "uri": format!("{uri}.json"),
    })
}

impl RoomStanding {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
        }
    }
}

pub(super) fn room(room: &Room) -> Value {
    let uri = account_uri(&room.account_sid, &format!("Conferences/{}", room.sid));
    json!({
        "account_sid": room.account_sid,
        "api_version": "2010-04-01",
        "call_sid_ending_conference": room.ended_by,
        "date_created": date(room.created_at),
        "date_updated": date(room.updated_at),
        "friendly_name": room.name,
        "reason_conference_ended": room.reason,
        "region": "us1",
        "sid": room.sid,
        "status": room.standing.as_str(),
        "subresource_uris": {
            "participants": format!("{uri}/Participants.json"),
            "recordings": format!("{uri}/Recordings.json"),
        },
        "uri": format!("{uri}.json"),
    })
}

pub(super) fn chair(room: &Room, chair: &Chair, call: Option<&Call>) -> Value {
    let uri = account_uri(
        &room.account_sid,
        &format!("Conferences/{}/Participants/{}.json", room.sid, chair.call_sid),
    );
    let status = match call.map(|call| call.standing.as_str()) {
        Some("in-progress") => "connected",
        Some("ringing") => "ringing",
        Some("queued") => "queued",
        Some(_) | None => "complete",
    };
    json!({
        "account_sid": room.account_sid,
        "call_sid": chair.call_sid,
        "call_sid_to_coach": chair.coached,
        "coaching": chair.coaching,
        "conference_sid": room.sid,
        "date_created": date(chair.created_at),
        "date_updated": date(chair.updated_at),
        "end_conference_on_exit": chair.end_on_exit,
        "hold": chair.held,
        "label": chair.label,
        "muted": chair.muted,
        "queue_time": "0",
        "start_conference_on_enter": chair.start_on_enter,
        "status": status,
        "uri": uri,
    })
}

/// Under which of Twilio's three addresses a recording is shown; each has some fields of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Under {
    Call,
    Conference,
    Account,
}

pub(super) fn tape(tape: &Tape, under: Under, now: Timestamp) -> Value {
    let account = &tape.account_sid;
    let plain = account_uri(account, &format!("Recordings/{}", tape.sid));
    let (status, ended) = match tape.state {
        TapeState::InProgress => ("in-progress", false),
        TapeState::Paused => ("paused", false),
        TapeState::Completed => ("completed", true),
        TapeState::Absent => ("absent", true),
    };
    let mut shown = json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "call_sid": tape.call_sid,
        "channels": if tape.dual { 2 } else { 1 },
        "conference_sid": tape.conference_sid,
        "date_created": date(tape.created_at),
        "date_updated": date(tape.updated_at),
        "duration": if ended { tape.seconds(now).to_string() } else { "-1".to_owned() },
        "encryption_details": null,
        "error_code": null,
        "price": null,
        "price_unit": "USD",
        "sid": tape.sid,
        "source": tape.source,
        "start_time": date(tape.created_at),
        "status": status,
    });
    let own = match under {
        Under::Call => {
            let call = tape.call_sid.as_deref().unwrap_or_default();
            let uri = account_uri(account, &format!("Calls/{call}/Recordings/{}.json", tape.sid));
            json!({"track": tape.track, "uri": uri})
        }
        Under::Conference => {
            let room = tape.conference_sid.as_deref().unwrap_or_default();
            json!({"uri": account_uri(account, &format!("Conferences/{room}/Recordings/{}.json", tape.sid))})
        }
        Under::Account => json!({"uri": format!("{plain}.json"), "media_url": plain, "subresource_uris": {}}),
    };
    if let (Some(shown), Value::Object(own)) = (shown.as_object_mut(), own) {
        shown.extend(own);
    }
    shown
}
