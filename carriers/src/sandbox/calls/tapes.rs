//! Recordings: how long each is, and a sound of that length that a player can show: a low hum, and a higher one in the other
//! channel, for the sandbox has no audio.

use casewire_core::time::{Timestamp, micros};

use super::verbs::Taping;
use super::{Desk, Tape, TapeState};
use crate::sandbox::messages::new_sid;

/// Samples in a second.
const RATE: u32 = 8000;
/// The longest sound that is made up.
const LONGEST: i64 = 3600;

/// What is recorded.
pub(super) enum Of {
    Call(String),
    Room(String),
}

impl Tape {
    pub(super) fn seconds(&self, now: Timestamp) -> i64 {
        let running = self.running_since.map_or(0, |since| micros(now.since(since)));
        // Rounded up: a message that was spoken has at least a second.
        (self.recorded + running + 999_999).div_euclid(1_000_000)
    }

    fn pause(&mut self, now: Timestamp) {
        if let Some(since) = self.running_since.take() {
            self.recorded += micros(now.since(since));
        }
    }

    /// A WAV file as long as the recording.
    pub(super) fn sound(&self) -> Vec<u8> {
        let channels: u16 = if self.dual { 2 } else { 1 };
        let samples = u32::try_from(self.seconds(self.updated_at).clamp(0, LONGEST)).unwrap_or(0) * RATE;
        let bytes = samples * u32::from(channels);
        let mut wav = Vec::new();
        wav.extend_from_slice(b"RIFF");
        wav.extend_from_slice(&(36 + bytes).to_le_bytes());
        wav.extend_from_slice(b"WAVEfmt ");
        wav.extend_from_slice(&16_u32.to_le_bytes());
        wav.extend_from_slice(&1_u16.to_le_bytes());
        wav.extend_from_slice(&channels.to_le_bytes());
        wav.extend_from_slice(&RATE.to_le_bytes());
        wav.extend_from_slice(&(RATE * u32::from(channels)).to_le_bytes());
        wav.extend_from_slice(&channels.to_le_bytes());
        wav.extend_from_slice(&8_u16.to_le_bytes());
        wav.extend_from_slice(b"data");
        wav.extend_from_slice(&bytes.to_le_bytes());
        let wave = |at: u32, half: u32| if (at / half).is_multiple_of(2) { 136_u8 } else { 120 };
        for at in 0..samples {
            wav.push(wave(at, 36));
            if self.dual {
                wav.push(wave(at, 18));
            }
        }
        wav
    }
}

impl Desk<'_> {
    pub(super) fn tape_url(&self, tape: &Tape) -> String {
        format!(
            "{}/2010-04-01/Accounts/{}/Recordings/{}",
            self.shared.base, tape.account_sid, tape.sid
        )
    }

    /// Starts to record; the id of the recording.
    pub(super) fn start_tape(&mut self, of: Of, taping: &Taping, source: &str) -> Option<String> {
        let (account_sid, call_sid, conference_sid) = match of {
            Of::Call(sid) => (self.call(&sid)?.account_sid.clone(), Some(sid), None),
            Of::Room(sid) => (self.world.exchange.room(&sid)?.account_sid.clone(), None, Some(sid)),
        };
        let sid = new_sid("RE").ok()?;
        let tape = Tape {
            sid: sid.clone(),
            account_sid,
            call_sid,
            conference_sid,
            state: TapeState::InProgress,
            dual: taping.dual,
            track: "both".to_owned(),
            source: source.to_owned(),
            created_at: self.now,
            updated_at: self.now,
            recorded: 0,
            running_since: Some(self.now),
            watch: taping.watch.clone(),
        };
        self.exchange().put_tape(tape);
        self.tell_tape(&sid, "in-progress");
        Some(sid)
    }

    /// Pauses a recording, or lets it go on.
    pub(super) fn steer_tape(&mut self, sid: &str, to: TapeState) {
        let now = self.now;
        if let Some(tape) = self.exchange().tape_mut(sid) {
            tape.updated_at = now;
            tape.state = to;
            if to == TapeState::InProgress {
                tape.running_since.get_or_insert(now);
            } else {
                tape.pause(now);
            }
        }
    }

    /// A recording is complete.
    pub(super) fn stop_tape(&mut self, sid: &str) {
        let now = self.now;
        let Some(tape) = self.exchange().tape_mut(sid) else { return };
        match tape.state {
            TapeState::InProgress | TapeState::Paused => {}
            TapeState::Completed | TapeState::Absent => return,
        }
        tape.pause(now);
        tape.updated_at = now;
        tape.state = if tape.recorded == 0 {
            TapeState::Absent
        } else {
            TapeState::Completed
        };
        let event = if tape.recorded == 0 { "absent" } else { "completed" };
        let kept = tape.clone();
        self.world.keep_tape(kept);
        self.tell_tape(sid, event);
    }

    /// All recordings of a leg or a conference are complete.
    pub(super) fn stop_tapes_of(&mut self, sid: &str) {
        let about = |tape: &&Tape| [&tape.call_sid, &tape.conference_sid].contains(&&Some(sid.to_owned()));
        let tapes: Vec<String> = self
            .world
            .exchange
            .tapes
            .values()
            .filter(about)
            .map(|tape| tape.sid.clone())
            .collect();
        for tape in tapes {
            self.stop_tape(&tape);
        }
    }

    /// The caller speaks for so long into what records them.
    pub(super) fn speak(&mut self, tape: &str, seconds: u32) {
        if let Some(tape) = self.exchange().tape_mut(tape) {
            tape.recorded += i64::from(seconds) * 1_000_000;
        }
    }
}
