//! Builds the page with npm into the folder of this build, and lists its files for `src/lib.rs`.
//!
//! Must never write into the source tree, but for `node_modules`, which npm wants beside the page.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// What the page is made of: cargo builds anew when something of it changes.
const SOURCES: &[&str] = &[
    "../docs",
    "index.html",
    "package.json",
    "package-lock.json",
    "public",
    "src",
    "tsconfig.json",
    "vite.config.ts",
];
/// A copy of the lock that `node_modules` was made from.
const STAMP: &str = "node_modules/.tutti-lock.json";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    let lock = fs::read(root.join("package-lock.json")).map_err(|error| told(&error))?;
    if fs::read(root.join(STAMP)).ok().as_ref() != Some(&lock) {
        npm(&root, &["ci", "--ignore-scripts"])?;
        fs::write(root.join(STAMP), &lock).map_err(|error| told(&error))?;
    }
    let page = out.join("page");
    let folder = page.to_str().ok_or("the folder of the build has a name that is no UTF-8")?;
    npm(&root, &["run", "build", "--", "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"])?;
    let mut files = Vec::new();
    collect(&page, &page, &mut files).map_err(|error| told(&error))?;
    files.sort();
    fs::write(out.join("assets.rs"), table(&files)).map_err(|error| told(&error))
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("cargo does not give {name}: {error}"))
}

fn told(error: &io::Error) -> String {
    format!("the page cannot be built: {error}")
}

fn npm(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let shown = format!("npm {}", arguments.join(" "));
    let output = Command::new("npm").args(arguments).current_dir(root).output().map_err(|error| {
        format!(
            "cannot run \"{shown}\": {error}\nThe canvas is built with Node.js: install Node.js \
             20.19 or later with npm, and see that \"npm --version\" answers."
        )
    })?;
    if output.status.success() {
        return Ok(());
    }
    let told = [output.stdout, output.stderr].concat();
    Err(format!(
        "\"{shown}\" in {} failed:\n{}\nRun it there by hand to see more; \"npm ci\" needs the \
         network when packages are new.",
        root.display(),
        String::from_utf8_lossy(&told)
    ))
}

/// All files below `folder`, by their paths from the page on.
fn collect(page: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(page, &path, files)?;
        } else {
            let name = path.strip_prefix(page).unwrap_or(&path);
            let name = name.to_string_lossy().replace('\\', "/");
            files.push((name, path.to_string_lossy().into_owned()));
        }
    }
    Ok(())
}

fn table(files: &[(String, String)]) -> String {
    let mut text = String::from("&[\n");
    for (name, path) in files {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "    ({name:?}, include_bytes!({path:?})),");
    }
    text.push_str("]\n");
    text
}
