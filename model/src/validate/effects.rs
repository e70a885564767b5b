//! Whether a property matters, when that depends on another.

use std::collections::HashMap;

use crate::spec::{Dependency, PropertySpec};

/// Whether a property matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Yes,
    No,
    /// It depends on a value that is not known yet.
    Unknown,
}

/// Longer chains of dependencies than any processor has, and an end to those in a circle.
const CHAIN_MAX: usize = 16;

/// Whether `spec` matters with these `values`: absent are those that nobody gave, `None` those
/// that are not known yet.
pub(super) fn effect(
    spec: &PropertySpec,
    specs: &HashMap<&str, &PropertySpec>,
    values: &HashMap<&str, Option<String>>,
) -> Effect {
    let mut spec = spec;
    let mut effect = Effect::Yes;
    for _ in 0..CHAIN_MAX {
        let Some(Dependency { property: other, values: wanted }) = &spec.depends_on else {
            return effect;
        };
        match values.get(&**other) {
            Some(Some(value)) if wanted.iter().any(|each| each == value) => {}
            Some(None) => effect = Effect::Unknown,
            Some(Some(_)) | None => return Effect::No,
        }
        let Some(next) = specs.get(&**other) else { return effect };
        spec = next;
    }
    effect
}
