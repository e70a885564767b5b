//! `cargo xtask generate`: the files under docs/ that are made from declarations and measurements.
//!
//! Tests hold these files to what makes them; the same tests write them when they are told to.

use crate::run as shell;

/// The tests: of the reference pages and the schema, of the pages and examples of errors, of
/// librosa's table.
const TESTS: &[&str] = &["reference", "codes", "suite", "golden", "librosa", "openapi"];

/// Writes them.
pub(crate) fn write() -> Result<(), String> {
    let mut arguments = vec!["test", "--release", "--workspace", "--locked", "--quiet"];
    for test in TESTS {
        arguments.extend(["--test", test]);
    }
    let status = shell::command("cargo", &arguments)
        .env("TUTTI_UPDATE", "1")
        .status()
        .map_err(|error| format!("cannot start \"cargo\": {error}"))?;
    if status.success() { Ok(()) } else { Err("not all files could be made; see above".into()) }
}
