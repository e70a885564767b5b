//! Filters of the first order that raise or lower high frequencies.

use crate::error::{Error, check, check_signal};

fn checked(y: &[f32], coef: f64) -> Result<(), Error> {
    check_signal(y)?;
    check(coef.is_finite(), "coef", coef, "finite")?;
    if y.len() < 2 {
        return Err(Error::TooShort { what: "the signal", length: y.len(), needed: 2 });
    }
    Ok(())
}

/// `librosa.effects.preemphasis`: each sample less `coef` times the one before, 0.97 by default.
/// Before the first the line through the first two goes on, or `zi` stands.
///
/// # Errors
/// The signal is not finite or has less than two samples; `coef` is not finite.
pub fn preemphasis(y: &[f32], coef: f64, zi: Option<f32>) -> Result<Vec<f32>, Error> {
    checked(y, coef)?;
    let coef = coef as f32;
    let first = y[0] + zi.unwrap_or(2.0 * y[0] - y[1]);
    let rest = y.windows(2).map(|pair| pair[1] - coef * pair[0]);
    Ok(std::iter::once(first).chain(rest).collect())
}

/// `librosa.effects.deemphasis`: the inverse of [`preemphasis`].
///
/// # Errors
/// As [`preemphasis`].
pub fn deemphasis(y: &[f32], coef: f64, zi: Option<f32>) -> Result<Vec<f32>, Error> {
    checked(y, coef)?;
    let single = coef as f32;
    let mut last = zi.unwrap_or(0.0);
    let mut filtered: Vec<f32> = Vec::with_capacity(y.len());
    for (index, &sample) in y.iter().enumerate() {
        last = if index == 0 { sample + last } else { sample + single * last };
        filtered.push(last);
    }
    if zi.is_none() {
        // What the line before the first sample has left.
        let start = ((2.0 - coef) * f64::from(y[0]) - f64::from(y[1])) / (3.0 - coef);
        for (index, sample) in filtered.iter_mut().enumerate() {
            *sample = (f64::from(*sample) - start * coef.powf(index as f64)) as f32;
        }
    }
    Ok(filtered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_raised_is_lowered() {
        let y = [0.5, -0.25, 0.75, 0.0, 0.1];
        let back = deemphasis(&preemphasis(&y, 0.97, None).unwrap(), 0.97, None).unwrap();
        for (a, b) in y.iter().zip(&back) {
            assert!((a - b).abs() < 1e-5, "{back:?}");
        }
        assert!(preemphasis(&[1.0], 0.97, None).is_err());
        assert!(deemphasis(&y, f64::NAN, None).is_err());
    }
}
