//! Parameter contexts: which parameters there are, and what they stand for.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::codes::Code;
use crate::definition::{FlowDefinition, Named, ParameterContext};
use crate::diagnostic::{Diagnostic, ElementKind};
use crate::parameter::{self, Declared, ParameterValues, Parameters};
use crate::report::Report;
use crate::text::Place;
use crate::value::Value;

use super::Validation;

/// All parameter contexts of a flow.
pub(super) struct Contexts<'f> {
    definitions: &'f Named<ParameterContext>,
    values: &'f ParameterValues,
    lineages: HashMap<&'f str, Lineage<'f>>,
    scopes: HashMap<&'f str, Rc<Scope<'f>>>,
    used: HashSet<&'f str>,
}

/// The contexts that one takes parameters from, itself first, each once.
struct Lineage<'f> {
    ordered: Vec<&'f str>,
    all: HashSet<&'f str>,
}

/// The parameters that a context has, its own and those it inherits.
#[derive(Default)]
pub(super) struct Scope<'f> {
    pub(super) parameters: BTreeMap<&'f str, Effective<'f>>,
    /// Those that have a value.
    pub(super) values: Arc<Parameters>,
    /// Whether the context does not exist, so that nobody knows its parameters.
    pub(super) is_unknown: bool,
}

/// A parameter as a context sees it.
pub(super) struct Effective<'f> {
    pub(super) context: &'f str,
    pub(super) place: &'f Place,
    pub(super) sensitive: bool,
    pub(super) value: Option<Value>,
    /// Whether its lack of a value has been told.
    pub(super) is_missed: Cell<bool>,
}

impl<'f> Contexts<'f> {
    /// Checks how contexts inherit, and what values were given from outside.
    pub(super) fn resolve(
        flow: &'f FlowDefinition,
        values: &'f ParameterValues,
        report: &mut Report,
    ) -> Self {
        let definitions = &flow.parameter_contexts;
        let lineages = definitions.keys().map(|name| {
            let ordered = parameter::lineage(definitions, name);
            let all = ordered.iter().copied().collect();
            (name.as_str(), Lineage { ordered, all })
        });
        let contexts = Self {
            definitions,
            values,
            lineages: lineages.collect(),
            scopes: HashMap::new(),
            used: HashSet::new(),
        };
        for (name, context) in definitions {
            for parent in &context.inherits {
                if !definitions.contains_key(&parent.value) {
                    let message = format!("there is no parameter context \"{}\"", parent.value);
                    let others = definitions.keys().map(String::as_str);
                    let help = report.suggest(parent, others.filter(|other| other != name));
                    report.push(
                        Diagnostic::new(Code::UnknownContext, &parent.place, message)
                            .with_maybe_help(help)
                            .of(ElementKind::ParameterContext, name.as_str()),
                    );
                }
            }
            contexts.report_cycle(name, report);
            contexts.report_changed_sensitivity(name, context, report);
        }
        if !flow.is_opaque {
            contexts.report_unknown_values(flow, report);
        }
        contexts
    }

    fn lineage(&self, name: &str) -> &[&'f str] {
        self.lineages.get(name).map_or(&[], |lineage| &lineage.ordered)
    }

    fn is_in_lineage(&self, ancestor: &str, of: &str) -> bool {
        self.lineages.get(of).is_some_and(|lineage| lineage.all.contains(ancestor))
    }

    fn report_cycle(&self, name: &'f str, report: &mut Report) {
        let Some(context) = self.definitions.get(name) else { return };
        for parent in &context.inherits {
            // Each circle is told once, at its first name.
            let mut circle =
                self.lineage(&parent.value).iter().filter(|other| self.is_in_lineage(name, other));
            if self.is_in_lineage(name, &parent.value) && circle.all(|other| *other >= name) {
                let message = format!("\"{name}\" inherits from itself by \"{}\"", parent.value);
                report.push(
                    Diagnostic::new(Code::ContextCycle, &parent.place, message)
                        .with_help("remove one of the contexts of the circle from \"inherits\"")
                        .of(ElementKind::ParameterContext, name),
                );
            }
        }
    }

    fn report_changed_sensitivity(
        &self,
        name: &'f str,
        context: &'f ParameterContext,
        report: &mut Report,
    ) {
        for parent in self.lineage(name).iter().skip(1) {
            let Some(inherited) = self.definitions.get(*parent) else { continue };
            for (parameter, own) in &context.parameters {
                let Some(theirs) = inherited.parameters.get(parameter) else { continue };
                if theirs.sensitive != own.sensitive {
                    let is = if theirs.sensitive { "is" } else { "is not" };
                    let message = format!("\"{parameter}\" {is} sensitive in \"{parent}\"");
                    report.push(
                        Diagnostic::new(Code::ChangedSensitivity, &own.place, message)
                            .with_help("make both sensitive, or call one of them otherwise")
                            .of(ElementKind::Parameter, format!("{name}:{parameter}")),
                    );
                }
            }
        }
    }

    fn report_unknown_values(&self, flow: &FlowDefinition, report: &mut Report) {
        let declares =
            |context: &ParameterContext, name: &str| context.parameters.contains_key(name);
        for given in self.values.names() {
            let is_known = match given.rsplit_once(':') {
                Some((context, name)) => {
                    self.definitions.get(context).is_some_and(|context| declares(context, name))
                }
                None => self.definitions.values().any(|context| declares(context, given)),
            };
            if !is_known {
                let message = format!("a value is given for \"{given}\", which is no parameter");
                let all = self.definitions.values().flat_map(|context| context.parameters.keys());
                let help = report.suggest(given, all.map(String::as_str));
                report.push(
                    Diagnostic::new(Code::UnknownGivenParameter, &flow.name.place, message)
                        .with_maybe_help(help),
                );
            }
        }
    }

    /// What the context `name` holds. `None` if there is no such context.
    pub(super) fn scope(&mut self, name: &str) -> Option<Rc<Scope<'f>>> {
        let (name, _) = self.definitions.get_key_value(name)?;
        if let Some(scope) = self.scopes.get(name.as_str()) {
            return Some(scope.clone());
        }
        let effective = |one: Declared<'f>| Effective {
            context: one.context,
            place: &one.parameter.place,
            sensitive: one.parameter.sensitive,
            value: one.value(self.values),
            is_missed: Cell::new(false),
        };
        let declared = parameter::declared(self.definitions, name).into_iter();
        let parameters: BTreeMap<_, _> =
            declared.map(|(name, one)| (name, effective(one))).collect();
        let values = parameters
            .iter()
            .filter_map(|(name, effective)| Some(((*name).to_owned(), effective.value.clone()?)))
            .collect();
        let scope = Rc::new(Scope { parameters, values: Arc::new(values), is_unknown: false });
        self.scopes.insert(name, scope.clone());
        Some(scope)
    }

    /// Remembers that something refers to `name`.
    pub(super) fn mark_used(&mut self, name: &'f str) {
        self.used.insert(name);
    }
}

impl Validation<'_> {
    /// Parameters that nothing refers to. One that is used under its name anywhere is not
    /// reported: contexts may declare it for each other.
    pub(super) fn report_unused_parameters(&mut self) {
        for (context, definition) in &self.flow.parameter_contexts {
            for (name, parameter) in &definition.parameters {
                if !self.contexts.used.contains(name.as_str()) {
                    let message = format!("nothing uses the parameter \"{name}\"");
                    let help = format!("remove it, or write \"#{{{name}}}\" where it belongs");
                    self.report.push(
                        Diagnostic::new(Code::UnusedParameter, &parameter.place, message)
                            .with_help(help)
                            .of(ElementKind::Parameter, format!("{context}:{name}")),
                    );
                }
            }
        }
    }
}
