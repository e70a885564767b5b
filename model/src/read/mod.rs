//! From JSON to a typed flow. Never stops at a mistake: it is noted, and the rest is read.

mod foreign;
mod group;
mod limits;
mod members;
pub(crate) mod names;
mod parameters;
mod processor;
mod suite;
mod values;

use crate::codes::Code;
use crate::definition::{FORMAT_VERSION, FlowDefinition};
use crate::diagnostic::{Diagnostic, Element, ElementKind};
use crate::document::{Document, Node, NodeKind};
use crate::report::Report;
use crate::text::{JsonPath, Located, Place, Source};

use limits::Counts;
use members::Expected;

pub(crate) use limits::VALUE_MAX_BYTES;
pub(crate) use names::check_parameter_name;
pub(crate) use suite::suite;

/// What is known while a flow is read.
struct Reading<'d> {
    source: &'d Source,
    report: Report,
    counts: Counts,
}

impl Reading<'_> {
    fn place(&self, node: &Node, path: &JsonPath) -> Place {
        self.source.place(node.range.clone(), path.clone())
    }

    fn say(&mut self, element: Option<&Element>, mut diagnostic: Diagnostic) {
        diagnostic.element = element.cloned();
        self.report.push(diagnostic);
    }
}

fn element(kind: ElementKind, path: &str) -> Element {
    Element { kind, path: path.to_owned() }
}

/// `document` as a flow, with the mistakes of both.
pub(crate) fn flow(document: &Document) -> FlowDefinition {
    let mut reading = Reading {
        source: &document.source,
        report: document.report.clone(),
        counts: Counts::default(),
    };
    let path = JsonPath::root();
    let mut flow = FlowDefinition {
        name: Located::new(String::new(), reading.place(&document.root, &path)),
        source: document.source.clone(),
        is_opaque: true,
        ..FlowDefinition::default()
    };
    if let Some(mut members) = reading.object(&document.root, &path, None) {
        flow.schema = reading.text(&mut members, "$schema").map(|schema| schema.value);
        if reading.is_known_version(&mut members) {
            flow.is_opaque = false;
            flow.name = reading.flow_name(&mut members);
            flow.parameter_contexts = reading.parameter_contexts(&mut members);
            flow.root = reading.group(&mut members, "");
            reading.close(members);
        }
    }
    flow.report = reading.report;
    flow
}

impl<'d> Reading<'d> {
    /// Whether the rest can be understood. A missing version is noted and taken for this one.
    fn is_known_version(&mut self, members: &mut members::Members<'d>) -> bool {
        let Some((node, path)) = members.take("format") else {
            let help = format!("add \"format\": {FORMAT_VERSION}");
            self.missing(members, "format", &help);
            return true;
        };
        let place = self.place(node, &path);
        match &node.kind {
            NodeKind::Number(number) if **number == *FORMAT_VERSION.to_string() => true,
            NodeKind::Number(number) => {
                let message = format!("format {number} is not known");
                let help = format!(
                    "this program reads format {FORMAT_VERSION}: use a newer one for newer flows"
                );
                self.say(
                    None,
                    Diagnostic::new(Code::FormatVersion, &place, message).with_help(help),
                );
                false
            }
            _ => {
                self.wrong_type(node, &path, Expected::Format, None);
                true
            }
        }
    }

    fn flow_name(&mut self, members: &mut members::Members<'d>) -> Located<String> {
        let Some(name) = self.text(members, "name") else {
            if !members.has("name") {
                self.missing(members, "name", "add \"name\", that of the file without \".json\"");
            }
            return Located::new(String::new(), members.place.clone());
        };
        if let Err((message, help)) = names::check_flow_name(&name) {
            let diagnostic = Diagnostic::new(Code::BadName, &name.place, message).with_help(help);
            self.say(None, diagnostic);
        }
        let file = std::path::Path::new(self.source.file());
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        if file.extension().is_some_and(|end| end == "json")
            && let Some(stem) = stem.filter(|stem| *stem != name.value)
        {
            let message =
                format!("the flow is called \"{}\" and its file \"{stem}.json\"", name.value);
            let help = format!("rename the file to \"{}.json\", or the flow", name.value);
            let diagnostic = Diagnostic::new(Code::FileName, &name.place, message).with_help(help);
            self.say(None, diagnostic);
        }
        name
    }
}
