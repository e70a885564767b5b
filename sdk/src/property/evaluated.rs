//! Values with expressions: parsed once, evaluated for each flowfile.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tutti_expression::{Context, Expression, ParseError, Piece, ValueType};
use tutti_model::flowfile::{FlowFile, PSEUDO_ATTRIBUTES};
use tutti_model::spec::{ExpressionScope, PropertyKind, ValueError};

use super::PropertyType;
use crate::{ProcessError, ProcessorContext, Session};

/// The counter behind `nextInt`, one for the process as in NiFi.
static NEXT_INT: AtomicI64 = AtomicI64::new(0);

/// A value that may hold expressions over a flowfile's attributes, and parameters. A text without
/// any is parsed when the processor is built, and costs nothing afterwards.
#[derive(Debug, Clone)]
pub struct Evaluated<T>(Value<T>);

#[derive(Debug, Clone)]
enum Value<T> {
    Literal(T),
    Expression { text: Arc<str>, expression: Arc<Expression>, kind: PropertyKind },
}

impl<T: PropertyType + Clone> Evaluated<T> {
    /// The value, where it is the same for every flowfile.
    pub fn literal(&self) -> Option<&T> {
        match &self.0 {
            Value::Literal(value) => Some(value),
            Value::Expression { .. } => None,
        }
    }

    /// What its expression gives before that is made text.
    pub fn gives(&self) -> ValueType {
        match &self.0 {
            Value::Literal(_) => ValueType::Text,
            Value::Expression { expression, .. } => expression.gives(),
        }
    }

    /// The value for `flowfile`.
    pub fn evaluate(&self, session: &Session, flowfile: &FlowFile) -> Result<T, ProcessError> {
        let state = |key: &str| {
            session.state(key).unwrap_or_else(|error| {
                session.report_error(Some(flowfile), &error);
                None
            })
        };
        self.within(&Scope { context: &session.context, flowfile, more: &[], state: &state })
    }

    /// The value for the flowfile of `evaluator`, with `more` attributes that hide its own.
    pub fn evaluate_by(
        &self,
        evaluator: &Evaluator,
        more: &[(String, String)],
    ) -> Result<T, ProcessError> {
        let Evaluator { context, flowfile } = evaluator;
        let state = |key: &str| {
            context.state(key).unwrap_or_else(|error| {
                context.report_error(&error);
                None
            })
        };
        self.within(&Scope { context, flowfile, more, state: &state })
    }

    fn within(&self, scope: &Scope<'_>) -> Result<T, ProcessError> {
        let (text, expression, kind) = match &self.0 {
            Value::Literal(value) => return Ok(value.clone()),
            Value::Expression { text, expression, kind } => (text, expression, kind),
        };
        let mut value = String::new();
        let mut add = |piece: Piece<'_>| match piece {
            Piece::Text(text) => value.push_str(text),
            Piece::Value(text) => match (T::quote(&text), value.is_empty()) {
                // All of it, mostly.
                (Cow::Borrowed(_), true) => value = text.into_owned(),
                (quoted, _) => value.push_str(&quoted),
            },
        };
        expression.evaluate_pieces(scope, &mut add).map_err(|error| {
            ProcessError::user(format!("cannot evaluate \"{text}\"")).caused_by(error)
        })?;
        T::parse_owned(value, kind).map_err(|error| {
            let failed = ProcessError::user(format!("\"{text}\" gave a wrong value"))
                .caused_by(error.message);
            match error.help {
                Some(help) => failed.with_help(help),
                None => failed,
            }
        })
    }
}

/// Evaluates where the session cannot be: in [`Session::compute`], for each part of a content, or
/// in a filter of [`Session::get_where`]. It sees the processor's state as last committed.
#[derive(Clone)]
pub struct Evaluator {
    context: ProcessorContext,
    flowfile: FlowFile,
}

impl ProcessorContext {
    /// Evaluates expressions over `flowfile` elsewhere, as it is now.
    pub fn evaluator(&self, flowfile: &FlowFile) -> Evaluator {
        Evaluator { context: self.clone(), flowfile: flowfile.clone() }
    }
}

impl Session {
    /// As [`ProcessorContext::evaluator`].
    pub fn evaluator(&self, flowfile: &FlowFile) -> Evaluator {
        self.context.evaluator(flowfile)
    }
}

impl Evaluator {
    /// The flowfile whose attributes are seen, as it was.
    pub fn flowfile(&self) -> &FlowFile {
        &self.flowfile
    }
}

impl<T: PropertyType> PropertyType for Evaluated<T> {
    const REQUIRED: bool = T::REQUIRED;
    const EXPRESSION: ExpressionScope = ExpressionScope::FlowFile;

    fn kind() -> PropertyKind {
        T::kind()
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        if !text.contains("${") && !text.contains("#{") {
            return T::parse(text, kind).map(|value| Self(Value::Literal(value)));
        }
        let expression = Expression::parse(text).map_err(value_error)?;
        Ok(Self(Value::Expression {
            text: text.into(),
            expression: Arc::new(expression),
            kind: kind.clone(),
        }))
    }

    fn doubt(&self) -> Option<ValueError> {
        let Value::Expression { expression, .. } = &self.0 else { return None };
        expression.doubt().map(value_error)
    }
}

fn value_error(ParseError { position, message, help }: ParseError) -> ValueError {
    ValueError { message, help, position: Some(position), hides_value: false }
}

/// What an expression sees of one flowfile and its surroundings.
struct Scope<'a> {
    context: &'a ProcessorContext,
    flowfile: &'a FlowFile,
    /// Attributes besides the flowfile's, which they hide.
    more: &'a [(String, String)],
    state: &'a dyn Fn(&str) -> Option<String>,
}

impl Scope<'_> {
    fn own_attribute(&self, name: &str) -> Option<&str> {
        let more = self.more.iter().find(|(other, _)| other == name);
        more.map(|(_, value)| value.as_str()).or_else(|| self.flowfile.attribute(name))
    }
}

impl Context for Scope<'_> {
    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        if let Some(value) = self.own_attribute(name) {
            return Some(Cow::Borrowed(value));
        }
        self.flowfile.pseudo_attribute(name).map(Cow::Owned)
    }

    fn attribute_names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.flowfile.attributes().iter().map(|(name, _)| name.to_owned()).collect();
        for (name, _) in self.more {
            if self.flowfile.attribute(name).is_none() {
                names.push(name.clone());
            }
        }
        for name in PSEUDO_ATTRIBUTES {
            if self.own_attribute(name).is_none() {
                names.push(name.to_owned());
            }
        }
        names
    }

    fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        self.context.host.parameter(name).map(Cow::Owned)
    }

    fn state(&self, key: &str) -> Option<Cow<'_, str>> {
        (self.state)(key).map(Cow::Owned)
    }

    fn now_ms(&self) -> i64 {
        self.context.clock().now().0
    }

    fn random(&self) -> u64 {
        self.context.random().next_u64()
    }

    fn next_int(&self) -> i64 {
        NEXT_INT.fetch_add(1, Ordering::Relaxed)
    }

    fn host_name(&self) -> Cow<'_, str> {
        Cow::Owned(self.context.host.host_name())
    }

    fn host_address(&self) -> Cow<'_, str> {
        Cow::Owned(self.context.host.host_address())
    }
}
