//! `librosa.core.pitch`: fundamental frequencies, peaks of spectra, tuning.

use tutti_audio::Matrix;
use tutti_audio::pitch::{self, Piptrack, Pyin, Yin};

use crate::arguments::{In, Samples, group};
use crate::limits::{fits, fits_frames};
use crate::options::pad_mode;
use crate::problem::Answer;
use crate::table::{Function, table};

group! {
    /// `fmin, fmax, frame_length, hop_length, pad_mode`; not centred without the latter.
    pub(crate) struct YinArgument(f64, f64, usize, Option<usize>, Option<String>);
}

impl YinArgument {
    fn yin(self) -> Answer<Yin> {
        let Self(fmin, fmax, frame_length, hop_length, mode) = self;
        let pad_mode = mode.as_deref().map(pad_mode).transpose()?;
        Ok(Yin { fmin, fmax, frame_length, hop_length, pad_mode })
    }
}

/// The fundamental frequency of each frame.
fn yin(y: Samples<'_>, sr: f64, options: YinArgument, trough_threshold: f64) -> Answer<Vec<f64>> {
    let options = options.yin()?;
    Ok(pitch::yin(&y, sr, &options, trough_threshold)?)
}

group! {
    /// `n_thresholds, beta_parameters, boltzmann_parameter, resolution, max_transition_rate,
    /// switch_prob, no_trough_prob, fill_na, transition_min_prob`.
    pub(crate) struct PyinArgument(usize, (f64, f64), f64, f64, f64, f64, f64, Option<f64>, f64);
}

/// The frequency, whether there is a voice, and its probability.
type Voiced = (Vec<f64>, Vec<bool>, Vec<f64>);

/// What cannot be a pitch or a step is for the audio crate to refuse.
fn fits_voice(y: &[f32], options: &Yin, prior: &Pyin) -> Answer<()> {
    let size = options.frame_length;
    let steps = 12.0 * (options.fmax / options.fmin).log2() / prior.resolution;
    // As a cast does it: from 0 on, and 0 where it is not a number.
    let pitches = 1_usize.saturating_add(steps as usize);
    fits("the thresholds", size, prior.n_thresholds)?;
    let hop = options.hop_length.unwrap_or(size / 4);
    fits_frames("the path", pitches.saturating_mul(2), y.len(), hop)
}

/// The fundamental frequency of each frame, where one goes on from frame to frame.
fn pyin(y: Samples<'_>, sr: f64, options: YinArgument, prior: PyinArgument) -> Answer<Voiced> {
    let PyinArgument(n_thresholds, beta_parameters, boltzmann_parameter, ..) = prior;
    let PyinArgument(.., resolution, max_transition_rate, switch_prob, no_trough_prob, _, _) =
        prior;
    let PyinArgument(.., fill_na, transition_min_prob) = prior;
    let prior = Pyin {
        n_thresholds,
        beta_parameters,
        boltzmann_parameter,
        resolution,
        max_transition_rate,
        switch_prob,
        no_trough_prob,
        fill_na,
        transition_min_prob,
    };
    let options = options.yin()?;
    fits_voice(&y, &options, &prior)?;
    let voice = pitch::pyin(&y, sr, &options, &prior)?;
    Ok((voice.f0, voice.voiced_flag, voice.voiced_prob))
}

/// Pitches and magnitudes of peaks.
fn piptrack(
    s: In<f32>,
    sr: f64,
    fmin: f64,
    fmax: f64,
    threshold: f64,
) -> Answer<(Matrix<f32>, Matrix<f32>)> {
    let options = Piptrack { fmin, fmax, threshold };
    Ok(pitch::piptrack(&s.0, sr, &options)?)
}

/// How far frequencies lie from the bins of an octave.
fn pitch_tuning(frequencies: Samples<'_>, resolution: f64, bins_per_octave: usize) -> Answer<f64> {
    Ok(pitch::pitch_tuning(&frequencies, resolution, bins_per_octave)?)
}

/// How far the pitches of magnitudes lie from the bins of an octave.
fn estimate_tuning(s: In<f32>, sr: f64, resolution: f64, bins_per_octave: usize) -> Answer<f64> {
    Ok(pitch::estimate_tuning(&s.0, sr, resolution, bins_per_octave)?)
}

pub(crate) const FUNCTIONS: &[Function] =
    table![yin, pyin, piptrack, pitch_tuning, estimate_tuning];
