//! From one sample rate to another, block by block.
//!
//! A windowed sinc as steep as the `HQ` recipe of soxr, which `librosa.load` takes: flat up to 91 %
//! of the lower half sample rate, and 120 dB down beyond it. Every phase is computed at its very
//! place, so that nothing is shifted.
//!
//! Smith, J. O. Digital Audio Resampling Home Page, 2002.

use std::f64::consts::PI;

use crate::dot::dot;

/// Where the filter begins to fall, as a share of half the lower sample rate; at 1 it is down.
const FLAT_TO: f64 = 0.9137;
/// How far down, in dB.
const REJECTION_DB: f64 = 125.0;
/// Coefficients that are kept at most; between two phases that are kept, one is interpolated.
const COEFFICIENTS_MAX: usize = 1 << 22;
const PHASES_MAX: usize = 2048;

/// Resamples interleaved channels.
pub(crate) struct Resampler {
    bank: Bank,
    /// Output frame `k` lies at the input frame `k * step / per_step`.
    step: u64,
    per_step: u64,
    /// What is still needed of each channel.
    channels: Vec<Vec<f32>>,
    /// Input frames that were dropped from the beginning of each.
    dropped: u64,
    taken: u64,
    given: u64,
}

impl Resampler {
    /// From `from` to `to`, both in Hz and not 0.
    pub(crate) fn new(from: u32, to: u32, channels: u16) -> Self {
        let (step, per_step) = reduced(u64::from(from.max(1)), u64::from(to.max(1)));
        let bank = Bank::new(step, per_step);
        // Silence before the beginning, for the first frame to look at.
        let before = vec![0.0; bank.half - 1];
        Self {
            step,
            per_step,
            channels: vec![before; usize::from(channels)],
            bank,
            dropped: 0,
            taken: 0,
            given: 0,
        }
    }

    /// Takes `samples` and appends to `resampled` what they complete.
    pub(crate) fn push(&mut self, samples: &[f32], resampled: &mut Vec<f32>) {
        let count = self.channels.len().max(1);
        self.taken += (samples.len() / count) as u64;
        for (index, channel) in self.channels.iter_mut().enumerate() {
            channel.extend(samples.iter().skip(index).step_by(count));
        }
        self.give(u64::MAX, resampled);
    }

    /// Appends the rest: in all, as many frames as the recording is long, rounded up.
    pub(crate) fn finish(&mut self, resampled: &mut Vec<f32>) {
        for channel in &mut self.channels {
            channel.resize(channel.len() + self.bank.half + 1, 0.0);
        }
        let frames = u128::from(self.taken) * u128::from(self.per_step);
        self.give(frames.div_ceil(u128::from(self.step)) as u64, resampled);
    }

    /// Appends frames up to the frame `end`, as far as there is input for them.
    fn give(&mut self, end: u64, resampled: &mut Vec<f32>) {
        let available = self.channels.first().map_or(0, Vec::len);
        while self.given < end {
            let at = u128::from(self.given) * u128::from(self.step);
            let whole = (at / u128::from(self.per_step)) as u64;
            let part = (at % u128::from(self.per_step)) as u64;
            let first = (whole - self.dropped) as usize;
            if first + self.bank.taps() > available {
                break;
            }
            for channel in &self.channels {
                let input = channel.get(first..first + self.bank.taps()).unwrap_or_default();
                resampled.push(self.bank.apply(part, self.per_step, input));
            }
            self.given += 1;
        }
        let next = u128::from(self.given) * u128::from(self.step) / u128::from(self.per_step);
        let passed = ((next as u64 - self.dropped) as usize).min(available);
        for channel in &mut self.channels {
            channel.drain(..passed);
        }
        self.dropped += passed as u64;
    }
}

/// The filter at each place between two input frames where an output frame may lie.
struct Bank {
    /// Input frames on each side of an output frame that it is made from.
    half: usize,
    phases: usize,
    /// For each phase, and for the one after the last, a coefficient for each input frame.
    coefficients: Vec<f32>,
}

impl Bank {
    fn new(step: u64, per_step: u64) -> Self {
        // Stretched, when the rate sinks, so that it cuts at half of the lower rate.
        let stretch = (step as f64 / per_step as f64).max(1.0);
        let fall = PI * (1.0 - FLAT_TO);
        let length = (REJECTION_DB - 8.0) / (2.285 * fall);
        let half = (length / 2.0 * stretch).ceil() as usize;
        let most = (COEFFICIENTS_MAX / (2 * half)).clamp(1, PHASES_MAX);
        let phases = usize::try_from(per_step).map_or(most, |exact| exact.min(most));
        let cutoff = f64::midpoint(FLAT_TO, 1.0) / stretch;
        let coefficient = |phase: usize, tap: usize| {
            let distance = tap as f64 + 1.0 - half as f64 - phase as f64 / phases as f64;
            let sinc = PI * cutoff * distance;
            let sinc = if sinc.abs() < 1e-12 { 1.0 } else { sinc.sin() / sinc };
            (cutoff * sinc * kaiser(distance / half as f64)) as f32
        };
        let coefficients =
            (0..=phases).flat_map(|phase| (0..2 * half).map(move |tap| coefficient(phase, tap)));
        Self { half, phases, coefficients: coefficients.collect() }
    }

    fn taps(&self) -> usize {
        2 * self.half
    }

    /// The frame `part / per_step` beyond the one in the middle of `input`.
    fn apply(&self, part: u64, per_step: u64, input: &[f32]) -> f32 {
        let place = part as f64 * self.phases as f64 / per_step as f64;
        let (phase, between) = (place as usize, place.fract() as f32);
        let value = dot(self.phase(phase), input);
        if between == 0.0 {
            return value;
        }
        value + between * (dot(self.phase(phase + 1), input) - value)
    }

    fn phase(&self, phase: usize) -> &[f32] {
        let from = phase * self.taps();
        self.coefficients.get(from..from + self.taps()).unwrap_or_default()
    }
}

/// Kaiser's window, from -1 to 1.
fn kaiser(at: f64) -> f64 {
    let beta = 0.1102 * (REJECTION_DB - 8.7);
    let inside = (1.0 - at * at).max(0.0);
    bessel(beta * inside.sqrt()) / bessel(beta)
}

/// The modified Bessel function of the first kind and order 0, by its series.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= (x / (2.0 * k)).powi(2);
        sum += term;
        k += 1.0;
    }
    sum
}

/// Both without their common divisor.
fn reduced(a: u64, b: u64) -> (u64, u64) {
    let (mut divisor, mut rest) = (a, b);
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (a / divisor, b / divisor)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn resample(from: u32, to: u32, channels: u16, samples: &[f32], block: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(from, to, channels);
        let mut output = Vec::new();
        for block in samples.chunks(block * usize::from(channels)) {
            resampler.push(block, &mut output);
        }
        resampler.finish(&mut output);
        output
    }

    fn tone(hz: f64, rate: u32, frames: u32) -> Vec<f32> {
        let sample = |n: u32| (TAU * hz * f64::from(n) / f64::from(rate)).sin() as f32;
        (0..frames).map(sample).collect()
    }

    #[test]
    fn a_tone_stays_where_it_is() {
        for (from, to) in [(44_100, 22_050), (44_100, 48_000), (8_000, 44_100), (48_000, 16_001)] {
            let resampled = resample(from, to, 1, &tone(440.0, from, from), 1_000);
            let expected = tone(440.0, to, to);
            assert_eq!(resampled.len(), expected.len(), "{from} to {to}");
            // Beyond the ends there is nothing, so that the filter rings there.
            let inner = expected.len() / 20..expected.len() * 19 / 20;
            for (a, b) in resampled[inner.clone()].iter().zip(&expected[inner]) {
                assert!((a - b).abs() < 2e-6, "{from} to {to}: {a} {b}");
            }
        }
    }

    #[test]
    fn what_the_new_rate_cannot_hold_is_gone() {
        let resampled = resample(44_100, 22_050, 1, &tone(14_000.0, 44_100, 44_100), 1_000);
        let loudest = resampled[2_000..20_000].iter().fold(0.0_f32, |a, b| a.max(b.abs()));
        assert!(loudest < 1e-5, "{loudest}");
    }

    #[test]
    fn blocks_of_any_size_give_the_same() {
        let stereo: Vec<f32> =
            tone(300.0, 44_100, 5_000).into_iter().flat_map(|sample| [sample, -sample]).collect();
        let whole = resample(44_100, 30_000, 2, &stereo, 5_000);
        assert_eq!(whole.len(), 2 * (5_000_f64 * 30_000.0 / 44_100.0).ceil() as usize);
        assert!(whole.chunks(2).all(|pair| pair[0] == -pair[1]));
        for block in [1, 77, 1_024, 3_000] {
            assert_eq!(resample(44_100, 30_000, 2, &stereo, block), whole);
        }
    }

    #[test]
    fn almost_nothing_is_not_lost() {
        assert_eq!(resample(44_100, 22_050, 1, &[0.5], 1).len(), 1);
        assert_eq!(resample(8_000, 16_000, 1, &[], 1).len(), 0);
    }
}
