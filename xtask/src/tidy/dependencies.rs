//! Which crate knows which: of ours exactly what ARCHITECTURE.md draws, and who alone may know
//! certain libraries.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{output, repository};

/// The page with the drawing.
const PAGE: &str = "ARCHITECTURE.md";
/// The heading of its part.
const HEADING: &str = "## The crates";
/// What stands beside a crate that knows none of the others.
const NONE: &str = "nothing of ours";

/// Libraries that these crates alone may know, by their folders.
const ALONE: &[(&str, &[&str])] = &[
    ("sled", &["engine/store"]),
    ("axum", &["server"]),
    ("tower-http", &["server"]),
    ("symphonia", &["audio"]),
    ("arrow-ipc", &["processors", "server"]),
    ("object_store", &["processors"]),
    // Tests of the processors read what the audio crate has written.
    ("png", &["audio", "processors"]),
    ("multer", &["processors"]),
    ("rustls-webpki", &["processors"]),
    ("wasmtime", &["scripting"]),
    ("pyo3", &["python"]),
    ("numpy", &["python"]),
];

/// Crates by their folders, each with the folders of those of ours that it depends on.
type Edges = BTreeMap<String, BTreeSet<String>>;

/// Reads the workspace and the drawing and adds what is wrong.
pub(crate) fn check(wrong: &mut Vec<String>) -> Result<(), String> {
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--locked"];
    let text = output("cargo", &arguments).ok_or("`cargo metadata --locked` failed")?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let page = fs::read_to_string(repository().join(PAGE))
        .map_err(|error| format!("cannot read {PAGE}: {error}"))?;
    compare(&drawn(&page, wrong), &there(&metadata, wrong), wrong);
    Ok(())
}

/// What the page draws: lines of the first indented block of its part, each with crates, at least
/// two spaces, and what they depend on.
fn drawn(page: &str, wrong: &mut Vec<String>) -> Edges {
    let mut edges = Edges::new();
    let part = page.lines().skip_while(|line| *line != HEADING).skip(1);
    let block = part.skip_while(|line| !line.starts_with("    "));
    for line in block.take_while(|line| line.starts_with("    ")) {
        let mut columns: Vec<&str> =
            line.split("  ").map(str::trim).filter(|column| !column.is_empty()).collect();
        let on = columns.pop().unwrap_or_default();
        let on: BTreeSet<String> = match on {
            NONE => BTreeSet::new(),
            _ => on.split(", ").map(ToOwned::to_owned).collect(),
        };
        for name in columns {
            if edges.insert(name.to_owned(), on.clone()).is_some() {
                wrong.push(format!("{PAGE}: {name} is drawn twice"));
            }
        }
    }
    edges
}

/// What the manifests say; also tells who knows a library that is another's alone.
fn there(metadata: &Value, wrong: &mut Vec<String>) -> Edges {
    let root = Path::new(metadata["workspace_root"].as_str().unwrap_or_default());
    let folder = |path: &Value| {
        let path = Path::new(path.as_str().unwrap_or_default());
        path.strip_prefix(root).unwrap_or(path).display().to_string()
    };
    let mut edges = Edges::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let manifest = folder(&package["manifest_path"]);
        let name = manifest.trim_end_matches("/Cargo.toml").to_owned();
        let mut on = BTreeSet::new();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // Of others', a path is null.
            if dependency["path"].is_string() {
                on.insert(folder(&dependency["path"]));
            }
            let library = dependency["name"].as_str().unwrap_or_default();
            if let Some((_, who)) = ALONE.iter().find(|(alone, _)| *alone == library)
                && !who.contains(&name.as_str())
            {
                let who = who.join(" and ");
                wrong.push(format!("{name}: only {who} may depend on {library}"));
            }
        }
        // The test kit of one's own layer is no direction.
        on.remove(&name);
        edges.insert(name, on);
    }
    edges
}

fn compare(drawn: &Edges, there: &Edges, wrong: &mut Vec<String>) {
    let nothing = BTreeSet::new();
    for name in drawn.keys().chain(there.keys()).collect::<BTreeSet<_>>() {
        if !drawn.contains_key(name) {
            wrong.push(format!("{name}: {PAGE} does not draw this crate"));
        }
        if !there.contains_key(name) {
            wrong.push(format!("{PAGE}: there is no crate {name}"));
        }
        let drawn = drawn.get(name).unwrap_or(&nothing);
        let there = there.get(name).unwrap_or(&nothing);
        for on in there.difference(drawn) {
            wrong.push(format!("{name}: depends on {on}, which {PAGE} does not draw"));
        }
        for on in drawn.difference(there) {
            wrong.push(format!("{PAGE}: {name} does not depend on {on}, which is drawn"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DRAWING: &str = "# A\n\n## The crates\n\n    model  audio   nothing of ours\n    \
        engine/store   model\n    tests          nothing of ours\n\n    no part\n";

    /// What is wrong where each manifest depends on that.
    fn wrong(drawing: &str, manifests: &[(&str, &[&str])]) -> Vec<String> {
        let package = |(name, on): &(&str, &[&str])| {
            let dependency = |on: &&str| match on.strip_prefix("crates.io/") {
                Some(library) => json!({ "name": library, "path": null }),
                None => json!({ "name": "x", "path": format!("/r/{on}") }),
            };
            let dependencies: Vec<_> = on.iter().map(dependency).collect();
            json!({ "manifest_path": format!("/r/{name}/Cargo.toml"),
                    "dependencies": dependencies })
        };
        let packages: Vec<_> = manifests.iter().map(package).collect();
        let metadata = json!({ "workspace_root": "/r", "packages": packages });
        let mut wrong = Vec::new();
        let drawn = drawn(drawing, &mut wrong);
        compare(&drawn, &there(&metadata, &mut wrong), &mut wrong);
        wrong
    }

    #[test]
    fn the_workspace_is_as_it_is_drawn() {
        let mut wrong = Vec::new();
        check(&mut wrong).unwrap();
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn every_difference_is_told_in_both_directions() {
        let right: &[(&str, &[&str])] = &[
            ("model", &["crates.io/serde"]),
            ("audio", &["crates.io/symphonia", "audio"]),
            ("engine/store", &["model", "crates.io/sled"]),
            ("tests", &[]),
        ];
        assert_eq!(wrong(DRAWING, right), Vec::<String>::new());
        let cases: &[(usize, &[&str], &str)] = &[
            (0, &["audio"], "model: depends on audio, which ARCHITECTURE.md does not draw"),
            (2, &[], "ARCHITECTURE.md: engine/store does not depend on model, which is drawn"),
            (3, &["model"], "tests: depends on model, which ARCHITECTURE.md does not draw"),
            (3, &["crates.io/axum"], "tests: only server may depend on axum"),
        ];
        for &(index, on, told) in cases {
            let mut manifests = right.to_vec();
            manifests[index].1 = on;
            assert_eq!(wrong(DRAWING, &manifests), [told]);
        }
        let new = [right, &[("new", &[])]].concat();
        assert_eq!(wrong(DRAWING, &new), ["new: ARCHITECTURE.md does not draw this crate"]);
        assert_eq!(wrong(DRAWING, &right[..3]), ["ARCHITECTURE.md: there is no crate tests"]);
        let twice = DRAWING.replace("tests ", "model  tests ");
        assert_eq!(wrong(&twice, right), ["ARCHITECTURE.md: model is drawn twice"]);
        assert!(!wrong("# A page without a drawing\n", right).is_empty());
    }
}
