//! Why a recording cannot be decoded.

use std::io;

use super::Damage;

/// Why a recording cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes could not be read, which says nothing about the recording.
    #[error("cannot read after byte {offset}")]
    Read {
        /// Where it stopped.
        offset: u64,
        /// Why.
        source: io::Error,
    },
    /// There is not a single byte.
    #[error("it is empty: 0 bytes")]
    Empty,
    /// No demuxer knows it.
    #[error("it is no audio that can be decoded: it begins with {beginning}")]
    Unknown {
        /// Its first bytes, as text or in hexadecimal digits.
        beginning: String,
    },
    /// It is broken before the first packet.
    #[error("its header is broken near byte {offset}: {message}")]
    Header {
        /// How far it was read.
        offset: u64,
        /// What is wrong.
        message: String,
    },
    /// There is no track of audio in it.
    #[error("there is no audio in this {container} file")]
    NoAudio {
        /// What it is.
        container: &'static str,
    },
    /// The encoding is known, but cannot be decoded.
    #[error("{what} in this {container} file cannot be decoded")]
    Unsupported {
        /// What cannot be.
        what: String,
        /// What it is in.
        container: &'static str,
    },
    /// Another encoding, sample rate or number of channels begins in the middle.
    #[error("it changes its sample rate or its channels after {seconds:.3} s, near byte {offset}")]
    Changed {
        /// When.
        seconds: f64,
        /// How far it was read.
        offset: u64,
    },
    /// Not one packet could be decoded.
    #[error("nothing in it could be decoded: {0}")]
    Nothing(Damage),
}
