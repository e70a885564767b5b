//! `cargo xtask fuzz TARGET|all [--seconds N]`: feeds what reads foreign bytes with whatever
//! libFuzzer makes up, guided by what of the code that reaches.
//!
//! With the compiler of the repository: what libFuzzer needs of it is stable. Seeds are files of
//! the repository; what is found and what reached something new lies beside the builds.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::run as shell;

/// How long a target runs when nothing else is said, in seconds.
const SECONDS: u32 = 60;
/// One input that takes longer hangs, in seconds.
const TIMEOUT_S: u32 = 20;
/// Memory of one process, in MB: what foreign bytes may make of themselves has its bounds.
const MEMORY_MB: u32 = 2_048;

/// What the compiler adds, so that libFuzzer sees what an input reaches: LLVM's own pass. And what
/// it checks, so that what wraps or is out of bounds is seen too.
const FLAGS: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cdebug-assertions",
    "-Coverflow-checks",
    "-Ccodegen-units=1",
];

/// Something that reads foreign bytes.
struct Target {
    name: &'static str,
    /// The folder of its crate, whose folder `fuzz` has the target.
    package: &'static str,
    /// Files and folders of the repository to begin with. Of a `.jsonl`, each line's expression.
    seeds: &'static [&'static str],
    /// Longer inputs are not made, in bytes.
    length_max: u32,
}

const TARGETS: &[Target] = &[
    target("flow", "model", &["flows"], 20_000),
    target("suite", "model", &["flows"], 20_000),
    target("nifi", "model", &["model/tests/golden"], 20_000),
    target("cron", "model", &[], 200),
    target("expression", "expression", &["expression/tests/cases.jsonl"], 500),
    target("recording", "audio", &["audio/tests/formats"], 50_000),
    target("json_path", "processors", &[], 5_000),
    target("table", "server", &["server/fuzz/seeds"], 50_000),
    target("archive", "processors", &["processors/src/unpack_content/foreign"], 20_000),
];

const fn target(
    name: &'static str,
    package: &'static str,
    seeds: &'static [&'static str],
    length_max: u32,
) -> Target {
    Target { name, package, seeds, length_max }
}

/// What one target came to.
#[derive(Default)]
struct Told {
    name: &'static str,
    executions: String,
    edges: String,
    is_well: bool,
}

pub(crate) fn run(name: &str, seconds: Option<&str>) -> Result<(), String> {
    let seconds = match seconds {
        Some(text) => text.parse().map_err(|_| format!("{text:?} is no number of seconds"))?,
        None => SECONDS,
    };
    let is_wanted = |target: &&Target| name == "all" || target.name == name;
    let wanted: Vec<_> = TARGETS.iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        let known: Vec<_> = TARGETS.iter().map(|each| each.name).collect();
        return Err(format!("no such target: {name}; there are {} and all", known.join(", ")));
    }
    let mut told = Vec::new();
    for target in wanted {
        told.push(target.run(seconds)?);
    }
    println!("\n| target | executions | edges reached | |\n| --- | --- | --- | --- |");
    for Told { name, executions, edges, is_well } in &told {
        let ended = if *is_well { "" } else { "found something" };
        println!("| {name} | {executions} | {edges} | {ended} |");
    }
    if told.iter().all(|each| each.is_well) { Ok(()) } else { Err("something was found".into()) }
}

impl Target {
    fn run(&self, seconds: u32) -> Result<Told, String> {
        let program = self.build()?;
        let folder = shell::target_directory().join("fuzz").join(self.name);
        let (corpus, findings) = (folder.join("corpus"), folder.join("findings"));
        for folder in [&corpus, &findings] {
            make(folder)?;
        }
        let mut command = shell::command(&program.to_string_lossy(), &[]);
        command
            .arg(format!("-artifact_prefix={}/", findings.display()))
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-timeout={TIMEOUT_S}"))
            .arg(format!("-rss_limit_mb={MEMORY_MB}"))
            .arg(format!("-max_len={}", self.length_max))
            .arg("-print_final_stats=1")
            .arg(&corpus)
            .args(self.seeds(&folder.join("seeds"))?);
        let failed = |error| format!("cannot run \"{}\": {error}", program.display());
        let mut child = command.stderr(Stdio::piped()).spawn().map_err(failed)?;
        let mut told = Told { name: self.name, ..Told::default() };
        // What it says of itself, it says there.
        if let Some(said) = child.stderr.take() {
            for line in BufReader::new(said).split(b'\n') {
                let line = line.map_err(failed)?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                told.see(&line);
            }
        }
        told.is_well = child.wait().map_err(failed)?.success();
        Ok(told)
    }

    /// Builds it, each crate once for all targets; the program.
    fn build(&self) -> Result<PathBuf, String> {
        let version = shell::output("rustc", &["-vV"]).ok_or("cannot ask rustc for its version")?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: "));
        let host = host.ok_or("rustc does not say for what machine it is")?.trim();
        let manifest = format!("{}/fuzz/Cargo.toml", self.package);
        let builds = shell::target_directory().join("fuzz/build");
        // With what it depends on in the product's versions; what else the fuzzer needs is added.
        let lock = shell::repository().join(self.package).join("fuzz/Cargo.lock");
        fs::copy(shell::repository().join("Cargo.lock"), &lock)
            .map_err(|error| format!("cannot write \"{}\": {error}", lock.display()))?;
        // For a target that is named, flags are not those of build scripts and of macros.
        let mut command = shell::command("cargo", &["build", "--release", "--target", host]);
        command
            .args(["--manifest-path", &manifest, "--bin", self.name])
            .env("CARGO_TARGET_DIR", &builds)
            .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"));
        let status = command.status().map_err(|error| format!("cannot start cargo: {error}"))?;
        if !status.success() {
            return Err(format!("\"{}\" cannot be built: {status}", self.name));
        }
        Ok(builds.join(host).join("release").join(self.name))
    }

    /// What it begins with, made in `folder` where it is not there as files.
    fn seeds(&self, folder: &Path) -> Result<Vec<PathBuf>, String> {
        let mut seeds = Vec::new();
        for seed in self.seeds {
            let path = shell::repository().join(seed);
            if path.extension().is_none_or(|ending| ending != "jsonl") {
                seeds.push(path);
                continue;
            }
            make(folder)?;
            let failed = |error| format!("cannot make seeds of \"{seed}\": {error}");
            let lines = fs::read_to_string(&path).map_err(failed)?;
            for (number, line) in lines.lines().enumerate() {
                if let Some(expression) = expression(line) {
                    fs::write(folder.join(number.to_string()), expression).map_err(failed)?;
                }
            }
            seeds.push(folder.to_owned());
        }
        Ok(seeds)
    }
}

impl Told {
    /// Notes what a line of libFuzzer's says.
    fn see(&mut self, line: &str) {
        if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
            count.trim().clone_into(&mut self.executions);
        }
        let mut words = line.split_whitespace().skip_while(|word| *word != "cov:").skip(1);
        if line.starts_with('#')
            && let Some(edges) = words.next()
        {
            edges.clone_into(&mut self.edges);
        }
    }
}

/// The expression of a case.
fn expression(line: &str) -> Option<String> {
    let case: serde_json::Value = serde_json::from_str(line).ok()?;
    case.get("expr")?.as_str().map(str::to_owned)
}

fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder)
        .map_err(|error| format!("cannot make \"{}\": {error}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fuzzer_says_is_counted() {
        let mut told = Told::default();
        for line in [
            "INFO: cov: 1 of nothing",
            "#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 27Mb",
            "#9\tDONE   cov: 345 ft: 6 corp: 7/89b lim: 4 exec/s: 1 rss: 2Mb",
            "stat::number_of_executed_units: 12345",
        ] {
            told.see(line);
        }
        assert_eq!((told.executions.as_str(), told.edges.as_str()), ("12345", "345"));
    }

    #[test]
    fn every_target_has_its_file_and_every_file_its_target() {
        let mut files = Vec::new();
        for package in ["model", "expression", "audio", "processors", "server"] {
            let folder = shell::repository().join(package).join("fuzz/fuzz_targets");
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if fs::read_to_string(&path).unwrap().contains("fuzz_target!") {
                    files.push(path.file_stem().unwrap().to_string_lossy().into_owned());
                }
            }
        }
        files.sort();
        let mut names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        names.sort_unstable();
        assert_eq!(names, files);
        for seed in TARGETS.iter().flat_map(|target| target.seeds) {
            assert!(shell::repository().join(seed).exists(), "{seed}");
        }
    }
}
