//! `librosa.segment`: frames that are like others, and the parts that they make.

use tutti_audio::Matrix;
use tutti_audio::segment::{
    self, Bandwidth, CrossSimilarity, Metric, PathEnhance, Recurrence, Similarity,
};
use tutti_audio::spectrum::PadMode;

use crate::arguments::{In, group};
use crate::limits::fits_pairs;
use crate::options::{NamedOr, WindowArgument, one_of};
use crate::problem::Answer;
use crate::results::indices;
use crate::table::{Function, table};

fn metric(name: &str) -> Answer<Metric> {
    one_of(
        "metric",
        name,
        &[
            ("euclidean", Metric::Euclidean),
            ("sqeuclidean", Metric::SqEuclidean),
            ("cityblock", Metric::Cityblock),
            ("cosine", Metric::Cosine),
        ],
    )
}

group! {
    /// `mode, bandwidth`.
    pub(crate) struct SimilarityArgument(String, Option<NamedOr<f64>>);
}

impl SimilarityArgument {
    fn similarity(self) -> Answer<Similarity> {
        let bandwidth = match self.1 {
            None => Bandwidth::MedKScalar,
            Some(NamedOr::Itself(value)) => Bandwidth::Scalar(value),
            Some(NamedOr::Named(name)) => one_of(
                "bandwidth",
                &name,
                &[
                    ("med_k_scalar", Bandwidth::MedKScalar),
                    ("mean_k", Bandwidth::MeanK),
                    ("gmean_k", Bandwidth::GmeanK),
                    ("mean_k_avg", Bandwidth::MeanKAvg),
                    ("gmean_k_avg", Bandwidth::GmeanKAvg),
                    ("mean_k_avg_and_pair", Bandwidth::MeanKAvgAndPair),
                ],
            )?,
        };
        one_of(
            "mode",
            &self.0,
            &[
                ("connectivity", Similarity::Connectivity),
                ("distance", Similarity::Distance),
                ("affinity", Similarity::Affinity(bandwidth)),
            ],
        )
    }
}

group! {
    /// `k, width, metric, sym, self, full`.
    pub(crate) struct RecurrenceArgument(Option<usize>, usize, String, bool, bool, bool);
}

/// Which frames are like which.
fn recurrence_matrix(
    data: In<f32>,
    options: RecurrenceArgument,
    similarity: SimilarityArgument,
) -> Answer<Matrix<f32>> {
    let RecurrenceArgument(k, width, name, sym, self_links, full) = options;
    let (metric, mode) = (metric(&name)?, similarity.similarity()?);
    let options = Recurrence { k, width, metric, sym, mode, self_links, full };
    fits_pairs("the recurrences", data.0.columns(), data.0.columns())?;
    Ok(segment::recurrence_matrix(&data.0, &options)?)
}

group! {
    /// `k, metric, full`.
    pub(crate) struct CrossArgument(Option<usize>, String, bool);
}

/// Which frames are like which of another recording.
fn cross_similarity(
    data: In<f32>,
    data_ref: In<f32>,
    options: CrossArgument,
    similarity: SimilarityArgument,
) -> Answer<Matrix<f32>> {
    let CrossArgument(k, name, full) = options;
    let (metric, mode) = (metric(&name)?, similarity.similarity()?);
    let options = CrossSimilarity { k, metric, mode, full };
    fits_pairs("the similarities", data.0.columns(), data_ref.0.columns())?;
    Ok(segment::cross_similarity(&data.0, &data_ref.0, &options)?)
}

/// How far frames lie from each other.
fn cdist(x: In<f32>, y: In<f32>, name: String) -> Answer<Matrix<f64>> {
    let metric = metric(&name)?;
    fits_pairs("the distances", x.0.columns(), y.0.columns())?;
    Ok(segment::cdist(&x.0, &y.0, metric)?)
}

/// Recurrences by how much later.
fn recurrence_to_lag(rec: In<f32>, pad: bool) -> Answer<Matrix<f32>> {
    Ok(segment::recurrence_to_lag(&rec.0, pad)?)
}

/// Recurrences by frame again.
fn lag_to_recurrence(lag: In<f32>) -> Answer<Matrix<f32>> {
    Ok(segment::lag_to_recurrence(&lag.0)?)
}

group! {
    /// `window, max_ratio, min_ratio, n_filters, zero_mean, clip, mode`.
    pub(crate) struct EnhanceArgument(WindowArgument, f64, Option<f64>, usize, bool, bool, String);
}

/// Recurrences with their diagonals made clear.
fn path_enhance(r: In<f32>, n: usize, options: EnhanceArgument) -> Answer<Matrix<f32>> {
    let EnhanceArgument(window, max_ratio, min_ratio, n_filters, zero_mean, clip, mode) = options;
    let window = window.window()?;
    // By SciPy's names, of which some mean another thing than NumPy's.
    let mode = one_of(
        "mode",
        &mode,
        &[
            ("reflect", PadMode::Symmetric),
            ("constant", PadMode::Constant),
            ("nearest", PadMode::Edge),
            ("mirror", PadMode::Reflect),
            ("wrap", PadMode::Wrap),
        ],
    )?;
    let options = PathEnhance { window, max_ratio, min_ratio, n_filters, zero_mean, clip, mode };
    Ok(segment::path_enhance(&r.0, n, &options)?)
}

/// The first frames of parts.
fn agglomerative(data: In<f32>, k: usize) -> Answer<Vec<i64>> {
    Ok(indices(segment::agglomerative(&data.0, k)?))
}

/// The first frames of parts within segments.
fn subsegment(data: In<f32>, frames: Vec<usize>, n_segments: usize) -> Answer<Vec<i64>> {
    Ok(indices(segment::subsegment(&data.0, &frames, n_segments)?))
}

pub(crate) const FUNCTIONS: &[Function] = table![
    recurrence_matrix,
    cross_similarity,
    cdist,
    recurrence_to_lag,
    lag_to_recurrence,
    path_enhance,
    agglomerative,
    subsegment
];
