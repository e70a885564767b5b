//! Runs steps one after the other, all of them even when one fails, and says how each ended.

use std::time::Instant;

/// How a step ended, when it did not fail.
pub(crate) enum Outcome {
    Passed,
    /// It could not run, and why: told at the end, and loudly.
    Skipped(String),
}

/// A step that is over.
struct Done {
    name: &'static str,
    outcome: Result<Outcome, String>,
    seconds: f64,
}

/// The steps so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Done>,
    /// The names of those that fail where others would be skipped.
    must_run: Vec<String>,
}

impl Steps {
    /// Of these, named with commas between them, none may be skipped.
    pub(crate) fn that_must_run(names: &str) -> Self {
        let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        Self { must_run: names.map(Into::into).collect(), ..Self::default() }
    }

    /// Runs a step that passes or fails.
    pub(crate) fn step(&mut self, name: &'static str, run: impl FnOnce() -> Result<(), String>) {
        self.step_or_skip(name, || run().map(|()| Outcome::Passed));
    }

    /// Runs a step that may find that it cannot run.
    pub(crate) fn step_or_skip(
        &mut self,
        name: &'static str,
        run: impl FnOnce() -> Result<Outcome, String>,
    ) {
        println!("\n== {name}");
        let started = Instant::now();
        let outcome = match run() {
            Ok(Outcome::Skipped(why)) if self.must_run.iter().any(|must| must == name) => {
                Err(format!("it must run here, and cannot: {why}"))
            }
            outcome => outcome,
        };
        if let Err(message) = &outcome {
            eprintln!("{message}");
        }
        let seconds = started.elapsed().as_secs_f64();
        self.done.push(Done { name, outcome, seconds });
    }

    /// Prints a line for each and, below, why those that did not pass did not; says whether none
    /// failed.
    pub(crate) fn finish(&mut self) -> bool {
        // Misspelt, it would hold for nothing and nobody would see.
        let is_there = |must: &&String| self.done.iter().any(|done| done.name == **must);
        let unknown = self.must_run.iter().filter(|must| !is_there(must)).map(String::as_str);
        let unknown = unknown.collect::<Vec<_>>().join(", ");
        if !unknown.is_empty() {
            self.step("steps that must run", || Err(format!("there is no such step: {unknown}")));
        }
        println!("\n== steps");
        for Done { name, outcome, seconds } in &self.done {
            let word = match outcome {
                Ok(Outcome::Passed) => "passed",
                Ok(Outcome::Skipped(_)) => "SKIPPED",
                Err(_) => "FAILED",
            };
            println!("{word:>7}  {seconds:>7.1} s  {name}");
        }
        let seconds: f64 = self.done.iter().map(|done| done.seconds).sum();
        println!("         {seconds:>7.1} s  in all");
        for Done { name, outcome, .. } in &self.done {
            match outcome {
                Ok(Outcome::Passed) => {}
                Ok(Outcome::Skipped(why)) => println!("SKIPPED {name}: {why}"),
                Err(message) => println!("FAILED {name}: {message}"),
            }
        }
        self.done.iter().all(|done| done.outcome.is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finish(must_run: &str) -> bool {
        let mut steps = Steps::that_must_run(must_run);
        steps.step_or_skip("canvas", || Ok(Outcome::Skipped("no such tool".into())));
        steps.step("attack", || Ok(()));
        steps.finish()
    }

    #[test]
    fn what_must_run_is_not_skipped() {
        assert!(finish(""));
        assert!(finish("attack"));
        assert!(!finish("attack, canvas"));
        assert!(!finish("canvass"), "a name of nothing");
    }

    #[test]
    fn only_a_failure_fails_and_the_rest_still_runs() {
        let mut steps = Steps::default();
        steps.step_or_skip("skipped", || Ok(Outcome::Skipped("no such tool".into())));
        assert!(steps.finish());
        let mut ran = false;
        steps.step("fails", || Err("why".into()));
        steps.step("after it", || {
            ran = true;
            Ok(())
        });
        assert!(!steps.finish());
        assert!(ran);
    }
}
