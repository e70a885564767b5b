//! Runs other programs, with the one target directory that every chore shares.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    // Asked for when it runs, not when it is built: a build may be found again from another
    // checkout.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    Path::new(&package).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Where builds go: outside the checkout, so that a fresh clone finds what an older one built.
pub(crate) fn target_directory() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(named) = set("CARGO_TARGET_DIR") {
        return repository().join(named);
    }
    let home = || set("HOME").map(|home| home.join(".cache"));
    match set("XDG_CACHE_HOME").or_else(home) {
        Some(cache) => cache.join("tutti/target"),
        None => repository().join("target"),
    }
}

/// The binary that all chores and tests run.
pub(crate) fn binary() -> PathBuf {
    target_directory().join(format!("release/tutti{}", std::env::consts::EXE_SUFFIX))
}

/// Builds the binary.
pub(crate) fn build_binary() -> Result<(), String> {
    run("cargo", &["build", "--release", "--locked", "--package", "tutti-cli"])
}

/// A program with arguments, in the root of the repository.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(repository());
    // What cargo says of us is not of what is run: build scripts that look at it would run again,
    // and all that depends on them, whenever a build comes from elsewhere.
    let is_of_us =
        |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_of_us) {
            command.env_remove(name);
        }
    }
    command.env("TUTTI_BIN", binary()).env("CARGO_TARGET_DIR", target_directory());
    command
}

/// Runs to its end; what it prints goes where ours goes.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let status = command(program, arguments)
        .status()
        .map_err(|error| format!("cannot start \"{program}\": {error}"))?;
    ended(program, arguments, status)
}

/// Runs to its end, showing each line of its output to `see` as well as to the user.
pub(crate) fn run_seen(
    program: &str,
    arguments: &[&str],
    lines: impl FnMut(&str),
) -> Result<(), String> {
    see(command(program, arguments), lines)
}

/// As [`run_seen`], with a command.
pub(crate) fn see(mut command: Command, mut see: impl FnMut(&str)) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let arguments = command.get_args().map(|each| each.to_string_lossy().into_owned());
    let arguments: Vec<String> = arguments.collect();
    let failed = |error| format!("cannot run \"{program}\": {error}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(failed)?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            see(&line);
        }
    }
    ended(&program, &arguments, child.wait().map_err(failed)?)
}

fn ended(
    program: &str,
    arguments: &[impl AsRef<str>],
    status: std::process::ExitStatus,
) -> Result<(), String> {
    if status.success() {
        Ok(())
    } else {
        let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
        Err(format!("`{program} {}` ended with {status}", arguments.join(" ")))
    }
}

/// What a program prints, when it is there and ends well.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = command(program, arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
