//! Where nobody can hear what is said, work goes on all the same.

use std::fs::{self, File};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::workplace::{PATIENCE, Workplace, names};

/// Standard error as a disk that is full, and as a pipe that nobody reads any more.
fn deaf() -> [Stdio; 2] {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    [File::options().write(true).open("/dev/full").unwrap().into(), writer.into()]
}

/// How it ended; a command that hangs is ended and counts as `None`.
fn finish_within_patience(mut command: Command) -> Option<ExitStatus> {
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

#[test]
fn a_run_delivers_everything_when_nobody_can_read_its_messages() {
    for stderr in deaf() {
        let place = Workplace::new(&["a", "b"]);
        let mut command = place.run(&["--log", "debug"]);
        command.stderr(stderr);
        let status = finish_within_patience(command).unwrap();
        assert_eq!(status.code(), Some(0));
        assert_eq!(names(&place.path("default")), ["a", "b"]);
    }
}

#[test]
fn a_failure_that_nobody_can_be_told_of_still_ends_with_1() {
    for stderr in deaf() {
        let place = Workplace::new(&["a", "b"]);
        fs::create_dir(place.path("default")).unwrap();
        fs::write(place.path("default/a"), "there already").unwrap();
        let mut command = place.run(&[]);
        command.stderr(stderr);
        let status = finish_within_patience(command).unwrap();
        assert_eq!(status.code(), Some(1));
        assert_eq!(names(&place.path("default")), ["a", "b"]);
    }
}

#[test]
fn results_that_cannot_be_written_are_an_error() {
    let place = Workplace::new(&["a"]);
    let mut command = place.run(&["--json"]);
    command.stdout(File::options().write(true).open("/dev/full").unwrap());
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("cannot write to standard output"), "{stderr}");
    assert_eq!(names(&place.path("default")), ["a"]);
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_nobody_can_get_are_an_error() {
    let place = Workplace::new(&["a"]);
    let run = place.run(&["--json"]);
    let mut command = Command::new("sh");
    command.args(["-c", "exec \"$0\" \"$@\" >&-"]).arg(run.get_program()).args(run.get_args());
    command.current_dir(place.path(""));
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("cannot write to standard output: it was closed"), "{stderr}");
    assert_eq!(names(&place.path("default")), ["a"]);
}

#[test]
fn results_that_nobody_wants_are_no_error() {
    let [_, closed_pipe] = deaf();
    for stdout in [Stdio::null(), closed_pipe] {
        let place = Workplace::new(&["a"]);
        let mut command = place.run(&["--json"]);
        let output = command.stdout(stdout).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""));
    }
}
