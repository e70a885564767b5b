//! Whether what processors hand on is what others can work on.
//!
//! Says something only where it is certain: where all that can come to a processor is of media
//! types that its type does not take.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::codes::Code;
use crate::definition::FlowDefinition;
use crate::diagnostic::{Diagnostic, ElementKind};
use crate::spec::{Made, ProcessorSpec, SpecSource};
use crate::text::Place;
use crate::valid::{EndpointKind, ValidConnection, ValidGroup, ValidProcessor};
use crate::value::Value;

use super::{Validation, group_at, join};

/// How many converters are named at most.
const CONVERTERS_MAX: usize = 3;

/// What may come: media types, and whether anything else may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Content<'f> {
    /// Each with the processor that makes it.
    types: BTreeSet<(&'f str, &'f str)>,
    is_open: bool,
}

impl Content<'_> {
    fn add(&mut self, other: &Self) {
        self.types.extend(&other.types);
        self.is_open |= other.is_open;
    }
}

impl Validation<'_> {
    /// Reports connections that bring only what the processor at their end cannot work on. Only for
    /// flows without errors: in others nobody knows what will come.
    pub(super) fn report_wrong_content(&mut self, root: &ValidGroup) {
        let in_groups = root
            .all()
            .flat_map(|group| group.connections.iter().map(|each| (group.path.as_str(), each)));
        let in_groups: Vec<(&str, &ValidConnection)> = in_groups.collect();
        let connections: Vec<_> = in_groups.iter().map(|(_, connection)| *connection).collect();
        let processors = root.all().flat_map(|group| &group.processors);
        let known: BTreeMap<&str, (&ValidProcessor, &ProcessorSpec)> = processors
            .filter_map(|each| Some((&*each.path, (each, self.specs.spec(&each.type_name)?))))
            .collect();
        let content = Course { known: &known, root, connections: &connections }.content();
        for (group, connection) in in_groups {
            let Some((_, target)) = known.get(&*connection.to.path) else { continue };
            let Some(content) = content.get(&*connection.path) else { continue };
            let fits = content.types.iter().any(|(media_type, _)| target.takes(media_type));
            if fits || content.is_open || content.types.is_empty() {
                continue;
            }
            let place = place_of(self.flow, group, connection).unwrap_or_default();
            let diagnostic = Diagnostic::new(
                Code::WrongContent,
                &place,
                format!("{}, and \"{}\" {}", made(content), connection.to.path, takes(target)),
            );
            let help = converters(self.specs, content, target);
            self.report.push(
                diagnostic
                    .with_maybe_help(help)
                    .of(ElementKind::Connection, connection.path.as_str()),
            );
        }
    }
}

/// What leads where.
struct Course<'c, 'f> {
    known: &'c BTreeMap<&'f str, (&'f ValidProcessor, &'f ProcessorSpec)>,
    root: &'f ValidGroup,
    connections: &'c [&'f ValidConnection],
}

impl<'f> Course<'_, 'f> {
    /// What may come by each connection. What is known of one can only grow, up to all that there
    /// is, so that this ends.
    fn content(&self) -> HashMap<&'f str, Content<'f>> {
        let mut by: HashMap<&str, Content<'f>> = HashMap::new();
        let mut into: HashMap<&str, Vec<&'f ValidConnection>> = HashMap::new();
        let mut out: HashMap<&str, Vec<&'f ValidConnection>> = HashMap::new();
        for connection in self.connections {
            into.entry(&connection.to.path).or_default().push(connection);
            out.entry(&connection.from.path).or_default().push(connection);
        }
        let mut waiting: Vec<&ValidConnection> = self.connections.to_vec();
        while let Some(connection) = waiting.pop() {
            let from = connection.from.path.as_str();
            let mut came = Content::default();
            for each in into.get(from).into_iter().flatten() {
                came.add(by.get(&*each.path).unwrap_or(&Content::default()));
            }
            // Nobody knows what comes from outside, or what a source picks up.
            came.is_open |= !into.contains_key(from)
                || self.root.input_ports.iter().any(|port| port.path == from);
            let carried = self.carried(connection, &came);
            let known = by.entry(&connection.path).or_default();
            if *known != carried {
                *known = carried;
                waiting.extend(out.get(&*connection.to.path).into_iter().flatten());
            }
        }
        by
    }

    /// What a connection carries where this came to what it leads from.
    fn carried(&self, connection: &'f ValidConnection, came: &Content<'f>) -> Content<'f> {
        if connection.from.kind != EndpointKind::Processor {
            return came.clone();
        }
        let mut carried = Content::default();
        let Some((processor, spec)) = self.known.get(&*connection.from.path) else {
            carried.is_open = true;
            return carried;
        };
        let value = |name: &str| processor.properties.declared.get(name).map(Value::expose);
        for relationship in &connection.relationships {
            match spec.makes(relationship, value) {
                Made::Unknown => carried.is_open = true,
                Made::AsItCame => carried.add(came),
                Made::Of(media_type) => {
                    carried.types.insert((media_type, &processor.path));
                }
            }
        }
        carried
    }
}

fn made(content: &Content<'_>) -> String {
    let types = content.types.iter();
    let types: Vec<_> = types.map(|(kind, by)| format!("{kind} of \"{by}\"")).collect();
    format!("what comes is {}", types.join(", "))
}

fn takes(spec: &ProcessorSpec) -> String {
    format!("works on {}", spec.accepts.join(", "))
}

/// What stands between two that do not go together.
fn converters(
    specs: &dyn SpecSource,
    content: &Content<'_>,
    target: &ProcessorSpec,
) -> Option<String> {
    let names = specs.type_names().into_iter();
    let all = names.filter(|name| {
        // An alias is the same once more.
        let spec = specs.spec(name).filter(|spec| spec.type_name == *name);
        let converts = |spec: &ProcessorSpec| {
            content.types.iter().all(|(media_type, _)| spec.converts(media_type, target))
        };
        spec.is_some_and(converts)
    });
    let names: Vec<_> = all.take(CONVERTERS_MAX).collect();
    let is_some = !names.is_empty();
    is_some.then(|| format!("put {} in between", names.join(" or ")))
}

/// Where a connection of the group at `path` is written.
fn place_of(flow: &FlowDefinition, path: &str, connection: &ValidConnection) -> Option<Place> {
    let written = group_at(flow, path)?.connections.iter();
    let mut written = written.filter(|each| join(path, &each.id()) == connection.path);
    written.next().map(|found| found.place.clone())
}
