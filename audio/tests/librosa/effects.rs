//! Signals that are changed, and signals that are made.

use tutti_audio::effects::{PitchShift, pitch_shift, remix, time_stretch};
use tutti_audio::signal::{
    chirp, clicks, mu_compress, mu_dequantize, mu_expand, mu_quantize, tone,
};
use tutti_audio::spectrum::Stft;

use crate::golden::{Case, Output};
use crate::signals::noise;

/// As in `effects.py`, in Hz.
const RATE: f64 = 8_000.0;

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    changed(case).or_else(|| companded(case)).or_else(|| made(case))
}

fn changed(case: &Case) -> Option<Output> {
    let stft = Stft { n_fft: case.count("n_fft", 2048), ..Stft::default() };
    Some(match case.function.as_str() {
        "effects.time_stretch" => {
            time_stretch(&case.y(), case.number("rate", 1.0), &stft).unwrap().into()
        }
        "effects.pitch_shift" => {
            let shift = PitchShift {
                n_steps: case.number("n_steps", 0.0),
                bins_per_octave: case.count("bins_per_octave", 12),
                scale: case.flag("scale", false),
            };
            pitch_shift(&case.y(), case.sr(), &shift, &stft).unwrap().into()
        }
        "effects.remix" => {
            let parts = [9_000..12_000, 100..2_300, 9_000..9_500, 0..16_000];
            remix(&case.y(), &parts, case.flag("align_zeros", true)).unwrap().into()
        }
        _ => return None,
    })
}

fn companded(case: &Case) -> Option<Output> {
    let samples: Vec<f64> = noise(400, 12).into_iter().map(|value| 2.0 * value).collect();
    let mu = || case.number("mu", 255.0);
    Some(match case.function.as_str() {
        "mu_compress" => Output::Indices(mu_quantize(&samples, mu()).unwrap()),
        "mu_compress.real" => mu_compress(&samples, mu()).unwrap().into(),
        "mu_expand.real" => mu_expand(&samples, mu()).unwrap().into(),
        "mu_expand" => {
            let half = (mu() + 1.0) as i64 / 2;
            let all: Vec<i64> = (-half..half).collect();
            mu_dequantize(&all, mu()).unwrap().into()
        }
        _ => return None,
    })
}

fn made(case: &Case) -> Option<Output> {
    let number = |name: &str| case.get(name).map(|value| value.as_f64().unwrap());
    Some(match case.function.as_str() {
        "tone" => {
            let (hz, length) = (case.number("frequency", 0.0), case.count("length", 0));
            tone(hz, RATE, length, number("phi")).unwrap().into()
        }
        "chirp" => {
            let range = (case.number("fmin", 0.0), case.number("fmax", 0.0));
            let (length, linear) = (case.count("length", 0), case.flag("linear", false));
            chirp(range, RATE, length, linear, number("phi")).unwrap().into()
        }
        "clicks" => {
            let (hz, seconds) =
                (case.number("click_freq", 1e3), case.number("click_duration", 0.1));
            let length = case.get("length").map(|length| length.as_u64().unwrap() as usize);
            clicks(&[300, 1_000, 1_200, 4_700], RATE, hz, seconds, length).unwrap().into()
        }
        _ => return None,
    })
}
