//! Typed properties: what the flow says in text becomes a struct of the processor's own.

use tutti_model::spec::{DynamicPropertySpec, PropertySpec};

use crate::processor::{BuildError, PropertyValues};

/// The properties of a type of processor. Derive it: the doc comments become the descriptions.
pub trait Properties: Sized + Send + Sync + 'static {
    /// What there is, in the order of the form.
    fn specs() -> Vec<PropertySpec>;
    /// What the user may name, if anything.
    fn dynamic() -> Option<DynamicPropertySpec> {
        None
    }
    /// The properties from the flow's text.
    fn parse(values: &PropertyValues) -> Result<Self, BuildError>;
}
