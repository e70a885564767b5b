//! Files of this machine, for all processors that read or write them.

pub(crate) mod attributes;
mod durable;
pub(crate) mod emptied;
pub(crate) mod folder;
pub(crate) mod look;
pub(crate) mod paths;
mod permissions;
pub(crate) mod reading;
pub(crate) mod trials;
pub(crate) mod version;
pub(crate) mod writer;

pub(crate) use permissions::permissions;

/// What lies in a folder, sorted.
#[cfg(test)]
pub(crate) fn names_in(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
