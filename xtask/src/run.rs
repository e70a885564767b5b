//! Runs other programs, with the one target directory that every chore shares.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Where builds go: outside the checkout, so that a fresh clone finds what an older one built.
pub(crate) fn target_directory() -> PathBuf {
    if let Some(named) = std::env::var_os("CARGO_TARGET_DIR") {
        return named.into();
    }
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    cache.unwrap_or_else(|| repository().join("target")).join("tutti/target")
}

/// A program with arguments, in the root of the repository.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let target = target_directory();
    let mut command = Command::new(program);
    command.args(arguments).current_dir(repository());
    command.env("TUTTI_BIN", target.join("release/tutti")).env("CARGO_TARGET_DIR", target);
    command
}

/// Runs to its end; what it prints goes where ours goes.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let status = command(program, arguments)
        .status()
        .map_err(|error| format!("cannot start \"{program}\": {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{program} {}` ended with {status}", arguments.join(" ")))
    }
}

/// Runs to its end, showing each line of its output to `see` as well as to the user.
pub(crate) fn run_seen(
    program: &str,
    arguments: &[&str],
    mut see: impl FnMut(&str),
) -> Result<(), String> {
    let failed = |error| format!("cannot run \"{program}\": {error}");
    let mut child = command(program, arguments).stdout(Stdio::piped()).spawn().map_err(failed)?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(failed)?;
            println!("{line}");
            see(&line);
        }
    }
    let status = child.wait().map_err(failed)?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{program} {}` ended with {status}", arguments.join(" ")))
    }
}

/// What a program prints, when it is there and ends well.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = command(program, arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
