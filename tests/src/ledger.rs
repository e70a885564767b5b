//! What went in, against what came out.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Names and contents of the files that were given to a flow.
#[derive(Debug, Default)]
pub struct Ledger {
    given: BTreeMap<String, Vec<u8>>,
}

/// How deliveries compare with what was given.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Given and never delivered.
    pub lost: Vec<String>,
    /// Delivered with other bytes than were given.
    pub torn: Vec<String>,
    /// Delivered and never given.
    pub unknown: Vec<String>,
    /// Deliveries beyond the first of each.
    pub repeated: usize,
    /// Hidden files that a kill left half written: no reader of the folder takes them for more.
    pub unfinished: usize,
}

impl Ledger {
    /// Notes a file that is given to the flow.
    pub fn give(&mut self, name: &str, bytes: Vec<u8>) {
        self.given.insert(name.into(), bytes);
    }

    /// How many were given.
    pub fn len(&self) -> usize {
        self.given.len()
    }

    /// Whether none was given.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// Compares with the files in `folder`, whose names are `NAME~UNIQUE`.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn balance(&self, folder: &Path) -> io::Result<Balance> {
        let mut balance = Balance::default();
        let mut deliveries: BTreeMap<&str, usize> = BTreeMap::new();
        for path in files(folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') && path.extension() == Some("part".as_ref()) {
                balance.unfinished += 1;
                continue;
            }
            let given = name.rsplit_once('~').and_then(|(name, _)| self.given.get_key_value(name));
            match given {
                None => balance.unknown.push(name),
                Some((given, bytes)) => {
                    *deliveries.entry(given).or_default() += 1;
                    if fs::read(&path)? != *bytes {
                        balance.torn.push(name);
                    }
                }
            }
        }
        balance.lost = self
            .given
            .keys()
            .filter(|name| !deliveries.contains_key(name.as_str()))
            .cloned()
            .collect();
        balance.repeated = deliveries.values().map(|count| count - 1).sum();
        Ok(balance)
    }
}

/// All files below `folder`, sorted; none when there is no such folder.
///
/// # Errors
/// Whatever the disk says, but for a missing folder.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let entries = match fs::read_dir(&next) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_what_is_lost_torn_unknown_repeated_and_unfinished() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::default();
        for name in ["lost", "torn", "twice", "well"] {
            ledger.give(name, name.as_bytes().to_vec());
        }
        for (name, bytes) in [
            ("torn~1", "to"),
            ("twice~1", "twice"),
            ("twice~2", "twice"),
            ("well~1", "well"),
            ("x", ""),
            (".y.part", ""),
        ] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let expected = Balance {
            lost: vec!["lost".into()],
            torn: vec!["torn~1".into()],
            unknown: vec!["x".into()],
            repeated: 1,
            unfinished: 1,
        };
        assert_eq!(ledger.balance(folder.path()).unwrap(), expected);
    }
}
