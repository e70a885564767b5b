//! The components that run scripts: made anew from pinned packages, and tested as they are
//! committed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::counts::Counts;
use crate::environment::Environment;
use crate::python;
use crate::run as shell;
use crate::steps::Outcome;

const FOLDER: &str = "scripting/runners";
const REQUIREMENTS: &str = "scripting/runners/python/requirements-tests.txt";

/// `cargo xtask runners`: makes them anew.
pub(crate) fn build() -> Result<(), String> {
    for script in ["numpy_wasm/build.py", "build.py", "build_javascript.py"] {
        shell::run("python3", &[&format!("{FOLDER}/{script}")])?;
    }
    Ok(())
}

/// Runs the tests of the runners in the components that are committed.
pub(crate) fn test(counts: &mut Counts) -> Result<Outcome, String> {
    let environment = match Environment::prepare("runners", REQUIREMENTS) {
        Ok(environment) => environment,
        Err(why) => {
            counts.see(&format!("SKIPPED the tests of the runners: {why}"));
            return Ok(Outcome::Skipped(why));
        }
    };
    let inside = environment.program("python");
    let runner = unpacked(&inside)?;
    let tests = format!("{FOLDER}/python/tests");
    let arguments = ["-m", "pytest", "--quiet", "-p", "no:cacheprovider", &tests];
    let mut command = shell::command(&inside, &arguments);
    command.env("TUTTI_RUNNER", runner);
    if let Some(library) = python::library() {
        command.env("TUTTI_NATIVE", library);
    } else {
        counts.see("SKIPPED the tests of librosa in the runner: the wheel is not built");
    }
    shell::see(command, |line| counts.see(line))?;

    let javascript = format!("{FOLDER}/javascript");
    shell::run("npm", &["--prefix", &javascript, "ci", "--silent"])?;
    let mut told = Told::default();
    let test = ["--prefix", &javascript, "test", "--silent"];
    let tested = shell::run_seen("npm", &test, |line| {
        told.see(line);
        counts.see(line);
    });
    counts.see(&told.line());
    tested.map(|()| Outcome::Passed)
}

/// What Node's test runner counts.
#[derive(Default)]
struct Told {
    passed: u64,
    failed: u64,
}

impl Told {
    fn see(&mut self, line: &str) {
        let of = |word| line.strip_prefix(word).and_then(|count| count.trim().parse().ok());
        self.passed = of("# pass").unwrap_or(self.passed);
        self.failed = of("# fail").unwrap_or(self.failed);
    }

    /// The same as Rust's says it.
    fn line(&self) -> String {
        format!("test result: {} passed; {} failed; 0 ignored", self.passed, self.failed)
    }
}

/// Python's runner, as it is committed.
fn unpacked(python: &str) -> Result<PathBuf, String> {
    const UNPACK: &str = "import lzma, shutil, sys\n\
        shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], 'wb'))";
    let folder = shell::target_directory().join("tools/runner");
    fs::create_dir_all(&folder).map_err(|error| format!("\"{}\": {error}", folder.display()))?;
    let runner = folder.join("python.wasm");
    let packed = Path::new(FOLDER).join("python.wasm.xz");
    let (from, to) = (packed.to_string_lossy(), runner.to_string_lossy());
    shell::run(python, &["-c", UNPACK, &from, &to])?;
    Ok(runner)
}
