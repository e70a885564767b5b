//! Decoded samples as bytes, made while they are read.
//!
//! Keeps one packet at a time, wherever the recording ends.

use std::io::{self, Read};

use super::{SampleFormat, header};
use crate::decode::{DecodeError, Decoder};

/// Samples of each channel that are filled in at a time.
const FILLED_FRAMES: u64 = 4_096;

/// Why the bytes cannot be made; what [`Samples`] fails with is this.
#[derive(Debug, thiserror::Error)]
pub enum SamplesError {
    /// The recording cannot be decoded.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The header has said less than there is.
    #[error("there is more of it than its packets say")]
    Longer,
}

/// The samples of a recording as bytes.
pub struct Samples {
    decoder: Decoder,
    format: SampleFormat,
    /// How many samples of each channel of the recording a header says; none without a header.
    stated: Option<u64>,
    /// What comes after the last packet, in bytes.
    after: Option<After>,
    block: Vec<f32>,
    bytes: Vec<u8>,
    /// How many of `bytes` were read.
    taken: usize,
    /// Samples of each channel that were given, resampled.
    given: u64,
}

/// What makes up for what the header says and the recording does not have.
struct After {
    silence: u64,
    padding: bool,
}

impl Samples {
    /// All samples alone, the lowest byte of each first, channels interleaved.
    pub fn raw(decoder: Decoder, format: SampleFormat) -> Self {
        Self {
            decoder,
            format,
            stated: None,
            after: None,
            block: Vec::new(),
            bytes: Vec::new(),
            taken: 0,
            given: 0,
        }
    }

    /// A WAV file of a recording of so many `frames`, samples of each channel. Of one that turns
    /// out to have fewer the rest is silence; one that has more cannot be read to its end.
    pub fn wav(decoder: Decoder, format: SampleFormat, frames: u64) -> Self {
        let given = decoder.given_for(frames);
        let header = header(format, given, decoder.sample_rate(), decoder.channels());
        Self { stated: Some(frames), bytes: header, ..Self::raw(decoder, format) }
    }

    /// What makes them.
    pub fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    /// Whether there is more of the recording than the header says.
    pub fn is_longer(&self) -> bool {
        self.stated.is_some_and(|stated| self.decoder.frames() > stated)
    }

    /// Whether the recording, now that it was read to its end, is shorter than the header says.
    pub fn is_shorter(&self) -> bool {
        self.stated.is_some_and(|stated| self.decoder.frames() < stated)
    }

    /// Makes the next bytes; none at the end.
    fn advance(&mut self) -> Result<(), SamplesError> {
        self.bytes.clear();
        self.taken = 0;
        if self.after.is_none() {
            if self.decoder.read(&mut self.block)? {
                self.check_length()?;
                self.given += self.block.len() as u64 / u64::from(self.decoder.channels().max(1));
                self.format.append(&self.block, &mut self.bytes);
                return Ok(());
            }
            self.after = Some(self.at_the_end());
        }
        let frame = self.frame_bytes();
        let Some(after) = &mut self.after else { return Ok(()) };
        if after.silence > 0 {
            let filled = after.silence.min(FILLED_FRAMES);
            after.silence -= filled;
            self.bytes.resize(filled as usize * frame, 0);
        } else if std::mem::take(&mut after.padding) {
            self.bytes.push(0);
        }
        Ok(())
    }

    fn at_the_end(&self) -> After {
        let Some(stated) = self.stated else { return After { silence: 0, padding: false } };
        let all = self.decoder.given_for(stated);
        let is_odd = all % 2 == 1 && self.frame_bytes() % 2 == 1;
        After { silence: all.saturating_sub(self.given), padding: is_odd }
    }

    fn frame_bytes(&self) -> usize {
        usize::from(self.decoder.channels()) * usize::from(self.format.bytes())
    }

    fn check_length(&self) -> Result<(), SamplesError> {
        if self.is_longer() { Err(SamplesError::Longer) } else { Ok(()) }
    }
}

impl Read for Samples {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.bytes.len() {
            self.advance().map_err(io::Error::other)?;
        }
        let left = self.bytes.get(self.taken..).unwrap_or_default();
        let count = left.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), left.get(..count)) {
            to.copy_from_slice(from);
        }
        self.taken += count;
        Ok(count)
    }
}
