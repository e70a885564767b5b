//! Environments of Python for tools and tests, each with what it is for.
//!
//! They lie beside the builds, never in the checkout.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run as shell;

/// The oldest Python that is good enough, as `python/pyproject.toml` says.
const OLDEST: (u32, u32) = (3, 10);
/// Where Python is looked for.
const NAMES: &[&str] =
    &["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

/// A folder with a Python of its own and packages.
pub(crate) struct Environment(PathBuf);

impl Environment {
    /// The environment `name` with what the file `requirements` lists; made again only where that
    /// has changed. Or why there is none.
    pub(crate) fn prepare(name: &str, requirements: &str) -> Result<Self, String> {
        let Some(python) = NAMES.iter().find(|name| is_fit(name)) else {
            let (major, minor) = OLDEST;
            return Err(format!("no Python from {major}.{minor} on with venv"));
        };
        let environment = Self(shell::target_directory().join("tools").join(name));
        let filled = environment.fill(python, requirements);
        filled.map_err(|why| format!("no packages for {python}: {why}"))?;
        Ok(environment)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// A program that is in it.
    pub(crate) fn program(&self, name: &str) -> String {
        self.0.join("bin").join(name).to_string_lossy().into_owned()
    }

    fn fill(&self, python: &str, requirements: &str) -> Result<(), String> {
        let listed = fs::read_to_string(shell::repository().join(requirements))
            .map_err(|error| format!("cannot read {requirements}: {error}"))?;
        let version = shell::output(python, &["--version"]).unwrap_or_default();
        let wanted = format!("{version}{listed}");
        let stamp = self.0.join("made-for.txt");
        let inside = self.program("python");
        let works = shell::output(&inside, &["--version"]).is_some();
        if works && fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
            return Ok(());
        }
        println!("preparing an environment for Python, once");
        shell::run(python, &["-m", "venv", "--clear", &self.0.to_string_lossy()])?;
        shell::run(&inside, &["-m", "pip", "install", "--quiet", "-r", requirements])?;
        fs::write(&stamp, wanted).map_err(|error| format!("\"{}\": {error}", stamp.display()))
    }
}

/// Whether this is a Python that is not too old and can make environments.
fn is_fit(name: &str) -> bool {
    let (major, minor) = OLDEST;
    let ask = format!("import ensurepip, sys, venv; print(sys.version_info >= ({major}, {minor}))");
    shell::output(name, &["-c", &ask]).is_some_and(|told| told.trim() == "True")
}
