//! Energy in channels, normalised: `librosa.pcen`.

use crate::elementary::{exp, exp_m1, ln_1p};
use crate::error::{Error, check, check_count, check_magnitudes, check_positive};
use crate::matrix::Matrix;

/// How energy is normalised in each channel; defaults are those of `librosa.pcen`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pcen {
    /// How much of the gain is taken away, from 0.
    pub gain: f64,
    /// Moves the compression's knee, from 0.
    pub bias: f64,
    /// The exponent of the compression, from 0.
    pub power: f64,
    /// Seconds over which energy is averaged.
    pub time_constant: f64,
    /// Keeps quiet frames from being divided by nothing.
    pub eps: f64,
    /// The coefficient of the averaging filter, from 0 to 1, in place of `time_constant`.
    pub b: Option<f64>,
    /// Over how many bands the greatest is taken before averaging.
    pub max_size: usize,
}

impl Default for Pcen {
    fn default() -> Self {
        Self {
            gain: 0.98,
            bias: 2.0,
            power: 0.5,
            time_constant: 0.4,
            eps: 1e-6,
            b: None,
            max_size: 1,
        }
    }
}

/// `librosa.pcen` of a spectrogram `s` at `sr` Hz with frames every `hop_length` samples: each band
/// divided by its average over the past, and compressed.
///
/// Wang, Y. et al. Trainable frontend for robust and far-field keyword spotting. ICASSP, 2017.
///
/// # Errors
/// A value is negative or not finite; a parameter is out of its range.
pub fn pcen(
    s: &Matrix<f32>,
    sr: f64,
    hop_length: usize,
    pcen: &Pcen,
) -> Result<Matrix<f32>, Error> {
    check_magnitudes("the spectrogram", s.as_slice())?;
    check_count("hop_length", hop_length)?;
    check_count("max_size", pcen.max_size)?;
    for (name, value) in [("power", pcen.power), ("gain", pcen.gain), ("bias", pcen.bias)] {
        check(value >= 0.0 && value.is_finite(), name, value, "0 or more")?;
    }
    check_positive("eps", pcen.eps)?;
    check_positive("time_constant", pcen.time_constant)?;
    let frames = pcen.time_constant * sr / hop_length as f64;
    let default = ((1.0 + 4.0 * frames * frames).sqrt() - 1.0) / (2.0 * frames * frames);
    let b = pcen.b.unwrap_or(default);
    check((0.0..=1.0).contains(&b), "b", b, "from 0 to 1")?;
    let (before, after) = (pcen.max_size / 2, (pcen.max_size - 1) / 2);
    let mut averages = vec![1.0 - b; s.rows()];
    let mut gains = vec![0.0; s.rows()];
    let mut normalized = Matrix::filled(s.rows(), s.columns(), 0.0);
    for (column, frame) in s.iter_columns().enumerate() {
        for (band, (gain, average)) in gains.iter_mut().zip(&mut averages).enumerate() {
            let near = &frame[band.saturating_sub(before)..(band + after + 1).min(frame.len())];
            let greatest = near.iter().copied().fold(0.0, f32::max);
            *gain = b * f64::from(greatest) + *average;
            *average = (1.0 - b) * *gain;
        }
        let floor = pcen.eps.ln();
        for gain in &mut gains {
            *gain = exp(-pcen.gain * (floor + ln_1p(*gain / pcen.eps)));
        }
        compress(frame, &gains, pcen, normalized.column_mut(column));
    }
    Ok(normalized)
}

/// Fills `compressed` from the values of a frame and what each is to be multiplied with.
fn compress(frame: &[f32], gains: &[f64], pcen: &Pcen, compressed: &mut [f32]) {
    let all = compressed.iter_mut().zip(frame).zip(gains);
    let all = all.map(|((place, value), gain)| (place, f64::from(*value), *gain));
    if pcen.power == 0.0 {
        all.for_each(|(place, value, gain)| *place = ln_1p(value * gain) as f32);
    } else if pcen.bias == 0.0 {
        all.for_each(|(place, value, gain)| *place = (value * gain).powf(pcen.power) as f32);
    } else {
        let scale = pcen.bias.powf(pcen.power);
        let raised = |value: f64| exp_m1(pcen.power * ln_1p(value / pcen.bias));
        all.for_each(|(place, value, gain)| *place = (scale * raised(value * gain)) as f32);
    }
}
