//! Drafts as their users see them: edited by several, taken back, opened again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use tutti_editing::{
    Change, Damage, Draft, OperationKind, Part, Refusal, Sheet, Submission, Which,
};
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::layout::Layout;

fn flow(text: &str) -> FlowDefinition {
    FlowDefinition::parse(&Document::parse(text, "a.json").unwrap())
}

fn sheet(text: &str) -> Sheet {
    Sheet::new(&flow(text), &Layout::new()).unwrap()
}

fn begin() -> Sheet {
    sheet(
        r#"{ "format": 1, "name": "a", "processors": {
        "Get": { "type": "GetFile", "properties": { "Directory": "in" } },
        "Put": { "type": "PutFile" } },
        "connections": [{ "from": "Get", "relationships": ["success"], "to": "Put" }] }"#,
    )
}

fn open(path: &Path, file: &Sheet) -> (Draft, Vec<Damage>) {
    let draft = Draft::open(path, file, 0, &none).unwrap();
    let damage = draft.damage().to_vec();
    (draft, damage)
}

fn none(_: &FlowDefinition) -> Vec<Diagnostic> {
    Vec::new()
}

fn change(path: &[&str], before: Value, after: Value) -> Change {
    let part =
        if ["positions", "sizes", "bends"].contains(&path[0]) { Part::Layout } else { Part::Flow };
    let path = path.iter().map(|name| (*name).to_owned()).collect();
    let one = |value: Value| (!value.is_null()).then_some(value);
    Change { part, path, before: one(before), after: one(after) }
}

fn by(author: &str, changes: Vec<Change>) -> Submission {
    let (author, label) = (author.to_owned(), "a change".to_owned());
    Submission { author, time_ms: 0, label, changes }
}

fn undo_of(draft: &Draft, author: &str) -> Option<String> {
    draft.head(author).undo.map(|step| step.label)
}

fn directory(before: &str, after: &str) -> Change {
    change(&["processors", "Get", "properties", "Directory"], json!(before), json!(after))
}

fn tasks(before: Value, after: Value) -> Change {
    change(&["processors", "Put", "concurrentTasks"], before, after)
}

#[test]
fn everybody_takes_back_what_was_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let (mut draft, _) = open(&folder.path().join("a.log"), &begin());
    draft.submit(by("ann", vec![directory("in", "a")]), &none).unwrap();
    draft.submit(by("bob", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    let undone = draft.undo("ann", Which::default(), 0, &none).unwrap().unwrap();
    assert_eq!((undone.kind, undone.of, undone.revision), (OperationKind::Undo, Some(2), 4));
    assert_eq!(draft.sheet().flow()["processors"]["Put"]["concurrentTasks"], 2);
    assert_eq!(draft.sheet().flow()["processors"]["Get"]["properties"]["Directory"], "in");
    assert!(matches!(draft.undo("ann", Which::default(), 0, &none), Err(Refusal::NothingToUndo)));
    assert_eq!(undo_of(&draft, "bob"), Some("a change".to_owned()));
    draft.redo("ann", Which::default(), 0, &none).unwrap();
    assert_eq!(draft.sheet().flow()["processors"]["Get"]["properties"]["Directory"], "a");
    draft.undo("bob", Which::default(), 0, &none).unwrap();
    assert_eq!(draft.sheet().flow()["processors"]["Put"], json!({ "type": "PutFile" }));
}

#[test]
fn what_others_have_changed_since_is_not_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let (mut draft, _) = open(&folder.path().join("a.log"), &begin());
    draft.submit(by("ann", vec![directory("in", "a")]), &none).unwrap();
    draft.submit(by("bob", vec![directory("a", "b")]), &none).unwrap();
    let Err(Refusal::Conflicts(conflicts)) = draft.undo("ann", Which::default(), 0, &none) else {
        panic!()
    };
    assert_eq!(conflicts[0].found, Some(json!("b")));
    assert_eq!(draft.head("ann").revision, 3);
    assert_eq!(undo_of(&draft, "ann"), Some("a change".to_owned()), "it is still theirs");
}

#[test]
fn what_conflicts_does_not_keep_one_from_undoing_what_was_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut draft, _) = open(&folder.path().join("a.log"), &begin());
    draft.submit(by("ann", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    draft.submit(by("ann", vec![directory("in", "a")]), &none).unwrap();
    draft.submit(by("bob", vec![directory("a", "b")]), &none).unwrap();
    let refused = draft.undo("ann", Which::default(), 0, &none);
    assert!(matches!(refused, Err(Refusal::Conflicts(_))));
    let first = Which { revision: Some(2), expected: Some(3) };
    draft.undo("ann", first, 0, &none).unwrap();
    assert_eq!(draft.sheet().flow()["processors"]["Put"], json!({ "type": "PutFile" }));
    assert_eq!(draft.head("ann").undo.unwrap().revision, 3, "that is still theirs");
    let again = draft.undo("ann", first, 0, &none);
    assert!(matches!(again, Err(Refusal::NotToTakeBack { revision: 2 })), "{again:?}");
    let others = Which { revision: Some(4), expected: None };
    let others = draft.undo("ann", others, 0, &none);
    assert!(matches!(others, Err(Refusal::NotToTakeBack { revision: 4 })), "{others:?}");
    let undoing = draft.head("ann").redo.unwrap();
    assert_eq!(undoing.revision, 5);
    let which = Which { revision: Some(5), expected: Some(5) };
    draft.redo("ann", which, 0, &none).unwrap();
    assert_eq!(draft.sheet().flow()["processors"]["Put"]["concurrentTasks"], 2);
}

#[test]
fn who_takes_back_what_is_not_the_newest_any_more_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (mut draft, _) = open(&folder.path().join("a.log"), &begin());
    draft.submit(by("ann", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    draft.submit(by("ann", vec![directory("in", "a")]), &none).unwrap();
    let seen = Which { revision: None, expected: Some(3) };
    draft.undo("ann", seen, 0, &none).unwrap();
    // Another tab still shows the same, and asks once more.
    let late = draft.undo("ann", seen, 0, &none);
    assert!(matches!(late, Err(Refusal::Stale { newest: Some(2) })), "{late:?}");
    let late = draft.redo("ann", Which { revision: None, expected: Some(9) }, 0, &none);
    assert!(matches!(late, Err(Refusal::Stale { newest: Some(4) })), "{late:?}");
    assert_eq!(draft.head("ann").revision, 4, "nothing was done");
}

#[test]
fn undo_and_redo_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    let get = begin().flow()["processors"]["Get"].clone();
    let wire = begin().flow()["connections"]["Get [success] -> Put"].clone();
    let removed = vec![
        change(&["processors", "Get"], get, Value::Null),
        change(&["connections", "Get [success] -> Put"], wire, Value::Null),
    ];
    draft.submit(by("ann", removed), &none).unwrap();
    draft.submit(by("ann", vec![tasks(Value::Null, json!(3))]), &none).unwrap();
    draft.undo("ann", Which::default(), 0, &none).unwrap();
    let (before, head) = (draft.sheet().clone(), draft.head("ann"));
    drop(draft);
    let (mut draft, damage) = open(&path, &begin());
    assert_eq!((draft.sheet(), draft.head("ann"), damage), (&before, head, Vec::new()));
    draft.undo("ann", Which::default(), 0, &none).unwrap();
    assert_eq!(*draft.sheet(), begin());
    draft.redo("ann", Which::default(), 0, &none).unwrap();
    draft.redo("ann", Which::default(), 0, &none).unwrap();
    assert_eq!(draft.sheet().flow()["processors"]["Put"]["concurrentTasks"], 3);
    assert_eq!(draft.sheet().flow().get("connections"), None);
}

#[test]
fn one_goes_back_to_any_revision_and_forth_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut draft, _) = open(&folder.path().join("a.log"), &begin());
    draft.submit(by("ann", vec![directory("in", "a")]), &none).unwrap();
    draft.submit(by("bob", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    let last = draft.sheet().clone();
    draft.roll_back("ann", 0, 1, &none).unwrap();
    assert_eq!(*draft.sheet(), begin());
    draft.roll_back("ann", 0, 3, &none).unwrap();
    assert_eq!(*draft.sheet(), last);
    let refused = draft.roll_back("ann", 0, 9, &none).unwrap_err();
    assert_eq!(refused.to_string(), "there is no revision 9: the log has 1 to 5");
}

#[test]
fn what_runs_is_known_and_what_is_ahead_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    assert!(!draft.head("ann").is_ahead);
    draft.submit(by("ann", vec![directory("in", "a")]), &none).unwrap();
    assert!(draft.head("ann").is_ahead);
    let now = draft.sheet().clone();
    draft.note_applied(2, &now).unwrap();
    let (applied, head) = (draft.applied(), draft.head("ann"));
    assert_eq!((head.applied, head.is_ahead), (Some(2), false));
    drop(draft);
    let (draft, _) = open(&path, &applied);
    assert_eq!(draft.head("ann"), head);
}

#[test]
fn a_file_that_was_changed_merges_with_the_draft() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    draft.submit(by("ann", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    drop(draft);
    let pulled = sheet(&begin_text().replace("\"in\"", "\"pulled\""));
    let (draft, damage) = open(&path, &pulled);
    assert_eq!(damage, []);
    assert_eq!(draft.sheet().flow()["processors"]["Put"]["concurrentTasks"], 2);
    assert_eq!(draft.sheet().flow()["processors"]["Get"]["properties"]["Directory"], "pulled");
    assert_eq!(draft.applied(), pulled);
    let head = draft.head("ann");
    assert_eq!((head.applied, head.is_ahead), (None, true), "what runs is no revision");
}

#[test]
fn what_was_written_and_read_again_is_no_change_however_it_was_spelled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    let put =
        |member: &str, after: Value| change(&["processors", "Put", member], Value::Null, after);
    let changes = vec![
        put("autoTerminate", json!(["success", "failure"])),
        put("penaltyDuration", json!("60 sec")),
        put("yieldDuration", json!("1000 ms")),
        put("concurrentTasks", json!(1)),
        put("description", json!("")),
        change(&["positions", "Put"], Value::Null, json!({ "x": 40.12, "y": 80.0 })),
        change(&["positions", "Gone"], Value::Null, json!({ "x": 1, "y": 1 })),
    ];
    draft.submit(by("ann", changes), &none).unwrap();
    let definition = draft.sheet().definition().unwrap();
    let layout = draft.sheet().layout_of(&definition).unwrap();
    let written = Sheet::new(&definition, &layout).unwrap();
    assert_eq!(*draft.sheet(), written);
    draft.note_applied(2, &written).unwrap();
    draft.submit(by("ann", vec![directory("in", "later")]), &none).unwrap();
    let later = draft.sheet().clone();
    drop(draft);
    let (mut draft, damage) = open(&path, &written);
    assert_eq!((draft.sheet(), damage), (&later, Vec::new()));
    draft.undo("ann", Which::default(), 0, &none).unwrap();
    draft.undo("ann", Which::default(), 0, &none).unwrap();
    assert_eq!(*draft.sheet(), begin());
}

#[test]
fn what_was_applied_before_a_crash_is_no_change_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    draft.submit(by("ann", vec![directory("in", "a")]), &none).unwrap();
    let file = draft.sheet().clone();
    draft.submit(by("ann", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    let last = draft.sheet().clone();
    drop(draft);
    let (draft, damage) = open(&path, &file);
    assert_eq!((draft.sheet(), damage), (&last, Vec::new()));
    assert_eq!(draft.head("ann").applied, Some(2));
}

#[test]
fn a_file_that_contradicts_the_draft_counts_and_the_draft_can_be_gone_back_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    draft.submit(by("ann", vec![directory("in", "ours")]), &none).unwrap();
    draft.submit(by("ann", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    let ours = draft.sheet().clone();
    drop(draft);
    let pulled = sheet(&begin_text().replace("\"in\"", "\"pulled\""));
    let (mut draft, damage) = open(&path, &pulled);
    assert_eq!(damage, [Damage::File { revision: 3 }]);
    let now = draft.sheet().flow();
    assert_eq!(now["processors"]["Get"]["properties"]["Directory"], "pulled");
    assert_eq!(
        now["processors"]["Put"]["concurrentTasks"], 2,
        "what the file did not change stays"
    );
    draft.roll_back("ann", 0, 3, &none).unwrap();
    assert_eq!(*draft.sheet(), ours);
}

#[test]
fn a_file_that_contradicts_in_more_than_is_told_at_once_takes_no_more_than_that() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let property = |index: usize, value: &str| {
        let name = format!("p{index}");
        change(&["processors", "Get", "properties", &name], Value::Null, json!(value))
    };
    let (mut draft, _) = open(&path, &begin());
    let all = |value| (0..250).map(|index| property(index, value)).collect();
    draft.submit(by("ann", all("ours")), &none).unwrap();
    draft.submit(by("ann", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    drop(draft);
    let other = folder.path().join("other.log");
    let (mut theirs, _) = open(&other, &begin());
    theirs.submit(by("bob", all("theirs")), &none).unwrap();
    let (draft, damage) = open(&path, theirs.sheet());
    assert_eq!(damage, [Damage::File { revision: 3 }]);
    let now = draft.sheet().flow();
    for index in 0..250 {
        let name = format!("p{index}");
        assert_eq!(now["processors"]["Get"]["properties"][name], "theirs");
    }
    assert_eq!(now["processors"]["Put"]["concurrentTasks"], 2, "nobody contradicts that");
}

fn begin_text() -> String {
    tutti_model::fmt::write(&begin().definition().unwrap())
}

#[test]
fn a_thing_that_the_draft_has_removed_and_the_file_has_changed_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    let get = begin().flow()["processors"]["Get"].clone();
    draft.submit(by("ann", vec![change(&["processors", "Get"], get, Value::Null)]), &none).unwrap();
    drop(draft);
    let pulled = sheet(&begin_text().replace("\"in\"", "\"pulled\""));
    let (draft, damage) = open(&path, &pulled);
    assert_eq!((draft.sheet(), damage), (&pulled, vec![Damage::File { revision: 2 }]));
}

#[test]
fn a_file_with_a_secret_has_no_draft() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let finding = |_: &FlowDefinition| flow("{ \"format\": 1 }").diagnostics();
    assert!(matches!(Draft::open(&path, &begin(), 0, &finding), Err(Refusal::Findings(_))));
    assert!(!path.exists());
}

#[test]
fn a_secret_does_not_come_into_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    let finding = |_: &FlowDefinition| flow("{ \"format\": 1 }").diagnostics();
    let refused = draft.submit(by("ann", vec![directory("in", "hunter2")]), &finding);
    assert!(matches!(refused, Err(Refusal::Findings(_))));
    assert_eq!(*draft.sheet(), begin());
    assert!(!fs::read_to_string(&path).unwrap().contains("hunter2"));
}

#[test]
fn a_damaged_log_loses_no_more_than_what_is_behind_the_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    draft.submit(by("ann", vec![directory("in", "a")]), &none).unwrap();
    let kept = draft.sheet().clone();
    draft.submit(by("ann", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    drop(draft);
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() - 10;
    bytes[at] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let (draft, damage) = open(&path, &begin());
    assert_eq!(*draft.sheet(), kept);
    let [Damage::Log { put_aside, revision: Some(2) }] = damage.as_slice() else {
        panic!("{damage:?}")
    };
    assert_eq!(fs::read(put_aside).unwrap(), bytes);
    drop(draft);
    assert_eq!(open(&path, &begin()).1, []);
}

#[test]
fn a_log_whose_operations_do_not_follow_each_other_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let (mut draft, _) = open(&path, &begin());
    draft.submit(by("ann", vec![directory("in", "a")]), &none).unwrap();
    draft.submit(by("ann", vec![tasks(Value::Null, json!(2))]), &none).unwrap();
    drop(draft);
    let text = fs::read_to_string(&path).unwrap();
    // Without the operation before the last one, which need not even need it.
    let lines: Vec<&str> = text.lines().collect();
    let without: Vec<&str> = lines
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != lines.len() - 2)
        .map(|(_, line)| *line)
        .collect();
    fs::write(&path, without.join("\n") + "\n").unwrap();
    let (draft, damage) = open(&path, &begin());
    assert!(matches!(damage.as_slice(), [Damage::Log { revision: Some(1), .. }]), "{damage:?}");
    assert_eq!(*draft.sheet(), begin());
    drop(draft);
    assert_eq!(open(&path, &begin()).1, []);
}

/// A value that one of several people sets, whatever it was: with what they last saw there.
#[derive(Debug, Clone)]
enum Act {
    Set { author: usize, member: usize, value: u8 },
    Look { author: usize },
    Undo { author: usize },
    Redo { author: usize },
}

fn act() -> impl Strategy<Value = Act> {
    let author = 0..2_usize;
    prop_oneof![
        4 => (author.clone(), 0..4_usize, 1..5_u8)
            .prop_map(|(author, member, value)| Act::Set { author, member, value }),
        2 => author.clone().prop_map(|author| Act::Look { author }),
        1 => author.clone().prop_map(|author| Act::Undo { author }),
        1 => author.prop_map(|author| Act::Redo { author }),
    ]
}

const AUTHORS: [&str; 2] = ["ann", "bob"];
const MEMBERS: [&[&str]; 4] = [
    &["processors", "Get", "properties", "Directory"],
    &["processors", "Put", "concurrentTasks"],
    &["positions", "Get"],
    &["groups", "New", "description"],
];

/// The value of a member, `0` being none.
fn value(member: usize, value: u8) -> Value {
    match (member, value) {
        (_, 0) => Value::Null,
        (1, value) => json!(value),
        (2, value) => json!({ "x": value, "y": 0 }),
        (_, value) => json!(value.to_string()),
    }
}

fn seen(sheet: &Sheet, member: usize) -> Value {
    let path = MEMBERS[member];
    let root = if path[0] == "positions" { sheet.layout() } else { sheet.flow() };
    path.iter().try_fold(root, |at, name| at.get(name)).cloned().unwrap_or(Value::Null)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Nobody overwrites what they have not seen; the log alone makes the same state; and going
    /// back to any revision makes what was there then.
    #[test]
    fn nothing_is_overwritten_unseen(acts in prop::collection::vec(act(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let (mut draft, _) = open(&path, &begin());
        let mut views = [begin(), begin()];
        let mut states = vec![begin()];
        for act in acts {
            let before = draft.sheet().clone();
            let done = match act {
                Act::Look { author } => {
                    views[author] = before;
                    continue;
                }
                Act::Set { author, member, value: new } => {
                    let saw = seen(&views[author], member);
                    let new = value(member, new);
                    let change = change(MEMBERS[member], saw.clone(), new.clone());
                    let done = draft.submit(by(AUTHORS[author], vec![change]), &none);
                    let now = seen(&before, member);
                    let is_gone = member == 3;
                    prop_assert_eq!(done.is_ok(), new == now || now == saw && !is_gone);
                    done
                }
                Act::Undo { author } => draft.undo(AUTHORS[author], Which::default(), 0, &none),
                Act::Redo { author } => draft.redo(AUTHORS[author], Which::default(), 0, &none),
            };
            if let Ok(Some(operation)) = done {
                states.push(draft.sheet().clone());
                prop_assert_eq!(operation.revision, states.len() as u64);
            } else {
                prop_assert_eq!(draft.sheet(), &before);
            }
        }
        for (at, state) in states.iter().enumerate() {
            prop_assert_eq!(&draft.at(at as u64 + 1).unwrap(), state);
        }
        let heads = AUTHORS.map(|author| draft.head(author));
        drop(draft);
        let (draft, damage) = open(&path, &begin());
        prop_assert_eq!(damage, Vec::new());
        prop_assert_eq!(draft.sheet(), states.last().unwrap());
        prop_assert_eq!(AUTHORS.map(|author| draft.head(author)), heads);
    }
}
