//! The period after which a frame is most like itself.
//!
//! de Cheveigné, A. and Kawahara, H. YIN, a fundamental frequency estimator for speech and music.
//! The Journal of the Acoustical Society of America, 2002.

use crate::error::{Error, check, check_count, check_positive, check_signal};
use crate::signal::Autocorrelation;
use crate::spectrum::{Frames, PadMode};

/// Where a fundamental frequency is looked for; all but the range are librosa's defaults.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Yin {
    /// The lowest frequency, in Hz; two of its periods should fit into a frame.
    pub fmin: f64,
    /// The highest frequency, in Hz, above `fmin` and at most half the sample rate.
    pub fmax: f64,
    /// Samples of a frame, more than one period of `fmin` and one.
    pub frame_length: usize,
    /// Samples from one frame to the next; a quarter of a frame where there is none.
    pub hop_length: Option<usize>,
    /// What stands beyond the ends, so that a frame lies around its sample; where there is none,
    /// frames begin at theirs.
    pub pad_mode: Option<PadMode>,
}

impl Yin {
    /// From `fmin` to `fmax` Hz.
    pub fn new(fmin: f64, fmax: f64) -> Self {
        let pad_mode = Some(PadMode::Constant);
        Self { fmin, fmax, frame_length: 2048, hop_length: None, pad_mode }
    }

    pub(super) fn hop(&self) -> usize {
        self.hop_length.unwrap_or(self.frame_length / 4)
    }

    /// From the shortest to the longest period, in samples.
    fn periods(&self, sr: f64) -> Result<(usize, usize), Error> {
        check_positive("sr", sr)?;
        check_positive("fmin", self.fmin)?;
        let is_above = self.fmax > self.fmin && self.fmax <= sr / 2.0;
        check(is_above, "fmax", self.fmax, "above fmin and at most half the sample rate")?;
        check_count("frame_length", self.frame_length)?;
        let fits = sr / self.fmin < self.frame_length as f64 - 1.0;
        check(fits, "frame_length", self.frame_length, "more than a period of fmin and 1")?;
        let longest = ((sr / self.fmin).ceil() as usize).min(self.frame_length - 1);
        Ok(((sr / self.fmax).floor() as usize, longest))
    }
}

/// How different a frame is from itself after each period.
pub(super) struct Differences {
    /// The first period, in samples.
    pub(super) first: usize,
    /// Normalised by the mean of all shorter periods, so that 0 is no difference.
    pub(super) values: Vec<f64>,
}

impl Differences {
    /// Whether each lies below the one before and not above the one after; the first, where it lies
    /// below the second.
    pub(super) fn troughs(&self) -> impl Iterator<Item = usize> {
        let at = |index: usize| self.values.get(index).copied();
        (0..self.values.len()).filter(move |&index| {
            let (Some(here), next) = (at(index), at(index + 1)) else { return false };
            match index.checked_sub(1).and_then(at) {
                None => next.is_some_and(|next| here < next),
                Some(before) => here < before && next.is_none_or(|next| here <= next),
            }
        })
    }

    /// The period at `index`, in samples, by a parabola through it and those beside it.
    pub(super) fn period(&self, index: usize) -> f64 {
        let beside = index.checked_sub(1).and_then(|from| self.values.get(from..index + 2));
        let shift = match beside {
            Some(&[before, here, after]) => {
                let (curve, slope) = (after + before - 2.0 * here, (after - before) / 2.0);
                if slope.abs() >= curve.abs() { 0.0 } else { -slope / curve }
            }
            _ => 0.0,
        };
        (self.first + index) as f64 + shift
    }
}

/// Calls `each` with the differences of every frame of `y` at `sr` Hz.
pub(super) fn differences(
    y: &[f32],
    sr: f64,
    options: &Yin,
    mut each: impl FnMut(&Differences),
) -> Result<(), Error> {
    check_signal(y)?;
    let (first, last) = options.periods(sr)?;
    let mut frames = Frames::new(y, options.frame_length, options.hop(), options.pad_mode)?;
    let mut plan = Autocorrelation::new(options.frame_length);
    let (mut products, mut found) = (Vec::new(), Differences { first, values: Vec::new() });
    for index in 0..frames.count() {
        let frame = frames.get(index);
        plan.apply(frame.iter().map(|&sample| f64::from(sample)), &mut products);
        found.values.clear();
        // Sums in single precision, as librosa's; the first sample alone counts as nothing there.
        let (mut energy, mut sum) = (frame[0] * frame[0], 0.0_f32);
        for period in 1..=last {
            let before = if period == 1 { 0.0 } else { energy };
            energy += frame[period] * frame[period];
            let (all, shifted) = (products[0] as f32, products[period] as f32);
            let difference = 2.0 * (all - shifted) - before;
            sum += difference;
            if period >= first {
                let mean = f64::from(sum) / period as f64;
                found.values.push(f64::from(difference) / (mean + f64::MIN_POSITIVE));
            }
        }
        each(&found);
    }
    Ok(())
}

/// `librosa.yin`: the fundamental frequency of each frame of `y` at `sr` Hz, in Hz: by the shortest
/// period after which a frame differs from itself by less than `trough_threshold`, 0.1 by default,
/// or else by the one after which it differs least.
///
/// # Errors
/// The signal is empty, not finite or shorter than a frame; a frequency, a length or the threshold
/// is out of its range.
pub fn yin(y: &[f32], sr: f64, options: &Yin, trough_threshold: f64) -> Result<Vec<f64>, Error> {
    check_positive("trough_threshold", trough_threshold)?;
    let mut frequencies = Vec::new();
    differences(y, sr, options, |found| {
        let low = found.troughs().find(|&index| found.values[index] < trough_threshold);
        let least = || {
            let mut least = 0;
            for (index, value) in found.values.iter().enumerate() {
                if *value < found.values[least] {
                    least = index;
                }
            }
            least
        };
        frequencies.push(sr / found.period(low.unwrap_or_else(least)));
    })?;
    Ok(frequencies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_has_its_frequency() {
        let y: Vec<f32> = (0..8192).map(|n| (n as f32 * 0.1).sin()).collect();
        let hz = 22_050.0 * 0.1 / std::f64::consts::TAU;
        let found = yin(&y, 22_050.0, &Yin::new(80.0, 2_000.0), 0.1).unwrap();
        assert_eq!(found.len(), 17);
        assert!(found[2..15].iter().all(|found| (found - hz).abs() < 0.5), "{found:?}");
    }

    #[test]
    fn silence_is_as_like_itself_after_every_period() {
        let silence = yin(&[0.0; 4096], 22_050.0, &Yin::new(80.0, 2_000.0), 0.1).unwrap();
        assert!(silence.iter().all(|hz| hz.is_finite()), "{silence:?}");
    }

    #[test]
    fn what_has_no_period_is_refused() {
        let y = [0.5; 4096];
        let of = |options: Yin| yin(&y, 22_050.0, &options, 0.1).unwrap_err().to_string();
        assert!(of(Yin::new(0.0, 100.0)).starts_with("fmin is 0"));
        assert!(of(Yin::new(200.0, 100.0)).starts_with("fmax is 100"));
        assert!(of(Yin::new(200.0, 12_000.0)).starts_with("fmax is 12000"));
        assert!(
            of(Yin { frame_length: 200, ..Yin::new(100.0, 200.0) }).starts_with("frame_length")
        );
        assert!(
            of(Yin { hop_length: Some(0), ..Yin::new(100.0, 200.0) }).starts_with("hop_length")
        );
        assert!(yin(&[], 22_050.0, &Yin::new(100.0, 200.0), 0.1).is_err());
        assert!(yin(&y, 22_050.0, &Yin::new(100.0, 200.0), 0.0).is_err());
        assert!(yin(&[f32::NAN; 4096], 22_050.0, &Yin::new(100.0, 200.0), 0.1).is_err());
        assert!(
            yin(&y[..9], 22_050.0, &Yin { pad_mode: None, ..Yin::new(100.0, 200.0) }, 0.1).is_err()
        );
    }
}
