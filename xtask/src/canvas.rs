//! The canvas: its lints, types and unit tests, and its tests in a browser with the real binary.
//!
//! Without a browser the tests that need one are skipped, and said to be.

use std::env;
use std::fs;

use crate::counts::Counts;
use crate::run as shell;
use crate::steps::Outcome;

const FOLDER: &str = "web-ui";
/// Names of the browser that the tests are for.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// What measures, but for what fetches a program of its own.
const MEASURED: [&str; 4] = ["first.spec.ts", "live.spec.ts", "numbers.spec.ts", "sound.spec.ts"];
/// A copy of the lock that the packages were installed from, as `web-ui/build.rs` leaves it.
const STAMP: &str = "web-ui/node_modules/.tutti-lock.json";

/// `cargo xtask canvas`: these tests alone.
pub(crate) fn run() -> Result<(), String> {
    shell::build_binary()?;
    match test(&mut Counts::default())? {
        Outcome::Passed => Ok(()),
        Outcome::Skipped(why) => Err(why),
    }
}

/// All its tests; the binary must have been built.
pub(crate) fn test(counts: &mut Counts) -> Result<Outcome, String> {
    install()?;
    for script in ["lint", "types"] {
        shell::run("npm", &["--prefix", FOLDER, "run", "--silent", script])?;
    }
    let unit = ["--prefix", FOLDER, "run", "--silent", "unit"];
    shell::run_seen("npm", &unit, |line| counts.see(line))?;
    let browser = match browser() {
        Ok(browser) => browser,
        Err(why) => {
            counts.see(&format!("SKIPPED the tests of the canvas in a browser: {why}"));
            return Ok(Outcome::Skipped(why));
        }
    };
    let e2e = ["--prefix", FOLDER, "run", "--silent", "e2e"];
    // What measures is tried on little: the figures are a benchmark's. It weighs the page as built.
    shell::run("npm", &["--prefix", FOLDER, "run", "--silent", "build"])?;
    let mut numbers = vec!["--prefix", FOLDER, "run", "--silent", "numbers", "--"];
    numbers.extend(MEASURED);
    for script in [&e2e[..], &numbers] {
        let mut command = shell::command("npm", script);
        command.env("CHROMIUM", &browser).env("TUTTI_BINARY", shell::binary()).env("SMALL", "1");
        shell::see(command, |line| counts.see(line))?;
    }
    Ok(Outcome::Passed)
}

/// The packages that the lock names, where they are not there yet.
fn install() -> Result<(), String> {
    let root = shell::repository();
    let lock = fs::read(root.join("web-ui/package-lock.json"))
        .map_err(|error| format!("cannot read the lock of the canvas: {error}"))?;
    let stamp = root.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    shell::run("npm", &["--prefix", FOLDER, "ci", "--ignore-scripts"])?;
    fs::write(&stamp, lock).map_err(|error| format!("\"{}\": {error}", stamp.display()))
}

/// The browser, installed where the system's packages can be.
fn browser() -> Result<String, String> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    println!("installing chromium, once");
    let install = ["install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"];
    let installed =
        shell::run("apt-get", &["update"]).and_then(|()| shell::run("apt-get", &install));
    installed.map_err(|why| format!("there is no chromium, and it cannot be installed: {why}"))?;
    find().ok_or_else(|| "chromium was installed and is not there".to_owned())
}

fn find() -> Option<String> {
    if let Ok(named) = env::var("CHROMIUM") {
        return Some(named);
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    let all = env::split_paths(&folders).flat_map(|folder| BROWSERS.map(|name| folder.join(name)));
    all.into_iter().find(|path| path.is_file()).map(|path| path.to_string_lossy().into_owned())
}
