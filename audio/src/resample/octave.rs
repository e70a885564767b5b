//! A whole signal at a half, a quarter, ... or at twice, four times, ... its sample rate.
//!
//! By the very steps of soxr, which can be heard where a signal begins: what a step would give
//! before the first sample is dropped before the next step. (Down by 16 and more
//! soxr has another filter in one of its steps: the first 30 samples are off by up to 2e-4.)
//!
//! The steep filter works on blocks in the frequency domain. There, keeping each second sample
//! folds the upper half of the spectrum onto the lower, and putting zeros between samples unfolds
//! it, so that both cost nothing beside the transforms, one of which is short.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use super::shape::{CUTOFF, Shape};
use crate::dot::dot;

/// A block holds this many times what the filter reaches over, at least.
const BLOCK_REACHES: usize = 16;
/// Before the steep filter, a rate is halved by a short one; these are its weights at the odd
/// distances. At even ones but 0 they are 0.
const HALF_BAND: [f32; 8] = [
    0.311_546_55,
    -0.087_344_97,
    0.036_814_524,
    -0.015_189_258,
    0.005_454_118_5,
    -0.001_564_400_9,
    0.000_318_170_15,
    -0.000_034_800_134,
];

/// The larger side of the transforms has the higher rate.
struct Blocks {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    response: Vec<Complex<f32>>,
    /// Samples of a block at the higher rate.
    size: usize,
    /// Of them at each end that are not of use.
    reach: usize,
    factor: usize,
}

impl Blocks {
    /// A small power of two as `factor`.
    fn new(factor: usize, is_up: bool, shape: &Shape) -> Self {
        let reach = (shape.half.ceil() as usize + 1) * factor;
        let size = (BLOCK_REACHES * reach).next_power_of_two();
        let mut planner = RealFftPlanner::<f32>::new();
        let (long, short) = (size, size / factor);
        let (input, output) = if is_up { (short, long) } else { (long, short) };
        let gain = if is_up { 1.0 } else { 1.0 / factor as f64 };
        Self {
            forward: planner.plan_fft_forward(input),
            inverse: planner.plan_fft_inverse(output),
            response: response(shape, size, reach, factor, gain),
            size,
            reach,
            factor,
        }
    }

    /// The signal filtered, `count` samples of it.
    fn apply(&self, y: &[f32], count: usize) -> Vec<f32> {
        let is_up = self.forward.len() < self.size;
        let (mut input, mut output) =
            (self.forward.make_input_vec(), self.inverse.make_output_vec());
        let mut spectrum = vec![Complex::new(0.0, 0.0); self.size / 2 + 1];
        let scratch = self.forward.get_scratch_len().max(self.inverse.get_scratch_len());
        let mut scratch = vec![Complex::new(0.0, 0.0); scratch];
        let (in_rate, out_rate) = if is_up { (self.factor, 1) } else { (1, self.factor) };
        let (before, useful) = (self.reach / in_rate, (self.size - 2 * self.reach) / out_rate);
        let advance = (self.size - 2 * self.reach) / in_rate;
        let mut resampled = Vec::with_capacity(count);
        let mut start = 0;
        while resampled.len() < count {
            read(y, start, before, &mut input);
            let bins = input.len() / 2 + 1;
            let done =
                self.forward.process_with_scratch(&mut input, &mut spectrum[..bins], &mut scratch);
            // It can only refuse buffers of another length than those that it made itself.
            debug_assert!(done.is_ok(), "{done:?}");
            if is_up {
                unfold(&mut spectrum, bins);
            }
            for (bin, response) in spectrum.iter_mut().zip(&self.response) {
                *bin *= response;
            }
            if !is_up {
                fold(&mut spectrum, output.len() / 2 + 1);
            }
            let bins = output.len() / 2 + 1;
            let spectrum = &mut spectrum[..bins];
            spectrum[0].im = 0.0;
            spectrum[bins - 1].im = 0.0;
            let done = self.inverse.process_with_scratch(spectrum, &mut output, &mut scratch);
            debug_assert!(done.is_ok(), "{done:?}");
            let useful = useful.min(count - resampled.len());
            let first = self.reach / out_rate;
            resampled.extend_from_slice(&output[first..first + useful]);
            start += advance;
        }
        resampled
    }
}

/// Fills `block` with what begins `before` samples before `start`; zeros where nothing is.
fn read(y: &[f32], start: usize, before: usize, block: &mut [f32]) {
    block.fill(0.0);
    let (skipped, from) = (before.saturating_sub(start), start.saturating_sub(before));
    let rest = y.get(from..).unwrap_or_default();
    for (sample, &y) in block.iter_mut().skip(skipped).zip(rest) {
        *sample = y;
    }
}

/// What the filter makes of each bin.
fn response(
    shape: &Shape,
    size: usize,
    reach: usize,
    factor: usize,
    gain: f64,
) -> Vec<Complex<f32>> {
    let forward = RealFftPlanner::<f64>::new().plan_fft_forward(size);
    let (mut taps, mut bins) = (forward.make_input_vec(), forward.make_output_vec());
    for distance in 0..reach {
        let weight = gain * shape.weight(distance as f64 / factor as f64);
        taps[distance] = weight;
        taps[(size - distance) % size] = weight;
    }
    let done = forward.process(&mut taps, &mut bins);
    debug_assert!(done.is_ok(), "{done:?}");
    // The transforms do not divide by their length.
    bins.iter().map(|bin| Complex::new((bin.re / size as f64) as f32, 0.0)).collect()
}

/// Halves the half of a spectrum that a real signal needs until `bins` are left.
fn fold(spectrum: &mut [Complex<f32>], bins: usize) {
    let mut last = spectrum.len() - 1;
    while last + 1 > bins {
        for bin in 0..=last / 2 {
            let folded = spectrum[last - bin].conj();
            spectrum[bin] += folded;
        }
        last /= 2;
    }
}

/// Doubles the half of a spectrum from the first `bins` on until all is filled.
fn unfold(spectrum: &mut [Complex<f32>], bins: usize) {
    let mut last = bins - 1;
    while last + 1 < spectrum.len() {
        for low in 0..last {
            spectrum[2 * last - low] = spectrum[low].conj();
        }
        last *= 2;
    }
}

/// A signal at its sample rate divided by `factor`, a power of two: as long as it is, rounded up.
/// Where rounding to the nearest gives less, the last sample is 0, as of soxr.
pub(crate) fn decimate(y: &[f32], factor: usize) -> Vec<f32> {
    if factor <= 1 {
        return y.to_vec();
    }
    let nearest = y.len() / factor + usize::from(y.len() % factor >= factor / 2);
    let mut lower = steps_down(y, factor, nearest);
    lower.resize(y.len().div_ceil(factor), 0.0);
    lower
}

fn steps_down(y: &[f32], factor: usize, count: usize) -> Vec<f32> {
    // The more steps go before, the steeper the last: as measured.
    let (beta, half) = match factor {
        2 => (13.040_03, 97.25),
        4 => (13.711_4, 102.25),
        8 => (14.104_2, 105.25),
        16 => (14.383_3, 107.25),
        32 => (14.6, 108.25),
        64 => (14.776_8, 110.25),
        _ => (14.926_4, 111.25),
    };
    let last = Blocks::new(2, false, &Shape { cutoff: CUTOFF, beta, half });
    if factor == 2 {
        return last.apply(y, count);
    }
    let mut lower = half_band(y);
    for _ in 2..factor.ilog2() {
        lower = half_band(&lower);
    }
    last.apply(&lower, count)
}

/// Half of the samples, and what rings on after the last.
fn half_band(y: &[f32]) -> Vec<f32> {
    let reach = 2 * HALF_BAND.len();
    let mut padded = vec![0.0; y.len() + 3 * reach];
    padded[reach..reach + y.len()].copy_from_slice(y);
    let sample = |near: &[f32]| {
        let sides = |(index, weight): (usize, &f32)| {
            weight * (near[reach - 1 - 2 * index] + near[reach + 1 + 2 * index])
        };
        0.5 * near[reach] + HALF_BAND.iter().enumerate().map(sides).sum::<f32>()
    };
    padded.windows(2 * reach + 1).step_by(2).map(sample).collect()
}

/// A signal at `factor` times its sample rate, a power of two.
pub(crate) fn interpolate(y: &[f32], factor: usize) -> Vec<f32> {
    let count = y.len() * factor.max(1);
    let steep = |beta: f64, half: f64| Shape { cutoff: CUTOFF, beta, half };
    match factor {
        0 | 1 => y.to_vec(),
        2 => Blocks::new(2, true, &steep(13.040_03, 97.25)).apply(y, count),
        4 => Blocks::new(4, true, &steep(13.040_03, 97.125)).apply(y, count),
        8 => {
            let first = Blocks::new(2, true, &steep(13.711_4, 102.25));
            let shape = Shape { cutoff: 0.978_436, beta: 14.058_6, half: 9.125 };
            smooth(&first.apply(y, 2 * y.len() + 10), 4, count, &shape)
        }
        _ => {
            let first = Blocks::new(4, true, &steep(13.711_4, 102.125));
            let half = 6.0 + 2.0 / factor as f64;
            let shape = Shape { cutoff: 0.989_218, beta: 14.058_6, half };
            smooth(&first.apply(y, 4 * y.len() + 10), factor / 4, count, &shape)
        }
    }
}

/// A signal that has nothing in the upper half of its band, at `factor` times its sample rate.
fn smooth(y: &[f32], factor: usize, count: usize, shape: &Shape) -> Vec<f32> {
    let reach = shape.half.ceil() as usize;
    let weight = |phase: usize, tap: usize| {
        shape.weight(phase as f64 / factor as f64 + reach as f64 - tap as f64) as f32
    };
    let phases: Vec<Vec<f32>> =
        (0..factor).map(|phase| (0..=2 * reach).map(|tap| weight(phase, tap)).collect()).collect();
    let mut padded = vec![0.0; y.len() + 2 * reach];
    padded[reach..reach + y.len()].copy_from_slice(y);
    let mut resampled = Vec::with_capacity(count + factor);
    for near in padded.windows(2 * reach + 1) {
        if resampled.len() >= count {
            break;
        }
        resampled.extend(phases.iter().map(|weights| dot(weights, near)));
    }
    resampled.truncate(count);
    resampled
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn tone(share: f64, count: usize) -> Vec<f32> {
        (0..count).map(|n| (TAU * share * n as f64).sin() as f32).collect()
    }

    /// The greatest sample away from the ends, where the filter rings.
    fn inner(y: &[f32]) -> impl Iterator<Item = (usize, f32)> {
        let margin = y.len() / 8;
        y.iter().copied().enumerate().skip(margin).take(y.len() - 2 * margin)
    }

    #[test]
    fn what_both_rates_hold_stays_within_a_millionth() {
        for factor in [2, 4, 16, 128] {
            // From next to nothing to the end of the pass-band, as a share of the lower rate.
            for share in [0.01, 0.2, 0.4, 0.45] {
                let (high, low) = (share / factor as f64, share);
                let short = tone(low, 4000);
                let long = tone(high, 4000 * factor);
                for (at, sample) in inner(&decimate(&long, factor)) {
                    assert!((sample - short[at]).abs() < 4e-6, "{factor} {share} {at}: {sample}");
                }
                for (at, sample) in inner(&interpolate(&short, factor)) {
                    assert!((sample - long[at]).abs() < 4e-6, "{factor} {share} {at}: {sample}");
                }
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_114_db_down() {
        for factor in [2, 4, 16, 128] {
            for share in [0.501, 0.6, 0.9] {
                let high = tone(share / factor as f64, 4000 * factor);
                let loudest = inner(&decimate(&high, factor)).fold(0.0, |a, (_, b)| b.abs().max(a));
                assert!(loudest < 2e-6, "{factor} {share}: {loudest}");
            }
        }
    }

    #[test]
    fn an_end_is_as_long_as_it_should_be() {
        for count in [1, 2, 3, 4095, 4096, 9001] {
            let y = vec![0.5; count];
            assert_eq!(decimate(&y, 8).len(), count.div_ceil(8));
            assert_eq!(interpolate(&y, 8).len(), 8 * count);
        }
        assert!(decimate(&[], 2).is_empty() && interpolate(&[], 2).is_empty());
        assert_eq!(decimate(&[1.0, 2.0], 1), [1.0, 2.0]);
    }
}
