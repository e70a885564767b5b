//! The directions that a symmetric matrix only stretches.

/// Sweeps over all pairs; each squares what is left beside the diagonal.
const SWEEPS_MAX: usize = 60;

/// The eigenvalues of a symmetric matrix of `count` rows, the greatest first, and for each an
/// eigenvector of length 1, one after the other.
///
/// Jacobi, C. G. J. Über ein leichtes Verfahren, die in der Theorie der Säcularstörungen
/// vorkommenden Gleichungen numerisch aufzulösen. Journal für die reine und angewandte Mathematik,
/// 1846.
pub(crate) fn eigen(mut matrix: Vec<f64>, count: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0; count * count];
    for at in 0..count {
        vectors[at * count + at] = 1.0;
    }
    let total: f64 = matrix.iter().map(|value| value * value).sum();
    for _ in 0..SWEEPS_MAX {
        let mut beside = 0.0;
        for row in 0..count {
            for column in row + 1..count {
                let value = matrix[row * count + column];
                beside += value * value;
                rotate(&mut matrix, &mut vectors, count, row, column);
            }
        }
        if beside <= total * f64::EPSILON * f64::EPSILON {
            break;
        }
    }
    let mut order: Vec<usize> = (0..count).collect();
    let value = |at: &usize| matrix[at * count + at];
    order.sort_by(|a, b| value(b).total_cmp(&value(a)));
    let values = order.iter().map(value).collect();
    let sorted = order.iter().flat_map(|&at| vectors[at * count..(at + 1) * count].iter().copied());
    (values, sorted.collect())
}

/// Turns the plane of `p` and `q` so that nothing is left between both.
fn rotate(matrix: &mut [f64], vectors: &mut [f64], count: usize, p: usize, q: usize) {
    let between = matrix[p * count + q];
    let (of_p, of_q) = (matrix[p * count + p], matrix[q * count + q]);
    if between.abs() <= f64::MIN_POSITIVE
        || between.abs() <= 1e-3 * f64::EPSILON * (of_p * of_q).abs().sqrt()
    {
        return;
    }
    let slope = (of_q - of_p) / (2.0 * between);
    let tangent = slope.signum() / (slope.abs() + slope.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    let turn = |a: f64, b: f64| (cosine * a - sine * b, sine * a + cosine * b);
    for at in 0..count {
        let (a, b) = (at * count + p, at * count + q);
        (matrix[a], matrix[b]) = turn(matrix[a], matrix[b]);
    }
    for lines in [matrix, vectors] {
        for at in 0..count {
            let (a, b) = (p * count + at, q * count + at);
            (lines[a], lines[b]) = turn(lines[a], lines[b]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_the_sum_of_what_it_stretches() {
        let count = 7;
        let value = |row: usize, column: usize| ((row * column + row + column) % 5) as f64 - 1.5;
        let matrix: Vec<f64> = (0..count * count).map(|at| value(at / count, at % count)).collect();
        let (values, vectors) = eigen(matrix.clone(), count);
        assert!(values.windows(2).all(|pair| pair[0] >= pair[1]));
        for (at, expected) in matrix.iter().enumerate() {
            let (row, column) = (at / count, at % count);
            let parts = values.iter().zip(vectors.chunks(count));
            let sum: f64 = parts.map(|(value, v)| value * v[row] * v[column]).sum();
            assert!((sum - expected).abs() < 1e-12, "{at}: {sum} {expected}");
        }
        assert_eq!(eigen(vec![0.0; 4], 2).0, [0.0, 0.0]);
        assert!(eigen(Vec::new(), 0).0.is_empty());
    }
}
