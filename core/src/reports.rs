//! What reports are made of: days of the firm's own clock, stretches of them, and how long something took, counted coarsely enough
//! to be kept. Pure: the counting is in the store, the reports are put together in the server.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::time::Timestamp;

/// The longest stretch that is shown day by day; longer ones go by month.
const BY_DAY: i64 = 62;
/// The longest stretch that can be asked for, in days.
pub const LONGEST: i64 = 1_100;

/// The firm's clock.
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
}

/// A day by its number: days since 1970-01-01.
pub type Day = i64;

impl Zone {
    /// The zone of that IANA name; UTC where there is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            zone: TimeZoneDatabase::bundled().get(name).unwrap_or(TimeZone::UTC),
        }
    }

    /// The day on which something happened.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Day {
        jiff::Timestamp::from_microsecond(at.as_micros()).map_or(0, |time| number_of(time.to_zoned(self.zone.clone()).date()))
    }

    /// When a day begins.
    #[must_use]
    pub fn beginning_of(&self, day: Day) -> Timestamp {
        let zoned = date_of(day).and_then(|date| date.to_zoned(self.zone.clone()).ok());
        Timestamp::from_micros(zoned.map_or(0, |zoned| zoned.timestamp().as_microsecond()))
    }
}

fn number_of(date: Date) -> Day {
    let epoch = Date::constant(1970, 1, 1);
    epoch.until(date).map_or(0, |span| i64::from(span.get_days()))
}

fn date_of(day: Day) -> Option<Date> {
    let epoch = Date::constant(1970, 1, 1);
    epoch.checked_add(i32::try_from(day).ok()?.days()).ok()
}

/// A day as people and programs write it: `2026-01-27`.
#[must_use]
pub fn written(day: Day) -> String {
    date_of(day).map_or_else(String::new, |date| date.to_string())
}

/// The day that is written like that.
#[must_use]
pub fn read(text: &str) -> Option<Day> {
    text.parse::<Date>().ok().map(number_of)
}

/// Days from the first to the last, both in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub first: Day,
    /// The last day.
    pub last: Day,
}

impl Stretch {
    /// The stretch, if its days are in order and not too many.
    #[must_use]
    pub fn of(first: Day, last: Day) -> Option<Self> {
        (first <= last && last - first < LONGEST).then_some(Self { first, last })
    }

    /// The label of the row that a day is shown in: the day, or its month where the stretch is long.
    #[must_use]
    pub fn label(self, day: Day) -> String {
        let written = written(day);
        if self.last - self.first < BY_DAY {
            return written;
        }
        written.get(..7).unwrap_or_default().to_owned()
    }

    /// Every label in its order.
    #[must_use]
    pub fn labels(self) -> Vec<String> {
        let mut labels: Vec<String> = (self.first..=self.last).map(|day| self.label(day)).collect();
        labels.dedup();
        labels
    }

    /// The stretches of days that are not among these.
    #[must_use]
    pub fn without(self, days: &std::collections::BTreeSet<Day>) -> Vec<Self> {
        let mut gaps: Vec<Self> = Vec::new();
        for day in (self.first..=self.last).filter(|day| !days.contains(day)) {
            match gaps.last_mut().filter(|gap| gap.last + 1 == day) {
                Some(gap) => gap.last = day,
                None => gaps.push(Self { first: day, last: day }),
            }
        }
        gaps
    }
}

/// How many took how long. Eight steps to each doubling: what is read from it is off by at most a sixteenth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans {
    counts: BTreeMap<i64, i64>,
}

/// Steps to a doubling, and the power of two that they are.
const STEPS: u64 = 8;
const POWER: u32 = 3;

impl Spans {
    /// The step that a number of seconds falls into.
    #[must_use]
    pub fn step(seconds: u64) -> i64 {
        if seconds < STEPS {
            return i64::try_from(seconds).unwrap_or(0);
        }
        let power = seconds.ilog2();
        let within = (seconds >> (power - POWER)) & (STEPS - 1);
        let step = u64::from(power - POWER + 1) * STEPS + within;
        i64::try_from(step).unwrap_or(i64::MAX)
    }

    /// The middle of a step, in seconds.
    fn middle(step: i64) -> i64 {
        let (doubling, within) = (step.div_euclid(8), step.rem_euclid(8));
        if doubling == 0 {
            return within;
        }
        let shift = u32::try_from(doubling - 1).unwrap_or(0).min(58);
        let low = (8 + within) << shift;
        low + ((1_i64 << shift) >> 1)
    }

    /// Counts so many of a step; fewer than none to take some away.
    pub fn count(&mut self, step: i64, total: i64) {
        *self.counts.entry(step).or_default() += total;
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.counts.values().sum()
    }

    /// The seconds that this many of a hundred did not exceed; none where nothing was counted.
    #[must_use]
    pub fn percentile(&self, percent: i64) -> Option<i64> {
        let total = self.total();
        let rank = (total * percent + 99) / 100;
        let mut seen = 0;
        for (step, count) in &self.counts {
            seen += count;
            if total > 0 && seen >= rank.max(1) {
                return Some(Self::middle(*step));
            }
        }
        None
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_firm_also_when_clocks_change() {
        let zone = Zone::named("America/New_York");
        let day = read("2026-03-08").unwrap();
        assert_eq!(zone.beginning_of(day).to_string(), "2026-03-08T05:00:00.000000Z");
        assert_eq!(zone.beginning_of(day + 1).to_string(), "2026-03-09T04:00:00.000000Z");
        assert_eq!(zone.day_of("2026-03-09T03:59:59Z".parse().unwrap()), day);
        assert_eq!(zone.day_of("2026-03-09T04:00:00Z".parse().unwrap()), day + 1);
        assert_eq!(written(day), "2026-03-08");
    }

    #[test]
    fn short_stretches_go_by_day_and_long_ones_by_month() {
        let (first, last) = (read("2026-01-30").unwrap(), read("2026-02-02").unwrap());
        assert_eq!(
            Stretch::of(first, last).unwrap().labels(),
            ["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02"]
        );
        assert_eq!(
            Stretch::of(first, first + 90).unwrap().labels(),
            ["2026-01", "2026-02", "2026-03", "2026-04"]
        );
        assert_eq!((Stretch::of(2, 1), Stretch::of(0, LONGEST)), (None, None));
    }

    #[test]
    fn the_days_that_are_missing_are_stretches() {
        let stretch = Stretch { first: 1, last: 9 };
        let gaps = stretch.without(&[1, 4, 5].into());
        assert_eq!(gaps, [Stretch { first: 2, last: 3 }, Stretch { first: 6, last: 9 }]);
    }

    #[test]
    fn a_span_is_known_to_a_sixteenth() {
        let mut step = -1;
        for seconds in 0..200_000_u64 {
            assert!(Spans::step(seconds) == step || Spans::step(seconds) == step + 1, "{seconds}");
            step = Spans::step(seconds);
            let off = Spans::middle(step).abs_diff(i64::try_from(seconds).unwrap());
            assert!(off * 16 <= seconds, "{seconds} is read as {}", Spans::middle(step));
        }
    }

    #[test]
    fn percentiles_are_of_what_is_counted() {
        let mut spans = Spans::default();
        assert_eq!(spans.percentile(50), None);
        for seconds in [1, 2, 3, 4, 5, 6, 7] {
            spans.count(Spans::step(seconds), 1);
        }
        assert_eq!((spans.percentile(50), spans.percentile(90), spans.total()), (Some(4), Some(7), 7));
        spans.count(Spans::step(7), -1);
        assert_eq!(spans.percentile(90), Some(6));
    }
}
