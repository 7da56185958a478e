//! The two sounds that Twilio fetches from here: the ringing that a caller hears, and a tone. Made of nothing but numbers, as WAV with
//! 8,000 samples a second of 8 bits.

use std::sync::OnceLock;

const RATE: u32 = 8_000;
const SILENT: u8 = 128;
/// How loud, in steps of an 8-bit sample; a quarter of full scale.
const AMPLITUDE: i32 = 32;

/// Two seconds of ringing and four of silence, to be repeated (the tone of the network of the United States, 440 Hz with 480 Hz).
pub fn ringing() -> &'static [u8] {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    SOUND.get_or_init(|| {
        let mut samples: Vec<u8> = (0..2 * RATE).map(|at| level(wave(440, at) / 2 + wave(480, at) / 2)).collect();
        samples.resize(samples.len() + 4 * 8_000, SILENT);
        wav(&samples)
    })
}

/// Half a second of 1,400 Hz, as a recorded line beeps.
pub fn tone() -> &'static [u8] {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    SOUND.get_or_init(|| wav(&(0..RATE / 2).map(|at| level(wave(1_400, at))).collect::<Vec<_>>()))
}

/// A sine, near enough for the ear: two parabolas (Bhaskara), in steps of [`AMPLITUDE`].
fn wave(hertz: u32, at: u32) -> i32 {
    let phase = i32::try_from((at * hertz) % RATE).unwrap_or(0);
    let half = i32::try_from(RATE / 2).unwrap_or(1);
    let (place, sign) = if phase < half { (phase, 1) } else { (phase - half, -1) };
    sign * AMPLITUDE * 4 * place / half * (half - place) / half
}

fn level(sample: i32) -> u8 {
    u8::try_from(i32::from(SILENT) + sample).unwrap_or(SILENT)
}

fn wav(samples: &[u8]) -> Vec<u8> {
    let length = u32::try_from(samples.len()).unwrap_or(0);
    let mut bytes = Vec::with_capacity(samples.len() + 44);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + length).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16_u32.to_le_bytes());
    for field in [1_u16, 1] {
        bytes.extend_from_slice(&field.to_le_bytes());
    }
    for field in [RATE, RATE] {
        bytes.extend_from_slice(&field.to_le_bytes());
    }
    for field in [1_u16, 8] {
        bytes.extend_from_slice(&field.to_le_bytes());
    }
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(samples);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_hears_two_seconds_of_ringing_and_four_of_silence() {
        let (_, samples) = ringing().split_at(44);
        assert_eq!(samples.len(), 48_000);
        let loudest = |part: &[u8]| part.iter().map(|sample| sample.abs_diff(SILENT)).max();
        let (rings, rests) = samples.split_at(16_000);
        assert!(loudest(rings) > Some(20));
        assert_eq!(loudest(rests), Some(0));
        assert_eq!(tone().len(), 44 + 4_000);
    }

    #[test]
    fn a_wave_goes_up_and_down_as_often_as_it_should() {
        let crossings = (1..RATE).filter(|at| (wave(440, *at) >= 0) != (wave(440, at - 1) >= 0)).count();
        assert!((878..=881).contains(&crossings), "{crossings}");
        assert!((0..RATE).all(|at| wave(1_400, at).abs() <= AMPLITUDE));
    }
}
