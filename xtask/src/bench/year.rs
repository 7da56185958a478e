//! A year of a busy firm, the same on both engines: its cases and people, what they texted and called, and what search and reports
//! keep of it. Everything is computed from a number, so that nothing has to be remembered: the same texts come out whenever asked.

mod people;
mod traffic;
mod words;

use std::sync::Arc;

pub use words::syllables;

use super::town::{Cell, Kind, Rows, Town, offices, rows, text};
use crate::process::Failure;

/// The token of an agent with forty cases.
pub const AGENT: &str = "cw_bench-agent";
/// The token of the supervisor of a tenth of the cases.
pub const SUPERVISOR: &str = "cw_bench-supervisor";
/// How many users work for the firm.
const USERS: u64 = 40;
/// How many teams it has.
const TEAMS: u64 = 10;
/// How many cases the agent has.
const AGENT_CASES: u64 = 40;
const HOUR: i64 = 3_600_000_000;
const YEAR: i64 = 365 * 24 * HOUR;

/// How large the firm is.
#[derive(Debug, Clone, Copy)]
pub struct Year {
    /// Cases.
    pub cases: u64,
    /// People, each on one case.
    pub contacts: u64,
    /// Texts.
    pub texts: u64,
    /// Calls.
    pub calls: u64,
    /// Now, in microseconds.
    pub now: i64,
}

impl Year {
    /// The case of a person: its client, or one of those who came after.
    const fn case_of(self, contact: u64) -> u64 {
        contact % self.cases
    }

    /// When something happened of which there are so many in the year.
    fn at(self, number: u64, of: u64) -> i64 {
        let step = YEAR / i64::try_from(of.max(1)).unwrap_or(i64::MAX).max(1);
        self.now - YEAR + i64::try_from(number).unwrap_or(0) * step
    }

    /// With whom something happened.
    fn contact(self, number: u64, salt: u64) -> u64 {
        mixed(number ^ salt << 40) % self.contacts
    }

    /// Every table, in the order in which keys allow.
    pub fn tables(self) -> Result<Vec<Rows>, Failure> {
        let town = Town {
            organizations: 1,
            texts_each: 1,
            witnesses: [0, 0],
            now: self.now,
        };
        let mut tables = offices::tables(town)?;
        tables.extend(people::staff(self)?);
        tables.extend(people::tables(self));
        tables.extend(traffic::tables(self, &Arc::new(self.last_texts())));
        tables.push(rows(
            "jobs",
            "id, organization_id, type, payload, run_at, attempts, created_at",
            std::iter::once(vec![
                Cell::Id(Kind::Step.id(1)),
                Cell::Id(Kind::Organization.id(0)),
                text("count_days"),
                text("{\"type\":\"count_days\"}"),
                Cell::Int(self.now),
                Cell::Int(0),
                Cell::Int(self.now),
            ]),
        ));
        Ok(tables)
    }

    /// The last text with each person, where there is one.
    fn last_texts(self) -> Vec<Option<u64>> {
        let mut last = vec![None; usize::try_from(self.contacts).unwrap_or(0)];
        for number in 0..self.texts {
            let place = usize::try_from(self.contact(number, 1)).unwrap_or(usize::MAX);
            if let Some(known) = last.get_mut(place) {
                *known = Some(number);
            }
        }
        last
    }
}

/// A number as if by chance (splitmix64).
pub fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
