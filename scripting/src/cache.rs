//! Compiled components on disk, so that each is compiled once.
//!
//! An entry is named by what was compiled and by what it depends on of the engine, and begins with
//! a digest of the rest. What does not fit is compiled again: machine code from elsewhere would run
//! outside of any sandbox. For the same reason the folder and each entry must be this user's, and
//! nobody else may write to them.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

/// What an entry begins with; the version counts changes of this format.
const MAGIC: &[u8; 16] = b"tutti-compiled-1";
const DIGEST_BYTES: usize = 32;
const HEAD_BYTES: usize = MAGIC.len() + DIGEST_BYTES;
/// Bytes that an entry may have.
const ENTRY_BYTES_MAX: u64 = 1 << 30;

pub(crate) struct Cache {
    folder: Option<PathBuf>,
    compatibility: String,
}

/// Digits of some bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Cache {
    pub(crate) fn new(folder: Option<PathBuf>, compatibility: String) -> Self {
        Self { folder, compatibility }
    }

    /// The component whose source has `digest`; `source` gives its bytes, if it must be compiled,
    /// which takes seconds.
    ///
    /// # Errors
    /// When it is no component, or cannot be compiled. A cache that cannot be read or written is
    /// done without.
    pub(crate) fn component(
        &self,
        engine: &Engine,
        digest: &str,
        source: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> wasmtime::Result<Component> {
        let entry = self.folder.as_ref().map(|folder| self.entry(folder, digest));
        if let Some(compiled) = entry.as_deref().and_then(|entry| read(entry).ok()) {
            // SAFETY: the bytes are as this program wrote them into a folder that only its user
            // may write to, by an engine of the same version and settings.
            #[expect(unsafe_code, reason = "compiling again takes seconds; measured in adr/0032")]
            let found = unsafe { Component::deserialize(engine, &compiled) };
            if let Ok(component) = found {
                return Ok(component);
            }
        }
        let source = source().map_err(wasmtime::Error::from)?;
        let compiled = engine.precompile_component(&source)?;
        if let Some(entry) = entry {
            // The next start compiles it once more; nothing else is lost.
            let _ = write(&entry, &compiled);
        }
        // SAFETY: the engine made it a moment ago.
        #[expect(unsafe_code, reason = "what was compiled for the cache is not compiled twice")]
        unsafe {
            Component::deserialize(engine, &compiled)
        }
    }

    fn entry(&self, folder: &Path, digest: &str) -> PathBuf {
        let mut of = Sha256::new();
        of.update(digest);
        of.update(&self.compatibility);
        folder.join(format!("{}.compiled", hex(&of.finalize())))
    }
}

fn foreign(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Fails for what somebody else could have written.
fn own(about: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if about.uid() != rustix::process::geteuid().as_raw() || about.mode() & 0o022 != 0 {
            return Err(foreign("others can write to it"));
        }
    }
    Ok(())
}

fn read(entry: &Path) -> io::Result<Vec<u8>> {
    if let Some(folder) = entry.parent() {
        own(&fs::metadata(folder)?)?;
    }
    let mut file = File::open(entry)?;
    let about = file.metadata()?;
    own(&about)?;
    if about.len() > ENTRY_BYTES_MAX {
        return Err(foreign("it is too large"));
    }
    let mut head = [0; HEAD_BYTES];
    file.read_exact(&mut head)?;
    let mut compiled = Vec::with_capacity(about.len() as usize);
    file.take(ENTRY_BYTES_MAX).read_to_end(&mut compiled)?;
    let (magic, digest) = head.split_at(MAGIC.len());
    if magic != MAGIC || *digest != *Sha256::digest(&compiled) {
        return Err(foreign("it is not as it was written"));
    }
    Ok(compiled)
}

fn write(entry: &Path, compiled: &[u8]) -> io::Result<()> {
    let Some(folder) = entry.parent() else { return Ok(()) };
    let mut made = fs::DirBuilder::new();
    made.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
    made.create(folder)?;
    own(&fs::metadata(folder)?)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(MAGIC)?;
    file.write_all(&Sha256::digest(compiled))?;
    file.write_all(compiled)?;
    file.persist(entry)?;
    Ok(())
}
