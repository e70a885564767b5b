//! What names a service: whether it is there, of the right kind, enabled, and needs nobody that
//! needs it.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::codes::Code;
use crate::definition::{FlowDefinition, Group, Property, ScheduledState, Service};
use crate::diagnostic::{Diagnostic, ElementKind};
use crate::text::Place;
use crate::valid::ValidGroup;
use crate::value::Value;

use super::Validation;
use super::properties::Against;

/// The services that a group sees, by name: of two in groups one in the other, the inner one.
pub(super) type Services<'v> = HashMap<&'v str, Seen<'v>>;

/// A service, as things that may name it see it.
#[derive(Clone)]
pub(super) struct Seen<'v> {
    path: String,
    type_name: &'v str,
    /// Its kind; none where nobody knows its type.
    offers: Option<&'v str>,
    is_enabled: bool,
}

impl<'f> Validation<'f> {
    pub(super) fn seen(&self, service: &'f Service, path: String) -> Seen<'f> {
        let type_name = service.type_name.value.as_str();
        let spec = self.specs.service_spec(type_name);
        Seen {
            path,
            type_name,
            offers: spec.map(|spec| &*spec.offers),
            is_enabled: service.state == ScheduledState::Enabled,
        }
    }

    /// The path of the service of the kind `wanted` that `value` names.
    pub(super) fn service_of(
        &mut self,
        value: &Value,
        wanted: &str,
        property: &Property,
        against: &Against<'_, 'f>,
    ) -> Option<String> {
        let name = value.expose();
        let place = &property.value.place;
        let types = self.types_of(wanted);
        let (code, message, help) = match against.services.get(name) {
            None => {
                let fit = against.services.iter().filter(|(_, seen)| seen.offers == Some(wanted));
                let help = self.report.suggest(name, fit.map(|(name, _)| *name));
                (
                    Code::UnknownService,
                    format!("there is no service \"{name}\" in this group or above it"),
                    help.unwrap_or_else(|| {
                        format!("add a service of type {types} to \"services\"")
                    }),
                )
            }
            // What is wrong with its type has been told.
            Some(Seen { offers: None, .. }) => return None,
            Some(Seen { offers: Some(offers), type_name, .. }) if *offers != wanted => (
                Code::WrongService,
                format!("the service \"{name}\" is a {type_name}, not a {wanted}"),
                format!("name a service of type {types}"),
            ),
            Some(Seen { is_enabled: false, .. }) if against.is_enabled => (
                Code::DisabledService,
                format!("the service \"{name}\" is disabled"),
                "enable it, or disable what uses it".to_owned(),
            ),
            Some(Seen { path, .. }) => return Some(path.clone()),
        };
        self.say(against.element, Diagnostic::new(code, place, message).with_help(help));
        None
    }

    /// The types of services that offer the kind, in words.
    fn types_of(&self, kind: &str) -> String {
        let names = self.specs.service_type_names().into_iter();
        let specs = names.filter_map(|name| self.specs.service_spec(name));
        let of_kind: Vec<&str> =
            specs.filter(|spec| spec.offers == kind).map(|spec| &*spec.type_name).collect();
        if of_kind.is_empty() { kind.to_owned() } else { of_kind.join(" or ") }
    }

    /// Reports services that refer to each other in a circle: none of them could be the first.
    pub(super) fn report_service_cycles(&mut self, root: &ValidGroup) {
        let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut waiting = vec![root];
        while let Some(group) = waiting.pop() {
            for service in &group.services {
                let names = service.properties.services.values().map(String::as_str);
                needs.insert(&service.path, names.collect());
            }
            waiting.extend(&group.groups);
        }
        let mut told: HashSet<&str> = HashSet::new();
        for start in needs.keys().copied() {
            if told.contains(start) {
                continue;
            }
            let Some(circle) = circle(start, &needs) else { continue };
            let place = place_of(self.flow, start).unwrap_or_default();
            let way: Vec<String> =
                circle.iter().chain([&start]).map(|path| format!("\"{path}\"")).collect();
            let message = format!("the service needs itself: {}", way.join(" needs "));
            self.report.push(
                Diagnostic::new(Code::ServiceCycle, &place, message)
                    .with_help("let one of them do without the other")
                    .of(ElementKind::Service, start),
            );
            told.extend(circle);
        }
    }
}

/// A shortest way from `start` back to it, `start` first.
fn circle<'v>(start: &'v str, needs: &BTreeMap<&'v str, Vec<&'v str>>) -> Option<Vec<&'v str>> {
    let mut before: HashMap<&str, &str> = HashMap::new();
    let mut waiting = std::collections::VecDeque::from([start]);
    while let Some(path) = waiting.pop_front() {
        for next in needs.get(path).into_iter().flatten().copied() {
            if next == start {
                let mut way = vec![path];
                let mut at = path;
                while let Some(earlier) = before.get(at).copied() {
                    way.push(earlier);
                    at = earlier;
                }
                way.reverse();
                return Some(way);
            }
            if !before.contains_key(next) {
                before.insert(next, path);
                waiting.push_back(next);
            }
        }
    }
    None
}

/// Where the service with this path of names is written.
fn place_of(flow: &FlowDefinition, path: &str) -> Option<Place> {
    let mut group: &Group = &flow.root;
    let mut rest = path;
    while let Some((name, inner)) = rest.split_once('/') {
        group = &group.groups.get(name)?.value;
        rest = inner;
    }
    group.services.get(rest).map(|service| service.place.clone())
}
