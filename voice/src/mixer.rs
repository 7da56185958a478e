//! One frame for one listener: the sum of whom they hear. A source that begins to be heard is faded in; one that is no longer heard
//! leaves nothing behind but the fading of its last heard sample, so that no sample spoken after a switch gets through.

use crate::id::LegId;
use crate::jitter::{FRAME, Frame};

/// Samples over which a source is faded in or its last sample out: 5 ms.
const FADE: u16 = 40;

/// What one listener heard at the end of the last frame.
#[derive(Debug, Default)]
pub struct Ear {
    heard: Vec<(LegId, i16)>,
}

impl Ear {
    /// Mixes a frame of those sources that are heard now.
    pub fn mix<'a>(&mut self, sources: impl Iterator<Item = (LegId, &'a Frame)>) -> [f32; FRAME] {
        let mut sum = [0.0_f32; FRAME];
        let before = std::mem::take(&mut self.heard);
        for (leg, frame) in sources {
            let went_on = before.iter().any(|(heard, _)| *heard == leg);
            for (at, (total, sample)) in (0..).zip(sum.iter_mut().zip(frame)) {
                *total += f32::from(*sample) * if went_on { 1.0 } else { risen(at) };
            }
            self.heard.push((leg, frame.last().copied().unwrap_or(0)));
        }
        for (leg, last) in before {
            if !self.heard.iter().any(|(heard, _)| *heard == leg) {
                for (at, total) in (0..).zip(sum.iter_mut()) {
                    *total += f32::from(last) * (1.0 - risen(at));
                }
            }
        }
        sum
    }

    /// Forgets what was heard, without a fade: nobody listens any more.
    pub fn close(&mut self) {
        self.heard.clear();
    }
}

fn risen(at: u16) -> f32 {
    f32::from(at.min(FADE)) / f32::from(FADE)
}

/// A sum as samples of 16 bits; too loud is cut off.
#[must_use]
pub fn clipped(sum: &[f32; FRAME]) -> Frame {
    let mut frame = [0; FRAME];
    for (to, from) in frame.iter_mut().zip(sum) {
        *to = clip(*from);
    }
    frame
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to 16 bits, and the fraction may go")]
fn clip(value: f32) -> i16 {
    value.clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOUD: Frame = [16_000; FRAME];
    const LEG: LegId = LegId(1);

    fn steps(before: i16, frame: &Frame) -> i32 {
        let chain = std::iter::once(&before).chain(frame);
        chain
            .zip(frame)
            .map(|(one, next)| (i32::from(*next) - i32::from(*one)).abs())
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn a_source_comes_and_goes_without_a_click() {
        let mut ear = Ear::default();
        let first = clipped(&ear.mix([(LEG, &LOUD)].into_iter()));
        assert!(steps(0, &first) <= 401);
        assert_eq!(first.last(), Some(&16_000));
        assert_eq!(clipped(&ear.mix([(LEG, &LOUD)].into_iter())), LOUD);
        let gone = clipped(&ear.mix(std::iter::empty()));
        assert!(steps(16_000, &gone) <= 401);
        assert_eq!(gone.last(), Some(&0));
        assert_eq!(clipped(&ear.mix(std::iter::empty())), [0; FRAME]);
    }

    #[test]
    fn nothing_that_is_said_after_the_switch_gets_through() {
        let mut ear = Ear::default();
        let silence = [0; FRAME];
        ear.mix([(LEG, &silence)].into_iter());
        // From now on the source is loud, and not among those who are heard.
        assert_eq!(clipped(&ear.mix(std::iter::empty())), silence);
    }

    #[test]
    fn two_loud_sources_are_cut_off_and_not_wrapped_around() {
        let mut ear = Ear::default();
        let louder = [30_000; FRAME];
        ear.mix([(LEG, &louder), (LegId(2), &louder)].into_iter());
        let both = clipped(&ear.mix([(LEG, &louder), (LegId(2), &louder)].into_iter()));
        assert_eq!(both, [i16::MAX; FRAME]);
    }
}
