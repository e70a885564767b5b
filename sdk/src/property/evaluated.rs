//! Values with expressions: parsed once, evaluated for each flowfile.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tutti_expression::{Context, Expression, ParseError};
use tutti_model::flowfile::FlowFile;
use tutti_model::spec::{ExpressionScope, PropertyKind, ValueError};

use super::PropertyType;
use crate::{ProcessError, Session};

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

    /// The value for `flowfile`.
    pub fn evaluate(&self, session: &Session, flowfile: &FlowFile) -> Result<T, ProcessError> {
        let (text, expression, kind) = match &self.0 {
            Value::Literal(value) => return Ok(value.clone()),
            Value::Expression { text, expression, kind } => (text, expression, kind),
        };
        let value = expression.evaluate(&Scope { session, flowfile }).map_err(|error| {
            ProcessError::user(format!("cannot evaluate \"{text}\"")).caused_by(error)
        })?;
        T::parse(&value, kind).map_err(|error| {
            let failed = ProcessError::user(format!("\"{text}\" gave a wrong value"))
                .caused_by(error.message);
            match error.help {
                Some(help) => failed.with_help(help),
                None => failed,
            }
        })
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

/// What an expression sees of a session and one of its flowfiles.
struct Scope<'a> {
    session: &'a Session,
    flowfile: &'a FlowFile,
}

/// What NiFi lets an expression see besides the attributes.
const PSEUDO_ATTRIBUTES: [&str; 4] = ["fileSize", "entryDate", "lineageStartDate", "flowFileId"];

impl Context for Scope<'_> {
    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        if let Some(value) = self.flowfile.attribute(name) {
            return Some(Cow::Borrowed(value));
        }
        let number = match name {
            "fileSize" => self.flowfile.size_bytes().to_string(),
            "entryDate" => self.flowfile.entry_date.0.to_string(),
            "lineageStartDate" => self.flowfile.lineage_start.0.to_string(),
            "flowFileId" => self.flowfile.id.0.to_string(),
            _ => return None,
        };
        Some(Cow::Owned(number))
    }

    fn attribute_names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.flowfile.attributes.iter().map(|(name, _)| name.to_owned()).collect();
        for name in PSEUDO_ATTRIBUTES {
            if self.flowfile.attribute(name).is_none() {
                names.push(name.to_owned());
            }
        }
        names
    }

    fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        self.session.context.host.parameter(name).map(Cow::Owned)
    }

    fn state(&self, key: &str) -> Option<Cow<'_, str>> {
        match self.session.state(key) {
            Ok(value) => value.map(Cow::Owned),
            Err(error) => {
                self.session.report_error(Some(self.flowfile), &error);
                None
            }
        }
    }

    fn now_ms(&self) -> i64 {
        self.session.clock().now().0
    }

    fn random(&self) -> u64 {
        self.session.random().next_u64()
    }

    fn next_int(&self) -> i64 {
        NEXT_INT.fetch_add(1, Ordering::Relaxed)
    }

    fn host_name(&self) -> Cow<'_, str> {
        Cow::Owned(self.session.context.host.host_name())
    }

    fn host_address(&self) -> Cow<'_, str> {
        Cow::Owned(self.session.context.host.host_address())
    }
}
