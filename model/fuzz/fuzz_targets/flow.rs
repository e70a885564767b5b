//! Any text is read or refused, and the canonical text of what is read is canonical.

#![no_main]

// The tests call the same, so that it compiles and holds whether or not anybody fuzzes.
#[path = "../../tests/survives/mod.rs"]
mod survives;

mod no_types;

use libfuzzer_sys::fuzz_target;
use no_types::NoTypes;
use tutti_model::parameter::ParameterValues;

fuzz_target!(|text: &str| survives::survives(text, &NoTypes, &ParameterValues::new()));
