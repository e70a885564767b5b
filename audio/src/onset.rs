//! Where notes begin, as `librosa.onset`.

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
    let mut rise = vec![0.0; s.rows()];
    let mut values = Vec::with_capacity(s.rows());
    for from in 0..rises.min(frames.saturating_sub(shift)) {
        let (earlier, later) = (s.column(from), s.column(from + options.lag));
        for (band, rise) in rise.iter_mut().enumerate() {
            let first = band.saturating_sub(options.max_size / 2);
            let last = (band + options.max_size.div_ceil(2)).min(earlier.len());
            let greatest = earlier[first..last].iter().copied().fold(f32::NEG_INFINITY, f32::max);
            *rise = (later[band] - greatest).max(0.0);
        }
        for (channel, bounds) in bounds.windows(2).enumerate() {
            values.clear();
            values.extend_from_slice(&rise[bounds[0]..bounds[1]]);
            strength[(channel, from + shift)] = options.aggregate.of(&mut values);
        }
    }
    if options.detrend {
        for channel in 0..strength.rows() {
            detrend(&mut strength, channel);
        }
    }
    Ok(strength)
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
