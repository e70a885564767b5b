//! From blocks of samples to features, in one pass and in constant memory.

use std::io;

use super::cepstrum::Cepstrum;
use super::frames::{Frame, Framer};
use super::rows::{RowReader, RowWriter};
use super::spectral::POWER_MIN;
use super::{Config, Feature, spectral, temporal};
use crate::convert::fft_frequencies;
use crate::error::Error;
use crate::filters::MelBank;
use crate::spectrum::{Power, Transform, decibels, double, single};

/// Why features cannot be extracted.
#[derive(Debug, thiserror::Error)]
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
    /// Frames could not be kept for the second pass.
    #[error("frames cannot be kept in a temporary file")]
    Temporary(#[from] io::Error),
}

/// Extracts features from the samples of one channel.
pub struct Extractor {
    framer: Framer,
    frames: FrameExtractor,
    samples: u64,
    sample_rate: u32,
}

impl Extractor {
    /// Nothing pushed yet. `sample_rate` is in Hz.
    pub fn new(config: &Config, sample_rate: u32) -> Result<Self, Error> {
        config.check(sample_rate)?;
        Ok(Self {
            framer: Framer::new(config.n_fft, config.hop_length),
            frames: FrameExtractor::new(config, sample_rate)?,
            samples: 0,
            sample_rate,
        })
    }

    /// Takes the next samples, in blocks of any size; full scale is from -1 to 1.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), ExtractError> {
        if let Some(index) = samples.iter().position(|sample| !sample.is_finite()) {
            let sample = self.samples + index as u64;
            let seconds = sample as f64 / f64::from(self.sample_rate);
            return Err(ExtractError::NotFinite { sample, seconds });
        }
        self.samples += samples.len() as u64;
        Ok(self.framer.push(samples, |frame| self.frames.take(&frame))?)
    }

    /// The features of all that was pushed: `1 + samples / hop_length` frames.
    pub fn finish(mut self) -> Result<Features, ExtractError> {
        if self.samples == 0 {
            return Err(ExtractError::Empty);
        }
        self.framer.finish(|frame| self.frames.take(&frame))?;
        Ok(self.frames.finish()?)
    }
}

struct FrameExtractor {
    config: Config,
    frequencies: Vec<f64>,
    transform: Option<(Box<dyn Transform>, Power)>,
    mel: Option<MelBank>,
    cepstrum: Cepstrum,
    bins: Vec<f32>,
    squares: Vec<f32>,
    row: Vec<f32>,
    rows: RowWriter,
    loudest_db: f32,
}

impl FrameExtractor {
    fn new(config: &Config, sample_rate: u32) -> Result<Self, Error> {
        let has = |wanted: fn(Feature) -> bool| config.features.iter().any(|&each| wanted(each));
        let in_bands = has(is_in_bands);
        let window = config.stft().centred_window()?;
        let mel = || MelBank::new(f64::from(sample_rate), config.n_fft, &config.mel());
        let transform = if has(Feature::is_spectral) {
            Some((double(&window), Power::Magnitude))
        } else if has(|feature| feature == Feature::Stft) {
            Some((single(&window), Power::Magnitude))
        } else if in_bands {
            Some((single(&window), Power::Square))
        } else {
            None
        };
        Ok(Self {
            frequencies: fft_frequencies(f64::from(sample_rate), config.n_fft),
            transform,
            mel: in_bands.then(mel).transpose()?,
            bins: vec![0.0; 1 + config.n_fft / 2],
            squares: Vec::new(),
            row: Vec::new(),
            rows: RowWriter::new(),
            loudest_db: f32::NEG_INFINITY,
            cepstrum: Cepstrum::new(config.n_mels, &config.mfcc())?,
            config: config.clone(),
        })
    }

    fn take(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        let mut powers: &[f32] = &[];
        if let Some((transform, power)) = &mut self.transform {
            transform.spectrum(frame.samples, *power, &mut self.bins);
            powers = &self.bins;
            if *power == Power::Magnitude && self.mel.is_some() {
                self.squares.clear();
                self.squares.extend(self.bins.iter().map(|magnitude| magnitude * magnitude));
                powers = &self.squares;
            }
        }
        let (bins, row, config) = (&self.bins, &mut self.row, &self.config);
        let hz = &self.frequencies;
        row.clear();
        for feature in &config.features {
            let value = match feature {
                Feature::Mfcc | Feature::Melspectrogram => {
                    let from = row.len();
                    row.resize(from + config.n_mels, 0.0);
                    let bands = row.get_mut(from..).unwrap_or_default();
                    if let Some(mel) = &self.mel {
                        mel.apply(powers, bands);
                    }
                    if *feature == Feature::Mfcc {
                        self.loudest_db = self.loudest_db.max(decibels(bands, POWER_MIN as f32));
                    }
                    continue;
                }
                Feature::Stft => {
                    row.extend_from_slice(bins);
                    continue;
                }
                Feature::SpectralCentroid => spectral::centroid(bins, hz),
                Feature::SpectralBandwidth => spectral::bandwidth(bins, hz, 2.0),
                Feature::SpectralRolloff => spectral::rolloff(bins, hz, config.roll_percent),
                Feature::SpectralFlatness => spectral::flatness(bins, POWER_MIN, 2.0),
                Feature::Rms => temporal::root_mean_square(frame.samples),
                Feature::ZeroCrossingRate => temporal::crossing_rate(frame.recorded, config.n_fft),
            };
            row.push(value as f32);
        }
        self.rows.push(&self.row)
    }

    fn finish(self) -> io::Result<Features> {
        let kept = |&feature: &Feature| kept_width(&self.config, feature);
        let width = self.config.features.iter().map(kept).sum();
        Ok(Features {
            rows: self.rows.finish(width)?,
            cepstrum: self.cepstrum,
            quietest_db: self.loudest_db - self.config.top_db as f32,
            config: self.config,
            row: Vec::new(),
        })
    }
}

fn is_in_bands(feature: Feature) -> bool {
    matches!(feature, Feature::Mfcc | Feature::Melspectrogram)
}

/// Values that are kept of `feature` between the passes: of MFCC the bands that they are made of.
fn kept_width(config: &Config, feature: Feature) -> usize {
    if feature == Feature::Mfcc { config.n_mels } else { config.width(feature) }
}

/// The features of a recording, frame by frame.
pub struct Features {
    config: Config,
    rows: RowReader,
    cepstrum: Cepstrum,
    quietest_db: f32,
    row: Vec<f32>,
}

impl Features {
    /// Frames that are still to come.
    pub fn frames_left(&self) -> u64 {
        self.rows.left()
    }

    /// The features and how many values each has in a frame, in the order of the values.
    pub fn columns(&self) -> impl Iterator<Item = (Feature, usize)> {
        self.config.features.iter().map(|&feature| (feature, self.config.width(feature)))
    }

    /// Replaces `frame` with the values of the next frame; `false` after the last.
    pub fn next_frame(&mut self, frame: &mut Vec<f32>) -> Result<bool, ExtractError> {
        frame.clear();
        if !self.rows.next(&mut self.row)? {
            return Ok(false);
        }
        let mut rest = self.row.as_mut_slice();
        for &feature in &self.config.features {
            let width = kept_width(&self.config, feature).min(rest.len());
            let (values, others) = rest.split_at_mut(width);
            rest = others;
            if feature == Feature::Mfcc {
                for band in &mut *values {
                    *band = band.max(self.quietest_db);
                }
                self.cepstrum.append(values, frame);
            } else {
                frame.extend_from_slice(values);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Feature; 9] = [
        Feature::Mfcc,
        Feature::Melspectrogram,
        Feature::Stft,
        Feature::SpectralCentroid,
        Feature::SpectralBandwidth,
        Feature::SpectralRolloff,
        Feature::SpectralFlatness,
        Feature::Rms,
        Feature::ZeroCrossingRate,
    ];

    fn frames(config: &Config, samples: &[f32]) -> Vec<Vec<f32>> {
        let mut extractor = Extractor::new(config, 8_000).unwrap();
        extractor.push(samples).unwrap();
        let mut features = extractor.finish().unwrap();
        let (mut frame, mut all) = (Vec::new(), Vec::new());
        while features.next_frame(&mut frame).unwrap() {
            all.push(frame.clone());
        }
        all
    }

    fn noise(count: u32) -> Vec<f32> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state) / f64::from(u32::MAX) - 0.5
        };
        (0..count).map(|_| next() as f32).collect()
    }

    #[test]
    fn a_feature_is_the_same_alone_and_among_others() {
        let samples = noise(5_000);
        let together = Config { features: ALL.to_vec(), ..Config::default() };
        let together = frames(&together, &samples);
        assert_eq!(together.len(), 1 + 5_000 / 512);
        let mut from = 0;
        for feature in ALL {
            let config = Config { features: vec![feature], ..Config::default() };
            for (frame, values) in together.iter().zip(frames(&config, &samples)) {
                assert_eq!(values.len(), config.width(feature));
                for (a, b) in frame[from..].iter().zip(&values) {
                    // Others may ask for more precision than the feature needs.
                    assert!((a - b).abs() <= 1e-4 * b.abs().max(1.0), "{feature:?}: {a} {b}");
                }
            }
            from += config.width(feature);
        }
    }

    #[test]
    fn the_quiet_is_cut_relative_to_the_loudest_of_all() {
        let mut samples = vec![0.0; 20_000];
        samples.extend(noise(4_000));
        let config = Config { n_mfcc: 1, ..Config::default() };
        let silent = frames(&config, &samples)[0][0];
        // Silence alone is at -100 dB in every band, and sqrt(128) of that in the coefficient.
        assert!(silent > -100.0 * 128_f32.sqrt() + 1.0, "{silent}");
        assert!((frames(&config, &[0.0; 4_000])[0][0] + 100.0 * 128_f32.sqrt()).abs() < 1e-3);
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_place() {
        let mut extractor = Extractor::new(&Config::default(), 8_000).unwrap();
        extractor.push(&[0.0; 4_000]).unwrap();
        let error = extractor.push(&[0.0, f32::NAN]).unwrap_err();
        assert_eq!(error.to_string(), "sample 4001, at 0.500 s, is not a finite number");
        let extractor = Extractor::new(&Config::default(), 8_000).unwrap();
        assert!(matches!(extractor.finish().err().unwrap(), ExtractError::Empty));
    }

    #[test]
    fn a_recording_shorter_than_a_hop_has_one_frame() {
        let config = Config { features: ALL.to_vec(), ..Config::default() };
        let all = frames(&config, &[0.5]);
        assert_eq!(all.len(), 1);
        assert!(all[0].iter().all(|value| value.is_finite()));
    }
}
