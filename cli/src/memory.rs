//! Keeps the process as small as what it holds.

/// Asks the system for small pages. The first thing in `main`, as it counts for memory that is
/// touched later.
///
/// The allocator reserves memory far ahead. In pages of 2 MB each that is touched anywhere is there
/// as a whole: a flow of a thousand processors that does nothing had 87 MB instead of 49, and with
/// small pages nothing is slower (docs/benchmarks.md).
pub(crate) fn use_small_pages() {
    // A system that does not know of it has small ones.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
