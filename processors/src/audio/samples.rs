//! Decoded samples as bytes, made while they are read: the audio library's, whose failures are
//! those of a processor here.

use std::io::{self, Read};

use tutti_audio::decode::Decoder;
use tutti_audio::wav::{self, SampleFormat, SamplesError};
use tutti_sdk::ProcessError;
use tutti_sdk::derive::DerivedRead;

use super::{cannot_decode, damaged};

/// The samples of a recording as bytes.
pub(crate) struct Samples(wav::Samples);

impl Samples {
    /// All samples alone, the lowest byte of each first, channels interleaved.
    pub(crate) fn raw(decoder: Decoder, format: SampleFormat) -> Self {
        Self(wav::Samples::raw(decoder, format))
    }

    /// A WAV file of a recording of so many `frames`, samples of each channel. Of one that turns
    /// out to have fewer the rest is silence; one that has more cannot be read to its end.
    pub(crate) fn wav(decoder: Decoder, format: SampleFormat, frames: u64) -> Self {
        Self(wav::Samples::wav(decoder, format, frames))
    }

    /// What makes them.
    pub(crate) fn decoder(&self) -> &Decoder {
        self.0.decoder()
    }

    /// Whether there is more of the recording than the header says.
    pub(crate) fn is_longer(&self) -> bool {
        self.0.is_longer()
    }

    /// Whether the recording, now that it was read to its end, is shorter than the header says.
    pub(crate) fn is_shorter(&self) -> bool {
        self.0.is_shorter()
    }
}

impl Read for Samples {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.downcast() {
            Ok(SamplesError::Decode(error)) => io::Error::other(cannot_decode(error)),
            Ok(error @ SamplesError::Longer) => {
                let help = "set \"Output\" of DecodeAudio to WAV, so that it is measured first";
                let longer = ProcessError::user("cannot decode the recording").caused_by(error);
                io::Error::other(longer.with_help(help).of_content())
            }
            Err(error) => error,
        })
    }
}

impl DerivedRead for Samples {
    fn remark(&self) -> Option<String> {
        damaged(self.decoder().damage())
    }
}
