//! Sample rates, wavelets, and constant-Q transforms.

use serde_json::Value;
use tutti_audio::constantq::{
    ConstantQ, Vqt, cqt, griffinlim_cqt, hybrid_cqt, icqt, pseudo_cqt, vqt,
};
use tutti_audio::convert::{Intervals, cqt_frequencies};
use tutti_audio::features::{Cens, ChromaCqt, CqtMode, chroma_cens, chroma_cqt, chroma_vqt};
use tutti_audio::filters::{Wavelet, relative_bandwidth, wavelet, wavelet_lengths};
use tutti_audio::signal::resample;
use tutti_audio::spectrum::{GriffinLim, magphase};

use crate::golden::{Case, Output};
use crate::music::optional;
use crate::spectra::window;

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    wavelets(case).or_else(|| transforms(case)).or_else(|| classes(case))
}

fn wavelets(case: &Case) -> Option<Output> {
    let freqs = || match case.text("freqs").unwrap() {
        "low" => cqt_frequencies(12, 65.4, 12, 0.0),
        _ => cqt_frequencies(40, 200.0, 24, 0.0),
    };
    let sr = || case.number("sr", 22_050.0);
    let options = || Wavelet {
        window: window(case.get("window")),
        filter_scale: case.number("filter_scale", 1.0),
        pad_fft: case.flag("pad_fft", true),
        norm: optional(case, "norm", Some(1.0)),
        gamma: optional(case, "gamma", Some(0.0)),
    };
    Some(match case.function.as_str() {
        "resample" => {
            let (orig_sr, target_sr) = (case.number("orig_sr", 0.0), case.number("target_sr", 0.0));
            resample(&case.y(), orig_sr, target_sr, case.flag("scale", false)).unwrap().into()
        }
        "filters.relative_bandwidth" => relative_bandwidth(&freqs()).unwrap().into(),
        "filters.wavelet_lengths" => {
            wavelet_lengths(&freqs(), sr(), &options(), None).unwrap().0.into()
        }
        "filters.wavelet_lengths.cutoff" => {
            vec![wavelet_lengths(&freqs(), sr(), &options(), None).unwrap().1].into()
        }
        "filters.wavelet" => wavelet(&freqs(), sr(), &options(), None).unwrap().0.into(),
        _ => return None,
    })
}

fn intervals(case: &Case) -> Intervals {
    match case.get("intervals") {
        None => Intervals::Equal,
        Some(Value::Array(ratios)) => {
            Intervals::Ratios(ratios.iter().map(|ratio| ratio.as_f64().unwrap()).collect())
        }
        Some(name) => match name.as_str().unwrap() {
            "equal" => Intervals::Equal,
            "pythagorean" => Intervals::Pythagorean,
            "ji3" => Intervals::Ji3,
            "ji5" => Intervals::Ji5,
            "ji7" => Intervals::Ji7,
            other => panic!("no intervals are called {other}"),
        },
    }
}

/// A number that may be `None`.
fn optional_count(case: &Case, name: &str, default: usize) -> Option<usize> {
    let given = case.get(name).map(|value| value.as_u64().unwrap() as usize);
    if case.has(name) { given } else { Some(default) }
}

fn options(case: &Case) -> ConstantQ {
    let n_bins = optional_count(case, "n_bins", 84);
    ConstantQ {
        hop_length: case.count("hop_length", 512),
        fmin: optional(case, "fmin", None),
        n_bins,
        bins_per_octave: case.count("bins_per_octave", 12),
        tuning: optional(case, "tuning", Some(0.0)),
        filter_scale: case.number("filter_scale", 1.0),
        norm: optional(case, "norm", Some(1.0)),
        sparsity: case.number("sparsity", 0.01),
        window: window(case.get("window")),
        scale: case.flag("scale", true),
        pad_mode: case.pad_mode(),
    }
}

fn transforms(case: &Case) -> Option<Output> {
    let length = || case.get("length").map(|value| value.as_u64().unwrap() as usize);
    Some(match case.function.as_str() {
        "cqt" => cqt(&case.y(), case.sr(), &options(case)).unwrap().into(),
        "vqt" => {
            let gamma = optional(case, "gamma", None);
            let given = Vqt { constant_q: options(case), intervals: intervals(case), gamma };
            vqt(&case.y(), case.sr(), &given).unwrap().into()
        }
        "hybrid_cqt" => hybrid_cqt(&case.y(), case.sr(), &options(case)).unwrap().into(),
        "pseudo_cqt" => pseudo_cqt(&case.y(), case.sr(), &options(case)).unwrap().into(),
        "icqt" => {
            let bins = cqt(&case.y(), case.sr(), &options(case)).unwrap();
            icqt(&bins, case.sr(), &options(case), length()).unwrap().into()
        }
        "griffinlim_cqt" => {
            let bins = cqt(&case.y(), case.sr(), &options(case)).unwrap();
            let (magnitudes, _) = magphase(&bins, 1.0).unwrap();
            let search = GriffinLim {
                n_iter: case.count("n_iter", 32),
                momentum: case.number("momentum", 0.99),
                length: length(),
            };
            griffinlim_cqt(&magnitudes, case.sr(), &options(case), &search, None).unwrap().into()
        }
        _ => return None,
    })
}

fn classes(case: &Case) -> Option<Output> {
    let default = ChromaCqt::default();
    let options = || ChromaCqt {
        hop_length: case.count("hop_length", 512),
        fmin: optional(case, "fmin", None),
        norm: optional(case, "norm", default.norm),
        threshold: case.number("threshold", 0.0),
        tuning: optional(case, "tuning", None),
        n_chroma: case.count("n_chroma", 12),
        n_octaves: case.count("n_octaves", 7),
        bins_per_octave: case.count("bins_per_octave", 36),
        cqt_mode: match case.text("cqt_mode") {
            Some("hybrid") => CqtMode::Hybrid,
            _ => CqtMode::Full,
        },
    };
    Some(match case.function.as_str() {
        "feature.chroma_cqt" => chroma_cqt(&case.y(), case.sr(), &options()).unwrap().into(),
        "feature.chroma_cens" => {
            let length = optional_count(case, "win_len_smooth", 41);
            let cens = Cens {
                win_len_smooth: length,
                smoothing_window: window(case.get("smoothing_window")),
                norm: optional(case, "norm", Some(2.0)),
            };
            chroma_cens(&case.y(), case.sr(), &options(), &cens).unwrap().into()
        }
        "feature.chroma_vqt" => {
            let (gamma, per_octave) =
                (optional(case, "gamma", Some(0.0)), case.count("bins_per_octave", 12));
            let given = options();
            chroma_vqt(&case.y(), case.sr(), &given, &intervals(case), per_octave, gamma)
                .unwrap()
                .into()
        }
        _ => return None,
    })
}
