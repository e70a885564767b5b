//! Any text is no flow of NiFi, or becomes a flow that is valid where nothing is refused.

#![no_main]

// The tests call the same, so that it compiles and holds whether or not anybody fuzzes.
#[path = "../../tests/imports/mod.rs"]
mod imports;

mod no_types;

use libfuzzer_sys::fuzz_target;
use no_types::NoTypes;

fuzz_target!(|text: &str| drop(imports::imports(text, &NoTypes)));
