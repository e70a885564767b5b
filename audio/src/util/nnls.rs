//! Non-negative least squares, as `librosa.util.nnls` solves them for matrices.
//!
//! The problem has many solutions where there are more unknowns than equations, so that the way to
//! one is part of the definition: from what the pseudo-inverse gives, by the steps of L-BFGS-B.
//!
//! Byrd, R. H., Lu, P., Nocedal, J. and Zhu, C. A limited memory algorithm for bound constrained
//! optimization. SIAM Journal on Scientific Computing, 1995; Morales, J. L. and Nocedal, J. Remark
//! on algorithm 778. ACM Transactions on Mathematical Software, 2011.

use crate::error::{Error, check_count, check_finite, check_length};
use crate::linear::{eigen, lbfgs};
use crate::matrix::Matrix;

/// librosa solves for as many columns at a time as fit into this many bytes.
const BLOCK_BYTES: usize = 1 << 18;

/// `librosa.util.nnls` of matrices: the `x` without negative values for which `a` times `x` is
/// nearest to `b`; a column for each of `b`, a row for each column of `a`.
///
/// # Errors
/// `a` has no values or another number of rows than `b`; a value is not finite.
pub fn nnls(a: &Matrix<f32>, b: &Matrix<f32>) -> Result<Matrix<f32>, Error> {
    check_count("the unknowns", a.columns())?;
    check_count("the equations", a.rows())?;
    check_length("a column of b", b.rows(), a.rows())?;
    check_finite("a", a.as_slice())?;
    check_finite("b", b.as_slice())?;
    let sparse = Sparse::new(a);
    let inverse = pseudo_inverse(a);
    let block = (BLOCK_BYTES / (a.rows() * size_of::<f32>())).max(1);
    let mut values = Vec::with_capacity(a.columns() * b.columns());
    for first in (0..b.columns()).step_by(block) {
        let columns = first..(first + block).min(b.columns());
        values.extend(solve(&sparse, &inverse, b, columns).into_iter().map(|x| x as f32));
    }
    Matrix::from_columns(a.columns(), b.columns(), values)
}

/// The values of a matrix that are not zero, column by column.
struct Sparse {
    rows: usize,
    columns: Vec<Vec<(usize, f64)>>,
}

impl Sparse {
    fn new(a: &Matrix<f32>) -> Self {
        let kept = |column: &[f32]| {
            let all = column.iter().enumerate();
            all.filter(|(_, value)| **value != 0.0).map(|(row, &v)| (row, f64::from(v))).collect()
        };
        Self { rows: a.rows(), columns: a.iter_columns().map(kept).collect() }
    }
}

/// What times `a` is as near to the identity as can be: for each column of `a` a row.
fn pseudo_inverse(a: &Matrix<f32>) -> Vec<Vec<f64>> {
    let (rows, columns) = (a.rows(), a.columns());
    let mut gram = vec![0.0; rows * rows];
    for column in a.iter_columns() {
        for (row, &value) in column.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            for (other, &factor) in column.iter().enumerate() {
                gram[row * rows + other] += f64::from(value) * f64::from(factor);
            }
        }
    }
    let (values, vectors) = eigen(gram, rows);
    // What rounding leaves of those that are zero, where rows depend on each other.
    let least = values.iter().copied().fold(0.0, f64::max) * rows as f64 * f64::EPSILON;
    // The inverse of the products of all rows, where it has one.
    let mut inner = vec![0.0; rows * rows];
    for (value, vector) in values.iter().zip(vectors.chunks(rows)).filter(|(it, _)| **it > least) {
        for (line, &along) in inner.chunks_mut(rows).zip(vector) {
            for (place, &across) in line.iter_mut().zip(vector) {
                *place += along * across / value;
            }
        }
    }
    let row_of = |column: usize| {
        let mut row = vec![0.0; rows];
        for (at, &value) in a.column(column).iter().enumerate().filter(|(_, it)| **it != 0.0) {
            for (place, &inner) in row.iter_mut().zip(&inner[at * rows..(at + 1) * rows]) {
                *place += f64::from(value) * inner;
            }
        }
        row
    };
    (0..columns).map(row_of).collect()
}

/// The solution for some columns of `b`, column by column.
fn solve(
    a: &Sparse,
    inverse: &[Vec<f64>],
    b: &Matrix<f32>,
    columns: std::ops::Range<usize>,
) -> Vec<f64> {
    let unknowns = a.columns.len();
    let mut x = Vec::with_capacity(unknowns * columns.len());
    for column in columns.clone() {
        let right = b.column(column);
        x.extend(inverse.iter().map(|row| {
            let sum: f64 = row.iter().zip(right).map(|(a, &b)| a * f64::from(b)).sum();
            // Rounded, as librosa's is single precision.
            f64::from(sum.max(0.0) as f32)
        }));
    }
    let scale = 1.0 / (a.rows * columns.len()) as f64;
    let mut off = vec![0.0; a.rows];
    lbfgs::minimize(&mut x, |x, gradient| {
        let mut sum = 0.0;
        let parts = x.chunks(unknowns).zip(gradient.chunks_mut(unknowns));
        for (column, (x, gradient)) in columns.clone().zip(parts) {
            for (off, &b) in off.iter_mut().zip(b.column(column)) {
                *off = -f64::from(b);
            }
            for (weights, &x) in a.columns.iter().zip(x) {
                for &(row, weight) in weights {
                    off[row] += weight * x;
                }
            }
            sum += off.iter().map(|off| off * off).sum::<f64>();
            for (weights, gradient) in a.columns.iter().zip(gradient) {
                let slope: f64 = weights.iter().map(|&(row, weight)| weight * off[row]).sum();
                *gradient = scale * slope;
            }
        }
        scale * 0.5 * sum
    });
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_solution_becomes_the_nearest_other() {
        // Without a bound the solution is (1, -1); with it, (0.5, 0) is nearest.
        let a = Matrix::from_columns(2, 2, vec![1.0, 1.0, 0.0, 1.0]).unwrap();
        let b = Matrix::from_columns(2, 1, vec![1.0, 0.0]).unwrap();
        let x = nnls(&a, &b).unwrap();
        assert!((x[(0, 0)] - 0.5).abs() < 1e-4 && x[(1, 0)].abs() < 1e-6, "{x:?}");
    }

    #[test]
    fn rows_of_zeros_change_nothing() {
        let a = Matrix::from_columns(3, 2, vec![2.0, 0.0, 0.0, 0.0, 4.0, 0.0]).unwrap();
        let b = Matrix::from_columns(3, 2, vec![2.0, 4.0, 0.0, 1.0, 2.0, 0.0]).unwrap();
        assert_eq!(nnls(&a, &b).unwrap().as_slice(), [1.0, 1.0, 0.5, 0.5]);
        assert_eq!(nnls(&a, &Matrix::filled(3, 0, 0.0)).unwrap().columns(), 0);
    }

    #[test]
    fn rows_that_say_the_same_twice_change_nothing() {
        // The second is three times the first but for rounding. Of all that solve them, librosa
        // takes what is nearest to nothing.
        let a = Matrix::from_columns(3, 2, vec![0.1, 0.3, 0.0, 0.7, 2.1, 0.0]).unwrap();
        let x = nnls(&a, &Matrix::from_columns(3, 1, vec![0.5, 1.5, 0.0]).unwrap()).unwrap();
        assert!((x[(0, 0)] - 0.1).abs() < 1e-5 && (x[(1, 0)] - 0.7).abs() < 1e-5, "{x:?}");
    }

    #[test]
    fn what_is_no_equation_is_refused() {
        let one = Matrix::filled(1, 1, 1.0);
        assert!(nnls(&Matrix::filled(0, 0, 1.0), &one).is_err());
        assert!(nnls(&Matrix::filled(2, 1, 1.0), &one).is_err());
        assert!(nnls(&one, &Matrix::filled(1, 1, f32::NAN)).is_err());
        assert!(nnls(&Matrix::filled(1, 1, f32::INFINITY), &one).is_err());
    }
}
