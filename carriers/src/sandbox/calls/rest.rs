//! Twilio's REST interface for calls: Calls, Conferences, Participants, Recordings.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use casewire_core::phone::E164;
use serde_json::Value;

use super::life::NewCall;
use super::rooms::{self, Leave};
use super::shapes::{self, Under};
use super::tapes::Of;
use super::verbs::{self, Join, Taping};
use super::{Chair, Desk, OnAnswer, RoomStanding, Standing, Tape, TapeState, Watch, Way, lists};
use crate::sandbox::answers::{self, Problem, json_answer};
use crate::sandbox::messages::is_web_address;
use crate::sandbox::rest::{Answer, Asked, nothing};
use crate::twilio::form::Form;

/// Answers what is asked about calls; `about` are the steps of the path below the account.
pub(in crate::sandbox) fn answer(asked: &Asked<'_>, about: &[&str]) -> Answer {
    let plain: Vec<String> = about
        .iter()
        .map(|step| percent_encoding::percent_decode_str(step).decode_utf8_lossy().into_owned())
        .collect();
    let steps: Vec<&str> = plain.iter().map(String::as_str).collect();
    let named = |step: &'_ str| step.strip_suffix(".json").map(str::to_owned).ok_or(Problem::of(20404));
    let on = On { asked };
    match steps.as_slice() {
        ["Calls.json"] => on.calls(),
        ["Calls", sid] => on.call(&named(sid)?),
        ["Calls", sid, "Recordings.json"] => on.call_tapes(sid),
        ["Calls", of, "Recordings", sid] => on.steered_tape(of, &named(sid)?, Under::Call),
        ["Conferences.json"] => on.get(|desk| lists::rooms(&desk.world.exchange, asked.account, asked.path, &asked.query)),
        ["Conferences", sid] => on.room(&named(sid)?),
        ["Conferences", room, "Participants.json"] => on.chairs(room),
        ["Conferences", room, "Participants", leg] => on.chair(room, &named(leg)?),
        ["Conferences", sid, "Recordings.json"] => on.tapes(Some(sid), Under::Conference),
        ["Conferences", of, "Recordings", sid] => on.steered_tape(of, &named(sid)?, Under::Conference),
        ["Recordings.json"] => on.tapes(None, Under::Account),
        ["Recordings", file] => on.tape(file),
        _ => Err(Problem::of(20404)),
    }
}

struct On<'a> {
    asked: &'a Asked<'a>,
}

impl On<'_> {
    fn desk(&self) -> Desk<'_> {
        Desk::open(self.asked.shared)
    }

    fn get(&self, shown: impl FnOnce(&Desk<'_>) -> Result<Value, Problem>) -> Answer {
        if self.asked.method == Method::GET {
            Ok(json_answer(StatusCode::OK, &shown(&self.desk())?))
        } else {
            Err(Problem::of(20004))
        }
    }

    fn calls(&self) -> Answer {
        if self.asked.method == Method::POST {
            return self.asked.create(21216, || self.new_call());
        }
        self.get(|desk| lists::calls(&desk.world.exchange, self.asked.account, self.asked.path, &self.asked.query))
    }

    fn new_call(&self) -> Result<Value, Problem> {
        let form = &self.asked.form;
        let mut desk = self.desk();
        let answer = match (form.text("Twiml"), form.text("Url"), form.text("ApplicationSid")) {
            (Some(_), _, _) => OnAnswer::Run,
            (None, Some(url), _) if is_web_address(&url) => OnAnswer::Fetch { url },
            (None, None, Some(application)) => OnAnswer::Fetch {
                url: desk.application_url(&application).ok_or(Problem::of(21205))?,
            },
            _ => return Err(Problem::of(21205)),
        };
        let script = match form.text("Twiml") {
            Some(document) => verbs::read(&document).ok_or(Problem::of(20001))?,
            None => Vec::new(),
        };
        let sid = desk.make(self.new_leg(answer)?, timeout(form)?)?;
        if let Some(call) = desk.call_mut(&sid) {
            call.live.script = script.into();
        }
        desk.call(&sid).map(shapes::call).ok_or(Problem::of(20500))
    }

    /// A leg as a form asks for it.
    fn new_leg(&self, answer: OnAnswer) -> Result<NewCall, Problem> {
        let form = &self.asked.form;
        let to = form.text("To").filter(|to| !to.is_empty()).ok_or(Problem::of(21201))?;
        let from = form.text("From").filter(|from| !from.is_empty()).ok_or(Problem::of(21213))?;
        if !to.starts_with("client:") && E164::parse(&to).is_err() {
            return Err(Problem::of(21211));
        }
        let owned = |number: &E164| {
            let mut numbers = self.asked.shared.config.numbers.iter();
            numbers.any(|own| own.number == *number && own.account_sid == self.asked.account)
        };
        match E164::parse(&from) {
            _ if from.starts_with("client:") => {}
            Ok(number) if owned(&number) => {}
            Ok(_) => return Err(Problem::of(21210)),
            Err(_) => return Err(Problem::of(21212)),
        }
        Ok(NewCall {
            account_sid: self.asked.account.to_owned(),
            way: Way::OutboundApi,
            from,
            to,
            parent: None,
            watch: watch(form, "StatusCallback", "completed")?,
            answer,
        })
    }

    fn call(&self, sid: &str) -> Answer {
        let mut desk = self.desk();
        let call = desk.own_call(self.asked.account, sid)?;
        match *self.asked.method {
            Method::GET => {}
            Method::DELETE if call.is_final() => {
                desk.world.delete(sid);
                return Ok(nothing());
            }
            Method::DELETE => return Err(Problem::of(20009)),
            Method::POST => self.update_call(&mut desk, sid, call)?,
            _ => return Err(Problem::of(20004)),
        }
        let shown = desk.call(sid).map(shapes::call).ok_or(Problem::of(20404))?;
        Ok(json_answer(StatusCode::OK, &shown))
    }

    fn update_call(&self, desk: &mut Desk<'_>, sid: &str, standing: Standing) -> Result<(), Problem> {
        let form = &self.asked.form;
        let rings = !standing.is_final() && standing != Standing::InProgress;
        match (form.text("Status").as_deref(), form.text("Url"), form.text("Twiml")) {
            (Some("completed" | "canceled"), ..) if rings => desk.end(sid, Standing::Canceled, Leave::ByApi),
            (Some("completed"), ..) => desk.end(sid, Standing::Completed, Leave::ByApi),
            (Some("canceled"), ..) => {}
            (None, Some(_), _) | (None, _, Some(_)) if standing != Standing::InProgress => return Err(Problem::of(21220)),
            (None, Some(url), _) if is_web_address(&url) => {
                desk.let_go(sid);
                desk.fetch(sid, &url, &[]);
            }
            (None, None, Some(document)) => {
                let script = verbs::read(&document).ok_or(Problem::of(20001))?;
                desk.let_go(sid);
                if let Some(call) = desk.call_mut(sid) {
                    call.live.script = script.into();
                }
                desk.run(sid);
            }
            _ => return Err(Problem::of(20001)),
        }
        Ok(())
    }

    fn room(&self, sid: &str) -> Answer {
        let mut desk = self.desk();
        let found = desk.own_room(self.asked.account, sid)?;
        match *self.asked.method {
            Method::GET => {}
            Method::POST => {
                let announced = self.asked.form.text("AnnounceUrl").filter(|url| is_web_address(url));
                match (self.asked.form.text("Status").as_deref(), announced) {
                    (Some("completed"), None) => desk.close(&found, "conference-ended-via-api", None),
                    (None, Some(url)) => desk.announce(&found, &url, None),
                    _ => return Err(Problem::of(20001)),
                }
            }
            _ => return Err(Problem::of(20004)),
        }
        let shown = desk.world.exchange.room(&found).map(shapes::room).ok_or(Problem::of(20404))?;
        Ok(json_answer(StatusCode::OK, &shown))
    }

    fn chairs(&self, room: &str) -> Answer {
        if self.asked.method == Method::POST {
            return self.asked.create(21216, || self.new_chair(room));
        }
        self.get(|desk| {
            let found = desk
                .world
                .exchange
                .room(room)
                .filter(|found| found.account_sid == self.asked.account);
            let room = found.ok_or(Problem::of(20404))?;
            lists::chairs(&desk.world.exchange, room, self.asked.path, &self.asked.query)
        })
    }

    /// Rings a leg into a conference. Here, and only here, the conference may be named by its name.
    fn new_chair(&self, named: &str) -> Result<Value, Problem> {
        let form = &self.asked.form;
        let timeout = timeout(form)?;
        let leg = self.new_leg(OnAnswer::Bridge)?;
        let mut join = join(form)?;
        let mut desk = self.desk();
        let room = match desk.own_room(self.asked.account, named) {
            Ok(room) => room,
            Err(_) if named.starts_with("CF") && named.len() == 34 => return Err(Problem::of(20404)),
            Err(_) => desk.room_named(self.asked.account, named)?,
        };
        if desk
            .world
            .exchange
            .room(&room)
            .is_some_and(|room| room.standing == RoomStanding::Completed)
        {
            return Err(Problem::of(20404));
        }
        desk.may_sit(&room, &join)?;
        join.name.clone_from(&room);
        let sid = desk.make(
            NewCall {
                answer: OnAnswer::Sit { conference: room.clone() },
                ..leg
            },
            timeout,
        )?;
        let early = flag(form, "EarlyMedia")?.unwrap_or(true);
        desk.reserve(&room, &sid, join, early);
        desk.shown_chair(&room, &sid)
    }

    fn chair(&self, room: &str, leg: &str) -> Answer {
        let mut desk = self.desk();
        let room = desk.own_room(self.asked.account, room)?;
        let found = desk.world.exchange.room(&room).and_then(|room| room.chair(leg));
        let sid = found.map(|chair| chair.call_sid.clone()).ok_or(Problem::of(20404))?;
        match *self.asked.method {
            Method::GET => {}
            Method::DELETE => {
                desk.kick(&room, &sid);
                return Ok(nothing());
            }
            Method::POST => update_chair(&mut desk, &room, &sid, &self.asked.form)?,
            _ => return Err(Problem::of(20004)),
        }
        Ok(json_answer(StatusCode::OK, &desk.shown_chair(&room, &sid)?))
    }

    fn call_tapes(&self, sid: &str) -> Answer {
        if self.asked.method != Method::POST {
            return self.tapes(Some(sid), Under::Call);
        }
        let mut desk = self.desk();
        if desk.own_call(self.asked.account, sid)? != Standing::InProgress {
            return Err(Problem::of(21220));
        }
        let form = &self.asked.form;
        let taping = Taping {
            dual: form.text("RecordingChannels").as_deref() == Some("dual"),
            watch: watch(form, "RecordingStatusCallback", "completed")?,
        };
        let tape = desk.start_tape(Of::Call(sid.to_owned()), &taping, "StartCallRecordingAPI");
        let now = desk.now;
        let shown = tape.and_then(|tape| desk.world.exchange.tape(&tape).map(|tape| shapes::tape(tape, Under::Call, now)));
        Ok(json_answer(StatusCode::CREATED, &shown.ok_or(Problem::of(20500))?))
    }

    fn tapes(&self, of: Option<&str>, under: Under) -> Answer {
        self.get(|desk| {
            let (account, path, query) = (self.asked.account, self.asked.path, &self.asked.query);
            lists::tapes(&desk.world.exchange, account, (of, under), path, query, desk.now)
        })
    }

    /// A recording of a leg or a conference; `Twilio.CURRENT` is the one that runs.
    fn steered_tape(&self, of: &str, named: &str, under: Under) -> Answer {
        let mut desk = self.desk();
        let mut tapes = desk.world.exchange.tapes.values().rev();
        let found = tapes.find(|tape| {
            let running = matches!(tape.state, TapeState::InProgress | TapeState::Paused);
            let about = [&tape.call_sid, &tape.conference_sid]
                .into_iter()
                .any(|sid| sid.as_deref() == Some(of));
            tape.account_sid == self.asked.account && about && (tape.sid == named || (named == "Twilio.CURRENT" && running))
        });
        let tape = found.cloned().ok_or(Problem::of(20404))?;
        match *self.asked.method {
            Method::GET => {}
            Method::DELETE => {
                desk.world.delete(&tape.sid);
                return Ok(nothing());
            }
            Method::POST => update_tape(&mut desk, &tape, self.asked.form.text("Status").as_deref())?,
            _ => return Err(Problem::of(20004)),
        }
        let now = desk.now;
        let shown = desk.world.exchange.tape(&tape.sid).map(|tape| shapes::tape(tape, under, now));
        Ok(json_answer(StatusCode::OK, &shown.ok_or(Problem::of(20404))?))
    }

    /// A recording by itself, or its sound.
    fn tape(&self, file: &str) -> Answer {
        let mut desk = self.desk();
        let (sid, ending) = file.rsplit_once('.').unwrap_or((file, "wav"));
        let tape = desk
            .world
            .exchange
            .tape(sid)
            .filter(|tape| tape.account_sid == self.asked.account)
            .cloned();
        let tape = tape.ok_or(Problem::of(20404))?;
        match (self.asked.method, ending) {
            (&Method::GET, "json") => Ok(json_answer(StatusCode::OK, &shapes::tape(&tape, Under::Account, desk.now))),
            (&Method::GET, "wav") if tape.state == TapeState::Completed => {
                Ok(answers::answer(StatusCode::OK, "audio/x-wav", Body::from(tape.sound())))
            }
            (&Method::DELETE, "json") => {
                desk.world.delete(sid);
                Ok(nothing())
            }
            (&Method::GET, _) => Err(Problem::of(20404)),
            _ => Err(Problem::of(20004)),
        }
    }
}

fn update_tape(desk: &mut Desk<'_>, tape: &Tape, status: Option<&str>) -> Result<(), Problem> {
    match (tape.state, status) {
        (TapeState::Completed | TapeState::Absent, _) => return Err(Problem::of(21220)),
        (TapeState::InProgress | TapeState::Paused, Some("paused")) => desk.steer_tape(&tape.sid, TapeState::Paused),
        (TapeState::InProgress | TapeState::Paused, Some("in-progress")) => desk.steer_tape(&tape.sid, TapeState::InProgress),
        (TapeState::InProgress | TapeState::Paused, Some("stopped")) => desk.stop_tape(&tape.sid),
        (TapeState::InProgress | TapeState::Paused, _) => return Err(Problem::of(20001)),
    }
    Ok(())
}

fn join(form: &Form) -> Result<Join, Problem> {
    let coaching = flag(form, "Coaching")?.unwrap_or(false);
    let coach = form.text("CallSidToCoach").filter(|sid| coaching && !sid.is_empty());
    if coaching && coach.is_none() {
        return Err(Problem::of(16028));
    }
    let taping = |prefix: &str| watch(form, &format!("{prefix}StatusCallback"), "completed");
    let record_leg = match flag(form, "Record")? {
        Some(true) => Some(Taping {
            dual: form.text("RecordingChannels").as_deref() == Some("dual"),
            watch: taping("Recording")?,
        }),
        Some(false) | None => None,
    };
    let record = match form.text("ConferenceRecord").as_deref() {
        Some("true" | "record-from-start") => Some(taping("ConferenceRecording")?),
        _ => None,
    };
    Ok(Join {
        name: String::new(),
        label: form.text("Label").filter(|label| !label.is_empty()),
        muted: flag(form, "Muted")?.unwrap_or(false),
        coach,
        start_on_enter: flag(form, "StartConferenceOnEnter")?.unwrap_or(true),
        end_on_exit: flag(form, "EndConferenceOnExit")?.unwrap_or(false),
        most: form.text("MaxParticipants").and_then(|most| most.parse().ok()),
        watch: watch(form, "ConferenceStatusCallback", "")?,
        record,
        action: None,
        record_leg,
    })
}

/// Changes a leg in a conference: all of what is asked, or nothing.
fn update_chair(desk: &mut Desk<'_>, room_sid: &str, sid: &str, form: &Form) -> Result<(), Problem> {
    let now = desk.now;
    let (muted, held) = (flag(form, "Muted")?, flag(form, "Hold")?);
    let (coaching, ends) = (flag(form, "Coaching")?, flag(form, "EndConferenceOnExit")?);
    let target = form.text("CallSidToCoach").filter(|sid| !sid.is_empty());
    let announced = form.text("AnnounceUrl").filter(|url| !url.is_empty());
    let room = desk.exchange().room_mut(room_sid).ok_or(Problem::of(20404))?;
    let there = room.chair(sid).cloned().ok_or(Problem::of(20404))?;
    let mut new = Chair {
        muted: muted.unwrap_or(there.muted),
        held: held.unwrap_or(there.held),
        coaching: coaching.unwrap_or(there.coaching),
        end_on_exit: ends.unwrap_or(there.end_on_exit),
        ..there.clone()
    };
    new.coached = target.clone().or(new.coached);
    let asked = coaching == Some(true) || (target.is_some() && new.coaching);
    if asked && !new.coached.as_deref().is_some_and(|of| rooms::is_coachable(room, of, sid)) {
        return Err(Problem::of(16028));
    }
    new.updated_at = now;
    if let Some(chair) = room.seats.iter_mut().find(|chair| chair.call_sid == sid) {
        *chair = new.clone();
    }
    let modified = (there.coaching, &there.coached, there.end_on_exit) != (new.coaching, &new.coached, new.end_on_exit);
    let events = [
        (
            there.muted != new.muted,
            if new.muted { "participant-mute" } else { "participant-unmute" },
        ),
        (
            there.held != new.held,
            if new.held { "participant-hold" } else { "participant-unhold" },
        ),
        (modified, "participant-modify"),
    ];
    for (_, event) in events.iter().filter(|(happened, _)| *happened && new.inside) {
        desk.tell_seat(room_sid, &new, event, &[]);
    }
    if let Some(url) = announced {
        desk.announce(room_sid, &url, Some(sid));
    }
    Ok(())
}

fn flag(form: &Form, name: &str) -> Result<Option<bool>, Problem> {
    match form.text(name).as_deref() {
        None => Ok(None),
        Some("true" | "True") => Ok(Some(true)),
        Some("false" | "False") => Ok(Some(false)),
        Some(_) => Err(Problem::of(20001)),
    }
}

fn timeout(form: &Form) -> Result<Duration, Problem> {
    let seconds = match form.text("Timeout") {
        Some(text) => text.parse::<u64>().map_err(|_| Problem::of(20001))?,
        None => 60,
    };
    if (5..=600).contains(&seconds) {
        Ok(Duration::from_secs(seconds))
    } else {
        Err(Problem::of(20001))
    }
}

/// An address for callbacks and its events; these come as repeated fields, or in one with spaces between.
fn watch(form: &Form, name: &str, usual: &str) -> Result<Option<Watch>, Problem> {
    let Some(url) = form.text(name).filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    if !is_web_address(&url) {
        return Err(Problem::of(21609));
    }
    let asked: Vec<String> = form
        .texts(&format!("{name}Event"))
        .flat_map(|events| events.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let events = if asked.is_empty() { vec![usual.to_owned()] } else { asked };
    Ok(Some(Watch { url, events }))
}

impl Desk<'_> {
    fn own_call(&self, account: &str, sid: &str) -> Result<Standing, Problem> {
        let call = self.call(sid).filter(|call| call.account_sid == account);
        call.map(|call| call.standing).ok_or(Problem::of(20404))
    }

    fn own_room(&self, account: &str, sid: &str) -> Result<String, Problem> {
        let room = self.world.exchange.room(sid).filter(|room| room.account_sid == account);
        room.map(|room| room.sid.clone()).ok_or(Problem::of(20404))
    }

    fn shown_chair(&self, room: &str, sid: &str) -> Result<Value, Problem> {
        let room = self.world.exchange.room(room).ok_or(Problem::of(20404))?;
        let chair = room.chair(sid).ok_or(Problem::of(20404))?;
        Ok(shapes::chair(room, chair, self.call(sid)))
    }
}
