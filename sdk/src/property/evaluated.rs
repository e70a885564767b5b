//! Values with expressions: parsed once, evaluated for each flowfile.

use tutti_model::flowfile::FlowFile;
use tutti_model::spec::{ExpressionScope, PropertyKind, ValueError};

use super::PropertyType;
use crate::{ProcessError, Session};

/// A value that may hold expressions over a flowfile's attributes. A text without any is parsed
/// when the processor is built, and costs nothing afterwards.
#[derive(Debug, Clone)]
pub struct Evaluated<T>(T);

impl<T: PropertyType + Clone> Evaluated<T> {
    /// The value for `flowfile`.
    pub fn evaluate(&self, _: &Session, _: &FlowFile) -> Result<T, ProcessError> {
        Ok(self.0.clone())
    }
}

impl<T: PropertyType> PropertyType for Evaluated<T> {
    const REQUIRED: bool = T::REQUIRED;
    const EXPRESSION: ExpressionScope = ExpressionScope::FlowFile;

    fn kind() -> PropertyKind {
        T::kind()
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        if text.contains("${") {
            return Err(ValueError::new("expressions cannot be evaluated in this build"));
        }
        T::parse(text, kind).map(Self)
    }
}
