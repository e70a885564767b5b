//! Flags, environment and file, and what is said when they are wrong.

use std::fs;

use super::workplace::Workplace;
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
fn the_log_format_comes_from_a_flag_the_environment_the_file_or_the_default() {
    let place = Workplace::new(&["a"]);
    // A file that is there already is a failure, which is logged.
    fs::create_dir(place.path("default")).unwrap();
    fs::write(place.path("default").join("a"), "other").unwrap();
    let is_json = |variable: Option<&str>, flag: Option<&str>| {
        let mut command = place.run(&[]);
        command.envs(variable.map(|value| ("TUTTI_LOG_FORMAT", value)));
        command.args(flag.map(|value| format!("--log-format={value}")));
        let (code, _, stderr) = finish(command);
        fs::remove_dir_all(place.path(".tutti")).unwrap();
        assert_eq!(code, 1, "{stderr}");
        let logged =
            stderr.lines().find(|line| line.contains("\"ERROR\"") || line.contains(" ERROR "));
        logged.unwrap_or_else(|| panic!("nothing is logged: {stderr}")).starts_with('{')
    };
    assert!(!is_json(None, None));
    fs::write(place.path("tutti.toml"), "log-format = \"json\"\n").unwrap();
    assert!(is_json(None, None));
    assert!(!is_json(Some("text"), None));
    assert!(is_json(Some("text"), Some("json")));
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
    // The words that bash offers after these.
    let offered = |words: &str| {
        let of = format!("tutti__subcmd__{})", words.replace(' ', "__subcmd__"));
        let mut lines = stdout.lines().skip_while(|line| line.trim() != of);
        let line = lines.find_map(|line| line.trim().strip_prefix("opts=\""));
        let line = line.unwrap_or_else(|| panic!("{of} is not there: {stdout}"));
        line.trim_end_matches('"').split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    for (words, expected) in
        [("processors show", "GetFile"), ("functions show", "substring"), ("explain", "T0206")]
    {
        let count = offered(words).iter().filter(|offered| *offered == expected).count();
        assert_eq!(count, 1, "{words}: {:?}", offered(words));
    }
    assert!(stdout.contains("\"trace debug info warn error off\""), "{stdout}");
}

/// Whether there is such a folder; then there is none any more.
fn take_away(place: &Workplace, name: &str) -> bool {
    let is_there = place.path(name).exists();
    if is_there {
        fs::remove_dir_all(place.path(name)).unwrap();
    }
    is_there
}

#[test]
fn the_data_folder_comes_from_a_flag_the_environment_the_file_or_the_default() {
    let place = Workplace::new(&["a"]);
    let used = |variable: Option<&str>, flag: Option<&str>| {
        let mut command = place.run(&["--param", "output=out", "--json"]);
        command.envs(variable.map(|value| ("TUTTI_DATA", value)));
        command.args(flag.map(|value| format!("--data={value}")));
        let (code, _, stderr) = finish(command);
        assert_eq!(code, 0, "{stderr}");
        fs::remove_dir_all(place.path("out")).unwrap();
        let folders = [".tutti", "of-file", "of-environment", "of-flag"];
        folders.into_iter().filter(|name| take_away(&place, name)).collect::<Vec<_>>()
    };
    assert_eq!(used(None, None), [".tutti"]);
    fs::write(place.path("tutti.toml"), "data = \"of-file\"\n").unwrap();
    assert_eq!(used(None, None), ["of-file"]);
    assert_eq!(used(Some("of-environment"), None), ["of-environment"]);
    assert_eq!(used(Some("of-environment"), Some("of-flag")), ["of-flag"]);
}

#[test]
fn a_parameter_comes_from_a_flag_the_environment_files_or_the_flow() {
    let place = Workplace::new(&["a"]);
    let used = |variable: Option<&str>, flags: &[&str]| {
        let mut command = place.run(flags);
        command.envs(variable.map(|value| ("TUTTI_PARAM_OUTPUT", value)));
        let (code, _, stderr) = finish(command);
        assert_eq!(code, 0, "{stderr}");
        fs::remove_dir_all(place.path(".tutti")).unwrap();
        let folders = ["default", "of-file", "of-named-file", "of-environment", "of-flag"];
        folders.into_iter().filter(|name| take_away(&place, name)).collect::<Vec<_>>()
    };
    let parameters = |value: &str| format!("{{ \"output\": \"{value}\" }}");
    fs::write(place.path("some.json"), parameters("of-file")).unwrap();
    fs::write(place.path("other.json"), parameters("of-named-file")).unwrap();
    assert_eq!(used(None, &[]), ["default"]);
    fs::write(place.path("tutti.toml"), "parameters = [\"some.json\"]\n").unwrap();
    assert_eq!(used(None, &[]), ["of-file"]);
    let named = ["--parameters", "other.json"];
    assert_eq!(used(None, &named), ["of-named-file"]);
    assert_eq!(used(Some("of-environment"), &named), ["of-environment"]);
    let all = ["--parameters", "other.json", "--param", "output=of-flag"];
    assert_eq!(used(Some("of-environment"), &all), ["of-flag"]);
}

#[test]
fn a_level_of_the_log_that_is_none_is_told_and_silences_nothing() {
    for (log, is_right) in [("verbose", false), ("info,flow", false), ("warn,flow=debug", true)] {
        let (code, stdout, stderr) = finish(tutti(&["--log", log, "processors", "list"]));
        assert_eq!(code == 0, is_right, "{stderr}");
        assert_eq!(stdout.is_empty(), !is_right);
        assert_eq!(stderr.contains("is no level of the log: write one of trace"), !is_right);
    }
}
