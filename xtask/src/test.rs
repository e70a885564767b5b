//! `cargo xtask test`: everything that must hold before a change lands.

use crate::run as shell;
use crate::steps::Steps;
use crate::tidy;

pub(crate) fn run() -> Result<(), String> {
    let mut steps = Steps::default();
    let mut counts = Counts::default();
    steps.step("format", || shell::run("cargo", &["fmt", "--all", "--check"]));
    steps.step("style", tidy::run);
    steps.step("lints", || {
        let lints = ["clippy", "--release", "--workspace", "--all-targets", "--locked"];
        shell::run("cargo", &[&lints[..], &["--", "-D", "warnings"]].concat())
    });
    steps.step("binary", || {
        shell::run("cargo", &["build", "--release", "--locked", "--package", "tutti-cli"])
    });
    steps.step("tests", || {
        let tests = ["test", "--release", "--workspace", "--locked", "--no-fail-fast"];
        shell::run_seen("cargo", &tests, |line| counts.see(line))
    });
    steps.step("licences, bans, sources", licences);
    let outcome = steps.finish();
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.ignored);
    outcome
}

/// What the test runners counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Counts {
    /// Adds up a line such as `test result: ok. 2 passed; 0 failed; 0 ignored; …`.
    fn see(&mut self, line: &str) {
        let Some(result) = line.trim().strip_prefix("test result: ") else { return };
        for part in result.split([';', '.']) {
            match part.trim().split_once(' ') {
                Some((count, "passed")) => self.passed += count.parse::<u64>().unwrap_or(0),
                Some((count, "failed")) => self.failed += count.parse::<u64>().unwrap_or(0),
                Some((count, "ignored")) => self.ignored += count.parse::<u64>().unwrap_or(0),
                _ => {}
            }
        }
    }
}

/// cargo-deny, installed when it is not there. Its advisory database is not asked for: that needs
/// a network that a build may not have.
fn licences() -> Result<(), String> {
    const VERSION: &str = "0.20.2";
    if shell::output("cargo", &["deny", "--version"]).is_none() {
        println!("installing cargo-deny {VERSION} (once)");
        shell::run("cargo", &["install", "cargo-deny", "--locked", "--version", VERSION])?;
    }
    shell::run("cargo", &["deny", "--workspace", "check", "licenses", "bans", "sources"])
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn it_adds_up_what_the_runners_say() {
        let mut counts = Counts::default();
        counts.see("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; finished in 1.0s");
        counts.see("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured");
        counts.see("12 passed; 9 failed");
        assert_eq!(counts, Counts { passed: 15, failed: 2, ignored: 1 });
    }
}
