//! When a task is due and when one is reminded, by the clocks of a place.

use casewire_core::tasks::{Due, end_of_today};
use casewire_core::time::Timestamp;

const NEW_YORK: &str = "America/New_York";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_task_is_due_at_its_time_or_at_the_end_of_its_day() {
    let table = [
        ("2026-12-24", Some("09:30"), NEW_YORK, "2026-12-24T14:30:00Z"),
        ("2026-12-24", None, NEW_YORK, "2026-12-25T05:00:00Z"),
        ("2026-07-01", None, "Europe/Berlin", "2026-07-01T22:00:00Z"),
        // The clocks leave 02:30 out.
        ("2026-03-08", Some("02:30"), NEW_YORK, "2026-03-08T07:30:00Z"),
        // The clocks have 01:30 twice: the first.
        ("2026-11-01", Some("01:30"), NEW_YORK, "2026-11-01T05:30:00Z"),
        ("2026-12-31", None, "Pacific/Auckland", "2026-12-31T11:00:00Z"),
    ];
    for (on, time, zone, moment) in table {
        let due = Due::read(on, time, zone).unwrap();
        assert_eq!(due.moment(), at(moment), "{on} {time:?} {zone}");
        assert_eq!((due.on().as_str(), due.time().as_deref(), due.zone_name()), (on, time, zone));
    }
}

#[test]
fn one_is_reminded_before_it_is_due_and_of_a_whole_day_in_its_morning() {
    let timed = Due::read("2026-12-24", Some("09:30"), NEW_YORK).unwrap();
    assert_eq!(timed.reminder(0), at("2026-12-24T14:30:00Z"));
    assert_eq!(timed.reminder(60), at("2026-12-24T13:30:00Z"));
    let whole_day = Due::read("2026-12-24", None, NEW_YORK).unwrap();
    assert_eq!(whole_day.reminder(0), at("2026-12-24T14:00:00Z"));
    assert_eq!(whole_day.reminder(24 * 60), at("2026-12-23T14:00:00Z"));
}

#[test]
fn what_is_no_date_no_time_or_no_place_is_named() {
    let table = [
        ("2026-13-01", None, NEW_YORK, "on"),
        ("2026-02-30", None, NEW_YORK, "on"),
        ("24.12.2026", None, NEW_YORK, "on"),
        ("1999-12-31", None, NEW_YORK, "on"),
        ("", None, NEW_YORK, "on"),
        ("2026-12-24", Some("24:00"), NEW_YORK, "time"),
        ("2026-12-24", Some("9"), NEW_YORK, "time"),
        ("2026-12-24", Some(""), NEW_YORK, "time"),
        ("2026-12-24", None, "Mars/Olympus", "time_zone"),
        ("2026-12-24", None, "", "time_zone"),
    ];
    for (on, time, zone, field) in table {
        assert_eq!(Due::read(on, time, zone).unwrap_err().field, field, "{on} {time:?} {zone}");
    }
}

#[test]
fn today_ends_where_the_firm_is() {
    let now = at("2026-12-24T03:00:00Z");
    assert_eq!(end_of_today(now, NEW_YORK), at("2026-12-24T05:00:00Z"));
    assert_eq!(end_of_today(now, "Europe/Berlin"), at("2026-12-24T23:00:00Z"));
    assert_eq!(end_of_today(now, "nowhere"), at("2026-12-25T00:00:00Z"));
}
