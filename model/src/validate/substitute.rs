//! Parameters in the values of properties.

use std::borrow::Cow;
use std::rc::Rc;

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Element, ElementKind};
use crate::parameter::{Piece, pieces};
use crate::read::VALUE_MAX_BYTES;
use crate::spec::ExpressionScope;
use crate::text::{Located, Place};
use crate::value::Value;

use super::Validation;
use super::contexts::Scope;

/// What a text with references stands for.
pub(super) struct Substituted {
    /// The text with its parameters replaced; left as it is where expressions are allowed, which
    /// replace them on their own. `None` if it cannot be told.
    pub(super) value: Option<Value>,
    /// Whether it is but one reference, to a sensitive parameter.
    pub(super) is_secret: bool,
    /// Whether it is but one reference, to a parameter that there is not.
    pub(super) is_unknown: bool,
    /// A sensitive parameter in it.
    pub(super) leak: Option<String>,
    /// The parameters that its text came from.
    pub(super) parameters: Vec<String>,
    /// Whether its characters stand in the flow as they are, so that a place in it is one there.
    pub(super) is_verbatim: bool,
}

impl<'f> Validation<'f> {
    /// Finds and checks the parameters in `text`.
    pub(super) fn substitute(
        &mut self,
        text: &'f Located<String>,
        expressions: ExpressionScope,
        scope: Option<&Rc<Scope<'f>>>,
        element: &Element,
    ) -> Substituted {
        let mut result = Substituted {
            value: None,
            is_secret: false,
            is_unknown: false,
            leak: None,
            parameters: Vec::new(),
            is_verbatim: true,
        };
        let pieces = match pieces(text, expressions) {
            Ok(pieces) => pieces,
            Err(error) => {
                let place = self.flow.source.place_in_string(&text.place, error.position);
                let help = "write \"#{NAME}\", or \"##{\" where no parameter is meant";
                let diagnostic =
                    Diagnostic::new(Code::BadReference, &place, error.reason).with_help(help);
                self.say(element, diagnostic);
                return result;
            }
        };
        let mut replaced = Some(String::new());
        let mut is_sensitive = false;
        for piece in &pieces {
            let part = match *piece {
                Piece::Text(text) => Some(Cow::Borrowed(text)),
                Piece::Reference { name, offset } => {
                    let value = self.reference(name, text, offset, scope, element, &mut result);
                    is_sensitive |= value.as_ref().is_some_and(Value::is_sensitive);
                    value.map(|value| Cow::Owned(value.expose().to_owned()))
                }
            };
            replaced = replaced.zip(part).map(|(before, part)| before + &part);
            if replaced.as_ref().is_some_and(|text| text.len() > VALUE_MAX_BYTES) {
                let message =
                    format!("with its parameters it has more than {VALUE_MAX_BYTES} bytes");
                self.say(element, Diagnostic::new(Code::Limit, &text.place, message));
                return result;
            }
        }
        result.is_secret = result.leak.is_some() && pieces.len() == 1;
        result.is_unknown =
            result.parameters.is_empty() && matches!(&*pieces, [Piece::Reference { .. }]);
        if expressions == ExpressionScope::FlowFile {
            // The text stays, but it is worth something only when its parameters are.
            result.value = replaced.map(|_| Value::plain(text.as_str()));
        } else {
            result.is_verbatim = !text.contains("#{");
            result.value = replaced
                .map(|text| if is_sensitive { Value::sensitive(text) } else { Value::plain(text) });
        }
        result
    }

    /// The value of the parameter `name`, if it is known.
    fn reference(
        &mut self,
        name: &'f str,
        text: &Located<String>,
        offset: usize,
        scope: Option<&Rc<Scope<'f>>>,
        element: &Element,
        result: &mut Substituted,
    ) -> Option<Value> {
        self.contexts.mark_used(name);
        let Some(parameter) = scope.and_then(|scope| scope.parameters.get(name)) else {
            let is_told = scope.is_some_and(|scope| scope.is_unknown);
            if !is_told && !self.report.is_full() {
                let place = self.place_of_reference(text, offset, name);
                self.report_unknown_parameter(name, &place, scope, element);
            }
            return None;
        };
        result.parameters.push(name.to_owned());
        if parameter.sensitive {
            result.leak = Some(name.to_owned());
        }
        if parameter.value.is_none() && self.is_complete && !parameter.is_missed.replace(true) {
            let message = format!("the parameter \"{name}\" has no value");
            let help =
                format!("give it one in the flow, or where it runs, as in --param {name}=VALUE");
            let diagnostic = Diagnostic::new(Code::MissingValue, parameter.place, message)
                .with_help(help)
                .of(ElementKind::Parameter, format!("{}:{name}", parameter.context));
            self.report.push(diagnostic);
        }
        parameter.value.clone()
    }

    fn place_of_reference(&self, text: &Located<String>, offset: usize, name: &str) -> Place {
        let characters = text.get(..offset).unwrap_or_default().chars().count();
        let mut place = self.flow.source.place_in_string(&text.place, characters);
        if place != text.place {
            // `#{name}`; what stands in quotes there is a little longer.
            place.length = name.chars().count() as u32 + 3;
        }
        place
    }

    fn report_unknown_parameter(
        &mut self,
        name: &str,
        place: &Place,
        scope: Option<&Rc<Scope<'f>>>,
        element: &Element,
    ) {
        if let Some(scope) = scope
            && let Some(meant) = self.report.nearest(name, scope.parameters.keys().copied())
        {
            self.contexts.mark_used(meant);
        }
        let message = format!("there is no parameter \"{name}\"");
        let help = match scope {
            None => Some(
                "this group has no parameter context: name one as its \"parameterContext\", or \
                 write \"##{\" where no parameter is meant"
                    .to_owned(),
            ),
            Some(scope) => self
                .report
                .suggest(name, scope.parameters.keys().copied())
                .or_else(|| Some("declare it, or write \"##{\" where none is meant".to_owned())),
        };
        let diagnostic =
            Diagnostic::new(Code::UnknownParameter, place, message).with_maybe_help(help);
        self.say(element, diagnostic);
    }
}
