//! What everything is called here, before any of it is written: connections and references know
//! things by NiFi's ids.

use std::collections::HashMap;

use serde_json::Value;

use crate::diagnostic::join;

use super::caches::Joined;
use super::names::{self, Taken};
use super::report::Report;
use super::value::{self, Fields};

/// A thing and its name.
pub(super) struct Planned<'v> {
    pub(super) value: &'v Value,
    pub(super) name: String,
    /// What it is made of besides, for a service that is a cache here.
    pub(super) cache: Option<Joined<'v>>,
}

/// A group and all in it.
pub(super) struct PlannedGroup<'v> {
    pub(super) value: &'v Value,
    pub(super) name: String,
    /// Empty for the flow itself.
    pub(super) path: String,
    pub(super) processors: Vec<Planned<'v>>,
    pub(super) services: Vec<Planned<'v>>,
    pub(super) input_ports: Vec<Planned<'v>>,
    pub(super) output_ports: Vec<Planned<'v>>,
    pub(super) funnels: Vec<Planned<'v>>,
    pub(super) labels: Vec<Planned<'v>>,
    pub(super) groups: Vec<PlannedGroup<'v>>,
}

/// What a connection can end at.
#[derive(Clone)]
pub(super) struct End {
    /// The path of its group.
    pub(super) group: String,
    pub(super) name: String,
    pub(super) is_port: bool,
    pub(super) is_processor: bool,
}

/// Things by NiFi's ids.
#[derive(Default)]
pub(super) struct Plan {
    ends: HashMap<String, End>,
    /// Names of services. They are unique in the whole flow, so that none hides another.
    services: HashMap<String, String>,
    taken_services: Taken,
}

impl Plan {
    /// Names everything in the group `value`, which is the flow itself.
    pub(super) fn of<'v>(&mut self, value: &'v Value, report: &mut Report) -> PlannedGroup<'v> {
        self.group(value, String::new(), String::new(), report)
    }

    /// What has this id.
    pub(super) fn end(&self, id: &str) -> Option<&End> {
        self.ends.get(id)
    }

    /// The name of the service with this id.
    pub(super) fn service(&self, id: &str) -> Option<&str> {
        self.services.get(id).map(String::as_str)
    }

    /// The service `value` is the one called `name` here.
    pub(super) fn also_known(&mut self, value: &Value, name: &str) {
        for id in ids(value) {
            self.services.insert(id, name.to_owned());
        }
    }

    fn group<'v>(
        &mut self,
        value: &'v Value,
        name: String,
        path: String,
        report: &mut Report,
    ) -> PlannedGroup<'v> {
        let fields = Fields::new(value);
        let mut taken = Taken::default();
        let mut named = |kind: &'static str, member: &str, otherwise: &str| {
            named(sorted(fields, member), (kind, otherwise), &path, &mut taken, report)
        };
        let processors = named("processor", "processors", "Processor");
        let input_ports = named("input port", "inputPorts", "In");
        let output_ports = named("output port", "outputPorts", "Out");
        let inner = named("group", "processGroups", "Group");
        let funnels = named("funnel", "funnels", "Funnel");
        let labels = sorted(fields, "labels");
        let labels = self::named(labels, ("label", "Label"), &path, &mut Taken::default(), report);
        let services = sorted(fields, "controllerServices");
        let services =
            self::named(services, ("service", "Service"), &path, &mut self.taken_services, report);
        for service in &services {
            for id in ids(service.value) {
                self.services.entry(id).or_insert_with(|| service.name.clone());
            }
        }
        for (things, is_port, is_processor) in [
            (&processors, false, true),
            (&input_ports, true, false),
            (&output_ports, true, false),
            (&funnels, false, false),
        ] {
            for thing in things {
                for id in ids(thing.value) {
                    let (group, name) = (path.clone(), thing.name.clone());
                    self.ends.entry(id).or_insert(End { group, name, is_port, is_processor });
                }
            }
        }
        let groups = inner
            .into_iter()
            .map(|one| {
                let inner_path = join(&path, &one.name);
                self.group(one.value, one.name, inner_path, report)
            })
            .collect();
        PlannedGroup {
            value,
            name,
            path,
            processors,
            services,
            input_ports,
            output_ports,
            funnels,
            labels,
            groups,
        }
    }
}

/// The ids of a thing, that by which connections know it first.
fn ids(value: &Value) -> impl Iterator<Item = String> {
    let names = ["identifier", "instanceIdentifier"];
    names.into_iter().filter_map(|name| value.get(name)?.as_str().map(str::to_owned))
}

/// The things in a list in an order that does not change when they move or NiFi lists them in
/// another one: names are given in it.
fn sorted<'v>(fields: Fields<'v>, member: &str) -> Vec<&'v Value> {
    let mut things = value::things(fields.get(member));
    things.sort_by_cached_key(|thing| ids(thing).next());
    things
}

fn named<'v>(
    things: Vec<&'v Value>,
    (kind, otherwise): (&'static str, &str),
    path: &str,
    taken: &mut Taken,
    report: &mut Report,
) -> Vec<Planned<'v>> {
    let mut all = Vec::new();
    for value in things {
        let theirs = Fields::new(value).text("name").unwrap_or_default();
        let name = taken.unique(names::name(theirs, otherwise));
        if !theirs.is_empty() && name != theirs {
            let reason = format!("in NiFi it is called {theirs:?}: names are unique here");
            report.changed(kind, &join(path, &name), None, reason);
        }
        all.push(Planned { value, name, cache: None });
    }
    all
}
