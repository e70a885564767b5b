//! Minima of smooth functions of numbers that are not negative.
//!
//! L-BFGS-B, as `scipy.optimize.fmin_l_bfgs_b` has it with its defaults and 0 as lower bound: the
//! same steps, so that it ends in the same place where there is more than one minimum. What was
//! learnt of the curvature is kept as the differences of places and of slopes; products with small
//! matrices stand for the factors that the original updates.
//!
//! Byrd, R. H., Lu, P., Nocedal, J. and Zhu, C. A limited memory algorithm for bound constrained
//! optimization. SIAM Journal on Scientific Computing, 1995; Morales, J. L. and Nocedal, J. Remark
//! on algorithm 778. ACM Transactions on Mathematical Software, 2011.

use super::search::Search;
use super::solve;

const STEPS_MAX: usize = 15_000;
const TRIES_MAX: usize = 20;
/// Pairs of differences that are kept.
const PAIRS_MAX: usize = 40;
/// No slope is steeper at the end.
const SLOPE_END: f64 = 1e-5;
/// The least fall of a step, as a share of the value.
const FALL_END: f64 = 1e7 * f64::EPSILON;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The steepest slope along which `x` can go down.
fn steepest(x: &[f64], gradient: &[f64]) -> f64 {
    let down = |(&x, &slope): (&f64, &f64)| if slope < 0.0 { -slope } else { slope.min(x) };
    x.iter().zip(gradient).map(down).map(f64::abs).fold(0.0, f64::max)
}

/// What is known of the curvature: `theta` times the identity, less `w` times `m` times `w` again.
struct Curvature {
    theta: f64,
    /// Differences of places, and of slopes.
    places: Vec<Vec<f64>>,
    slopes: Vec<Vec<f64>>,
    /// Row by row.
    middle: Vec<f64>,
}

impl Curvature {
    fn none() -> Self {
        Self { theta: 1.0, places: Vec::new(), slopes: Vec::new(), middle: Vec::new() }
    }

    /// Columns of `w`.
    fn size(&self) -> usize {
        2 * self.places.len()
    }

    /// The row of `w` for one number.
    fn row(&self, at: usize, row: &mut [f64]) {
        let half = self.places.len();
        for (index, (slopes, places)) in self.slopes.iter().zip(&self.places).enumerate() {
            row[index] = slopes[at];
            row[half + index] = self.theta * places[at];
        }
    }

    /// `m` times a vector.
    fn times(&self, vector: &[f64], product: &mut [f64]) {
        for (place, row) in product.iter_mut().zip(self.middle.chunks(self.size().max(1))) {
            *place = dot(row, vector);
        }
    }

    /// Learns from one more step; `None` where the matrix in the middle has no inverse.
    fn learn(&mut self, place: Vec<f64>, slope: Vec<f64>) -> Option<()> {
        if self.places.len() == PAIRS_MAX {
            self.places.remove(0);
            self.slopes.remove(0);
        }
        self.theta = dot(&slope, &slope) / dot(&place, &slope);
        self.places.push(place);
        self.slopes.push(slope);
        let (half, size) = (self.places.len(), self.size());
        let mut inverse = vec![0.0; size * size];
        for row in 0..half {
            for column in 0..half {
                let across = dot(&self.places[row], &self.slopes[column]);
                if row == column {
                    inverse[row * size + row] = -across;
                } else if row > column {
                    inverse[(half + row) * size + column] = across;
                    inverse[column * size + half + row] = across;
                }
                let along = dot(&self.places[row], &self.places[column]);
                inverse[(half + row) * size + half + column] = self.theta * along;
            }
        }
        self.middle = vec![0.0; size * size];
        for at in 0..size {
            self.middle[at * size + at] = 1.0;
        }
        // Symmetric, so that rows are columns.
        solve(inverse, size, &mut self.middle)
    }
}

/// The first minimum along the steepest way that is bent at each bound.
struct Cauchy {
    place: Vec<f64>,
    is_free: Vec<bool>,
    /// `w` times the way there.
    along: Vec<f64>,
}

fn cauchy(x: &[f64], gradient: &[f64], curvature: &Curvature) -> Cauchy {
    let size = curvature.size();
    let (mut row, mut product) = (vec![0.0; size], vec![0.0; size]);
    let (mut way, mut is_free) = (vec![0.0; x.len()], vec![true; x.len()]);
    let (mut across, mut along) = (vec![0.0; size], vec![0.0; size]);
    let mut breaks: Vec<(f64, usize)> = Vec::new();
    let (mut slope, mut is_bounded) = (0.0, true);
    for at in 0..x.len() {
        let down = -gradient[at];
        if x[at] <= 0.0 && down <= 0.0 {
            is_free[at] = false;
            continue;
        }
        if down == 0.0 {
            continue;
        }
        way[at] = down;
        slope -= down * down;
        curvature.row(at, &mut row);
        for (sum, row) in across.iter_mut().zip(&row) {
            *sum += row * down;
        }
        if down < 0.0 {
            breaks.push((x[at] / -down, at));
        } else {
            is_bounded = false;
        }
    }
    let mut place = x.to_vec();
    if slope == 0.0 {
        return Cauchy { place, is_free, along };
    }
    let mut curve = -curvature.theta * slope;
    let first_curve = curve;
    curvature.times(&across, &mut product);
    curve -= dot(&product, &across);
    let mut rest = -slope / curve;
    let (mut gone, mut before) = (0.0, 0.0);
    breaks.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (index, &(until, at)) in breaks.iter().enumerate() {
        let part = until - before;
        if rest < part {
            break;
        }
        gone += part;
        before = until;
        let down = std::mem::take(&mut way[at]);
        place[at] = 0.0;
        is_free[at] = false;
        for (sum, across) in along.iter_mut().zip(&across) {
            *sum += part * across;
        }
        let left = breaks.len() - index - 1;
        if left == 0 && breaks.len() == x.len() {
            return Cauchy { place, is_free, along };
        }
        slope += part * curve + down * down + curvature.theta * down * x[at];
        curve -= curvature.theta * down * down;
        curvature.row(at, &mut row);
        curvature.times(&row, &mut product);
        slope += down * dot(&along, &product);
        curve += 2.0 * down * dot(&across, &product) - down * down * dot(&row, &product);
        for (sum, row) in across.iter_mut().zip(&row) {
            *sum -= down * row;
        }
        curve = curve.max(f64::EPSILON * first_curve);
        rest = if left == 0 && is_bounded { 0.0 } else { -slope / curve };
    }
    let rest = rest.max(0.0);
    for (place, way) in place.iter_mut().zip(&way) {
        *place += (gone + rest) * way;
    }
    for (sum, across) in along.iter_mut().zip(&across) {
        *sum += rest * across;
    }
    Cauchy { place, is_free, along }
}

/// Moves `found` to the minimum over the numbers that are free, within the bounds; `None` where
/// that cannot be found.
fn within(x: &[f64], gradient: &[f64], curvature: &Curvature, found: &mut Cauchy) -> Option<()> {
    let (size, theta) = (curvature.size(), curvature.theta);
    let free: Vec<usize> = (0..x.len()).filter(|&at| found.is_free[at]).collect();
    if size == 0 || free.is_empty() {
        return Some(());
    }
    let (mut row, mut product) = (vec![0.0; size], vec![0.0; size]);
    curvature.times(&found.along, &mut product);
    let mut way: Vec<f64> = Vec::with_capacity(free.len());
    let (mut sums, mut squares) = (vec![0.0; size], vec![0.0; size * size]);
    for &at in &free {
        curvature.row(at, &mut row);
        let down = -theta * (found.place[at] - x[at]) - gradient[at] + dot(&row, &product);
        way.push(down);
        for (line, &along) in squares.chunks_mut(size).zip(&row) {
            for (place, &across) in line.iter_mut().zip(&row) {
                *place += along * across;
            }
        }
        for (sum, row) in sums.iter_mut().zip(&row) {
            *sum += row * down;
        }
    }
    // (1 - m w'w / theta) u = m w' r, and then r / theta + w u / theta^2.
    let mut matrix = vec![0.0; size * size];
    for (at, line) in matrix.chunks_mut(size).enumerate() {
        for (column, place) in line.iter_mut().enumerate() {
            let middle = &curvature.middle[at * size..(at + 1) * size];
            let sum: f64 = (0..size).map(|k| middle[k] * squares[k * size + column]).sum();
            *place = f64::from(u8::from(at == column)) - sum / theta;
        }
    }
    curvature.times(&sums, &mut product);
    solve(matrix, size, &mut product)?;
    let before = found.place.clone();
    let mut is_bound = false;
    for (&at, way) in free.iter().zip(&mut way) {
        curvature.row(at, &mut row);
        *way = *way / theta + dot(&row, &product) / (theta * theta);
        found.place[at] = (before[at] + *way).max(0.0);
        is_bound |= found.place[at] == 0.0;
    }
    let rises = found.place.iter().zip(x).zip(gradient);
    let rise: f64 = rises.map(|((place, x), slope)| (place - x) * slope).sum();
    if !is_bound || rise <= 0.0 {
        return Some(());
    }
    // It would go up: as far as the first bound instead.
    found.place = before;
    let (mut share, mut first) = (1.0, None);
    for (index, (&at, &way)) in free.iter().zip(&way).enumerate() {
        let room = -found.place[at];
        if way < 0.0 && (room >= 0.0 || way * share < room) {
            let most = if room >= 0.0 { 0.0 } else { room / way };
            if most < share {
                (share, first) = (most, Some(index));
            }
        }
    }
    for (index, (&at, &way)) in free.iter().zip(&way).enumerate() {
        found.place[at] = if first == Some(index) { 0.0 } else { found.place[at] + share * way };
    }
    Some(())
}

/// Moves `x`, none of which is negative, to a minimum of `function`, which gives its value and
/// fills in its gradient.
pub(crate) fn minimize(x: &mut [f64], mut function: impl FnMut(&[f64], &mut [f64]) -> f64) {
    let mut gradient = vec![0.0; x.len()];
    let mut value = function(x, &mut gradient);
    let mut curvature = Curvature::none();
    if steepest(x, &gradient) <= SLOPE_END {
        return;
    }
    for step in 0..STEPS_MAX {
        let mut found = cauchy(x, &gradient, &curvature);
        if within(x, &gradient, &curvature, &mut found).is_none() {
            curvature = Curvature::none();
            continue;
        }
        let way: Vec<f64> = found.place.iter().zip(&*x).map(|(to, from)| to - from).collect();
        let before = (x.to_vec(), gradient.clone(), value);
        let Some((share, first_slope)) =
            search(x, &mut gradient, &mut value, &way, &found.place, step == 0, &mut function)
        else {
            x.copy_from_slice(&before.0);
            (gradient, value) = (before.1, before.2);
            if curvature.size() == 0 {
                return;
            }
            curvature = Curvature::none();
            continue;
        };
        if steepest(x, &gradient) <= SLOPE_END {
            return;
        }
        let scale = before.2.abs().max(value.abs()).max(1.0);
        if before.2 - value <= FALL_END * scale {
            return;
        }
        let slopes: Vec<f64> = gradient.iter().zip(&before.1).map(|(new, old)| new - old).collect();
        let places: Vec<f64> = way.iter().map(|way| share * way).collect();
        let curve = (dot(&gradient, &way) - first_slope) * share;
        if curve > f64::EPSILON * -first_slope * share && curvature.learn(places, slopes).is_none()
        {
            curvature = Curvature::none();
        }
    }
}

/// Goes along `way` until the function is low enough: what part of it that was, and its slope at
/// the beginning. `None` where it does not go down.
fn search(
    x: &mut [f64],
    gradient: &mut [f64],
    value: &mut f64,
    way: &[f64],
    end: &[f64],
    is_first: bool,
    function: &mut impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Option<(f64, f64)> {
    let length = dot(way, way).sqrt();
    let slope = dot(gradient, way);
    if slope >= 0.0 {
        return None;
    }
    let mut step_max: f64 = if is_first { 1.0 } else { 1e10 };
    if !is_first {
        for (&x, &way) in x.iter().zip(way).filter(|(_, way)| **way < 0.0) {
            if x <= 0.0 {
                step_max = 0.0;
            } else if way * step_max < -x {
                step_max = -x / way;
            }
        }
    }
    let mut step = if is_first { (1.0 / length).min(step_max) } else { 1.0 };
    let from = x.to_vec();
    let mut search = Search::new(*value, slope, step, step_max);
    for _ in 0..TRIES_MAX {
        for (at, x) in x.iter_mut().enumerate() {
            *x = if step == 1.0 { end[at] } else { (step * way[at] + from[at]).max(0.0) };
        }
        *value = function(x, gradient);
        match search.next(step, *value, dot(gradient, way)) {
            Some(next) => step = next,
            None => return Some((step, slope)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_beyond_a_bound_is_at_the_bound() {
        let centre = [2.0, -1.0, 0.5];
        let mut x = [5.0, 5.0, 0.0];
        minimize(&mut x, |x, gradient| {
            let mut sum = 0.0;
            for (at, weight) in [1.0, 10.0, 3.0].into_iter().enumerate() {
                let off = x[at] - centre[at];
                sum += weight * off * off;
                gradient[at] = 2.0 * weight * off;
            }
            sum
        });
        for (x, expected) in x.iter().zip([2.0, 0.0, 0.5]) {
            assert!((x - expected).abs() < 1e-5, "{x} {expected}");
        }
    }

    #[test]
    fn a_curved_valley_is_followed() {
        let mut x = [0.0, 3.0];
        minimize(&mut x, |x, gradient| {
            let (valley, rest) = (x[1] - x[0] * x[0], 1.0 - x[0]);
            gradient[0] = -400.0 * x[0] * valley - 2.0 * rest;
            gradient[1] = 200.0 * valley;
            100.0 * valley * valley + rest * rest
        });
        assert!((x[0] - 1.0).abs() < 1e-3 && (x[1] - 1.0).abs() < 1e-3, "{x:?}");
    }
}
