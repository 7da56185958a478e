//! Keys of a telephone: which there are, and how a pressed one is sent (RFC 4733): in the place of the audio of five frames, then its
//! end three times, and a pause before the next.

use std::collections::VecDeque;

/// A key on the keypad (RFC 4733, events 0 to 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digit(u8);

impl Digit {
    const KEYS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];

    /// The key, if it is one.
    #[must_use]
    pub fn of_key(key: char) -> Option<Self> {
        let place = Self::KEYS.iter().position(|known| *known == key.to_ascii_uppercase())?;
        u8::try_from(place).ok().map(Self)
    }

    /// What is printed on it.
    #[must_use]
    pub fn key(self) -> char {
        Self::KEYS.get(usize::from(self.0)).copied().unwrap_or('0')
    }

    pub(crate) fn of_event(event: u8) -> Option<Self> {
        (event < 16).then_some(Self(event))
    }
}

/// For how many frames a key is pressed, and for how many nothing is after it.
const PRESSED: u16 = 5;
const PAUSE: u16 = 4;
/// -10 dB of full scale, as RFC 4733 writes it.
const VOLUME: u8 = 10;
const END: u8 = 0x80;

/// The keys that are to be sent.
#[derive(Debug, Default)]
pub struct Keypad {
    waiting: VecDeque<Digit>,
    pressing: Option<Pressing>,
}

#[derive(Debug, Clone, Copy)]
struct Pressing {
    digit: Digit,
    began: u64,
    frames: u16,
}

/// What is sent of a key in the place of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The clock when the key was pressed: all its packets have this time.
    pub began: u64,
    /// Whether it is the first packet of the key.
    pub marker: bool,
    /// How often it is sent.
    pub copies: u8,
    /// Event, flags and length.
    pub payload: [u8; 4],
}

impl Keypad {
    /// Presses a key, after those that wait.
    pub fn press(&mut self, digit: Digit) {
        self.waiting.push_back(digit);
    }

    /// What is due now, if anything is.
    pub fn next(&mut self, clock: u64) -> Option<Piece> {
        let pressing = match self.pressing.as_mut() {
            Some(pressing) => pressing,
            None => self.pressing.insert(Pressing {
                digit: self.waiting.pop_front()?,
                began: clock,
                frames: 0,
            }),
        };
        pressing.frames += 1;
        let Pressing { digit, began, frames } = *pressing;
        if frames >= PRESSED + PAUSE {
            self.pressing = None;
        }
        if frames > PRESSED {
            return None;
        }
        let is_last = frames == PRESSED;
        let [high, low] = (frames * 160).to_be_bytes();
        Some(Piece {
            began,
            marker: frames == 1,
            copies: if is_last { 3 } else { 1 },
            payload: [digit.0, if is_last { END | VOLUME } else { VOLUME }, high, low],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_takes_the_place_of_five_frames_and_the_next_waits_for_a_pause() {
        let mut keypad = Keypad::default();
        for key in ['5', '#'] {
            keypad.press(Digit::of_key(key).unwrap_or(Digit(0)));
        }
        let sent: Vec<Option<Piece>> = (0..20).map(|frame| keypad.next(frame * 160)).collect();
        let presses: Vec<usize> = (0..20).filter(|place| sent.get(*place).is_some_and(Option::is_some)).collect();
        assert_eq!(presses, [0, 1, 2, 3, 4, 9, 10, 11, 12, 13]);
        let first = sent.first().copied().flatten();
        assert_eq!(
            first.map(|piece| (piece.began, piece.marker, piece.copies, piece.payload)),
            Some((0, true, 1, [5, 10, 0, 160]))
        );
        let last = sent.get(4).copied().flatten();
        assert_eq!(
            last.map(|piece| (piece.began, piece.marker, piece.copies, piece.payload)),
            Some((0, false, 3, [5, 0x8A, 3, 32]))
        );
        let hash = sent.get(9).copied().flatten();
        assert_eq!(
            hash.map(|piece| (piece.began, piece.payload.first().copied())),
            Some((1_440, Some(11)))
        );
    }
}
