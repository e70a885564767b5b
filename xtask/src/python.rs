//! The wheel: installed as a user would install it, into an environment of its own, and tested.
//!
//! The environment lies beside the builds, never in the checkout.

use std::fs;
use std::path::Path;

use crate::counts::Counts;
use crate::run as shell;
use crate::steps::Outcome;

/// The oldest Python that the wheel is for, as `python/pyproject.toml` says.
const OLDEST: (u32, u32) = (3, 10);
/// Where Python is looked for.
const NAMES: &[&str] =
    &["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
/// What the tests need, and what builds the wheel.
const REQUIREMENTS: &str = "python/tests/requirements.txt";

/// `cargo xtask wheel`: the tests alone.
pub(crate) fn run() -> Result<(), String> {
    match test(&mut Counts::default())? {
        Outcome::Passed => Ok(()),
        Outcome::Skipped(why) => Err(why),
    }
}

/// Builds the wheel, installs it and runs its tests, where there is a Python that can.
pub(crate) fn test(counts: &mut Counts) -> Result<Outcome, String> {
    let Some(python) = NAMES.iter().find(|name| is_fit(name)) else {
        let (major, minor) = OLDEST;
        return Ok(skipped(counts, &format!("no Python from {major}.{minor} on with venv")));
    };
    let folder = shell::target_directory().join("tools/python");
    if let Err(why) = prepare(python, &folder) {
        return Ok(skipped(counts, &format!("no packages for {python}: {why}")));
    }
    let inside = program(&folder);
    // Without an environment for the build alone: what that would fetch is there already.
    install(&inside, &folder)?;
    let tests = ["-m", "pytest", "--quiet", "-p", "no:cacheprovider", "python/tests"];
    shell::run_seen(&inside, &tests, |line| counts.see(line))?;
    Ok(Outcome::Passed)
}

fn install(inside: &str, folder: &Path) -> Result<(), String> {
    let options = ["--quiet", "--force-reinstall", "--no-deps", "--no-build-isolation"];
    let arguments = [&["-m", "pip", "install"][..], &options, &["./python"]].concat();
    // maturin is looked for by its name.
    let before = std::env::var_os("PATH").unwrap_or_default();
    let path = [folder.join("bin")].into_iter().chain(std::env::split_paths(&before));
    let path = std::env::join_paths(path).map_err(|error| error.to_string())?;
    let status = shell::command(inside, &arguments).env("PATH", path).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the wheel cannot be installed: pip ended with {status}")),
        Err(error) => Err(format!("cannot start \"{inside}\": {error}")),
    }
}

fn skipped(counts: &mut Counts, why: &str) -> Outcome {
    counts.see(&format!("SKIPPED the tests of the wheel: {why}"));
    Outcome::Skipped(why.to_owned())
}

/// Whether this is a Python that is not too old and can make environments.
fn is_fit(name: &str) -> bool {
    let (major, minor) = OLDEST;
    let ask = format!("import ensurepip, sys, venv; print(sys.version_info >= ({major}, {minor}))");
    shell::output(name, &["-c", &ask]).is_some_and(|told| told.trim() == "True")
}

fn program(folder: &Path) -> String {
    folder.join("bin/python").to_string_lossy().into_owned()
}

/// An environment with what the tests need; again only where that has changed.
fn prepare(python: &str, folder: &Path) -> Result<(), String> {
    let requirements = fs::read_to_string(shell::repository().join(REQUIREMENTS))
        .map_err(|error| format!("cannot read {REQUIREMENTS}: {error}"))?;
    let version = shell::output(python, &["--version"]).unwrap_or_default();
    let wanted = format!("{version}{requirements}");
    let stamp = folder.join("made-for.txt");
    let works = shell::output(&program(folder), &["--version"]).is_some();
    if works && fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    println!("preparing an environment for Python, once");
    shell::run(python, &["-m", "venv", "--clear", &folder.to_string_lossy()])?;
    shell::run(&program(folder), &["-m", "pip", "install", "--quiet", "-r", REQUIREMENTS])?;
    fs::write(&stamp, wanted).map_err(|error| format!("\"{}\": {error}", stamp.display()))
}
