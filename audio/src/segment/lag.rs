//! Recurrences by how much later a frame comes again.

use crate::error::{Error, check_length};
use crate::matrix::Matrix;

/// `librosa.segment.recurrence_to_lag`: of a square matrix, for each frame (a column) what stands
/// for each later frame by how much later it is (a row), cyclically; with `pad`, true by default,
/// there are twice as many rows, so that earlier frames stand in the second half.
///
/// # Errors
/// There are not as many rows as columns.
pub fn recurrence_to_lag(rec: &Matrix<f32>, pad: bool) -> Result<Matrix<f32>, Error> {
    let count = rec.columns();
    check_length("a column of the recurrences", rec.rows(), count)?;
    let rows = if pad { 2 * count } else { count };
    Ok(Matrix::from_fn(rows, count, |lag, column| {
        let row = (lag + column) % rows;
        if row < count { rec[(row, column)] } else { 0.0 }
    }))
}

/// `librosa.segment.lag_to_recurrence`: the inverse of [`recurrence_to_lag`].
///
/// # Errors
/// There are neither as many nor twice as many rows as columns.
pub fn lag_to_recurrence(lag: &Matrix<f32>) -> Result<Matrix<f32>, Error> {
    let (count, rows) = (lag.columns(), lag.rows());
    if rows != 2 * count {
        check_length("a column of the lags", rows, count)?;
    }
    Ok(Matrix::from_fn(count, count, |row, column| lag[((row + rows - column) % rows, column)]))
}

/// `librosa.segment.timelag_filter`: what `filter` makes of recurrences by lag, as recurrences. It
/// must keep the shape.
///
/// # Errors
/// As [`recurrence_to_lag`] and [`lag_to_recurrence`], and what `filter` says.
pub fn timelag_filter(
    rec: &Matrix<f32>,
    pad: bool,
    filter: impl FnOnce(&Matrix<f32>) -> Result<Matrix<f32>, Error>,
) -> Result<Matrix<f32>, Error> {
    lag_to_recurrence(&filter(&recurrence_to_lag(rec, pad)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_how_much_later_a_frame_comes_again() {
        let rec = Matrix::from_fn(3, 3, |row, column| (10 * row + column) as f32);
        let lag = recurrence_to_lag(&rec, true).unwrap();
        assert_eq!(lag.column(0), [0.0, 10.0, 20.0, 0.0, 0.0, 0.0]);
        assert_eq!(lag.column(1), [11.0, 21.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(recurrence_to_lag(&rec, false).unwrap().column(2), [22.0, 2.0, 12.0]);
        for pad in [true, false] {
            let same = timelag_filter(&rec, pad, |lag| Ok(lag.clone())).unwrap();
            assert_eq!(same, rec);
        }
        assert!(recurrence_to_lag(&Matrix::filled(3, 2, 0.0), true).is_err());
        assert!(lag_to_recurrence(&Matrix::filled(5, 3, 0.0)).is_err());
        assert_eq!(lag_to_recurrence(&Matrix::filled(0, 0, 0.0)).unwrap().columns(), 0);
    }
}
