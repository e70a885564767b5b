//! One change of one value, and what it means that somebody else was there before.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::sheet::Sheet;
use crate::spot::{Part, Spot};
use crate::{Refusal, value};

/// How deep a path may lead: groups lie in each other up to 16 deep, two names each.
const DEPTH_MAX: usize = 48;

/// How many conflicts are named; one is enough to refuse.
const CONFLICTS_MAX: usize = 100;

/// A value that becomes another one. Absent is no value: what had none is added, what has none
/// any more is removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// What it is a change of.
    #[serde(rename = "document")]
    pub part: Part,
    /// The names that lead to the value.
    pub path: Vec<String>,
    /// The value that it had where the change was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The value that it is to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// A change that would overwrite what somebody else has set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// What it would have been a change of.
    #[serde(rename = "document")]
    pub part: Part,
    /// The names that lead to the value.
    pub path: Vec<String>,
    /// The value that was to be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The value that it was to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// The value that is there instead of the one that was to be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<Value>,
    /// The thing that the value belonged to, when that is not there any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<Vec<String>>,
}

impl Change {
    /// What takes it back.
    pub(crate) fn inverse(&self) -> Self {
        let Self { part, path, before, after } = self.clone();
        Self { part, path, before: after, after: before }
    }

    /// The same with its values in one spelling.
    fn normal(&self) -> Self {
        let one = |one: &Option<Value>| value::normal(one.clone()?, self.part, &self.path);
        let (before, after) = (one(&self.before), one(&self.after));
        Self { part: self.part, path: self.path.clone(), before, after }
    }

    fn check(&self) -> Result<(), Refusal> {
        let wrong = |what: &str| Err(Refusal::Malformed(format!("{what}: {}", self.told())));
        match (self.part, self.path.as_slice()) {
            (_, []) => Err(Refusal::Malformed("a change without a path".to_owned())),
            (_, path) if path.len() > DEPTH_MAX => wrong("a path that leads too deep"),
            (Part::Flow, [name]) if name == "name" || name == "format" => {
                wrong("the name of a flow is that of its file, and its format that of the program")
            }
            (Part::Layout, [name]) if name == "format" => wrong("the format is the program's"),
            _ => Ok(()),
        }
    }

    /// The path for people.
    fn told(&self) -> String {
        let path: String = self.path.join(" / ").chars().take(300).collect();
        format!("\"{path}\"")
    }
}

/// A state with changes in it.
#[derive(Debug)]
pub(crate) struct Merged {
    pub(crate) sheet: Sheet,
    /// Those that changed something: what is as it was to be already is not among them.
    pub(crate) changes: Vec<Change>,
}

/// Merges all `changes` into a copy of `sheet`, or none.
pub(crate) fn merge(sheet: &Sheet, changes: &[Change]) -> Result<Merged, Refusal> {
    let mut merged = Merged { sheet: sheet.clone(), changes: Vec::new() };
    let mut conflicts = Vec::new();
    for change in changes {
        change.check()?;
        let change = change.normal();
        match step(&mut merged.sheet, &change)? {
            Step::Done => merged.changes.push(change),
            Step::Same => {}
            Step::Conflict { found, gone } => {
                let Change { part, path, before, after } = change;
                conflicts.push(Conflict { part, path, before, after, found, gone });
            }
        }
        if conflicts.len() == CONFLICTS_MAX {
            break;
        }
    }
    if conflicts.is_empty() { Ok(merged) } else { Err(Refusal::Conflicts(conflicts)) }
}

/// Does to `sheet` what was merged once; whether it could. If it could not, `sheet` is of no use.
pub(crate) fn repeat(sheet: &mut Sheet, changes: &[Change]) -> bool {
    changes.iter().all(|change| matches!(step(sheet, change), Ok(Step::Done)))
}

/// What became of one change.
enum Step {
    Done,
    Same,
    Conflict { found: Option<Value>, gone: Option<Vec<String>> },
}

fn step(sheet: &mut Sheet, change: &Change) -> Result<Step, Refusal> {
    let root = sheet.part_mut(change.part);
    let found = value::get(root, &change.path);
    if found == change.after.as_ref() {
        return Ok(Step::Same);
    }
    let gone = gone(root, change);
    if found != change.before.as_ref() || gone.is_some() {
        return Ok(Step::Conflict { found: found.cloned(), gone });
    }
    match &change.after {
        None => value::remove(root, change.part, &change.path),
        Some(after) => {
            if !value::set(root, &change.path, after.clone()) {
                let what = "a path that leads through a value without members";
                return Err(Refusal::Malformed(format!("{what}: {}", change.told())));
            }
        }
    }
    Ok(Step::Done)
}

/// The innermost thing that the path leads through and that is not there.
fn gone(root: &Value, change: &Change) -> Option<Vec<String>> {
    let spots = Spot::along(change.part, &change.path);
    let through = 1..change.path.len();
    let things = through.filter(|length| spots[length - 1].is_thing());
    let mut missing = things.filter(|length| value::get(root, &change.path[..*length]).is_none());
    missing.next().map(|length| change.path[..length].to_vec())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sheet() -> Sheet {
        let flow = json!({
            "format": 1,
            "name": "a",
            "processors": {
                "Get": { "type": "GetFile", "properties": { "Directory": "in" } },
                "Put": { "type": "PutFile" },
            },
        });
        Sheet::from_values(flow, json!({ "format": 1 }))
    }

    fn change(path: &[&str], before: Value, after: Value) -> Change {
        let path = path.iter().map(|name| (*name).to_owned()).collect();
        let one = |value: Value| (!value.is_null()).then_some(value);
        Change { part: Part::Flow, path, before: one(before), after: one(after) }
    }

    fn conflicts(refused: Result<Merged, Refusal>) -> Vec<Conflict> {
        match refused {
            Err(Refusal::Conflicts(conflicts)) => conflicts,
            other => panic!("{other:?}"),
        }
    }

    const DIRECTORY: [&str; 4] = ["processors", "Get", "properties", "Directory"];

    #[test]
    fn changes_of_different_values_merge_whatever_their_order() {
        let directory = change(&DIRECTORY, json!("in"), json!("music"));
        let tasks = change(&["processors", "Get", "concurrentTasks"], Value::Null, json!(2));
        let one = merge(&sheet(), &[directory.clone(), tasks.clone()]).unwrap();
        let two = merge(&sheet(), &[tasks, directory]).unwrap();
        assert_eq!(one.sheet, two.sheet);
        assert_eq!(one.sheet.flow()["processors"]["Get"]["properties"]["Directory"], "music");
    }

    #[test]
    fn what_somebody_else_has_changed_is_a_conflict_and_nothing_is_changed() {
        let first = merge(&sheet(), &[change(&DIRECTORY, json!("in"), json!("a"))]).unwrap();
        let tasks = change(&["processors", "Put", "concurrentTasks"], Value::Null, json!(2));
        let second = change(&DIRECTORY, json!("in"), json!("b"));
        let conflicts = conflicts(merge(&first.sheet, &[tasks, second]));
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].found, Some(json!("a")));
        assert_eq!(conflicts[0].gone, None);
    }

    #[test]
    fn the_same_change_twice_is_no_conflict_and_counts_once() {
        let same = change(&DIRECTORY, json!("in"), json!("a"));
        let first = merge(&sheet(), std::slice::from_ref(&same)).unwrap();
        let second = merge(&first.sheet, &[same]).unwrap();
        assert!(second.changes.is_empty());
    }

    #[test]
    fn a_thing_that_is_gone_does_not_come_back_by_a_change_of_it() {
        let get = sheet().flow()["processors"]["Get"].clone();
        let removed = merge(&sheet(), &[change(&["processors", "Get"], get, Value::Null)]).unwrap();
        let late = change(&["processors", "Get", "concurrentTasks"], Value::Null, json!(2));
        let conflicts = conflicts(merge(&removed.sheet, &[late]));
        assert_eq!(conflicts[0].gone, Some(vec!["processors".to_owned(), "Get".to_owned()]));
    }

    #[test]
    fn who_removes_what_somebody_else_has_changed_is_told() {
        let get = sheet().flow()["processors"]["Get"].clone();
        let changed = merge(&sheet(), &[change(&DIRECTORY, json!("in"), json!("a"))]).unwrap();
        let removal = change(&["processors", "Get"], get, Value::Null);
        assert_eq!(conflicts(merge(&changed.sheet, &[removal])).len(), 1);
    }

    #[test]
    fn lists_come_and_go_with_what_is_in_them() {
        let funnel = change(&["funnels", "All"], Value::Null, json!({}));
        let added = merge(&sheet(), std::slice::from_ref(&funnel)).unwrap();
        assert_eq!(added.sheet.flow()["funnels"], json!({ "All": {} }));
        let back = merge(&added.sheet, &[funnel.inverse()]).unwrap();
        assert_eq!(back.sheet, sheet());
        let directory = change(&DIRECTORY, json!("in"), Value::Null);
        let bare = merge(&sheet(), &[directory]).unwrap();
        assert_eq!(bare.sheet.flow()["processors"]["Get"], json!({ "type": "GetFile" }));
    }

    #[test]
    fn a_path_that_leads_nowhere_is_refused() {
        let too_deep = vec!["groups"; DEPTH_MAX + 1];
        for path in [&[][..], &["name"], &["format"], &too_deep] {
            let refused = merge(&sheet(), &[change(path, Value::Null, json!("b"))]);
            assert!(matches!(refused, Err(Refusal::Malformed(_))), "{path:?}: {refused:?}");
        }
        let through = change(&["processors", "Get", "type", "x"], Value::Null, json!("b"));
        assert!(matches!(merge(&sheet(), &[through]), Err(Refusal::Malformed(_))));
    }
}
