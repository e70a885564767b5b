//! From one sample rate to another, block by block or a whole signal.
//!
//! Every phase is computed at its very place, so that nothing is shifted. Knows samples; never
//! where they come from.

mod octave;
mod pair;
mod shape;

use crate::dot::dot;
use crate::error::{Error, check, check_positive, check_signal};
pub(crate) use octave::{decimate, interpolate};
use pair::Pair;
use shape::Shape;

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
    /// What is taken away from the first outputs of each channel, once it is known.
    before: Vec<Vec<f32>>,
}

impl Resampler {
    /// From `from` to `to`, both in Hz and not 0.
    pub(crate) fn new(from: u32, to: u32, channels: u16) -> Self {
        let (step, per_step) = reduced(u64::from(from.max(1)), u64::from(to.max(1)));
        Self::of_ratio(step, per_step, channels)
    }

    /// From `step` to `per_step` frames of which no number but 1 divides both.
    fn of_ratio(step: u64, per_step: u64, channels: u16) -> Self {
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
            before: Vec::new(),
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
            if self.given == 0
                && let Some(pair) = &self.bank.pair
            {
                let recorded = |channel: &Vec<f32>| pair.before(&channel[self.bank.half - 1..]);
                self.before = self.channels.iter().map(recorded).collect();
            }
            for (index, channel) in self.channels.iter().enumerate() {
                let input = channel.get(first..first + self.bank.taps()).unwrap_or_default();
                let dropped = self.before.get(index).and_then(|all| all.get(self.given as usize));
                let value = self.bank.apply(part, self.per_step, input);
                resampled.push(value - dropped.unwrap_or(&0.0));
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

/// How far two sample rates may lie apart.
const RATIO_MAX: f64 = 32_768.0;
/// Of how many parts a frame consists where rates are no whole numbers.
const PARTS: u64 = 1 << 48;

/// `librosa.resample` with `res_type="soxr_hq"`: a signal at `orig_sr` as it is at `target_sr`,
/// both in Hz, rounded up to a whole number of samples; where rounding to the nearest gives less,
/// the last is 0. `scale` keeps its energy; without, which is the default, its amplitude stays.
///
/// # Errors
/// The signal is empty or not finite; a rate is not above 0, or more than 32,768 times the other.
pub fn resample(y: &[f32], orig_sr: f64, target_sr: f64, scale: bool) -> Result<Vec<f32>, Error> {
    check_signal(y)?;
    check_positive("orig_sr", orig_sr)?;
    check_positive("target_sr", target_sr)?;
    if orig_sr == target_sr {
        return Ok(y.to_vec());
    }
    let ratio = target_sr / orig_sr;
    let is_near = (1.0 / RATIO_MAX..=RATIO_MAX).contains(&ratio);
    check(is_near, "target_sr", target_sr, "no more than 32768 times more or less than orig_sr")?;
    let is_whole = |sr: f64| sr.fract() == 0.0 && sr < f64::from(u32::MAX);
    let (step, per_step) = if is_whole(orig_sr) && is_whole(target_sr) {
        reduced(orig_sr as u64, target_sr as u64)
    } else {
        reduced((orig_sr / target_sr * PARTS as f64).round() as u64, PARTS)
    };
    let mut resampled = match (step, per_step) {
        (factor, 1) if factor.is_power_of_two() => decimate(y, factor as usize),
        (1, factor) if factor.is_power_of_two() => interpolate(y, factor as usize),
        _ => {
            let mut resampler = Resampler::of_ratio(step, per_step, 1);
            let mut output = Vec::new();
            resampler.push(y, &mut output);
            resampler.finish(&mut output);
            output
        }
    };
    let length = y.len() as f64 * ratio;
    resampled.truncate((length + 0.5).floor() as usize);
    resampled.resize(length.ceil() as usize, 0.0);
    if scale {
        let gain = ratio.sqrt() as f32;
        for sample in &mut resampled {
            *sample /= gain;
        }
    }
    Ok(resampled)
}

/// The filter at each place between two input frames where an output frame may lie.
struct Bank {
    /// Input frames on each side of an output frame that it is made from.
    half: usize,
    phases: usize,
    /// For each phase, and for the one after the last, a coefficient for each input frame.
    coefficients: Vec<f32>,
    /// The two filters that these are, where they are two.
    pair: Option<Pair>,
}

impl Bank {
    fn new(step: u64, per_step: u64) -> Self {
        let pair = Pair::of_ratio(step, per_step);
        // Stretched, when the rate sinks, so that it cuts at half of the lower rate.
        let stretch = (step as f64 / per_step as f64).max(1.0);
        let shape = Shape::of_ratio(step, per_step);
        let half = pair.as_ref().map_or((shape.half * stretch).ceil() as usize, Pair::half);
        let most = (COEFFICIENTS_MAX / (2 * half)).clamp(1, PHASES_MAX);
        let phases = usize::try_from(per_step).map_or(most, |exact| exact.min(most));
        let mut coefficients = vec![0.0; (phases + 1) * 2 * half];
        for (phase, weights) in coefficients.chunks_mut(2 * half).enumerate() {
            let place = phase as f64 / phases as f64;
            if let Some(pair) = &pair {
                pair.weights(place, weights);
                continue;
            }
            for (tap, weight) in weights.iter_mut().enumerate() {
                let distance = tap as f64 + 1.0 - half as f64 - place;
                *weight = (shape.weight(distance / stretch) / stretch) as f32;
            }
        }
        Self { half, phases, coefficients, pair }
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
    fn rates_need_not_be_whole() {
        let semitone = 2_f64.powf(1.0 / 12.0);
        for (from, to) in [(1.0, semitone), (semitone, 1.0), (44_100.5, 8_000.25)] {
            let share = 0.3 * f64::min(1.0, to / from);
            let y: Vec<f32> =
                (0..20_000).map(|n| (TAU * share * f64::from(n)).sin() as f32).collect();
            let resampled = super::resample(&y, from, to, false).unwrap();
            assert_eq!(resampled.len(), (20_000.0 * to / from).ceil() as usize);
            let inner = resampled.len() / 8..resampled.len() * 7 / 8;
            for (at, sample) in resampled.iter().enumerate().take(inner.end).skip(inner.start) {
                let expected = (TAU * share * at as f64 * from / to).sin() as f32;
                assert!((sample - expected).abs() < 4e-6, "{from} {to} {at}: {sample} {expected}");
            }
        }
    }

    #[test]
    fn what_cannot_be_resampled_is_refused() {
        assert!(super::resample(&[], 2.0, 1.0, false).is_err());
        assert!(super::resample(&[f32::NAN], 2.0, 1.0, false).is_err());
        assert!(super::resample(&[1.0], 0.0, 1.0, false).is_err());
        assert!(super::resample(&[1.0], 1.0, f64::INFINITY, false).is_err());
        assert!(super::resample(&[1.0], 1.0, 1e6, false).is_err());
        assert_eq!(super::resample(&[1.0], 7.0, 7.0, false).unwrap(), [1.0]);
    }

    #[test]
    fn almost_nothing_is_not_lost() {
        assert_eq!(resample(44_100, 22_050, 1, &[0.5], 1).len(), 1);
        assert_eq!(resample(8_000, 16_000, 1, &[], 1).len(), 0);
    }
}
