//! The jitter buffer of one leg: packets come when they like, a frame goes out on every tick. What is missing is concealed by
//! repeating the last pitch period, the delay follows the network, and [`Jitter::forget`] drops what was said under another policy.

mod conceal;

use conceal::Concealer;

/// Samples in a frame of 20 ms.
pub const FRAME: usize = 160;
/// A frame of one leg.
pub type Frame = [i16; FRAME];

/// How many samples can lie in wait: 512 ms.
const RING: u64 = 4_096;
const FRAME_LONG: u64 = 160;
/// The delay that playing starts with, and the most it grows to: 40 and 120 ms.
const LEAST_TARGET: u64 = 2 * FRAME_LONG;
const MOST_TARGET: u64 = 6 * FRAME_LONG;
/// After half a second of nothing the next packet starts anew.
const FRAMES_UNTIL_IDLE: u32 = 25;
/// How many packets of a second may come too late before the delay grows.
const LATE_IN_A_WINDOW: u32 = 2;
/// How often the delay is looked at: once a second.
const WINDOW: u32 = 50;
/// How many quiet windows let the target fall by a frame.
const QUIET_WINDOWS: u32 = 10;

/// What came of a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pulled {
    /// What the sender said.
    Played,
    /// A part or all of it was missing, and made up.
    Concealed,
    /// Nothing to play: it has not begun, or has ended.
    Silent,
}

/// What happened to the packets of one leg so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Packets that came.
    pub received: u64,
    /// Packets that came after their time, or twice.
    pub late: u64,
    /// Frames that were played as sent.
    pub played: u64,
    /// Frames that were made up.
    pub concealed: u64,
    /// Frames that were left out to catch up.
    pub skipped: u64,
}

impl Counters {
    /// Nothing happened.
    pub const NONE: Self = Self {
        received: 0,
        late: 0,
        played: 0,
        concealed: 0,
        skipped: 0,
    };

    /// What happened between `earlier` and this.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Self {
        Self {
            received: self.received.saturating_sub(earlier.received),
            late: self.late.saturating_sub(earlier.late),
            played: self.played.saturating_sub(earlier.played),
            concealed: self.concealed.saturating_sub(earlier.concealed),
            skipped: self.skipped.saturating_sub(earlier.skipped),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum State {
    Idle,
    Filling { next: u64 },
    Playing { next: u64 },
}

/// The buffer.
#[derive(Debug)]
pub struct Jitter {
    ring: Vec<Option<i16>>,
    state: State,
    /// The timestamp after the newest sample.
    head: u64,
    target: u64,
    missing_in_a_row: u32,
    concealer: Concealer,
    window: Window,
    counters: Counters,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ticks: u32,
    misses: u32,
    late: u32,
    least_depth: u64,
    quiet: u32,
}

impl Window {
    const NEW: Self = Self {
        ticks: 0,
        misses: 0,
        late: 0,
        least_depth: u64::MAX,
        quiet: 0,
    };
}

impl Default for Jitter {
    fn default() -> Self {
        Self {
            ring: vec![None; 4_096],
            state: State::Idle,
            head: 0,
            target: LEAST_TARGET,
            missing_in_a_row: 0,
            concealer: Concealer::default(),
            window: Window::NEW,
            counters: Counters::default(),
        }
    }
}

impl Jitter {
    /// What happened so far.
    #[must_use]
    pub const fn counters(&self) -> Counters {
        self.counters
    }

    /// How much lies in wait, in milliseconds.
    #[must_use]
    pub fn buffered_ms(&self) -> u32 {
        u32::try_from(self.depth() / 8).unwrap_or(u32::MAX)
    }

    /// Forgets everything that came so far, so that nothing of it is ever played. The next packet starts anew.
    pub fn forget(&mut self) {
        self.ring.fill(None);
        self.state = State::Idle;
        self.missing_in_a_row = 0;
        self.concealer = Concealer::default();
        self.window = Window::NEW;
    }

    /// Takes a packet in. `timestamp` is the sender's, in samples, extended beyond 32 bits.
    pub fn push(&mut self, timestamp: u64, samples: impl ExactSizeIterator<Item = i16>) {
        self.counters.received += 1;
        let length = u64::try_from(samples.len()).unwrap_or(u64::MAX);
        let end = timestamp.saturating_add(length);
        let next = match self.state {
            State::Idle => self.start(timestamp),
            State::Filling { next } if timestamp < next && next - timestamp <= LEAST_TARGET => {
                // The first packets came in the wrong order.
                self.state = State::Filling { next: timestamp };
                timestamp
            }
            State::Filling { next } | State::Playing { next } if end > next + RING || timestamp + RING < next => {
                // The sender's clock jumped: nothing of before fits to it.
                self.ring.fill(None);
                self.start(timestamp)
            }
            State::Filling { next } | State::Playing { next } => next,
        };
        if end <= next || length > RING {
            self.counters.late += 1;
            self.window.late += 1;
            return;
        }
        // What is past already is left out.
        let past = usize::try_from(next.saturating_sub(timestamp)).unwrap_or(usize::MAX);
        let mut samples = samples.skip(past);
        for stretch in self.slots(timestamp.max(next), end) {
            for (slot, sample) in stretch.iter_mut().zip(samples.by_ref()) {
                *slot = Some(sample);
            }
        }
        self.head = self.head.max(end);
    }

    /// Plays a frame.
    pub fn pull(&mut self, out: &mut Frame) -> Pulled {
        let next = match self.state {
            State::Idle => return self.silence(out),
            State::Filling { next } if self.head - next < self.target => return self.silence(out),
            State::Filling { next } | State::Playing { next } => next,
        };
        if self.window.late >= LATE_IN_A_WINDOW && self.target < MOST_TARGET {
            return self.wait(next, out);
        }
        let missing = self.take(next, out);
        self.state = State::Playing { next: next + FRAME_LONG };
        self.watch(missing);
        self.settle(missing)
    }

    /// Packets come too late: make a frame up without going on, for a frame more of delay.
    fn wait(&mut self, next: u64, out: &mut Frame) -> Pulled {
        self.target += FRAME_LONG;
        self.window.late = 0;
        self.state = State::Playing { next };
        self.concealer.begin();
        out.fill_with(|| self.concealer.next(None));
        self.counters.concealed += 1;
        Pulled::Concealed
    }

    fn settle(&mut self, missing: usize) -> Pulled {
        if missing == 0 {
            self.missing_in_a_row = 0;
            self.counters.played += 1;
            return Pulled::Played;
        }
        self.missing_in_a_row += 1;
        if self.missing_in_a_row >= FRAMES_UNTIL_IDLE {
            self.state = State::Idle;
            return Pulled::Silent;
        }
        if self.missing_in_a_row <= conceal::FRAMES || self.depth() > 0 {
            self.counters.concealed += 1;
            return Pulled::Concealed;
        }
        Pulled::Silent
    }

    /// Moves a frame out of the ring, with what is missing made up; says how many samples were.
    fn take(&mut self, next: u64, out: &mut Frame) -> usize {
        let mut there = [None; FRAME];
        let mut places = there.iter_mut();
        for stretch in self.slots(next, next + FRAME_LONG) {
            for (slot, place) in stretch.iter_mut().zip(places.by_ref()) {
                *place = slot.take();
            }
        }
        let missing = there.iter().filter(|sample| sample.is_none()).count();
        self.concealer.begin();
        if missing == 0 && self.concealer.is_idle() {
            for (sample, there) in out.iter_mut().zip(there) {
                *sample = there.unwrap_or(0);
            }
            self.concealer.pass(out);
            return 0;
        }
        for (sample, there) in out.iter_mut().zip(there) {
            *sample = self.concealer.next(there);
        }
        missing
    }

    /// Once a second: more delay where packets come too late, less where none is needed.
    fn watch(&mut self, missing: usize) {
        let window = &mut self.window;
        window.ticks += 1;
        window.misses += u32::from(missing > 0);
        let depth = match self.state {
            State::Playing { next } => self.head.saturating_sub(next),
            State::Idle | State::Filling { .. } => 0,
        };
        window.least_depth = window.least_depth.min(depth);
        if window.ticks < WINDOW {
            return;
        }
        let Window {
            misses,
            least_depth,
            quiet,
            ..
        } = *window;
        let quiet = if misses == 0 { quiet + 1 } else { 0 };
        self.window = Window { quiet, ..Window::NEW };
        if quiet >= QUIET_WINDOWS && self.target > LEAST_TARGET {
            self.target -= FRAME_LONG;
            self.window.quiet = 0;
        }
        if least_depth > self.target
            && let State::Playing { next } = self.state
        {
            self.skip(next);
        }
    }

    /// Leaves a frame out; the concealer blends over the gap.
    fn skip(&mut self, next: u64) {
        for stretch in self.slots(next, next + FRAME_LONG) {
            stretch.fill(None);
        }
        self.concealer.jump();
        self.counters.skipped += 1;
        self.state = State::Playing { next: next + FRAME_LONG };
    }

    fn depth(&self) -> u64 {
        match self.state {
            State::Idle => 0,
            State::Filling { next } | State::Playing { next } => self.head.saturating_sub(next),
        }
    }

    const fn start(&mut self, timestamp: u64) -> u64 {
        self.state = State::Filling { next: timestamp };
        self.head = timestamp;
        self.missing_in_a_row = 0;
        timestamp
    }

    fn silence(&mut self, out: &mut Frame) -> Pulled {
        self.concealer.begin();
        if self.concealer.is_silent() {
            out.fill(0);
            return Pulled::Silent;
        }
        for sample in out.iter_mut() {
            *sample = self.concealer.fade();
        }
        Pulled::Silent
    }

    /// The places of the samples from one time to another, in order: the ring's end lies between the two.
    fn slots(&mut self, from: u64, to: u64) -> [&mut [Option<i16>]; 2] {
        let at = usize::try_from(from % RING).unwrap_or(0);
        let length = usize::try_from(to.saturating_sub(from).min(RING)).unwrap_or(0);
        let (begin, rest) = self.ring.split_at_mut_checked(at).unwrap_or_default();
        let till_end = rest.len().min(length);
        let wrapped = begin.get_mut(..length - till_end).unwrap_or_default();
        [rest.get_mut(..till_end).unwrap_or_default(), wrapped]
    }
}

#[cfg(test)]
#[path = "jitter/tests.rs"]
mod tests;
