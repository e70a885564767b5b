//! `cargo xtask generate`: the files under docs/ that are made from declarations and measurements.
//!
//! Tests hold these files to what makes them; the same tests write them when they are told to.

use crate::run as shell;

/// The tests: of the pages and examples of errors, of librosa's table, of the interface.
const TESTS: &[&str] = &["codes", "suite", "golden", "librosa", "openapi"];
/// The module of the program with those of the reference pages and the schema, which are about all
/// types that it has.
const REFERENCE: &str = "reference_tests::";

/// Writes them.
pub(crate) fn write() -> Result<(), String> {
    let mut arguments = vec!["test", "--release", "--workspace", "--locked", "--quiet"];
    for test in TESTS {
        arguments.extend(["--test", test]);
    }
    update(&arguments)?;
    let program = ["--package", "tutti-cli", "--bin", "tutti", REFERENCE];
    update(&[&["test", "--release", "--locked", "--quiet"][..], &program].concat())
}

fn update(arguments: &[&str]) -> Result<(), String> {
    let status = shell::command("cargo", arguments)
        .env("TUTTI_UPDATE", "1")
        .status()
        .map_err(|error| format!("cannot start \"cargo\": {error}"))?;
    if status.success() { Ok(()) } else { Err("not all files could be made; see above".into()) }
}
