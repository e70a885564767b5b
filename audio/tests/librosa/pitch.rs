//! Fundamental frequencies.

use tutti_audio::pitch::{Pyin, Yin, pyin, yin};

use crate::golden::{Case, Output};

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    let name = case.function.as_str();
    if name == "yin" {
        let threshold = case.number("trough_threshold", 0.1);
        return Some(yin(&case.y(), case.sr(), &range(case), threshold).unwrap().into());
    }
    let part = name.strip_prefix("pyin.")?;
    let voice = pyin(&case.y(), case.sr(), &range(case), &prior(case)).unwrap();
    Some(match part {
        "f0" => voice.f0.into(),
        "voiced_prob" => voice.voiced_prob.into(),
        "voiced_flag" => Output::indices(voice.voiced_flag.into_iter().map(usize::from)),
        _ => return None,
    })
}

/// As in `pitch.py`.
fn range(case: &Case) -> Yin {
    Yin {
        frame_length: case.count("frame_length", 2048),
        hop_length: case.get("hop_length").map(|hop| hop.as_u64().unwrap() as usize),
        pad_mode: case.flag("center", true).then(|| case.pad_mode()),
        ..Yin::new(case.number("fmin", 80.0), case.number("fmax", 1000.0))
    }
}

fn prior(case: &Case) -> Pyin {
    let default = Pyin::default();
    let number = |name, default| case.number(name, default);
    let beta = case.get("beta_parameters");
    Pyin {
        n_thresholds: case.count("n_thresholds", default.n_thresholds),
        beta_parameters: beta.map_or(default.beta_parameters, |both| {
            (both[0].as_f64().unwrap(), both[1].as_f64().unwrap())
        }),
        boltzmann_parameter: number("boltzmann_parameter", default.boltzmann_parameter),
        resolution: number("resolution", default.resolution),
        max_transition_rate: number("max_transition_rate", default.max_transition_rate),
        switch_prob: number("switch_prob", default.switch_prob),
        no_trough_prob: number("no_trough_prob", default.no_trough_prob),
        fill_na: if case.has("fill_na") { None } else { default.fill_na },
        transition_min_prob: default.transition_min_prob,
    }
}
