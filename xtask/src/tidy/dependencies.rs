//! Which crate may know which: ours of each other, and who alone may know certain libraries.

use serde_json::Value;

use crate::run::output;

/// Each of our crates, and those of ours that it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("tutti-model", &[]),
    ("tutti-expression", &[]),
    ("tutti-audio", &[]),
    ("tutti-sdk-macros", &[]),
    ("tutti-sdk", &["tutti-model", "tutti-expression", "tutti-sdk-macros"]),
    ("tutti-store", &["tutti-model"]),
    ("tutti-runtime", &["tutti-model", "tutti-expression", "tutti-sdk", "tutti-store"]),
    ("tutti-processors", &["tutti-sdk", "tutti-audio"]),
    ("tutti-server", &["tutti-runtime", "tutti-model"]),
    ("tutti-generate", &["tutti-sdk", "tutti-processors"]),
    ("xtask", &[]),
];

/// Crates that join the others, and may know all.
const UNBOUND: &[&str] = &["tutti-cli", "tutti-tests"];

/// Libraries that one crate alone may know.
const ALONE: &[(&str, &str)] = &[
    ("sled", "tutti-store"),
    ("axum", "tutti-server"),
    ("tower-http", "tutti-server"),
    ("symphonia", "tutti-audio"),
    ("object_store", "tutti-processors"),
    ("wasmtime", "tutti-scripting"),
];

/// Reads the workspace and adds what is wrong.
pub(crate) fn check(wrong: &mut Vec<String>) -> Result<(), String> {
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--locked"];
    let text = output("cargo", &arguments).ok_or("`cargo metadata --locked` failed")?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    check_metadata(&metadata, wrong);
    Ok(())
}

fn check_metadata(metadata: &Value, wrong: &mut Vec<String>) {
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let allowed = ALLOWED.iter().find(|(of, _)| *of == name).map(|(_, allowed)| *allowed);
        if allowed.is_none() && !UNBOUND.contains(&name) {
            wrong.push(format!("{name}: say in xtask what this crate may depend on"));
        }
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            let ours = on.starts_with("tutti-");
            // The test kit of one's own layer may be used by tests.
            if ours && on != name && allowed.is_some_and(|allowed| !allowed.contains(&on)) {
                wrong.push(format!("{name}: must not depend on {on}"));
            }
            if let Some((_, who)) = ALONE.iter().find(|(library, _)| *library == on)
                && name != *who
            {
                wrong.push(format!("{name}: only {who} may depend on {on}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check_metadata;
    use serde_json::json;

    #[test]
    fn the_workspace_keeps_its_direction() {
        let mut wrong = Vec::new();
        super::check(&mut wrong).unwrap();
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn a_wrong_direction_is_told() {
        let metadata = json!({ "packages": [
            { "name": "tutti-model",
              "dependencies": [{ "name": "tutti-sdk" }, { "name": "sled" }] },
            { "name": "tutti-new", "dependencies": [] },
        ] });
        let mut wrong = Vec::new();
        check_metadata(&metadata, &mut wrong);
        assert_eq!(wrong.len(), 3, "{wrong:?}");
    }
}
