//! How far to go along a line until a function is low enough.
//!
//! Moré, J. J. and Thuente, D. J. Line search algorithms with guaranteed sufficient decrease. ACM
//! Transactions on Mathematical Software, 1994. With the limits that L-BFGS-B sets.

/// By how much of the slope the function must fall.
const FALL: f64 = 1e-3;
/// To how much of itself the slope must fall.
const CURVE: f64 = 0.9;
/// How narrow an interval is too narrow, as a share of its end.
const NARROW: f64 = 0.1;

/// A step, and the function and its slope there.
#[derive(Debug, Clone, Copy)]
struct Point {
    step: f64,
    value: f64,
    slope: f64,
}

/// A search that was begun.
pub(super) struct Search {
    first: Point,
    best: Point,
    other: Point,
    is_bracketed: bool,
    is_first_stage: bool,
    width: f64,
    width_before: f64,
    /// Between which the next step lies.
    least: f64,
    most: f64,
    step_max: f64,
}

impl Search {
    /// Begins where the function has `value` and `slope`, which is below 0, with `step` to be tried
    /// first.
    pub(super) fn new(value: f64, slope: f64, step: f64, step_max: f64) -> Self {
        let first = Point { step: 0.0, value, slope };
        Self {
            first,
            best: first,
            other: first,
            is_bracketed: false,
            is_first_stage: true,
            width: step_max,
            width_before: 2.0 * step_max,
            least: 0.0,
            most: 5.0 * step,
            step_max,
        }
    }

    /// What to try next after the function had `value` and `slope` at `step`; `None` where that is
    /// low enough, or nothing better can be found.
    pub(super) fn next(&mut self, step: f64, value: f64, slope: f64) -> Option<f64> {
        let needed = FALL * self.first.slope;
        let line = self.first.value + step * needed;
        if self.is_first_stage && value <= line && slope >= 0.0 {
            self.is_first_stage = false;
        }
        let is_out = step <= self.least || step >= self.most;
        let is_narrow = self.most - self.least <= NARROW * self.most;
        if self.is_bracketed && (is_out || is_narrow)
            || step == self.step_max && value <= line && slope <= needed
            || step == 0.0 && (value > line || slope >= needed)
            || value <= line && slope.abs() <= CURVE * -self.first.slope
        {
            return None;
        }
        let tried = Point { step, value, slope };
        let next = if self.is_first_stage && value <= self.best.value && value > line {
            // Of the function less its line, which has a minimum where that has none yet.
            let less = |point: Point, sign: f64| Point {
                value: point.value - sign * point.step * needed,
                slope: point.slope - sign * needed,
                ..point
            };
            (self.best, self.other) = (less(self.best, 1.0), less(self.other, 1.0));
            let next = self.step(less(tried, 1.0));
            (self.best, self.other) = (less(self.best, -1.0), less(self.other, -1.0));
            next
        } else {
            self.step(tried)
        };
        let mut next = next;
        let (best, other) = (self.best.step, self.other.step);
        if self.is_bracketed {
            if (other - best).abs() >= 0.66 * self.width_before {
                next = best + 0.5 * (other - best);
            }
            self.width_before = self.width;
            self.width = (other - best).abs();
            (self.least, self.most) = (best.min(other), best.max(other));
        } else {
            self.least = next + 1.1 * (next - best);
            self.most = next + 4.0 * (next - best);
        }
        next = next.max(0.0).min(self.step_max);
        let is_out = next <= self.least || next >= self.most;
        let is_narrow = self.most - self.least <= NARROW * self.most;
        Some(if self.is_bracketed && (is_out || is_narrow) { best } else { next })
    }

    /// Where a cubic or a parabola through what is known has its minimum.
    fn step(&mut self, tried: Point) -> f64 {
        let (best, at) = (self.best, tried);
        let sign = at.slope * (best.slope / best.slope.abs());
        let theta = 3.0 * (best.value - at.value) / (at.step - best.step) + best.slope + at.slope;
        let scale = theta.abs().max(best.slope.abs()).max(at.slope.abs());
        let product = |a: f64, b: f64| (theta / scale).powi(2) - (a / scale) * (b / scale);
        let next;
        if at.value > best.value {
            let mut gamma = scale * product(best.slope, at.slope).sqrt();
            if at.step < best.step {
                gamma = -gamma;
            }
            let share = (gamma - best.slope + theta) / (gamma - best.slope + gamma + at.slope);
            let cubic = best.step + share * (at.step - best.step);
            let chord = (best.value - at.value) / (at.step - best.step) + best.slope;
            let square = best.step + best.slope / chord / 2.0 * (at.step - best.step);
            next = if (cubic - best.step).abs() < (square - best.step).abs() {
                cubic
            } else {
                cubic + (square - cubic) / 2.0
            };
            self.is_bracketed = true;
        } else if sign < 0.0 {
            let mut gamma = scale * product(best.slope, at.slope).sqrt();
            if at.step > best.step {
                gamma = -gamma;
            }
            let share = (gamma - at.slope + theta) / (gamma - at.slope + gamma + best.slope);
            let cubic = at.step + share * (best.step - at.step);
            let secant = at.step + at.slope / (at.slope - best.slope) * (best.step - at.step);
            let is_farther = (cubic - at.step).abs() > (secant - at.step).abs();
            next = if is_farther { cubic } else { secant };
            self.is_bracketed = true;
        } else if at.slope.abs() < best.slope.abs() {
            let mut gamma = scale * product(best.slope, at.slope).max(0.0).sqrt();
            if at.step > best.step {
                gamma = -gamma;
            }
            let share = (gamma - at.slope + theta) / (gamma + (best.slope - at.slope) + gamma);
            let cubic = if share < 0.0 && gamma != 0.0 {
                at.step + share * (best.step - at.step)
            } else if at.step > best.step {
                self.most
            } else {
                self.least
            };
            let secant = at.step + at.slope / (at.slope - best.slope) * (best.step - at.step);
            let is_closer = (cubic - at.step).abs() < (secant - at.step).abs();
            if self.is_bracketed {
                let chosen = if is_closer { cubic } else { secant };
                let bound = at.step + 0.66 * (self.other.step - at.step);
                next = if at.step > best.step { chosen.min(bound) } else { chosen.max(bound) };
            } else {
                let chosen = if is_closer { secant } else { cubic };
                next = chosen.min(self.most).max(self.least);
            }
        } else if self.is_bracketed {
            let other = self.other;
            let theta =
                3.0 * (at.value - other.value) / (other.step - at.step) + other.slope + at.slope;
            let scale = theta.abs().max(other.slope.abs()).max(at.slope.abs());
            let inner = (theta / scale).powi(2) - (other.slope / scale) * (at.slope / scale);
            let gamma = scale * inner.sqrt() * if at.step > other.step { -1.0 } else { 1.0 };
            let share = (gamma - at.slope + theta) / (gamma - at.slope + gamma + other.slope);
            next = at.step + share * (other.step - at.step);
        } else {
            next = if at.step > best.step { self.most } else { self.least };
        }
        if at.value > best.value {
            self.other = at;
        } else {
            if sign < 0.0 {
                self.other = best;
            }
            self.best = at;
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_ends_where_the_function_is_low() {
        // A parabola with its minimum at 3, from steps that are too short, right and too long.
        let at = |step: f64| ((step - 3.0).powi(2), 2.0 * (step - 3.0));
        for first in [0.01, 3.0, 50.0] {
            let (value, slope) = at(0.0);
            let mut search = Search::new(value, slope, first, 1e10);
            let mut step = first;
            for _ in 0..20 {
                let (value, slope) = at(step);
                match search.next(step, value, slope) {
                    Some(next) => step = next,
                    None => break,
                }
            }
            assert!(at(step).0 < 9.0 && at(step).1.abs() <= 0.9 * 6.0, "{first}: {step}");
        }
    }
}
