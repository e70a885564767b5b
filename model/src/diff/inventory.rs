//! Everything that a flow has, in one list.

use std::collections::BTreeMap;

use crate::definition::{Connection, EndpointName, FlowDefinition, Group};
use crate::diagnostic::{ElementKind, join};
use crate::spec::SpecSource;

use super::members::{self, Member, Renamed};

/// A thing that is no connection.
pub(super) struct Item {
    pub(super) kind: ElementKind,
    pub(super) name: String,
    /// The path of the group that it lies in.
    pub(super) group: String,
    pub(super) path: String,
    pub(super) members: Vec<Member>,
}

/// A connection with its ends resolved.
pub(super) struct Line<'f> {
    /// The path of the group that it lies in.
    pub(super) group: String,
    pub(super) connection: &'f Connection,
    /// Its ends by their paths.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) members: Vec<Member>,
}

/// What a flow has.
#[derive(Default)]
pub(super) struct Inventory<'f> {
    pub(super) items: Vec<Item>,
    pub(super) lines: Vec<Line<'f>>,
    /// What connections can end at, by path.
    ends: BTreeMap<String, usize>,
}

impl<'f> Inventory<'f> {
    /// Parents first; `contexts` are those that have another name in the other flow.
    pub(super) fn of(flow: &'f FlowDefinition, specs: &dyn SpecSource, contexts: &Renamed) -> Self {
        let mut all = Self::default();
        let mut waiting = vec![(String::new(), &flow.root)];
        while let Some((path, group)) = waiting.pop() {
            all.things(&path, group, specs);
            for (name, inner) in &group.groups {
                let members = members::group(inner, contexts);
                all.add(ElementKind::Group, &path, name, members);
                waiting.push((join(&path, name), inner));
            }
        }
        all.ends = all
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.is_end())
            .map(|(index, item)| (item.path.clone(), index))
            .collect();
        all
    }

    /// The thing that a connection ends at.
    pub(super) fn end(&self, path: &str) -> Option<usize> {
        self.ends.get(path).copied()
    }

    fn things(&mut self, path: &str, group: &'f Group, specs: &dyn SpecSource) {
        for (name, service) in &group.services {
            self.add(ElementKind::Service, path, name, members::service(service, specs));
        }
        for (name, processor) in &group.processors {
            self.add(ElementKind::Processor, path, name, members::processor(processor, specs));
        }
        for name in group.funnels.keys() {
            self.add(ElementKind::Funnel, path, name, Vec::new());
        }
        for (name, port) in &group.input_ports {
            self.add(ElementKind::InputPort, path, name, members::port(port));
        }
        for (name, port) in &group.output_ports {
            self.add(ElementKind::OutputPort, path, name, members::port(port));
        }
        for (name, label) in &group.labels {
            self.add(ElementKind::Label, path, name, members::label(label));
        }
        for connection in &group.connections {
            let end = |end: &EndpointName| join(path, &end.to_string());
            self.lines.push(Line {
                group: path.to_owned(),
                connection,
                from: end(&connection.from),
                to: end(&connection.to),
                members: members::connection(connection),
            });
        }
    }

    fn add(&mut self, kind: ElementKind, group: &str, name: &str, members: Vec<Member>) {
        let (group, name) = (group.to_owned(), name.to_owned());
        let path = join(&group, &name);
        self.items.push(Item { kind, name, group, path, members });
    }
}

impl Item {
    fn is_end(&self) -> bool {
        !matches!(self.kind, ElementKind::Service | ElementKind::Label | ElementKind::Group)
    }
}
