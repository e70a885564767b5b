//! Kills the binary (SIGKILL) at random moments, whatever the speed of the machine.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::seed::Random;

/// The span of time that kills fall into, at first, and within which it stays.
const SPAN: Duration = Duration::from_millis(150);
const SPAN_MIN: Duration = Duration::from_millis(10);
const SPAN_MAX: Duration = Duration::from_secs(30);

/// Moments to kill at. Most are to fall between the first and the last delivery of a run, so the
/// span that they are drawn from follows what became of the last ones.
#[derive(Debug)]
pub struct Moments {
    span: Duration,
}

impl Default for Moments {
    fn default() -> Self {
        Self { span: SPAN }
    }
}

impl Moments {
    /// How long to let the next run go on.
    pub fn next(&self, random: &mut Random) -> Duration {
        Duration::from_micros(2_000 + random.below(self.span.as_micros() as u64))
    }

    /// The last run was killed before it had delivered anything.
    pub fn was_early(&mut self) {
        self.span = (self.span * 5 / 4).min(SPAN_MAX);
    }

    /// The last run had delivered all, or had ended.
    pub fn was_late(&mut self) {
        self.span = (self.span * 4 / 5).max(SPAN_MIN);
    }
}

/// How a run came to its end.
#[derive(Debug)]
pub enum End {
    /// It was killed.
    Killed,
    /// It had ended by itself before.
    Itself(ExitStatus),
}

/// Starts `command`, kills it after `patience` unless it has ended by then. What it says goes into
/// the file `log`, and is handed back.
///
/// # Errors
/// Whatever the system says.
pub fn run_and_kill(
    command: &mut Command,
    log: &Path,
    patience: Duration,
) -> io::Result<(End, String)> {
    let mut child = command.stdout(Stdio::null()).stderr(File::create(log)?).spawn()?;
    let started = Instant::now();
    let end = loop {
        if let Some(status) = child.try_wait()? {
            break End::Itself(status);
        }
        if started.elapsed() >= patience {
            child.kill()?;
            child.wait()?;
            break End::Killed;
        }
        thread::sleep(Duration::from_millis(1));
    };
    Ok((end, fs::read_to_string(log)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_killed_or_ends_and_what_it_said_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut quick = Command::new("sh");
        quick.args(["-c", "echo said >&2; exit 3"]);
        let (end, said) = run_and_kill(&mut quick, &log, Duration::from_mins(1)).unwrap();
        assert!(matches!(end, End::Itself(status) if status.code() == Some(3)), "{end:?}");
        assert_eq!(said, "said\n");
        let (end, _) = run_and_kill(Command::new("sleep").arg("60"), &log, Duration::ZERO).unwrap();
        assert!(matches!(end, End::Killed), "{end:?}");
    }

    #[test]
    fn the_span_follows_what_became_of_the_last_ones() {
        let mut moments = Moments::default();
        moments.was_early();
        assert!(moments.span > SPAN);
        (0..100).for_each(|_| moments.was_early());
        assert_eq!(moments.span, SPAN_MAX);
        (0..100).for_each(|_| moments.was_late());
        assert_eq!(moments.span, SPAN_MIN);
    }
}
