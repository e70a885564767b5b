//! The files that a command line means: those that it names, and all flows in folders that it
//! names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::CliError;

/// How deep folders are searched.
const DEPTH_MAX: usize = 32;

/// `paths`, with each folder replaced by the `.json` files in it and below, in order; and why there
/// are none of some. Hidden files and folders are passed over.
pub(crate) fn of(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<CliError>) {
    let (mut files, mut failed) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        match add(path, DEPTH_MAX, &mut files) {
            Ok(()) if files.len() == before => {
                failed.push(CliError::NoFlows { folder: path.clone() });
            }
            Ok(()) => {}
            Err(error) => failed.push(error),
        }
    }
    (files, failed)
}

fn add(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), CliError> {
    let failed = |source| CliError::Read { path: folder.to_owned(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            // Of links it tells what they are, so that none leads round.
            entries.push((entry.path(), entry.file_type().map_err(failed)?));
        }
    }
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    for (path, kind) in entries {
        if kind.is_dir() && depth > 0 {
            add(&path, depth - 1, files)?;
        } else if !kind.is_dir() && path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_the_flows_in_it() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.json", "a.json", "notes.md", "more/c.json", ".git/d.json"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        let named = PathBuf::from("named.txt");
        let (found, failed) = of(&[named.clone(), folder.path().to_owned()]);
        assert!(failed.is_empty(), "{failed:?}");
        let expected = ["a.json", "b.json", "more/c.json"].map(|name| folder.path().join(name));
        assert_eq!(found, [&[named], &expected[..]].concat());
        fs::create_dir(folder.path().join("empty")).unwrap();
        let (found, failed) = of(&[folder.path().join("empty")]);
        assert!(found.is_empty() && failed[0].to_string().contains("no flow"), "{failed:?}");
    }
}
