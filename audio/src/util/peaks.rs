//! Which values of a curve stand out.
//!
//! Böck, S., Krebs, F. and Schedl, M. Evaluating the online capabilities of onset detection
//! methods. ISMIR, 2012.

use crate::error::{Error, check, check_finite};

/// Which of the peaks that are too close together are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PeakMethod {
    /// The earlier.
    #[default]
    Greedy,
    /// Those that leave the most peaks.
    DpCount,
    /// Those that have the greatest sum.
    DpValue,
}

/// How peaks are picked, in frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeakPick {
    /// Frames before a peak over which it is the greatest.
    pub pre_max: usize,
    /// Frames from a peak on over which it is the greatest, at least 1.
    pub post_max: usize,
    /// Frames before a peak over whose mean it lies.
    pub pre_avg: usize,
    /// Frames from a peak on over whose mean it lies, at least 1.
    pub post_avg: usize,
    /// By how much it lies over the mean.
    pub delta: f64,
    /// Frames after a peak in which there is no other.
    pub wait: usize,
    /// Which peaks are kept.
    pub method: PeakMethod,
}

/// `librosa.util.peak_pick`: the frames at which `x` has a peak, in order.
///
/// # Errors
/// A value is not finite; `post_max` or `post_avg` is 0; `delta` is negative.
pub fn peak_pick(x: &[f32], peak: &PeakPick) -> Result<Vec<usize>, Error> {
    check_finite("the envelope", x)?;
    check(peak.post_max > 0, "post_max", peak.post_max, "at least 1")?;
    check(peak.post_avg > 0, "post_avg", peak.post_avg, "at least 1")?;
    check(peak.delta >= 0.0, "delta", peak.delta, "0 or more")?;
    Ok(match peak.method {
        PeakMethod::Greedy => greedy(x, peak),
        PeakMethod::DpCount => best(x, peak, |_| 1.0),
        PeakMethod::DpValue => best(x, peak, f64::from),
    })
}

/// The values from `before` ahead of `at` to the one before `after` behind it.
fn around(x: &[f32], at: usize, before: usize, after: usize) -> &[f32] {
    &x[at.saturating_sub(before)..at.saturating_add(after).min(x.len())]
}

fn is_greatest(x: &[f32], at: usize, peak: &PeakPick) -> bool {
    around(x, at, peak.pre_max, peak.post_max).iter().all(|&value| x[at] >= value)
}

fn greedy(x: &[f32], peak: &PeakPick) -> Vec<usize> {
    let (mut peaks, mut at) = (Vec::new(), 0);
    while at < x.len() {
        let near = around(x, at, peak.pre_avg, peak.post_avg);
        let mean = near.iter().map(|&value| f64::from(value)).sum::<f64>() / near.len() as f64;
        if is_greatest(x, at, peak) && f64::from(x[at]) >= mean + peak.delta {
            peaks.push(at);
            at = at.saturating_add(peak.wait);
        }
        at = at.saturating_add(1);
    }
    peaks
}

/// The peaks whose `worth` has the greatest sum, found from the last frame on.
fn best(x: &[f32], peak: &PeakPick, worth: impl Fn(f32) -> f64) -> Vec<usize> {
    // In single precision, as librosa's.
    let mut sum = 0.0_f32;
    let mut sums = vec![sum];
    sums.extend(x.iter().map(|value| {
        sum += value;
        sum
    }));
    // What can be had from each frame on, and where one goes from there.
    let mut values = vec![0.0; x.len() + 1];
    let mut taken = vec![false; x.len()];
    let next = |at: usize| at.saturating_add(peak.wait).saturating_add(1).min(x.len());
    for at in (0..x.len()).rev() {
        values[at] = values[at + 1];
        let (from, to) = (at.saturating_sub(peak.pre_avg), at.saturating_add(peak.post_avg));
        let to = to.min(x.len());
        let mean = f64::from(sums[to] - sums[from]) / (to - from) as f64;
        let value = values[next(at)] + worth(x[at]);
        let is_over = f64::from(x[at]) >= mean + peak.delta;
        if is_over && value > values[at + 1] && is_greatest(x, at, peak) {
            (values[at], taken[at]) = (value, true);
        }
    }
    let (mut peaks, mut at) = (Vec::new(), 0);
    while at < x.len() {
        if taken[at] {
            peaks.push(at);
            at = next(at);
        } else {
            at += 1;
        }
    }
    peaks
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEAK: PeakPick = PeakPick {
        pre_max: 1,
        post_max: 2,
        pre_avg: 2,
        post_avg: 3,
        delta: 0.1,
        wait: 1,
        method: PeakMethod::Greedy,
    };

    #[test]
    fn a_peak_is_the_greatest_around() {
        assert_eq!(peak_pick(&[0.0, 1.0, 0.0, 0.0, 0.5, 0.0], &PEAK).unwrap(), [1, 4]);
        for method in [PeakMethod::Greedy, PeakMethod::DpCount, PeakMethod::DpValue] {
            assert!(peak_pick(&[], &PeakPick { method, ..PEAK }).unwrap().is_empty());
            let far = PeakPick { method, wait: usize::MAX, ..PEAK };
            assert_eq!(peak_pick(&[0.0, 1.0, 0.0], &far).unwrap(), [1]);
        }
        assert!(peak_pick(&[1.0], &PeakPick { post_avg: 0, ..PEAK }).is_err());
        assert!(peak_pick(&[1.0], &PeakPick { delta: f64::NAN, ..PEAK }).is_err());
    }

    #[test]
    fn of_peaks_close_together_the_method_chooses() {
        let x = [0.0, 1.0, 0.0, 2.2, 0.0, 1.0, 0.0];
        let of = |method| peak_pick(&x, &PeakPick { wait: 3, method, ..PEAK }).unwrap();
        assert_eq!(of(PeakMethod::Greedy), [1, 5]);
        assert_eq!(of(PeakMethod::DpCount), [1, 5]);
        assert_eq!(of(PeakMethod::DpValue), [3]);
    }
}
