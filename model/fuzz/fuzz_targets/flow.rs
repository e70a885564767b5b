//! Any text is read or refused, and the canonical text of what is read is canonical.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tutti_model::definition::FlowDefinition;
use tutti_model::document::Document;
use tutti_model::fmt;
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

fuzz_target!(|text: &str| {
    let Ok(document) = Document::parse(text, "fuzz.json") else { return };
    let flow = FlowDefinition::parse(&document);
    for found in tutti_model::check(&flow, &NoTypes, &ParameterValues::new()) {
        assert!(!found.to_string().is_empty());
    }
    let Ok(canonical) = fmt::format(&document) else { return };
    let again = Document::parse(&canonical, "fuzz.json").expect("canonical text is JSON");
    assert_eq!(FlowDefinition::parse(&again), flow);
    assert_eq!(fmt::format(&again).as_deref(), Ok(canonical.as_str()));
});
