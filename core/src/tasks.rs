//! Follow-up tasks: when one is due and when its assignee is reminded, as moments that follow from a date, perhaps a time, and a
//! time zone. Pure; time zones are those in the program. What is stored: `casewire_store::tasks`.

use std::str::FromStr;
use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

use crate::messaging::claims::UnknownWord;
use crate::time::Timestamp;

/// The longest what-is-to-be-done, in characters.
pub const LONGEST_WHAT: usize = 500;
/// A reminder comes at most this many minutes before: four weeks.
pub const MOST_REMINDER_MINUTES: u32 = 28 * 24 * 60;
/// At which hour of the day one is reminded of what is due on a day without a time.
const MORNING: i8 = 9;

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TaskStatus {
    /// To be done.
    Open,
    /// Done.
    Done,
}

impl TaskStatus {
    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
        }
    }
}

impl FromStr for TaskStatus {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        [Self::Open, Self::Done]
            .into_iter()
            .find(|status| status.as_str() == word)
            .ok_or(UnknownWord)
    }
}

/// What is wrong with a due date, by the field that it was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct DueError {
    /// `on`, `time` or `time_zone`.
    pub field: &'static str,
    /// In words.
    pub why: &'static str,
}

/// When something is due: on a day, perhaps at a time, by the clocks of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    on: Date,
    time: Option<Time>,
    zone: TimeZone,
    zone_name: String,
}

impl Due {
    /// Reads `2026-12-24`, perhaps `09:30`, and the IANA name of a time zone.
    ///
    /// # Errors
    /// [`DueError`].
    pub fn read(on: &str, time: Option<&str>, zone_name: &str) -> Result<Self, DueError> {
        let wrong = |field, why| DueError { field, why };
        let on_error = wrong("on", "it is no date of the form 2026-12-24 in the years 2000 to 2199");
        let on = if on.len() == 10 {
            on.parse::<Date>().map_err(|_| on_error)?
        } else {
            return Err(on_error);
        };
        if !(2000..2200).contains(&on.year()) {
            return Err(on_error);
        }
        let time = time.map(clock_time).transpose()?;
        let zone = TimeZoneDatabase::bundled()
            .get(zone_name)
            .map_err(|_| wrong("time_zone", "it is no IANA name of a time zone, such as America/New_York"))?;
        Ok(Self {
            on,
            time,
            zone,
            zone_name: zone_name.to_owned(),
        })
    }

    /// The day, as it is written.
    #[must_use]
    pub fn on(&self) -> String {
        self.on.to_string()
    }

    /// The time of day, as it is written: `09:30`.
    #[must_use]
    pub fn time(&self) -> Option<String> {
        self.time.map(|time| format!("{:02}:{:02}", time.hour(), time.minute()))
    }

    /// The name of the time zone.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// From when on it is overdue: that time, or the end of the day. A time that the clocks leave out is that much later.
    #[must_use]
    pub fn moment(&self) -> Timestamp {
        match self.time {
            Some(time) => self.at(self.on, time),
            None => self.at(self.on.saturating_add(jiff::Span::new().days(1)), Time::midnight()),
        }
    }

    /// When one is reminded, that many minutes before it is due; of what is due on a day, before nine in the morning.
    #[must_use]
    pub fn reminder(&self, minutes_before: u32) -> Timestamp {
        let base = match self.time {
            Some(time) => self.at(self.on, time),
            None => self.at(self.on, Time::constant(MORNING, 0, 0, 0)),
        };
        base.minus(Duration::from_secs(u64::from(minutes_before) * 60))
    }

    fn at(&self, date: Date, time: Time) -> Timestamp {
        date.to_datetime(time)
            .to_zoned(self.zone.clone())
            .map_or(Timestamp::from_micros(i64::MAX), |zoned| {
                Timestamp::from_micros(zoned.timestamp().as_microsecond())
            })
    }
}

fn clock_time(text: &str) -> Result<Time, DueError> {
    let error = DueError {
        field: "time",
        why: "it is no time of the form 09:30",
    };
    if text.len() != 5 {
        return Err(error);
    }
    text.parse().map_err(|_| error)
}

/// The end of the day that it is now in a place: what is due by then is due today. The end of the day in UTC where there is no such place.
#[must_use]
pub fn end_of_today(now: Timestamp, zone_name: &str) -> Timestamp {
    let zone = TimeZoneDatabase::bundled().get(zone_name).unwrap_or(TimeZone::UTC);
    let Ok(instant) = jiff::Timestamp::from_microsecond(now.as_micros()) else {
        return now;
    };
    let tomorrow = instant.to_zoned(zone.clone()).date().saturating_add(jiff::Span::new().days(1));
    tomorrow
        .to_zoned(zone)
        .map_or(now, |start| Timestamp::from_micros(start.timestamp().as_microsecond()))
}
