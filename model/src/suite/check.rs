//! Whether tests speak of what their flow has.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Given, Suite, Test};
use crate::codes::Code;
use crate::definition::{FlowDefinition, Group, Named, ScheduledState};
use crate::diagnostic::{Diagnostic, Element, ElementKind, join};
use crate::report::Report;
use crate::spec::{InputRequirement, SpecSource};
use crate::text::{Located, Place};
use crate::validate::relationships;

/// What a flow has that tests can speak of.
#[derive(Default)]
struct Things {
    processors: BTreeMap<String, Way>,
    services: BTreeSet<String>,
    connections: BTreeSet<String>,
    parameters: BTreeSet<String>,
}

/// A processor, as far as tests can be wrong about it.
struct Way {
    /// None where nobody knows its type.
    relationships: Option<Vec<String>>,
    /// Whether it makes flowfiles without getting any.
    is_source: bool,
    /// Whether it takes part.
    is_enabled: bool,
}

/// What is wrong with `suite`, by itself and beside its `flow`, in the order of its text. With a
/// flow that could not be read as a whole nothing is said of names.
pub fn check(suite: &Suite, flow: &FlowDefinition, specs: &dyn SpecSource) -> Vec<Diagnostic> {
    let mut checking = Checking { things: Things::default(), report: suite.report.clone() };
    if !suite.is_opaque && !flow.is_opaque && !flow.report.has_errors() {
        gather(&flow.root, "", specs, &mut checking.things);
        for (context, parameters) in &flow.parameter_contexts {
            for name in parameters.value.parameters.keys() {
                checking.things.parameters.insert(format!("{context}:{name}"));
                checking.things.parameters.insert(name.clone());
            }
        }
        checking.parameters(None, &suite.parameters);
        for (name, test) in &suite.tests {
            let element = Element { kind: ElementKind::Test, path: name.clone() };
            checking.test(&element, &test.value);
        }
    }
    checking.report.finish(&suite.source)
}

/// The relationships of every processor of `flow` that takes part, each with the processor's path.
pub fn ways(flow: &FlowDefinition, specs: &dyn SpecSource) -> Vec<(String, String)> {
    let mut things = Things::default();
    gather(&flow.root, "", specs, &mut things);
    let enabled = things.processors.into_iter().filter(|(_, way)| way.is_enabled);
    let each = |(path, way): (String, Way)| {
        let names = way.relationships.unwrap_or_default().into_iter();
        names.map(move |name| (path.clone(), name)).collect::<Vec<_>>()
    };
    enabled.flat_map(each).collect()
}

fn gather(group: &Group, path: &str, specs: &dyn SpecSource, things: &mut Things) {
    for (name, processor) in &group.processors {
        let spec = specs.spec(&processor.value.type_name.value);
        let comes_in = |connection: &crate::definition::Connection| {
            connection.to.value.to_string() == *name && connection.from.value.to_string() != *name
        };
        let has_input = group.connections.iter().any(|one| comes_in(&one.value));
        let needs_none = spec.is_none_or(|spec| spec.input != InputRequirement::Required);
        let way = Way {
            relationships: spec.map(|_| relationships(spec, &processor.value.properties)),
            is_source: !has_input && needs_none,
            is_enabled: processor.value.state == ScheduledState::Enabled,
        };
        things.processors.insert(join(path, name), way);
    }
    things.services.extend(group.services.keys().map(|name| join(path, name)));
    things.connections.extend(group.connections.iter().map(|one| join(path, &one.value.id())));
    for (name, inner) in &group.groups {
        gather(&inner.value, &join(path, name), specs, things);
    }
}

struct Checking {
    things: Things,
    report: Report,
}

impl Checking {
    fn test(&mut self, element: &Element, test: &Test) {
        self.parameters(Some(element), &test.parameters);
        for (path, given) in &test.given {
            self.given(element, path, given);
        }
        for (path, answers) in &test.mocks {
            self.mock(element, path, answers);
        }
        for (path, outputs) in &test.expect {
            self.outputs(element, path, outputs);
        }
        for (path, expected) in &test.queued {
            if !self.things.connections.contains(path) {
                let known = self.things.connections.iter().map(String::as_str);
                let help = self.report.suggest(path, known);
                self.unknown(Some(element), "connection", path, &expected.place, help);
            }
        }
        let from = test.bulletins.iter().filter_map(|bulletin| bulletin.from.as_ref());
        let at = test.provenance.iter().filter_map(|event| event.at.as_ref());
        for named in from.chain(at) {
            if !self.things.services.contains(&named.value) {
                self.processor(element, &named.value, &named.place);
            }
        }
    }

    fn parameters(
        &mut self,
        element: Option<&Element>,
        parameters: &BTreeMap<String, Located<String>>,
    ) {
        for (name, value) in parameters {
            if !self.things.parameters.contains(name) {
                let known = self.things.parameters.iter().map(String::as_str);
                let help = self.report.suggest(name, known);
                self.unknown(element, "parameter", name, &value.place, help);
            }
        }
    }

    fn given(&mut self, element: &Element, path: &str, given: &Located<Vec<Given>>) {
        let Some(is_source) = self.processor(element, path, &given.place) else { return };
        for one in &given.value {
            let after = one.after.as_ref().map(|after| ("after", &after.place));
            let relationship = one.relationship.as_ref().map(|name| ("relationship", &name.place));
            if let (false, Some((what, place))) = (is_source, after.or(relationship)) {
                let message = format!(
                    "\"{path}\" is no source, so that \"{what}\" says nothing of what it is given"
                );
                let help = "leave it out: flowfiles wait before it from the beginning";
                self.say(element, Code::Misplaced, place, message, help);
            }
            if let Some(relationship) = &one.relationship {
                self.relationship(element, path, relationship);
            }
        }
    }

    fn mock(&mut self, element: &Element, path: &str, answers: &Located<Vec<Answer>>) {
        let Some(is_source) = self.processor(element, path, &answers.place) else { return };
        if is_source {
            let message = format!("\"{path}\" is a source, which gets nothing to be answered");
            let help = "write what it makes into \"given\"";
            self.say(element, Code::Misplaced, &answers.place, message, help);
            return;
        }
        for answer in &answers.value {
            let made = answer.makes.iter().map(|made| &made.relationship);
            for relationship in answer.relationship.iter().chain(made) {
                self.relationship(element, path, relationship);
            }
        }
    }

    fn outputs<T>(&mut self, element: &Element, path: &str, outputs: &Located<Named<T>>) {
        if self.processor(element, path, &outputs.place).is_none() {
            return;
        }
        for (relationship, expected) in &outputs.value {
            let named = Located::new(relationship.clone(), expected.place.clone());
            self.relationship(element, path, &named);
        }
    }

    /// Whether the processor `path`, which is named at `place`, is a source.
    fn processor(&mut self, element: &Element, path: &str, place: &Place) -> Option<bool> {
        if let Some(way) = self.things.processors.get(path) {
            return Some(way.is_source);
        }
        let known = self.things.processors.keys().map(String::as_str);
        let help = self.report.suggest(path, known);
        self.unknown(Some(element), "processor", path, place, help);
        None
    }

    fn relationship(&mut self, element: &Element, path: &str, name: &Located<String>) {
        let way = self.things.processors.get(path);
        let Some(known) = way.and_then(|way| way.relationships.as_ref()) else { return };
        if known.contains(&name.value) {
            return;
        }
        let help = self.report.suggest(&name.value, known.iter().map(String::as_str));
        let what = format!("relationship of \"{path}\" called");
        self.unknown(Some(element), &what, &name.value, &name.place, help);
    }

    fn unknown(
        &mut self,
        element: Option<&Element>,
        what: &str,
        name: &str,
        place: &Place,
        help: Option<String>,
    ) {
        let message = format!("the flow has no {what} \"{name}\"");
        let help = help.unwrap_or_else(|| "name what the flow has, or remove it".to_owned());
        let mut diagnostic = Diagnostic::new(Code::StrayTest, place, message).with_help(help);
        diagnostic.element = element.cloned();
        self.report.push(diagnostic);
    }

    fn say(&mut self, element: &Element, code: Code, place: &Place, message: String, help: &str) {
        let mut diagnostic = Diagnostic::new(code, place, message).with_help(help);
        diagnostic.element = Some(element.clone());
        self.report.push(diagnostic);
    }
}
