//! Where notes begin, as `librosa.onset`.

use std::ops::Range;

use crate::error::{Error, check_count, check_finite, check_positive};
use crate::matrix::Matrix;
use crate::util::{Aggregate, PeakMethod, PeakPick, fix_frames, peak_pick};

/// How onsets show in a spectrogram; defaults are those of `librosa.onset.onset_strength`.
#[derive(Debug, Clone, PartialEq)]
pub struct OnsetStrength {
    /// Frames between which a rise is measured, at least 1.
    pub lag: usize,
    /// Bands over whose greatest a rise is measured, at least 1; more keeps vibrato out.
    pub max_size: usize,
    /// Whether the mean is filtered out.
    pub detrend: bool,
    /// Whether the result is moved so that frame `t` is centred at `t * hop_length`.
    pub center: bool,
    /// Samples of a frame.
    pub n_fft: usize,
    /// Samples from one frame to the next.
    pub hop_length: usize,
    /// What becomes of the rises of all bands.
    pub aggregate: Aggregate,
}

impl Default for OnsetStrength {
    fn default() -> Self {
        Self {
            lag: 1,
            max_size: 1,
            detrend: false,
            center: true,
            n_fft: 2048,
            hop_length: 512,
            aggregate: Aggregate::Mean,
        }
    }
}

/// `librosa.onset.onset_strength` of bands `s` in decibels: for each frame by how much the bands
/// rise.
///
/// Böck, S. and Widmer, G. Maximum filter vibrato suppression for onset detection. International
/// Conference on Digital Audio Effects, 2013.
///
/// # Errors
/// A value is not finite; there are no bands; a parameter is 0.
pub fn onset_strength(s: &Matrix<f32>, options: &OnsetStrength) -> Result<Vec<f32>, Error> {
    Ok(onset_strength_multi(s, &[0, s.rows()], options)?.into_values())
}

/// `librosa.onset.onset_strength_multi`: the same for the bands from each of `channels` to the
/// next, a row for each.
///
/// # Errors
/// As [`onset_strength`]; there are less than two boundaries within the bands.
pub fn onset_strength_multi(
    s: &Matrix<f32>,
    channels: &[usize],
    options: &OnsetStrength,
) -> Result<Matrix<f32>, Error> {
    check_finite("the spectrogram", s.as_slice())?;
    check_count("lag", options.lag)?;
    check_count("max_size", options.max_size)?;
    check_count("hop_length", options.hop_length)?;
    let bounds = fix_frames(channels, Some(0), Some(s.rows()), false);
    if bounds.len() < 2 {
        return Err(Error::TooShort { what: "the channels", length: bounds.len(), needed: 2 });
    }
    let mut shift = options.lag;
    if options.center {
        shift += options.n_fft / (2 * options.hop_length);
    }
    let rises = s.columns().saturating_sub(options.lag);
    let frames = if options.center { s.columns() } else { rises + shift };
    let mut strength = Matrix::filled(bounds.len() - 1, frames, 0.0);
    let mut rise = Rise::new(options.max_size);
    for from in 0..rises.min(frames.saturating_sub(shift)) {
        rise.apply(s.column(from), s.column(from + options.lag));
        for (channel, bounds) in bounds.windows(2).enumerate() {
            let value = rise.aggregated(bounds[0]..bounds[1], options.aggregate);
            strength[(channel, from + shift)] = value;
        }
    }
    if options.detrend {
        for channel in 0..strength.rows() {
            detrend(&mut strength, channel);
        }
    }
    Ok(strength)
}

/// By how much bands rise from a frame to a later one: the kernel of onset strengths.
pub(crate) struct Rise {
    max_size: usize,
    bands: Vec<f32>,
    values: Vec<f32>,
}

impl Rise {
    pub(crate) fn new(max_size: usize) -> Self {
        Self { max_size, bands: Vec::new(), values: Vec::new() }
    }

    pub(crate) fn apply(&mut self, earlier: &[f32], later: &[f32]) {
        self.bands.clear();
        self.bands.extend(later.iter().enumerate().map(|(band, value)| {
            let first = band.saturating_sub(self.max_size / 2);
            let last = (band + self.max_size.div_ceil(2)).min(earlier.len());
            let greatest = earlier[first..last].iter().copied().fold(f32::NEG_INFINITY, f32::max);
            (value - greatest).max(0.0)
        }));
    }

    /// What becomes of the rises of some bands.
    pub(crate) fn aggregated(&mut self, bands: Range<usize>, aggregate: Aggregate) -> f32 {
        self.values.clear();
        self.values.extend_from_slice(&self.bands[bands]);
        aggregate.of(&mut self.values)
    }
}

/// Lets pass what changes faster than over about a hundred frames.
fn detrend(strength: &mut Matrix<f32>, channel: usize) {
    let (mut before, mut filtered) = (0.0, 0.0);
    for frame in 0..strength.columns() {
        let value = f64::from(strength[(channel, frame)]);
        filtered = value - before + 0.99 * filtered;
        before = value;
        strength[(channel, frame)] = filtered as f32;
    }
}

/// How onsets are picked; `None` and the default are librosa's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnsetDetect {
    /// Whether the envelope is brought to a range from 0 to 1 before.
    pub normalize: bool,
    /// How peaks are picked; from the sample rate and the hop where there is none.
    pub peak: Option<PeakPick>,
}

impl Default for OnsetDetect {
    fn default() -> Self {
        Self { normalize: true, peak: None }
    }
}

/// `librosa.onset.onset_detect`: the frames at which notes begin; none where the envelope is zero
/// everywhere.
///
/// # Errors
/// A value is not finite; a parameter is out of its range.
pub fn onset_detect(
    onset_envelope: &[f32],
    sr: f64,
    hop_length: usize,
    options: &OnsetDetect,
) -> Result<Vec<usize>, Error> {
    check_finite("the envelope", onset_envelope)?;
    check_positive("sr", sr)?;
    check_count("hop_length", hop_length)?;
    let mut envelope = onset_envelope.to_vec();
    if options.normalize {
        let least = envelope.iter().copied().fold(f32::INFINITY, f32::min);
        for value in &mut envelope {
            *value -= least;
        }
        let most = envelope.iter().copied().fold(0.0, f32::max) + f32::MIN_POSITIVE;
        for value in &mut envelope {
            *value /= most;
        }
    }
    if envelope.iter().all(|&value| value == 0.0) {
        return Ok(Vec::new());
    }
    let frames = |seconds: f64| (seconds * sr / hop_length as f64).floor() as usize;
    let default = PeakPick {
        pre_max: frames(0.03),
        post_max: 1,
        pre_avg: frames(0.1),
        post_avg: frames(0.1) + 1,
        delta: 0.07,
        wait: frames(0.03),
        method: PeakMethod::Greedy,
    };
    peak_pick(&envelope, &options.peak.unwrap_or(default))
}

/// `librosa.onset.onset_backtrack`: for each event the last frame up to it at which `energy` has a
/// minimum, or the first frame.
pub fn onset_backtrack(events: &[usize], energy: &[f32]) -> Vec<usize> {
    let is_minimum = |at: usize| energy[at] <= energy[at - 1] && energy[at] < energy[at + 1];
    let minima: Vec<usize> =
        (1..energy.len().saturating_sub(1)).filter(|&at| is_minimum(at)).collect();
    let last = |&event: &usize| {
        let until = minima.partition_point(|&minimum| minimum <= event);
        if until == 0 { 0 } else { minima[until - 1] }
    };
    events.iter().map(last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_in_silence() {
        let silence = Matrix::filled(128, 9, -80.0);
        let envelope = onset_strength(&silence, &OnsetStrength::default()).unwrap();
        assert_eq!(envelope, [0.0; 9]);
        let options = OnsetDetect::default();
        assert!(onset_detect(&envelope, 22_050.0, 512, &options).unwrap().is_empty());
        assert!(onset_detect(&[], 22_050.0, 512, &options).unwrap().is_empty());
        assert!(onset_detect(&[f32::NAN], 22_050.0, 512, &options).is_err());
        let none: Matrix<f32> = Matrix::filled(0, 0, 0.0);
        assert!(onset_strength(&none, &OnsetStrength::default()).is_err());
        let lagless = OnsetStrength { lag: 0, ..OnsetStrength::default() };
        assert!(onset_strength(&silence, &lagless).is_err());
    }

    #[test]
    fn an_onset_goes_back_to_the_minimum_before() {
        assert_eq!(onset_backtrack(&[0, 3, 6], &[1.0, 0.5, 0.8, 2.0, 1.0, 0.1, 3.0]), [0, 1, 5]);
        assert_eq!(onset_backtrack(&[4], &[]), [0]);
    }
}
