//! What a flowfile says of the file that it came from.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use super::listing::Candidate;
use crate::files::{paths, permissions};

pub(super) const WRITES: &[(&str, &str)] = &[
    ("filename", "The name of the file, without its folder."),
    ("path", "The folder of the file below **Directory**; ends with `/`, and is `./` for itself."),
    ("absolute.path", "The folder of the file; ends with `/`."),
    ("file.size", "The size of the file in bytes."),
    ("file.lastModifiedTime", "When the file was changed, as `2024-01-31T23:59:59+0000`."),
    ("file.creationTime", "When the file was made, where the file system knows it."),
    ("file.owner", "Whose file it is: a name, or a number where there is no name."),
    ("file.group", "Which group's file it is: a name, or a number where there is no name."),
    ("file.permissions", "What may be done with it, as `rw-r--r--`."),
];

pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

pub(super) fn of(candidate: &Candidate, metadata: &Metadata) -> Vec<(&'static str, String)> {
    let name = Path::new(candidate.path.file_name().unwrap_or_default());
    let above = absolute(&candidate.path);
    let above = above.parent().map(paths::to_text).unwrap_or_default();
    let below = paths::to_text(&candidate.folder);
    let mut attributes = vec![
        ("filename", paths::to_text(name)),
        ("path", if below.is_empty() { "./".to_owned() } else { format!("{below}/") }),
        ("absolute.path", format!("{}/", above.trim_end_matches('/'))),
        ("file.size", metadata.size().to_string()),
        ("file.owner", name_of("/etc/passwd", metadata.uid())),
        ("file.group", name_of("/etc/group", metadata.gid())),
        ("file.permissions", permissions(metadata.mode())),
    ];
    if let Ok(time) = metadata.modified() {
        attributes.push(("file.lastModifiedTime", time_text(time)));
    }
    if let Ok(time) = metadata.created() {
        attributes.push(("file.creationTime", time_text(time)));
    }
    attributes
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
