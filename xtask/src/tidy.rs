//! `cargo xtask tidy`: the style that a tool can check, over every file that git knows or could.

mod dependencies;
mod markdown;
mod rust;

use std::ffi::OsStr;
use std::fs;

use crate::mutants;
use crate::run::{output, repository};

const BYTES_MAX: u64 = 500_000;

/// Larger files, each folder with its reason.
const LARGE: &[(&str, &str)] = &[
    ("tests/fixtures/audio/", "recordings for the demo and the tests"),
    ("scripting/runners/", "the interpreters of scripts, which a clone has no tools to build"),
];

/// Folders that only the machine has where somebody works.
const OF_ONE_MACHINE: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

/// Checks all and tells everything that is wrong, not only the first.
pub(crate) fn run() -> Result<(), String> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let files = output("git", &list).ok_or("cannot ask git for the files")?;
    let mut wrong = Vec::new();
    for name in files.lines() {
        check_file(name, &mut wrong);
    }
    dependencies::check(&mut wrong)?;
    mutants::check(&mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn check_file(name: &str, wrong: &mut Vec<String>) {
    let path = repository().join(name);
    // A file that is deleted but not committed yet is not there to be checked.
    let Ok(metadata) = fs::metadata(&path) else { return };
    let is_large = LARGE.iter().any(|(folder, _)| name.starts_with(folder));
    if metadata.len() > BYTES_MAX && !is_large {
        wrong.push(format!("{name}: {} bytes, over {BYTES_MAX}", metadata.len()));
    }
    let Ok(text) = fs::read_to_string(&path) else { return };
    check_text(name, &text, wrong);
    match path.extension().and_then(OsStr::to_str) {
        Some("rs") => rust::check(name, &text, wrong),
        Some("md") => markdown::check(name, &text, &exists, wrong),
        _ => {}
    }
}

/// Whether there is this path, or this test in this file: `FILE::NAME`.
fn exists(path: &str) -> bool {
    match path.split_once("::") {
        None => repository().join(path).exists(),
        Some((file, test)) => fs::read_to_string(repository().join(file)).is_ok_and(|text| {
            text.contains(&format!("fn {test}(")) || text.contains(&format!("def {test}("))
        }),
    }
}

/// What holds for every text, in whatever language.
fn check_text(name: &str, text: &str, wrong: &mut Vec<String>) {
    let unfinished = [concat!("TO", "DO"), concat!("FIX", "ME")];
    for (index, line) in text.lines().enumerate() {
        let place = index + 1;
        if unfinished.iter().any(|word| line.contains(word)) {
            wrong.push(format!("{name}:{place}: unfinished by its own words"));
        }
        if let Some(folder) = OF_ONE_MACHINE.iter().find(|folder| line.contains(**folder)) {
            wrong.push(format!("{name}:{place}: \"{folder}\" is a folder of one machine"));
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_test_is_there_when_its_file_has_it() {
        let this = "xtask/src/tidy.rs";
        assert!(super::exists(this) && !super::exists("xtask/src/none.rs"));
        assert!(super::exists("xtask/src/tidy.rs::a_test_is_there_when_its_file_has_it"));
        assert!(!super::exists("xtask/src/tidy.rs::another"));
    }

    #[test]
    fn unfinished_work_and_folders_of_one_machine_are_told() {
        let mut wrong = Vec::new();
        let text = concat!("TO", "DO: later\nfine\ncd /ho", "me/me\n");
        super::check_text("x", text, &mut wrong);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
    }
}
