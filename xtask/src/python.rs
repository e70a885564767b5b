//! The wheel: installed as a user would install it, into an environment of its own, and tested.
//!
//! The environment lies beside the builds, never in the checkout.

use std::fs;
use std::path::{Path, PathBuf};

use crate::counts::Counts;
use crate::environment::Environment;
use crate::run as shell;
use crate::steps::Outcome;

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
    let environment = match Environment::prepare("python", REQUIREMENTS) {
        Ok(environment) => environment,
        Err(why) => {
            counts.see(&format!("SKIPPED the tests of the wheel: {why}"));
            return Ok(Outcome::Skipped(why));
        }
    };
    let inside = environment.program("python");
    // Without an environment for the build alone: what that would fetch is there already.
    install(&inside, environment.folder())?;
    let tests = ["-m", "pytest", "--quiet", "-p", "no:cacheprovider", "python/tests"];
    shell::run_seen(&inside, &tests, |line| counts.see(line))?;
    Ok(Outcome::Passed)
}

/// The wheel's compiled library, where its tests were run.
pub(crate) fn library() -> Option<PathBuf> {
    let packages = shell::target_directory().join("tools/python/lib");
    let versions = fs::read_dir(packages).ok()?.flatten();
    let named = |version: fs::DirEntry| version.path().join("site-packages/tutti/_native.abi3.so");
    versions.map(named).find(|library| library.is_file())
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
