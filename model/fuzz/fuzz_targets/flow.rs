//! Any text is read or refused, and the canonical text of what is read is canonical.

#![no_main]

// The tests call the same, so that it compiles and holds whether or not anybody fuzzes.
#[path = "../../tests/survives/mod.rs"]
mod survives;

use libfuzzer_sys::fuzz_target;
use tutti_model::parameter::ParameterValues;
use tutti_model::spec::{ProcessorSpec, SpecSource};

/// Knows no type: what processors say of themselves is tested elsewhere.
struct NoTypes;

impl SpecSource for NoTypes {
    fn spec(&self, _: &str) -> Option<&ProcessorSpec> {
        None
    }

    fn type_names(&self) -> Vec<&str> {
        Vec::new()
    }
}

fuzz_target!(|text: &str| survives::survives(text, &NoTypes, &ParameterValues::new()));
