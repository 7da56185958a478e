//! How loud one frequency is in some samples, as dB of full scale (Goertzel, with a Hann window).

use std::f64::consts::TAU;

/// Samples in a window: 200 ms.
pub const WINDOW: usize = 1_600;
/// How loud the tones of the tests are.
pub const TONE_DB: f64 = -28.0;
/// Louder than this is heard, softer than that is not.
const HEARD: f64 = -34.0;
const UNHEARD: f64 = -60.0;

/// A sample of a tone at [`TONE_DB`].
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a small amplitude, and minutes at most"
)]
pub fn tone(hertz: f64, at: u64) -> i16 {
    let amplitude = 32_768.0 * 10_f64.powf(TONE_DB / 20.0);
    ((TAU * hertz * at as f64 / 8_000.0).sin() * amplitude) as i16
}

/// How loud a frequency is in one window.
#[expect(clippy::cast_precision_loss, reason = "a window is short")]
pub fn level(samples: &[i16], hertz: f64) -> f64 {
    let length = samples.len() as f64;
    let coefficient = 2.0 * (TAU * hertz / 8_000.0).cos();
    let (mut before, mut last, mut gain) = (0.0, 0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let weight = 0.5 - 0.5 * (TAU * at as f64 / length).cos();
        gain += weight;
        (before, last) = (last, f64::from(*sample) * weight + coefficient * last - before);
    }
    let power = before * before + last * last - coefficient * before * last;
    let amplitude = 2.0 * power.max(1e-9).sqrt() / gain / 32_768.0;
    20.0 * amplitude.log10()
}

/// How loud a frequency is in the whole windows of some samples.
pub struct Loudness {
    /// In the middle one of them, by loudness.
    pub median: f64,
    /// In the loudest.
    pub most: f64,
}

/// Measures all whole windows.
pub fn loudness(samples: &[i16], hertz: f64) -> Loudness {
    let windows = samples.as_chunks::<WINDOW>().0;
    let mut levels: Vec<f64> = windows.iter().map(|window| level(window, hertz)).collect();
    levels.sort_by(f64::total_cmp);
    Loudness {
        median: *levels.get(levels.len() / 2).expect("no whole window"),
        most: *levels.last().expect("no whole window"),
    }
}

impl Loudness {
    /// At full level at some time. On a busy machine the peers stall, and what they do not say cannot be heard.
    pub fn is_heard(&self) -> bool {
        self.most > HEARD
    }

    /// Never at a level that could be heard, and mostly not there at all.
    pub fn is_unheard(&self) -> bool {
        self.most < HEARD && self.median < UNHEARD
    }
}

#[test]
fn a_tone_reads_its_own_level_and_its_neighbours_silence() {
    let samples: Vec<i16> = (0..8_000).map(|at| tone(440.0, at)).collect();
    let own = loudness(&samples, 440.0);
    assert!((own.median - TONE_DB).abs() < 0.5 && own.is_heard());
    for hertz in [660.0, 880.0, 1_230.0] {
        let other = loudness(&samples, hertz);
        assert!(other.most < -80.0 && other.is_unheard(), "{hertz}");
    }
}
