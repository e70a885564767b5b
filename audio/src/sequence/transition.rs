//! Matrices of transition: a row for the state before, a column for the one after.

use crate::error::{Error, check, check_count, check_length};
use crate::filters::{Window, get_window};
use crate::matrix::Matrix;

/// `librosa.sequence.transition_uniform`: from each of `n_states` to all, with equal probability.
///
/// # Errors
/// `n_states` is 0.
pub fn transition_uniform(n_states: usize) -> Result<Matrix<f64>, Error> {
    check_count("n_states", n_states)?;
    Ok(Matrix::filled(n_states, n_states, 1.0 / n_states as f64))
}

/// `librosa.sequence.transition_loop`: each state stays with its probability of `prob`, from 0 to 1
/// (one for all, or one for each), and goes to any other with equal probability.
///
/// # Errors
/// There are less than two states; a probability is not from 0 to 1; there are neither 1 nor
/// `n_states` of them.
pub fn transition_loop(n_states: usize, prob: &[f64]) -> Result<Matrix<f64>, Error> {
    let stays = probabilities(n_states, prob)?;
    let others = (n_states - 1) as f64;
    let value = |from: usize, to: usize| {
        if from == to { stays[from] } else { (1.0 - stays[from]) / others }
    };
    Ok(Matrix::from_fn(n_states, n_states, value))
}

/// `librosa.sequence.transition_cycle`: each state stays with its probability of `prob`, as in
/// [`transition_loop`], or goes to the next; the last goes to the first.
///
/// # Errors
/// As [`transition_loop`].
pub fn transition_cycle(n_states: usize, prob: &[f64]) -> Result<Matrix<f64>, Error> {
    let stays = probabilities(n_states, prob)?;
    let value = |from: usize, to: usize| {
        if from == to {
            stays[from]
        } else if to == (from + 1) % n_states {
            1.0 - stays[from]
        } else {
            0.0
        }
    };
    Ok(Matrix::from_fn(n_states, n_states, value))
}

fn probabilities(n_states: usize, prob: &[f64]) -> Result<Vec<f64>, Error> {
    check(n_states > 1, "n_states", n_states, "at least 2")?;
    for &prob in prob {
        check((0.0..=1.0).contains(&prob), "prob", prob, "from 0 to 1")?;
    }
    for_each_state("prob", n_states, prob)
}

/// One value for all states, or one for each.
fn for_each_state<T: Copy>(
    what: &'static str,
    n_states: usize,
    values: &[T],
) -> Result<Vec<T>, Error> {
    if let [one] = values {
        return Ok(vec![*one; n_states]);
    }
    check_length(what, values.len(), n_states)?;
    Ok(values.to_vec())
}

/// `librosa.sequence.transition_local`: from each state to those around it, weighted by a `window`
/// (`Window::Triang` by default) of `width` states (one for all, or one for each); with `wrap` the
/// last state lies beside the first.
///
/// # Errors
/// There are less than two states; a width is 0 or above `n_states`; there are neither 1 nor
/// `n_states` of them; the window has a parameter out of its range, or no weight.
pub fn transition_local(
    n_states: usize,
    width: &[usize],
    window: &Window,
    wrap: bool,
) -> Result<Matrix<f64>, Error> {
    let widths = for_each_state("width", n_states, width)?;
    let mut transition = Matrix::filled(n_states, n_states, 0.0);
    for (from, row) in rows(n_states, &widths, window, wrap)?.into_iter().enumerate() {
        for (to, prob) in row {
            transition[(from, to)] = prob;
        }
    }
    Ok(transition)
}

/// For each state the states that it goes to, with their probabilities.
pub(crate) type Rows = Vec<Vec<(usize, f64)>>;

/// [`transition_local`] with its default window, as rows: a band takes the memory that it is wide.
pub(crate) fn local_rows(n_states: usize, width: usize) -> Result<Rows, Error> {
    rows(n_states, &vec![width; n_states], &Window::Triang, false)
}

fn rows(n_states: usize, widths: &[usize], window: &Window, wrap: bool) -> Result<Rows, Error> {
    check(n_states > 1, "n_states", n_states, "at least 2")?;
    let (mut weights, mut rows) = (Vec::new(), Vec::with_capacity(n_states));
    for (from, &width) in widths.iter().enumerate() {
        let range = format!("from 1 to the {n_states} states");
        check((1..=n_states).contains(&width), "width", width, &range)?;
        if weights.len() != width {
            weights = get_window(window, width, false)?;
        }
        let first = (n_states - width) / 2 + n_states / 2 + from + 1;
        let (low, high) = (from.saturating_sub(width / 2), from + width / 2);
        let places = (0..width).map(|at| (first + at) % n_states).zip(weights.iter().copied());
        let reached = places.filter(|(to, _)| wrap || (low..=high).contains(to));
        let mut row: Vec<(usize, f64)> = reached.collect();
        let total: f64 = row.iter().map(|(_, weight)| weight).sum();
        check(total > 0.0, "window", total, "of a sum above 0")?;
        for (_, weight) in &mut row {
            *weight /= total;
        }
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_transition_is_refused() {
        assert!(transition_uniform(0).is_err());
        assert!(transition_loop(1, &[0.5]).is_err());
        assert!(transition_loop(3, &[0.5, 0.5]).is_err());
        assert!(transition_cycle(3, &[f64::NAN]).is_err());
        assert!(transition_cycle(3, &[]).is_err());
        assert!(transition_local(3, &[0], &Window::Triang, true).is_err());
        assert!(transition_local(3, &[4], &Window::Triang, true).is_err());
        assert!(transition_local(3, &[2], &Window::Hann, false).is_err());
    }
}
