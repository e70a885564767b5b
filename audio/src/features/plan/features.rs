//! The features of a recording, frame by frame: the passes after the first.

use super::config::LAGS;
use super::frame::Made;
use super::kept::{Layout, joined};
use super::recording::Envelopes;
use super::rows::RowReader;
use super::select::Rows;
use super::{Config, ExtractError, Feature, OfRecording};
use crate::features::cepstrum::Cepstrum;
use crate::features::chroma::Folding;
use crate::features::rhythm::Lags;
use crate::features::shape::TOP_DB;
use crate::filters::Window;
use crate::loudness::Loudness;
use crate::matrix::Matrix;

/// The features of a recording, frame by frame, as often as is wanted.
pub struct Features {
    config: Config,
    layout: Layout,
    rows: RowReader,
    row: Vec<f32>,
    cepstrum: Cepstrum,
    quietest_db: f32,
    /// The least peak and the least valley of contrasts that count, in dB.
    least_db: [f64; 2],
    folding: Option<Folding>,
    squares: Vec<f32>,
    onset_strength: Vec<f32>,
    lags: Option<Lags>,
    /// For each feature of the plan, where it is made of all samples.
    whole: Vec<Option<Matrix<f32>>>,
    of_recording: OfRecording,
}

impl Features {
    pub(super) fn new(
        config: Config,
        sr: f64,
        layout: Layout,
        made: Made,
        whole: Option<Vec<Option<Matrix<f32>>>>,
        loudness: Option<Loudness>,
    ) -> Result<Self, ExtractError> {
        let mut rows = made.rows.finish()?;
        let quietest_db = made.loudest_db - config.top_db as f32;
        let envelopes = Envelopes::of(&config, &layout, &mut rows, quietest_db)?;
        rows.rewind()?;
        let of_recording = envelopes.of_recording(&config, sr, loudness)?;
        let has = |wanted: Feature| config.has(|feature| feature == wanted);
        let lags = || Lags::new(LAGS, true, &Window::Hann, Some(f64::INFINITY));
        let tuning = made.pitches.map(|pitches| pitches.tuning(config.n_chroma)).transpose()?;
        let fold = |tuning| Folding::new(sr, config.n_fft, &config.chroma(tuning));
        Ok(Self {
            cepstrum: Cepstrum::new(config.n_mels, &config.mfcc())?,
            quietest_db,
            least_db: made.extreme_db.map(|loudest| loudest - TOP_DB),
            folding: tuning.map(fold).transpose()?,
            squares: vec![0.0; layout.bins.len()],
            lags: has(Feature::Tempogram).then(lags).transpose()?,
            onset_strength: envelopes.into_onset_strength(),
            row: Vec::with_capacity(layout.width),
            whole: whole.unwrap_or_default(),
            config,
            layout,
            rows,
            of_recording,
        })
    }

    /// All frames.
    pub fn frames(&self) -> u64 {
        self.rows.count()
    }

    /// Frames that are still to come.
    pub fn frames_left(&self) -> u64 {
        self.rows.left()
    }

    /// The features of the plan, in its order.
    pub fn plan(&self) -> &[Feature] {
        &self.config.features
    }

    /// The features of a frame and how many values each has in it, in the order of the values.
    pub fn columns(&self) -> impl Iterator<Item = (Feature, usize)> {
        let of_frame = self.config.features.iter().filter(|feature| !feature.is_of_recording());
        of_frame.map(|&feature| (feature, self.config.width(feature)))
    }

    /// The features of the recording as a whole.
    pub fn of_recording(&self) -> &OfRecording {
        &self.of_recording
    }

    /// The first frame is the next one.
    ///
    /// # Errors
    /// What was kept cannot be read.
    pub fn rewind(&mut self) -> Result<(), ExtractError> {
        Ok(self.rows.rewind()?)
    }

    /// Replaces `frame` with the values of the next frame; `false` after the last.
    ///
    /// # Errors
    /// What was kept cannot be read; a value is not finite.
    pub fn next_frame(&mut self, frame: &mut Vec<f32>) -> Result<bool, ExtractError> {
        frame.clear();
        let index = self.rows.count() - self.rows.left();
        if !self.rows.next(&mut self.row)? {
            return Ok(false);
        }
        for band in &mut self.row[self.layout.decibels.clone()] {
            *band = band.max(self.quietest_db);
        }
        for place in 0..self.config.features.len() {
            self.append(place, index as usize, frame)?;
        }
        if frame.iter().any(|value| !value.is_finite()) {
            return Err(ExtractError::Overflow { frame: index });
        }
        Ok(true)
    }

    /// Appends the values of the feature at `place` of the plan.
    fn append(
        &mut self,
        place: usize,
        index: usize,
        frame: &mut Vec<f32>,
    ) -> Result<(), ExtractError> {
        let (layout, row) = (&self.layout, &self.row);
        let own = &row[layout.own[place].clone()];
        if let Some(Some(whole)) = self.whole.get(place) {
            frame.extend_from_slice(whole.column(index));
            return Ok(());
        }
        let feature = self.config.features[place];
        let from = frame.len();
        match feature {
            Feature::Mfcc => self.cepstrum.append(&row[layout.decibels.clone()], frame),
            Feature::Melspectrogram => frame.extend_from_slice(&row[layout.bands.clone()]),
            Feature::Stft => frame.extend_from_slice(&row[layout.bins.clone()]),
            Feature::OnsetStrength => frame.extend(self.onset_strength.get(index)),
            Feature::Tempogram => {
                frame.resize(from + LAGS, 0.0);
                if let Some(lags) = &mut self.lags {
                    lags.apply(&self.onset_strength, index, &mut frame[from..])?;
                }
            }
            Feature::SpectralContrast => {
                let differences = own.as_chunks().0.iter().map(|&[a, b, c, d]| {
                    let [peak, valley] = [joined([a, b]), joined([c, d])];
                    (peak.max(self.least_db[0]) - valley.max(self.least_db[1])) as f32
                });
                frame.extend(differences);
            }
            Feature::ChromaStft if self.folding.is_some() => {
                for (square, bin) in self.squares.iter_mut().zip(&row[layout.bins.clone()]) {
                    *square = bin * bin;
                }
                frame.resize(from + self.config.n_chroma, 0.0);
                if let Some(folding) = &mut self.folding {
                    folding.apply(&self.squares, Some(f64::INFINITY), &mut frame[from..])?;
                }
            }
            _ => frame.extend_from_slice(own),
        }
        Ok(())
    }
}
