//! CPU seconds of processes, user and system together, as Linux counts them in `/proc`: in steps of a hundredth of a second.

use std::process::Command;

use crate::process::{Failure, output};

/// What one process has used since it began.
pub fn seconds(pid: u32) -> Result<f64, Failure> {
    Ok(ticks(&stat(pid)?)? / ticks_a_second()?)
}

/// What one thread of this process has used since it began.
pub fn seconds_of_thread(thread: &str) -> Result<f64, Failure> {
    // `/proc/<thread>/stat` would tell of the whole process.
    let stat = std::fs::read_to_string(format!("/proc/self/task/{thread}/stat"))?;
    Ok(ticks(&stat)? / ticks_a_second()?)
}

/// What a process and its direct children that are alive have used, plus the children that have ended: a PostgreSQL server with
/// its backends.
pub fn seconds_of_family(pid: u32) -> Result<f64, Failure> {
    let mut sum = ticks_with_ended_children(&stat(pid)?)?;
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let Some(other) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // A process may end between the listing and the look.
        let Ok(stat) = stat(other) else { continue };
        if field(&stat, PARENT)? == f64::from(pid) {
            sum += ticks(&stat)?;
        }
    }
    Ok(sum / ticks_a_second()?)
}

/// Fields of `/proc/<pid>/stat` after the command's name, counted from 0 (proc(5) counts the first of them as 3).
const PARENT: usize = 1;
const USER: usize = 11;
const SYSTEM: usize = 12;
const CHILDREN_USER: usize = 13;
const CHILDREN_SYSTEM: usize = 14;

fn stat(pid: u32) -> Result<String, Failure> {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|error| Failure::new(format!("process {pid}: {error}")))
}

fn field(stat: &str, index: usize) -> Result<f64, Failure> {
    // The command's name stands in parentheses and may hold spaces and parentheses itself.
    let after_name = stat.rsplit_once(')').map(|(_, rest)| rest);
    after_name
        .and_then(|rest| rest.split_whitespace().nth(index)?.parse().ok())
        .ok_or_else(|| Failure::new("/proc/<pid>/stat does not look as proc(5) says"))
}

fn ticks(stat: &str) -> Result<f64, Failure> {
    Ok(field(stat, USER)? + field(stat, SYSTEM)?)
}

fn ticks_with_ended_children(stat: &str) -> Result<f64, Failure> {
    Ok(ticks(stat)? + field(stat, CHILDREN_USER)? + field(stat, CHILDREN_SYSTEM)?)
}

fn ticks_a_second() -> Result<f64, Failure> {
    let said = output(Command::new("getconf").arg("CLK_TCK"))?;
    said.trim().parse().map_err(|_| Failure::new("getconf CLK_TCK gave no number"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::float_cmp, reason = "tests fail by panicking; the figures are whole")]
    use super::*;

    #[test]
    fn the_fields_are_found_behind_a_name_with_spaces_and_parentheses() {
        let stat = "42 (a b) c)) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 25 5 20 0 1 0 1";
        assert_eq!(field(stat, PARENT).unwrap(), 7.0);
        assert_eq!(ticks(stat).unwrap(), 200.0);
        assert_eq!(ticks_with_ended_children(stat).unwrap(), 230.0);
    }

    #[test]
    fn work_shows_in_the_seconds_of_the_process_that_does_it() {
        let before = seconds(std::process::id()).unwrap();
        let mut sum = 0_u64;
        while seconds(std::process::id()).unwrap() < before + 0.02 {
            for number in 0..100_000_u64 {
                sum = std::hint::black_box(sum.wrapping_add(number));
            }
        }
        assert!(seconds_of_family(std::process::id()).unwrap() >= before);
    }
}
