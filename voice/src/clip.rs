//! Something to be played: a tone, or an announcement from a WAV file's bytes. Reads no file itself.

use std::sync::Arc;

use crate::g711;

/// Samples at 8,000 a second.
#[derive(Debug, Clone)]
pub struct Clip {
    samples: Arc<[i16]>,
}

/// Why some bytes are no clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClipError {
    /// Not a WAV file, or one that is cut off.
    #[error("not a WAV file")]
    NotWav,
    /// Not 8,000 samples a second, one or two channels, of 16 bits or µ-law.
    #[error("a clip is 8,000 Hz, 16 bits or mu-law, mono or stereo")]
    Unsupported,
}

/// Whether a clip is played once or until it is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Once.
    Once,
    /// Until it is stopped.
    Forever,
}

impl Clip {
    /// These samples.
    #[must_use]
    pub fn of_samples(samples: Vec<i16>) -> Self {
        Self { samples: samples.into() }
    }

    /// A tone of that many hertz and milliseconds, faded in and out; its peak is at a tenth of full scale (-20 dB).
    #[must_use]
    pub fn tone(hertz: f32, milliseconds: u16) -> Self {
        let length = u32::from(milliseconds) * (g711::RATE / 1_000);
        Self::of_samples((0..length).map(|at| tone_sample(hertz, at, length)).collect())
    }

    /// Silence of that many milliseconds.
    #[must_use]
    pub fn silence(milliseconds: u16) -> Self {
        let length = usize::from(milliseconds) * 8;
        Self::of_samples(vec![0; length])
    }

    /// One after the other.
    #[must_use]
    pub fn joined(clips: &[Self]) -> Self {
        Self::of_samples(clips.iter().flat_map(|clip| clip.samples.iter().copied()).collect())
    }

    /// Both at once, as long as the longer one.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let length = self.length().max(other.length());
        let at = |clip: &Self, place| clip.sample(place).unwrap_or(0);
        Self::of_samples((0..length).map(|place| at(self, place).saturating_add(at(other, place))).collect())
    }

    /// That many times softer at its beginning, and fading away to its end, as a bell does.
    #[must_use]
    pub fn fading(&self, softer: i16) -> Self {
        let length = i64::try_from(self.length()).unwrap_or(i64::MAX).max(1);
        let faded = |(place, sample): (i64, &i16)| {
            let left = i64::from(*sample) * (length - place) / length / i64::from(softer.max(1));
            i16::try_from(left).unwrap_or(0)
        };
        Self::of_samples((0..).zip(self.samples.iter()).map(faded).collect())
    }

    /// The samples of a WAV file.
    ///
    /// # Errors
    /// [`ClipError`].
    pub fn from_wav(bytes: &[u8]) -> Result<Self, ClipError> {
        let (riff, rest) = bytes.split_first_chunk::<12>().ok_or(ClipError::NotWav)?;
        if !riff.starts_with(b"RIFF") || !riff.ends_with(b"WAVE") {
            return Err(ClipError::NotWav);
        }
        let format = Format::read(chunk(rest, *b"fmt ").ok_or(ClipError::NotWav)?)?;
        let data = chunk(rest, *b"data").ok_or(ClipError::NotWav)?;
        Ok(Self::of_samples(format.samples(data)))
    }

    /// How many samples it has.
    #[must_use]
    pub fn length(&self) -> usize {
        self.samples.len()
    }

    pub(crate) fn sample(&self, at: usize) -> Option<i16> {
        self.samples.get(at).copied()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a tenth of full scale fits in 16 bits, and a minute of samples in 24"
)]
fn tone_sample(hertz: f32, at: u32, length: u32) -> i16 {
    const FADE: u32 = 80;
    let edge = at.min(length - at).min(FADE) as f32 / FADE as f32;
    let angle = std::f32::consts::TAU * hertz * (at % (g711::RATE * 10)) as f32 / g711::RATE as f32;
    (angle.sin() * edge * f32::from(i16::MAX) * 0.1) as i16
}

#[derive(Clone, Copy)]
enum Coding {
    Sixteen,
    MuLaw,
}

struct Format {
    coding: Coding,
    channels: usize,
}

impl Format {
    fn read(chunk: &[u8]) -> Result<Self, ClipError> {
        let (fields, _) = chunk.split_first_chunk::<16>().ok_or(ClipError::NotWav)?;
        let [
            tag_low,
            tag_high,
            channels_low,
            channels_high,
            r0,
            r1,
            r2,
            r3,
            ..,
            bits_low,
            bits_high,
        ] = *fields;
        let coding = match (u16::from_le_bytes([tag_low, tag_high]), u16::from_le_bytes([bits_low, bits_high])) {
            (1, 16) => Coding::Sixteen,
            (7, 8) => Coding::MuLaw,
            (_, _) => return Err(ClipError::Unsupported),
        };
        let channels = u16::from_le_bytes([channels_low, channels_high]);
        if u32::from_le_bytes([r0, r1, r2, r3]) != g711::RATE || !(1..=2).contains(&channels) {
            return Err(ClipError::Unsupported);
        }
        Ok(Self {
            coding,
            channels: usize::from(channels),
        })
    }

    /// Two channels become one at half their level each.
    fn samples(&self, data: &[u8]) -> Vec<i16> {
        let single: Vec<i16> = match self.coding {
            Coding::Sixteen => data.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect(),
            Coding::MuLaw => data.iter().map(|byte| g711::decode(*byte)).collect(),
        };
        if self.channels == 1 {
            return single;
        }
        single.as_chunks::<2>().0.iter().map(|[left, right]| left / 2 + right / 2).collect()
    }
}

/// The body of the first chunk of that name.
fn chunk(mut rest: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    loop {
        let (head, body) = rest.split_first_chunk::<8>()?;
        let [n0, n1, n2, n3, l0, l1, l2, l3] = *head;
        let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).ok()?;
        if [n0, n1, n2, n3] == name {
            return Some(body.get(..length).unwrap_or(body));
        }
        // Chunks begin at even places.
        rest = body.get(length.checked_add(length % 2)?..)?;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use crate::wav;

    #[test]
    fn what_the_recorder_writes_can_be_played() {
        let mut bytes = wav::header(8).to_vec();
        bytes.extend([100_i16, 300, -100, -300].iter().flat_map(|sample| sample.to_le_bytes()));
        let clip = Clip::from_wav(&bytes).unwrap();
        assert_eq!(clip.samples.to_vec(), [200, -200]);
    }

    #[test]
    fn what_is_not_telephone_sound_is_refused() {
        assert_eq!(Clip::from_wav(b"RIFF").unwrap_err(), ClipError::NotWav);
        let mut bytes = wav::header(0).to_vec();
        *bytes.get_mut(24).unwrap() = 0x44;
        assert_eq!(Clip::from_wav(&bytes).unwrap_err(), ClipError::Unsupported);
    }

    #[test]
    fn clips_are_put_together_one_after_the_other_and_at_once_and_fade() {
        let (low, high) = (Clip::of_samples(vec![1_000; 4]), Clip::of_samples(vec![30_000; 2]));
        assert_eq!(Clip::joined(&[low.clone(), high.clone()]).length(), 6);
        assert_eq!(low.with(&high).samples.to_vec(), [31_000, 31_000, 1_000, 1_000]);
        assert_eq!(high.with(&high).samples.to_vec(), [i16::MAX; 2]);
        assert_eq!(low.fading(10).samples.to_vec(), [100, 75, 50, 25]);
        assert_eq!(Clip::silence(20).samples.to_vec(), [0; 160]);
    }

    #[test]
    fn a_tone_lasts_as_long_as_it_should_and_begins_and_ends_softly() {
        let clip = Clip::tone(440.0, 200);
        assert_eq!(clip.length(), 1_600);
        assert!(clip.sample(0).unwrap().abs() < 50 && clip.sample(1_599).unwrap().abs() < 100);
        assert!((0..1_600).filter_map(|at| clip.sample(at)).max().unwrap() > 3_000);
    }
}
