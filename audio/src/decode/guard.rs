//! Panics of symphonia, as errors.
//!
//! It takes some numbers of a file for what they cannot be, and panics where they are something
//! else: fuzzing found a position in an MPEG-4 file that no memory has. What panicked while packets
//! were read or decoded is not asked again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use symphonia::core::errors::{Error, Result};

/// Stands for a panic; the module is left out as of all messages.
const GAVE_UP: &str = "symphonia: the decoder gave up on what it found there";

/// What `work` gives, or an error where it panics.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Error::DecodeError(GAVE_UP)))
}

/// Whether an error was a panic.
pub(super) fn gave_up(error: &Error) -> bool {
    matches!(error, Error::DecodeError(message) if *message == GAVE_UP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(guarded(|| Ok(7)).unwrap(), 7);
        let error = guarded::<()>(|| panic!("a number")).unwrap_err();
        assert!(gave_up(&error), "{error}");
        assert!(!gave_up(&guarded::<()>(|| Err(Error::DecodeError("broken"))).unwrap_err()));
    }
}
