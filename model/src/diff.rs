//! What differs between two flows in what they mean, thing by thing.
//!
//! Order, spelling, and whether a default is spelled out make no difference; where things lie on
//! the canvas is not looked at. What has another name or place and is the same otherwise was
//! renamed or moved. No value that may be a secret is ever among the changes.

mod connections;
mod contexts;
mod inventory;
mod members;
mod pair;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::definition::FlowDefinition;
use crate::diagnostic::{Element, ElementKind, join};
use crate::spec::SpecSource;

use inventory::Inventory;
use members::Member;
pub(crate) use members::{is_reference, meaning};

/// What became of a thing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[schema(as = PlanChangeKind)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    /// Only the new flow has it.
    Added,
    /// Only the old flow has it.
    Removed,
    /// It has other members.
    Changed,
    /// It has another name in the same group, and all else is the same.
    Renamed,
    /// It lies in another group, and all else is the same but perhaps its name.
    Moved,
}

/// What became of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanChange)]
pub struct Change {
    /// What became of it.
    #[serde(rename = "change")]
    pub kind: ChangeKind,
    /// The thing, by its path in the new flow, or in the old one when it was removed; nothing for
    /// the flow itself.
    #[schema(required)]
    pub element: Option<Element>,
    /// Its path in the old flow, where that is another one.
    #[schema(required)]
    pub was: Option<String>,
    /// The members that differ; of what was added or removed all that it has besides defaults.
    pub members: Vec<MemberChange>,
}

/// A member of a thing before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberChange {
    /// The member, with those around it: `type`, `properties.Bucket`, `backPressure.count`.
    pub member: String,
    /// Its value in the old flow, if it had one; as text.
    #[schema(required)]
    pub before: Option<String>,
    /// Its value in the new flow, if it has one; as text.
    #[schema(required)]
    pub after: Option<String>,
}

/// What stands for a value that may be a secret.
pub const HIDDEN: &str = "(not shown)";

/// What has to be done to `old` to have `new`: first the flow itself, then parameter contexts, then
/// things in the order of their paths. Nothing when they mean the same.
pub fn diff(old: &FlowDefinition, new: &FlowDefinition, specs: &dyn SpecSource) -> Vec<Change> {
    let mut changes = Vec::new();
    let renamed_contexts = contexts::renames(old, new);
    let of_flow = members::changes(
        &members::flow(old, &renamed_contexts),
        &members::flow(new, &BTreeMap::new()),
    );
    if !of_flow.is_empty() {
        let kind = ChangeKind::Changed;
        changes.push(Change { kind, element: None, was: None, members: of_flow });
    }
    contexts::compare(old, new, &renamed_contexts, &mut changes);
    let before = Inventory::of(old, specs, &renamed_contexts);
    let after = Inventory::of(new, specs, &BTreeMap::new());
    let pairs = pair::pair(&before, &after);
    let mut of_things = things(&before, &after, &pairs);
    connections::compare(&before, &after, &pairs, &mut of_things);
    of_things.sort_by(|left, right| left.element.cmp_path(&right.element));
    changes.append(&mut of_things);
    changes
}

/// What became of all but connections.
fn things(before: &Inventory<'_>, after: &Inventory<'_>, pairs: &pair::Pairs) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, item) in before.items.iter().enumerate() {
        let element = |path: &str| Some(Element { kind: item.kind, path: path.to_owned() });
        let Some(partner) = pairs.new_of(index) else {
            let members = members::removed(&item.members);
            let element = element(&item.path);
            changes.push(Change { kind: ChangeKind::Removed, element, was: None, members });
            continue;
        };
        let partner = &after.items[partner];
        let home = pairs.group_of(&item.group);
        let differing = members::changes(&item.members, &partner.members);
        let is_elsewhere = home != Some(&*partner.group);
        let kind = if is_elsewhere {
            ChangeKind::Moved
        } else if join(&partner.group, &item.name) != partner.path {
            ChangeKind::Renamed
        } else if !differing.is_empty() {
            ChangeKind::Changed
        } else {
            continue;
        };
        let was = (item.path != partner.path).then(|| item.path.clone());
        let element = element(&partner.path);
        changes.push(Change { kind, element, was, members: differing });
    }
    for (index, item) in after.items.iter().enumerate() {
        if !pairs.is_paired(index) {
            changes.push(added(item.kind, &item.path, &item.members));
        }
    }
    changes
}

fn added(kind: ElementKind, path: &str, members: &[Member]) -> Change {
    let element = Some(Element { kind, path: path.to_owned() });
    let members = members::added(members);
    Change { kind: ChangeKind::Added, element, was: None, members }
}

/// How changes are sorted.
trait ComparePath {
    fn cmp_path(&self, other: &Self) -> std::cmp::Ordering;
}

impl ComparePath for Option<Element> {
    /// By path first, so that what lies in a group stands behind it.
    fn cmp_path(&self, other: &Self) -> std::cmp::Ordering {
        let key = |element: &Self| element.as_ref().map(|one| (one.path.clone(), one.kind));
        key(self).cmp(&key(other))
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Renamed => "renamed",
            Self::Moved => "moved",
        })
    }
}
