//! The project's chores, one word each: `cargo xtask WORD`.
//!
//! Light on purpose: it is built before anything else, and knows no crate of ours.

mod attack;
mod bench;
mod canvas;
mod counts;
mod demo;
mod dockerfile;
mod environment;
mod fuzz;
mod generate;
mod mutants;
mod new;
mod python;
mod run;
mod runners;
mod steps;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask WORD

  demo [FOLDER]       builds tutti, turns the example recordings, or those in FOLDER, into features
                      in out/, and shows them
  test                format, style, lints, every test, flows, the canvas, the wheel, licences:
                      as CI
  new processor NAME  a processor that compiles and passes, for its author to go on from
  generate            writes the files under docs/ that tests hold to what they are made from
  canvas              lints and tests the canvas, also in a browser
  wheel               installs the wheel for Python beside the builds, and runs its tests
  runners             makes the components anew that run scripts
  attack              attacks the HTTP interface with what its OpenAPI document says
  tidy                the style that tools can check
  fuzz TARGET|all [--seconds N]
                      feeds what reads foreign bytes with what a fuzzer makes up, a minute each
  bench               runs the benchmarks of docs/benchmarks.md, with machine and versions
  mutants [PART]      breaks the engine on purpose, and looks whether the tests notice";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["demo"] => demo::run(None),
        ["test"] => return test::run(),
        ["generate"] => generate::write(),
        ["canvas"] => canvas::run(),
        ["attack"] => attack::run(),
        ["wheel"] => python::run(),
        ["runners"] => runners::build(),
        ["tidy"] => tidy::run(),
        ["fuzz", target] => fuzz::run(target, None),
        ["fuzz", target, "--seconds", seconds] => fuzz::run(target, Some(seconds)),
        ["bench"] => bench::run(),
        ["mutants"] => mutants::run(None),
        ["mutants", part] => mutants::run(Some(part)),
        [] | ["help" | "--help" | "-h", ..] | [_, "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        ["new", "processor", name] => new::processor(name),
        ["demo", folder] => demo::run(Some(folder.as_ref())),
        words => Err(format!("no such word: {}\n{USAGE}", words.join(" "))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
