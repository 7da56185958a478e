//! Conferences: who enters when, who is heard by whom, who ends it. Where Twilio's behaviour is not known, such as when a coached
//! leg leaves, the sandbox takes what is worst for us: the coach is then heard by all until muted.

use super::tapes::Of;
use super::verbs::{Join, Taping};
use super::{Chair, Desk, Doing, Room, RoomStanding, Standing};
use crate::sandbox::answers::Problem;
use crate::sandbox::messages::new_sid;

/// The most legs that Twilio lets into one.
const MOST: usize = 250;

/// Why a leg leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    HungUp,
    ByApi,
    RoomEnded,
    NotReached,
}

impl Leave {
    fn as_str(self) -> &'static str {
        match self {
            Self::HungUp => "participant_hung_up",
            Self::ByApi => "participant_updated_via_api",
            Self::RoomEnded => "conference_ended_via_api",
            Self::NotReached => "participant_add_failed",
        }
    }
}

impl Room {
    pub(super) fn chair(&self, named: &str) -> Option<&Chair> {
        self.seats
            .iter()
            .find(|chair| chair.call_sid == named || chair.label.as_deref() == Some(named))
    }

    fn inside(&self) -> impl Iterator<Item = &Chair> {
        self.seats.iter().filter(|chair| chair.inside)
    }

    /// Whether `listener` hears `speaker`.
    pub(super) fn hears(&self, listener: &Chair, speaker: &Chair) -> bool {
        let apart = listener.call_sid == speaker.call_sid || !listener.inside || !speaker.inside || listener.held || speaker.held;
        let target = speaker.coached.as_deref().filter(|_| speaker.coaching);
        let target = target.filter(|sid| self.inside().any(|chair| chair.call_sid == *sid));
        !apart && !speaker.muted && target.is_none_or(|sid| sid == listener.call_sid)
    }
}

impl Desk<'_> {
    /// The conference of that name that is not over, or a new one.
    pub(super) fn room_named(&mut self, account: &str, name: &str) -> Result<String, Problem> {
        if let Some(room) = self.world.exchange.open_room(account, name) {
            return Ok(room.sid.clone());
        }
        let sid = new_sid("CF")?;
        let room = Room {
            sid: sid.clone(),
            account_sid: account.to_owned(),
            name: name.to_owned(),
            standing: RoomStanding::Init,
            created_at: self.now,
            updated_at: self.now,
            reason: None,
            ended_by: None,
            seats: Vec::new(),
            watch: None,
            sequence: 0,
        };
        self.exchange().put_room(room);
        Ok(sid)
    }

    /// Whether a leg may have that place: its label is free, and whom it coaches is there.
    pub(super) fn may_sit(&self, room: &str, join: &Join) -> Result<(), Problem> {
        let Some(room) = self.world.exchange.room(room) else {
            return Err(Problem::of(20404));
        };
        let taken = join.label.as_deref().is_some_and(|label| room.chair(label).is_some());
        let coached_away = join.coach.as_deref().is_some_and(|sid| !is_coachable(room, sid, ""));
        if taken {
            Err(Problem::of(16025))
        } else if coached_away {
            Err(Problem::of(16028))
        } else if room.seats.len() >= join.most.unwrap_or(MOST).min(MOST) {
            Err(Problem::of(16020))
        } else {
            Ok(())
        }
    }

    /// Gives a leg a place, in which it is not yet.
    pub(super) fn reserve(&mut self, room: &str, call: &str, join: Join, early: bool) {
        let now = self.now;
        let chair = Chair {
            call_sid: call.to_owned(),
            label: join.label,
            inside: false,
            muted: join.muted,
            held: false,
            coaching: join.coach.is_some(),
            coached: join.coach,
            start_on_enter: join.start_on_enter,
            end_on_exit: join.end_on_exit,
            early,
            watch: join.watch,
            record_room: join.record,
            record_leg: join.record_leg,
            created_at: now,
            updated_at: now,
        };
        if let Some(room) = self.exchange().room_mut(room) {
            room.seats.push(chair);
        }
    }

    /// A document sends a leg into a conference.
    pub(super) fn sit_down(&mut self, sid: &str, join: Join) {
        let Some(account) = self.call(sid).map(|call| call.account_sid.clone()) else {
            return;
        };
        let seated = self.room_named(&account, &join.name).and_then(|room| {
            self.may_sit(&room, &join)?;
            Ok(room)
        });
        let Ok(room) = seated else {
            tracing::warn!(call = %sid, "a document asks for a place in a conference that cannot be had");
            return self.end(sid, Standing::Failed, Leave::NotReached);
        };
        let action = join.action.clone();
        self.reserve(&room, sid, join, false);
        self.set(
            sid,
            Doing::Sitting {
                action,
                made_for_it: false,
            },
        );
        self.enter(&room, sid);
    }

    /// With early media a leg is in the conference while its phone rings.
    pub(super) fn enter_early(&mut self, sid: &str) {
        let early = |room: &&Room| room.chair(sid).is_some_and(|chair| chair.early && !chair.inside);
        if let Some(room) = self.world.exchange.rooms.values().find(early).map(|room| room.sid.clone()) {
            self.enter(&room, sid);
        }
    }

    /// A leg takes its place.
    pub(super) fn enter(&mut self, room_sid: &str, sid: &str) {
        if self.call(sid).is_some_and(|call| matches!(call.live.doing, Doing::Waiting)) {
            self.set(
                sid,
                Doing::Sitting {
                    action: None,
                    made_for_it: true,
                },
            );
        }
        let now = self.now;
        let Some(room) = self.exchange().room_mut(room_sid) else { return };
        let Some(chair) = room.seats.iter_mut().find(|chair| chair.call_sid == sid && !chair.inside) else {
            return;
        };
        chair.inside = true;
        chair.updated_at = now;
        let chair = chair.clone();
        if room.watch.is_none() {
            room.watch = Some(chair.watch.clone());
        }
        let starts = room.standing == RoomStanding::Init && room.inside().count() > 1 && room.inside().any(|chair| chair.start_on_enter);
        if starts {
            room.standing = RoomStanding::InProgress;
            room.updated_at = now;
        }
        self.tell_seat(room_sid, &chair, "participant-join", &[]);
        if starts {
            self.tell_room(room_sid, "conference-start", &[]);
        }
        if let Some(taping) = &chair.record_leg {
            self.start_tape(Of::Call(sid.to_owned()), taping, "DialVerb");
        }
        if let Some(watch) = chair.record_room {
            let taping = Taping { dual: false, watch };
            self.start_tape(Of::Room(room_sid.to_owned()), &taping, "Conference");
        }
    }

    /// A leg that is over leaves its place.
    pub(super) fn leave_all(&mut self, sid: &str, why: Leave) {
        let rooms: Vec<String> = self
            .world
            .exchange
            .rooms
            .values()
            .filter(|room| room.chair(sid).is_some())
            .map(|room| room.sid.clone())
            .collect();
        for room in rooms {
            self.leave(&room, sid, why);
        }
    }

    fn leave(&mut self, room_sid: &str, sid: &str, why: Leave) {
        let Some(room) = self.exchange().room_mut(room_sid) else { return };
        let Some(place) = room.seats.iter().position(|chair| chair.call_sid == sid) else {
            return;
        };
        let chair = room.seats.remove(place);
        let nobody = room.seats.is_empty();
        let over = room.standing == RoomStanding::Completed;
        let standing = self.call(sid).map_or("completed", |call| call.standing.as_str());
        let said = [("ReasonParticipantLeft", why.as_str()), ("ParticipantCallStatus", standing)];
        self.tell_seat(room_sid, &chair, "participant-leave", &said);
        let kicked = why == Leave::ByApi;
        if over {
            return;
        }
        if chair.inside && chair.end_on_exit {
            let reason = if kicked {
                "participant-with-end-conference-on-exit-kicked"
            } else {
                "participant-with-end-conference-on-exit-left"
            };
            self.close(room_sid, reason, Some(&chair));
        } else if nobody {
            let reason = if kicked {
                "last-participant-kicked"
            } else {
                "last-participant-left"
            };
            self.close(room_sid, reason, Some(&chair));
        }
    }

    /// Takes a leg off; it goes on with its document, or is hung up.
    pub(super) fn kick(&mut self, room: &str, sid: &str) {
        self.leave(room, sid, Leave::ByApi);
        self.after_room(sid);
    }

    /// Ends a conference for all in it.
    pub(super) fn close(&mut self, room_sid: &str, reason: &'static str, by: Option<&Chair>) {
        let now = self.now;
        let Some(room) = self.exchange().room_mut(room_sid) else { return };
        if room.standing == RoomStanding::Completed {
            return;
        }
        room.standing = RoomStanding::Completed;
        room.reason = Some(reason);
        room.updated_at = now;
        room.ended_by = by.map(|chair| chair.call_sid.clone());
        let legs: Vec<String> = room.seats.iter().map(|chair| chair.call_sid.clone()).collect();
        for sid in &legs {
            self.leave(room_sid, sid, Leave::RoomEnded);
        }
        self.stop_tapes_of(room_sid);
        let mut said = vec![("ReasonConferenceEnded", reason)];
        if let Some(chair) = by {
            said.push(("CallSidEndingConference", chair.call_sid.as_str()));
            said.extend(chair.label.as_deref().map(|label| ("ParticipantLabelEndingConference", label)));
        }
        self.tell_room(room_sid, "conference-end", &said);
        for sid in legs {
            self.after_room(&sid);
        }
    }

    /// What a leg does once it is out of its conference.
    fn after_room(&mut self, sid: &str) {
        let Some(doing) = self
            .call(sid)
            .filter(|call| !call.standing.is_final())
            .map(|call| call.live.doing.clone())
        else {
            return;
        };
        match doing {
            Doing::Sitting {
                action: Some(url),
                made_for_it: false,
                ..
            } => self.fetch(sid, &url, &[("DialCallStatus", "answered".to_owned())]),
            Doing::Sitting { made_for_it: false, .. } => self.run(sid),
            Doing::Sitting { .. } | Doing::Waiting => {
                let rings = self.call(sid).is_some_and(|call| call.standing != Standing::InProgress);
                let standing = if rings { Standing::Canceled } else { Standing::Completed };
                self.end(sid, standing, Leave::RoomEnded);
            }
            Doing::Fetching | Doing::Hearing | Doing::Dialling { .. } | Doing::Bridged { .. } | Doing::Taking { .. } => {}
        }
    }

    /// What is played in a conference ends after a moment.
    pub(super) fn announce(&mut self, room: &str, url: &str, only: Option<&str>) {
        let legs: Vec<String> = self.world.exchange.room(room).map_or_else(Vec::new, |room| {
            let meant = room.inside().filter(|chair| only.is_none_or(|sid| sid == chair.call_sid));
            meant.map(|chair| chair.call_sid.clone()).collect()
        });
        for sid in legs {
            if let Some(call) = self.call_mut(&sid) {
                call.heard.push(url.to_owned());
            }
        }
        self.tell_room(room, "announcement-end", &[("AnnounceUrl", url)]);
    }
}

/// Whether that leg can be coached by another one.
pub(super) fn is_coachable(room: &Room, sid: &str, by: &str) -> bool {
    sid != by && room.seats.iter().any(|chair| chair.call_sid == sid)
}
