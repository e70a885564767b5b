//! What the documentation shows is what the binary, with its own processors, does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::workplace::Workplace;
use super::{finish, tutti};

/// Codes that no flow can show, as this version has no service and no property that names one.
const WITHOUT_EXAMPLE: [&str; 2] = ["T0112", "T0117"];

/// Codes that only running a flow shows.
const WHEN_RUN: [&str; 1] = ["T0306"];

/// A page of `docs/errors`.
struct Page {
    code: String,
    /// The wrong example and the right one.
    examples: Vec<String>,
    /// The arguments that the wrong one is used with.
    arguments: Vec<String>,
}

fn pages() -> Vec<Page> {
    let files = fs::read_dir("../docs/errors").unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| !path.ends_with("README.md")).collect();
    files.sort();
    let page = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let arguments = text.lines().filter_map(|line| line.strip_prefix("run with `--param "));
        let arguments = arguments.flat_map(|given| ["--param", given.trim_end_matches('`')]);
        Page {
            code: path.file_stem().unwrap().to_str().unwrap().to_owned(),
            examples: blocks(&text),
            arguments: arguments.map(str::to_owned).collect(),
        }
    };
    files.iter().map(page).collect()
}

/// The JSON in a page of Markdown.
fn blocks(text: &str) -> Vec<String> {
    let rest = text.split("```json\n").skip(1);
    rest.filter_map(|rest| rest.split("```\n").next()).map(str::to_owned).collect()
}

/// Codes whose examples are layouts of a flow with the processor `Make`.
const LAYOUTS: [&str; 2] = ["T0020", "T0021"];

/// What the codes of mistakes in the tests of such a flow begin with.
const TESTS: &str = "T04";

const MAKE: &str = r#"{ "format": 1, "name": "example", "processors": {
    "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] } } }"#;

/// The exit code of `tutti validate` for an example of `code`, and the codes of what it finds.
fn validate_example(code: &str, text: &str, arguments: &[String]) -> (i32, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    if LAYOUTS.contains(&code) {
        fs::write(folder.path().join("example.layout.json"), text).unwrap();
        return validate(folder.path(), MAKE, arguments);
    }
    if code.starts_with(TESTS) {
        fs::write(folder.path().join("example.tests.json"), text).unwrap();
        return validate(folder.path(), MAKE, arguments);
    }
    validate(folder.path(), text, arguments)
}

/// The exit code of `tutti validate`, and the codes of what it finds.
fn validate(folder: &Path, text: &str, arguments: &[String]) -> (i32, Vec<String>) {
    let path = folder.join("example.json");
    fs::write(&path, text).unwrap();
    let mut command = tutti(&["validate", "--json", path.to_str().unwrap()]);
    command.args(arguments);
    let (code, stdout, stderr) = finish(command);
    let findings: Vec<Value> =
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let mut codes: Vec<String> =
        findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect();
    codes.dedup();
    (code, codes)
}

/// The codes in what `tutti run` says.
fn run(folder: &Path, text: &str) -> Vec<String> {
    let path = folder.join("example.json");
    fs::write(&path, text).unwrap();
    let mut command = tutti(&["run", path.to_str().unwrap(), "--until-idle", "--data"]);
    command.arg(folder.join("data"));
    let (code, _, stderr) = finish(command);
    assert_eq!(code, 2, "{stderr}");
    let codes = stderr.lines().filter_map(|line| line.strip_prefix("error["));
    codes.map(|rest| rest.chars().take_while(|letter| *letter != ']').collect()).collect()
}

#[test]
fn each_wrong_example_is_refused_with_its_code_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for Page { code, examples, arguments } in pages() {
        let Some(example) = examples.first() else { continue };
        let found = if WHEN_RUN.contains(&code.as_str()) {
            run(folder.path(), example)
        } else {
            validate_example(&code, example, &arguments).1
        };
        if found != [code.as_str()] {
            wrong.push(format!("{code}: {found:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn each_right_example_passes_without_another_warning() {
    let mut wrong = Vec::new();
    for Page { code, examples, .. } in pages() {
        let Some(example) = examples.get(1) else { continue };
        let found = validate_example(&code, example, &[]);
        if found != (0, Vec::new()) {
            wrong.push(format!("{code}: {found:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn all_pages_have_two_examples_but_those_that_cannot() {
    let mut without = Vec::new();
    for Page { code, examples, .. } in pages() {
        match examples.len() {
            0 => without.push(code),
            count => assert_eq!(count, 2, "{code}"),
        }
    }
    assert_eq!(without, WITHOUT_EXAMPLE);
}

#[test]
fn the_example_of_the_format_is_valid_and_canonical() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string("../docs/flow-format.md").unwrap();
    let example = blocks(&text).remove(0);
    assert_eq!(validate(folder.path(), &example, &[]), (0, Vec::new()));
    let (code, stdout, stderr) =
        finish(tutti(&["fmt", "--check", folder.path().join("example.json").to_str().unwrap()]));
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (0, "", ""));
}

/// The first names in the rows of a page's tables.
fn documented_members(text: &str) -> BTreeSet<String> {
    let cells = text.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let names = cells.flat_map(|cell| cell.split(", "));
    names.map(|name| name.trim_matches('`').to_owned()).collect()
}

/// The names of all members of a value but those that are names of relationships and counters.
fn members(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                found.insert(name.clone());
                if name != "transferred" && name != "counters" {
                    members(value, found);
                }
            }
        }
        Value::Array(array) => array.iter().for_each(|value| members(value, found)),
        _ => {}
    }
}

#[test]
fn the_summary_has_the_members_that_its_page_names() {
    let place = Workplace::new(&["a", "b"]);
    fs::create_dir(place.path("default")).unwrap();
    fs::write(place.path("default/a"), "so that there is a bulletin").unwrap();
    let (code, stdout, stderr) = finish(place.run(&["--json"]));
    assert_eq!(code, 1, "{stderr}");
    let mut printed = BTreeSet::new();
    members(&serde_json::from_str(&stdout).unwrap(), &mut printed);
    let page = fs::read_to_string("../docs/summary.md").unwrap();
    assert_eq!(printed, documented_members(&page));
}
