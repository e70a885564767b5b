//! Any text is parsed or refused, and what is parsed is evaluated or fails: without a panic, within
//! the time that the fuzzer allows.

#![no_main]

// The tests call the same, so that it compiles and holds whether or not anybody fuzzes.
#[path = "../../tests/survives/mod.rs"]
mod survives;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| survives::survives(text));
