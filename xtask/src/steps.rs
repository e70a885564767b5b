//! Runs steps one after the other, all of them even when one fails, and says how each ended.

use std::time::Instant;

/// How a step ended.
enum Outcome {
    Passed,
    Failed(String),
}

/// The steps so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(&'static str, Outcome, f64)>,
}

impl Steps {
    /// Runs one step.
    pub(crate) fn step(&mut self, name: &'static str, run: impl FnOnce() -> Result<(), String>) {
        println!("\n== {name}");
        let started = Instant::now();
        let outcome = match run() {
            Ok(()) => Outcome::Passed,
            Err(message) => {
                eprintln!("{message}");
                Outcome::Failed(message)
            }
        };
        self.done.push((name, outcome, started.elapsed().as_secs_f64()));
    }

    /// Prints how all ended; an error when one failed.
    pub(crate) fn finish(self) -> Result<(), String> {
        println!("\n== steps");
        let mut failed = Vec::new();
        for (name, outcome, seconds) in &self.done {
            let word = match outcome {
                Outcome::Passed => "passed",
                Outcome::Failed(message) => {
                    failed.push(format!("{name}: {message}"));
                    "FAILED"
                }
            };
            println!("{word:>7}  {seconds:>7.1} s  {name}");
        }
        let seconds: f64 = self.done.iter().map(|(_, _, seconds)| seconds).sum();
        println!("         {seconds:>7.1} s  in all");
        if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
    }
}
