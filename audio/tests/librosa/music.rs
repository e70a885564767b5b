//! Chroma, tuning, separation, onsets, tempo and beats.

use serde_json::Value;
use tutti_audio::Matrix;
use tutti_audio::beat::{BeatTrack, Plp, beat_track, plp};
use tutti_audio::convert::{note_to_hz, time_to_frames};
use tutti_audio::decompose::{Hpss, hpss_masks};
use tutti_audio::effects::{harmonic, percussive};
use tutti_audio::features::{
    Pcen, Tempo, chroma_stft, fourier_tempogram, melspectrogram, pcen, tempo, tempo_of_frames,
    tempogram, tonnetz,
};
use tutti_audio::filters::{Chroma, Mel, Window, chroma, cq_to_chroma};
use tutti_audio::onset::{
    OnsetDetect, OnsetStrength, onset_backtrack, onset_detect, onset_strength, onset_strength_multi,
};
use tutti_audio::pitch::{Piptrack, estimate_tuning, piptrack};
use tutti_audio::spectrum::{Decibels, Stft, power_to_db, spectrogram};
use tutti_audio::util::{Aggregate, PeakMethod, PeakPick};

use crate::golden::{Case, Output};

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    filters(case)
        .or_else(|| pitches(case))
        .or_else(|| separation(case))
        .or_else(|| onsets(case))
        .or_else(|| tempograms(case))
        .or_else(|| beats(case))
}

pub(crate) fn optional(case: &Case, name: &str, default: Option<f64>) -> Option<f64> {
    if case.has(name) { case.get(name).map(|value| value.as_f64().unwrap()) } else { default }
}

fn filters(case: &Case) -> Option<Output> {
    Some(match case.function.as_str() {
        "filters.chroma" => {
            let default = Chroma::default();
            let options = Chroma {
                n_chroma: case.count("n_chroma", 12),
                tuning: case.number("tuning", 0.0),
                ctroct: case.number("ctroct", 5.0),
                octwidth: optional(case, "octwidth", default.octwidth),
                norm: optional(case, "norm", default.norm),
                base_c: case.flag("base_c", true),
            };
            chroma(case.number("sr", 0.0), case.count("n_fft", 0), &options).unwrap().into()
        }
        "filters.cq_to_chroma" => {
            let (n, per_octave) = (case.count("n_input", 0), case.count("bins_per_octave", 12));
            let fmin = case.number("fmin", note_to_hz("C1").unwrap());
            let (classes, base_c) = (case.count("n_chroma", 12), case.flag("base_c", true));
            cq_to_chroma(n, per_octave, classes, fmin, base_c).unwrap().into()
        }
        _ => return None,
    })
}

fn pitches(case: &Case) -> Option<Output> {
    // librosa's own default of piptrack is a quarter, of features 512: with 2,048 the same.
    let magnitudes = |power| spectrogram(&case.y(), &case.stft(None), power).unwrap();
    let of_features = |power| spectrogram(&case.y(), &case.stft(Some(512)), power).unwrap();
    Some(match case.function.as_str() {
        "piptrack.pitches" | "piptrack.magnitudes" => {
            let default = Piptrack::default();
            let options = Piptrack {
                fmin: case.number("fmin", default.fmin),
                fmax: case.number("fmax", default.fmax),
                threshold: case.number("threshold", default.threshold),
            };
            let (pitches, found) = piptrack(&magnitudes(1.0), case.sr(), &options).unwrap();
            if case.function == "piptrack.pitches" { pitches.into() } else { found.into() }
        }
        "estimate_tuning" => {
            let (step, bins) = (case.number("resolution", 0.01), case.count("bins_per_octave", 12));
            vec![estimate_tuning(&magnitudes(1.0), case.sr(), step, bins).unwrap()].into()
        }
        "feature.chroma_stft" => {
            let bank = Chroma { n_chroma: case.count("n_chroma", 12), ..Chroma::default() };
            let tuning = optional(case, "tuning", None);
            let norm = optional(case, "norm", Some(f64::INFINITY));
            chroma_stft(&of_features(2.0), case.sr(), tuning, &bank, norm).unwrap().into()
        }
        "feature.tonnetz" => {
            let (bank, norm) = (Chroma::default(), Some(f64::INFINITY));
            let classes = chroma_stft(&of_features(2.0), case.sr(), Some(0.0), &bank, norm);
            tonnetz(&classes.unwrap()).unwrap().into()
        }
        "pcen" => {
            let default = Pcen::default();
            let options = Pcen {
                gain: case.number("gain", default.gain),
                bias: case.number("bias", default.bias),
                power: case.number("power", default.power),
                time_constant: case.number("time_constant", default.time_constant),
                eps: case.number("eps", default.eps),
                b: optional(case, "b", None),
                max_size: case.count("max_size", 1),
            };
            let stft = Stft { hop_length: Some(512), ..Stft::default() };
            let bands = melspectrogram(&case.y(), case.sr(), &stft, &Mel::default()).unwrap();
            let loud = 2_f32.powi(31);
            let values = bands.as_slice().iter().map(|value| value * loud).collect();
            let bands = Matrix::from_columns(bands.rows(), bands.columns(), values).unwrap();
            pcen(&bands, case.sr(), 512, &options).unwrap().into()
        }
        _ => return None,
    })
}

fn separation(case: &Case) -> Option<Output> {
    let default = Hpss::default();
    let pair = |name: &str| case.get(name).map(|value| [value[0].clone(), value[1].clone()]);
    let options = Hpss {
        kernel_size: pair("kernel_size").map_or(default.kernel_size, |[a, b]| {
            (a.as_u64().unwrap() as usize, b.as_u64().unwrap() as usize)
        }),
        power: case.number("power", default.power),
        margin: pair("margin")
            .map_or(default.margin, |[a, b]| (a.as_f64().unwrap(), b.as_f64().unwrap())),
    };
    let masks = || {
        let s = spectrogram(&case.y(), &Stft::default(), 1.0).unwrap();
        hpss_masks(&s, &options).unwrap()
    };
    Some(match case.function.as_str() {
        "decompose.hpss.harmonic" => masks().0.into(),
        "decompose.hpss.percussive" => masks().1.into(),
        "effects.harmonic" => harmonic(&case.y(), &Stft::default(), &options).unwrap().into(),
        "effects.percussive" => percussive(&case.y(), &Stft::default(), &options).unwrap().into(),
        _ => return None,
    })
}

fn strength_options(case: &Case, aggregate: Aggregate) -> OnsetStrength {
    OnsetStrength {
        lag: case.count("lag", 1),
        max_size: case.count("max_size", 1),
        detrend: case.flag("detrend", false),
        center: case.flag("center", true),
        n_fft: case.count("n_fft", 2048),
        hop_length: case.count("hop_length", 512),
        aggregate,
    }
}

fn decibel_bands(case: &Case, options: &OnsetStrength) -> Matrix<f32> {
    let (n_fft, hop_length) = (options.n_fft, Some(options.hop_length));
    let stft = Stft { n_fft, hop_length, ..Stft::default() };
    let bands = melspectrogram(&case.y(), case.sr(), &stft, &Mel::default()).unwrap();
    power_to_db(&bands, &Decibels::default()).unwrap()
}

/// The envelope with librosa's defaults but the hop.
fn envelope(case: &Case, aggregate: Aggregate) -> Vec<f32> {
    let hop_length = case.count("hop_length", 512);
    let options = OnsetStrength { hop_length, aggregate, ..OnsetStrength::default() };
    onset_strength(&decibel_bands(case, &options), &options).unwrap()
}

fn onsets(case: &Case) -> Option<Output> {
    Some(match case.function.as_str() {
        "onset.onset_strength" => {
            let is_median = case.text("aggregate").is_some();
            let aggregate = if is_median { Aggregate::Median } else { Aggregate::Mean };
            let options = strength_options(case, aggregate);
            onset_strength(&decibel_bands(case, &options), &options).unwrap().into()
        }
        "onset.onset_strength_multi" => {
            let options = strength_options(case, Aggregate::Mean);
            let channels = case.get("channels").unwrap().as_array().unwrap();
            let channels: Vec<usize> =
                channels.iter().map(|each| each.as_u64().unwrap() as usize).collect();
            let bands = decibel_bands(case, &options);
            onset_strength_multi(&bands, &channels, &options).unwrap().into()
        }
        "onset.onset_detect" => {
            let peak = case.has("pre_max").then(|| PeakPick {
                pre_max: case.count("pre_max", 0),
                post_max: case.count("post_max", 1),
                pre_avg: case.count("pre_avg", 0),
                post_avg: case.count("post_avg", 1),
                delta: case.number("delta", 0.07),
                wait: case.count("wait", 0),
                method: PeakMethod::Greedy,
            });
            let options = OnsetDetect { normalize: case.flag("normalize", true), peak };
            let (envelope, hop) = (envelope(case, Aggregate::Mean), case.count("hop_length", 512));
            let onsets = onset_detect(&envelope, case.sr(), hop, &options).unwrap();
            let back = case.flag("backtrack", false);
            Output::indices(if back { onset_backtrack(&onsets, &envelope) } else { onsets })
        }
        _ => return None,
    })
}

fn tempograms(case: &Case) -> Option<Output> {
    let window = || crate::spectra::window(case.get("window"));
    let infinity = Some(f64::INFINITY);
    let options = || {
        let default = Tempo::default();
        Tempo {
            start_bpm: case.number("start_bpm", default.start_bpm),
            std_bpm: case.number("std_bpm", default.std_bpm),
            max_tempo: optional(case, "max_tempo", default.max_tempo),
        }
    };
    let lags = || {
        let size = time_to_frames(case.number("ac_size", 8.0), case.sr(), 512, None) as usize;
        tempogram(&envelope(case, Aggregate::Mean), size, true, &Window::Hann, infinity).unwrap()
    };
    Some(match case.function.as_str() {
        "feature.tempogram" => {
            let envelope = envelope(case, Aggregate::Mean);
            let (length, center) = (case.count("win_length", 200), case.flag("center", true));
            let norm = optional(case, "norm", infinity);
            tempogram(&envelope, length, center, &window(), norm).unwrap().into()
        }
        "feature.fourier_tempogram" => {
            let envelope = envelope(case, Aggregate::Mean);
            let (length, center) = (case.count("win_length", 200), case.flag("center", true));
            fourier_tempogram(&envelope, length, center, &window()).unwrap().into()
        }
        "feature.tempo" => vec![tempo(&lags(), case.sr(), 512, &options()).unwrap()].into(),
        "feature.tempo.frames" => {
            tempo_of_frames(&lags(), case.sr(), 512, &options()).unwrap().into()
        }
        _ => return None,
    })
}

fn beats(case: &Case) -> Option<Output> {
    let default = BeatTrack::default();
    let median = || envelope(case, Aggregate::Median);
    let track = || {
        let envelope = median();
        let bpm = match case.get("bpm") {
            None => Vec::new(),
            Some(Value::String(_)) => {
                let step = 30.0 / (envelope.len() - 1) as f64;
                (0..envelope.len()).map(|frame| 110.0 + step * frame as f64).collect()
            }
            Some(bpm) => vec![bpm.as_f64().unwrap()],
        };
        let options = BeatTrack {
            start_bpm: case.number("start_bpm", default.start_bpm),
            tightness: case.number("tightness", default.tightness),
            trim: case.flag("trim", true),
            bpm,
        };
        beat_track(&envelope, case.sr(), case.count("hop_length", 512), &options).unwrap()
    };
    Some(match case.function.as_str() {
        "beat.beat_track" => Output::indices(track().1),
        "beat.beat_track.tempo" => vec![track().0].into(),
        "beat.plp" => {
            let default = Plp::default();
            let options = Plp {
                win_length: case.count("win_length", default.win_length),
                tempo_min: optional(case, "tempo_min", default.tempo_min),
                tempo_max: optional(case, "tempo_max", default.tempo_max),
            };
            plp(&median(), case.sr(), 512, &options).unwrap().into()
        }
        _ => return None,
    })
}
