//! From the bytes of a recording to samples.
//!
//! Formats are told by content, never by name. Whatever the bytes say, memory stays bounded and
//! damage is told: nothing is left out in silence.

mod capacity;
mod container;
mod damage;
mod decoder;
mod demuxer;
mod error;
mod guard;
mod id3;
mod info;
mod load;
mod matroska;
mod mix;
mod mp4;
mod ogg;
mod refusal;
mod rf64;
mod riff;
mod scan;
mod shown;
mod source;
mod tags;
mod trim;
mod unfinished;

pub use damage::{Damage, DamagedPacket};
pub use decoder::Decoder;
pub use error::DecodeError;
pub use info::StreamInfo;
pub use load::{Load, LoadError, Loaded, load};
pub use scan::{Scanned, scan};
pub use source::Source;

/// What decoding is to give.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether the channels are averaged to one, as `librosa.to_mono` does.
    pub mono: bool,
    /// In Hz, from 1,000 to 768,000; the recording's own where there is none.
    pub sample_rate: Option<u32>,
}
