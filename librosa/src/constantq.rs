//! `librosa.core.constantq`, and the classes of pitch that are made of it.

use tutti_audio::Matrix;
use tutti_audio::constantq::{self, ConstantQ, Vqt};
use tutti_audio::features::{self, Cens, ChromaCqt};

use crate::arguments::{Bin, In, Numbers, Samples, group};
use crate::limits::{fits, fits_frames};
use crate::options::{ChromaCqtArgument, ConstantQArgument, IntervalsArgument, WindowArgument};
use crate::problem::Answer;
use crate::spectrum::{SearchArgument, random};
use crate::table::{Function, table};

fn fits_bins(options: &ConstantQ, y: &[f32]) -> Answer<()> {
    fits_frames("the transform", options.n_bins.unwrap_or(1), y.len(), options.hop_length)
}

fn fits_classes(options: &ChromaCqt, y: &[f32]) -> Answer<()> {
    let bins = options.n_octaves.saturating_mul(options.bins_per_octave);
    fits("the bank", options.n_chroma, bins)?;
    fits_frames("the transform", bins.max(options.n_chroma), y.len(), options.hop_length)
}

/// A bin for each note.
fn cqt(y: Samples<'_>, sr: f64, options: ConstantQArgument) -> Answer<Matrix<Bin>> {
    let options = options.constant_q()?;
    fits_bins(&options, &y)?;
    Ok(constantq::cqt(&y, sr, &options)?)
}

/// A bin at each interval.
fn vqt(
    y: Samples<'_>,
    sr: f64,
    options: ConstantQArgument,
    intervals: IntervalsArgument,
    gamma: Option<f64>,
) -> Answer<Matrix<Bin>> {
    let (constant_q, intervals) = (options.constant_q()?, intervals.intervals()?);
    fits_bins(&constant_q, &y)?;
    let options = Vqt { constant_q, intervals, gamma };
    Ok(constantq::vqt(&y, sr, &options)?)
}

/// Magnitudes for each note, from a Fourier transform.
fn pseudo_cqt(y: Samples<'_>, sr: f64, options: ConstantQArgument) -> Answer<Matrix<f32>> {
    let options = options.constant_q()?;
    fits_bins(&options, &y)?;
    Ok(constantq::pseudo_cqt(&y, sr, &options)?)
}

/// Magnitudes for each note, from whichever transform suits.
fn hybrid_cqt(y: Samples<'_>, sr: f64, options: ConstantQArgument) -> Answer<Matrix<f32>> {
    let options = options.constant_q()?;
    fits_bins(&options, &y)?;
    Ok(constantq::hybrid_cqt(&y, sr, &options)?)
}

/// The signal of bins.
fn icqt(
    bins: In<Bin>,
    sr: f64,
    options: ConstantQArgument,
    length: Option<usize>,
) -> Answer<Vec<f32>> {
    let options = options.constant_q()?;
    Ok(constantq::icqt(&bins.0, sr, &options, length)?)
}

/// A signal of magnitudes; `turns` are its first phases, row by row, in turns.
fn griffinlim_cqt(
    magnitudes: In<f32>,
    sr: f64,
    options: ConstantQArgument,
    search: SearchArgument,
    turns: Option<Numbers<'_>>,
) -> Answer<Vec<f32>> {
    let (options, search) = (options.constant_q()?, search.search());
    let found = |random: Option<tutti_audio::spectrum::Random<'_>>| {
        constantq::griffinlim_cqt(&magnitudes.0, sr, &options, &search, random)
    };
    Ok(match turns.as_deref() {
        Some(turns) => found(Some(&mut random(turns))),
        None => found(None),
    }?)
}

/// Classes of pitch of a signal.
fn chroma_cqt(y: Samples<'_>, sr: f64, options: ChromaCqtArgument) -> Answer<Matrix<f32>> {
    let options = options.chroma_cqt()?;
    fits_classes(&options, &y)?;
    Ok(features::chroma_cqt(&y, sr, &options)?)
}

/// Classes of pitch of magnitudes.
fn chroma_of_cqt(c: In<f32>, options: ChromaCqtArgument) -> Answer<Matrix<f32>> {
    let options = options.chroma_cqt()?;
    fits("the bank", options.n_chroma, c.0.rows().max(c.0.columns()))?;
    Ok(features::chroma_of_cqt(&c.0, &options)?)
}

/// Classes at intervals.
fn chroma_vqt(
    y: Samples<'_>,
    sr: f64,
    options: ChromaCqtArgument,
    intervals: IntervalsArgument,
    gamma: Option<f64>,
) -> Answer<Matrix<f32>> {
    let options = options.chroma_cqt()?;
    let (intervals, per) = (intervals.intervals()?, options.bins_per_octave);
    fits_classes(&options, &y)?;
    Ok(features::chroma_vqt(&y, sr, &options, &intervals, per, gamma)?)
}

group! {
    /// `win_len_smooth, smoothing_window, norm`.
    pub(crate) struct CensArgument(Option<usize>, WindowArgument, Option<f64>);
}

/// Classes of pitch in steps of loudness, smoothed.
fn chroma_cens(
    y: Samples<'_>,
    sr: f64,
    options: ChromaCqtArgument,
    cens: CensArgument,
) -> Answer<Matrix<f32>> {
    let CensArgument(win_len_smooth, window, norm) = cens;
    let cens = Cens { win_len_smooth, smoothing_window: window.window()?, norm };
    let options = options.chroma_cqt()?;
    fits_classes(&options, &y)?;
    Ok(features::chroma_cens(&y, sr, &options, &cens)?)
}

pub(crate) const FUNCTIONS: &[Function] = table![
    cqt,
    vqt,
    pseudo_cqt,
    hybrid_cqt,
    icqt,
    griffinlim_cqt,
    chroma_cqt,
    chroma_of_cqt,
    chroma_vqt,
    chroma_cens
];
