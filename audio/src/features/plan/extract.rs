//! From blocks of samples to features, in one pass.

use std::io;

use super::constant_q::Samples;
use super::frame::FrameExtractor;
use super::{Config, Feature, Features};
use crate::error::Error;
use crate::features::frames::Framer;
use crate::loudness::Meter;

/// Why features cannot be extracted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// A sample is infinite or not a number.
    #[error("sample {sample}, at {seconds:.3} s, is not a finite number")]
    NotFinite {
        /// Its index.
        sample: u64,
        /// Where it lies, in seconds.
        seconds: f64,
    },
    /// There is nothing to extract from.
    #[error("the recording has no samples")]
    Empty,
    /// There is not one frame.
    #[error("the recording has {samples} samples, but a frame that is not centred has {needed}")]
    TooShort {
        /// How many there are.
        samples: u64,
        /// How many a frame has.
        needed: usize,
    },
    /// It does not fit into memory.
    #[error(
        "{feature} needs all samples of a recording in memory, and it has more than {most}; let \
         it be resampled, or cut into parts"
    )]
    TooLong {
        /// The feature's name.
        feature: &'static str,
        /// How many samples there may be.
        most: usize,
    },
    /// Its samples are so large that what is made of them is not.
    #[error("a feature of frame {frame} is not a finite number: its samples are too large")]
    Overflow {
        /// Its index.
        frame: u64,
    },
    /// What is made of all of it cannot be made.
    #[error("a feature of the whole recording cannot be computed")]
    Signal(#[from] Error),
    /// Frames could not be kept for the passes after the first.
    #[error("frames cannot be kept in a temporary file")]
    Temporary(#[from] io::Error),
}

/// Extracts features from samples, whose channels are averaged.
pub struct Extractor {
    framer: Framer,
    frames: FrameExtractor,
    samples: Option<Samples>,
    meter: Option<Meter>,
    mono: Vec<f32>,
    channels: usize,
    count: u64,
    sample_rate: u32,
}

impl Extractor {
    /// Nothing pushed yet, of one channel. `sample_rate` is in Hz.
    ///
    /// # Errors
    /// A parameter is out of its range at that sample rate.
    pub fn new(config: &Config, sample_rate: u32) -> Result<Self, Error> {
        Self::with_channels(config, sample_rate, 1)
    }

    /// The same of so many channels, at least 1: their mean is what features are extracted from,
    /// and loudness is that of each.
    ///
    /// # Errors
    /// As [`Extractor::new`].
    pub fn with_channels(config: &Config, sample_rate: u32, channels: u16) -> Result<Self, Error> {
        config.check(sample_rate)?;
        let channels = usize::from(channels.max(1));
        let meter = || Meter::new(f64::from(sample_rate), channels);
        let whole = config.features.iter().find(|feature| feature.needs_all_samples());
        let pad_mode = config.center.then_some(config.pad_mode);
        Ok(Self {
            framer: Framer::padded_with(config.n_fft, config.hop_length, pad_mode),
            frames: FrameExtractor::new(config, sample_rate)?,
            samples: whole.map(|feature| Samples::new(feature.name())),
            meter: config.has(|each| each == Feature::Loudness).then(meter).transpose()?,
            mono: Vec::new(),
            channels,
            count: 0,
            sample_rate,
        })
    }

    /// Takes the next samples, in blocks of any size, with whole frames of all channels; full scale
    /// is from -1 to 1.
    ///
    /// # Errors
    /// A sample is not finite; frames cannot be kept.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), ExtractError> {
        if let Some(index) = samples.iter().position(|sample| !sample.is_finite()) {
            let sample = self.count + (index / self.channels) as u64;
            let seconds = sample as f64 / f64::from(self.sample_rate);
            return Err(ExtractError::NotFinite { sample, seconds });
        }
        if let Some(meter) = &mut self.meter {
            meter.push(samples)?;
        }
        let mut mono = samples;
        if self.channels > 1 {
            let mean = |frame: &[f32]| frame.iter().sum::<f32>() / self.channels as f32;
            self.mono.clear();
            self.mono.extend(samples.chunks_exact(self.channels).map(mean));
            mono = &self.mono;
        }
        self.count += mono.len() as u64;
        if let Some(samples) = &mut self.samples {
            samples.push(mono)?;
        }
        self.framer.push(mono, |frame| self.frames.take(&frame))
    }

    /// The features of all that was pushed: `1 + samples / hop_length` frames where they are
    /// centred.
    ///
    /// # Errors
    /// There are no samples, or too few for a frame; what was kept cannot be read; what is made of
    /// all of a recording cannot be made of this one.
    pub fn finish(mut self) -> Result<Features, ExtractError> {
        if self.count == 0 {
            return Err(ExtractError::Empty);
        }
        self.framer.finish(|frame| self.frames.take(&frame))?;
        let (config, layout, made) = self.frames.finish();
        if made.rows.count() == 0 {
            return Err(ExtractError::TooShort { samples: self.count, needed: config.n_fft });
        }
        let sr = f64::from(self.sample_rate);
        let whole = self.samples.map(|samples| samples.transform(&config, sr)).transpose()?;
        Features::new(config, sr, layout, made, whole, self.meter.map(Meter::finish))
    }
}
