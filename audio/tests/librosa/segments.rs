//! Aligning of sequences, recurrences, and parts.

use tutti_audio::Matrix;
use tutti_audio::filters::diagonal_filter;
use tutti_audio::segment::{
    Bandwidth, CrossSimilarity, Metric, PathEnhance, Recurrence, Similarity, agglomerative, cdist,
    cross_similarity, lag_to_recurrence, path_enhance, recurrence_matrix, recurrence_to_lag,
    subsegment,
};
use tutti_audio::sequence::{Dtw, Rqa, Warped, dtw, path_to_steps, rqa};
use tutti_audio::spectrum::PadMode;

use crate::golden::{Case, Output};
use crate::signals::noise;
use crate::spectra::window;

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    match case.function.split_once('.')? {
        ("sequence", name) => aligned(case, name),
        ("segment", name) => segmented(case, name).or_else(|| enhanced(case, name)),
        ("filters", "diagonal_filter") => {
            let (n, slope) = (case.count("n", 0), case.number("slope", 1.0));
            let (window, zero_mean) = (window(case.get("window")), case.flag("zero_mean", false));
            Some(double(diagonal_filter(&window, n, slope, zero_mean).unwrap()))
        }
        _ => None,
    }
}

/// The same as in `segments.py`.
fn walk(rows: usize, columns: usize, seed: u32) -> Matrix<f32> {
    let steps = noise(rows * columns, seed);
    let (mut values, mut sums) = (Vec::new(), vec![0.0; rows]);
    for frame in steps.chunks(rows) {
        for (sum, step) in sums.iter_mut().zip(frame) {
            *sum += step;
            values.push(*sum as f32);
        }
    }
    Matrix::from_columns(rows, columns, values).unwrap()
}

fn double(matrix: Matrix<f64>) -> Output {
    let rows = matrix.rows();
    Output::Values(matrix.into_values(), rows)
}

fn pairs(path: Vec<(usize, usize)>) -> Output {
    Output::indices(path.into_iter().flat_map(|(row, column)| [row, column]))
}

fn metric(case: &Case) -> Metric {
    match case.text("metric") {
        None => Metric::Euclidean,
        Some("cosine") => Metric::Cosine,
        Some("cityblock") => Metric::Cityblock,
        Some(other) => panic!("no metric is called {other}"),
    }
}

fn numbers(case: &Case, name: &str) -> Vec<f64> {
    let values = case.get(name).and_then(|value| value.as_array());
    values.map_or(Vec::new(), |values| values.iter().map(|it| it.as_f64().unwrap()).collect())
}

fn aligned(case: &Case, name: &str) -> Option<Output> {
    let (n, m) = (case.count("n", 0), case.count("m", 0));
    if let Some(part) = name.strip_prefix("rqa.") {
        let (x, y) = (walk(3, n, 3), walk(3, m, 4));
        let mode = Similarity::Affinity(Bandwidth::MedKScalar);
        let options = CrossSimilarity { k: Some(9), mode, ..CrossSimilarity::default() };
        let near = cross_similarity(&y, &x, &options).unwrap();
        let default = Rqa::default();
        let options = Rqa {
            gap_onset: case.number("gap_onset", default.gap_onset),
            gap_extend: case.number("gap_extend", default.gap_extend),
            knight_moves: case.flag("knight_moves", true),
        };
        let found = rqa(&near, &options).unwrap();
        return Some(if part == "path" { pairs(found.path) } else { double(found.score) });
    }
    let costs = cdist(&walk(4, n, 1), &walk(4, m, 2), metric(case)).unwrap();
    let sizes = case.get("step_sizes_sigma").and_then(|sizes| sizes.as_array());
    let size = |value: &serde_json::Value, at: usize| value[at].as_u64().unwrap() as usize;
    let sizes = sizes.map(|sizes| sizes.iter().map(|it| (size(it, 0), size(it, 1))).collect());
    let options = Dtw {
        step_sizes_sigma: sizes.unwrap_or(Dtw::default().step_sizes_sigma),
        weights_add: numbers(case, "weights_add"),
        weights_mul: numbers(case, "weights_mul"),
        subseq: case.flag("subseq", false),
        band_rad: case.get("band_rad").map(|share| share.as_f64().unwrap()),
    };
    let Warped { cost, path } = dtw(&costs, &options).unwrap();
    Some(match name {
        "dtw.cost" => double(cost),
        "dtw.path" => pairs(path),
        "path_to_steps" => path_to_steps(&path, case.flag("inverse", false)).unwrap().into(),
        _ => return None,
    })
}

fn similarity(case: &Case) -> Similarity {
    match case.text("mode") {
        None => Similarity::Connectivity,
        Some("distance") => Similarity::Distance,
        Some(_) => Similarity::Affinity(match case.get("bandwidth") {
            None => Bandwidth::MedKScalar,
            Some(value) => match (value.as_f64(), value.as_str()) {
                (Some(value), _) => Bandwidth::Scalar(value),
                (_, Some("mean_k")) => Bandwidth::MeanK,
                (_, Some("gmean_k")) => Bandwidth::GmeanK,
                (_, Some("mean_k_avg")) => Bandwidth::MeanKAvg,
                (_, Some("gmean_k_avg")) => Bandwidth::GmeanKAvg,
                (_, Some("mean_k_avg_and_pair")) => Bandwidth::MeanKAvgAndPair,
                _ => panic!("no bandwidth is called {value}"),
            },
        }),
    }
}

/// Which rows are linked, column by column.
fn linked(rec: &Matrix<f32>) -> impl Iterator<Item = usize> {
    let places = rec.as_slice().iter().enumerate().filter(|(_, value)| **value > 0.0);
    places.map(|(place, _)| place % rec.rows())
}

/// The same as in `segments.py`.
fn some(rec: &Matrix<f32>) -> Output {
    Output::indices([linked(rec).count()].into_iter().chain(linked(rec).step_by(37)))
}

fn enhanced(case: &Case, name: &str) -> Option<Output> {
    if name != "path_enhance" {
        return None;
    }
    let data = walk(3, 90, case.count("seed", 0) as u32);
    let mode = Similarity::Affinity(Bandwidth::MedKScalar);
    let rec = recurrence_matrix(&data, &Recurrence { mode, ..Recurrence::default() }).unwrap();
    let default = PathEnhance::default();
    let options = PathEnhance {
        window: window(case.get("window")),
        max_ratio: case.number("max_ratio", default.max_ratio),
        min_ratio: case.get("min_ratio").map(|ratio| ratio.as_f64().unwrap()),
        n_filters: case.count("n_filters", default.n_filters),
        zero_mean: case.flag("zero_mean", false),
        clip: case.flag("clip", true),
        mode: match case.text("mode") {
            None => PadMode::Symmetric,
            Some("constant") => PadMode::Constant,
            Some("nearest") => PadMode::Edge,
            Some("mirror") => PadMode::Reflect,
            Some("wrap") => PadMode::Wrap,
            Some(other) => panic!("no mode is called {other}"),
        },
    };
    Some(path_enhance(&rec, case.count("n", 0), &options).unwrap().into())
}

fn segmented(case: &Case, name: &str) -> Option<Output> {
    let seed = case.count("seed", 0) as u32;
    let data = walk(3, 90, seed);
    let k = || case.get("k").map(|k| k.as_u64().unwrap() as usize);
    let recurrence = |mode| Recurrence {
        k: k(),
        width: case.count("width", 1),
        metric: metric(case),
        sym: case.flag("sym", false),
        mode,
        self_links: case.flag("self", false),
        full: case.flag("full", false),
    };
    let lags = || {
        let mode = Similarity::Affinity(Bandwidth::MedKScalar);
        let rec = recurrence_matrix(&data, &Recurrence { mode, ..Recurrence::default() }).unwrap();
        recurrence_to_lag(&rec, case.flag("pad", true)).unwrap()
    };
    Some(match name {
        "recurrence_matrix" => {
            recurrence_matrix(&data, &recurrence(similarity(case))).unwrap().into()
        }
        "recurrence_matrix.links" => {
            let rec = recurrence_matrix(&data, &recurrence(Similarity::Connectivity)).unwrap();
            Output::indices(linked(&rec))
        }
        "recurrence_matrix.connectivity" => {
            some(&recurrence_matrix(&data, &recurrence(Similarity::Connectivity)).unwrap())
        }
        "cross_similarity" => {
            let (metric, mode, full) = (metric(case), similarity(case), case.flag("full", false));
            let options = CrossSimilarity { k: k(), metric, mode, full };
            cross_similarity(&data, &walk(3, 70, seed + 10), &options).unwrap().into()
        }
        "cross_similarity.connectivity" => {
            let (metric, mode) = (metric(case), Similarity::Connectivity);
            let options = CrossSimilarity { k: k(), metric, mode, full: false };
            some(&cross_similarity(&data, &walk(3, 70, seed + 10), &options).unwrap())
        }
        "recurrence_to_lag" => lags().into(),
        "lag_to_recurrence" => lag_to_recurrence(&lags()).unwrap().into(),
        "agglomerative" => Output::indices(agglomerative(&data, case.count("k", 0)).unwrap()),
        "subsegment" => {
            let parts = case.count("n_segments", 4);
            Output::indices(subsegment(&data, &[7, 30, 61], parts).unwrap())
        }
        _ => return None,
    })
}
