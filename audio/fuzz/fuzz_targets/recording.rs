//! Any bytes are refused, or decoded to no more than they can hold, and what is decoded has
//! features.

#![no_main]

// The tests call the same, so that it compiles and holds whether or not anybody fuzzes.
#[path = "../../tests/survives/mod.rs"]
mod survives;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| survives::survives(bytes));
