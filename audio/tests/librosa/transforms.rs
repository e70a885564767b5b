//! Phases from magnitudes, places of bins, and the Mellin transform.

use tutti_audio::Matrix;
use tutti_audio::spectrum::{
    GriffinLim, Interpolation, Mellin, Moved, Reassign, fmt, griffinlim, reassigned_spectrogram,
    spectrogram,
};

use crate::golden::{Case, Output};

/// How phases are searched for.
pub(crate) fn search(case: &Case) -> GriffinLim {
    let default = GriffinLim::default();
    GriffinLim {
        n_iter: case.count("n_iter", default.n_iter),
        momentum: case.number("momentum", default.momentum),
        length: case.get("length").map(|length| length.as_u64().unwrap() as usize),
    }
}

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    let double = |matrix: Matrix<f64>| {
        let rows = matrix.rows();
        Output::Values(matrix.into_values(), rows)
    };
    Some(match case.function.as_str() {
        "griffinlim" => {
            let stft = case.stft(None);
            let s = spectrogram(&case.y(), &stft, 1.0).unwrap();
            griffinlim(&s, &stft, &search(case), None).unwrap().into()
        }
        "fmt" => {
            let default = Mellin::default();
            let options = Mellin {
                t_min: case.number("t_min", default.t_min),
                n_fmt: case.get("n_fmt").map(|count| count.as_u64().unwrap() as usize),
                kind: match case.text("kind") {
                    None => Interpolation::Cubic,
                    Some("linear") => Interpolation::Linear,
                    Some(other) => panic!("no interpolation is called {other}"),
                },
                beta: case.number("beta", default.beta),
                over_sample: case.number("over_sample", default.over_sample),
            };
            let bins = fmt(&case.y()[..200], &options).unwrap();
            let count = bins.len();
            Matrix::from_columns(1, count, bins).unwrap().into()
        }
        name => {
            let part = name.strip_prefix("reassigned_spectrogram.")?;
            let (default, flag) = (Reassign::default(), |name| case.flag(name, true));
            let options = Reassign {
                moved: match (flag("reassign_frequencies"), flag("reassign_times")) {
                    (true, true) => Moved::Both,
                    (true, false) => Moved::Frequencies,
                    _ => Moved::Times,
                },
                ref_power: case.number("ref_power", default.ref_power),
                fill_nan: case.flag("fill_nan", false),
                clip: case.flag("clip", true),
            };
            let stft = case.stft(None);
            let found = reassigned_spectrogram(&case.y(), case.sr(), &stft, &options).unwrap();
            match part {
                "frequencies" => double(found.frequencies),
                "times" => double(found.times),
                "magnitudes" => found.magnitudes.into(),
                _ => return None,
            }
        }
    })
}
