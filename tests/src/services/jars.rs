//! The class path of a service: jars through Maven, its own classes through the compiler.
//!
//! Both are kept until what they are made from changes; then nobody needs a network.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::java::Jdk;
use super::{NotStarted, cache, failed};
use crate::binary::repository;
use crate::ledger::files;

/// Maven's plugin that lists the jars.
const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath";

/// The class path of the service `name`, whose place in the cache is `home`.
pub(super) fn class_path(name: &str, home: &Path, jdk: &Jdk) -> Result<String, NotStarted> {
    let sources = repository().join("tests/services").join(name);
    let (list, classes) = (home.join("jars.txt"), home.join("classes"));
    let inputs = inputs(&sources, jdk)?;
    let made_from = home.join("made-from.txt");
    let is_made = fs::read_to_string(&made_from).is_ok_and(|made| made == inputs);
    if !is_made || !are_there(&list) {
        match fs::remove_file(&made_from) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed("delete", &made_from)(error).into());
            }
            _ => {}
        }
        fetch(name, &sources, &list, jdk).map_err(NotStarted::Missing)?;
        compile(name, &sources, &list, &classes, jdk)?;
        fs::write(&made_from, inputs).map_err(failed("write", &made_from))?;
    }
    let jars = fs::read_to_string(&list).map_err(failed("read", &list))?;
    let conf = sources.join("conf");
    Ok(format!("{}:{}:{}", conf.display(), classes.display(), jars.trim()))
}

/// All that the class path is made from, as one text: every file but the configuration.
fn inputs(sources: &Path, jdk: &Jdk) -> Result<String, String> {
    let mut inputs = format!("{PLUGIN} {}\n", jdk.home().display());
    let paths = files(sources).map_err(failed("read", sources))?;
    for path in paths.iter().filter(|path| !path.starts_with(sources.join("conf"))) {
        inputs += &fs::read_to_string(path).map_err(failed("read", path))?;
    }
    Ok(inputs)
}

/// What is to be compiled.
fn programs(sources: &Path) -> Result<Vec<PathBuf>, String> {
    let mut programs = files(sources).map_err(failed("read", sources))?;
    programs.retain(|path| path.extension().is_some_and(|kind| kind == "java"));
    Ok(programs)
}

/// Whether every jar of the list lies where it says.
fn are_there(list: &Path) -> bool {
    let Ok(jars) = fs::read_to_string(list) else { return false };
    std::env::split_paths(jars.trim()).all(|jar| jar.is_file())
}

fn fetch(name: &str, sources: &Path, list: &Path, jdk: &Jdk) -> Result<(), String> {
    println!("fetching the jars of {name}, once");
    let mut command = Command::new("mvn");
    command.args(["--batch-mode", "--quiet", "--file"]).arg(sources.join("pom.xml"));
    command.arg(format!("-Dmaven.repo.local={}", cache()?.join("maven").display()));
    command.arg(PLUGIN).arg(format!("-Dmdep.outputFile={}", list.display()));
    command.env("JAVA_HOME", jdk.home());
    finish(&mut command, &format!("fetch the jars of {name}")).map_err(|why| {
        format!("{why}\nMaven (mvn) must be installed and reach its repository, for the first time")
    })
}

fn compile(
    name: &str,
    sources: &Path,
    list: &Path,
    classes: &Path,
    jdk: &Jdk,
) -> Result<(), String> {
    fs::create_dir_all(classes).map_err(failed("make", classes))?;
    let mut command = Command::new(jdk.program("javac"));
    command.args(["-nowarn", "-proc:none", "-d"]).arg(classes).args(programs(sources)?);
    command.env("CLASSPATH", fs::read_to_string(list).map_err(failed("read", list))?.trim());
    finish(&mut command, &format!("compile what starts {name}"))
}

fn finish(command: &mut Command, what: &str) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .map_err(|error| format!("cannot {what}: cannot start \"{program}\": {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Err(format!("cannot {what}: \"{program}\" ended with {}\n{}", output.status, said.trim()))
}
