//! `cargo xtask demo`: the main flow over the example recordings, and its results in a table.

mod table;

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::run as shell;
use table::Row;

const EXAMPLES: &str = "tests/fixtures/audio";
const FLOW: &str = "flows/audio-features.json";
const OUTPUT: &str = "out";
/// What a demo writes there.
const WRITTEN: [&str; 3] = ["data", "audio-features", "failures"];

/// Runs the main flow over `folder`, or over the examples, and shows what it made.
pub(crate) fn run(folder: Option<&Path>) -> Result<(), String> {
    let here = std::env::current_dir().map_err(|error| error.to_string())?;
    let input = match folder {
        Some(folder) => here.join(folder),
        None => shell::repository().join(EXAMPLES),
    };
    if !input.is_dir() {
        return Err(format!("\"{}\" is no folder", input.display()));
    }
    shell::build_binary()?;
    let output = shell::repository().join(OUTPUT);
    remove_earlier(&output)?;
    let arguments = [
        "run".to_owned(),
        FLOW.to_owned(),
        "--param".to_owned(),
        format!("input={}", input.display()),
        "--param".to_owned(),
        format!("output={}", table::file_url(&output)),
        "--data".to_owned(),
        format!("{OUTPUT}/data"),
        "--until-idle".to_owned(),
    ];
    let line: Vec<_> = arguments.iter().map(|argument| quoted(argument)).collect();
    println!("$ {} {}\n", quoted(&shell::binary().display().to_string()), line.join(" "));
    let status = Command::new(shell::binary())
        .args(&arguments)
        .current_dir(shell::repository())
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("cannot start tutti: {error}"))?;
    let rows = rows(&output.join("audio-features"))?;
    if rows.is_empty() && status.success() {
        return Err(format!("no recording was found in \"{}\"", input.display()));
    }
    println!("\n{}", table::render(&rows));
    tell_further(&output, &rows);
    if status.success() {
        Ok(())
    } else {
        Err(format!("not everything went well: tutti ended with {status}"))
    }
}

/// Begins anew: GetFile would remember what it has picked up already.
fn remove_earlier(output: &Path) -> Result<(), String> {
    let earlier = WRITTEN.map(|name| output.join(name));
    for folder in earlier.iter().filter(|folder| folder.exists()) {
        println!("removing what an earlier demo made: {}", folder.display());
        fs::remove_dir_all(folder)
            .map_err(|error| format!("cannot remove \"{}\": {error}", folder.display()))?;
    }
    Ok(())
}

/// `argument` as a shell takes it for one.
fn quoted(argument: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,@%+".contains(letter);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.into();
    }
    format!("'{}'", argument.replace('\'', r"'\''")).into()
}

/// One row for each JSON in `folder`.
fn rows(folder: &Path) -> Result<Vec<Row>, String> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        let wrong = |why: String| format!("\"{}\": {why}", path.display());
        let text = fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
        let made: Value = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let mfccs: Vec<f64> =
            made["mfccs"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        if mfccs.is_empty() {
            return Err(wrong("it has no \"mfccs\"".into()));
        }
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        rows.push(Row { file, mfccs });
    }
    rows.sort_by(|left, right| left.file.cmp(&right.file));
    Ok(rows)
}

fn tell_further(output: &Path, rows: &[Row]) {
    let features = output.join("audio-features");
    println!("The features are JSON in the bucket \"audio-features\": {}", features.display());
    if let Ok(failures) = fs::read_dir(output.join("failures")) {
        let failures = failures.count();
        println!("{failures} that could not be analysed: {}", output.join("failures").display());
    }
    println!("\nTo look further:");
    if let Some(row) = rows.first() {
        let made = features.join(format!("{}.json", row.file));
        println!("  cat {}", quoted(&made.display().to_string()));
    }
    println!(
        "  cargo xtask demo ~/Music                    your own recordings; they stay in place"
    );
    println!("  {} run --help", quoted(&shell::binary().display().to_string()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_quoted_where_a_shell_would_break_them() {
        assert_eq!(quoted("input=/data/Music"), "input=/data/Music");
        assert_eq!(quoted("out/My Song.json"), "'out/My Song.json'");
        assert_eq!(quoted("it's (live)"), r"'it'\''s (live)'");
        assert_eq!(quoted(""), "''");
    }
}
