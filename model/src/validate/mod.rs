//! Whether a flow fits what its processors say of themselves. Finds all mistakes at once.

mod content;
mod contexts;
mod effects;
mod ends;
mod graph;
mod group;
mod processor;
mod properties;
mod reach;
mod resources;
mod services;
mod substitute;

use crate::codes::Severity;
use crate::definition::{FlowDefinition, Group};
use crate::diagnostic::{Diagnostic, Element, ElementKind, join};
use crate::parameter::ParameterValues;
use crate::report::Report;
use crate::spec::SpecSource;
use crate::valid::{ValidFlow, ValidGroup, ValidProcessor};

pub(crate) use processor::relationships;

use contexts::Contexts;
use resources::Resources;

/// What is wrong with `flow`, in the order of its text, as far as it can be told without the
/// values that are given where it runs: parameters without a value are accepted.
pub fn check(
    flow: &FlowDefinition,
    specs: &dyn SpecSource,
    values: &ParameterValues,
) -> Vec<Diagnostic> {
    let mut validation = Validation::new(flow, specs, values, false);
    validation.run();
    validation.report.finish(&flow.source)
}

/// `flow`, resolved and ready to run, or everything that is wrong with it, in the order of its
/// text. Then warnings are among the errors.
pub fn validate(
    flow: &FlowDefinition,
    specs: &dyn SpecSource,
    values: &ParameterValues,
) -> Result<ValidFlow, Vec<Diagnostic>> {
    let mut validation = Validation::new(flow, specs, values, true);
    let root = validation.run();
    let diagnostics = validation.report.finish(&flow.source);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(diagnostics);
    }
    Ok(ValidFlow { name: flow.name.value.clone(), root, warnings: diagnostics })
}

/// The processor at `path` of `flow`, resolved, whatever else is wrong with the flow and with how
/// the processor is connected; or what is wrong with it. None where there is no such processor.
pub fn validate_processor(
    flow: &FlowDefinition,
    specs: &dyn SpecSource,
    values: &ParameterValues,
    path: &str,
) -> Option<Result<ValidProcessor, Vec<Diagnostic>>> {
    let mut validation = Validation::new(flow, specs, values, true);
    let root = validation.run();
    let mut found = root.all().flat_map(|group| &group.processors);
    let processor = found.find(|processor| processor.path == path)?.clone();
    let mut wrong = validation.report.finish(&flow.source);
    wrong.retain(|one| {
        let is_own = one
            .element
            .as_ref()
            .is_some_and(|element| element.kind == ElementKind::Processor && element.path == path);
        is_own && one.severity == Severity::Error && !one.code.is_of_connections()
    });
    Some(if wrong.is_empty() { Ok(processor) } else { Err(wrong) })
}

/// What is known while a flow is validated.
struct Validation<'f> {
    flow: &'f FlowDefinition,
    specs: &'f dyn SpecSource,
    report: Report,
    contexts: Contexts<'f>,
    resources: Resources,
    /// Whether every parameter must have a value.
    is_complete: bool,
}

impl<'f> Validation<'f> {
    fn new(
        flow: &'f FlowDefinition,
        specs: &'f dyn SpecSource,
        values: &'f ParameterValues,
        is_complete: bool,
    ) -> Self {
        let mut report = flow.report.clone();
        let contexts = Contexts::resolve(flow, values, &mut report);
        let resources = Resources::default();
        Self { flow, specs, report, contexts, resources, is_complete }
    }

    fn run(&mut self) -> ValidGroup {
        let root = self.group(&self.flow.root, None, "");
        self.report_shared_resources();
        self.report_unused_parameters();
        self.report_service_cycles(&root);
        if !self.report.has_errors() {
            self.report_unreachable(&root);
            self.report_wrong_content(&root);
        }
        root
    }

    fn say(&mut self, element: &Element, mut diagnostic: Diagnostic) {
        diagnostic.element = Some(element.clone());
        self.report.push(diagnostic);
    }
}

/// The group with this path of names, as it is written.
fn group_at<'f>(flow: &'f FlowDefinition, path: &str) -> Option<&'f Group> {
    let mut names = path.split('/').filter(|name| !name.is_empty());
    names.try_fold(&flow.root, |group, name| Some(&group.groups.get(name)?.value))
}

fn element(kind: ElementKind, path: &str) -> Element {
    Element { kind, path: path.to_owned() }
}
