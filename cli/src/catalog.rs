//! All types of processors and services that the program has.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;

use tutti_scripting::ComponentFile;
use tutti_sdk::Catalog;

use crate::output::say;

/// The built-in types, and those that run scripts.
pub(crate) fn catalog() -> Catalog {
    tutti_processors::catalog().with(tutti_scripting::types())
}

/// The same for flows at these paths, files or folders: with the components that lie beside them.
/// What is no processor is told, and left out.
pub(crate) fn beside<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> Catalog {
    let folder = |path: &PathBuf| {
        if path.is_dir() {
            return Some(path.clone());
        }
        let parent = path.parent()?;
        Some(if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_owned() })
    };
    let folders: BTreeSet<PathBuf> = paths.into_iter().filter_map(folder).collect();
    let mut catalog = catalog();
    for folder in folders {
        let (found, faults) = tutti_scripting::components_in(&folder);
        catalog = catalog.with(found.into_iter().map(ComponentFile::into_type));
        for fault in faults {
            say(&format!("warning: {fault}"));
        }
    }
    catalog
}

/// Lets scripts' runners be compiled once for all runs of the program: where `TUTTI_CACHE` says, or
/// with the user's other caches. Without a home they are compiled at each start.
pub(crate) fn keep_compiled() {
    let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = given("TUTTI_CACHE").or_else(|| {
        let caches = given("XDG_CACHE_HOME").filter(|folder| folder.is_absolute());
        let caches = caches.or_else(|| given("HOME").map(|home| home.join(".cache")));
        caches.map(|caches| caches.join("tutti"))
    });
    if let Some(folder) = folder {
        tutti_scripting::keep_compiled_in(folder.join("scripts"));
    }
}
