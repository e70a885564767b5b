//! What is told of a recording as a whole: tempo, beats, onsets, loudness.

use super::kept::Layout;
use super::rows::RowReader;
use super::select::Rows;
use super::{Config, ExtractError, Feature};
use crate::beat::{BeatTrack, beat_track};
use crate::error::Error;
use crate::features::{Tempo, tempo_of_envelope};
use crate::loudness::Loudness;
use crate::onset::{OnsetDetect, OnsetStrength, Rise, onset_detect};
use crate::util::Aggregate;

/// The features of a recording as a whole; those that are not of the plan are not there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OfRecording {
    /// In beats a minute; none in silence.
    pub tempo: Option<f64>,
    /// The beats.
    pub beat_track: Option<Beats>,
    /// Where notes begin, in seconds.
    pub onset_detect: Option<Vec<f64>>,
    /// By EBU R 128.
    pub loudness: Option<Loudness>,
}

/// A tempo and beats.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beats {
    /// In beats a minute; 0 where nothing begins.
    pub tempo: f64,
    /// In seconds.
    pub beats: Vec<f64>,
}

/// How much the mel bands rise at each frame: four bytes of each.
#[derive(Default)]
pub(super) struct Envelopes {
    /// The mean of all bands.
    mean: Vec<f32>,
    /// Their median, as beats are tracked in.
    median: Vec<f32>,
}

impl Envelopes {
    /// Of the kept mel bands, which are cut at `quietest_db`.
    pub(super) fn of(
        config: &Config,
        layout: &Layout,
        rows: &mut RowReader,
        quietest_db: f32,
    ) -> Result<Self, ExtractError> {
        let has = |wanted: Feature| config.has(|feature| feature == wanted);
        let mut envelopes = Self::default();
        if !config.has(Feature::is_of_onsets) {
            return Ok(envelopes);
        }
        let options = OnsetStrength::default();
        let centre = if config.center { config.n_fft / (2 * config.hop_length) } else { 0 };
        let shift = options.lag + centre;
        let count = rows.count() as usize;
        let is_of_mean = |feature: Feature| feature.is_of_onsets() && feature != Feature::BeatTrack;
        let means = if config.has(is_of_mean) { count } else { 0 };
        let medians = if has(Feature::BeatTrack) { count } else { 0 };
        envelopes.mean.resize(means, 0.0);
        envelopes.median.resize(medians, 0.0);
        let mut rise = Rise::new(options.max_size);
        let (mut earlier, mut row) = (Vec::new(), Vec::new());
        for later in 0..count {
            rows.next(&mut row)?;
            let bands = &mut row[layout.decibels.clone()];
            for band in bands.iter_mut() {
                *band = band.max(quietest_db);
            }
            let at = later + shift - options.lag;
            if later > 0 && at < count {
                rise.apply(&earlier, bands);
                for (envelope, aggregate) in [
                    (&mut envelopes.mean, Aggregate::Mean),
                    (&mut envelopes.median, Aggregate::Median),
                ] {
                    if let Some(place) = envelope.get_mut(at) {
                        *place = rise.aggregated(0..bands.len(), aggregate);
                    }
                }
            }
            earlier.clear();
            earlier.extend_from_slice(bands);
        }
        Ok(envelopes)
    }

    /// What is made of them, and of loudness.
    pub(super) fn of_recording(
        &self,
        config: &Config,
        sr: f64,
        loudness: Option<Loudness>,
    ) -> Result<OfRecording, Error> {
        let mut found = OfRecording { loudness, ..OfRecording::default() };
        let hop_length = config.hop_length;
        let seconds = |frames: Vec<usize>| -> Vec<f64> {
            frames.into_iter().map(|frame| (frame * hop_length) as f64 / sr).collect()
        };
        let is_silent = self.mean.iter().all(|&value| value == 0.0);
        for feature in &config.features {
            match feature {
                Feature::Tempo if !is_silent => {
                    let tempo = Tempo::default();
                    found.tempo = Some(tempo_of_envelope(&self.mean, sr, hop_length, &tempo)?);
                }
                Feature::BeatTrack => {
                    let options = BeatTrack::default();
                    let (tempo, frames) = beat_track(&self.median, sr, hop_length, &options)?;
                    found.beat_track = Some(Beats { tempo, beats: seconds(frames) });
                }
                Feature::OnsetDetect => {
                    let options = OnsetDetect::default();
                    let frames = onset_detect(&self.mean, sr, hop_length, &options)?;
                    found.onset_detect = Some(seconds(frames));
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// The strength of each frame.
    pub(super) fn into_onset_strength(self) -> Vec<f32> {
        self.mean
    }
}
