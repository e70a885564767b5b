//! `docs/openapi.json` is what the interface says of itself.
//!
//! With `TUTTI_UPDATE` in the environment it is written instead.

use std::path::Path;
use std::{env, fs};

#[test]
fn the_document_in_docs_is_the_interfaces() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let document = tutti_server::openapi().unwrap();
    assert!(!document.contains("u-int"), "a format that no tool knows");
    if env::var_os("TUTTI_UPDATE").is_some() {
        fs::write(&path, &document).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == document, "docs/openapi.json is another one: run `cargo xtask generate`");
}
