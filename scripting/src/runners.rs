//! The languages that scripts are written in, and the components that run them.

use std::io::{self, Read};

use sha2::{Digest, Sha256};
use tutti_sdk::property::Choice;

/// A language of scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub(crate) enum Language {
    /// Python 3, with its standard library, NumPy's arrays and librosa's functions.
    #[choice("Python")]
    Python,
    /// JavaScript as of ECMAScript 2023; of TypeScript the types are left out.
    #[choice("JavaScript")]
    JavaScript,
}

/// Bytes that a runner can have unpacked.
const RUNNER_BYTES_MAX: u64 = 256 << 20;

impl Language {
    /// What errors call a script.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Self::Python => "script.py",
            Self::JavaScript => "script.js",
        }
    }

    /// Its runner, packed; `cargo xtask runners` makes it anew.
    fn packed(self) -> &'static [u8] {
        match self {
            Self::Python => include_bytes!("../runners/python.wasm.xz"),
            Self::JavaScript => include_bytes!("../runners/javascript.wasm.xz"),
        }
    }

    /// What its runner is known by.
    pub(crate) fn digest(self) -> String {
        crate::cache::hex(&Sha256::digest(self.packed()))
    }

    /// Its runner.
    pub(crate) fn unpacked(self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let reader = lzma_rust2::XzReader::new(self.packed(), false);
        reader.take(RUNNER_BYTES_MAX).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
