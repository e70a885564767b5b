//! Whether standard output was there when the process began.
//!
//! Where it was closed, Rust's runtime puts `/dev/null` in its place before `main`: results would
//! vanish and nobody would know. So it is looked at before that.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Fails when it was closed.
pub(crate) fn check() -> io::Result<()> {
    if WAS_CLOSED.load(Ordering::Relaxed) {
        return Err(io::Error::other("it was closed before the command began"));
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "there is no safe way to be called before the runtime")]
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = {
    extern "C" fn look() {
        // SAFETY: the descriptor is only asked about, which tells as well that there is none.
        let stdout = unsafe { std::os::fd::BorrowedFd::borrow_raw(1) };
        let is_closed = rustix::io::fcntl_getfd(stdout) == Err(rustix::io::Errno::BADF);
        WAS_CLOSED.store(is_closed, Ordering::Relaxed);
    }
    look
};
