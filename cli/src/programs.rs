//! Tutti starts no programs: nothing in this process finds one by its name.

/// Makes `PATH` name nothing, for the rest of the process. The first thing in `main`.
///
/// sled starts whatever is called `sync` in `PATH` at every opening, and goes on without it where
/// there is none (docs/adr/0002).
pub(crate) fn find_none() {
    // SAFETY: the process has one thread, so nobody reads the environment meanwhile.
    #[allow(unsafe_code, reason = "there is no safe way to have no PATH, and no thread yet")]
    unsafe {
        std::env::set_var("PATH", "/dev/null");
    }
}
