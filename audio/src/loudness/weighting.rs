//! The K weighting: what a head does to sound, and how little low sounds count.

use std::f64::consts::PI;

/// Two filters one after the other, for one channel.
#[derive(Clone)]
pub(super) struct Weighting {
    stages: [Stage; 2],
}

/// A filter of second order, in transposed direct form.
#[derive(Clone)]
struct Stage {
    b: [f64; 3],
    a: [f64; 2],
    state: [f64; 2],
}

impl Weighting {
    /// At any sample rate, in Hz: BS.1770 has coefficients for 48 kHz only; these are of the
    /// analogue filters that those come from, by the bilinear transform, and equal at 48 kHz.
    pub(super) fn new(sr: f64) -> Self {
        Self { stages: [shelf(sr), high_pass(sr)] }
    }

    pub(super) fn apply(&mut self, sample: f64) -> f64 {
        self.stages.iter_mut().fold(sample, |sample, stage| stage.apply(sample))
    }
}

impl Stage {
    fn apply(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.state[0];
        self.state[0] = self.b[1] * x - self.a[0] * y + self.state[1];
        self.state[1] = self.b[2] * x - self.a[1] * y;
        y
    }
}

/// 4 dB more above 1.7 kHz.
fn shelf(sr: f64) -> Stage {
    const HZ: f64 = 1_681.974_450_955_533;
    const GAIN_DB: f64 = 3.999_843_853_973_347;
    const Q: f64 = 0.707_175_236_955_419_6;
    let k = (PI * HZ / sr).tan();
    let high = 10_f64.powf(GAIN_DB / 20.0);
    let band = high.powf(0.499_666_774_154_541_6);
    let scale = 1.0 + k / Q + k * k;
    Stage {
        b: [
            (high + band * k / Q + k * k) / scale,
            2.0 * (k * k - high) / scale,
            (high - band * k / Q + k * k) / scale,
        ],
        a: [2.0 * (k * k - 1.0) / scale, (1.0 - k / Q + k * k) / scale],
        state: [0.0; 2],
    }
}

/// Less below 38 Hz.
fn high_pass(sr: f64) -> Stage {
    const HZ: f64 = 38.135_470_876_024_44;
    const Q: f64 = 0.500_327_037_323_877_3;
    let k = (PI * HZ / sr).tan();
    let scale = 1.0 + k / Q + k * k;
    Stage {
        b: [1.0, -2.0, 1.0],
        a: [2.0 * (k * k - 1.0) / scale, (1.0 - k / Q + k * k) / scale],
        state: [0.0; 2],
    }
}

/// How much a channel counts: BS.1770's weights for the usual orders of channels. Low-frequency
/// effects count nothing, surround channels more.
pub(super) fn of_channel(channel: usize, channels: usize) -> f64 {
    const SURROUND: f64 = 1.41;
    match (channels, channel) {
        (6.., 3) => 0.0,
        (5, 3 | 4) | (4, 2 | 3) | (6.., 4 | 5) => SURROUND,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_are_those_of_the_standard_at_48_khz() {
        // BS.1770-4, tables 1 and 2.
        let (shelf, high_pass) = (shelf(48_000.0), high_pass(48_000.0));
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        near(shelf.b[0], 1.535_124_859_586_97);
        near(shelf.b[1], -2.691_696_189_406_38);
        near(shelf.b[2], 1.198_392_810_852_85);
        near(shelf.a[0], -1.690_659_293_182_41);
        near(shelf.a[1], 0.732_480_774_215_85);
        near(high_pass.a[0], -1.990_047_454_833_98);
        near(high_pass.a[1], 0.990_072_250_366_21);
    }
}
