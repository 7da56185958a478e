//! Makes up what is missing: the last pitch period goes on, fading away over 80 ms, and what comes back is blended in. In the manner of
//! G.711 Appendix I, without its delay.

/// For how many frames something is made up.
pub const FRAMES: u32 = 4;

/// What is remembered: 60 ms.
const HISTORY: usize = 480;
/// A period of 5 to 30 ms, that is 33 to 200 Hz; a higher voice repeats every few of its periods.
const SHORTEST: usize = 40;
const LONGEST: usize = 240;
/// How much must be alike.
const ALIKE: usize = 80;
/// Samples over which one thing is blended into another: 5 ms.
const BLEND: u16 = 40;
/// Samples until what is made up has faded away, and how many of these it fades for.
const FADED: u32 = FRAMES * 160;
const FADING: u16 = 480;

/// The concealer of one leg: every sample that is played goes through it.
#[derive(Debug)]
pub struct Concealer {
    history: Vec<i16>,
    /// Where the next sample of the history goes.
    cursor: usize,
    period: Option<usize>,
    /// How many samples were made up in a row.
    made_up: u32,
    /// How loud what is made up was last.
    gain: f32,
    /// How many samples are still to be blended.
    blend: u16,
}

impl Default for Concealer {
    fn default() -> Self {
        Self {
            history: vec![0; HISTORY],
            cursor: 0,
            period: None,
            made_up: 0,
            gain: 1.0,
            blend: 0,
        }
    }
}

impl Concealer {
    /// A frame begins.
    pub const fn begin(&mut self) {
        if self.made_up == 0 && self.blend == 0 {
            self.period = None;
        }
    }

    /// Whether what comes is played as it is.
    pub const fn is_idle(&self) -> bool {
        self.made_up == 0 && self.blend == 0
    }

    /// Whether all has faded away: nothing is played and nothing of before is remembered.
    pub fn is_silent(&self) -> bool {
        self.made_up >= FADED && self.gain == 0.0 && self.history.iter().all(|sample| *sample == 0)
    }

    /// A whole frame that is played as it is, while [`Concealer::is_idle`].
    pub fn pass(&mut self, frame: &[i16]) {
        for stretch in frame.chunks(HISTORY - self.cursor) {
            let end = self.cursor + stretch.len();
            if let Some(places) = self.history.get_mut(self.cursor..end) {
                places.copy_from_slice(stretch);
            }
            self.cursor = end % HISTORY;
        }
    }

    /// What is played for a sample that came, or did not.
    pub fn next(&mut self, sample: Option<i16>) -> i16 {
        match sample {
            None => self.fade(),
            Some(sample) => {
                if self.made_up > 0 {
                    self.blend = BLEND;
                    self.made_up = 0;
                }
                let played = if self.blend > 0 { self.blended(sample) } else { sample };
                self.remember(played);
                played
            }
        }
    }

    /// What is played while nothing comes.
    pub fn fade(&mut self) -> i16 {
        if self.made_up >= FADED {
            self.gain = 0.0;
            self.remember(0);
            return 0;
        }
        let made = self.made();
        self.remember(made);
        // The first frame is played as it is.
        let faded = self.made_up.saturating_sub(160);
        self.gain = f32::from(u16::try_from(FADED - 160 - faded).unwrap_or(0)) / f32::from(FADING);
        self.made_up += 1;
        scaled(made, self.gain)
    }

    /// The next sample does not follow on the last: blend over the step.
    pub fn jump(&mut self) {
        self.blend = BLEND;
        self.gain = 1.0;
        self.period = Some(self.find_period());
    }

    fn blended(&mut self, sample: i16) -> i16 {
        let made = self.made();
        let old = f32::from(self.blend) / f32::from(BLEND);
        self.blend -= 1;
        scaled(made, old * self.gain).saturating_add(scaled(sample, 1.0 - old))
    }

    /// The sample a period ago.
    fn made(&mut self) -> i16 {
        let period = match self.period {
            Some(period) => period,
            None => self.find_period(),
        };
        self.period = Some(period);
        self.ago(period)
    }

    /// The lag at which the recent past is most like itself.
    fn find_period(&self) -> usize {
        let (newer, older) = self.history.split_at_checked(self.cursor).unwrap_or((&[], &[]));
        let past: Vec<f32> = older.iter().chain(newer).map(|sample| f32::from(*sample)).collect();
        let now = past.get(HISTORY - ALIKE..).unwrap_or(&[]);
        let mut best = (f32::MIN, LONGEST);
        for lag in SHORTEST..=LONGEST {
            let then = past.get(HISTORY - ALIKE - lag..HISTORY - lag).unwrap_or(&[]);
            let (product, energy) = now.iter().zip(then).fold((0.0, 1.0), |(product, energy), (now, then)| {
                (product + now * then, energy + then * then)
            });
            let alike = product / f32::sqrt(energy);
            if alike > best.0 {
                best = (alike, lag);
            }
        }
        best.1
    }

    fn ago(&self, back: usize) -> i16 {
        let place = (self.cursor + HISTORY - back) % HISTORY;
        self.history.get(place).copied().unwrap_or(0)
    }

    fn remember(&mut self, sample: i16) {
        if let Some(place) = self.history.get_mut(self.cursor) {
            *place = sample;
        }
        self.cursor = (self.cursor + 1) % HISTORY;
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a gain of at most one keeps a sample within 16 bits")]
fn scaled(sample: i16, gain: f32) -> i16 {
    (f32::from(sample) * gain) as i16
}
