//! `tutti explain`.

use super::{finish, tutti};

#[test]
fn a_code_is_explained_with_an_example_and_all_are_listed() {
    let (code, stdout, stderr) = finish(tutti(&["explain", "t0206"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.starts_with("T0206: A relationship that leads nowhere\n"), "{stdout}");
    assert!(stdout.contains("\nWRONG\n") && stdout.contains("\"format\": 1"), "{stdout}");
    for same in ["206", "T206"] {
        assert_eq!(finish(tutti(&["explain", same])).1, stdout, "{same}");
    }
    let (_, all, _) = finish(tutti(&["explain"]));
    assert!(all.contains("\n  T0206  error    A relationship that leads nowhere\n"), "{all}");
}

#[test]
fn a_code_that_is_none_is_told() {
    let (code, stdout, stderr) = finish(tutti(&["explain", "T9999"]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("\"tutti explain\" lists all"), "{stderr}");
}
