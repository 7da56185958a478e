//! How many tests passed and failed, read from what the test runners print. Lines that tests themselves print do not count.

use std::fmt;

/// A sum of tests.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Ended well.
    pub passed: u64,
    /// Ended in any other way: failed, timed out, could not be started.
    pub failed: u64,
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Count {
    /// From nextest's last summary: `Summary [ 0.010s] 4 tests run: 2 passed (1 slow), 1 failed, 1 timed out, 3 skipped`.
    pub fn of_nextest(text: &str) -> Self {
        let summary = text.lines().rev().find(|line| line.trim_start().starts_with("Summary ["));
        let Some((_, ends)) = summary.and_then(|line| line.split_once(" run: ")) else {
            return Self::default();
        };
        Self::sum(ends.split(','))
    }

    /// From every `test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s`.
    pub fn of_libtest(text: &str) -> Self {
        let results = text.lines().filter_map(|line| line.strip_prefix("test result: "));
        Self::sum(
            results
                .filter_map(|line| line.split_once(". "))
                .flat_map(|(_, ends)| ends.split(';')),
        )
    }

    fn sum<'t>(parts: impl Iterator<Item = &'t str>) -> Self {
        let mut count = Self::default();
        for part in parts {
            let mut words = part.split_whitespace();
            let number: Option<u64> = words.next().and_then(|word| word.parse().ok());
            match (number, words.next()) {
                (Some(number), Some("passed")) => count.passed += number,
                (Some(number), Some("failed" | "timed" | "exec")) => count.failed += number,
                _ => {}
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u64, failed: u64) -> Count {
        Count { passed, failed }
    }

    #[test]
    fn every_way_of_not_passing_counts_as_failed() {
        let text = "   Summary [   1.2s] 9/11 tests run: 5 passed (1 slow, 2 leaky), 1 failed, 2 timed out, 1 exec failed, 2 skipped\n";
        assert_eq!(Count::of_nextest(text), count(5, 4));
    }

    #[test]
    fn one_test_alone_is_counted() {
        assert_eq!(Count::of_nextest("  Summary [ 0.0s] 1 test run: 1 passed, 0 skipped"), count(1, 0));
    }

    #[test]
    fn a_test_that_prints_a_result_does_not_count_for_nextest() {
        let text = "test result: FAILED. 0 passed; 1 failed; 0 ignored\n  Summary [ 0.0s] 2 tests run: 1 passed, 1 failed, 0 skipped";
        assert_eq!(Count::of_nextest(text), count(1, 1));
    }

    #[test]
    fn the_results_of_several_test_binaries_are_added() {
        let text = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(Count::of_libtest(text), count(7, 3));
    }

    #[test]
    fn nothing_is_counted_where_nothing_ran() {
        assert_eq!(Count::of_nextest("error: could not compile"), count(0, 0));
        assert_eq!(Count::of_libtest("error: could not compile"), count(0, 0));
    }

    #[test]
    fn the_last_line_is_the_plain_count() {
        assert_eq!(count(12, 1).to_string(), "12 passed, 1 failed");
    }
}
