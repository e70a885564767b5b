//! What a flowfile says of the file that it came from.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use crate::files::version::Candidate;
use crate::files::{paths, permissions};

/// What whoever lists files writes.
pub(crate) const OF_LISTED: &[(&str, &str)] = &[
    ("filename", "The name of the file, without its folder."),
    (
        "path",
        "The folder of the file below the one that is searched; ends with `/`, and is `./` for \
         itself.",
    ),
    ("absolute.path", "The folder of the file; ends with `/`."),
    ("file.size", "The size of the file in bytes."),
    ("file.lastModifiedTime", "When the file was changed, as `2024-01-31T23:59:59+0000`."),
    ("file.creationTime", "When the file was made, where the file system knows it."),
    ("file.owner", "Whose file it is: a name, or a number where there is no name."),
    ("file.group", "Which group's file it is: a name, or a number where there is no name."),
    ("file.permissions", "What may be done with it, as `rw-r--r--`."),
    ("file.lastAccessTime", "When the file was read, as far as the file system notes it."),
];

/// What whoever reads files writes: reading is an access.
pub(crate) const OF_READ: &[(&str, &str)] = OF_LISTED.split_at(9).0;

/// Names of owners and groups that were looked up.
#[derive(Default)]
pub(crate) struct Owners(HashMap<(&'static str, u32), String>);

impl Owners {
    fn name(&mut self, file: &'static str, number: u32) -> String {
        self.0.entry((file, number)).or_insert_with(|| name_of(file, number)).clone()
    }
}

pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Where the file is, and what its listing says of it.
pub(crate) fn of_place(candidate: &Candidate, metadata: &Metadata) -> Vec<(&'static str, String)> {
    let name = Path::new(candidate.path.file_name().unwrap_or_default());
    let above = absolute(&candidate.path);
    let above = above.parent().map(paths::to_text).unwrap_or_default();
    let below = paths::to_text(&candidate.folder);
    let mut attributes = vec![
        ("filename", paths::to_text(name)),
        ("path", if below.is_empty() { "./".to_owned() } else { format!("{below}/") }),
        ("absolute.path", format!("{}/", above.trim_end_matches('/'))),
        ("file.size", metadata.size().to_string()),
    ];
    if let Ok(time) = metadata.modified() {
        attributes.push(("file.lastModifiedTime", time_text(time)));
    }
    attributes
}

/// What else there is to say of it, but for when it was read.
pub(crate) fn of_file(metadata: &Metadata, owners: &mut Owners) -> Vec<(&'static str, String)> {
    let mut attributes = vec![
        ("file.owner", owners.name("/etc/passwd", metadata.uid())),
        ("file.group", owners.name("/etc/group", metadata.gid())),
        ("file.permissions", permissions(metadata.mode())),
    ];
    if let Ok(time) = metadata.created() {
        attributes.push(("file.creationTime", time_text(time)));
    }
    attributes
}

/// When it was read.
pub(crate) fn of_access(metadata: &Metadata) -> Option<(&'static str, String)> {
    Some(("file.lastAccessTime", time_text(metadata.accessed().ok()?)))
}

fn time_text(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).format("%Y-%m-%dT%H:%M:%S%z").to_string()
}

/// The name that a system file of lines `name:…:number:…` gives to a number.
fn name_of(file: &str, number: u32) -> String {
    let wanted = number.to_string();
    let names = fs::read_to_string(file).unwrap_or_default();
    let mut lines = names.lines().map(|line| line.split(':'));
    let found = lines.find_map(|mut fields| {
        let name = fields.next()?;
        (fields.nth(1)? == wanted).then(|| name.to_owned())
    });
    found.unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_a_name_is_itself() {
        assert_eq!(name_of("/etc/passwd", 4_000_000_001), "4000000001");
        assert_eq!(name_of("/no/such/file", 0), "0");
    }
}
