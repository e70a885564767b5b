//! The filter between two sample rates: a sinc in Kaiser's window.
//!
//! As steep as the `HQ` recipe of soxr, which librosa takes by default: flat up to 91 % of half the
//! lower sample rate, and more than 110 dB down beyond it. The figures below describe soxr's own
//! response to an impulse, measured for each ratio. Where the rates are in no ratio of small
//! numbers soxr takes two filters ([`Pair`](super::pair::Pair)), and down to less than half three
//! or more; the one here stays within 1e-4 of those together, with what differs beyond the 91 %.
//!
//! Smith, J. O. Digital Audio Resampling Home Page, 2002.

use std::f64::consts::PI;

use crate::filters::bessel_i0;

/// A filter, with distances in samples of the lower rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// The frequency at which half is left, as a share of half the lower sample rate.
    pub(super) cutoff: f64,
    /// The shape of Kaiser's window.
    pub(super) beta: f64,
    /// How far to each side the filter reaches.
    pub(super) half: f64,
}

pub(super) const CUTOFF: f64 = 0.956_871_825;

impl Shape {
    /// From `step` to `per_step` samples of which no number but 1 divides both.
    pub(super) fn of_ratio(step: u64, per_step: u64) -> Self {
        Self::known(step, per_step).unwrap_or(Self { cutoff: 0.956_838, beta: 16.06, half: 110.45 })
    }

    /// Whether soxr takes this one filter, or only ones for rates that are doubled or halved.
    pub(super) fn is_known(step: u64, per_step: u64) -> bool {
        Self::known(step, per_step).is_some()
    }

    fn known(step: u64, per_step: u64) -> Option<Self> {
        let (beta, half) = match (step, per_step) {
            (2, 1) | (1, 2) => (13.040_03, 97.25),
            (3, 1 | 2) | (1 | 2, 3) => (13.040_03, 290.5 / 3.0),
            (1 | 3, 4) => (13.040_03, 97.125),
            (1, 5) => (13.040_03, 96.5),
            (6, 1) | (1, 6) => (13.711_4, 101.5),
            (4, 1) | (1, 8) => (13.711_4, 102.25),
            (1, 16 | 32 | 64) => (13.711_4, 102.125),
            (8, 1) => (14.104_2, 105.25),
            (16, 1) => (14.383_3, 107.25),
            (32, 1) => (14.6, 108.25),
            (64, 1) => (14.776_8, 110.25),
            (4, 3) => (13.040_03, 96.625),
            _ => return None,
        };
        Some(Self { cutoff: CUTOFF, beta, half })
    }

    /// The weight of a sample at a distance.
    pub(super) fn weight(&self, distance: f64) -> f64 {
        let angle = PI * self.cutoff * distance;
        let sinc = if angle.abs() < 1e-12 { 1.0 } else { angle.sin() / angle };
        self.cutoff * sinc * self.window(distance / self.half)
    }

    /// Kaiser's window, from -1 to 1.
    fn window(&self, at: f64) -> f64 {
        let inside = (1.0 - at * at).max(0.0);
        if inside == 0.0 {
            return 0.0;
        }
        bessel_i0(self.beta * inside.sqrt()) / bessel_i0(self.beta)
    }
}
