//! `docs/openapi.json` and `docs/problems.md` are what the interface says of itself.
//!
//! With `TUTTI_UPDATE` in the environment they are written instead.

use std::path::Path;
use std::{env, fs};

#[test]
fn the_document_in_docs_is_the_interfaces() {
    let document = tutti_server::openapi().unwrap();
    assert!(!document.contains("u-int"), "a format that no tool knows");
    check("openapi.json", &document);
}

#[test]
fn the_page_of_problems_in_docs_is_the_interfaces() {
    check("problems.md", &tutti_server::problems());
}

#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
fn check(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    if env::var_os("TUTTI_UPDATE").is_some() {
        fs::write(&path, made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == made, "docs/{name} is another one: run `cargo xtask generate`");
}
