//! What the media thread is asked to do, each with a way to answer. One that nobody waits for any more is carried out all the same.

use std::fs::File;
use std::time::Instant;

use tokio::sync::oneshot::Sender;

use crate::bridge::Tape;
use crate::clip::{Clip, Repeat};
use crate::engine::Health;
use crate::hears::{Hold, Microphone, Role, Supervision};
use crate::id::{BridgeId, LegId, PlaybackId, RecordingId};
use crate::keypad::Digit;
use crate::recorder::Recorder;
use crate::session::Session;
use crate::switchboard::{Switchboard, VoiceError};

type Reply = Sender<Result<(), VoiceError>>;

#[rustfmt::skip]
pub enum Command {
    Start { bridge: BridgeId, reply: Sender<()> },
    AddLeg { bridge: BridgeId, leg: LegId, role: Role, session: Box<Session>, reply: Reply },
    Supervise { leg: LegId, supervision: Supervision, reply: Reply },
    Microphone { leg: LegId, microphone: Microphone, reply: Reply },
    Hold { leg: LegId, hold: Hold, reply: Reply },
    Play { leg: LegId, id: PlaybackId, clip: Clip, repeat: Repeat, reply: Reply },
    Announce { bridge: BridgeId, id: PlaybackId, clip: Clip, repeat: Repeat, reply: Reply },
    StopPlaying { id: PlaybackId, reply: Sender<()> },
    Press { leg: LegId, digit: Digit, reply: Reply },
    Record { bridge: BridgeId, recording: RecordingId, file: File, reply: Reply },
    Tape { recording: RecordingId, tape: Tape, reply: Reply },
    RemoveLeg { leg: LegId, reply: Reply },
    HangUp { bridge: BridgeId, reply: Reply },
    Health { reply: Sender<Health> },
}

/// Carries out a command.
pub fn carry_out(command: Command, board: &mut Switchboard, recorder: &mut Recorder, health: &Health, now: Instant) {
    match command {
        Command::Start { bridge, reply } => {
            board.start(bridge);
            answer(reply, ());
        }
        Command::AddLeg {
            bridge,
            leg,
            role,
            session,
            reply,
        } => answer(reply, board.add_leg(bridge, leg, role, *session, now)),
        Command::Supervise { leg, supervision, reply } => answer(reply, board.set_supervision(leg, supervision)),
        Command::Microphone { leg, microphone, reply } => answer(reply, board.set_microphone(leg, microphone)),
        Command::Hold { leg, hold, reply } => answer(reply, board.set_hold(leg, hold)),
        Command::Play {
            leg,
            id,
            clip,
            repeat,
            reply,
        } => answer(reply, board.play(leg, id, clip, repeat)),
        Command::Announce {
            bridge,
            id,
            clip,
            repeat,
            reply,
        } => answer(reply, board.announce(bridge, id, clip, repeat)),
        Command::StopPlaying { id, reply } => {
            board.stop_playing(id);
            answer(reply, ());
        }
        Command::Press { leg, digit, reply } => answer(reply, board.press(leg, digit)),
        Command::Record {
            bridge,
            recording,
            file,
            reply,
        } => answer(reply, record(board, recorder, bridge, recording, file)),
        Command::Tape { recording, tape, reply } => answer(reply, board.set_tape(recording, tape)),
        Command::RemoveLeg { leg, reply } => answer(reply, board.remove_leg(leg, now)),
        Command::HangUp { bridge, reply } => answer(reply, board.hang_up(bridge, now)),
        Command::Health { reply } => {
            let (calls, legs) = board.size();
            let recording_missing = recorder.missing();
            answer(
                reply,
                Health {
                    calls,
                    legs,
                    recording_missing,
                    ..*health
                },
            );
        }
    }
}

fn record(
    board: &mut Switchboard,
    recorder: &mut Recorder,
    bridge: BridgeId,
    recording: RecordingId,
    file: File,
) -> Result<(), VoiceError> {
    board.record(bridge, recording)?;
    if recorder.open(recording, file) {
        return Ok(());
    }
    board.set_tape(recording, Tape::Off)?;
    Err(VoiceError::Full)
}

fn answer<T>(reply: Sender<T>, result: T) {
    if reply.send(result).is_err() {
        tracing::debug!("whoever asked the voice engine did not wait for the answer");
    }
}
