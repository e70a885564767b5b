//! Samples of few bits, of which quiet ones get the most.
//!
//! ITU-T G.711.

use crate::error::{Error, check};

fn checked(x: &[f64], mu: f64) -> Result<(), Error> {
    check(mu > 0.0 && mu <= 1e9, "mu", mu, "above 0 and at most 1e9")?;
    match x.iter().find(|value| !(-1.0..=1.0).contains(*value)) {
        Some(&value) => Err(Error::parameter("x", value, "from -1 to 1")),
        None => Ok(()),
    }
}

/// `librosa.mu_compress` with `quantize=False`: samples from -1 to 1, quiet ones raised; `mu` is
/// 255 by default.
///
/// # Errors
/// A sample is not from -1 to 1; `mu` is not above 0.
pub fn mu_compress(x: &[f64], mu: f64) -> Result<Vec<f64>, Error> {
    checked(x, mu)?;
    let sign = |value: f64| if value == 0.0 { 0.0 } else { value.signum() };
    Ok(x.iter().map(|&value| sign(value) * (mu * value.abs()).ln_1p() / mu.ln_1p()).collect())
}

/// `librosa.mu_compress`: the same as whole numbers, of which there are `mu + 1`, half of them
/// below 0.
///
/// # Errors
/// As [`mu_compress`].
pub fn mu_quantize(x: &[f64], mu: f64) -> Result<Vec<i64>, Error> {
    let compressed = mu_compress(x, mu)?;
    let levels = (1.0 + mu) as i64;
    let step = 2.0 / (levels - 1).max(1) as f64;
    // As `numpy.linspace`, so that what lies on an edge falls on the same side.
    let edge =
        |level: i64| if level == levels - 1 && level > 0 { 1.0 } else { level as f64 * step - 1.0 };
    let count_below = |value: f64| {
        let mut level = (((value + 1.0) / step) as i64).clamp(0, levels);
        while level < levels && edge(level) < value {
            level += 1;
        }
        while level > 0 && edge(level - 1) >= value {
            level -= 1;
        }
        level
    };
    Ok(compressed.into_iter().map(|value| count_below(value) - levels / 2).collect())
}

/// `librosa.mu_expand` with `quantize=False`: the inverse of [`mu_compress`].
///
/// # Errors
/// As [`mu_compress`].
pub fn mu_expand(x: &[f64], mu: f64) -> Result<Vec<f64>, Error> {
    checked(x, mu)?;
    let sign = |value: f64| if value == 0.0 { 0.0 } else { value.signum() };
    Ok(x.iter().map(|&x| sign(x) / mu * ((1.0 + mu).powf(x.abs()) - 1.0)).collect())
}

/// `librosa.mu_expand`: the inverse of [`mu_quantize`], but for what that rounds.
///
/// # Errors
/// A number lies beyond half of `mu + 1`; `mu` is not above 0.
pub fn mu_dequantize(x: &[i64], mu: f64) -> Result<Vec<f64>, Error> {
    let scaled: Vec<f64> = x.iter().map(|&value| value as f64 * 2.0 / (1.0 + mu)).collect();
    mu_expand(&scaled, mu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_samples_get_the_most_numbers() {
        let x = [-1.0, -0.5, -0.01, 0.0, 0.01, 0.5, 1.0];
        // librosa.mu_compress(x), librosa 1.0.0.
        assert_eq!(mu_quantize(&x, 255.0).unwrap(), [-128, -112, -29, 0, 29, 112, 127]);
        for (back, x) in mu_expand(&mu_compress(&x, 255.0).unwrap(), 255.0).unwrap().iter().zip(x) {
            assert!((back - x).abs() < 1e-12, "{back} {x}");
        }
        assert!(mu_compress(&[1.5], 255.0).is_err() && mu_compress(&[f64::NAN], 255.0).is_err());
        assert!(mu_compress(&[0.5], 0.0).is_err() && mu_dequantize(&[200], 255.0).is_err());
    }
}
