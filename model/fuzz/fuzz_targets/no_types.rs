//! A catalog for fuzzing: what processors say of themselves is tested elsewhere.

use tutti_model::spec::{ProcessorSpec, SpecSource};

/// Knows no type.
pub(crate) struct NoTypes;

impl SpecSource for NoTypes {
    fn spec(&self, _: &str) -> Option<&ProcessorSpec> {
        None
    }

    fn type_names(&self) -> Vec<&str> {
        Vec::new()
    }
}
