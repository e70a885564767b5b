//! Any bytes are no table, or have no more rows than were asked for, and no more of them than a
//! page may have.

#![no_main]
#![allow(dead_code, reason = "the server uses all of it")]

#[path = "../../src/views/table/mod.rs"]
mod table;

use std::io::Cursor;
use std::panic;
use std::sync::Once;

use libfuzzer_sys::fuzz_target;
use table::{Rows, Said, TableProgram};

/// About what a page has at most, and one row more.
const BYTES_MAX: usize = 16 << 20;

/// The library of Arrow panics at some bytes, which is caught. libFuzzer's hook would end the
/// process at once; what is not caught ends it all the same.
static ONCE: Once = Once::new();

fuzz_target!(|input: (u8, u16, &[u8])| {
    ONCE.call_once(|| panic::set_hook(Box::new(|_| ())));
    let (kind, offset, bytes) = input;
    let filename = ["a", "a.csv", "a.tsv"][usize::from(kind) % 3].to_owned();
    let said = Said { mime: None, filename: Some(filename) };
    let rows = Rows { offset: u64::from(offset % 64), limit: 10 };
    // What a process of its own reads is not looked at here: there is none.
    let nobody = TableProgram { path: "/nowhere".into(), argument: "", environment: &[] };
    let Ok(table) = table::read(Cursor::new(bytes), &said, rows, &nobody) else { return };
    let table = serde_json::to_value(table).unwrap_or_default();
    assert!(table["rows"].as_array().is_some_and(|rows| rows.len() <= 10));
    assert!(table.to_string().len() < BYTES_MAX);
});
