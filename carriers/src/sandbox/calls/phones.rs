//! What a person does at a phone, by JSON; a handset is named by its number, a browser by `client:<identity>`. The routes stand in
//! [`routes`], each with what it takes and gives.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::life::NewCall;
use super::rooms::Leave;
use super::{Call, Desk, Doing, OnAnswer, RoomStanding, Standing, Watch, Way};
use crate::sandbox::Shared;
use crate::sandbox::handsets::{Refused, Sandbox, read, refused, sender};

/// The longest message that is spoken at once.
const LONGEST_MESSAGE: u32 = 3600;

/// The routes:
/// - `GET /handsets/{phone}/calls`: its calls, newest last: `sid`, `direction` (`incoming`, `outgoing`), `with`, `status`
///   (`ringing`, `in-progress`, …), `heard` (what was played to it), `keys`, `records` (whether the machine listens), `conference`
///   (`name`, `muted`, `held`, `coaching`) or null, `hints`, `at`.
/// - `POST /handsets/{phone}/calls` `{"to": firm's number}`, or for a browser `{"application": "AP…", "params": {…}}`: calls.
/// - `POST /handsets/{phone}/calls/{sid}/answer`, `…/decline`, `…/hang-up`, each `{}`; `…/digits` `{"digits": "12#"}`; `…/voicemail`
///   `{"seconds": 12}` speaks to the machine for so long and hangs up. Each answers with the call as it is then.
#[expect(clippy::disallowed_methods, reason = "the sandbox's own table of routes")]
pub(in crate::sandbox) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/handsets/{phone}/calls", get(list).post(place))
        .route("/handsets/{phone}/calls/{sid}/{act}", axum::routing::post(act))
        .route("/conferences", get(conferences))
}

/// The address at which a number's documents are fetched, if it has one.
#[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
pub(in crate::sandbox) fn voice_url(shared: &Shared, number: &str) -> Option<String> {
    let changed = shared.world().exchange.voice_urls.get(number).cloned();
    changed.or_else(|| {
        let mut numbers = shared.calls.numbers.iter();
        let known = numbers.find(|voice| voice.number.expose() == number);
        known.map(|voice| voice.voice_url.clone())
    })
}

/// The address at which it is told that a call to a number is over, if it has one.
#[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
pub(in crate::sandbox) fn status_url(shared: &Shared, number: &str) -> Option<String> {
    let mut numbers = shared.calls.numbers.iter();
    numbers
        .find(|voice| voice.number.expose() == number)
        .map(|voice| voice.status_url.clone())
}

async fn list(State(shared): Sandbox, Path(phone): Path<String>) -> Result<Json<Value>, Refused> {
    let phone = sender(&phone)?;
    let desk = Desk::open(&shared);
    let calls = desk.world.exchange.calls.values().filter(|call| call.phone() == phone);
    let calls: Vec<Value> = calls.map(|call| shown(&desk, call)).collect();
    Ok(Json(json!({"handset": phone, "calls": calls})))
}

fn shown(desk: &Desk<'_>, call: &Call) -> Value {
    let mut rooms = desk.world.exchange.rooms.values().rev();
    let room = rooms.find(|room| room.chair(&call.sid).is_some_and(|chair| chair.inside));
    let seat = room.and_then(|room| room.chair(&call.sid).map(|chair| (room, chair)));
    json!({
        "sid": call.sid,
        "direction": if call.way == Way::Inbound { "outgoing" } else { "incoming" },
        "with": call.firm(),
        "status": call.standing.as_str(),
        "heard": call.heard,
        "keys": call.keys,
        "records": matches!(call.live.doing, Doing::Taking { .. }),
        "conference": seat.map(|(room, chair)| json!({
            "name": room.name, "muted": chair.muted, "held": chair.held, "coaching": chair.coaching,
        })),
        "hints": call.params.iter().cloned().collect::<BTreeMap<_, _>>(),
        "at": call.started_at.unwrap_or(call.created_at),
        "ended_at": call.ended_at,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallRequest {
    to: Option<String>,
    application: Option<String>,
    #[serde(default)]
    params: BTreeMap<String, String>,
}

/// Plays the browsers of a trial without sound: what Twilio's library would do in each, the sandbox does.
#[derive(Clone)]
pub struct SilentBrowsers(pub(in crate::sandbox) Arc<Shared>);

/// The sandbox does not let a browser dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sandbox does not let that browser dial")]
pub struct CannotDial;

impl SilentBrowsers {
    /// A browser dials through an application, and sends hints along.
    ///
    /// # Errors
    /// [`CannotDial`], such as where there is no such application.
    pub fn dial(&self, identity: &str, application: &str, hints: &[(String, String)]) -> Result<(), CannotDial> {
        let request = CallRequest {
            to: None,
            application: Some(application.to_owned()),
            params: hints.iter().cloned().collect(),
        };
        dial(&self.0, &format!("client:{identity}"), request)
            .map(drop)
            .map_err(|_| CannotDial)
    }
}

async fn place(
    State(shared): Sandbox,
    Path(phone): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refused> {
    let phone = sender(&phone)?;
    let request: CallRequest = read(&headers, &body)?;
    dial(&shared, phone, request).map(|call| (StatusCode::CREATED, Json(call)))
}

/// A phone calls a number, or a browser through an application.
fn dial(shared: &Shared, phone: &str, request: CallRequest) -> Result<Value, Refused> {
    let line = match (&request.to, &request.application, phone.starts_with("client:")) {
        (Some(to), None, false) => number_line(shared, to),
        (None, Some(sid), true) => application_line(shared, sid),
        _ => {
            return Err(refused(
                StatusCode::BAD_REQUEST,
                "bad_call",
                "a handset calls a number in `to`, a browser an `application`",
            ));
        }
    };
    let line = line.ok_or_else(|| refused(StatusCode::NOT_FOUND, "no_such_number", "nobody has that number or application"))?;
    let mut desk = Desk::open(shared);
    let new = NewCall {
        account_sid: line.account_sid,
        way: Way::Inbound,
        from: phone.to_owned(),
        to: request.to.clone().unwrap_or_default(),
        parent: None,
        watch: (!line.status_url.is_empty()).then(|| Watch {
            url: line.status_url,
            events: vec!["completed".to_owned()],
        }),
        answer: OnAnswer::Run,
    };
    let sid = desk.make(new, Duration::ZERO).map_err(|_| internal())?;
    if let Some(call) = desk.call_mut(&sid) {
        call.application = request.application;
        call.params = request.params.into_iter().collect();
    }
    if line.voice_url.is_empty() {
        desk.end(&sid, Standing::Failed, Leave::NotReached);
    } else {
        desk.fetch(&sid, &line.voice_url, &[]);
    }
    let call = desk.call(&sid).ok_or_else(internal)?;
    Ok(shown(&desk, call))
}

fn internal() -> Refused {
    refused(StatusCode::INTERNAL_SERVER_ERROR, "internal", "there is no randomness for an id")
}

/// Where a call leads.
struct Line {
    account_sid: String,
    voice_url: String,
    status_url: String,
}

#[expect(clippy::disallowed_methods, reason = "the sandbox is the network: it knows all numbers")]
fn number_line(shared: &Shared, to: &str) -> Option<Line> {
    let number = shared.config.numbers.iter().find(|number| number.number.expose() == to)?;
    let voice = shared.calls.numbers.iter().find(|voice| voice.number.expose() == to);
    Some(Line {
        account_sid: number.account_sid.clone(),
        voice_url: voice_url(shared, to).unwrap_or_default(),
        status_url: voice.map(|voice| voice.status_url.clone()).unwrap_or_default(),
    })
}

fn application_line(shared: &Shared, sid: &str) -> Option<Line> {
    let application = shared.calls.applications.iter().find(|application| application.sid == sid)?;
    Some(Line {
        account_sid: application.account_sid.clone(),
        voice_url: application.voice_url.clone(),
        status_url: application.status_url.clone(),
    })
}

impl Desk<'_> {
    /// The address of an application's documents.
    pub(super) fn application_url(&self, sid: &str) -> Option<String> {
        application_line(self.shared, sid).map(|line| line.voice_url)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActRequest {
    digits: Option<String>,
    seconds: Option<u32>,
}

async fn act(
    State(shared): Sandbox,
    Path((phone, sid, act)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let phone = sender(&phone)?;
    let request: ActRequest = read(&headers, &body)?;
    let mut desk = Desk::open(&shared);
    let call = desk.call(&sid).filter(|call| call.phone() == phone).cloned();
    let call = call.ok_or_else(|| refused(StatusCode::NOT_FOUND, "no_such_call", "this handset has no such call"))?;
    let rings = call.way != Way::Inbound && call.standing == Standing::Ringing;
    let talks = call.standing == Standing::InProgress;
    match (act.as_str(), request.digits, request.seconds) {
        ("answer", None, None) if rings => desk.pick_up(&sid),
        ("decline", None, None) if rings => desk.end(&sid, Standing::Busy, Leave::NotReached),
        ("hang-up", None, None) if talks => desk.end(&sid, Standing::Completed, Leave::HungUp),
        ("hang-up", None, None) if call.way == Way::Inbound && !call.standing.is_final() => {
            desk.end(&sid, Standing::Canceled, Leave::HungUp);
        }
        ("digits", Some(digits), None) if talks => press(&mut desk, &sid, &digits)?,
        ("voicemail", None, Some(seconds)) if talks => leave_message(&mut desk, &call, seconds)?,
        ("answer" | "decline" | "hang-up", None, None) | ("digits", Some(_), None) | ("voicemail", None, Some(_)) => {
            return Err(refused(
                StatusCode::CONFLICT,
                "wrong_state",
                format!("the call is {}", call.standing.as_str()),
            ));
        }
        _ => {
            return Err(refused(
                StatusCode::NOT_FOUND,
                "no_such_act",
                "one can answer, decline, hang-up, press `digits` or leave a voicemail of some `seconds`",
            ));
        }
    }
    let call = desk.call(&sid).ok_or_else(internal)?;
    Ok(Json(shown(&desk, call)))
}

fn press(desk: &mut Desk<'_>, sid: &str, digits: &str) -> Result<(), Refused> {
    let keys = |key: char| key.is_ascii_digit() || matches!(key, '*' | '#');
    if digits.is_empty() || digits.len() > 64 || !digits.chars().all(keys) {
        return Err(refused(StatusCode::BAD_REQUEST, "bad_body", "`digits` are 1 to 64 of 0-9, * and #"));
    }
    desk.press(sid, digits);
    Ok(())
}

fn leave_message(desk: &mut Desk<'_>, call: &Call, seconds: u32) -> Result<(), Refused> {
    let Doing::Taking { tape, .. } = &call.live.doing else {
        return Err(refused(StatusCode::CONFLICT, "wrong_state", "no machine listens to this call"));
    };
    if !(1..=LONGEST_MESSAGE).contains(&seconds) {
        return Err(refused(StatusCode::BAD_REQUEST, "bad_body", "`seconds` are 1 to 3600"));
    }
    desk.speak(tape, seconds);
    desk.end(&call.sid, Standing::Completed, Leave::HungUp);
    Ok(())
}

async fn conferences(State(shared): Sandbox) -> Json<Value> {
    let desk = Desk::open(&shared);
    let rooms = desk.world.exchange.rooms.values();
    let open = rooms.filter(|room| room.standing != RoomStanding::Completed);
    let shown: Vec<Value> = open
        .map(|room| {
            let seats: Vec<Value> = room
                .seats
                .iter()
                .map(|chair| {
                    let heard = room.seats.iter().filter(|other| room.hears(chair, other));
                    json!({
                        "call_sid": chair.call_sid,
                        "label": chair.label,
                        "phone": desk.call(&chair.call_sid).map(Call::phone),
                        "inside": chair.inside,
                        "muted": chair.muted,
                        "held": chair.held,
                        "coaching": chair.coaching,
                        "coached": chair.coached,
                        "hears": heard.map(|other| other.call_sid.as_str()).collect::<Vec<_>>(),
                    })
                })
                .collect();
            json!({"sid": room.sid, "name": room.name, "status": room.standing.as_str(), "participants": seats})
        })
        .collect();
    Json(json!({"conferences": shown}))
}
