//! The binary under test.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Where the binary is: `TUTTI_BIN`, or beside the running test in the target directory.
///
/// # Panics
/// When there is none, with what to do.
pub fn path() -> PathBuf {
    let named = std::env::var_os("TUTTI_BIN").map(PathBuf::from);
    let beside = || {
        let test = std::env::current_exe().ok()?;
        Some(test.parent()?.parent()?.join(format!("tutti{}", std::env::consts::EXE_SUFFIX)))
    };
    let path = named.or_else(beside).unwrap_or_default();
    assert!(
        path.is_file(),
        "the binary under test is not at \"{}\": run `cargo xtask test`, or build it with \
         `cargo build --release -p tutti-cli`",
        path.display()
    );
    path
}

/// The root of the repository.
pub fn repository() -> PathBuf {
    // Asked for when it runs, not when it is built: a build may be found again from another
    // checkout.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    Path::new(&package).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A run of a flow, not yet started.
pub struct Run {
    command: Command,
    has_end: bool,
}

impl Run {
    /// `tutti run FLOW --data DATA --until-idle --json`.
    pub fn flow(flow: &Path, data: &Path) -> Self {
        let mut command = Command::new(path());
        command.arg("run").arg(flow).arg("--data").arg(data).arg("--json");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("NO_COLOR", "1");
        // Whatever it writes to a path that is not absolute stays with the test.
        command.current_dir(data.parent().unwrap_or(Path::new("/")));
        Self { command, has_end: true }
    }

    /// Without `--until-idle`: it goes on until somebody ends it.
    pub fn without_end(mut self) -> Self {
        self.has_end = false;
        self
    }

    /// With `--param NAME=VALUE`.
    pub fn parameter(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let mut pair = OsString::from(name);
        pair.push("=");
        pair.push(value);
        self.command.arg("--param").arg(pair);
        self
    }

    /// With an environment variable.
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// The command, to be started by the caller.
    pub fn into_command(mut self) -> Command {
        if self.has_end {
            self.command.arg("--until-idle");
        }
        self.command
    }

    /// Runs it to its end, or kills it when it takes longer than `patience`: then there is nothing
    /// to hand back.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn finish_within(self, patience: Duration) -> io::Result<Option<Finished>> {
        let folder = tempfile::tempdir()?;
        let (stdout, stderr) = (folder.path().join("stdout"), folder.path().join("stderr"));
        let mut command = self.into_command();
        command.stdout(File::create(&stdout)?).stderr(File::create(&stderr)?);
        let mut child = command.spawn()?;
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if started.elapsed() > patience {
                child.kill()?;
                child.wait()?;
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(2));
        };
        let text = |path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let code = status.code();
        Ok(Some(Finished { code, stdout: text(&stdout)?, stderr: text(&stderr)? }))
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn finish(self) -> Finished {
        let output = self.into_command().output().unwrap_or_else(|error| panic_start(&error));
        Finished::from(output)
    }
}

#[expect(clippy::panic, reason = "a test cannot go on without the binary")]
fn panic_start(error: &io::Error) -> ! {
    panic!("cannot start the binary under test: {error}")
}

/// What a run left.
#[derive(Debug)]
pub struct Finished {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it printed as messages.
    pub stderr: String,
}

impl From<Output> for Finished {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Finished {
    /// Fails the test unless it ended with `code` and without a panic.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn expect_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "unexpected exit\n{self}");
        self.expect_no_panic()
    }

    /// Fails the test if anything in it panicked.
    ///
    /// # Panics
    /// When something did.
    #[track_caller]
    pub fn expect_no_panic(&self) -> &Self {
        assert!(!self.stderr.contains("panicked at"), "it panicked\n{self}");
        self
    }

    /// The summary that it printed as JSON.
    ///
    /// # Panics
    /// When its output is not one JSON value.
    #[track_caller]
    pub fn summary(&self) -> serde_json::Value {
        let parsed = serde_json::from_str(&self.stdout);
        assert!(parsed.is_ok(), "its output is not JSON\n{self}");
        parsed.unwrap_or_default()
    }

    /// The connections that hold flowfiles in the end, with how many, by what `run --json` printed.
    ///
    /// # Panics
    /// When its output is not one JSON value.
    #[track_caller]
    pub fn waiting(&self) -> Vec<(String, u64)> {
        let summary = self.summary();
        let connections = summary["connections"].as_array().cloned().unwrap_or_default();
        let held = connections.iter().filter_map(|each| {
            let queued = each["queued"].as_u64().filter(|queued| *queued > 0)?;
            Some((each["path"].as_str()?.to_owned(), queued))
        });
        held.collect()
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "exit code: {:?}", self.code)?;
        writeln!(formatter, "--- stdout\n{}", self.stdout)?;
        writeln!(formatter, "--- stderr\n{}", self.stderr)
    }
}
