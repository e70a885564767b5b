//! What no flowfile can ever reach.

use std::collections::{HashMap, HashSet};

use crate::codes::Code;
use crate::definition::FlowDefinition;
use crate::diagnostic::{Diagnostic, ElementKind};
use crate::spec::InputRequirement;
use crate::text::Place;
use crate::valid::ValidGroup;

use super::{Validation, group_at};

impl Validation<'_> {
    /// Warns of processors that wait for input from things that never have any, e.g. from each
    /// other. Only for flows without errors: in others the cause is an error.
    pub(super) fn report_unreachable(&mut self, root: &ValidGroup) {
        let flow: Vec<&ValidGroup> = root.all().collect();
        let mut next: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut has_input = HashSet::new();
        for connection in flow.iter().flat_map(|group| &group.connections) {
            let (from, to) = (connection.from.path.as_str(), connection.to.path.as_str());
            next.entry(from).or_default().push(to);
            if from != to {
                has_input.insert(to);
            }
        }
        let processors = || flow.iter().flat_map(|group| &group.processors);
        let begins = processors().filter(|processor| {
            let input = self.specs.spec(&processor.type_name).map(|spec| spec.input);
            input == Some(InputRequirement::Forbidden) || !has_input.contains(&*processor.path)
        });
        let mut waiting: Vec<&str> = begins.map(|processor| processor.path.as_str()).collect();
        waiting.extend(root.input_ports.iter().map(|port| port.path.as_str()));
        let mut reached: HashSet<&str> = HashSet::new();
        while let Some(path) = waiting.pop() {
            if reached.insert(path) {
                waiting.extend(next.get(path).into_iter().flatten());
            }
        }
        let lost = processors().filter(|processor| !reached.contains(&*processor.path));
        for processor in lost {
            let place = place_of(self.flow, &processor.path).unwrap_or_default();
            let message = format!("no flowfile can come to \"{}\"", processor.path);
            self.report.push(
                Diagnostic::new(Code::Unreachable, &place, message)
                    .with_help("connect it to a source, directly or by others")
                    .of(ElementKind::Processor, processor.path.as_str()),
            );
        }
    }
}

/// Where the processor with this path of names is written.
fn place_of(flow: &FlowDefinition, path: &str) -> Option<Place> {
    let (group, name) = path.rsplit_once('/').unwrap_or(("", path));
    let group = group_at(flow, group)?;
    group.processors.get(name).map(|processor| processor.place.clone())
}
