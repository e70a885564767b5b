//! `librosa.segment`: frames that are like others, and the parts that they make.

use pyo3::prelude::*;
use tutti_audio::segment::{
    self, Bandwidth, CrossSimilarity, Metric, PathEnhance, Recurrence, Similarity,
};
use tutti_audio::spectrum::PadMode;

use crate::arrays::{In, Rows, Vector, indices, rows};
use crate::errors::work;
use crate::options::{WindowArgument, one_of};

fn metric(name: &str) -> PyResult<Metric> {
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

/// A bandwidth by its name, or the bandwidth itself.
#[derive(FromPyObject)]
pub(crate) enum BandwidthArgument {
    #[pyo3(transparent)]
    Scalar(f64),
    #[pyo3(transparent)]
    Named(String),
}

/// `mode, bandwidth`.
#[derive(FromPyObject)]
pub(crate) struct SimilarityArgument(String, Option<BandwidthArgument>);

impl SimilarityArgument {
    fn similarity(self) -> PyResult<Similarity> {
        let bandwidth = match self.1 {
            None => Bandwidth::MedKScalar,
            Some(BandwidthArgument::Scalar(value)) => Bandwidth::Scalar(value),
            Some(BandwidthArgument::Named(name)) => one_of(
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

/// `k, width, metric, sym, self, full`.
#[derive(FromPyObject)]
pub(crate) struct RecurrenceArgument(Option<usize>, usize, String, bool, bool, bool);

/// Which frames are like which.
#[pyfunction]
pub(crate) fn recurrence_matrix(
    py: Python<'_>,
    data: In<f32>,
    options: RecurrenceArgument,
    similarity: SimilarityArgument,
) -> PyResult<Rows<'_, f32>> {
    let RecurrenceArgument(k, width, name, sym, self_links, full) = options;
    let (metric, mode) = (metric(&name)?, similarity.similarity()?);
    let options = Recurrence { k, width, metric, sym, mode, self_links, full };
    rows(py, work(py, || segment::recurrence_matrix(&data.0, &options))?)
}

/// `k, metric, full`.
#[derive(FromPyObject)]
pub(crate) struct CrossArgument(Option<usize>, String, bool);

/// Which frames are like which of another recording.
#[pyfunction]
pub(crate) fn cross_similarity(
    py: Python<'_>,
    data: In<f32>,
    data_ref: In<f32>,
    options: CrossArgument,
    similarity: SimilarityArgument,
) -> PyResult<Rows<'_, f32>> {
    let CrossArgument(k, name, full) = options;
    let (metric, mode) = (metric(&name)?, similarity.similarity()?);
    let options = CrossSimilarity { k, metric, mode, full };
    rows(py, work(py, || segment::cross_similarity(&data.0, &data_ref.0, &options))?)
}

/// How far frames lie from each other.
#[pyfunction]
pub(crate) fn cdist<'py>(
    py: Python<'py>,
    x: In<f32>,
    y: In<f32>,
    name: &str,
) -> PyResult<Rows<'py, f64>> {
    let metric = metric(name)?;
    rows(py, work(py, || segment::cdist(&x.0, &y.0, metric))?)
}

/// Recurrences by how much later.
#[pyfunction]
pub(crate) fn recurrence_to_lag(
    py: Python<'_>,
    rec: In<f32>,
    pad: bool,
) -> PyResult<Rows<'_, f32>> {
    rows(py, work(py, || segment::recurrence_to_lag(&rec.0, pad))?)
}

/// Recurrences by frame again.
#[pyfunction]
pub(crate) fn lag_to_recurrence(py: Python<'_>, lag: In<f32>) -> PyResult<Rows<'_, f32>> {
    rows(py, work(py, || segment::lag_to_recurrence(&lag.0))?)
}

/// `window, max_ratio, min_ratio, n_filters, zero_mean, clip, mode`.
#[derive(FromPyObject)]
pub(crate) struct EnhanceArgument(WindowArgument, f64, Option<f64>, usize, bool, bool, String);

/// Recurrences with their diagonals made clear.
#[pyfunction]
pub(crate) fn path_enhance(
    py: Python<'_>,
    r: In<f32>,
    n: usize,
    options: EnhanceArgument,
) -> PyResult<Rows<'_, f32>> {
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
    rows(py, work(py, || segment::path_enhance(&r.0, n, &options))?)
}

/// The first frames of parts.
#[pyfunction]
pub(crate) fn agglomerative(py: Python<'_>, data: In<f32>, k: usize) -> PyResult<Vector<'_, i64>> {
    Ok(indices(py, work(py, || segment::agglomerative(&data.0, k))?))
}

/// The first frames of parts within segments.
#[pyfunction]
pub(crate) fn subsegment(
    py: Python<'_>,
    data: In<f32>,
    frames: Vec<usize>,
    n_segments: usize,
) -> PyResult<Vector<'_, i64>> {
    Ok(indices(py, work(py, || segment::subsegment(&data.0, &frames, n_segments))?))
}
