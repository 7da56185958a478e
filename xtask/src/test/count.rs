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

    /// From vitest's ` Tests  2 failed | 120 passed | 1 skipped (123)`.
    pub fn of_vitest(text: &str) -> Self {
        let sums = text.lines().filter_map(|line| line.trim_start().strip_prefix("Tests "));
        Self::sum(sums.flat_map(|sum| sum.split(['|', '('])))
    }

    /// From Playwright's last lines, `  1 failed`, `  2 flaky`, `  3 did not run`, `  12 passed (3.4s)`.
    pub fn of_playwright(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().rev().take_while(|line| !line.contains("Running ")).collect();
        let sums = lines.into_iter().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        Self::sum(sums)
    }

    fn sum<'t>(parts: impl Iterator<Item = &'t str>) -> Self {
        let mut count = Self::default();
        for part in parts {
            let mut words = part.split_whitespace();
            let number: Option<u64> = words.next().and_then(|word| word.parse().ok());
            match (number, words.next()) {
                (Some(number), Some("passed")) => count.passed += number,
                (Some(number), Some("failed" | "timed" | "exec" | "flaky" | "did")) => count.failed += number,
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
    fn the_sums_of_the_web_clients_runners_are_read() {
        let vitest =
            " Test Files  1 failed | 11 passed (12)\n      Tests  2 failed | 120 passed | 1 skipped (123)\n   Duration  3.1s (tests 2s)";
        assert_eq!(Count::of_vitest(vitest), count(120, 2));
        let playwright = "Running 18 tests using 1 worker\n  ok 1 a.spec.ts (1s)\n\n  1 failed\n    a.spec.ts:3:1 › 7 passed by\n  2 flaky\n  3 did not run\n  12 passed (3.4s)\n";
        assert_eq!(Count::of_playwright(playwright), count(12, 6));
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
