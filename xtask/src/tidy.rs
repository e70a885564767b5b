//! `cargo xtask tidy`: the style that a tool can check, over every file that git knows.

mod dependencies;

use std::ffi::OsStr;
use std::fs;

use crate::run::{output, repository};

const LINES_MAX: usize = 500;
const COLUMNS_MAX: usize = 100;
const BYTES_MAX: u64 = 1_500_000;

/// Files that are longer than they should be, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Checks all and tells everything that is wrong, not only the first.
pub(crate) fn run() -> Result<(), String> {
    let files = output("git", &["ls-files"]).ok_or("cannot ask git for the files")?;
    let mut wrong = Vec::new();
    for name in files.lines() {
        check_file(name, &mut wrong);
    }
    dependencies::check(&mut wrong)?;
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn check_file(name: &str, wrong: &mut Vec<String>) {
    let path = repository().join(name);
    // A file that is deleted but not committed yet is not there to be checked.
    let Ok(metadata) = fs::metadata(&path) else { return };
    if metadata.len() > BYTES_MAX && !name.contains("fixtures/") {
        wrong.push(format!("{name}: {} bytes, over {BYTES_MAX}", metadata.len()));
    }
    let Ok(text) = fs::read_to_string(&path) else { return };
    match path.extension().and_then(OsStr::to_str) {
        Some("rs") => check_rust(name, &text, wrong),
        Some("md") => check_markdown(name, &text, wrong),
        _ => {}
    }
}

fn check_rust(name: &str, text: &str, wrong: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LINES_MAX && !LONG_FILES.iter().any(|(long, _)| *long == name) {
        wrong.push(format!("{name}: {lines} lines, over {LINES_MAX}"));
    }
    let is_tests = name.ends_with("/tests.rs");
    if !is_tests && !text.starts_with("//!") {
        wrong.push(format!("{name}: does not begin with what the module is for (`//!`)"));
    }
    let unfinished = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    for (index, line) in text.lines().enumerate() {
        let place = index + 1;
        if line.chars().count() > COLUMNS_MAX {
            wrong.push(format!("{name}:{place}: longer than {COLUMNS_MAX} columns"));
        }
        if unfinished.iter().any(|word| line.contains(word)) {
            wrong.push(format!("{name}:{place}: unfinished by its own words"));
        }
    }
}

fn check_markdown(name: &str, text: &str, wrong: &mut Vec<String>) {
    let mut fenced = false;
    let mut headings = 0;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        headings += usize::from(!fenced && line.starts_with("# "));
    }
    if headings != 1 {
        wrong.push(format!("{name}: {headings} headings of the first level, not one"));
    }
}
