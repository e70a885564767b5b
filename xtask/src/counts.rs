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
}

impl Counts {
    /// Adds up a line such as `test result: ok. 2 passed; 0 failed; 0 ignored; …`, and keeps one
    /// such as `SKIPPED 6 tests with …: why`.
    pub(crate) fn see(&mut self, line: &str) {
        if line.starts_with("SKIPPED ") {
            self.skipped.push(line.trim_end().to_owned());
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

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
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
}
