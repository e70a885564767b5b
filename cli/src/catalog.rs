//! All types of processors and services that the program has.

use std::env;
use std::path::PathBuf;

use tutti_sdk::Catalog;

/// The built-in types, and those that run scripts.
pub(crate) fn catalog() -> Catalog {
    tutti_processors::catalog().with(tutti_scripting::types())
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
