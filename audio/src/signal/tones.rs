//! Signals to test with, and clicks to hear where beats are.

use std::f64::consts::{FRAC_PI_2, TAU};

use crate::error::{Error, check, check_positive};

/// Samples at most: three hours and a half at 44,100 Hz.
const SAMPLES_MAX: usize = 1 << 29;

fn checked(length: usize, sr: f64) -> Result<(), Error> {
    check_positive("sr", sr)?;
    check(length <= SAMPLES_MAX, "length", length, &format!("at most {SAMPLES_MAX}"))
}

/// `librosa.tone`: `length` samples at `sr` Hz of a cosine of `frequency` Hz, which begins with the
/// phase `phi`, in radians; minus a quarter of a turn where there is none, so that it is a sine.
///
/// # Errors
/// `sr` is not above 0; `length` is more than 2^29; a number is not finite.
pub fn tone(frequency: f64, sr: f64, length: usize, phi: Option<f64>) -> Result<Vec<f64>, Error> {
    checked(length, sr)?;
    let phi = phi.unwrap_or(-FRAC_PI_2);
    check((frequency + phi).is_finite(), "frequency", frequency, "finite")?;
    Ok((0..length).map(|at| (TAU * frequency * at as f64 / sr + phi).cos()).collect())
}

/// `librosa.chirp`: `length` samples at `sr` Hz of a cosine that goes from `fmin` to `fmax` Hz, by
/// the same factor in each second, or with `linear` by the same Hz; `phi` as of [`tone`].
///
/// # Errors
/// As [`tone`]; a frequency is not above 0.
pub fn chirp(
    (fmin, fmax): (f64, f64),
    sr: f64,
    length: usize,
    linear: bool,
    phi: Option<f64>,
) -> Result<Vec<f64>, Error> {
    checked(length, sr)?;
    check_positive("fmin", fmin)?;
    check_positive("fmax", fmax)?;
    let phi = phi.unwrap_or(-FRAC_PI_2);
    check(phi.is_finite(), "phi", phi, "finite")?;
    let duration = length as f64 / sr;
    let phase = |t: f64| {
        if linear {
            return TAU * (fmin * t + 0.5 * (fmax - fmin) / duration * t * t);
        }
        if fmin == fmax {
            return TAU * fmin * t;
        }
        let factor = fmax / fmin;
        TAU * (duration / factor.ln()) * fmin * (factor.powf(t / duration) - 1.0)
    };
    Ok((0..length).map(|at| (phase(at as f64 / sr) + phi).cos()).collect())
}

/// `librosa.clicks`: `length` samples, or as many as there must be, with a click that fades within
/// `click_duration` seconds and has `click_freq` Hz (0.1 and 1000 by default) at each of
/// `positions`, in samples. Those behind the end are left out.
///
/// # Errors
/// As [`tone`]; there is no position and no length; `length` is 0; a number is not above 0.
pub fn clicks(
    positions: &[usize],
    sr: f64,
    click_freq: f64,
    click_duration: f64,
    length: Option<usize>,
) -> Result<Vec<f32>, Error> {
    check_positive("click_freq", click_freq)?;
    check_positive("click_duration", click_duration)?;
    checked(0, sr)?;
    let range = format!("so short that a click has at most {SAMPLES_MAX} samples");
    let samples = sr * click_duration;
    check(samples <= SAMPLES_MAX as f64, "click_duration", click_duration, &range)?;
    let count = samples as usize;
    let last = positions.iter().max();
    let length = length.or_else(|| Some(last?.saturating_add(count)));
    let Some(length) = length else { return Err(Error::Empty { what: "positions" }) };
    check(length > 0, "length", length, "at least 1")?;
    checked(length, sr)?;
    let step = -10.0 / count.saturating_sub(1).max(1) as f64;
    let fade = |at: usize| {
        if at > 0 && at + 1 == count { 2_f64.powi(-10) } else { 2_f64.powf(step * at as f64) }
    };
    let turn = TAU * click_freq / sr;
    let click: Vec<f64> = (0..count).map(|at| fade(at) * (turn * at as f64).sin()).collect();
    let mut signal = vec![0.0_f32; length];
    for &position in positions {
        let Some(rest) = signal.get_mut(position..) else { continue };
        for (sample, value) in rest.iter_mut().zip(&click) {
            *sample = (f64::from(*sample) + value) as f32;
        }
    }
    Ok(signal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clicks_end_with_the_signal() {
        let found = clicks(&[5, 90, 200], 1_000.0, 100.0, 0.02, Some(100)).unwrap();
        assert_eq!(found.len(), 100);
        assert!(found[..6].iter().all(|&sample| sample == 0.0) && found[6] > 0.3);
        assert_eq!(clicks(&[5, 90], 1_000.0, 100.0, 0.02, None).unwrap().len(), 110);
        assert!(clicks(&[], 1_000.0, 100.0, 0.02, None).is_err());
        assert!(clicks(&[5], 1_000.0, 100.0, 0.02, Some(0)).is_err());
        assert!(clicks(&[5], 1_000.0, 0.0, 0.02, None).is_err());
        assert!(clicks(&[usize::MAX], 1_000.0, 100.0, 0.02, None).is_err());
    }

    #[test]
    fn what_is_no_tone_is_refused() {
        assert!(tone(f64::NAN, 8_000.0, 10, None).is_err() && tone(440.0, 0.0, 10, None).is_err());
        assert!(tone(440.0, 8_000.0, SAMPLES_MAX + 1, None).is_err());
        assert!(chirp((0.0, 100.0), 8_000.0, 10, false, None).is_err());
        assert!(chirp((100.0, 200.0), 8_000.0, 0, false, None).unwrap().is_empty());
        let steady = chirp((440.0, 440.0), 8_000.0, 9, false, None).unwrap();
        for (steady, tone) in steady.iter().zip(tone(440.0, 8_000.0, 9, None).unwrap()) {
            assert!((steady - tone).abs() < 1e-12, "{steady} {tone}");
        }
    }
}
