//! Small tools of arrays, events and curves.

use tutti_audio::Matrix;
use tutti_audio::decompose::softmask;
use tutti_audio::util::{self, Aggregate, Axis, PeakMethod, PeakPick};

use crate::golden::{Case, Output};
use crate::signals::noise;

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    let name = case.function.strip_prefix("util.")?;
    let found = curves(case, name).or_else(|| matched(case, name));
    found.or_else(|| framed(case, name)).or_else(|| arranged(case, name))
}

/// As in `tools.py`: noise, and the mean of each five of it.
fn curve(name: &str) -> Vec<f32> {
    let rough: Vec<f32> = noise(300, 21).into_iter().map(|value| value as f32).collect();
    if name == "rough" {
        return rough;
    }
    let near = |at: usize| &rough[at.saturating_sub(2)..(at + 3).min(rough.len())];
    let mean = |at: usize| near(at).iter().map(|&value| f64::from(value) * 0.2).sum::<f64>() as f32;
    (0..rough.len()).map(mean).collect()
}

fn flags(flags: &[bool]) -> Output {
    Output::indices(flags.iter().enumerate().filter(|(_, is)| **is).map(|(at, _)| at))
}

fn curves(case: &Case, name: &str) -> Option<Output> {
    let x = || curve(case.text("x").unwrap());
    Some(match name {
        "peak_pick" => {
            let method = match case.text("method").unwrap() {
                "greedy" => PeakMethod::Greedy,
                "dp_count" => PeakMethod::DpCount,
                "dp_value" => PeakMethod::DpValue,
                other => panic!("no method is called {other}"),
            };
            let peak = PeakPick {
                pre_max: case.count("pre_max", 3),
                post_max: case.count("post_max", 4),
                pre_avg: case.count("pre_avg", 8),
                post_avg: case.count("post_avg", 9),
                delta: case.number("delta", 0.05),
                wait: case.count("wait", 5),
                method,
            };
            Output::indices(util::peak_pick(&x(), &peak).unwrap())
        }
        "localmax" => flags(&util::localmax(&x())),
        "localmin" => flags(&util::localmin(&x())),
        "cyclic_gradient" => {
            let wide: Vec<f64> = x().into_iter().map(f64::from).collect();
            util::cyclic_gradient(&wide).into()
        }
        "fix_length" => util::fix_length(&curve("rough")[..15], case.count("size", 0)).into(),
        "pad_center" => {
            util::pad_center(&curve("rough")[..12], case.count("size", 0)).unwrap().into()
        }
        _ => return None,
    })
}

fn matched(case: &Case, name: &str) -> Option<Output> {
    let grid = |seed: u32| -> Vec<f64> {
        noise(60, seed).into_iter().map(|x| (40.0 * x).round_ties_even() / 2.0).collect()
    };
    let spans = |count: usize, seed: u32, scale: f64| -> Vec<(f64, f64)> {
        let ends = noise(2 * count, seed);
        let sorted = |pair: &[f64]| (pair[0].min(pair[1]) * scale, pair[0].max(pair[1]) * scale);
        ends.chunks(2).map(sorted).collect()
    };
    Some(match name {
        "match_events" => {
            let (mut events, mut others) = (grid(22), grid(23));
            others.sort_by(f64::total_cmp);
            others.dedup();
            let (left, right) = (case.flag("left", true), case.flag("right", true));
            events.retain(|event| left || *event <= others[others.len() - 1]);
            events.retain(|event| right || *event >= others[0]);
            Output::indices(util::match_events(&events, &others, left, right).unwrap())
        }
        "match_intervals" => {
            let strict = case.flag("strict", true);
            let mut edges = spans(30, 24, 20.0);
            if !strict {
                let far = [(-40.0, -39.0), (-30.0, -16.0), (16.0, 18.0), (20.0, 21.0)];
                edges.splice(0..0, far);
            }
            Output::indices(util::match_intervals(&edges, &spans(20, 25, 30.0), strict).unwrap())
        }
        _ => return None,
    })
}

fn framed(case: &Case, name: &str) -> Option<Output> {
    let end = |name: &str| case.get(name).map(|end| end.as_u64().unwrap() as usize);
    let frames = [7, 3, 3, 22, 40, 11];
    let range = || (end("x_min").or(Some(0)), end("x_max"), case.flag("pad", true));
    Some(match name {
        "fix_frames" => {
            let (least, most, pad) = range();
            Output::indices(util::fix_frames(&frames, least, most, pad))
        }
        "index_to_slice" => {
            let (least, most, pad) = range();
            let parts = util::index_to_slice(&frames, least, most, pad);
            Output::indices(parts.into_iter().flat_map(|part| [part.start, part.end]))
        }
        _ => return None,
    })
}

fn arranged(case: &Case, name: &str) -> Option<Output> {
    let values = noise(12 * 30, 26).into_iter().map(|value| value.abs() as f32).collect();
    let s: Matrix<f32> = Matrix::from_columns(12, 30, values).unwrap();
    let axis = || if case.count("axis", 0) == 0 { Axis::Rows } else { Axis::Columns };
    // Each row and column is greatest in a place of its own.
    let peaks = Matrix::from_fn(12, 12, |row, column| {
        s[(row, column)] + if row == 5 * column % 12 { 2.0 } else { 0.0 }
    });
    let rough = s.map(|value| (6.0 * value).round_ties_even());
    Some(match name {
        "axis_sort" => util::axis_sort(&peaks, axis()).unwrap().0.into(),
        "axis_sort.index" => Output::indices(util::axis_sort(&peaks, axis()).unwrap().1),
        "shear" => {
            let factor = case.get("factor").unwrap().as_i64().unwrap() as isize;
            util::shear(&s, factor, axis()).into()
        }
        "fill_off_diagonal" => {
            let mut x = if case.flag("transposed", false) { s.transposed() } else { s };
            util::fill_off_diagonal(&mut x, case.number("radius", 0.0), -1.0).unwrap();
            x.into()
        }
        "count_unique" => Output::indices(util::count_unique(&rough)),
        "is_unique" => {
            let rough = Matrix::from_fn(4, 30, |row, column| rough[(row, column)]);
            Output::indices(util::is_unique(&rough).into_iter().map(usize::from))
        }
        "sync" => {
            let aggregate = match case.text("aggregate").unwrap() {
                "mean" => Aggregate::Mean,
                "median" => Aggregate::Median,
                "max" => Aggregate::Max,
                _ => Aggregate::Min,
            };
            util::sync(&s, &[3, 11, 12, 25], aggregate, case.flag("pad", true)).unwrap().into()
        }
        "normalize" => {
            let norm = case.text("norm").unwrap().parse().unwrap();
            util::normalize(&s.map(|value| if value > 0.4 { 0.0 } else { value }), norm)
                .unwrap()
                .into()
        }
        "softmask" => {
            let other = Matrix::from_fn(12, 30, |row, column| {
                if s[(row, column)] > 0.2 { 0.0 } else { s[(11 - row, column)] }
            });
            let below = |value: f32, most: f32| if value > most { 0.0 } else { value };
            let power = case.text("power").map_or(1.0, |power| power.parse().unwrap());
            let split = case.flag("split_zeros", false);
            softmask(&s.map(|value| below(value, 0.3)), &other, power, split).unwrap().into()
        }
        _ => return None,
    })
}
