//! The changes that make one state of a flow another.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::spot::{Part, Spot};
use crate::{Change, Sheet};

/// What has to be changed in `old` to have `new`: a thing that only one has as a whole, and of
/// things that both have the members.
pub fn difference(old: &Sheet, new: &Sheet) -> Vec<Change> {
    let parts = [Part::Flow, Part::Layout];
    parts.into_iter().flat_map(|part| of_part(part, old.part(part), new.part(part))).collect()
}

/// The same of one part.
pub(crate) fn of_part(part: Part, old: &Value, new: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    compare(part, Spot::root(), &mut Vec::new(), Some(old), Some(new), &mut changes);
    changes
}

fn compare(
    part: Part,
    spot: Spot,
    path: &mut Vec<String>,
    old: Option<&Value>,
    new: Option<&Value>,
    changes: &mut Vec<Change>,
) {
    if old == new {
        return;
    }
    let none = Map::new();
    let inner = match (spot, old.and_then(Value::as_object), new.and_then(Value::as_object)) {
        (Spot::Group | Spot::Thing(_), Some(old), Some(new)) => Some((old, new)),
        (Spot::List(_), old, new) => Some((old.unwrap_or(&none), new.unwrap_or(&none))),
        _ => None,
    };
    let Some((old_members, new_members)) = inner else {
        let (before, after) = (old.cloned(), new.cloned());
        changes.push(Change { part, path: path.clone(), before, after });
        return;
    };
    let names: BTreeSet<&String> = old_members.keys().chain(new_members.keys()).collect();
    for name in names {
        let below = spot.step(part, path.len(), name);
        path.push(name.clone());
        compare(part, below, path, old_members.get(name), new_members.get(name), changes);
        path.pop();
    }
}
