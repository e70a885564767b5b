//! The reference page is what the functions' declarations say.
//!
//! With `TUTTI_UPDATE` in the environment it is written instead.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs;

#[test]
fn the_page_is_current() {
    let path = "../docs/expression-language.md";
    let text = tutti_expression::reference::page();
    if std::env::var_os("TUTTI_UPDATE").is_some() {
        fs::write(path, &text).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{path} is not current: run `cargo xtask generate`");
}
