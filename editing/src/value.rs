//! JSON values by their paths, in one spelling: what is empty without saying anything is absent.

use serde_json::{Map, Value};

use crate::Part;
use crate::spot::Spot;

/// The value at `path`.
pub(crate) fn get<'v>(root: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(root, |value, name| value.as_object()?.get(name))
}

/// Makes `value` the one at `path`, and the objects that lead there where they are missing;
/// whether it could: a value that is no object may stand in the way.
pub(crate) fn set(root: &mut Value, path: &[String], value: Value) -> bool {
    let Some((last, before)) = path.split_last() else { return false };
    let mut at = root;
    for name in before {
        let Value::Object(members) = at else { return false };
        at = members.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
    }
    let Value::Object(members) = at else { return false };
    members.insert(last.clone(), value);
    true
}

/// Removes the value at `path`, and what is empty without it and says nothing then.
pub(crate) fn remove(root: &mut Value, part: Part, path: &[String]) {
    let spots = Spot::along(part, path);
    let mut path = path;
    while let Some((last, before)) = path.split_last() {
        let Some(Value::Object(members)) = get_mut(root, before) else { return };
        members.remove(last);
        let says_nothing = members.is_empty()
            && before.len().checked_sub(1).is_some_and(|at| !spots[at].is_thing());
        if !says_nothing {
            return;
        }
        path = before;
    }
}

fn get_mut<'v>(root: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, name| value.as_object_mut()?.get_mut(name))
}

/// `value`, which lies at `path`, in the one spelling; nothing when it says nothing.
pub(crate) fn normal(value: Value, part: Part, path: &[String]) -> Option<Value> {
    let spot = Spot::along(part, path).last().copied().unwrap_or(Spot::root());
    spelled(value, part, spot, path.len())
}

fn spelled(value: Value, part: Part, spot: Spot, depth: usize) -> Option<Value> {
    let members = match value {
        Value::Null => return None,
        Value::Object(members) => members,
        other => return Some(other),
    };
    let kept = members.into_iter().filter_map(|(name, value)| {
        let below = spot.step(part, depth, &name);
        Some((name, spelled(value, part, below, depth + 1)?))
    });
    let kept: Map<_, _> = kept.collect();
    (spot.is_thing() || !kept.is_empty()).then_some(Value::Object(kept))
}
