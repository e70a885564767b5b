//! The reference pages and the flow's JSON Schema are what the processors' declarations say.
//!
//! With `TUTTI_UPDATE` in the environment they are written instead.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tutti_model::schema::flow_schema;
use tutti_sdk::{ProcessorType, ServiceType, reference};

use crate::catalog::catalog;

#[test]
fn every_processor_has_its_page_and_a_line_in_the_index() {
    let catalog = catalog();
    let specs = catalog.types().map(ProcessorType::spec);
    let pages = specs.map(|spec| (&*spec.type_name, &*spec.summary, reference::page(spec)));
    are_current("../docs/processors", "Processors", &pages.collect::<Vec<_>>());
}

#[test]
fn every_service_has_its_page_and_a_line_in_the_index() {
    let catalog = catalog();
    let specs = catalog.services().map(ServiceType::spec);
    let pages = specs.map(|spec| (&*spec.type_name, &*spec.summary, reference::service_page(spec)));
    are_current("../docs/services", "Services", &pages.collect::<Vec<_>>());
}

/// Holds a folder to these pages, each with its name and its summary, and to an index of them.
fn are_current(folder: &str, title: &str, pages: &[(&str, &str, String)]) {
    let folder = Path::new(folder);
    let mut index = format!("# {title}\n\n");
    let mut files = BTreeMap::new();
    for (name, summary, page) in pages {
        writeln!(index, "- [{name}]({name}.md): {summary}").unwrap();
        files.insert(folder.join(format!("{name}.md")), page);
    }
    files.insert(folder.join("README.md"), &index);
    for (path, text) in &files {
        is_current(path, text);
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(files.contains_key(&path), "{} is a page of nothing", path.display());
    }
}

#[test]
fn the_schema_knows_every_processor() {
    let schema = serde_json::to_string_pretty(&flow_schema(&catalog())).unwrap();
    is_current(Path::new("../docs/flow.schema.json"), &format!("{schema}\n"));
}

fn is_current(path: &Path, text: &str) {
    if std::env::var_os("TUTTI_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{} is not current: run `cargo xtask generate`", path.display());
}
