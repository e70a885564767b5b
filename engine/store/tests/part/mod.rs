//! Parts of tests that need a process of their own: to be killed, to have limits, or another disk.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tutti_store::StoreError;

/// Holds the folder to work in, in the process that a test starts for a part of itself.
const FOLDER: &str = "TUTTI_STORE_TEST_FOLDER";

/// The test `name` of this file in a process of its own, begun by the shell's `script`.
pub(crate) fn part(name: &str, folder: &Path, script: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{script} exec \"$@\"")).arg("sh");
    command.arg(std::env::current_exe().unwrap()).args([name, "--exact", "--nocapture"]);
    command.env(FOLDER, folder).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

pub(crate) fn part_folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

pub(crate) fn says(error: &StoreError, place: &Path, help: &str) {
    let chain = error.chain();
    assert!(chain.contains(&place.display().to_string()), "it does not say where: {chain}");
    assert!(error.help().contains(help), "{chain}: {}", error.help());
}

/// What makes a small disk in memory at the folder, for this process alone; or ends with 77.
const SMALL_DISK: &str = "mount -t tmpfs -o size=4m none \"$TUTTI_STORE_TEST_FOLDER\" || exit 77;";

/// Runs the test `name` again on a small disk of its own, where that may be made.
pub(crate) fn on_small_disk(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut inner = part(name, folder.path(), SMALL_DISK);
    let mut command = Command::new("unshare");
    command.arg("-rm").arg(inner.get_program()).args(inner.get_args());
    inner = command;
    inner.env(FOLDER, folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
    match inner.status().map(|status| status.code()) {
        Ok(Some(0)) => {}
        Ok(Some(1 | 77)) if !may_mount() => skip(name, "no disk may be made here"),
        Err(error) => skip(name, &format!("cannot run unshare: {error}")),
        ended => panic!("{name} ended with {ended:?}"),
    }
}

/// Says that a test was skipped. Printed with a macro it would not be seen, as the test passes;
/// behind a name on the line, it would not be counted.
pub(crate) fn skip(name: &str, why: &str) {
    let _ = std::io::stdout().write_all(format!("\nSKIPPED {name}: {why}\n").as_bytes());
}

pub(crate) fn may_mount() -> bool {
    let mount = "mount -t tmpfs none /mnt";
    let status = Command::new("unshare").args(["-rm", "sh", "-c", mount]).status();
    status.is_ok_and(|status| status.success())
}
