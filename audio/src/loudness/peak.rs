//! The greatest value between samples.

use std::f64::consts::PI;

use crate::dot::dot;

/// Samples that a value between samples is made of.
const TAPS: usize = 24;
/// At least so many values a second are looked at: four for each sample at 48 kHz.
const VALUES_S: f64 = 192_000.0;
/// Values for each sample at most.
const FACTOR_MAX: usize = 8;

/// The true peak of one channel: BS.1770-4, annex 2, with a longer filter than its example.
#[derive(Clone)]
pub(super) struct TruePeak {
    /// For each place between two samples its filter.
    filters: Vec<[f32; TAPS]>,
    /// The last samples, twice, so that they lie side by side wherever one begins.
    recent: [f32; 2 * TAPS],
    at: usize,
    pub(super) sample: f32,
    pub(super) between: f32,
}

impl TruePeak {
    pub(super) fn new(sr: f64) -> Self {
        let factor = ((VALUES_S / sr).ceil().max(1.0) as usize).min(FACTOR_MAX);
        let filter = |phase: usize| {
            let shift = phase as f64 / factor as f64;
            let weight = |tap: usize| {
                let t = tap as f64 - (TAPS / 2 - 1) as f64 - shift;
                let window = 0.5 + 0.5 * (PI * t / (TAPS / 2) as f64).cos();
                let sinc = if t == 0.0 { 1.0 } else { (PI * t).sin() / (PI * t) };
                window * sinc
            };
            let weights: [f64; TAPS] = std::array::from_fn(weight);
            let sum: f64 = weights.iter().sum();
            weights.map(|weight| (weight / sum) as f32)
        };
        Self {
            filters: (1..factor).map(filter).collect(),
            recent: [0.0; 2 * TAPS],
            at: 0,
            sample: 0.0,
            between: 0.0,
        }
    }

    pub(super) fn push(&mut self, sample: f32) {
        self.sample = self.sample.max(sample.abs());
        self.recent[self.at] = sample;
        self.recent[self.at + TAPS] = sample;
        self.at = (self.at + 1) % TAPS;
        let recent = &self.recent[self.at..self.at + TAPS];
        for filter in &self.filters {
            self.between = self.between.max(dot(filter, recent).abs());
        }
    }

    /// The greatest of the samples and of what lies between.
    pub(super) fn value(&self) -> f64 {
        // What is between the last samples is known once silence has followed them.
        let mut rest = self.clone();
        (0..TAPS).for_each(|_| rest.push(0.0));
        f64::from(rest.between.max(rest.sample))
    }
}
