//! Flags, environment and file, and what is said when they are wrong.

use std::fs;

use super::{finish, tutti};

#[test]
fn the_version_and_the_help_go_to_standard_output() {
    let (code, stdout, _) = finish(tutti(&["--version"]));
    assert_eq!((code, stdout.trim()), (0, concat!("tutti ", env!("CARGO_PKG_VERSION"))));
    let (code, stdout, _) = finish(tutti(&["processors", "--help"]));
    assert_eq!(code, 0);
    assert!(stdout.contains("Examples:"), "{stdout}");
}

#[test]
fn wrong_usage_ends_with_2() {
    let (code, stdout, stderr) = finish(tutti(&["processor"]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("processors"), "{stderr}");
}

#[test]
fn a_flag_comes_before_the_environment_and_that_before_the_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tutti.toml"), "log = \"from=file=\"\n").unwrap();
    let wrong_filter = |variable: Option<&str>, flag: Option<&str>| {
        let mut command = tutti(&["processors", "list"]);
        command.current_dir(folder.path());
        command.envs(variable.map(|value| ("TUTTI_LOG", value)));
        command.args(flag.map(|value| format!("--log={value}")));
        let (code, _, stderr) = finish(command);
        assert_eq!(code, 2, "{stderr}");
        stderr
    };
    assert!(wrong_filter(None, None).contains("\"from=file=\" is not a log filter"));
    assert!(wrong_filter(Some("of=env="), None).contains("\"of=env=\""));
    assert!(wrong_filter(Some("of=env="), Some("of=flag=")).contains("\"of=flag=\""));
}

#[test]
fn a_configuration_that_is_wrong_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.toml");
    fs::write(&path, "log = \"info\"\nlgo = 3\n").unwrap();
    let mut command = tutti(&["processors", "list", "--config"]);
    command.arg(&path);
    let (code, _, stderr) = finish(command);
    assert_eq!(code, 2);
    assert!(stderr.contains("other.toml") && stderr.contains("line 2"), "{stderr}");
}

#[test]
fn completions_are_made_for_shells() {
    let (code, stdout, _) = finish(tutti(&["completions", "bash"]));
    assert_eq!(code, 0);
    assert!(stdout.contains("processors"), "{stdout}");
}
