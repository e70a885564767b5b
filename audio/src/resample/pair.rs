//! Two filters one after the other, which soxr takes between rates in no ratio of small numbers:
//! a steep one to or from twice the rate, and a short one to any rate.
//!
//! Both together are one filter whose weights depend on where between two samples an output lies,
//! so that a bank of phases holds them as it holds those of one filter; only where the signal
//! begins is more needed, because soxr drops what the first filter gives before the first sample.
//! The figures below describe soxr's own response to impulses, measured over many ratios; where a
//! ratio of small numbers lies next to one at which the short filter becomes longer, such as 13 to
//! 14, soxr may take the other length, and differs by 1e-4.

use super::shape::{CUTOFF, Shape};

/// The shape of both filters' windows.
const STEEP_BETA: f64 = 13.711_4;
const SHORT_BETA: f64 = 14.058_8;
/// How far the steep filter reaches to each side at least, in samples of the lower rate.
const STEEP_REACH: f64 = 101.26;
/// Where between two samples the short filter is known.
const PLACES: f64 = 8192.0;

/// As many phases as have an even number of weights.
fn even(phases: f64, taps: f64) -> f64 {
    if phases * taps % 2.0 == 0.0 { phases } else { 2.0 * phases }
}

/// Two filters from one rate to another.
pub(super) struct Pair {
    /// Output samples for each of the input.
    ratio: f64,
    /// Whether the steep filter comes first: up to twice the rate of the input. Otherwise it comes
    /// last: down from twice the rate of the output.
    is_steep_first: bool,
    /// Weights of the steep filter from its middle on, at twice the input's or output's rate.
    steep: Vec<f64>,
    /// Weights of the short filter from its middle on.
    short: Vec<f64>,
    /// How far that reaches, in its input's samples.
    short_half: f64,
}

impl Pair {
    /// For `step` input samples to `per_step` output samples, of which no number but 1 divides
    /// both; `None` where soxr takes one filter, or more than two.
    pub(super) fn of_ratio(step: u64, per_step: u64) -> Option<Self> {
        let ratio = per_step as f64 / step as f64;
        if Shape::is_known(step, per_step) || ratio <= 0.5 || ratio >= 4.0 {
            return None;
        }
        let lower = ratio.min(1.0);
        let is_steep_first = ratio > 2.0 / 3.0;
        let is_halved = if is_steep_first { per_step } else { step }.is_multiple_of(2);
        let doubled = if is_steep_first { 1.0 } else { 2.0 };
        // In how many places between two of its samples the short filter's outputs lie.
        let phases = per_step as f64 * doubled / if is_halved { 2.0 } else { 1.0 };
        let (cutoff, taps) = if is_steep_first {
            let taps = match ratio {
                1.0.. => 15.0,
                0.934.. => 16.0,
                0.7375.. => 14.0,
                _ => 12.0,
            };
            (0.908_928_4 - 0.052_815 * (1.0 - lower), taps)
        } else {
            (1.806_78 * ratio, (7.471 / ratio + 1.0 / phases).ceil())
        };
        let short_half = taps / 2.0 - 0.25 / even(phases, taps);
        let short = Shape { cutoff, beta: SHORT_BETA, half: short_half };
        let places = (short_half * PLACES) as usize;
        let short = (0..places + 2).map(|place| short.weight(place as f64 / PLACES)).collect();
        // In samples of twice a rate, of which all four numbers are but one.
        let shrink = if is_steep_first { lower } else { 1.0 };
        let reach = 2 * (STEEP_REACH / shrink).ceil() as usize;
        let half = (reach as f64 / 2.0 + 0.25) * shrink;
        let shape = Shape { cutoff: CUTOFF, beta: STEEP_BETA, half };
        let gain = if is_steep_first { shrink } else { 0.5 };
        let weight = |at: usize| gain * shape.weight(at as f64 / 2.0 * shrink);
        Some(Self {
            ratio,
            is_steep_first,
            steep: (0..=reach).map(weight).collect(),
            short,
            short_half,
        })
    }

    /// How many input samples on each side an output is made from.
    pub(super) fn half(&self) -> usize {
        let steep = (self.steep.len() - 1) as f64 / 2.0;
        let reach = if self.is_steep_first {
            steep + self.short_half / 2.0
        } else {
            steep / self.ratio + self.short_half
        };
        reach.ceil() as usize + 1
    }

    /// Fills `weights`, of which there are twice as many as [`Pair::half`], for an output that lies
    /// `place` beyond the input sample in the middle.
    pub(super) fn weights(&self, place: f64, weights: &mut [f32]) {
        let half = self.half() as isize;
        for (tap, weight) in weights.iter_mut().enumerate() {
            // From the input sample to the output.
            let distance = place - (tap as isize + 1 - half) as f64;
            *weight = self.weight(distance) as f32;
        }
    }

    /// The weight of an input sample for an output `distance` behind it.
    fn weight(&self, distance: f64) -> f64 {
        // Samples between both filters count from the input sample where the steep one is first,
        // and otherwise back from the output.
        let rate = if self.is_steep_first { 2.0 } else { 2.0 * self.ratio };
        let (centre, unit) = (distance * rate, if self.is_steep_first { 1.0 } else { rate });
        let reach = self.short_half * unit;
        let first = (centre - reach).ceil() as isize;
        let last = (centre + reach).floor() as isize;
        (first..=last)
            .map(|at| self.steep_at(at) * self.short_at((centre - at as f64) / unit))
            .sum()
    }

    fn steep_at(&self, at: isize) -> f64 {
        self.steep.get(at.unsigned_abs()).copied().unwrap_or(0.0)
    }

    fn short_at(&self, distance: f64) -> f64 {
        let place = distance.abs() * PLACES;
        match self.short.get(place as usize..) {
            Some([low, high, ..]) => low + (high - low) * place.fract(),
            _ => 0.0,
        }
    }

    /// What both filters make of what the first would give before the first sample, and soxr drops:
    /// for each of the first outputs, how much to take away. `first` are the first input samples.
    pub(super) fn before(&self, first: &[f32]) -> Vec<f32> {
        let near = &first[..first.len().min(self.half())];
        let dropped = |at: isize| -> f64 {
            let weighted = near.iter().enumerate().map(|(sample, &value)| {
                let weight = if self.is_steep_first {
                    self.steep_at(at - 2 * sample as isize)
                } else {
                    self.short_at(at as f64 / (2.0 * self.ratio) - sample as f64)
                };
                weight * f64::from(value)
            });
            weighted.sum()
        };
        let short = self.short_half;
        let reach = if self.is_steep_first { short } else { 2.0 * self.ratio * short };
        let values: Vec<f64> = (1..=reach.floor() as isize).map(|at| dropped(-at)).collect();
        let outputs = if self.is_steep_first {
            (short / 2.0 * self.ratio).ceil() as usize
        } else {
            self.steep.len() / 2
        };
        let of_output = |output: usize| -> f32 {
            let weight = |at: usize| {
                if self.is_steep_first {
                    self.short_at(2.0 * output as f64 / self.ratio + at as f64)
                } else {
                    self.steep_at((2 * output + at) as isize)
                }
            };
            values.iter().enumerate().map(|(at, value)| weight(at + 1) * value).sum::<f64>() as f32
        };
        (0..outputs).map(of_output).collect()
    }
}
