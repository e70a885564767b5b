//! Prints the files that are made from declarations, as one JSON object: path to text.
//!
//! Its own program so that xtask, which calls it, need not link what processors need. It writes no
//! file: where they go, and whether they may, is xtask's to know.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use tutti_sdk::model::schema::flow_schema;
use tutti_sdk::{Catalog, ProcessorType, reference};

fn main() -> ExitCode {
    match files(&tutti_processors::catalog()).and_then(|files| serde_json::to_string(&files)) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn files(catalog: &Catalog) -> serde_json::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for spec in catalog.types().map(ProcessorType::spec) {
        files.insert(format!("docs/processors/{}.md", spec.type_name), reference::page(spec));
    }
    files.insert("docs/processors/README.md".into(), index(catalog));
    let schema = serde_json::to_string_pretty(&flow_schema(catalog))?;
    files.insert("docs/flow.schema.json".into(), format!("{schema}\n"));
    Ok(files)
}

fn index(catalog: &Catalog) -> String {
    let mut text = String::from("# Processors\n\n");
    for spec in catalog.types().map(ProcessorType::spec) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- [{0}]({0}.md): {1}", spec.type_name, spec.summary);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_type_has_a_page_and_a_line_in_the_index() {
        let catalog = tutti_processors::catalog();
        let files = super::files(&catalog).unwrap();
        for each in catalog.types() {
            let name = &each.spec().type_name;
            assert!(files.contains_key(&format!("docs/processors/{name}.md")));
            assert!(files["docs/processors/README.md"].contains(&format!("[{name}]({name}.md)")));
        }
        let schema: serde_json::Value =
            serde_json::from_str(&files["docs/flow.schema.json"]).unwrap();
        assert!(schema.is_object());
    }
}
