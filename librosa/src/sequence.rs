//! `librosa.sequence`: aligning, and the decoding of states.

use tutti_audio::Matrix;
use tutti_audio::sequence::{self, Decoded, Dtw, Rqa, Viterbi};

use crate::arguments::{In, group};
use crate::limits::fits;
use crate::options::WindowArgument;
use crate::problem::Answer;
use crate::results::{List, indices, pairs};
use crate::table::{Function, table};

group! {
    /// `step_sizes_sigma, weights_add, weights_mul, subseq, band_rad`.
    pub(crate) struct DtwArgument(Vec<(usize, usize)>, Vec<f64>, Vec<f64>, bool, Option<f64>);
}

/// What paths cost, and the best, the last frames first.
fn dtw(c: In<f64>, options: DtwArgument) -> Answer<(Matrix<f64>, Matrix<i64>)> {
    let DtwArgument(step_sizes_sigma, weights_add, weights_mul, subseq, band_rad) = options;
    let options = Dtw { step_sizes_sigma, weights_add, weights_mul, subseq, band_rad };
    let warped = sequence::dtw(&c.0, &options)?;
    Ok((warped.cost, pairs(&warped.path)))
}

/// The frame of one sequence for each of the other.
fn path_to_steps(path: Vec<(usize, usize)>, inverse: bool) -> Answer<Vec<f64>> {
    Ok(sequence::path_to_steps(&path, inverse)?)
}

/// What ways of similar frames are worth, and the best.
fn rqa(
    sim: In<f32>,
    gap_onset: f64,
    gap_extend: f64,
    knight_moves: bool,
) -> Answer<(Matrix<f64>, Matrix<i64>)> {
    let options = Rqa { gap_onset, gap_extend, knight_moves };
    let aligned = sequence::rqa(&sim.0, &options)?;
    Ok((aligned.score, pairs(&aligned.path)))
}

/// From each state to all.
fn transition_uniform(n_states: usize) -> Answer<Matrix<f64>> {
    fits("the transitions", n_states, n_states)?;
    Ok(sequence::transition_uniform(n_states)?)
}

/// States that stay, or go to any other.
fn transition_loop(n_states: usize, prob: Vec<f64>) -> Answer<Matrix<f64>> {
    fits("the transitions", n_states, n_states)?;
    Ok(sequence::transition_loop(n_states, &prob)?)
}

/// States that stay, or go to the next.
fn transition_cycle(n_states: usize, prob: Vec<f64>) -> Answer<Matrix<f64>> {
    fits("the transitions", n_states, n_states)?;
    Ok(sequence::transition_cycle(n_states, &prob)?)
}

/// States that go to those around them.
fn transition_local(
    n_states: usize,
    width: Vec<usize>,
    window: WindowArgument,
    wrap: bool,
) -> Answer<Matrix<f64>> {
    fits("the transitions", n_states, n_states)?;
    let window = window.window()?;
    Ok(sequence::transition_local(n_states, &width, &window, wrap)?)
}

group! {
    /// `p_state, p_init, transition_min_prob`.
    pub(crate) struct ViterbiArgument(Option<Vec<f64>>, Option<Vec<f64>>, Option<f64>);
}

impl ViterbiArgument {
    fn viterbi(self) -> Viterbi {
        Viterbi { p_state: self.0, p_init: self.1, transition_min_prob: self.2 }
    }
}

/// States, and the logarithm of their probability.
type States = (Vec<i64>, f64);

fn states(decoded: Decoded) -> States {
    (indices(decoded.states), decoded.logp)
}

/// The likeliest states where observations have probabilities.
fn viterbi(prob: In<f64>, transition: In<f64>, options: ViterbiArgument) -> Answer<States> {
    let options = options.viterbi();
    Ok(states(sequence::viterbi(&prob.0, &transition.0, &options)?))
}

/// The likeliest states where states have probabilities.
fn viterbi_discriminative(
    prob: In<f64>,
    transition: In<f64>,
    options: ViterbiArgument,
) -> Answer<States> {
    let options = options.viterbi();
    Ok(states(sequence::viterbi_discriminative(&prob.0, &transition.0, &options)?))
}

/// For each row whether it is on.
fn viterbi_binary(
    prob: In<f64>,
    transitions: Vec<In<f64>>,
    options: ViterbiArgument,
) -> Answer<List<States>> {
    let transitions: Vec<_> = transitions.into_iter().map(|each| each.0).collect();
    let options = options.viterbi();
    let found = sequence::viterbi_binary(&prob.0, &transitions, &options)?;
    Ok(List(found.into_iter().map(states).collect()))
}

pub(crate) const FUNCTIONS: &[Function] = table![
    dtw,
    path_to_steps,
    rqa,
    transition_uniform,
    transition_loop,
    transition_cycle,
    transition_local,
    viterbi,
    viterbi_discriminative,
    viterbi_binary
];
