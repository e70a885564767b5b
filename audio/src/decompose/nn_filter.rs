//! Frames by those that are like them.

use crate::error::{Error, check_finite, check_length, check_magnitudes};
use crate::matrix::Matrix;
use crate::util::Aggregate;

/// What becomes of the frames that are like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neighbours {
    /// Each counts the same.
    Equal(Aggregate),
    /// Their mean, in which each counts what the recurrences say.
    Weighted,
}

/// `librosa.decompose.nn_filter`: each frame (a column) of `s` replaced by those that are like it:
/// those whose row of `rec` is not 0 in its column, as
/// [`recurrence_matrix`](crate::segment::recurrence_matrix) makes it. A frame that none is like
/// stays.
///
/// Buades, A., Coll, B. and Morel, J.-M. A non-local algorithm for image denoising. CVPR, 2005.
///
/// # Errors
/// A value is not finite; a recurrence is negative; there are not as many recurrences as frames.
pub fn nn_filter(
    s: &Matrix<f32>,
    rec: &Matrix<f32>,
    aggregate: Neighbours,
) -> Result<Matrix<f32>, Error> {
    check_finite("the spectrogram", s.as_slice())?;
    check_magnitudes("the recurrences", rec.as_slice())?;
    check_length("a row of the recurrences", rec.columns(), s.columns())?;
    check_length("a column of the recurrences", rec.rows(), s.columns())?;
    let mut filtered = s.clone();
    let (mut values, mut linked) = (Vec::new(), Vec::new());
    for (column, weights) in rec.iter_columns().enumerate() {
        linked.clear();
        linked.extend(weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0));
        if linked.is_empty() {
            continue;
        }
        for row in 0..s.rows() {
            filtered[(row, column)] = match aggregate {
                Neighbours::Equal(aggregate) => {
                    values.clear();
                    values.extend(linked.iter().map(|(frame, _)| s[(row, *frame)]));
                    aggregate.of(&mut values)
                }
                Neighbours::Weighted => {
                    let (mut sum, mut total) = (0.0, 0.0);
                    for &(frame, &weight) in &linked {
                        sum += f64::from(weight) * f64::from(s[(row, frame)]);
                        total += f64::from(weight);
                    }
                    (sum / total) as f32
                }
            };
        }
    }
    Ok(filtered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_becomes_those_that_are_like_it() {
        let s = Matrix::from_columns(1, 3, vec![1.0, 2.0, 6.0]).unwrap();
        let rec = Matrix::from_columns(3, 3, vec![0., 1., 3., 0., 0., 0., 1., 1., 0.]).unwrap();
        let mean = nn_filter(&s, &rec, Neighbours::Equal(Aggregate::Mean)).unwrap();
        assert_eq!(mean.as_slice(), [4.0, 2.0, 1.5]);
        let weighted = nn_filter(&s, &rec, Neighbours::Weighted).unwrap();
        assert_eq!(weighted.as_slice(), [5.0, 2.0, 1.5]);
        assert!(nn_filter(&s, &Matrix::filled(2, 3, 1.0), Neighbours::Weighted).is_err());
        assert!(nn_filter(&s, &Matrix::filled(3, 3, -1.0), Neighbours::Weighted).is_err());
    }
}
