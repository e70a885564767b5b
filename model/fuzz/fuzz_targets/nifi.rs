//! Any text is no flow of NiFi, or becomes a flow that is valid where nothing is refused.

#![no_main]

// The tests call the same, so that it compiles and holds whether or not anybody fuzzes.
#[path = "../../tests/imports/mod.rs"]
mod imports;

use libfuzzer_sys::fuzz_target;
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

fuzz_target!(|text: &str| drop(imports::imports(text, &NoTypes)));
