//! The most likely states of a sequence of observations.

use crate::error::{Error, check, check_length};
use crate::matrix::Matrix;

/// What is known of the states beside the observations; defaults are librosa's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Viterbi {
    /// The probability of each state at the first step; equal for all where there is none.
    pub p_init: Option<Vec<f64>>,
    /// The probability of each state without any observation, for the discriminative decoders;
    /// equal for all where there is none.
    pub p_state: Option<Vec<f64>>,
    /// Transitions of a lower probability are not taken.
    pub transition_min_prob: Option<f64>,
}

/// States, and how likely they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The state at each step.
    pub states: Vec<usize>,
    /// The natural logarithm of the probability of the sequence.
    pub logp: f64,
}

/// `librosa.sequence.viterbi`: the most likely sequence of states, where `prob` has, from 0 to 1,
/// the probability of what is observed given each state (a row) at each step (a column), and
/// `transition` that of going from a state (a row) to another (a column).
///
/// Rabiner, L. A tutorial on hidden Markov models and selected applications in speech recognition.
/// Proceedings of the IEEE, 1989.
///
/// # Errors
/// There are no states or no steps; a probability is not from 0 to 1; the rows of `transition` or
/// the first probabilities do not sum to 1; a length is not that of the states; no transition to
/// some state is as likely as `transition_min_prob`.
pub fn viterbi(
    prob: &Matrix<f64>,
    transition: &Matrix<f64>,
    options: &Viterbi,
) -> Result<Decoded, Error> {
    let states = check_transition(prob, transition)?;
    check_probabilities("prob", prob.as_slice())?;
    let p_init = distribution("p_init", options.p_init.as_deref(), states)?;
    let log_prob = prob.map(log);
    let predecessors = Predecessors::new(transition, options.transition_min_prob)?;
    Ok(decode(&log_prob, &predecessors, &p_init))
}

/// The same where each state is equally probable at the first step, and `before` gives for each the
/// states before it in order, with the probability of each transition, from 0 to 1; what it leaves
/// out is not taken.
pub(crate) fn viterbi_before<I: Iterator<Item = (usize, f64)>>(
    prob: &Matrix<f64>,
    transition_min_prob: Option<f64>,
    before: impl Fn(usize) -> I,
) -> Result<Decoded, Error> {
    check_probabilities("prob", prob.as_slice())?;
    let p_init = distribution("p_init", None, prob.rows())?;
    let predecessors = Predecessors::from_fn(prob.rows(), transition_min_prob, before)?;
    Ok(decode(&prob.map(log), &predecessors, &p_init))
}

/// `librosa.sequence.viterbi_discriminative`: the same where `prob` has the probability of each
/// state given what is observed at each step, so that each column sums to 1.
///
/// # Errors
/// As [`viterbi`]; a column of `prob` or `p_state` does not sum to 1.
pub fn viterbi_discriminative(
    prob: &Matrix<f64>,
    transition: &Matrix<f64>,
    options: &Viterbi,
) -> Result<Decoded, Error> {
    let states = check_transition(prob, transition)?;
    for column in prob.iter_columns() {
        check_sum("prob", column)?;
    }
    let p_state = distribution("p_state", options.p_state.as_deref(), states)?;
    let p_init = distribution("p_init", options.p_init.as_deref(), states)?;
    let predecessors = Predecessors::new(transition, options.transition_min_prob)?;
    let marginal: Vec<f64> = p_state.into_iter().map(log).collect();
    let value = |state: usize, step: usize| log(prob[(state, step)]) - marginal[state];
    let log_prob = Matrix::from_fn(prob.rows(), prob.columns(), value);
    Ok(decode(&log_prob, &predecessors, &p_init))
}

/// `librosa.sequence.viterbi_binary`: for each row of `prob`, which has the probability of being on
/// at each step, whether it is on (1) or off (0), independently of the others. There is one
/// `transition` of two states for all rows, or one for each. `p_init` and `p_state` have the
/// probability of being on for each row, a half by default.
///
/// # Errors
/// As [`viterbi_discriminative`]; there are neither 1 nor as many transitions as rows.
pub fn viterbi_binary(
    prob: &Matrix<f64>,
    transition: &[Matrix<f64>],
    options: &Viterbi,
) -> Result<Vec<Decoded>, Error> {
    check_probabilities("prob", prob.as_slice())?;
    if transition.len() != 1 {
        check_length("transition", transition.len(), prob.rows())?;
    }
    let half = vec![0.5; prob.rows()];
    let on = |what, given: &Option<Vec<f64>>| -> Result<Vec<f64>, Error> {
        let given = given.as_ref().unwrap_or(&half);
        check_length(what, given.len(), prob.rows())?;
        check_probabilities(what, given)?;
        Ok(given.clone())
    };
    let (p_state, p_init) = (on("p_state", &options.p_state)?, on("p_init", &options.p_init)?);
    let both = |on: f64| Some(vec![1.0 - on, on]);
    let mut decoded = Vec::with_capacity(prob.rows());
    for row in 0..prob.rows() {
        let values = prob.row(row).flat_map(|on| [1.0 - on, on]).collect();
        let columns = Matrix::from_columns(2, prob.columns(), values)?;
        let options = Viterbi {
            p_init: both(p_init[row]),
            p_state: both(p_state[row]),
            transition_min_prob: options.transition_min_prob,
        };
        let transition = &transition[if transition.len() == 1 { 0 } else { row }];
        decoded.push(viterbi_discriminative(&columns, transition, &options)?);
    }
    Ok(decoded)
}

fn log(prob: f64) -> f64 {
    (prob + f64::MIN_POSITIVE).ln()
}

fn check_probabilities(what: &'static str, values: &[f64]) -> Result<(), Error> {
    match values.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        Some(&value) => Err(Error::parameter(what, value, "from 0 to 1")),
        None => Ok(()),
    }
}

/// Refuses what is no distribution.
fn check_sum(what: &'static str, values: &[f64]) -> Result<(), Error> {
    if let Some(&value) = values.iter().find(|value| value.is_nan() || **value < 0.0) {
        return Err(Error::parameter(what, value, "0 or more"));
    }
    let sum: f64 = values.iter().sum();
    check((sum - 1.0).abs() <= 1e-5 + 1e-8, what, sum, "1 in sum")
}

fn check_transition(prob: &Matrix<f64>, transition: &Matrix<f64>) -> Result<usize, Error> {
    let states = prob.rows();
    if states == 0 || prob.columns() == 0 {
        return Err(Error::Empty { what: "prob" });
    }
    check_length("a column of transition", transition.rows(), states)?;
    check_length("a row of transition", transition.columns(), states)?;
    let mut row = Vec::with_capacity(states);
    for state in 0..states {
        row.clear();
        row.extend(transition.row(state));
        check_sum("transition", &row)?;
    }
    Ok(states)
}

fn distribution(
    what: &'static str,
    given: Option<&[f64]>,
    states: usize,
) -> Result<Vec<f64>, Error> {
    let Some(given) = given else { return Ok(vec![1.0 / states as f64; states]) };
    check_length(what, given.len(), states)?;
    check_sum(what, given)?;
    Ok(given.to_vec())
}

/// For each state the runs of states before it, with the logarithms of their transitions side by
/// side: a band costs what it is wide, not what the matrix is.
struct Predecessors {
    /// Where the runs of each state begin, and where those of the last end.
    first_run: Vec<usize>,
    /// The first state of each run, and where its logarithms begin.
    runs: Vec<(usize, usize)>,
    logs: Vec<f64>,
}

impl Predecessors {
    fn new(transition: &Matrix<f64>, least: Option<f64>) -> Result<Self, Error> {
        let states = transition.rows();
        Self::from_fn(states, least, |to| (0..states).zip(transition.column(to).iter().copied()))
    }

    /// Of what `before` gives for each state: the states before it in order, and the probability
    /// of each transition. What it leaves out is not taken.
    fn from_fn<I: Iterator<Item = (usize, f64)>>(
        states: usize,
        least: Option<f64>,
        before: impl Fn(usize) -> I,
    ) -> Result<Self, Error> {
        let least = least.unwrap_or(0.0);
        check(least >= 0.0, "transition_min_prob", least, "0 or more")?;
        let threshold = if least == 0.0 { f64::NEG_INFINITY } else { log(least) };
        let mut all = Self { first_run: vec![0], runs: Vec::new(), logs: Vec::new() };
        for to in 0..states {
            let mut expected = None;
            for (from, prob) in before(to) {
                // The logarithm is only taken where it can decide.
                if prob < 0.5 * least {
                    continue;
                }
                let value = log(prob);
                if value < threshold {
                    continue;
                }
                if expected != Some(from) {
                    all.runs.push((from, all.logs.len()));
                }
                all.logs.push(value);
                expected = Some(from + 1);
            }
            if expected.is_none() {
                let range = format!("low enough for a transition to state {to}");
                return Err(Error::parameter("transition_min_prob", least, range));
            }
            all.first_run.push(all.runs.len());
        }
        all.runs.push((0, all.logs.len()));
        Ok(all)
    }

    /// The best state before `to`, the first of equals, and its value with the transition.
    fn best(&self, to: usize, values: &[f64]) -> (usize, f64) {
        let (mut state, mut best) = (0, f64::NEG_INFINITY);
        for run in self.first_run[to]..self.first_run[to + 1] {
            let ((from, first), (_, end)) = (self.runs[run], self.runs[run + 1]);
            let (logs, values) = (&self.logs[first..end], &values[from..from + end - first]);
            let most = greatest_sum(logs, values);
            if most > best {
                let is_it = |(log, value): (&f64, &f64)| log + value == most;
                state = from + logs.iter().zip(values).position(is_it).unwrap_or(0);
                best = most;
            }
        }
        (state, best)
    }
}

/// The greatest of the sums of two vectors, in lanes.
fn greatest_sum(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let greater = |a: f64, b: f64| if a > b { a } else { b };
    let mut lanes = [f64::NEG_INFINITY; LANES];
    let (chunks_a, rest_a) = a.as_chunks::<LANES>();
    let (chunks_b, rest_b) = b.as_chunks::<LANES>();
    for (a, b) in chunks_a.iter().zip(chunks_b) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane = greater(a + b, *lane);
        }
    }
    let rest = rest_a.iter().zip(rest_b).map(|(a, b)| a + b);
    lanes.into_iter().chain(rest).fold(f64::NEG_INFINITY, greater)
}

/// The best path through `log_prob`, of which each column is a step.
fn decode(log_prob: &Matrix<f64>, predecessors: &Predecessors, p_init: &[f64]) -> Decoded {
    let (states, steps) = (log_prob.rows(), log_prob.columns());
    let first = log_prob.column(0).iter().zip(p_init);
    let mut values: Vec<f64> = first.map(|(log_prob, &prob)| log_prob + log(prob)).collect();
    let mut next = vec![0.0; states];
    let mut links: Matrix<u32> = Matrix::filled(states, steps, 0);
    for step in 1..steps {
        let (links, here) = (links.column_mut(step), log_prob.column(step));
        for (to, ((link, next), here)) in links.iter_mut().zip(&mut next).zip(here).enumerate() {
            let (state, best) = predecessors.best(to, &values);
            *link = state as u32;
            *next = here + best;
        }
        std::mem::swap(&mut values, &mut next);
    }
    let (mut state, mut logp) = (0, f64::NEG_INFINITY);
    for (at, &value) in values.iter().enumerate() {
        if value > logp {
            (state, logp) = (at, value);
        }
    }
    let mut path = vec![state; steps];
    for step in (1..steps).rev() {
        state = links[(state, step)] as usize;
        path[step - 1] = state;
    }
    Decoded { states: path, logp }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::{transition_loop, transition_uniform};

    fn columns(rows: usize, values: &[f64]) -> Matrix<f64> {
        Matrix::from_columns(rows, values.len() / rows.max(1), values.to_vec()).unwrap()
    }

    #[test]
    fn a_sticky_state_outlasts_one_odd_step() {
        let prob = columns(2, &[0.9, 0.1, 0.9, 0.1, 0.4, 0.6, 0.9, 0.1]);
        let sticky = transition_loop(2, &[0.9]).unwrap();
        let decoded = viterbi(&prob, &sticky, &Viterbi::default()).unwrap();
        assert_eq!(decoded.states, [0; 4]);
        let free = transition_uniform(2).unwrap();
        assert_eq!(viterbi(&prob, &free, &Viterbi::default()).unwrap().states, [0, 0, 1, 0]);
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        let sticky = transition_loop(2, &[0.9]).unwrap();
        let fair = columns(2, &[0.5, 0.5]);
        let plain = Viterbi::default();
        for prob in [columns(2, &[]), columns(2, &[0.5, 1.5]), columns(2, &[0.5, f64::NAN])] {
            assert!(viterbi(&prob, &sticky, &plain).is_err());
            assert!(viterbi_discriminative(&prob, &sticky, &plain).is_err());
        }
        assert!(viterbi(&fair, &columns(2, &[0.5, 0.5, 0.6, 0.5]), &plain).is_err());
        assert!(viterbi(&fair, &columns(1, &[1.0]), &plain).is_err());
        assert!(viterbi_discriminative(&columns(2, &[0.5, 0.6]), &sticky, &plain).is_err());
        assert!(viterbi_binary(&fair, &[], &plain).is_err());
        let least = |least| Viterbi { transition_min_prob: Some(least), ..Viterbi::default() };
        let error = viterbi(&fair, &sticky, &least(0.95)).unwrap_err().to_string();
        assert!(error.contains("transition to state 0"), "{error}");
        assert!(viterbi(&fair, &sticky, &least(f64::NAN)).is_err());
        let unfair = Viterbi { p_init: Some(vec![0.5, 0.6]), ..Viterbi::default() };
        assert!(viterbi(&fair, &sticky, &unfair).is_err());
    }
}
