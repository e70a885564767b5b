//! Any text is read as tests of a flow or refused.

#![no_main]

// The tests call the same, so that it compiles and holds whether or not anybody fuzzes.
#[path = "../../tests/suites/mod.rs"]
mod suites;

mod no_types;

use libfuzzer_sys::fuzz_target;
use no_types::NoTypes;
use tutti_model::definition::FlowDefinition;

fuzz_target!(|text: &str| suites::survives(text, &FlowDefinition::new("example"), &NoTypes));
