//! `librosa.sequence`: aligning, and the decoding of states.

use pyo3::prelude::*;
use tutti_audio::sequence::{self, Decoded, Dtw, Rqa, Viterbi};

use crate::arrays::{In, Rows, Vector, indices, pairs, rows, vector};
use crate::errors::work;
use crate::options::WindowArgument;

/// `step_sizes_sigma, weights_add, weights_mul, subseq, band_rad`.
#[derive(FromPyObject)]
pub(crate) struct DtwArgument(Vec<(usize, usize)>, Vec<f64>, Vec<f64>, bool, Option<f64>);

/// What paths cost, and the best, the last frames first.
#[pyfunction]
pub(crate) fn dtw(
    py: Python<'_>,
    c: In<f64>,
    options: DtwArgument,
) -> PyResult<(Rows<'_, f64>, Rows<'_, i64>)> {
    let DtwArgument(step_sizes_sigma, weights_add, weights_mul, subseq, band_rad) = options;
    let options = Dtw { step_sizes_sigma, weights_add, weights_mul, subseq, band_rad };
    let warped = work(py, || sequence::dtw(&c.0, &options))?;
    Ok((rows(py, warped.cost)?, pairs(py, &warped.path)?))
}

/// The frame of one sequence for each of the other.
#[pyfunction]
pub(crate) fn path_to_steps(
    py: Python<'_>,
    path: Vec<(usize, usize)>,
    inverse: bool,
) -> PyResult<Vector<'_, f64>> {
    Ok(vector(py, work(py, || sequence::path_to_steps(&path, inverse))?))
}

/// What ways of similar frames are worth, and the best.
#[pyfunction]
pub(crate) fn rqa(
    py: Python<'_>,
    sim: In<f32>,
    gap_onset: f64,
    gap_extend: f64,
    knight_moves: bool,
) -> PyResult<(Rows<'_, f64>, Rows<'_, i64>)> {
    let options = Rqa { gap_onset, gap_extend, knight_moves };
    let aligned = work(py, || sequence::rqa(&sim.0, &options))?;
    Ok((rows(py, aligned.score)?, pairs(py, &aligned.path)?))
}

/// From each state to all.
#[pyfunction]
pub(crate) fn transition_uniform(py: Python<'_>, n_states: usize) -> PyResult<Rows<'_, f64>> {
    rows(py, work(py, || sequence::transition_uniform(n_states))?)
}

/// States that stay, or go to any other.
#[pyfunction]
pub(crate) fn transition_loop(
    py: Python<'_>,
    n_states: usize,
    prob: Vec<f64>,
) -> PyResult<Rows<'_, f64>> {
    rows(py, work(py, || sequence::transition_loop(n_states, &prob))?)
}

/// States that stay, or go to the next.
#[pyfunction]
pub(crate) fn transition_cycle(
    py: Python<'_>,
    n_states: usize,
    prob: Vec<f64>,
) -> PyResult<Rows<'_, f64>> {
    rows(py, work(py, || sequence::transition_cycle(n_states, &prob))?)
}

/// States that go to those around them.
#[pyfunction]
pub(crate) fn transition_local(
    py: Python<'_>,
    n_states: usize,
    width: Vec<usize>,
    window: WindowArgument,
    wrap: bool,
) -> PyResult<Rows<'_, f64>> {
    let window = window.window()?;
    rows(py, work(py, || sequence::transition_local(n_states, &width, &window, wrap))?)
}

/// `p_state, p_init, transition_min_prob`.
#[derive(FromPyObject)]
pub(crate) struct ViterbiArgument(Option<Vec<f64>>, Option<Vec<f64>>, Option<f64>);

impl ViterbiArgument {
    fn viterbi(self) -> Viterbi {
        Viterbi { p_state: self.0, p_init: self.1, transition_min_prob: self.2 }
    }
}

/// States, and the logarithm of their probability.
type States<'py> = (Vector<'py, i64>, f64);

fn states(py: Python<'_>, decoded: Decoded) -> States<'_> {
    (indices(py, decoded.states), decoded.logp)
}

/// The likeliest states where observations have probabilities.
#[pyfunction]
pub(crate) fn viterbi(
    py: Python<'_>,
    prob: In<f64>,
    transition: In<f64>,
    options: ViterbiArgument,
) -> PyResult<States<'_>> {
    let options = options.viterbi();
    Ok(states(py, work(py, || sequence::viterbi(&prob.0, &transition.0, &options))?))
}

/// The likeliest states where states have probabilities.
#[pyfunction]
pub(crate) fn viterbi_discriminative(
    py: Python<'_>,
    prob: In<f64>,
    transition: In<f64>,
    options: ViterbiArgument,
) -> PyResult<States<'_>> {
    let options = options.viterbi();
    let found = work(py, || sequence::viterbi_discriminative(&prob.0, &transition.0, &options))?;
    Ok(states(py, found))
}

/// For each row whether it is on.
#[pyfunction]
pub(crate) fn viterbi_binary(
    py: Python<'_>,
    prob: In<f64>,
    transitions: Vec<In<f64>>,
    options: ViterbiArgument,
) -> PyResult<Vec<States<'_>>> {
    let transitions: Vec<_> = transitions.into_iter().map(|each| each.0).collect();
    let options = options.viterbi();
    let found = work(py, || sequence::viterbi_binary(&prob.0, &transitions, &options))?;
    Ok(found.into_iter().map(|each| states(py, each)).collect())
}
