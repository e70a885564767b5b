//! `cargo xtask mutants`: breaks the engine on purpose, one way after the other, and looks whether
//! the tests notice. Writes who noticed what to `docs/mutants.md`.
//!
//! Works in the checkout itself, so that builds are found again, and only when nothing in it is
//! changed: what it breaks it mends again, also when a test hangs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::run::{command, output, repository};

const LIST: &str = "engine/mutants.json";
const PAGE: &str = "docs/mutants.md";
/// A test that takes longer hangs, which is noticed too.
const PATIENCE: Duration = Duration::from_mins(5);

const HEAD: &str = "# What breaks when the engine is broken

Each line is a change that breaks the engine on purpose (`engine/mutants.json`), and the first test
that noticed it, or that hung, in the suite that is to. Written by `cargo xtask mutants`, on demand:
it takes a build for each.

| what is broken | where | noticed by |
| --- | --- | --- |
";

/// One way to break something.
#[derive(Debug)]
struct Mutant {
    what: String,
    file: String,
    from: String,
    to: String,
    package: String,
    test: String,
}

/// Breaks everything on the list whose description contains `filter`; without one the page is
/// written.
pub(crate) fn run(filter: Option<&str>) -> Result<(), String> {
    let changed = output("git", &["status", "--porcelain"]).ok_or("cannot ask git for changes")?;
    if !changed.trim().is_empty() {
        return Err(
            "commit or put away what is changed first: mutants are made in the checkout".into()
        );
    }
    let mutants = list(&read(&repository().join(LIST))?)?;
    let mut page = HEAD.to_owned();
    let mut survived = Vec::new();
    for mutant in mutants.iter().filter(|each| filter.is_none_or(|part| each.what.contains(part))) {
        println!("-- {}", mutant.what);
        let Some(noticed) = try_one(mutant)? else {
            println!("   nobody noticed");
            survived.push(mutant.what.as_str());
            continue;
        };
        println!("   {noticed}");
        let Mutant { what, file, package, test, .. } = mutant;
        let folder = package.trim_start_matches("tutti-");
        let line =
            format!("| {what} | `{file}` | `engine/{folder}/tests/{test}.rs`: {noticed} |\n");
        page.push_str(&line);
    }
    if !survived.is_empty() {
        return Err(format!("nobody noticed:\n  {}", survived.join("\n  ")));
    }
    if filter.is_none() {
        let path = repository().join(PAGE);
        fs::write(&path, page).map_err(|error| format!("cannot write {PAGE}: {error}"))?;
    }
    Ok(())
}

/// What is wrong with the list: a mutant that has no place any more would be noticed by nobody.
pub(crate) fn check(wrong: &mut Vec<String>) {
    let mutants = match read(&repository().join(LIST)).and_then(|text| list(&text)) {
        Ok(mutants) => mutants,
        Err(error) => return wrong.push(error),
    };
    for mutant in mutants {
        let text = read(&repository().join(&mutant.file));
        if let Err(error) = text.and_then(|text| broken(&text, &mutant)) {
            wrong.push(error);
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn list(text: &str) -> Result<Vec<Mutant>, String> {
    let values: Vec<Value> =
        serde_json::from_str(text).map_err(|error| format!("{LIST}: {error}"))?;
    let mutant = |value: &Value| {
        let member = |name: &str| {
            let text = value[name].as_str().map(str::to_owned);
            text.ok_or_else(|| format!("{LIST}: one has no \"{name}\": {value}"))
        };
        Ok(Mutant {
            what: member("what")?,
            file: member("file")?,
            from: member("from")?,
            to: member("to")?,
            package: member("package")?,
            test: member("test")?,
        })
    };
    values.iter().map(mutant).collect()
}

/// The text with the mutant in it.
fn broken(text: &str, mutant: &Mutant) -> Result<String, String> {
    match text.matches(&mutant.from).count() {
        1 => Ok(text.replace(&mutant.from, &mutant.to)),
        count => Err(format!(
            "{LIST}: \"{}\": its text is in {} {count} times, not once",
            mutant.what, mutant.file
        )),
    }
}

/// Who noticed it, if anybody did.
fn try_one(mutant: &Mutant) -> Result<Option<String>, String> {
    let path = repository().join(&mutant.file);
    let text = read(&path)?;
    let broken = broken(&text, mutant)?;
    let failed = |error| format!("cannot write {}: {error}", path.display());
    fs::write(&path, broken).map_err(failed)?;
    let noticed = build(mutant).and_then(|program| test(&program, mutant));
    fs::write(&path, text).map_err(failed)?;
    noticed
}

/// Builds the suite that is to notice it, and hands back its program.
fn build(mutant: &Mutant) -> Result<PathBuf, String> {
    let Mutant { what, package, test, .. } = mutant;
    let arguments = ["test", "--release", "--locked", "--no-run", "--message-format", "json"];
    let built = command("cargo", &arguments)
        .args(["-p", package, "--test", test])
        .output()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !built.status.success() {
        let told = String::from_utf8_lossy(&built.stdout);
        let rendered = |line: &str| {
            let message: Value = serde_json::from_str(line).ok()?;
            message["message"]["rendered"].as_str().map(str::to_owned)
        };
        let told: String = told.lines().filter_map(rendered).collect();
        return Err(format!("\"{what}\" cannot be built:\n{told}"));
    }
    let told = String::from_utf8_lossy(&built.stdout);
    let executable = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_this = message["target"]["name"] == test.as_str();
        message["executable"].as_str().filter(|_| is_this).map(PathBuf::from)
    };
    let program = told.lines().filter_map(executable).next_back();
    program.ok_or_else(|| format!("cargo built no test \"{test}\" of {package}"))
}

fn test(program: &Path, mutant: &Mutant) -> Result<Option<String>, String> {
    let said = program.with_extension("said");
    let cannot = |error: std::io::Error| format!("cannot run {}: {error}", program.display());
    let file = fs::File::create(&said).map_err(cannot)?;
    let folder = repository().join("engine").join(mutant.package.trim_start_matches("tutti-"));
    let mut running = command(&program.to_string_lossy(), &[])
        .current_dir(folder)
        .stdout(file)
        .stderr(Stdio::null())
        .spawn()
        .map_err(cannot)?;
    let status = wait(&mut running).map_err(cannot)?;
    let text = read(&said)?;
    // What it said is not needed any more, and is written over by the next if it stays.
    drop(fs::remove_file(&said));
    match status {
        Some(true) => Ok(None),
        Some(false) => Ok(Some(first_failure(&text))),
        None => Ok(Some(format!("hangs for {} minutes", PATIENCE.as_secs() / 60))),
    }
}

/// Whether it ended well; none when it did not end in time, and was killed.
fn wait(running: &mut Child) -> std::io::Result<Option<bool>> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = running.try_wait()? {
            return Ok(Some(status.success()));
        }
        sleep(Duration::from_millis(100));
    }
    running.kill()?;
    running.wait()?;
    Ok(None)
}

fn first_failure(text: &str) -> String {
    let failed = |line: &str| {
        line.strip_prefix("test ")
            .and_then(|rest| rest.strip_suffix(" ... FAILED"))
            .map(str::to_owned)
    };
    let name = text.lines().find_map(failed);
    name.map_or_else(|| "the suite died".to_owned(), |name| format!("`{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutant(from: &str) -> Mutant {
        let [what, file, to, package, test] = ["w", "f", "y", "p", "t"].map(str::to_owned);
        Mutant { what, file, from: from.to_owned(), to, package, test }
    }

    #[test]
    fn a_mutant_has_one_place() {
        assert_eq!(broken("axb", &mutant("x")).unwrap(), "ayb");
        assert!(broken("axbx", &mutant("x")).unwrap_err().contains("2 times"));
        assert!(broken("ab", &mutant("x")).unwrap_err().contains("0 times"));
    }

    #[test]
    fn who_notices_first_is_told() {
        let text = "test a ... ok\ntest b ... FAILED\ntest c ... FAILED\n";
        assert_eq!(first_failure(text), "`b`");
        assert_eq!(first_failure("thread panicked"), "the suite died");
    }
}
