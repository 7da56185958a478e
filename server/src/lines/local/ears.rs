//! Takes in what the engine says: a leg is there or lost, a sound was played to its end, a recording is complete. Each becomes something
//! that the call hears, or goes on with what waited for it.

use std::sync::Weak;

use casewire_core::calls::CarrierStatus;
use casewire_voice::{Event, Events, LegId};

use super::room::{Room, Seats, Stage, Tape};
use super::{LocalLine, tapes, trunk};
use crate::lines::LineEvent;

/// Whose a leg is.
enum Whose {
    Agent(casewire_core::id::UserId),
    Outside,
    Supervisor(casewire_core::id::UserId),
}

impl Seats {
    fn whose(&self, leg: LegId) -> Option<Whose> {
        if self.outside.leg == Some(leg) {
            return Some(Whose::Outside);
        }
        let agent = self.agents.iter().find(|(_, there)| **there == leg);
        if let Some((user, _)) = agent {
            return Some(Whose::Agent(*user));
        }
        let supervisor = self.supervisors.iter().find(|(_, there)| there.leg == Some(leg));
        supervisor.map(|(user, _)| Whose::Supervisor(*user))
    }
}

/// Listens until the engine stops or the line is gone.
pub(super) async fn listen(line: Weak<LocalLine>, mut events: Events) {
    loop {
        tokio::select! {
            event = events.events.recv() => {
                let (Some(event), Some(line)) = (event, line.upgrade()) else {
                    return;
                };
                take(&line, event).await;
            }
            // Whoever listens hears how loud it is; the server does not pass it on.
            meter = events.meters.recv() => if meter.is_none() {
                return;
            },
        }
    }
}

async fn take(line: &LocalLine, event: Event) {
    match event {
        Event::LegConnected { leg } => connected(line, leg).await,
        Event::LegLeft { leg, .. } => left(line, leg).await,
        Event::Played(playback) => {
            let call = line.index().played.remove(&playback);
            if let Some(room) = call.and_then(|call| line.room(call)) {
                let mut seats = room.seats.lock().await;
                if let Tape::Announcing { playback: awaited, then } = seats.tape
                    && awaited == playback
                {
                    seats.tape = Tape::None;
                    if let Some(due) = then {
                        tapes::begin(line, &room, &mut seats, due).await;
                    }
                }
            }
        }
        Event::Recorded { recording, missing, .. } => tapes::complete(line, recording, missing),
        Event::RecordingFailed { recording, error } => {
            tracing::error!(kind = ?error, "a recording could not be written to its end");
            tapes::complete(line, recording, 0);
        }
        // Keys of the outside party mean nothing to a call, and each leg's quality stands in the engine's own counters.
        Event::Pressed { .. } | Event::Quality { .. } => {}
    }
}

async fn connected(line: &LocalLine, leg: LegId) {
    let Some(room) = room_of(line, leg) else {
        return;
    };
    let mut seats = room.seats.lock().await;
    match seats.whose(leg) {
        Some(Whose::Agent(user)) => room.hear(LineEvent::AgentConnected { user }),
        Some(Whose::Outside) => {
            seats.outside.is_connected = true;
            if std::mem::take(&mut seats.outside.was_lost) {
                room.hear(LineEvent::OutsideBack);
            }
            match seats.stage {
                Stage::Ringing => {}
                Stage::Talking => trunk::connected(line, &room),
                Stage::Machine => {
                    trunk::connected(line, &room);
                    if tapes::greet(line, &room, &mut seats).await.is_err() {
                        room.hear(LineEvent::LineLost);
                    }
                }
            }
        }
        Some(Whose::Supervisor(_)) | None => {}
    }
}

async fn left(line: &LocalLine, leg: LegId) {
    let Some(room) = room_of(line, leg) else {
        return;
    };
    line.index().legs.remove(&leg);
    let mut seats = room.seats.lock().await;
    match seats.whose(leg) {
        Some(Whose::Agent(user)) => {
            seats.agents.remove(&user);
            room.hear(LineEvent::AgentLost { user });
        }
        Some(Whose::Outside) => {
            seats.outside.leg = None;
            seats.outside.is_connected = false;
            seats.outside.was_lost = true;
            room.hear(match seats.stage {
                Stage::Talking => LineEvent::OutsideLost,
                Stage::Ringing | Stage::Machine => LineEvent::OutsideEnded(CarrierStatus::Completed { talked: None }),
            });
        }
        Some(Whose::Supervisor(user)) => {
            seats.supervisors.remove(&user);
            room.hear(LineEvent::SupervisorLost { user });
        }
        None => {}
    }
}

fn room_of(line: &LocalLine, leg: LegId) -> Option<std::sync::Arc<Room>> {
    let call = line.index().legs.get(&leg).copied();
    call.and_then(|call| line.room(call))
}
