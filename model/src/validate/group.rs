//! Groups: what is in them, what it sees, and how it is connected.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::codes::Code;
use crate::definition::{Group, Named, Port, Property};
use crate::diagnostic::{Diagnostic, Element, ElementKind};
use crate::spec::ExpressionScope;
use crate::text::Located;
use crate::valid::{ValidGroup, ValidPort};

use super::contexts::Scope;
use super::processor::Surroundings;
use super::services::Services;
use super::{Validation, join};

/// What a group takes over from the one that it is in.
pub(super) struct Inherited<'v, 'f> {
    scope: Option<Rc<Scope<'f>>>,
    services: Services<'v>,
}

impl<'f> Validation<'f> {
    /// Checks `group` and all groups in it. `path` is its path of names.
    pub(super) fn group(
        &mut self,
        group: &'f Group,
        parent: Option<&Inherited<'f, 'f>>,
        path: &str,
    ) -> ValidGroup {
        let scope = self.scope_of(group, parent, path);
        let mut services = parent.map(|parent| parent.services.clone()).unwrap_or_default();
        for (name, service) in &group.services {
            services.insert(name, self.seen(service, join(path, name)));
        }
        let inherited = Inherited { scope, services };
        let around =
            Surroundings { scope: inherited.scope.as_ref(), services: &inherited.services };
        let mut valid = ValidGroup {
            path: path.to_owned(),
            description: group.description.clone(),
            parameters: around.scope.map(|scope| scope.values.clone()).unwrap_or_default(),
            funnels: group.funnels.keys().map(|name| join(path, name)).collect(),
            input_ports: ports(&group.input_ports, path),
            output_ports: ports(&group.output_ports, path),
            labels: labels(group),
            ..ValidGroup::default()
        };
        for (name, service) in &group.services {
            valid.services.push(self.service(join(path, name), service, &around));
        }
        for (name, processor) in &group.processors {
            valid.processors.push(self.processor(join(path, name), processor, &around));
        }
        valid.connections = self.connect(group, &mut valid.processors, path);
        for (name, inner) in &group.groups {
            valid.groups.push(self.group(inner, Some(&inherited), &join(path, name)));
        }
        valid
    }

    fn scope_of(
        &mut self,
        group: &Group,
        parent: Option<&Inherited<'f, 'f>>,
        path: &str,
    ) -> Option<Rc<Scope<'f>>> {
        let Some(name) = &group.parameter_context else {
            return parent.and_then(|parent| parent.scope.clone());
        };
        if let Some(scope) = self.contexts.scope(name) {
            return Some(scope);
        }
        let message = format!("there is no parameter context \"{}\"", name.value);
        let all = || self.flow.parameter_contexts.keys().map(String::as_str);
        let help = self
            .report
            .suggest(name, all())
            .or_else(|| Some("declare it in \"parameterContexts\" of the flow".to_owned()));
        let meant = self.report.nearest(name, all());
        let mut diagnostic =
            Diagnostic::new(Code::UnknownContext, &name.place, message).with_maybe_help(help);
        if !path.is_empty() {
            diagnostic = diagnostic.of(ElementKind::Group, path);
        }
        self.report.push(diagnostic);
        let unknown = || Rc::new(Scope { is_unknown: true, ..Scope::default() });
        Some(meant.and_then(|meant| self.contexts.scope(meant)).unwrap_or_else(unknown))
    }

    /// Checks the parameters in `properties`, of which nobody can tell more, and takes all their
    /// values for secrets.
    pub(super) fn pass_over(
        &mut self,
        properties: &'f BTreeMap<String, Property>,
        scope: Option<&Rc<Scope<'f>>>,
        element: &Element,
    ) {
        for property in properties.values() {
            self.report.hide(&property.value.place);
            self.substitute(&property.value, ExpressionScope::FlowFile, scope, element);
        }
    }
}

fn ports(ports: &Named<Port>, path: &str) -> Vec<ValidPort> {
    let valid = |(name, port): (&String, &Located<Port>)| ValidPort {
        path: join(path, name),
        description: port.description.clone(),
        state: port.state,
    };
    ports.iter().map(valid).collect()
}

fn labels(group: &Group) -> BTreeMap<String, String> {
    group.labels.iter().map(|(name, label)| (name.clone(), label.text.clone())).collect()
}
