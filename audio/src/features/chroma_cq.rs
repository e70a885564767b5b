//! The classes of pitch in constant-Q and variable-Q transforms.

use crate::constantq::{ConstantQ, Vqt, cqt, hybrid_cqt, vqt};
use crate::convert::{Intervals, note_to_hz};
use crate::error::{Error, check, check_count, check_magnitudes};
use crate::filters::{Window, cq_to_chroma, get_window};
use crate::matrix::Matrix;
use crate::spectrum::magnitudes;
use crate::util::normalize_in_place;

/// Which transform classes are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CqtMode {
    /// [`cqt`](crate::constantq::cqt).
    #[default]
    Full,
    /// [`hybrid_cqt`](crate::constantq::hybrid_cqt), which is faster.
    Hybrid,
}

/// How classes are made; defaults are those of `librosa.feature.chroma_cqt`.
#[derive(Debug, Clone, PartialEq)]
pub struct ChromaCqt {
    /// Samples from one frame to the next.
    pub hop_length: usize,
    /// The frequency of the lowest bin, in Hz; of the note C1 where there is none.
    pub fmin: Option<f64>,
    /// The norm of each frame that is made 1; none where there is none.
    pub norm: Option<f64>,
    /// What is less counts as 0, before the norm.
    pub threshold: f64,
    /// How far the bins lie from equal temperament at 440 Hz, in bins; estimated where there is
    /// none.
    pub tuning: Option<f64>,
    /// Classes of an octave.
    pub n_chroma: usize,
    /// Octaves.
    pub n_octaves: usize,
    /// Bins of an octave, a multiple of `n_chroma`.
    pub bins_per_octave: usize,
    /// Which transform.
    pub cqt_mode: CqtMode,
}

impl Default for ChromaCqt {
    fn default() -> Self {
        Self {
            hop_length: 512,
            fmin: None,
            norm: Some(f64::INFINITY),
            threshold: 0.0,
            tuning: None,
            n_chroma: 12,
            n_octaves: 7,
            bins_per_octave: 36,
            cqt_mode: CqtMode::Full,
        }
    }
}

/// How classes are smoothed; defaults are those of `librosa.feature.chroma_cens`.
#[derive(Debug, Clone, PartialEq)]
pub struct Cens {
    /// Frames that are averaged, at least 1; none are where there is none.
    pub win_len_smooth: Option<usize>,
    /// How they are weighted.
    pub smoothing_window: Window,
    /// The norm of each frame that is made 1; none where there is none.
    pub norm: Option<f64>,
}

impl Default for Cens {
    fn default() -> Self {
        Self { win_len_smooth: Some(41), smoothing_window: Window::Hann, norm: Some(2.0) }
    }
}

/// `librosa.feature.chroma_cqt` of a signal at `sr` Hz: a row for each class of pitch, from C on, a
/// column for each frame.
///
/// # Errors
/// As [`cqt`]; `bins_per_octave` is not a multiple of `n_chroma`.
pub fn chroma_cqt(y: &[f32], sr: f64, options: &ChromaCqt) -> Result<Matrix<f32>, Error> {
    let n_bins = options.n_octaves.checked_mul(options.bins_per_octave);
    let constant_q = ConstantQ {
        hop_length: options.hop_length,
        fmin: options.fmin,
        n_bins: Some(n_bins.unwrap_or(usize::MAX)),
        bins_per_octave: options.bins_per_octave,
        tuning: options.tuning,
        ..ConstantQ::default()
    };
    // Before the transform, which takes its time.
    folding(0, options)?;
    let bins = match options.cqt_mode {
        CqtMode::Full => magnitudes(&cqt(y, sr, &constant_q)?),
        CqtMode::Hybrid => hybrid_cqt(y, sr, &constant_q)?,
    };
    chroma_of_cqt(&bins, options)
}

fn folding(n_input: usize, options: &ChromaCqt) -> Result<Matrix<f32>, Error> {
    let fmin = options.fmin.unwrap_or_else(|| note_to_hz("C1").unwrap_or(32.7));
    cq_to_chroma(n_input, options.bins_per_octave, options.n_chroma, fmin, true)
}

/// The same of the magnitudes `c` of a constant-Q transform, a row for each bin. Of the options
/// only `fmin`, `norm`, `threshold`, `n_chroma` and `bins_per_octave` are used.
///
/// # Errors
/// A magnitude is negative or not finite; `bins_per_octave` is not a multiple of `n_chroma`.
pub fn chroma_of_cqt(c: &Matrix<f32>, options: &ChromaCqt) -> Result<Matrix<f32>, Error> {
    check_magnitudes("the transform", c.as_slice())?;
    check(!options.threshold.is_nan(), "threshold", options.threshold, "a number")?;
    let weights = folding(c.rows(), options)?;
    // Each bin belongs to one class.
    let class_of: Vec<usize> = weights
        .iter_columns()
        .map(|column| column.iter().position(|&weight| weight > 0.0).unwrap_or(0))
        .collect();
    let mut classes = Matrix::filled(options.n_chroma, c.columns(), 0.0_f32);
    for (index, bins) in c.iter_columns().enumerate() {
        let frame = classes.column_mut(index);
        for (&class, bin) in class_of.iter().zip(bins) {
            frame[class] += bin;
        }
        for value in frame.iter_mut() {
            if *value < options.threshold as f32 {
                *value = 0.0;
            }
        }
        if let Some(norm) = options.norm {
            normalize_in_place(frame, norm)?;
        }
    }
    Ok(classes)
}

/// `librosa.feature.chroma_vqt` of a signal at `sr` Hz: as [`chroma_cqt`], with a class for each
/// interval of `vqt`. Of `options` only `fmin`, `hop_length`, `norm`, `threshold` and `n_octaves`
/// are used, and of `vqt` only `intervals`, `gamma` and `bins_per_octave`.
///
/// # Errors
/// As [`vqt`].
pub fn chroma_vqt(
    y: &[f32],
    sr: f64,
    options: &ChromaCqt,
    intervals: &Intervals,
    bins_per_octave: usize,
    gamma: Option<f64>,
) -> Result<Matrix<f32>, Error> {
    let bins_per_octave = match intervals {
        Intervals::Ratios(ratios) => ratios.len(),
        _ => bins_per_octave,
    };
    check_count("bins_per_octave", bins_per_octave)?;
    let constant_q = ConstantQ {
        hop_length: options.hop_length,
        fmin: options.fmin,
        n_bins: Some(options.n_octaves.saturating_mul(bins_per_octave)),
        bins_per_octave,
        ..ConstantQ::default()
    };
    let bins = vqt(y, sr, &Vqt { constant_q, intervals: intervals.clone(), gamma })?;
    let folded = ChromaCqt { n_chroma: bins_per_octave, bins_per_octave, ..options.clone() };
    chroma_of_cqt(&magnitudes(&bins), &folded)
}

/// `librosa.feature.chroma_cens` of a signal at `sr` Hz: [`chroma_cqt`] in four steps of loudness,
/// smoothed over frames, so that it tells harmony whatever the timbre and the dynamics. Of
/// `options`, `norm` is not used.
///
/// Müller, M. and Ewert, S. Chroma toolbox: Matlab implementations for extracting variants of
/// chroma-based audio features. ISMIR, 2011.
///
/// # Errors
/// As [`chroma_cqt`]; `win_len_smooth` is 0.
pub fn chroma_cens(
    y: &[f32],
    sr: f64,
    options: &ChromaCqt,
    cens: &Cens,
) -> Result<Matrix<f32>, Error> {
    let classes = chroma_cqt(y, sr, &ChromaCqt { norm: Some(1.0), ..options.clone() })?;
    let steps = classes.map(|value| {
        let above = [0.4, 0.2, 0.1, 0.05].iter().filter(|&&step| value > step).count();
        0.25 * above as f32
    });
    let mut smoothed = match cens.win_len_smooth {
        None => steps,
        Some(length) => {
            check_count("win_len_smooth", length)?;
            let window = get_window(&cens.smoothing_window, length.saturating_add(2), false)?;
            smooth(&steps, &window)
        }
    };
    if let Some(norm) = cens.norm {
        for column in 0..smoothed.columns() {
            normalize_in_place(smoothed.column_mut(column), norm)?;
        }
    }
    Ok(smoothed)
}

/// The weighted mean of the frames around each frame, beyond the ends of which all are 0.
fn smooth(steps: &Matrix<f32>, window: &[f64]) -> Matrix<f32> {
    let total: f64 = window.iter().sum();
    let window: Vec<f64> = window.iter().map(|weight| weight / total).collect();
    let before = (window.len() - 1) / 2;
    let mut smoothed = Matrix::filled(steps.rows(), steps.columns(), 0.0);
    let mut sums = vec![0.0_f64; steps.rows()];
    for column in 0..steps.columns() {
        sums.fill(0.0);
        let skipped = before.saturating_sub(column);
        let first = column.saturating_sub(before);
        let near = (first..steps.columns()).zip(window.iter().skip(skipped));
        for (near, weight) in near {
            for (sum, &value) in sums.iter_mut().zip(steps.column(near)) {
                *sum += f64::from(value) * weight;
            }
        }
        for (value, &sum) in smoothed.column_mut(column).iter_mut().zip(&sums) {
            *value = sum as f32;
        }
    }
    smoothed
}
