//! Which thing of the old flow is which of the new one.
//!
//! First those of the same name; among the rest a group whose whole content is the same, and a
//! thing with the same members between the same others. What is the only one with its members on
//! both sides is the same, too, if its members say something: it was moved, or wired anew.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::diagnostic::{ElementKind, join};

use super::inventory::{Inventory, Item, Line};
use super::members::Member;

/// What belongs together.
#[derive(Default)]
pub(super) struct Pairs {
    new_of: HashMap<usize, usize>,
    paired: BTreeSet<usize>,
    /// Groups by their paths, the flow itself included.
    groups: BTreeMap<String, String>,
}

impl Pairs {
    /// The new index of the thing with the old one.
    pub(super) fn new_of(&self, old: usize) -> Option<usize> {
        self.new_of.get(&old).copied()
    }

    /// Whether the new thing was there before.
    pub(super) fn is_paired(&self, new: usize) -> bool {
        self.paired.contains(&new)
    }

    /// The path that the group at the old `path` has now.
    pub(super) fn group_of(&self, path: &str) -> Option<&str> {
        self.groups.get(path).map(String::as_str)
    }

    fn add(&mut self, (old, before): (usize, &Item), (new, after): (usize, &Item)) {
        self.new_of.insert(old, new);
        self.paired.insert(new);
        if before.kind == ElementKind::Group {
            self.groups.insert(before.path.clone(), after.path.clone());
        }
    }
}

pub(super) fn pair(before: &Inventory<'_>, after: &Inventory<'_>) -> Pairs {
    let mut pairs = Pairs::default();
    pairs.groups.insert(String::new(), String::new());
    let there = there(after);
    by_name(before, after, &there, &mut pairs, |_| true);
    by_content(before, after, &there, &mut pairs);
    by_members(before, after, &mut pairs);
    pairs
}

type There<'a> = HashMap<(ElementKind, &'a str), usize>;

/// Things by kind and path.
fn there<'a>(all: &'a Inventory<'_>) -> There<'a> {
    let items = all.items.iter().enumerate();
    items.map(|(index, item)| ((item.kind, item.path.as_str()), index)).collect()
}

/// Same kind and name in the same group, of those things that `is_meant`. Outer groups come first,
/// and groups before what lies in them.
fn by_name(
    before: &Inventory<'_>,
    after: &Inventory<'_>,
    there: &There<'_>,
    pairs: &mut Pairs,
    is_meant: impl Fn(&Item) -> bool,
) {
    let mut meant: Vec<_> =
        before.items.iter().enumerate().filter(|(_, item)| is_meant(item)).collect();
    meant.sort_by_key(|(_, item)| (!is_group(item), item.path.matches('/').count()));
    for (old, item) in meant {
        if pairs.new_of(old).is_some() {
            continue;
        }
        let Some(home) = pairs.group_of(&item.group) else { continue };
        let path = join(home, &item.name);
        let found = there.get(&(item.kind, path.as_str())).copied();
        if let Some(new) = found.filter(|new| !pairs.is_paired(*new)) {
            pairs.add((old, item), (new, &after.items[new]));
        }
    }
}

fn is_group(item: &Item) -> bool {
    item.kind == ElementKind::Group
}

/// The indices of what has no partner yet.
fn free(all: &Inventory<'_>, is_paired: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..all.items.len()).filter(|index| !is_paired(*index)).collect()
}

/// Groups that have the same content, outer ones first.
fn by_content(before: &Inventory<'_>, after: &Inventory<'_>, there: &There<'_>, pairs: &mut Pairs) {
    let groups = |all: &Inventory<'_>, free: Vec<usize>| {
        let mut groups: Vec<usize> =
            free.into_iter().filter(|index| is_group(&all.items[*index])).collect();
        groups.sort_by_key(|index| {
            let path = &all.items[*index].path;
            (path.matches('/').count(), path.clone())
        });
        groups
    };
    let olds = groups(before, free(before, |index| pairs.new_of(index).is_some()));
    let news = groups(after, free(after, |index| pairs.is_paired(index)));
    if olds.is_empty() || news.is_empty() {
        return;
    }
    let mut alike: HashMap<String, Vec<usize>> = HashMap::new();
    for new in news.into_iter().rev() {
        alike.entry(content(after, &after.items[new])).or_default().push(new);
    }
    for old in olds {
        let item = &before.items[old];
        if pairs.new_of(old).is_some() {
            continue;
        }
        let Some(same) = alike.get_mut(&content(before, item)) else { continue };
        while let Some(new) = same.pop() {
            if pairs.is_paired(new) {
                continue;
            }
            pairs.add((old, item), (new, &after.items[new]));
            let inner = format!("{}/", item.path);
            by_name(before, after, there, pairs, |one| one.path.starts_with(&inner));
            break;
        }
    }
}

/// All that a group holds, by paths within it.
fn content(all: &Inventory<'_>, group: &Item) -> String {
    let within = |path: &str| {
        path.strip_prefix(&group.path).and_then(|rest| rest.strip_prefix('/')).map(str::to_owned)
    };
    let mut parts = vec![format!("{:?}", identities(&group.members))];
    for item in &all.items {
        if let Some(path) = within(&item.path) {
            parts.push(format!("{:?}", (item.kind, path, identities(&item.members))));
        }
    }
    for Line { from, to, members, group: home, .. } in &all.lines {
        if *home == group.path || within(home).is_some() {
            parts.push(format!("{:?}", (within(from), within(to), identities(members))));
        }
    }
    parts.sort();
    parts.join("\n")
}

fn identities(members: &[Member]) -> Vec<(&str, &str)> {
    members.iter().map(Member::identity).collect()
}

/// What things are, and between which others they stand.
struct Looks {
    class: String,
    surroundings: Vec<String>,
}

/// A class and surroundings.
type Key<'k> = (&'k str, &'k [String]);

fn by_members(before: &Inventory<'_>, after: &Inventory<'_>, pairs: &mut Pairs) {
    let mut olds = free(before, |index| pairs.new_of(index).is_some());
    let mut news = free(after, |index| pairs.is_paired(index));
    // Of groups the content tells, and it is another.
    olds.retain(|index| !is_group(&before.items[*index]));
    news.retain(|index| !is_group(&after.items[*index]));
    let known_old = |index: usize| pairs.new_of(index).map(|new| after.items[new].path.clone());
    let known_new = |index: usize| pairs.is_paired(index).then(|| after.items[index].path.clone());
    let looks_old = looks(before, &olds, &known_old);
    let looks_new = looks(after, &news, &known_new);
    let mut alike: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for new in news.iter().rev() {
        let looks = &looks_new[new];
        alike.entry((&looks.class, &looks.surroundings)).or_default().push(*new);
    }
    for old in &olds {
        let looks = &looks_old[old];
        let same = alike.get_mut(&(looks.class.as_str(), &looks.surroundings[..]));
        if let Some(new) = same.and_then(Vec::pop) {
            pairs.add((*old, &before.items[*old]), (new, &after.items[new]));
        }
    }
    let mut left: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for old in olds.iter().filter(|old| pairs.new_of(**old).is_none()) {
        left.entry(&looks_old[old].class).or_default().0.push(*old);
    }
    for new in news.iter().filter(|new| !pairs.is_paired(**new)) {
        left.entry(&looks_new[new].class).or_default().1.push(*new);
    }
    for (old, new) in left.into_values() {
        let ([old], [new]) = (&old[..], &new[..]) else { continue };
        let (before, after) = (&before.items[*old], &after.items[*new]);
        // A port or funnel that says nothing is like any other.
        if before.members.iter().any(Member::is_said) {
            pairs.add((*old, before), (*new, after));
        }
    }
}

/// How the things `free` look. An end with a partner is that, the others are what they look like.
fn looks(
    all: &Inventory<'_>,
    free: &[usize],
    known: &dyn Fn(usize) -> Option<String>,
) -> HashMap<usize, Looks> {
    let class = |item: &Item| format!("{:?}", (item.kind, identities(&item.members)));
    let mut looks: HashMap<usize, Looks> = free
        .iter()
        .map(|index| {
            let class = class(&all.items[*index]);
            (*index, Looks { class, surroundings: Vec::new() })
        })
        .collect();
    for line in &all.lines {
        let ends = [(&line.from, &line.to, "out"), (&line.to, &line.from, "in")];
        for (own, other, direction) in ends {
            let Some(own) = all.end(own).filter(|own| looks.contains_key(own)) else { continue };
            let other = all.end(other).map(|other| {
                known(other).map_or_else(|| class(&all.items[other]), |path| format!("={path}"))
            });
            let seen = format!("{:?}", (direction, other, identities(&line.members)));
            if let Some(looks) = looks.get_mut(&own) {
                looks.surroundings.push(seen);
            }
        }
    }
    for looks in looks.values_mut() {
        looks.surroundings.sort();
    }
    looks
}
