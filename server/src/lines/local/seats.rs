//! Legs of a call: an offer becomes one, as what the switch judged; another one of the same party takes the place of the former, whose
//! end is then nobody's business. A new leg gets the microphone, the hold and the mode that the call says.

use casewire_core::calls::Mode;
use casewire_core::calls::state::{Microphone, OutsideLine, State};
use casewire_core::id::UserId;
use casewire_store::calls::CallRow;
use casewire_voice::{EngineError, LegId, Role, Supervision};

use super::room::{Room, Seats, Stage, Supervisor};
use super::{LocalLine, desk};
use crate::lines::{LegParty, LineEvent};
use crate::problem::{Problem, ProblemCode};

/// The engine's word for a microphone.
pub(super) const fn microphone(microphone: Microphone) -> casewire_voice::Microphone {
    match microphone {
        Microphone::Open => casewire_voice::Microphone::Open,
        Microphone::Muted => casewire_voice::Microphone::Muted,
    }
}

/// The engine's word for a mode; none for a whisper to nobody.
pub(super) fn supervision(mode: Mode, agent: Option<LegId>) -> Option<Supervision> {
    match mode {
        Mode::Listen => Some(Supervision::Listen),
        Mode::Whisper => agent.map(|agent| Supervision::Whisper { agent }),
        Mode::Barge => Some(Supervision::Barge),
    }
}

/// What an error of the engine is to whoever offered.
pub(super) fn problem(error: &EngineError) -> Problem {
    match error {
        EngineError::Offer(_) => Problem::of(ProblemCode::OfferRefused),
        EngineError::Voice(casewire_voice::VoiceError::NoSuchBridge) => Problem::of(ProblemCode::CallEnded),
        EngineError::Voice(_) | EngineError::Stopped | EngineError::Io(_) => {
            tracing::error!(%error, "the voice engine could not take a leg");
            Problem::of(ProblemCode::LineFailed)
        }
    }
}

/// Lets a browser in; the answer to its offer.
pub(super) async fn take(line: &LocalLine, room: &Room, call: &CallRow, party: LegParty, sdp: &str) -> Result<String, Problem> {
    let mut seats = room.seats.lock().await;
    match party {
        LegParty::Agent(user) => agent(line, room, &mut seats, call, user, sdp).await,
        LegParty::Supervisor { user, mode } => supervisor(line, room, &mut seats, call, (user, mode), sdp).await,
    }
    .map_err(|error| problem(&error))
}

async fn agent(line: &LocalLine, room: &Room, seats: &mut Seats, call: &CallRow, user: UserId, sdp: &str) -> Result<String, EngineError> {
    let (leg, answer) = add(line, room, Role::Agent, sdp).await?;
    let former = seats.agents.insert(user, leg);
    if let State::Answered(talk) = call.call.state()
        && talk.agent == user
    {
        line.engine.set_microphone(leg, microphone(talk.microphone)).await?;
    }
    if let Some(former) = former {
        // A page that is loaded anew was gone, whether it said goodbye or not: whoever spoke to its agent listens.
        remove(line, former).await;
        room.hear(LineEvent::AgentLost { user });
    }
    if seats.stage == Stage::Ringing && seats.ringback.is_some() && seats.outside.leg.is_none() {
        desk::ring_back(line, seats, leg).await?;
    }
    Ok(answer)
}

async fn supervisor(
    line: &LocalLine,
    room: &Room,
    seats: &mut Seats,
    call: &CallRow,
    (user, mode): (UserId, Mode),
    sdp: &str,
) -> Result<String, EngineError> {
    let agent = call.call.agent().and_then(|agent| seats.agents.get(&agent).copied());
    // Silent to begin with: what cannot be set stays a listener.
    let (leg, answer) = add(line, room, Role::Supervisor(Supervision::Listen), sdp).await?;
    let former = seats.supervisors.insert(user, Supervisor { mode, leg: Some(leg) });
    if let Some(former) = former.and_then(|former| former.leg) {
        remove(line, former).await;
    }
    if let Some(wanted) = supervision(mode, agent) {
        line.engine.set_supervision(leg, wanted).await?;
    }
    Ok(answer)
}

/// Lets the outside party in, or in again; the answer to its offer.
pub(super) async fn outside(line: &LocalLine, room: &Room, sdp: &str) -> Result<String, Problem> {
    let mut seats = room.seats.lock().await;
    let added = add(line, room, Role::Outside, sdp).await;
    let (leg, answer) = added.map_err(|error| problem(&error))?;
    let former = seats.outside.leg.replace(leg);
    seats.outside.is_connected = false;
    seats.outside.is_at_the_far_end = true;
    if let Some(former) = former {
        remove(line, former).await;
    }
    if seats.outside.line == OutsideLine::OnHold {
        let held = desk::apply_hold(line, room, &mut seats).await;
        held.map_err(|error| problem(&error))?;
    }
    Ok(answer)
}

async fn add(line: &LocalLine, room: &Room, role: Role, sdp: &str) -> Result<(LegId, String), EngineError> {
    let (leg, answer) = line.engine.add_leg(room.bridge, role, sdp).await?;
    line.index().legs.insert(leg, room.call);
    Ok((leg, answer))
}

/// Takes a leg off; its end is no event.
async fn remove(line: &LocalLine, leg: LegId) {
    line.index().legs.remove(&leg);
    if let Err(error) = line.engine.remove_leg(leg).await {
        tracing::debug!(%error, "a leg was gone before");
    }
}

/// This agent is no party any more.
pub(super) async fn remove_agent(line: &LocalLine, room: &Room, agent: UserId) {
    let leg = room.seats.lock().await.agents.remove(&agent);
    if let Some(leg) = leg {
        remove(line, leg).await;
    }
}

/// This supervisor is off the call.
pub(super) async fn remove_supervisor(line: &LocalLine, room: &Room, user: UserId) {
    let there = room.seats.lock().await.supervisors.remove(&user);
    if let Some(leg) = there.and_then(|there| there.leg) {
        remove(line, leg).await;
    }
}
