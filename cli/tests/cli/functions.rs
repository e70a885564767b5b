//! `tutti functions`.

use serde_json::Value;

use super::{finish, tutti};

#[test]
fn the_list_names_every_function_by_subject() {
    let (code, stdout, stderr) = finish(tutti(&["functions", "list"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let substring = stdout.lines().find(|line| line.starts_with("  substring(start, [end]) "));
    assert!(substring.is_some_and(|line| line.ends_with('.')), "{stdout}");
    assert!(stdout.starts_with("Boolean logic:\n"), "{stdout}");
    let (_, json, _) = finish(tutti(&["functions", "list", "--json"]));
    let all: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(all.len(), stdout.lines().filter(|line| line.starts_with("  ")).count());
}

#[test]
fn one_function_is_shown_with_an_example() {
    let (code, stdout, _) = finish(tutti(&["functions", "show", "substring"]));
    assert_eq!(code, 0);
    for part in ["substring(start, [end])", "of: text", "or left out", "gives \"song\""] {
        assert!(stdout.contains(part), "{part} is missing in\n{stdout}");
    }
    let (_, json, _) = finish(tutti(&["functions", "show", "math", "--json"]));
    let both: Vec<Value> = serde_json::from_str(&json).unwrap();
    let of: Vec<&Value> = both.iter().map(|each| &each["of"]).collect();
    assert_eq!(of, ["number".into(), Value::Null].iter().collect::<Vec<_>>());
}

#[test]
fn a_name_that_is_no_function_is_told_with_what_was_meant() {
    let (code, stdout, stderr) = finish(tutti(&["functions", "show", "toUper"]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("did you mean \"toUpper\"?"), "{stderr}");
}
