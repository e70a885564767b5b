//! Windows, transforms, decibels, mel bands, cepstra and features of frames.

use serde_json::Value;
use tutti_audio::Matrix;
use tutti_audio::convert::{Weighting, fft_frequencies};
use tutti_audio::effects::{Silence, deemphasis, preemphasis, split, trim};
use tutti_audio::features::{
    Contrast, DctType, DeltaMode, Mfcc, delta, mel_of_spectrogram, melspectrogram, mfcc,
    poly_features, rms, rms_of_spectrogram, spectral_bandwidth, spectral_centroid,
    spectral_contrast, spectral_flatness, spectral_rolloff, stack_memory, zero_crossing_rate,
    zero_crossings,
};
use tutti_audio::filters::{
    Mel, MelBank, MelNorm, Window, get_window, window_bandwidth, window_sumsquare,
};
use tutti_audio::signal::{autocorrelate, lpc};
use tutti_audio::spectrum::{
    Decibels, Stft, amplitude_to_db, db_to_amplitude, db_to_power, frame, istft, magphase,
    perceptual_weighting, phase_vocoder, power_to_db, spectrogram, stft,
};

use crate::golden::{Case, Output};

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    filters(case)
        .or_else(|| transforms(case))
        .or_else(|| bands(case))
        .or_else(|| frames(case))
        .or_else(|| samples(case))
}

pub(crate) fn window(value: Option<&Value>) -> Window {
    let (name, parameter) = match value {
        None => ("hann", 0.0),
        Some(Value::Array(both)) => (both[0].as_str().unwrap(), both[1].as_f64().unwrap()),
        Some(name) => (name.as_str().unwrap(), 0.0),
    };
    match name {
        "hann" => Window::Hann,
        "hamming" => Window::Hamming,
        "blackman" => Window::Blackman,
        "blackmanharris" => Window::Blackmanharris,
        "nuttall" => Window::Nuttall,
        "flattop" => Window::Flattop,
        "boxcar" => Window::Boxcar,
        "bartlett" => Window::Bartlett,
        "triang" => Window::Triang,
        "cosine" => Window::Cosine,
        "bohman" => Window::Bohman,
        "barthann" => Window::Barthann,
        "parzen" => Window::Parzen,
        "kaiser" => Window::Kaiser { beta: parameter },
        "gaussian" => Window::Gaussian { std: parameter },
        "tukey" => Window::Tukey { alpha: parameter },
        other => panic!("no window is called {other}"),
    }
}

fn filters(case: &Case) -> Option<Output> {
    let window = || window(case.get("window"));
    Some(match case.function.as_str() {
        "filters.get_window" => {
            get_window(&window(), case.count("Nx", 0), case.flag("fftbins", true)).unwrap().into()
        }
        "filters.window_bandwidth" => vec![window_bandwidth(&window(), 1000).unwrap()].into(),
        "filters.window_sumsquare" => {
            let win_length = case.get("win_length").map(|value| value.as_u64().unwrap() as usize);
            let (frames, hop) = (case.count("n_frames", 0), case.count("hop_length", 512));
            let n_fft = case.count("n_fft", 2048);
            window_sumsquare(&window(), frames, hop, win_length, n_fft).unwrap().into()
        }
        "filters.mel" => {
            let bank = MelBank::new(case.number("sr", 0.0), case.count("n_fft", 0), &mel(case));
            bank.unwrap().weights().into()
        }
        _ => return None,
    })
}

fn mel(case: &Case) -> Mel {
    let norm = match case.text("norm") {
        None | Some("slaney") => MelNorm::Slaney,
        Some("None") => MelNorm::None,
        Some(number) => MelNorm::P(number.parse().unwrap()),
    };
    Mel {
        n_mels: case.count("n_mels", 128),
        fmin: case.number("fmin", 0.0),
        fmax: case.get("fmax").map(|value| value.as_f64().unwrap()),
        htk: case.flag("htk", false),
        norm,
    }
}

fn decibel_options(case: &Case, default: Decibels) -> Decibels {
    Decibels {
        reference: match case.get("ref") {
            Some(Value::String(_)) => None,
            Some(number) => number.as_f64(),
            None => default.reference,
        },
        amin: case.number("amin", default.amin),
        top_db: if case.has("top_db") {
            case.get("top_db").map(|value| value.as_f64().unwrap())
        } else {
            default.top_db
        },
    }
}

fn transforms(case: &Case) -> Option<Output> {
    let magnitudes = |power| spectrogram(&case.y(), &case.stft(None), power).unwrap();
    let loud = || {
        let y: Vec<f32> = case.y().iter().map(|value| 60.0 * value).collect();
        Matrix::from_columns(1, y.len(), y).unwrap()
    };
    Some(match case.function.as_str() {
        "stft" => stft(&case.y(), &case.stft(None)).unwrap().into(),
        "istft" => {
            let options = case.stft(None);
            let bins = stft(&case.y(), &options).unwrap();
            let length = case.get("length").map(|value| value.as_u64().unwrap() as usize);
            istft(&bins, &options, length).unwrap().into()
        }
        "magphase" | "magphase.phase" => {
            let bins = stft(&case.y(), &case.stft(None)).unwrap();
            let (magnitude, phase) = magphase(&bins, case.number("power", 1.0)).unwrap();
            if case.function == "magphase" { magnitude.into() } else { phase.into() }
        }
        "phase_vocoder" => {
            let bins = stft(&case.y(), &case.stft(None)).unwrap();
            let slow = phase_vocoder(&bins, case.number("rate", 1.0)).unwrap();
            magphase(&slow, 1.0).unwrap().0.into()
        }
        "power_to_db" => power_to_db(&magnitudes(2.0), &decibel_options(case, Decibels::default()))
            .unwrap()
            .into(),
        "amplitude_to_db" => {
            let options = decibel_options(case, Decibels::of_amplitude());
            amplitude_to_db(&magnitudes(1.0), &options).unwrap().into()
        }
        "db_to_power" => db_to_power(&loud(), case.number("ref", 1.0)).into(),
        "db_to_amplitude" => db_to_amplitude(&loud(), case.number("ref", 1.0)).into(),
        "perceptual_weighting" => {
            let kind = match case.text("kind").unwrap() {
                "A" => Weighting::A,
                "B" => Weighting::B,
                "C" => Weighting::C,
                "D" => Weighting::D,
                _ => Weighting::Z,
            };
            let hz = fft_frequencies(case.sr(), 2048);
            let options = Decibels::default();
            perceptual_weighting(&magnitudes(2.0), &hz, kind, &options).unwrap().into()
        }
        "util.frame" => {
            let (length, hop) = (case.count("frame_length", 0), case.count("hop_length", 0));
            frame(&case.y(), length, hop).unwrap().into()
        }
        _ => return None,
    })
}

/// Mel bands in decibels of tones, as `short_db` in `spectra.py`.
fn decibel_bands(case: &Case) -> Matrix<f32> {
    let bands = melspectrogram(&case.y(), case.sr(), &case.stft(Some(512)), &mel(case)).unwrap();
    power_to_db(&bands, &Decibels::default()).unwrap()
}

fn bands(case: &Case) -> Option<Output> {
    Some(match case.function.as_str() {
        "feature.melspectrogram" => {
            let options = case.stft(Some(512));
            // Both ways: of the signal, and of its spectrogram.
            let bank = MelBank::new(case.sr(), options.n_fft, &mel(case)).unwrap();
            let powers = spectrogram(&case.y(), &options, 2.0).unwrap();
            let of_powers = mel_of_spectrogram(&powers, &bank).unwrap();
            let bands = melspectrogram(&case.y(), case.sr(), &options, &mel(case)).unwrap();
            let greatest = bands.as_slice().iter().fold(0.0_f32, |most, &each| most.max(each));
            for (a, b) in of_powers.as_slice().iter().zip(bands.as_slice()) {
                assert!((a - b).abs() <= 2e-6 * greatest, "{a} {b}");
            }
            bands.into()
        }
        "feature.mfcc" => {
            let options = Mfcc {
                n_mfcc: case.count("n_mfcc", 20),
                dct_type: match case.count("dct_type", 2) {
                    1 => DctType::One,
                    3 => DctType::Three,
                    4 => DctType::Four,
                    _ => DctType::Two,
                },
                ortho: !case.has("norm"),
                lifter: case.number("lifter", 0.0),
            };
            let stft = Stft { hop_length: Some(512), ..Stft::default() };
            let bands = melspectrogram(&case.y(), case.sr(), &stft, &Mel::default()).unwrap();
            let bands = power_to_db(&bands, &Decibels::default()).unwrap();
            mfcc(&bands, &options).unwrap().into()
        }
        "feature.delta" => {
            let mode = match case.text("mode") {
                None => DeltaMode::Interp,
                Some("nearest") => DeltaMode::Nearest,
                Some("mirror") => DeltaMode::Mirror,
                Some("constant") => DeltaMode::Constant,
                _ => DeltaMode::Wrap,
            };
            let (width, order) = (case.count("width", 9), case.count("order", 1));
            delta(&decibel_bands(case), width, order, mode).unwrap().into()
        }
        "feature.stack_memory" => {
            let stft = Stft { hop_length: Some(512), ..Stft::default() };
            let mel = Mel { n_mels: 20, ..Mel::default() };
            let bands = melspectrogram(&case.y(), case.sr(), &stft, &mel).unwrap();
            let bands = power_to_db(&bands, &Decibels::default()).unwrap();
            let delay = case.number("delay", 1.0) as isize;
            let edge = case.text("mode") == Some("edge");
            let mode = if edge {
                tutti_audio::spectrum::PadMode::Edge
            } else {
                tutti_audio::spectrum::PadMode::Constant
            };
            stack_memory(&bands, case.count("n_steps", 2), delay, mode).unwrap().into()
        }
        _ => return None,
    })
}

fn frames(case: &Case) -> Option<Output> {
    let name = case.function.strip_prefix("feature.")?;
    if !(name.starts_with("spectral")
        || name == "poly_features"
        || name.starts_with("rms")
        || name.starts_with("zero"))
    {
        return None;
    }
    let options = case.stft(Some(512));
    let hz = fft_frequencies(case.sr(), options.n_fft);
    let s = || spectrogram(&case.y(), &options, 1.0).unwrap();
    let length = case.count("frame_length", 2048);
    let hop = options.hop();
    Some(match name {
        "spectral_centroid" => spectral_centroid(&s(), &hz).unwrap().into(),
        "spectral_bandwidth" => {
            spectral_bandwidth(&s(), &hz, case.number("p", 2.0)).unwrap().into()
        }
        "spectral_rolloff" => {
            spectral_rolloff(&s(), &hz, case.number("roll_percent", 0.85)).unwrap().into()
        }
        "spectral_flatness" => {
            let (amin, power) = (case.number("amin", 1e-10), case.number("power", 2.0));
            spectral_flatness(&s(), amin, power).unwrap().into()
        }
        "spectral_contrast" => {
            let contrast = Contrast {
                fmin: case.number("fmin", 200.0),
                n_bands: case.count("n_bands", 6),
                quantile: case.number("quantile", 0.02),
                linear: case.flag("linear", false),
            };
            spectral_contrast(&s(), case.sr(), &hz, &contrast).unwrap().into()
        }
        "poly_features" => poly_features(&s(), &hz, case.count("order", 1)).unwrap().into(),
        "rms" => {
            let mode = options.center.then_some(options.pad_mode);
            rms(&case.y(), length, hop, mode).unwrap().into()
        }
        "rms.S" => {
            let stft = Stft { n_fft: length, ..Stft::default() };
            let s = spectrogram(&case.y(), &stft, 1.0).unwrap();
            rms_of_spectrogram(&s, length).unwrap().into()
        }
        "zero_crossing_rate" => {
            zero_crossing_rate(&case.y(), length, hop, options.center).unwrap().into()
        }
        _ => return None,
    })
}

fn samples(case: &Case) -> Option<Output> {
    let zi = || case.get("zi").map(|value| value.as_f64().unwrap() as f32);
    let silence = || Silence {
        top_db: case.number("top_db", 60.0),
        reference: case.get("ref").map(|value| value.as_f64().unwrap()),
        frame_length: case.count("frame_length", 2048),
        hop_length: case.count("hop_length", 512),
    };
    let y = || case.y();
    Some(match case.function.as_str() {
        "zero_crossings" => {
            let threshold = case.number("threshold", 1e-10) as f32;
            let crossings = zero_crossings(&y(), threshold, case.flag("pad", true));
            let at = crossings.iter().enumerate().filter(|(_, is)| **is).map(|(at, _)| at);
            Output::indices(at.take(300))
        }
        "autocorrelate" => {
            let most = case.get("max_size").map(|value| value.as_u64().unwrap() as usize);
            autocorrelate(&y(), most).unwrap().into()
        }
        "lpc" => lpc(&y(), case.count("order", 1)).unwrap().into(),
        "effects.preemphasis" => preemphasis(&y(), case.number("coef", 0.97), zi()).unwrap().into(),
        "effects.deemphasis" => deemphasis(&y(), case.number("coef", 0.97), zi()).unwrap().into(),
        "effects.trim" => {
            let range = trim(&y(), &silence()).unwrap();
            Output::indices([range.start, range.end])
        }
        "effects.split" => {
            let ranges = split(&y(), &silence()).unwrap();
            Output::indices(ranges.into_iter().flat_map(|range| [range.start, range.end]))
        }
        _ => return None,
    })
}
