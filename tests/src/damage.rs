//! Damage to files, as a failing disk or a careless hand does it.

use std::fs;
use std::io;
use std::path::Path;

use crate::ledger::files;
use crate::seed::Random;

/// What happens to a file.
#[derive(Debug, Clone, Copy)]
pub enum Damage {
    /// One bit at this place is another.
    Flip {
        /// Which byte.
        offset: u64,
        /// Which of its bits, 0 being the lowest.
        bit: u8,
    },
    /// Its end is missing.
    Cut {
        /// How many bytes are left.
        length: u64,
    },
    /// All its bytes are zero.
    Zero,
    /// It is not there.
    Remove,
}

impl Damage {
    /// A few of each kind for a file of `length` bytes; an empty one can only be removed.
    pub fn some(length: u64, random: &mut Random) -> Vec<Self> {
        if length == 0 {
            return vec![Self::Remove];
        }
        let mut all = vec![Self::Remove, Self::Zero];
        all.extend([Self::Cut { length: 0 }, Self::Cut { length: length - 1 }]);
        all.push(Self::Cut { length: random.below(length) });
        for _ in 0..3 {
            all.push(Self::Flip { offset: random.below(length), bit: random.below(8) as u8 });
        }
        all
    }

    /// Does it to the file at `path`.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn apply(self, path: &Path) -> io::Result<()> {
        let mut bytes = fs::read(path)?;
        if let Self::Remove = self {
            return fs::remove_file(path);
        }
        match self {
            Self::Flip { offset, bit } => {
                if let Some(byte) = bytes.get_mut(offset as usize) {
                    *byte ^= 1 << bit;
                }
            }
            Self::Cut { length } => bytes.truncate(length as usize),
            Self::Zero => bytes.fill(0),
            Self::Remove => {}
        }
        fs::write(path, bytes)
    }
}

/// Copies a folder with everything in it to a place where there is nothing yet.
///
/// # Errors
/// Whatever the disk says.
pub fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    for path in files(from)? {
        let Ok(name) = path.strip_prefix(from) else { continue };
        let copy = to.join(name);
        fs::create_dir_all(copy.parent().unwrap_or(to))?;
        fs::copy(&path, copy)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_damage_changes_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut random = Random::from_environment("each damage", 1);
        for damage in Damage::some(5, &mut random) {
            fs::write(&path, b"hello").unwrap();
            damage.apply(&path).unwrap();
            assert_ne!(fs::read(&path).unwrap_or_default(), b"hello", "{damage:?}");
        }
    }
}
