//! The reference pages and the flow's JSON Schema are what the processors' declarations say.
//!
//! With `TUTTI_UPDATE` in the environment they are written instead.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tutti_sdk::model::schema::flow_schema;
use tutti_sdk::model::spec::ProcessorSpec;
use tutti_sdk::{ProcessorType, reference};

#[test]
fn every_processor_has_its_page_and_a_line_in_the_index() {
    let folder = Path::new("../docs/processors");
    let catalog = tutti_processors::catalog();
    let specs: Vec<&ProcessorSpec> = catalog.types().map(ProcessorType::spec).collect();
    let mut pages: BTreeMap<PathBuf, String> = specs
        .iter()
        .map(|spec| (folder.join(format!("{}.md", spec.type_name)), reference::page(spec)))
        .collect();
    pages.insert(folder.join("README.md"), index(&specs));
    for (path, text) in &pages {
        is_current(path, text);
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(pages.contains_key(&path), "{} is a page of no processor", path.display());
    }
}

#[test]
fn the_schema_knows_every_processor() {
    let schema = serde_json::to_string_pretty(&flow_schema(&tutti_processors::catalog())).unwrap();
    is_current(Path::new("../docs/flow.schema.json"), &format!("{schema}\n"));
}

fn index(specs: &[&ProcessorSpec]) -> String {
    let mut text = String::from("# Processors\n\n");
    for spec in specs {
        writeln!(text, "- [{0}]({0}.md): {1}", spec.type_name, spec.summary).unwrap();
    }
    text
}

fn is_current(path: &Path, text: &str) {
    if std::env::var_os("TUTTI_UPDATE").is_some() {
        fs::write(path, text).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{} is not current: run `cargo xtask generate`", path.display());
}
