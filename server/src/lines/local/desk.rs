//! What each order does to a call's room and to the engine. An order says how something shall be: given again it changes nothing. Where
//! there is no room any more (the node was started anew), only an end can be carried out.

use std::time::Duration;

use casewire_carriers::trunk::TrunkOrder;
use casewire_core::calls::Mode;
use casewire_core::calls::state::{Microphone, OutsideLine};
use casewire_core::id::{RecordingId, UserId};
use casewire_core::settings::calls::Announcement;
use casewire_store::calls::CallRow;
use casewire_voice::{Digit, EngineError, Hold, LegId, Repeat};

use super::room::{Begins, Due, Room, Seats, Stage, Tape};
use super::{LocalLine, seats, tapes, trunk};
use crate::lines::{LineEvent, LineFailure, LineOrder};

/// Between two keys: a key lasts 100 ms, and receivers want a pause.
const BETWEEN_KEYS: Duration = Duration::from_millis(200);

const fn failed(code: &'static str) -> LineFailure {
    LineFailure::Call { code }
}

/// Does one thing.
pub(super) async fn carry_out(line: &LocalLine, call: &CallRow, order: LineOrder) -> Result<(), LineFailure> {
    let Some(room) = line.room(call.id) else {
        return without_room(&order);
    };
    match order {
        LineOrder::Ring { .. } => ring_at_agent(line, &room).await,
        // Browsers stop by the event.
        LineOrder::StopRinging { .. } => Ok(()),
        LineOrder::Seat { .. } => seat(line, &room).await,
        LineOrder::Unseat { agent } => {
            seats::remove_agent(line, &room, agent).await;
            Ok(())
        }
        LineOrder::RingOutside { to, from } => trunk::ring(line, &room, &to, &from).await,
        LineOrder::TakeVoicemail { recording } => take_voicemail(line, &room, recording).await,
        LineOrder::Announce { announcement } => announce(line, &room, announcement).await,
        LineOrder::StartRecording { recording } => start_recording(line, &room, recording).await,
        LineOrder::PauseRecording => set_tape(line, &room, Begins::Paused).await,
        LineOrder::ResumeRecording => set_tape(line, &room, Begins::Running).await,
        LineOrder::SetMicrophone { agent, microphone } => set_microphone(line, &room, agent, microphone).await,
        LineOrder::SetOutside(state) => set_outside(line, &room, state).await,
        LineOrder::Press { digits } => press(line, &room, &digits).await,
        LineOrder::Supervise { supervisor, mode } => supervise(line, &room, call, supervisor, mode).await,
        LineOrder::Dismiss { supervisor, .. } => {
            seats::remove_supervisor(line, &room, supervisor).await;
            Ok(())
        }
        LineOrder::HangUp => {
            hang_up(line, &room).await;
            Ok(())
        }
    }
}

fn without_room(order: &LineOrder) -> Result<(), LineFailure> {
    match order {
        LineOrder::HangUp
        | LineOrder::StopRinging { .. }
        | LineOrder::Unseat { .. }
        | LineOrder::Dismiss { .. }
        | LineOrder::PauseRecording => Ok(()),
        LineOrder::Supervise { supervisor, .. } => Err(LineFailure::Supervisor {
            user: *supervisor,
            code: "no_room",
        }),
        LineOrder::Ring { .. }
        | LineOrder::Seat { .. }
        | LineOrder::RingOutside { .. }
        | LineOrder::TakeVoicemail { .. }
        | LineOrder::Announce { .. }
        | LineOrder::StartRecording { .. }
        | LineOrder::ResumeRecording
        | LineOrder::SetMicrophone { .. }
        | LineOrder::SetOutside(_)
        | LineOrder::Press { .. } => Err(failed("no_room")),
    }
}

/// An incoming call rings at an agent: the caller hears that. In a transfer the two talk on.
async fn ring_at_agent(line: &LocalLine, room: &Room) -> Result<(), LineFailure> {
    let mut seats = room.seats.lock().await;
    if seats.stage == Stage::Ringing
        && let Some(leg) = seats.outside.leg
    {
        ring_back(line, &mut seats, leg).await.map_err(|_| failed("no_ringing_tone"))?;
    }
    Ok(())
}

/// Plays the ringing tone to somebody who waits.
pub(super) async fn ring_back(line: &LocalLine, seats: &mut Seats, leg: LegId) -> Result<(), EngineError> {
    stop_ringing(line, seats).await?;
    seats.ringback = Some(line.engine.play(leg, line.sounds.ringing.clone(), Repeat::Forever).await?);
    Ok(())
}

pub(super) async fn stop_ringing(line: &LocalLine, seats: &mut Seats) -> Result<(), EngineError> {
    match seats.ringback.take() {
        Some(playback) => line.engine.stop_playing(playback).await,
        None => Ok(()),
    }
}

async fn seat(line: &LocalLine, room: &Room) -> Result<(), LineFailure> {
    let mut seats = room.seats.lock().await;
    seats.stage = Stage::Talking;
    stop_ringing(line, &mut seats).await.map_err(|_| failed("engine"))?;
    if seats.outside.is_connected {
        trunk::connected(line, room);
    }
    Ok(())
}

async fn take_voicemail(line: &LocalLine, room: &Room, recording: RecordingId) -> Result<(), LineFailure> {
    let mut seats = room.seats.lock().await;
    seats.stage = Stage::Machine;
    stop_ringing(line, &mut seats).await.map_err(|_| failed("engine"))?;
    seats.tape = Tape::Greeting { recording };
    if seats.outside.is_connected {
        trunk::connected(line, room);
        tapes::greet(line, room, &mut seats).await.map_err(|_| failed("no_greeting"))?;
    }
    Ok(())
}

async fn announce(line: &LocalLine, room: &Room, announcement: Announcement) -> Result<(), LineFailure> {
    let mut seats = room.seats.lock().await;
    let clip = line.sounds.announcement(room.organization, announcement).await;
    let playback = line.engine.announce(room.bridge, clip, Repeat::Once).await;
    let playback = playback.map_err(|_| failed("no_announcement"))?;
    line.index().played.insert(playback, room.call);
    seats.tape = Tape::Announcing { playback, then: None };
    Ok(())
}

/// After the announcement, if there is one; a recording that cannot be made does not end the call.
async fn start_recording(line: &LocalLine, room: &Room, recording: RecordingId) -> Result<(), LineFailure> {
    let mut seats = room.seats.lock().await;
    let due = Due {
        recording,
        begins: Begins::Running,
    };
    match seats.tape {
        Tape::Announcing { playback, .. } => {
            seats.tape = Tape::Announcing { playback, then: Some(due) };
        }
        Tape::None | Tape::Greeting { .. } => tapes::begin(line, room, &mut seats, due).await,
        Tape::Running(_) => {}
    }
    Ok(())
}

async fn set_tape(line: &LocalLine, room: &Room, begins: Begins) -> Result<(), LineFailure> {
    let mut seats = room.seats.lock().await;
    match &mut seats.tape {
        Tape::Announcing { then: Some(due), .. } => due.begins = begins,
        Tape::Running(tape) => {
            let set = match begins {
                Begins::Running => line.engine.resume(*tape).await,
                Begins::Paused => line.engine.pause(*tape).await,
            };
            // Going on with what shall not be recorded would be worse than an end.
            set.map_err(|_| failed("recording"))?;
        }
        Tape::None | Tape::Announcing { then: None, .. } | Tape::Greeting { .. } => {}
    }
    Ok(())
}

async fn set_microphone(line: &LocalLine, room: &Room, agent: UserId, microphone: Microphone) -> Result<(), LineFailure> {
    let seats = room.seats.lock().await;
    // Whoever is not there gets it with their leg.
    let Some(leg) = seats.agents.get(&agent) else {
        return Ok(());
    };
    let set = line.engine.set_microphone(*leg, seats::microphone(microphone)).await;
    set.map_err(|_| failed("microphone"))
}

async fn set_outside(line: &LocalLine, room: &Room, state: OutsideLine) -> Result<(), LineFailure> {
    let mut seats = room.seats.lock().await;
    seats.outside.line = state;
    apply_hold(line, room, &mut seats).await.map_err(|_| failed("hold"))
}

/// Has the outside party's leg talk or wait with music, as it should.
pub(super) async fn apply_hold(line: &LocalLine, room: &Room, seats: &mut Seats) -> Result<(), EngineError> {
    if let Some(playback) = seats.hold.take() {
        line.engine.stop_playing(playback).await?;
    }
    let Some(leg) = seats.outside.leg else {
        return Ok(());
    };
    match seats.outside.line {
        OutsideLine::Talking => line.engine.set_hold(leg, Hold::Talking).await,
        OutsideLine::OnHold => {
            line.engine.set_hold(leg, Hold::OnHold).await?;
            let clip = line.sounds.hold(room.organization).await;
            seats.hold = Some(line.engine.play(leg, clip, Repeat::Forever).await?);
            Ok(())
        }
    }
}

async fn press(line: &LocalLine, room: &Room, digits: &str) -> Result<(), LineFailure> {
    let leg = room.seats.lock().await.outside.leg;
    let Some(leg) = leg else {
        return Ok(());
    };
    let keys: Vec<Digit> = digits.chars().filter_map(Digit::of_key).collect();
    let engine = line.engine.clone();
    tokio::spawn(async move {
        for key in keys {
            if engine.press(leg, key).await.is_err() {
                return;
            }
            tokio::time::sleep(BETWEEN_KEYS).await;
        }
    });
    Ok(())
}

async fn supervise(line: &LocalLine, room: &Room, call: &CallRow, user: UserId, mode: Mode) -> Result<(), LineFailure> {
    let mut seats = room.seats.lock().await;
    let agent = call.call.agent().and_then(|agent| seats.agents.get(&agent).copied());
    let there = seats.supervisors.entry(user).or_insert(super::room::Supervisor { mode, leg: None });
    there.mode = mode;
    let Some(leg) = there.leg else {
        return Ok(());
    };
    let failed = |code| LineFailure::Supervisor { user, code };
    let supervision = seats::supervision(mode, agent).ok_or_else(|| failed("nobody_to_whisper_to"))?;
    let set = line.engine.set_supervision(leg, supervision).await;
    set.map_err(|_| failed("supervision"))
}

async fn hang_up(line: &LocalLine, room: &Room) {
    let unmade = {
        let mut seats = room.seats.lock().await;
        if std::mem::take(&mut seats.outside.is_at_the_far_end) {
            trunk::tell(line, room, TrunkOrder::HangUp { call: room.call });
        }
        match std::mem::replace(&mut seats.tape, Tape::None) {
            Tape::Announcing { then: Some(due), .. } => Some(due.recording),
            Tape::Greeting { recording } => Some(recording),
            Tape::None | Tape::Announcing { then: None, .. } | Tape::Running(_) => None,
        }
    };
    // It ended before there was anything to record.
    if let Some(recording) = unmade {
        room.hear(LineEvent::RecordingFailed { recording });
    }
    line.close(room.call).await;
}
