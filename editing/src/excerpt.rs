//! What an operation changes, read and spelled by itself: a processor more does not have a thousand
//! others read once more.
//!
//! Must never accept what the whole would be refused with, nor spell anything otherwise: what
//! cannot be told from the changed things alone is left to whoever reads all.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};
use tutti_model::layout::Layout;
use tutti_model::shape;

use crate::change::Merged;
use crate::difference::of_part;
use crate::draft::Check;
use crate::{Change, Part, Sheet, value};

/// The member of a group that holds others like it.
const GROUPS: &str = "groups";
/// The member of a group that names its parameter context.
const CONTEXT: &str = "parameterContext";
/// A flow with more things may be near the limit of what a flow may have: all of it is read.
const THINGS_MAX: usize = 10_000;

/// The changed things of a flow by their paths, and the descriptions of groups.
type Paths<'c> = BTreeSet<&'c [String]>;

/// What was merged is right, and is spelled so.
pub(crate) struct Spelled {
    /// What is spelled otherwise: to be set, or removed.
    things: Vec<(Part, Vec<String>, Option<Value>)>,
    /// The changes that all is then; those that were merged where nothing is spelled otherwise.
    changes: Option<Vec<Change>>,
    /// How much text was read.
    pub(crate) bytes: usize,
}

impl Spelled {
    /// What was merged, in the spelling of files.
    pub(crate) fn of(self, merged: Merged) -> Merged {
        let Merged { mut sheet, changes } = merged;
        for (part, path, value) in self.things {
            match value {
                Some(value) => drop(value::set(sheet.part_mut(part), &path, value)),
                None => value::remove(sheet.part_mut(part), part, &path),
            }
        }
        Merged { sheet, changes: self.changes.unwrap_or(changes) }
    }
}

/// How what was merged into `old` is spelled in files; nothing where that takes the whole, or the
/// whole is needed to say what is wrong.
pub(crate) fn checked(old: &Sheet, merged: &Merged, check: &Check<'_>) -> Option<Spelled> {
    let flow = merged.sheet.flow();
    let paths = paths(merged)?;
    if is_large(flow) || paths.iter().any(|path| shares_its_name(flow, path)) {
        return None;
    }
    let cut = Sheet::from_values(of(flow, &paths), Value::Null);
    let definition = cut.definition().ok()?;
    if !check(&definition).is_empty() {
        return None;
    }
    let spelled = Sheet::new(&definition, &Layout::new()).ok()?;
    let is_there = |sheet: &Sheet, path: &[String]| value::get(sheet.flow(), path).is_some();
    if paths.iter().any(|path| is_there(&cut, path) != is_there(&spelled, path)) {
        return None;
    }
    let bytes = cut.length();
    let is_laid_out = merged.changes.iter().any(|change| change.part == Part::Layout);
    let respelled = if is_laid_out { Some(merged.sheet.layout_spelled().ok()?) } else { None };
    let layout = respelled.as_ref().unwrap_or(merged.sheet.layout());
    let strays = strays(flow, layout);
    if cut.flow() == spelled.flow() && strays.is_empty() && layout == merged.sheet.layout() {
        return Some(Spelled { things: Vec::new(), changes: None, bytes });
    }
    let thing = |path: &&[String]| {
        let value = value::get(spelled.flow(), path)?;
        Some((Part::Flow, path.to_vec(), Some(value.clone())))
    };
    let mut things: Vec<_> = paths.iter().filter_map(thing).collect();
    let mut fitting = layout.clone();
    for path in strays {
        value::remove(&mut fitting, Part::Layout, &path);
    }
    let mut changes = of_part(Part::Flow, &of(old.flow(), &paths), spelled.flow());
    let of_layout = of_part(Part::Layout, merged.sheet.layout(), &fitting);
    things.extend(of_layout.into_iter().map(|one| (Part::Layout, one.path, one.after)));
    changes.extend(of_part(Part::Layout, old.layout(), &fitting));
    Some(Spelled { things, changes: Some(changes), bytes })
}

/// The things that were changed; nothing when more was.
fn paths(merged: &Merged) -> Option<Paths<'_>> {
    let changes = merged.changes.iter().filter(|change| change.part == Part::Flow);
    let thing = |path: &'_ [String]| {
        let depth = path.chunks_exact(2).take_while(|two| two[0] == GROUPS).count() * 2;
        match &path[depth..] {
            [list, _, ..] if shape::list(list).is_some() => Some(depth + 2),
            [member] if member == "description" => Some(depth + 1),
            _ => None,
        }
    };
    changes.map(|change| thing(&change.path).map(|length| &change.path[..length])).collect()
}

/// Whether there are more things than are counted here.
fn is_large(flow: &Value) -> bool {
    fn count(group: &Map<String, Value>) -> usize {
        let lists = shape::LISTS.iter();
        let own = lists.filter_map(|list| Some(group.get(list.member)?.as_object()?.len()));
        let groups = group.get(GROUPS).and_then(Value::as_object).into_iter().flatten();
        let inner = groups.filter_map(|(_, group)| Some(count(group.as_object()?)));
        own.chain(inner).sum()
    }
    flow.as_object().is_none_or(|flow| count(flow) > THINGS_MAX)
}

/// Whether something else of its group has the name of the thing at `path`.
fn shares_its_name(flow: &Value, path: &[String]) -> bool {
    let Some((list, name, group)) = last_two(path) else { return false };
    let Some(group) = value::get(flow, group) else { return false };
    if shape::list(list).is_none_or(|list| !list.shares_names) {
        return false;
    }
    let others = shape::LISTS.iter().filter(|other| other.shares_names && other.member != list);
    others
        .into_iter()
        .any(|other| group.get(other.member).is_some_and(|all| all.get(name).is_some()))
}

fn last_two(path: &[String]) -> Option<(&str, &str, &[String])> {
    let (name, path) = path.split_last()?;
    let (list, group) = path.split_last()?;
    Some((list, name, group))
}

/// As much of `flow` as one must know to read the things at `paths`: these, and which parameters
/// their groups have.
fn of(flow: &Value, paths: &Paths<'_>) -> Value {
    let mut cut = Value::Object(Map::new());
    for member in ["format", "name", shape::CONTEXTS, CONTEXT] {
        copy(flow, &mut cut, &[member.to_owned()]);
    }
    for path in paths {
        let groups = path.chunks_exact(2).take_while(|two| two[0] == GROUPS).count();
        for group in (1..=groups).map(|depth| &path[..depth * 2]) {
            if value::get(flow, group).is_some() && value::get(&cut, group).is_none() {
                value::set(&mut cut, group, Value::Object(Map::new()));
            }
            copy(flow, &mut cut, &[group, &[CONTEXT.to_owned()]].concat());
        }
        copy(flow, &mut cut, path);
    }
    cut
}

fn copy(flow: &Value, cut: &mut Value, path: &[String]) {
    if let Some(found) = value::get(flow, path) {
        value::set(cut, path, found.clone());
    }
}

/// What lies where the flow has nothing, as `tutti_model::layout::fitting` finds it of a flow that
/// was read.
fn strays(flow: &Value, layout: &Value) -> Vec<[String; 2]> {
    let mut things = Things::new();
    gather(flow, "", &mut things);
    let strays = shape::LAID.into_iter().flat_map(|member| {
        let known = things.get(member);
        let lying = layout.get(member).and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let strays = lying.filter(move |path| known.is_none_or(|known| !known.contains(*path)));
        strays.map(move |path| [member.to_owned(), path.clone()])
    });
    strays.collect()
}

/// The paths of the things in a flow, by the members of a layout that say how these lie.
type Things = HashMap<&'static str, HashSet<String>>;

fn gather(group: &Value, path: &str, things: &mut Things) {
    let join = |name: &String| match path {
        "" => name.clone(),
        path => format!("{path}/{name}"),
    };
    for list in &shape::LISTS {
        let named = group.get(list.member).and_then(Value::as_object);
        for path in named.into_iter().flat_map(Map::keys).map(join) {
            for member in list.laid_by {
                things.entry(member).or_default().insert(path.clone());
            }
        }
    }
    for (name, inner) in group.get(GROUPS).and_then(Value::as_object).into_iter().flatten() {
        gather(inner, &join(name), things);
    }
}
