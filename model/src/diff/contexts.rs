//! What became of parameter contexts and their parameters.

use std::collections::BTreeMap;

use crate::definition::{FlowDefinition, Named, Parameter, ParameterContext};
use crate::diagnostic::{Element, ElementKind};

use super::members::{self, Renamed};
use super::{Change, ChangeKind, added};

/// The contexts that have another name and are the same otherwise.
pub(super) fn renames(old: &FlowDefinition, new: &FlowDefinition) -> Renamed {
    renamed(&old.parameter_contexts, &new.parameter_contexts)
}

/// Things that are only in one of two, and equal.
fn renamed<T: PartialEq>(old: &Named<T>, new: &Named<T>) -> Renamed {
    let mut left: Vec<(&String, &T)> = new
        .iter()
        .filter(|(name, _)| !old.contains_key(*name))
        .map(|(name, thing)| (name, &thing.value))
        .collect();
    let mut renamed = Renamed::new();
    for (name, thing) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
        if let Some(at) = left.iter().position(|(_, other)| **other == thing.value) {
            renamed.insert(name.clone(), left.remove(at).0.clone());
        }
    }
    renamed
}

pub(super) fn compare(
    old: &FlowDefinition,
    new: &FlowDefinition,
    names: &Renamed,
    changes: &mut Vec<Change>,
) {
    let kind = ElementKind::ParameterContext;
    let (before, after) = (&old.parameter_contexts, &new.parameter_contexts);
    let was = turned(names);
    for (name, context) in after {
        if let Some(was) = was.get(name.as_str()) {
            changes.push(rename(kind, name.clone(), (*was).to_owned()));
            continue;
        }
        let own = members::context(context, &Renamed::new());
        let Some(partner) = before.get(name) else {
            changes.push(added(kind, name, &own));
            parameters(name, &ParameterContext::default(), context, changes);
            continue;
        };
        let members = members::changes(&members::context(partner, names), &own);
        if !members.is_empty() {
            let element = Some(Element { kind, path: name.clone() });
            changes.push(Change { kind: ChangeKind::Changed, element, was: None, members });
        }
        parameters(name, partner, context, changes);
    }
    for (name, context) in before {
        if !after.contains_key(name) && !names.contains_key(name) {
            let members = members::removed(&members::context(context, &Renamed::new()));
            let element = Some(Element { kind, path: name.clone() });
            changes.push(Change { kind: ChangeKind::Removed, element, was: None, members });
            parameters(name, context, &ParameterContext::default(), changes);
        }
    }
}

/// New names, each with the old one.
fn turned(names: &Renamed) -> BTreeMap<&str, &str> {
    names.iter().map(|(old, new)| (new.as_str(), old.as_str())).collect()
}

fn rename(kind: ElementKind, path: String, was: String) -> Change {
    let element = Some(Element { kind, path });
    Change { kind: ChangeKind::Renamed, element, was: Some(was), members: Vec::new() }
}

fn parameters(
    context: &str,
    old: &ParameterContext,
    new: &ParameterContext,
    changes: &mut Vec<Change>,
) {
    let kind = ElementKind::Parameter;
    let path = |name: &str| format!("{context}:{name}");
    let names = renamed(&old.parameters, &new.parameters);
    let was = turned(&names);
    for (name, parameter) in &new.parameters {
        if let Some(was) = was.get(name.as_str()) {
            changes.push(rename(kind, path(name), path(was)));
            continue;
        }
        let Some(partner) = old.parameters.get(name) else {
            changes.push(added(kind, &path(name), &members::parameter(parameter, false)));
            continue;
        };
        let is_secret = parameter.sensitive || partner.sensitive;
        let of = |one: &Parameter| members::parameter(one, is_secret);
        let members = members::changes(&of(partner), &of(parameter));
        if !members.is_empty() {
            let element = Some(Element { kind, path: path(name) });
            changes.push(Change { kind: ChangeKind::Changed, element, was: None, members });
        }
    }
    for (name, parameter) in &old.parameters {
        if !new.parameters.contains_key(name) && !names.contains_key(name) {
            let members = members::removed(&members::parameter(parameter, false));
            let element = Some(Element { kind, path: path(name) });
            changes.push(Change { kind: ChangeKind::Removed, element, was: None, members });
        }
    }
}
