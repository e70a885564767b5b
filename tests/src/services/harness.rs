//! The `main` of a program of tests that share one service.
//!
//! Where the machine lacks what the service needs, the tests are counted as ignored and the reason
//! is printed on a line that begins with `SKIPPED`: they never pass without having run.

use std::process::ExitCode;
use std::sync::{Arc, RwLock};

use libtest_mimic::{Arguments, Failed, Trial, run};

use super::NotStarted;

/// A test by its name. One that kills the service, or needs it for itself, takes it for writing.
pub type Test<S> = (&'static str, fn(&RwLock<S>));

/// Runs those tests that the command line asks for, each with the one service that `start` starts.
/// It ends before this does.
pub fn main<S: Send + Sync + 'static>(
    service: &str,
    start: fn() -> Result<S, NotStarted>,
    tests: &[Test<S>],
) -> ExitCode {
    let arguments = Arguments::from_args();
    let is_asked_for = is_asked_for(&arguments, tests);
    let started = if is_asked_for {
        start().map(|service| Arc::new(RwLock::new(service)))
    } else {
        Err(NotStarted::Missing("no test of it is asked for".to_owned()))
    };
    match &started {
        Err(NotStarted::Missing(why)) if is_asked_for => {
            println!("SKIPPED {} tests with {service}: {}", tests.len(), why.replace('\n', "; "));
        }
        Err(NotStarted::Failed(why)) => eprintln!("{why}"),
        _ => {}
    }
    let trials = tests.iter().map(|&(name, test)| match &started {
        Ok(service) => {
            let service = Arc::clone(service);
            Trial::test(name, move || {
                test(&service);
                Ok(())
            })
        }
        Err(why) => {
            let is_skipped = matches!(why, NotStarted::Missing(_));
            let told = format!("{service} did not start, see above");
            Trial::test(name, move || Err(Failed::from(told))).with_ignored_flag(is_skipped)
        }
    });
    run(&arguments, trials.collect()).exit_code()
}

/// Whether any of them is to run: a service is not started for a list, or for nobody.
fn is_asked_for<S>(arguments: &Arguments, tests: &[Test<S>]) -> bool {
    let filter = arguments.filter.as_deref().unwrap_or_default();
    !arguments.list && tests.iter().any(|(name, _)| name.contains(filter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_started_for_those_who_use_it_alone() {
        let tests: [Test<()>; 1] = [("a_kill_leaves_nothing", |_| {})];
        for (words, expected) in [
            (&["program"][..], true),
            (&["program", "kill"], true),
            (&["program", "another"], false),
            (&["program", "--list"], false),
        ] {
            assert_eq!(is_asked_for(&Arguments::from_iter(words), &tests), expected, "{words:?}");
        }
    }
}
