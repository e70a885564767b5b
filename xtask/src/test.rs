//! `cargo xtask test`: everything that must hold before a change lands.

use std::env;
use std::process::ExitCode;

use crate::counts::Counts;
use crate::run as shell;
use crate::steps::Steps;
use crate::{attack, canvas, dockerfile, python, runners, tidy};

/// Names the steps that fail where they would be skipped for what the machine lacks.
const MUST_RUN: &str = "TUTTI_MUST_RUN";

/// Runs every step; the last line counts the tests.
pub(crate) fn run() -> ExitCode {
    let mut steps = Steps::that_must_run(&env::var(MUST_RUN).unwrap_or_default());
    let mut counts = Counts::default();
    steps.step("format", || shell::run("cargo", &["fmt", "--all", "--check"]));
    steps.step("style", tidy::run);
    steps.step("lints", || {
        let lints = ["clippy", "--release", "--workspace", "--all-targets", "--locked"];
        shell::run("cargo", &[&lints[..], &["--", "-D", "warnings"]].concat())
    });
    steps.step("binary", shell::build_binary);
    steps.step("tests", || {
        let tests = ["test", "--release", "--workspace", "--locked", "--no-fail-fast"];
        shell::run_seen("cargo", &tests, |line| counts.see(line))
    });
    steps.step("flows", flows);
    steps.step_or_skip("canvas", || canvas::test(&mut counts));
    steps.step_or_skip("attack", || attack::test(&mut counts));
    steps.step_or_skip("Python", || python::test(&mut counts));
    steps.step_or_skip("runners of scripts", || runners::test(&mut counts));
    steps.step("licences, bans, sources", licences);
    steps.step_or_skip("Dockerfile", dockerfile::check);
    let all_well = steps.finish();
    println!("{counts}");
    if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every flow of the repository, checked by the binary as a user would: right, and canonical.
fn flows() -> Result<(), String> {
    let listed = shell::output("git", &["ls-files", "flows/*.json"])
        .ok_or("cannot ask git for the flows")?;
    let flows: Vec<&str> = listed.lines().filter(|flow| !flow.ends_with(".layout.json")).collect();
    if flows.is_empty() {
        return Err("there is no flow in flows/".into());
    }
    let binary = shell::binary();
    let binary = binary.to_string_lossy();
    shell::run(&binary, &[&["validate"], &flows[..]].concat())?;
    shell::run(&binary, &[&["fmt", "--check"], &flows[..]].concat())
}

/// cargo-deny, installed when it is not there. Its advisory database is not asked for: that needs
/// a network that a build may not have.
fn licences() -> Result<(), String> {
    const VERSION: &str = "0.20.2";
    if shell::output("cargo", &["deny", "--version"]).is_none() {
        println!("installing cargo-deny {VERSION}, once (three minutes on two cores)");
        shell::run("cargo", &["install", "cargo-deny", "--locked", "--version", VERSION])?;
    }
    shell::run("cargo", &["deny", "--workspace", "check", "licenses", "bans", "sources"])
}
