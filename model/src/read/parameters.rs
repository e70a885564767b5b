//! Parameter contexts.

use crate::codes::Code;
use crate::definition::{Named, Parameter, ParameterContext};
use crate::diagnostic::{Diagnostic, ElementKind};

use super::Reading;
use super::limits::CONTEXTS_MAX;
use super::members::Members;

impl<'d> Reading<'d> {
    /// The parameter contexts of a flow.
    pub(super) fn parameter_contexts(
        &mut self,
        members: &mut Members<'d>,
    ) -> Named<ParameterContext> {
        let kind = ElementKind::ParameterContext;
        let contexts =
            self.named(members, "parameterContexts", kind, "", |reading, inner, name| {
                ParameterContext {
                    description: reading.text_or_empty(inner, "description"),
                    inherits: reading.texts(inner, "inherits"),
                    parameters: reading.named(
                        inner,
                        "parameters",
                        ElementKind::Parameter,
                        name,
                        |reading, inner, _| reading.parameter(inner),
                    ),
                }
            });
        let surplus = contexts.values().map(|context| &context.place).nth(CONTEXTS_MAX);
        if let Some(place) = surplus {
            let message = format!("a flow has at most {CONTEXTS_MAX} parameter contexts");
            let help = "split it into several flows";
            self.say(None, Diagnostic::new(Code::Limit, place, message).with_help(help));
            return Named::new();
        }
        contexts
    }

    fn parameter(&mut self, members: &mut Members<'d>) -> Parameter {
        let description = self.text_or_empty(members, "description");
        let is_sensitive = self.boolean(members, "sensitive");
        let value = members.take("value");
        if is_sensitive.is_none() && members.has("sensitive") {
            // Whatever it says, it was probably meant to say yes.
            if let Some((node, _)) = value {
                self.hide(node);
            }
            return Parameter { description, sensitive: true, value: None };
        }
        let sensitive = is_sensitive.unwrap_or(false);
        if sensitive && let Some((node, path)) = value {
            let place = self.place(node, &path);
            self.report.hide(&place);
            let message = "a sensitive parameter has no value in the text of a flow";
            let diagnostic = Diagnostic::new(Code::SecretParameter, &place, message).with_help(
                "remove it, give it when the flow is run, and change the secret if others have \
                 seen this text",
            );
            self.say(members.element.as_ref(), diagnostic);
            return Parameter { description, sensitive, value: None };
        }
        let value =
            value.and_then(|(node, path)| self.value_text(node, &path, members.element.as_ref()));
        Parameter { description, sensitive, value }
    }
}
