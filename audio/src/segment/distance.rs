//! How far frames lie apart.

use crate::error::{Error, check_finite, check_length};
use crate::matrix::Matrix;

/// What a distance is, as `scipy.spatial.distance` defines it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metric {
    /// The root of the sum of squares.
    #[default]
    Euclidean,
    /// The sum of squares.
    SqEuclidean,
    /// The sum of absolute differences.
    Cityblock,
    /// One less the cosine of the angle between both; 1 where either is all zeros.
    Cosine,
}

impl Metric {
    /// Between two frames of the same length.
    pub(super) fn between(self, a: &[f32], b: &[f32]) -> f64 {
        let pairs = || a.iter().zip(b).map(|(&a, &b)| (f64::from(a), f64::from(b)));
        match self {
            Self::Euclidean => pairs().map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt(),
            Self::SqEuclidean => pairs().map(|(a, b)| (a - b) * (a - b)).sum(),
            Self::Cityblock => pairs().map(|(a, b)| (a - b).abs()).sum(),
            Self::Cosine => {
                let (mut both, mut one, mut other) = (0.0, 0.0, 0.0);
                for (a, b) in pairs() {
                    both += a * b;
                    one += a * a;
                    other += b * b;
                }
                let lengths = one.sqrt() * other.sqrt();
                if lengths > 0.0 { (1.0 - both / lengths).max(0.0) } else { 1.0 }
            }
        }
    }
}

/// `scipy.spatial.distance.cdist`: how far each frame (a column) of `x` lies from each of `y`: a
/// row for each frame of `x`, a column for each of `y`.
///
/// # Errors
/// A value is not finite; frames of both have different lengths.
pub fn cdist(x: &Matrix<f32>, y: &Matrix<f32>, metric: Metric) -> Result<Matrix<f64>, Error> {
    check_finite("the first features", x.as_slice())?;
    check_finite("the second features", y.as_slice())?;
    check_length("a frame of the second features", y.rows(), x.rows())?;
    let between = |row: usize, column: usize| metric.between(x.column(row), y.column(column));
    Ok(Matrix::from_fn(x.columns(), y.columns(), between))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_scipys() {
        let x = Matrix::from_columns(2, 2, vec![3.0, 4.0, 0.0, 0.0]).unwrap();
        let y = Matrix::from_columns(2, 1, vec![3.0, 0.0]).unwrap();
        for (metric, expected) in [
            (Metric::Euclidean, [4.0, 3.0]),
            (Metric::SqEuclidean, [16.0, 9.0]),
            (Metric::Cityblock, [4.0, 3.0]),
            (Metric::Cosine, [1.0 - 0.6, 1.0]),
        ] {
            let found = cdist(&x, &y, metric).unwrap();
            for (found, expected) in found.as_slice().iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12, "{metric:?}: {found}");
            }
        }
        assert!(cdist(&x, &y.transposed(), Metric::Cosine).is_err());
        let bad = Matrix::filled(2, 1, f32::NAN);
        assert!(
            cdist(&x, &bad, Metric::Cosine).is_err() && cdist(&bad, &x, Metric::Cosine).is_err()
        );
    }
}
