//! From a frame of samples to what is kept of it: the first pass. Allocates nothing for a frame.

use super::kept::{Layout, estimates_tuning, split};
use super::rows::RowWriter;
use super::tuning::Pitches;
use super::{Config, ExtractError, Feature};
use crate::convert::fft_frequencies;
use crate::error::Error;
use crate::features::chroma::Folding;
use crate::features::frames::Frame;
use crate::features::shape::{Extremes, Fit, level};
use crate::features::spectral::{self, POWER_MIN};
use crate::features::temporal;
use crate::filters::MelBank;
use crate::spectrum::{Power, Transform, decibels, double, single};

/// Computes what features share, and then each for itself.
pub(super) struct FrameExtractor {
    config: Config,
    layout: Layout,
    frequencies: Vec<f64>,
    transform: Option<(Box<dyn Transform>, Power)>,
    mel: Option<MelBank>,
    extremes: Option<Extremes>,
    fit: Option<Fit>,
    folding: Option<Folding>,
    bins: Vec<f32>,
    squares: Vec<f32>,
    bands: Vec<f32>,
    row: Vec<f32>,
    made: Made,
}

/// What the first pass leaves behind.
pub(super) struct Made {
    pub(super) rows: RowWriter,
    /// The greatest value of all mel bands, in dB.
    pub(super) loudest_db: f32,
    /// The greatest peak and valley of all contrasts, in dB.
    pub(super) extreme_db: [f64; 2],
    pub(super) pitches: Option<Pitches>,
}

impl FrameExtractor {
    pub(super) fn new(config: &Config, sample_rate: u32) -> Result<Self, Error> {
        let sr = f64::from(sample_rate);
        let has = |wanted: Feature| config.has(|feature| feature == wanted);
        let layout = Layout::new(config);
        let in_bands = !layout.decibels.is_empty() || !layout.bands.is_empty();
        let window = config.stft().centred_window()?;
        let transform = if config.has(Feature::is_of_magnitudes) || has(Feature::ChromaStft) {
            Some((double(&window), Power::Magnitude))
        } else if has(Feature::Stft) {
            Some((single(&window), Power::Magnitude))
        } else if in_bands {
            Some((single(&window), Power::Square))
        } else {
            None
        };
        let frequencies = fft_frequencies(sr, config.n_fft);
        let contrast = || Extremes::new(sr, &frequencies, &config.contrast());
        let fold = |tuning| Folding::new(sr, config.n_fft, &config.chroma(tuning));
        let folds = config.tuning.filter(|_| has(Feature::ChromaStft));
        let mel = || MelBank::new(sr, config.n_fft, &config.mel());
        let pitches = || Pitches::new(1 + config.n_fft / 2, sr);
        Ok(Self {
            transform,
            mel: in_bands.then(mel).transpose()?,
            extremes: has(Feature::SpectralContrast).then(contrast).transpose()?,
            fit: has(Feature::PolyFeatures)
                .then(|| Fit::new(&frequencies, config.order))
                .transpose()?,
            folding: folds.map(fold).transpose()?,
            bins: vec![0.0; 1 + config.n_fft / 2],
            squares: vec![0.0; 1 + config.n_fft / 2],
            bands: vec![0.0; if in_bands { config.n_mels } else { 0 }],
            row: vec![0.0; layout.width],
            made: Made {
                rows: RowWriter::new(layout.width),
                loudest_db: f32::NEG_INFINITY,
                extreme_db: [f64::NEG_INFINITY; 2],
                pitches: estimates_tuning(config).then(pitches).transpose()?,
            },
            frequencies,
            layout,
            config: config.clone(),
        })
    }

    pub(super) fn take(&mut self, frame: &Frame<'_>) -> Result<(), ExtractError> {
        self.transform(frame.samples);
        let Self { layout, row, bands, .. } = self;
        if let Some(mel) = &self.mel {
            mel.apply(&self.squares, bands);
            row[layout.bands.clone()].copy_from_slice(&bands[..layout.bands.len()]);
            if !layout.decibels.is_empty() {
                let kept = &mut row[layout.decibels.clone()];
                kept.copy_from_slice(bands);
                let loudest = decibels(kept, POWER_MIN as f32);
                self.made.loudest_db = self.made.loudest_db.max(loudest);
            }
        }
        if !layout.bins.is_empty() {
            row[layout.bins.clone()].copy_from_slice(&self.bins);
        }
        if let Some(pitches) = &mut self.made.pitches {
            pitches.hear(&self.squares)?;
        }
        for index in 0..self.config.features.len() {
            self.own(index, frame)?;
        }
        Ok(self.made.rows.push(&self.row)?)
    }

    /// The bins of the frame, and their squares where anything is made of those.
    fn transform(&mut self, samples: &[f32]) {
        match &mut self.transform {
            Some((transform, Power::Square)) => {
                transform.spectrum(samples, Power::Square, &mut self.squares);
            }
            Some((transform, Power::Magnitude)) => {
                transform.spectrum(samples, Power::Magnitude, &mut self.bins);
                for (square, magnitude) in self.squares.iter_mut().zip(&self.bins) {
                    *square = magnitude * magnitude;
                }
            }
            None => {}
        }
    }

    /// What the feature at `index` has for itself.
    fn own(&mut self, index: usize, frame: &Frame<'_>) -> Result<(), Error> {
        let place = self.layout.own[index].clone();
        if place.is_empty() {
            return Ok(());
        }
        let (bins, hz, config) = (&self.bins, &self.frequencies, &self.config);
        let row = &mut self.row[place];
        let value = match config.features[index] {
            Feature::SpectralContrast => {
                let Some(extremes) = &mut self.extremes else { return Ok(()) };
                let loudest = &mut self.made.extreme_db;
                extremes.apply(bins, |band, peak, valley| {
                    let both = [level(peak), level(valley)];
                    for (side, level) in both.into_iter().enumerate() {
                        loudest[side] = loudest[side].max(level);
                        let at = 4 * band + 2 * side;
                        row[at..at + 2].copy_from_slice(&split(level));
                    }
                });
                return Ok(());
            }
            Feature::PolyFeatures => {
                if let Some(fit) = &mut self.fit {
                    fit.apply(bins, row);
                }
                return Ok(());
            }
            Feature::ChromaStft => {
                return match &mut self.folding {
                    Some(folding) => folding.apply(&self.squares, Some(f64::INFINITY), row),
                    None => Ok(()),
                };
            }
            Feature::SpectralCentroid => spectral::centroid(bins, hz),
            Feature::SpectralBandwidth => spectral::bandwidth(bins, hz, 2.0),
            Feature::SpectralRolloff => spectral::rolloff(bins, hz, config.roll_percent),
            Feature::SpectralFlatness => spectral::flatness(bins, POWER_MIN, 2.0),
            Feature::Rms => temporal::root_mean_square(frame.samples),
            Feature::ZeroCrossingRate => temporal::crossing_rate(frame.recorded, config.n_fft),
            _ => return Ok(()),
        };
        row[0] = value as f32;
        Ok(())
    }

    /// What was made of all frames.
    pub(super) fn finish(self) -> (Config, Layout, Made) {
        (self.config, self.layout, self.made)
    }
}
