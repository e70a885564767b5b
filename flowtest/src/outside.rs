//! The folder of a test that is let out: files in it before, and what there is after.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use tempfile::TempDir;
use tutti_model::suite::{FOLDER, NewContent, Test, Written};

use crate::compare;
use crate::failure::Failure;
use crate::files;

/// The most files that are looked at.
const FILES_MAX: usize = 10_000;
/// How deep folders are searched.
const DEPTH_MAX: usize = 16;

/// A folder that is there as long as this is.
pub(crate) struct Outside {
    folder: TempDir,
}

impl Outside {
    /// A folder with the files of `test`; others are named from `tests`.
    pub(crate) fn new(test: &Test, tests: &Path) -> Result<Self, Failure> {
        let made = tempfile::Builder::new().prefix("tutti-test-").tempdir();
        let folder = made.map_err(|error| {
            Failure::new(format!("the system gives no folder to be let out to: {error}"))
        })?;
        for (name, content) in &test.files {
            let path = folder.path().join(name);
            let written = bytes(&content.value, tests).and_then(|bytes| {
                path.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::write(&path, bytes)
            });
            written.map_err(|error| {
                Failure::at(
                    format!("the file \"{name}\" cannot be written: {error}"),
                    &content.place,
                )
            })?;
        }
        Ok(Self { folder })
    }

    /// `value` with the folder where it is named.
    pub(crate) fn named_in(&self, value: &str) -> String {
        value.replace(FOLDER, &self.folder.path().to_string_lossy())
    }

    /// What there is and should not be, and the other way round.
    pub(crate) fn judge(&self, test: &Test, tests: &Path) -> Vec<Failure> {
        let mut found = BTreeMap::new();
        if let Err(error) = gather(self.folder.path(), "", DEPTH_MAX, &mut found) {
            return vec![Failure::new(format!("what was written cannot be looked at: {error}"))];
        }
        let mut failures = Vec::new();
        for (name, written) in &test.written {
            let got = found.remove(name);
            match (&written.value, got) {
                (Written::Absent, None) => {}
                (Written::Absent, Some(_)) => {
                    let message = format!("the file \"{name}\" is there and should not be");
                    failures.push(Failure::at(message, &written.place));
                }
                (Written::There(_), None) => {
                    let others: Vec<&str> = found.keys().map(String::as_str).collect();
                    let told = format!("there are: {}", others.join(", "));
                    let message = format!("the file \"{name}\" is not there");
                    failures.push(Failure::at(message, &written.place).with(vec![told]));
                }
                (Written::There(checks), Some(content)) => {
                    if let Err(wrong) = compare::content(checks, &content, tests) {
                        let message =
                            format!("the file \"{name}\": {} is not as expected", wrong.of);
                        let failure = Failure::at(message, &written.place);
                        failures.push(failure.with(wrong.lines()));
                    }
                }
            }
        }
        for (name, content) in &test.files {
            // One that is not spoken of stays as it was.
            if test.written.contains_key(name) {
                continue;
            }
            let before = bytes(&content.value, tests).ok();
            if before.is_none() || found.remove(name) != before {
                let message = format!("the file \"{name}\" is not what it was");
                failures.push(Failure::at(message, &content.place));
            }
        }
        if !test.others {
            failures.extend(found.keys().map(|name| {
                Failure::new(format!("the file \"{name}\" was written, and nobody expected it"))
            }));
        }
        failures
    }
}

fn bytes(content: &NewContent, tests: &Path) -> io::Result<Vec<u8>> {
    match content {
        NewContent::Bytes(bytes) => Ok(bytes.clone()),
        NewContent::File(name) => files::read(tests, &name.value),
    }
}

/// All files in `folder` and below, by their paths.
fn gather(
    folder: &Path,
    path: &str,
    depth: usize,
    found: &mut BTreeMap<String, Vec<u8>>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = if path.is_empty() { name } else { format!("{path}/{name}") };
        let kind = entry.file_type()?;
        if found.len() >= FILES_MAX {
            return Err(io::Error::other(format!("there are more than {FILES_MAX} files")));
        }
        if kind.is_dir() && depth > 0 {
            gather(&entry.path(), &name, depth - 1, found)?;
        } else if kind.is_file() {
            let file = entry.file_name();
            found.insert(name, files::read(folder, &file.to_string_lossy())?);
        }
    }
    Ok(())
}
