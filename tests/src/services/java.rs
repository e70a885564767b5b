//! Which Java a service runs on.

use std::ffi::OsString;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Linux distributions keep them.
const FOLDER: &str = "/usr/lib/jvm";

/// A JDK that can be used.
pub(super) struct Jdk {
    home: PathBuf,
}

/// A place that was looked at, and what was there.
struct Candidate {
    place: String,
    home: PathBuf,
}

impl Jdk {
    /// The first with a version in `versions`: of `JAVA_HOME`, of the `java` on `PATH`, or of the
    /// system's folder for them.
    ///
    /// # Errors
    /// That there is none, with all places and what to do.
    pub(super) fn find(service: &str, versions: &RangeInclusive<u32>) -> Result<Self, String> {
        let named = std::env::var_os("JAVA_HOME").filter(|home| !home.is_empty());
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self::choose(service, versions, &candidates(named, &path, Path::new(FOLDER)), specification)
    }

    fn choose(
        service: &str,
        versions: &RangeInclusive<u32>,
        candidates: &[Candidate],
        version: impl Fn(&Path) -> Result<u32, String>,
    ) -> Result<Self, String> {
        let mut seen = Vec::new();
        for Candidate { place, home } in candidates {
            match version(home) {
                Ok(version) if versions.contains(&version) => {
                    return Ok(Self { home: home.clone() });
                }
                Ok(version) => seen.push(format!("{place} is Java {version}")),
                Err(why) => seen.push(format!("{place} {why}")),
            }
        }
        let (first, last) = (versions.start(), versions.end());
        let seen = if seen.is_empty() { "no Java at all".into() } else { seen.join("; ") };
        Err(format!(
            "{service} needs a JDK from {first} to {last}, and there is none: {seen}. Install one, \
             such as Debian's openjdk-17-jdk-headless, or set JAVA_HOME to it"
        ))
    }

    /// The path of one of its programs.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.home.join("bin").join(name)
    }

    /// Where it is.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }
}

impl fmt::Display for Jdk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the Java in \"{}\"", self.home.display())
    }
}

fn candidates(named: Option<OsString>, path: &OsString, folder: &Path) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    if let Some(home) = named {
        candidates.push(Candidate { place: "JAVA_HOME".into(), home: home.into() });
    }
    let mut on_path = std::env::split_paths(path).map(|folder| folder.join("java"));
    // The one on the path is a link into a JDK as a rule.
    let on_path = on_path.find_map(|java| java.canonicalize().ok());
    if let Some(home) = on_path.as_deref().and_then(Path::parent).and_then(Path::parent) {
        candidates.push(Candidate { place: "the java on PATH".into(), home: home.into() });
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut homes: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    homes.retain(|home| home.join("bin/java").is_file());
    homes.sort();
    candidates.extend(homes.into_iter().map(|home| {
        let place = format!("\"{}\"", home.display());
        Candidate { place, home }
    }));
    candidates
}

/// The version of the JDK at `home`, such as 17.
fn specification(home: &Path) -> Result<u32, String> {
    if !home.join("bin/javac").is_file() {
        return Err("has no compiler, bin/javac".into());
    }
    let asked = Command::new(home.join("bin/java"))
        .args(["-XshowSettings:properties", "-version"])
        .output()
        .map_err(|error| format!("does not start: {error}"))?;
    let told = String::from_utf8_lossy(&asked.stderr);
    let version = told.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == "java.specification.version").then(|| value.trim().parse().ok())?
    });
    version.ok_or_else(|| "does not tell its version".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(versions: &[(&str, Result<u32, &str>)]) -> Result<PathBuf, String> {
        let candidate = |(place, _): &(&str, _)| Candidate {
            place: (*place).to_owned(),
            home: PathBuf::from(place),
        };
        let candidates: Vec<Candidate> = versions.iter().map(candidate).collect();
        let version = |home: &Path| {
            let found = versions.iter().find(|(place, _)| home == Path::new(place));
            found.unwrap().1.map_err(str::to_owned)
        };
        Jdk::choose("ozone", &(17..=23), &candidates, version).map(|jdk| jdk.home)
    }

    #[test]
    fn the_first_that_fits_is_taken() {
        let found = choose(&[("a", Ok(25)), ("b", Err("has none")), ("c", Ok(17)), ("d", Ok(21))]);
        assert_eq!(found, Ok(PathBuf::from("c")));
    }

    #[test]
    fn without_one_that_fits_all_that_was_seen_is_told() {
        let error = choose(&[("a", Ok(25)), ("b", Ok(11)), ("c", Err("has no compiler"))]);
        let error = error.unwrap_err();
        for part in ["from 17 to 23", "a is Java 25; b is Java 11; c has no compiler", "Install"] {
            assert!(error.contains(part), "{error}");
        }
        assert!(choose(&[]).unwrap_err().contains("no Java at all"));
    }

    #[test]
    fn the_places_are_looked_at_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["path", "jvm/b", "jvm/a", "jvm/empty"] {
            std::fs::create_dir_all(folder.path().join(name).join("bin")).unwrap();
            if name != "jvm/empty" {
                std::fs::write(folder.path().join(name).join("bin/java"), "").unwrap();
            }
        }
        let path = folder.path().join("path/bin").into_os_string();
        let found = candidates(Some("/named".into()), &path, &folder.path().join("jvm"));
        let homes: Vec<&Path> = found.iter().map(|candidate| candidate.home.as_path()).collect();
        let root = folder.path().canonicalize().unwrap();
        let expected = ["/named".into(), root.join("path"), root.join("jvm/a"), root.join("jvm/b")];
        assert_eq!(homes, expected);
    }
}
