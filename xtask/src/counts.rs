//! Adds up what test runners count, so that one line can tell the whole.

use std::fmt;

/// What the test runners counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
    /// Why tests did not run, in the words of their runners.
    skipped: Vec<String>,
    /// What failed, in the words of their runners: the first of it.
    failures: Vec<String>,
}

/// The most failures that are named in the end.
const FAILURES_MAX: usize = 30;

impl Counts {
    /// Adds up a line such as `test result: ok. 2 passed; 0 failed; 0 ignored; …`, and keeps one
    /// such as `SKIPPED 6 tests with …: why`.
    pub(crate) fn see(&mut self, line: &str) {
        if line.starts_with("SKIPPED ") {
            self.skipped.push(line.trim_end().to_owned());
        }
        if is_failure(line) && self.failures.len() < FAILURES_MAX {
            self.failures.push(line.trim().to_owned());
        }
        let Some(result) = line.trim().strip_prefix("test result: ") else { return };
        for part in result.split([';', '.']) {
            let Some((count, what)) = part.trim().split_once(' ') else { continue };
            let Ok(count) = count.parse::<u64>() else { continue };
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

/// Whether a line says of one test that it failed: of Rust's, of Playwright's list, of pytest's, of
/// Node's.
fn is_failure(line: &str) -> bool {
    let line = line.trim();
    (line.starts_with("test ") && line.ends_with("... FAILED"))
        || line.starts_with('\u{2718}')
        || (line.starts_with("FAILED ") && line.contains("::"))
        || line.starts_with("not ok ")
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.failures {
            writeln!(formatter, "failed: {line}")?;
        }
        for line in &self.skipped {
            writeln!(formatter, "{line}")?;
        }
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(formatter, ", {} skipped", self.ignored)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn it_adds_up_what_the_runners_say() {
        let mut counts = Counts::default();
        counts.see("test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; finished in 1.0s");
        assert_eq!(counts.to_string(), "12 passed, 0 failed");
        counts.see("test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured");
        counts.see("12 passed; 9 failed");
        assert_eq!(counts.to_string(), "15 passed, 2 failed, 1 skipped");
        counts.see("SKIPPED 1 tests with a service: no Java");
        let told = counts.to_string();
        assert_eq!(told, "SKIPPED 1 tests with a service: no Java\n15 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn what_failed_is_named() {
        let mut counts = Counts::default();
        for line in [
            "test a::good ... ok",
            "test a::bad ... FAILED",
            "  \u{2718}   12 e2e/a.spec.ts:7:1 › it is seen (10.0s)",
            "FAILED tests/test_a.py::test_bad - no",
            "not ok 3 - it is said",
            "FAILED canvas: it ended",
        ] {
            counts.see(line);
        }
        let told = counts.to_string();
        let named: Vec<&str> =
            told.lines().filter_map(|line| line.strip_prefix("failed: ")).collect();
        assert_eq!(named.len(), 4, "{told}");
        assert_eq!(named[0], "test a::bad ... FAILED");
        assert!(named[1].starts_with("\u{2718}"), "{told}");
    }
}
