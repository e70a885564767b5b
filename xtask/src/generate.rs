//! `cargo xtask generate`: the files under docs/ that are made from declarations.
//!
//! A small program of its own, which links the crates, makes them; here they are only put in their
//! place, or compared with what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run as shell;

/// Folders that hold nothing but generated files.
const FOLDERS: &[&str] = &["docs/processors"];

/// Writes them, and deletes those that nothing makes any more.
pub(crate) fn write() -> Result<(), String> {
    let made = make()?;
    for name in stale(&made, &there()?) {
        let path = shell::repository().join(&name);
        if let Some(text) = made.get(&name) {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|error| failed("make", folder, &error))?;
            }
            fs::write(&path, text).map_err(|error| failed("write", &path, &error))?;
            println!("wrote {name}");
        } else {
            fs::remove_file(&path).map_err(|error| failed("delete", &path, &error))?;
            println!("deleted {name}");
        }
    }
    Ok(())
}

/// Says which differ from what is there.
pub(crate) fn check() -> Result<(), String> {
    let made = make()?;
    let stale = stale(&made, &there()?);
    if stale.is_empty() {
        println!("{} files are as they should be", made.len());
        return Ok(());
    }
    Err(format!("run `cargo xtask generate`; stale: {}", stale.join(", ")))
}

/// What the declarations make: paths in the repository, with their text.
fn make() -> Result<BTreeMap<String, String>, String> {
    shell::run("cargo", &["build", "--release", "--locked", "--package", "tutti-generate"])?;
    let program = shell::target_directory().join("release/tutti-generate");
    let text = shell::output(&program.to_string_lossy(), &[]).ok_or("the generator failed")?;
    let files: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let files = files.as_object().ok_or("the generator printed no object")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(files.iter().map(|(name, value)| (name.clone(), text(value))).collect())
}

/// What is there: the text of every file in the generated folders, and of the schema.
fn there() -> Result<BTreeMap<String, String>, String> {
    let mut there = BTreeMap::new();
    for folder in FOLDERS {
        let path = shell::repository().join(folder);
        if !path.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&path).map_err(|error| failed("read", &path, &error))? {
            let entry = entry.map_err(|error| failed("read", &path, &error))?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            there.insert(name, read(&entry.path())?);
        }
    }
    let schema = shell::repository().join("docs/flow.schema.json");
    if schema.exists() {
        there.insert("docs/flow.schema.json".into(), read(&schema)?);
    }
    Ok(there)
}

/// The names that are in one and not, or not the same, in the other.
fn stale(made: &BTreeMap<String, String>, there: &BTreeMap<String, String>) -> Vec<String> {
    let names: BTreeSet<&String> = made.keys().chain(there.keys()).collect();
    names.into_iter().filter(|name| made.get(*name) != there.get(*name)).cloned().collect()
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| failed("read", path, &error))
}

fn failed(what: &str, path: &Path, error: &std::io::Error) -> String {
    format!("cannot {what} \"{}\": {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_changed_and_forgotten_files_are_stale() {
        let files = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect()
        };
        let made = files(&[("changed", "new"), ("missing", "x"), ("same", "y")]);
        let there = files(&[("changed", "old"), ("forgotten", "z"), ("same", "y")]);
        assert_eq!(stale(&made, &there), ["changed", "forgotten", "missing"]);
    }
}
