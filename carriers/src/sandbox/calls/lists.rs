//! Lists of legs, conferences, participants and recordings, with Twilio's filters.

use casewire_core::time::Timestamp;
use serde_json::Value;

use super::shapes::{self, Under};
use super::{Call, Exchange, Room, Tape};
use crate::sandbox::answers::Problem;
use crate::sandbox::listing::{Paging, day, moment};
use crate::twilio::form::Form;

/// A filter by time: on a day, at or before, at or after.
struct Times {
    on: Option<(Timestamp, Timestamp)>,
    until: Option<Timestamp>,
    since: Option<Timestamp>,
}

impl Times {
    fn read(query: &Form, name: &str) -> Result<Self, Problem> {
        let time = |name: &str| match query.text(name) {
            Some(text) => moment(&text).map(Some).ok_or(Problem::of(20001)),
            None => Ok(None),
        };
        Ok(Self {
            on: time(name)?.and_then(day),
            until: time(&format!("{name}<"))?,
            since: time(&format!("{name}>"))?,
        })
    }

    fn let_through(&self, time: Option<Timestamp>) -> bool {
        self.on
            .is_none_or(|(start, end)| time.is_some_and(|time| start <= time && time < end))
            && self.until.is_none_or(|until| time.is_some_and(|time| time <= until))
            && self.since.is_none_or(|since| time.is_some_and(|time| since <= time))
    }
}

/// Whether a field is as asked for, if it is asked for.
fn is(query: &Form, name: &str, value: &str) -> bool {
    query.text(name).is_none_or(|wanted| wanted == value)
}

/// The page that begins after the token.
fn page<'a, T: 'a>(
    name: &str,
    path: &str,
    query: &Form,
    items: impl Iterator<Item = &'a T>,
    sid: impl Fn(&T) -> &str,
    shown: impl Fn(&T) -> Value,
) -> Result<Value, Problem> {
    let paging = Paging::read(query)?;
    let after = paging.after();
    let rest = items
        .skip_while(|item| after.is_some_and(|after| after != sid(item)))
        .skip(usize::from(after.is_some()));
    Ok(paging.page(name, path, query, rest, |item| sid(item), |item| shown(item)))
}

pub(super) fn calls(exchange: &Exchange, account: &str, path: &str, query: &Form) -> Result<Value, Problem> {
    let (started, ended) = (Times::read(query, "StartTime")?, Times::read(query, "EndTime")?);
    let all = exchange.calls.values().rev().filter(|call| call.account_sid == account);
    let found = all.filter(|call| {
        is(query, "To", &call.to)
            && is(query, "From", &call.from)
            && is(query, "Status", call.standing.as_str())
            && is(query, "ParentCallSid", call.parent.as_deref().unwrap_or_default())
            && started.let_through(call.started_at.or(Some(call.created_at)))
            && ended.let_through(call.ended_at)
    });
    page("calls", path, query, found, |call: &Call| call.sid.as_str(), shapes::call)
}

pub(super) fn rooms(exchange: &Exchange, account: &str, path: &str, query: &Form) -> Result<Value, Problem> {
    let (created, updated) = (Times::read(query, "DateCreated")?, Times::read(query, "DateUpdated")?);
    let all = exchange.rooms.values().rev().filter(|room| room.account_sid == account);
    let found = all.filter(|room| {
        is(query, "FriendlyName", &room.name)
            && is(query, "Status", room.standing.as_str())
            && created.let_through(Some(room.created_at))
            && updated.let_through(Some(room.updated_at))
    });
    page("conferences", path, query, found, |room: &Room| room.sid.as_str(), shapes::room)
}

pub(super) fn chairs(exchange: &Exchange, room: &Room, path: &str, query: &Form) -> Result<Value, Problem> {
    let found = room.seats.iter().filter(|chair| {
        is(query, "Muted", &chair.muted.to_string())
            && is(query, "Hold", &chair.held.to_string())
            && is(query, "Coaching", &chair.coaching.to_string())
    });
    page(
        "participants",
        path,
        query,
        found,
        |chair| chair.call_sid.as_str(),
        |chair| shapes::chair(room, chair, exchange.call(&chair.call_sid)),
    )
}

/// Of which leg or conference, and under which address.
pub(super) fn tapes(
    exchange: &Exchange,
    account: &str,
    about: (Option<&str>, Under),
    path: &str,
    query: &Form,
    now: Timestamp,
) -> Result<Value, Problem> {
    let created = Times::read(query, "DateCreated")?;
    let (of, under) = about;
    let all = exchange.tapes.values().rev().filter(|tape| tape.account_sid == account);
    let found = all.filter(|tape| {
        of.is_none_or(|sid| tape.call_sid.as_deref() == Some(sid) || tape.conference_sid.as_deref() == Some(sid))
            && is(query, "CallSid", tape.call_sid.as_deref().unwrap_or_default())
            && is(query, "ConferenceSid", tape.conference_sid.as_deref().unwrap_or_default())
            && created.let_through(Some(tape.created_at))
    });
    page(
        "recordings",
        path,
        query,
        found,
        |tape: &Tape| tape.sid.as_str(),
        |tape| shapes::tape(tape, under, now),
    )
}
