//! What became of connections: known by what they connect, whatever that is called now.

use std::collections::BTreeMap;

use crate::definition::Connection;
use crate::diagnostic::{Element, ElementKind, join};

use super::inventory::{Inventory, Line};
use super::pair::Pairs;
use super::{Change, ChangeKind, added, members};

pub(super) fn compare(
    before: &Inventory<'_>,
    after: &Inventory<'_>,
    pairs: &Pairs,
    changes: &mut Vec<Change>,
) {
    let mut there: BTreeMap<(&str, &str), Vec<&Line<'_>>> = BTreeMap::new();
    for line in &after.lines {
        there.entry((&line.from, &line.to)).or_default().push(line);
    }
    // An end that neither flow has is the same in both.
    let now = |path| match before.end(path) {
        Some(old) => pairs.new_of(old).map(|new| after.items[new].path.as_str()),
        None => after.end(path).is_none().then_some(path),
    };
    // What still carries the same goes before what carries something else.
    let mut others = Vec::new();
    for line in &before.lines {
        let ends = now(line.from.as_str()).zip(now(line.to.as_str()));
        let same = ends.and_then(|ends| there.get_mut(&ends)).and_then(|lines| {
            let own = relationships(line.connection);
            let at = lines.iter().position(|other| relationships(other.connection) == own)?;
            Some(lines.remove(at))
        });
        match same {
            Some(other) => changed(line, other, changes),
            None => others.push((line, ends)),
        }
    }
    for (line, ends) in others {
        let lines = ends.and_then(|ends| there.get_mut(&ends)).filter(|lines| !lines.is_empty());
        match lines {
            Some(lines) => changed(line, lines.remove(0), changes),
            None => changes.push(Change {
                kind: ChangeKind::Removed,
                element: Some(element(line)),
                was: None,
                members: members::removed(&line.members),
            }),
        }
    }
    for line in there.into_values().flatten() {
        changes.push(added(ElementKind::Connection, &path(line), &line.members));
    }
}

fn relationships(connection: &Connection) -> Vec<&str> {
    connection.relationships.iter().map(|name| name.value.as_str()).collect()
}

fn changed(old: &Line<'_>, new: &Line<'_>, changes: &mut Vec<Change>) {
    let members = members::changes(&old.members, &new.members);
    if !members.is_empty() {
        let was = (path(old) != path(new)).then(|| path(old));
        let kind = ChangeKind::Changed;
        changes.push(Change { kind, element: Some(element(new)), was, members });
    }
}

fn path(line: &Line<'_>) -> String {
    join(&line.group, &line.connection.id())
}

fn element(line: &Line<'_>) -> Element {
    Element { kind: ElementKind::Connection, path: path(line) }
}
