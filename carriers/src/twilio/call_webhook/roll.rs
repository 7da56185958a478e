//! Who is in a conference and how, from its events in any order and any number: for each leg the event with the highest sequence
//! number holds, and what is over stays over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::conference::{ConferenceChange, ConferenceEvent, SeatState};
use crate::calls::LegId;

/// What a conference's events come to. Can be kept between them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConferenceRoll {
    started: bool,
    ended: bool,
    legs: BTreeMap<LegId, (u32, Option<SeatState>)>,
}

/// What came of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It changed something.
    New,
    /// Known already, or overtaken.
    Stale,
}

impl ConferenceRoll {
    /// Takes an event of this conference.
    pub fn note(&mut self, event: &ConferenceEvent) -> Noted {
        match &event.change {
            ConferenceChange::Started => change(&mut self.started),
            ConferenceChange::Ended { .. } => change(&mut self.ended),
            ConferenceChange::Joined(seat) | ConferenceChange::Changed(seat) => self.seat(&seat.leg, event.sequence, Some(seat.clone())),
            ConferenceChange::Left { leg, .. } => self.seat(leg, event.sequence, None),
            ConferenceChange::AnnouncementEnded | ConferenceChange::AnnouncementFailed | ConferenceChange::Other => Noted::Stale,
        }
    }

    fn seat(&mut self, leg: &LegId, sequence: u32, seat: Option<SeatState>) -> Noted {
        match self.legs.get(leg) {
            Some((known, _)) if *known >= sequence => Noted::Stale,
            Some(_) | None => {
                self.legs.insert(leg.clone(), (sequence, seat));
                Noted::New
            }
        }
    }

    /// Whether it is over.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether they hear each other.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        self.started && !self.ended
    }

    /// Who is in it; nobody once it is over.
    pub fn seated(&self) -> impl Iterator<Item = &SeatState> {
        self.legs.values().filter_map(|(_, seat)| seat.as_ref()).filter(|_| !self.ended)
    }
}

fn change(flag: &mut bool) -> Noted {
    if *flag {
        return Noted::Stale;
    }
    *flag = true;
    Noted::New
}
