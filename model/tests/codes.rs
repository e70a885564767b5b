//! Every code has a page whose example is held to its word, and the pages in docs are current.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use tutti_model::codes::{Code, Of, Page, index_markdown, markdown};
use tutti_model::document::Document;
use tutti_model::layout;
use tutti_model::suite::{self, Suite};

/// What may be given to the right flow, which has no value for its secrets.
const SECRETS: &[(&str, &str)] = &[("key", "correct horse battery")];

/// The codes of what is wrong with an example of `page`.
fn found(text: &str, page: &Page, given: &[(&str, &str)]) -> Vec<&'static str> {
    if page.of == Of::Flow {
        return common::codes(text, given);
    }
    let flow = common::read(
        r#"{ "format": 1, "name": "example",
        "processors": { "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] } } }"#,
    );
    let found = if page.of == Of::Layout {
        layout::check(text, "example.layout.json", Some(&flow))
    } else {
        match Document::parse(text, "example.tests.json") {
            Ok(document) => suite::check(&Suite::parse(&document), &flow, &common::catalog()),
            Err(findings) => findings,
        }
    };
    found.iter().map(|one| one.code.as_str()).collect()
}

#[test]
fn each_wrong_example_has_its_mistake_and_no_other() {
    let wrong: Vec<String> = Code::ALL
        .iter()
        .filter(|code| !code.page().wrong.is_empty())
        .map(|code| {
            let mut found = found(code.page().wrong, code.page(), code.page().given);
            found.dedup();
            (code, found)
        })
        .filter(|(code, found)| *found != [code.as_str()])
        .map(|(code, found)| format!("{code}: {found:?}"))
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn each_right_example_is_right() {
    for code in Code::ALL.iter().filter(|code| !code.page().right.is_empty()) {
        let page = code.page();
        let given = if page.right.contains("#{key}") { SECRETS } else { &[] };
        let found = found(page.right, page, given);
        assert_eq!(found, [""; 0], "{code}");
    }
}

#[test]
fn codes_are_unique_and_sorted() {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
    assert!(codes.iter().all(|code| code.len() == 5 && code.starts_with('T')), "{codes:?}");
}

/// With `TUTTI_UPDATE` in the environment the pages are written instead.
#[test]
fn the_pages_in_docs_are_current() {
    let folder = Path::new("../docs/errors");
    let mut pages: Vec<(PathBuf, String)> =
        Code::ALL.iter().map(|code| (folder.join(format!("{code}.md")), markdown(*code))).collect();
    pages.push((folder.join("README.md"), index_markdown()));
    if std::env::var_os("TUTTI_UPDATE").is_some() {
        fs::create_dir_all(folder).expect("the folder can be made");
        for (path, text) in &pages {
            fs::write(path, text).expect("the page can be written");
        }
    }
    for (path, text) in &pages {
        let found = fs::read_to_string(path).unwrap_or_default();
        assert_eq!(&found, text, "{} is not current: run `cargo xtask generate`", path.display());
    }
    let files = fs::read_dir(folder).expect("docs/errors is there").count();
    assert_eq!(files, pages.len(), "a page without a code");
}
