//! Logs that are too long, or cannot be written.

use serde_json::json;
use tutti_model::layout::Layout;

use super::*;
use crate::{EditingError, Part};

fn none(_: &FlowDefinition) -> Vec<Diagnostic> {
    Vec::new()
}

fn describe(draft: &mut Draft, text: &str) {
    let before = draft.sheet().flow().get("description").cloned();
    let path = vec!["description".to_owned()];
    let change = Change { part: Part::Flow, path, before, after: Some(json!(text)) };
    let (author, label) = ("ann".to_owned(), String::new());
    let submission = Submission { author, time_ms: 0, label, changes: vec![change] };
    draft.submit(submission, &none).unwrap();
}

#[test]
fn a_log_that_is_too_long_keeps_its_newer_half_and_loses_no_state() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let file = Sheet::new(&FlowDefinition::new("a"), &Layout::new()).unwrap();
    let mut draft = Draft::open_with(&path, &file, 0, &none, 20_000).unwrap();
    for number in 0..1000 {
        describe(&mut draft, &number.to_string());
        assert!(draft.log.length() < 21_000, "{}", draft.log.length());
    }
    assert_eq!(draft.revision, 1001);
    let kept = draft.operations.len();
    assert!(kept > 20 && draft.base.revision == 1001 - kept as u64, "{kept}");
    let refused = draft.roll_back("ann", 0, 1, &none).unwrap_err();
    assert!(matches!(refused, Refusal::NoRevision { last: 1001, .. }), "{refused}");
    for number in (989..999).rev() {
        draft.undo("ann", Which::default(), 0, &none).unwrap();
        assert_eq!(draft.sheet().flow()["description"], number.to_string());
    }
    let (sheet, head) = (draft.sheet().clone(), draft.head("ann"));
    drop(draft);
    let again = Draft::open_with(&path, &file, 0, &none, 20_000).unwrap();
    assert_eq!((again.sheet(), again.head("ann")), (&sheet, head));
    assert_eq!(again.damage(), []);
}

#[test]
fn a_log_of_applications_stays_short_and_keeps_what_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let file = Sheet::new(&FlowDefinition::new("a"), &Layout::new()).unwrap();
    let mut draft = Draft::open_with(&path, &file, 0, &none, 20_000).unwrap();
    describe(&mut draft, "first");
    let states = [file.clone(), draft.sheet().clone()];
    for number in 0..2_000 {
        let at = number % 2;
        draft.note_applied(at as u64 + 1, &states[at]).unwrap();
        assert!(draft.log.length() < 21_000, "{}", draft.log.length());
    }
    let length = draft.log.length();
    draft.note_applied(2, &states[1]).unwrap();
    assert_eq!(draft.log.length(), length, "it was applied already");
    assert_eq!(draft.head("ann").undo.unwrap().label, "");
    assert_eq!(draft.at(1).unwrap(), file);
}

#[test]
fn a_log_that_cannot_be_shortened_goes_on_and_says_so_until_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let file = Sheet::new(&FlowDefinition::new("a"), &Layout::new()).unwrap();
    let mut draft = Draft::open_with(&path, &file, 0, &none, 20_000).unwrap();
    // No file can be written where it would be written anew.
    let in_the_way = path.with_extension("new");
    std::fs::create_dir(&in_the_way).unwrap();
    let mut number = 0;
    let mut describe_until = |draft: &mut Draft, is: &dyn Fn(&Draft) -> bool| {
        while !is(draft) {
            number += 1;
            assert!(number < 2_000, "{} bytes", draft.log.length());
            describe(draft, &number.to_string());
        }
    };
    describe_until(&mut draft, &|draft| !draft.damage().is_empty());
    let [Damage::Long { bytes, .. }] = draft.damage() else { panic!("{:?}", draft.damage()) };
    let bytes = *bytes;
    assert!((20_000..21_000).contains(&bytes), "{bytes}");
    describe_until(&mut draft, &|draft| draft.log.length() > bytes + bytes / 8);
    assert!(matches!(draft.damage(), [Damage::Long { bytes: told, .. }] if *told == bytes));
    std::fs::remove_dir(&in_the_way).unwrap();
    describe_until(&mut draft, &|draft| draft.damage().is_empty());
    assert!(draft.log.length() < 21_000, "{}", draft.log.length());
}

#[test]
fn an_operation_that_cannot_be_written_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let file = Sheet::new(&FlowDefinition::new("a"), &Layout::new()).unwrap();
    let mut draft = Draft::open(&path, &file, 0, &none).unwrap();
    describe(&mut draft, "kept");
    draft.log.close_for_test();
    let path_of = vec!["description".to_owned()];
    let (before, after) = (Some(json!("kept")), Some(json!("lost")));
    let changes = vec![Change { part: Part::Flow, path: path_of, before, after }];
    let (author, label) = ("ann".to_owned(), String::new());
    let refused = draft.submit(Submission { author, time_ms: 0, label, changes }, &none);
    assert!(matches!(refused, Err(Refusal::Log(EditingError::Write { .. }))));
    assert_eq!((draft.sheet().flow()["description"].as_str(), draft.revision), (Some("kept"), 2));
}
