//! Decoded audio on demand, for readers that want bytes: a WAV file of 32-bit floating point
//! numbers.

use std::io::Read;

use tutti_audio::wav::SampleFormat;
use tutti_sdk::ProcessError;
use tutti_sdk::derive::Deriver;
use tutti_sdk::host::ReadSeek;

use super::{FRAMES, Recipe, Recording, cannot_keep};

/// Makes a WAV file from an encoded recording.
pub(crate) struct Frames;

impl Deriver for Frames {
    fn kind(&self) -> &'static str {
        FRAMES
    }

    fn open(
        &self,
        source: Box<dyn ReadSeek>,
        recipe: &str,
    ) -> Result<Box<dyn Read + Send + Sync>, ProcessError> {
        let recipe = Recipe::parse(recipe)?;
        let source = Recording::measured(source).map_err(|error| {
            ProcessError::external("cannot read the recording").caused_by(error)
        })?;
        let mut decoder = super::open(source, recipe)?;
        let samples = super::samples(&mut decoder, SampleFormat::Float32)?;
        let wav =
            samples.into_wav(decoder.sample_rate(), decoder.channels()).map_err(cannot_keep)?;
        Ok(Box::new(wav))
    }
}
