//! A disk of a few megabytes, really full when it is full: a file system in memory, mounted where
//! nobody else sees it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Holds the disk's folder, in the process that a test starts for itself.
const DISK: &str = "TUTTI_TESTS_DISK";
/// Mounts the disk and becomes the test, or ends with [`NOT_MOUNTED`].
const SCRIPT: &str = "mount -t tmpfs -o size=8m none \"$TUTTI_TESTS_DISK\" || exit 77; exec \"$@\"";
/// What unshare ends with when it may not do what it is for, and what the script does.
const NOT_MOUNTED: [i32; 2] = [1, 77];

/// Runs the test `name`, which calls this, once more in a process with a disk of its own, and there
/// `work` on that disk. Where no disk may be mounted it says loudly that nothing was tested.
///
/// # Panics
/// When the test fails there.
#[expect(clippy::panic, reason = "so tests fail")]
pub fn on_small_disk(name: &str, work: impl FnOnce(&Path)) {
    if let Some(disk) = std::env::var_os(DISK) {
        return work(&PathBuf::from(disk));
    }
    match run_again(name) {
        Ok(Ran::Well(output)) => println!("{output}"),
        Ok(Ran::Badly(output)) => panic!("on the small disk:\n{output}"),
        Ok(Ran::NotAtAll(why)) => skip(name, &why),
        Err(error) => skip(name, &format!("cannot run unshare: {error}")),
    }
}

enum Ran {
    Well(String),
    Badly(String),
    NotAtAll(String),
}

fn run_again(name: &str) -> io::Result<Ran> {
    let folder = tempfile::tempdir()?;
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", SCRIPT, "sh"])
        .arg(std::env::current_exe()?)
        .args([name, "--exact", "--nocapture"])
        .env(DISK, folder.path())
        .stdin(Stdio::null())
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    Ok(match output.status.code() {
        // A test that is not found passes too.
        Some(0) if stdout.contains("1 passed") => Ran::Well(stdout),
        Some(code) if NOT_MOUNTED.contains(&code) => Ran::NotAtAll(stderr),
        _ => Ran::Badly(format!("{stdout}\n{stderr}")),
    })
}

fn skip(name: &str, why: &str) {
    // Printed with a macro it would not be seen, as the test passes; behind a name on the line, it
    // would not be counted.
    let line =
        format!("\nSKIPPED {name}: no disk may be mounted here: {}\n", why.replace('\n', "; "));
    let _ = io::stdout().write_all(line.as_bytes());
}
