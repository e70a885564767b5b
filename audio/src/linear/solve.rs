//! Systems of linear equations.

/// Solves `count` equations for each of the `right` sides, in place: column by column of `right`,
/// of which each has `count` values. Gives `None` where the equations do not decide.
pub(crate) fn solve(mut matrix: Vec<f64>, count: usize, right: &mut [f64]) -> Option<()> {
    for step in 0..count {
        let pivot = (step..count)
            .max_by(|a, b| {
                let at = |row: usize| matrix[row * count + step].abs();
                at(*a).total_cmp(&at(*b))
            })
            .filter(|pivot| {
                let value = matrix[pivot * count + step].abs();
                value > 0.0 && value.is_finite()
            })?;
        if pivot != step {
            for column in 0..count {
                matrix.swap(pivot * count + column, step * count + column);
            }
            for side in right.chunks_mut(count) {
                side.swap(pivot, step);
            }
        }
        for row in step + 1..count {
            let factor = matrix[row * count + step] / matrix[step * count + step];
            if factor == 0.0 {
                continue;
            }
            for column in step..count {
                matrix[row * count + column] -= factor * matrix[step * count + column];
            }
            for side in right.chunks_mut(count) {
                side[row] -= factor * side[step];
            }
        }
    }
    for side in right.chunks_mut(count.max(1)) {
        for row in (0..count).rev() {
            let known: f64 =
                (row + 1..count).map(|column| matrix[row * count + column] * side[column]).sum();
            side[row] = (side[row] - known) / matrix[row * count + row];
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved_in_any_order() {
        let mut right = vec![5.0, 2.0, 7.0, 1.0];
        // 2 y = 5 and x + y = 2; then 2 y = 7 and x + y = 1.
        solve(vec![0.0, 2.0, 1.0, 1.0], 2, &mut right).unwrap();
        assert_eq!(right, [-0.5, 2.5, -2.5, 3.5]);
        assert!(solve(vec![1.0, 2.0, 2.0, 4.0], 2, &mut [1.0, 1.0]).is_none());
        assert!(solve(Vec::new(), 0, &mut []).is_some());
    }
}
