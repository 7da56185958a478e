//! One call's audio without any network: legs with their jitter buffers go in, a mixed frame per leg and one for the recording come
//! out on every tick. Asks `hears` for every pair, and forgets what was said under another policy whenever that changes.

use std::collections::BTreeMap;

use crate::clip::{Clip, Repeat};
use crate::hears::{Hold, Listener, Microphone, Party, Role, Supervision, hears};
use crate::id::{LegId, PlaybackId};
use crate::jitter::{Counters, FRAME, Frame, Jitter};
use crate::mixer::{Ear, clipped};

/// A frame of both channels: the agent's left, everybody else's right, one after the other.
pub type StereoFrame = [i16; FRAME * 2];

/// Whether the call is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tape {
    /// Not.
    Off,
    /// It is.
    Running,
    /// It was, and may go on; what is said meanwhile is left out.
    Paused,
}

/// Why a step on a bridge is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BridgeError {
    /// No such leg on this bridge.
    #[error("no such leg")]
    NoSuchLeg,
    /// Only a supervisor can be told how to supervise.
    #[error("not a supervisor")]
    NotASupervisor,
    /// A whisper is to an agent on the same bridge.
    #[error("a whisper needs an agent to be heard by")]
    NoSuchAgent,
}

/// What a tick made.
#[derive(Debug, Default)]
pub struct Ticked {
    /// What each leg hears.
    pub heard: Vec<(LegId, Frame)>,
    /// What is recorded, while the tape runs.
    pub recorded: Option<StereoFrame>,
    /// What was played to its end.
    pub finished: Vec<PlaybackId>,
}

/// The legs of a call and what they hear.
#[derive(Debug)]
pub struct Bridge {
    seats: BTreeMap<LegId, Seat>,
    tape: Tape,
    left: Ear,
    right: Ear,
    announcement: Option<Playback>,
}

#[derive(Debug)]
struct Seat {
    party: Party,
    jitter: Jitter,
    frame: Frame,
    ear: Ear,
    playing: Option<Playback>,
    /// The sum of squares since the level was asked for last, and of how many samples.
    loudness: (f64, u32),
}

#[derive(Debug)]
struct Playback {
    id: PlaybackId,
    clip: Clip,
    at: usize,
    repeat: Repeat,
}

impl Default for Bridge {
    fn default() -> Self {
        Self {
            seats: BTreeMap::new(),
            tape: Tape::Off,
            left: Ear::default(),
            right: Ear::default(),
            announcement: None,
        }
    }
}

impl Bridge {
    /// Lets a leg in.
    ///
    /// # Errors
    /// [`BridgeError::NoSuchAgent`]: a whisper to nobody.
    pub fn add(&mut self, leg: LegId, role: Role) -> Result<(), BridgeError> {
        if let Role::Supervisor(supervision) = role {
            self.check(supervision)?;
        }
        let party = Party {
            leg,
            role,
            microphone: Microphone::Open,
            hold: Hold::Talking,
        };
        let seat = Seat {
            party,
            jitter: Jitter::default(),
            frame: [0; FRAME],
            ear: Ear::default(),
            playing: None,
            loudness: (0.0, 0),
        };
        self.seats.insert(leg, seat);
        Ok(())
    }

    /// Takes a leg off. Whoever whispered to it listens: their agent is gone.
    pub fn remove(&mut self, leg: LegId) {
        self.seats.remove(&leg);
        for seat in self.seats.values_mut() {
            if seat.party.role == Role::Supervisor(Supervision::Whisper { agent: leg }) {
                seat.party.role = Role::Supervisor(Supervision::Listen);
                seat.jitter.forget();
            }
        }
    }

    /// The legs.
    pub fn legs(&self) -> impl Iterator<Item = LegId> {
        self.seats.keys().copied()
    }

    /// Takes in what a leg said.
    pub fn push(&mut self, leg: LegId, timestamp: u64, samples: impl ExactSizeIterator<Item = i16>) {
        if let Some(seat) = self.seats.get_mut(&leg) {
            seat.jitter.push(timestamp, samples);
        }
    }

    /// Sets what a supervisor does, from this tick on: what they said before is heard by nobody any more.
    ///
    /// # Errors
    /// [`BridgeError`].
    pub fn set_supervision(&mut self, leg: LegId, supervision: Supervision) -> Result<(), BridgeError> {
        self.check(supervision)?;
        let seat = self.seat(leg)?;
        match seat.party.role {
            Role::Supervisor(before) => {
                if before != supervision {
                    seat.party.role = Role::Supervisor(supervision);
                    seat.jitter.forget();
                }
                Ok(())
            }
            Role::Agent | Role::Outside => Err(BridgeError::NotASupervisor),
        }
    }

    /// Sets a microphone. What was said while it was muted is never heard.
    ///
    /// # Errors
    /// [`BridgeError::NoSuchLeg`].
    pub fn set_microphone(&mut self, leg: LegId, microphone: Microphone) -> Result<(), BridgeError> {
        let seat = self.seat(leg)?;
        if seat.party.microphone != microphone {
            seat.party.microphone = microphone;
            seat.jitter.forget();
        }
        Ok(())
    }

    /// Puts a leg on hold or takes it back. What was said on hold is never heard.
    ///
    /// # Errors
    /// [`BridgeError::NoSuchLeg`].
    pub fn set_hold(&mut self, leg: LegId, hold: Hold) -> Result<(), BridgeError> {
        let seat = self.seat(leg)?;
        if seat.party.hold != hold {
            seat.party.hold = hold;
            seat.jitter.forget();
        }
        Ok(())
    }

    /// Starts, pauses or stops the recording.
    pub fn set_tape(&mut self, tape: Tape) {
        self.tape = tape;
        self.left.close();
        self.right.close();
    }

    /// Plays a clip to one leg, also on hold; it is not recorded. Another one takes its place.
    ///
    /// # Errors
    /// [`BridgeError::NoSuchLeg`].
    pub fn play_to(&mut self, leg: LegId, id: PlaybackId, clip: Clip, repeat: Repeat) -> Result<(), BridgeError> {
        self.seat(leg)?.playing = Some(Playback { id, clip, at: 0, repeat });
        Ok(())
    }

    /// Plays a clip to everybody and the recording. Another one takes its place.
    pub fn announce(&mut self, id: PlaybackId, clip: Clip, repeat: Repeat) {
        self.announcement = Some(Playback { id, clip, at: 0, repeat });
    }

    /// Stops what is played, wherever it is.
    pub fn stop(&mut self, id: PlaybackId) {
        self.announcement.take_if(|playing| playing.id == id);
        for seat in self.seats.values_mut() {
            seat.playing.take_if(|playing| playing.id == id);
        }
    }

    /// How loud each leg was since the last time, as dB of full scale, whoever heard it.
    pub fn levels(&mut self) -> Vec<(LegId, f32)> {
        self.seats
            .iter_mut()
            .map(|(leg, seat)| {
                let (squares, samples) = std::mem::take(&mut seat.loudness);
                (*leg, decibels(squares, samples))
            })
            .collect()
    }

    /// What happened to a leg's packets, and how many milliseconds of them lie in wait.
    #[must_use]
    pub fn counters(&self, leg: LegId) -> Option<(Counters, u32)> {
        self.seats.get(&leg).map(|seat| (seat.jitter.counters(), seat.jitter.buffered_ms()))
    }

    /// Twenty milliseconds pass.
    pub fn tick(&mut self) -> Ticked {
        let mut ticked = Ticked::default();
        for seat in self.seats.values_mut() {
            seat.jitter.pull(&mut seat.frame);
            let squares: f64 = seat.frame.iter().map(|sample| f64::from(*sample) * f64::from(*sample)).sum();
            seat.loudness.0 += squares;
            seat.loudness.1 += 160;
        }
        let announced = next_frame(&mut self.announcement, &mut ticked.finished);
        let sources: Vec<(Party, Frame)> = self.seats.values().map(|seat| (seat.party, seat.frame)).collect();
        for (leg, seat) in &mut self.seats {
            let listener = Listener::Party(seat.party);
            let mut sum = seat.ear.mix(heard(&sources, |source| hears(listener, source)));
            add(&mut sum, announced.as_ref());
            add(&mut sum, next_frame(&mut seat.playing, &mut ticked.finished).as_ref());
            ticked.heard.push((*leg, clipped(&sum)));
        }
        ticked.recorded = self.record(&sources, announced.as_ref());
        ticked
    }

    fn record(&mut self, sources: &[(Party, Frame)], announced: Option<&Frame>) -> Option<StereoFrame> {
        match self.tape {
            Tape::Running => {}
            Tape::Off | Tape::Paused => return None,
        }
        let outside = sources.iter().find(|(party, _)| party.role == Role::Outside);
        let listener = Listener::Recording {
            outside: outside.map_or(Hold::Talking, |(party, _)| party.hold),
        };
        let left = self
            .left
            .mix(heard(sources, |source| source.role == Role::Agent && hears(listener, source)));
        let mut right = self
            .right
            .mix(heard(sources, |source| source.role != Role::Agent && hears(listener, source)));
        add(&mut right, announced);
        let mut stereo = [0; FRAME * 2];
        let interleaved = clipped(&left)
            .into_iter()
            .zip(clipped(&right))
            .flat_map(|(left, right)| [left, right]);
        for (to, from) in stereo.iter_mut().zip(interleaved) {
            *to = from;
        }
        Some(stereo)
    }

    fn seat(&mut self, leg: LegId) -> Result<&mut Seat, BridgeError> {
        self.seats.get_mut(&leg).ok_or(BridgeError::NoSuchLeg)
    }

    fn check(&self, supervision: Supervision) -> Result<(), BridgeError> {
        match supervision {
            Supervision::Listen | Supervision::Barge => Ok(()),
            Supervision::Whisper { agent } => match self.seats.get(&agent).map(|seat| seat.party.role) {
                Some(Role::Agent) => Ok(()),
                Some(Role::Outside | Role::Supervisor(_)) | None => Err(BridgeError::NoSuchAgent),
            },
        }
    }
}

fn heard(sources: &[(Party, Frame)], hears: impl Fn(Party) -> bool) -> impl Iterator<Item = (LegId, &Frame)> {
    sources
        .iter()
        .filter(move |(source, _)| hears(*source))
        .map(|(source, frame)| (source.leg, frame))
}

fn add(sum: &mut [f32; FRAME], frame: Option<&Frame>) {
    if let Some(frame) = frame {
        for (total, sample) in sum.iter_mut().zip(frame) {
            *total += f32::from(*sample);
        }
    }
}

/// The next frame of what is played; none where nothing is.
fn next_frame(playing: &mut Option<Playback>, finished: &mut Vec<PlaybackId>) -> Option<Frame> {
    let playback = playing.as_mut()?;
    let mut frame = [0; FRAME];
    for to in &mut frame {
        if playback.repeat == Repeat::Forever && playback.at >= playback.clip.length() {
            playback.at = 0;
        }
        *to = playback.clip.sample(playback.at).unwrap_or(0);
        playback.at += 1;
    }
    if playback.repeat == Repeat::Once && playback.at >= playback.clip.length() {
        finished.push(playback.id);
        *playing = None;
    }
    Some(frame)
}

/// The least level that is told apart from silence.
const SILENCE: f32 = -96.0;

#[expect(clippy::cast_possible_truncation, reason = "a level needs no 52 bits")]
fn decibels(squares: f64, samples: u32) -> f32 {
    if samples == 0 || squares <= 0.0 {
        return SILENCE;
    }
    let mean = squares / f64::from(samples) / (32_768.0 * 32_768.0);
    ((10.0 * mean.log10()) as f32).max(SILENCE)
}

#[cfg(test)]
#[path = "bridge/tests.rs"]
mod tests;
