//! The life of the last process that had the data folder open: whether it has ended as it should.

use std::fs;

use serde::{Deserialize, Serialize};

/// The number under which it is kept.
pub(crate) const NAME: &str = "life";
/// Where Linux names the boot of the machine.
const BOOT: &str = "/proc/sys/kernel/random/boot_id";
/// No name of a boot is longer, in bytes.
const BOOT_BYTES_MAX: usize = 64;

/// One process's time with the data folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Life {
    /// No other has the same.
    pub(crate) number: u64,
    /// The boot of the machine in which it began, where the system tells.
    pub(crate) boot: Option<Box<str>>,
    /// It has not closed the folder.
    pub(crate) is_open: bool,
    /// When it closed the folder, not all was worked on that is to be watched.
    pub(crate) is_watched: bool,
}

/// The boot of this machine. Who died with the machine died over no flowfile, and what was at work
/// then may not be on the disk as it was.
pub(crate) fn boot() -> Option<Box<str>> {
    let text = fs::read_to_string(BOOT).ok()?;
    let text = text.trim();
    (!text.is_empty() && text.len() <= BOOT_BYTES_MAX).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_boot_is_the_same_as_long_as_it_lasts() {
        let first = boot();
        assert!(first.is_some());
        assert_eq!(boot(), first);
    }
}
