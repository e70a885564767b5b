//! Transitions and the decoding of states.

use tutti_audio::Matrix;
use tutti_audio::filters::Window;
use tutti_audio::sequence::{
    Viterbi, transition_cycle, transition_local, transition_loop, transition_uniform, viterbi,
    viterbi_binary, viterbi_discriminative,
};

use crate::golden::{Case, Output};
use crate::signals::noise;

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    transitions(case).or_else(|| decoders(case))
}

fn numbers(case: &Case, name: &str) -> Vec<f64> {
    let values = case.get(name).unwrap().as_array().unwrap();
    values.iter().map(|value| value.as_f64().unwrap()).collect()
}

fn values(matrix: Matrix<f64>) -> Output {
    let rows = matrix.rows();
    Output::Values(matrix.into_values(), rows)
}

fn transitions(case: &Case) -> Option<Output> {
    let states = || case.count("n_states", 0);
    Some(values(match case.function.as_str() {
        "sequence.transition_uniform" => transition_uniform(states()).unwrap(),
        "sequence.transition_loop" => transition_loop(states(), &numbers(case, "prob")).unwrap(),
        "sequence.transition_cycle" => transition_cycle(states(), &numbers(case, "prob")).unwrap(),
        "sequence.transition_local" => {
            let widths: Vec<usize> =
                numbers(case, "width").into_iter().map(|width| width as usize).collect();
            let window = case.text("window").map_or(Window::Triang, |_| Window::Hamming);
            transition_local(states(), &widths, &window, case.flag("wrap", false)).unwrap()
        }
        _ => return None,
    }))
}

/// The same as in `sequences.py`.
fn observations(states: usize, steps: usize, seed: u32, sum_to_one: bool) -> Matrix<f64> {
    let noise = noise(states * steps, seed).into_iter().map(|value| value + 0.5001);
    let mut values: Vec<f64> = noise.collect();
    for column in values.chunks_mut(states) {
        let total = if sum_to_one { column.iter().sum() } else { 1.001 };
        for value in column {
            *value /= total;
        }
    }
    Matrix::from_columns(states, steps, values).unwrap()
}

fn decoders(case: &Case) -> Option<Output> {
    let name = case.function.strip_prefix("sequence.")?;
    let (states, seed) = (case.count("n_states", 0), case.count("seed", 0) as u32);
    if name == "viterbi_binary" {
        let stay = transition_loop(2, &[0.8, 0.7]).unwrap();
        let prob = observations(states, 100, seed, false);
        let rows = viterbi_binary(&prob, &[stay], &Viterbi::default()).unwrap();
        let steps = (0..100).flat_map(|step| rows.iter().map(move |row| row.states[step]));
        return Some(Output::indices(steps));
    }
    let total = (states * (states + 1) / 2) as f64;
    let skew: Vec<f64> = (1..=states).map(|state| state as f64 / total).collect();
    let skew = case.flag("skewed", false).then_some(skew);
    let options = Viterbi {
        p_init: skew.clone(),
        p_state: skew,
        transition_min_prob: case.get("transition_min_prob").map(|value| value.as_f64().unwrap()),
    };
    let width = case.count("width", 0);
    let local = transition_local(states, &[width], &Window::Triang, false).unwrap();
    let decoded = if name.starts_with("viterbi_discriminative") {
        viterbi_discriminative(&observations(states, 200, seed, true), &local, &options)
    } else {
        viterbi(&observations(states, 200, seed, false), &local, &options)
    };
    let decoded = decoded.unwrap();
    let is_logp = name.strip_suffix(".logp").is_some();
    Some(if is_logp { vec![decoded.logp].into() } else { Output::indices(decoded.states) })
}
