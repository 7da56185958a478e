//! Recordings of the local line: the greeting and the tone before a voicemail, the beginning of a recording, and its completion, with
//! its shape for the player drawn beside it. One that was cut off by a crash is completed at the next start.

use casewire_core::id::{CallId, OrganizationId, RecordingId};
use casewire_voice::{EngineError, Repeat};

use super::room::{Begins, Due, Room, Seats, Tape};
use super::{Kept, LocalLine};
use crate::lines::{LineEvent, switch};
use crate::problem::ProblemCode;
use crate::state::App;

/// Says to a caller that they can speak after the tone.
pub(super) async fn greet(line: &LocalLine, room: &Room, seats: &mut Seats) -> Result<(), EngineError> {
    let (Tape::Greeting { recording }, Some(leg)) = (seats.tape, seats.outside.leg) else {
        return Ok(());
    };
    let clip = line.sounds.greeting(room.organization).await;
    let playback = line.engine.play(leg, clip, Repeat::Once).await?;
    line.index().played.insert(playback, room.call);
    let due = Due {
        recording,
        begins: Begins::Running,
    };
    seats.tape = Tape::Announcing { playback, then: Some(due) };
    Ok(())
}

/// Begins to record; where that cannot be, the call goes on without, and says so.
pub(super) async fn begin(line: &LocalLine, room: &Room, seats: &mut Seats, due: Due) {
    let path = match line.shelf.prepare(room.organization, due.recording).await {
        Ok(path) => path,
        Err(error) => return fail(room, due.recording, error.kind()),
    };
    match line.engine.record(room.bridge, path).await {
        Ok(tape) => {
            let kept = Kept {
                organization: room.organization,
                call: room.call,
                recording: due.recording,
            };
            line.index().tapes.insert(tape, kept);
            seats.tape = Tape::Running(tape);
            if due.begins == Begins::Paused && line.engine.pause(tape).await.is_err() {
                room.hear(LineEvent::LineLost);
            }
        }
        Err(EngineError::Io(error)) => fail(room, due.recording, error.kind()),
        Err(EngineError::Stopped | EngineError::Offer(_) | EngineError::Voice(_)) => fail(room, due.recording, std::io::ErrorKind::Other),
    }
}

fn fail(room: &Room, recording: RecordingId, kind: std::io::ErrorKind) {
    tracing::error!(call = %room.call, ?kind, "a call cannot be recorded");
    room.hear(LineEvent::RecordingFailed { recording });
}

/// The engine has written a recording to its end, or as far as it could.
pub(super) fn complete(line: &LocalLine, tape: casewire_voice::RecordingId, missing: u64) {
    let kept = line.index().tapes.remove(&tape);
    let (Some(kept), Some(app)) = (kept, line.server.get()) else {
        return;
    };
    if missing > 0 {
        tracing::warn!(call = %kept.call, frames = missing, "the disk was too slow for a recording, which is silent there");
    }
    let shelf = std::sync::Arc::clone(&line.shelf);
    app.tasks
        .clone()
        .spawn(async move { finish(&app, &shelf, kept.organization, kept.call, kept.recording).await });
}

/// Says that a recording can be heard, once its file and its shape are there; or that there is none.
pub(super) async fn finish(app: &App, shelf: &super::FolderShelf, organization: OrganizationId, call: CallId, recording: RecordingId) {
    let event = match shelf.complete(organization, recording).await {
        Ok((file, extent)) => LineEvent::RecordingReady {
            recording,
            file,
            duration_ms: u64::try_from(extent.length.as_millis()).unwrap_or(u64::MAX),
            bytes: extent.bytes,
        },
        Err(error) => {
            tracing::error!(%call, kind = ?error.kind(), "a recording cannot be read");
            LineEvent::RecordingFailed { recording }
        }
    };
    if let Err(problem) = switch::hear(app, organization, call, event).await
        && problem.code() != ProblemCode::NotFound
    {
        tracing::error!(%call, code = problem.code().as_str(), "that a recording is complete could not be written down");
    }
}
