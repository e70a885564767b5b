//! Logarithms and powers of many numbers at a time.
//!
//! Arithmetic alone, without branches, tables and calls: the compiler makes vector instructions of
//! a loop over one of these, which it cannot with the functions of the standard library. Each says
//! how exact it is, and none is for results in double precision that must be exact.

use std::f64::consts::{LN_2, LOG2_10, LOG2_E};

/// The bits of the square root of 1/2, rounded down: where mantissas begin.
const HALF_ROOT: u32 = 0x3f35_04f3;
const HALF_ROOT_F64: u64 = 0x3fe6_a09e_667f_3bcc;
/// `log10(2)`: in so few bits that its product with an exponent is exact, and the rest.
const LOG10_2_HIGH: f32 = 77.0 / 256.0;
const LOG10_2_LOW: f32 = (std::f64::consts::LOG10_2 - 77.0 / 256.0) as f32;
/// What brings a number below the least normal one among the normal ones: 2^24.
const LIFT: f32 = 16_777_216.0;

/// The logarithm to the base 10, as the standard library defines it for zero, infinity and what is
/// negative: at most two units in the last place off.
#[inline]
pub(crate) fn log10(x: f32) -> f32 {
    let is_small = x < f32::MIN_POSITIVE;
    let (lifted, lift) = if is_small { (x * LIFT, 24.0) } else { (x, 0.0) };
    let bits = lifted.to_bits();
    let exponent = (bits.wrapping_sub(HALF_ROOT) as i32) >> 23;
    let mantissa = f32::from_bits(bits.wrapping_sub((exponent << 23) as u32));
    let exponent = exponent as f32 - lift;
    // ln(1 + f) is 2 artanh(s), whose series ends soon: s is 0.172 at most. Of its first term, 2 s,
    // f is an exact part.
    let f = mantissa - 1.0;
    let (s, half) = (f / (2.0 + f), 0.5 * f * f);
    let z = s * s;
    let tail = z * (2.0 / 3.0 + z * (2.0 / 5.0 + z * (2.0 / 7.0 + z * (2.0 / 9.0))));
    let log = f - (half - s * (half + tail));
    let near = exponent * LOG10_2_LOW + std::f32::consts::LOG10_E * log;
    of_positive(x, exponent * LOG10_2_HIGH + near)
}

/// `log` where `x` is positive and finite, and else what logarithms are there.
#[inline]
fn of_positive(x: f32, log: f32) -> f32 {
    let of_others = if x == 0.0 { f32::NEG_INFINITY } else { x };
    let of_others = if x < 0.0 { f32::NAN } else { of_others };
    if x > 0.0 && x < f32::INFINITY { log } else { of_others }
}

/// The natural logarithm of a number that is positive, normal and finite, off by a share of 1e-15
/// of it and of its exponent.
#[inline]
pub(crate) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let shifted = bits.wrapping_sub(HALF_ROOT_F64);
    let mantissa = f64::from_bits(bits.wrapping_sub(shifted & 0xfff0_0000_0000_0000));
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let z = s * s;
    let odd = [3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0, 19.0, 21.0];
    let tail = odd.iter().rev().fold(0.0, |sum, divisor| (sum + 1.0 / divisor) * z);
    exponent(shifted) * LN_2 + 2.0 * (s + s * tail)
}

/// The number in the upper twelve bits, which has a sign. There are no vector instructions for it
/// everywhere, but there are for what this does: the mantissa of a number of fixed exponent.
#[inline]
fn exponent(shifted: u64) -> f64 {
    let flipped = (shifted >> 52) ^ 0x800;
    f64::from_bits(flipped | 1023_u64.wrapping_add(52) << 52) - (4_503_599_627_370_496.0 + 2048.0)
}

/// `ln(1 + x)` for `x` of 0 and more, exact as [`ln`] however small it is; infinity counts as the
/// greatest number.
#[inline]
pub(crate) fn ln_1p(x: f64) -> f64 {
    let x = x.min(f64::MAX);
    let sum = 1.0 + x;
    ln(sum) + (x - (sum - 1.0)) / sum
}

/// Two to the power of `x`, from 2^-1022 to 2^1023: beyond is as there. `divisors` are those of the
/// series of e^f for an f of 0.35 at most, the last first.
#[inline]
fn exp2<const TERMS: usize>(x: f64, divisors: [f64; TERMS]) -> f64 {
    // Added to it, a number of less than 2^51 loses its fraction.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let x = x.clamp(-1022.0, 1023.0);
    let rounded = x + ROUND;
    let whole = f64::from_bits((rounded.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    let f = (x - (rounded - ROUND)) * LN_2;
    whole * divisors.iter().fold(1.0, |sum, divisor| 1.0 + sum * f * (1.0 / divisor))
}

/// e to the power of `x`, off by a share of 1e-13.
#[inline]
pub(crate) fn exp(x: f64) -> f64 {
    exp2(x * LOG2_E, [11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
}

/// 10 to the power of `x`, off by a share of 1e-8: for results in single precision.
#[inline]
pub(crate) fn exp10(x: f64) -> f64 {
    exp2(x * LOG2_10, [7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
}

/// `exp(x) - 1`, off by a share of 1e-12 however small `x` is.
#[inline]
pub(crate) fn exp_m1(x: f64) -> f64 {
    let series = x * (1.0 + x * (1.0 / 2.0 + x * (1.0 / 6.0 + x * (1.0 / 24.0))));
    if x.abs() < 1e-3 { series } else { exp(x) - 1.0 }
}

/// The sum of the natural logarithms of what `of` makes of `values`, which is positive and normal.
///
/// That is the logarithm of their product: mantissas are multiplied, exponents added.
pub(crate) fn sum_of_ln(values: &[f32], of: impl Fn(f32) -> f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    let mut sum = 0.0;
    // So few that a product of mantissas, each below 2, is finite.
    for block in values.chunks(LANES * 512) {
        let (mut products, mut exponents) = ([1.0_f64; LANES], [0_u64; LANES]);
        for chunk in block.chunks(LANES) {
            for ((product, exponent), value) in products.iter_mut().zip(&mut exponents).zip(chunk) {
                let bits = of(*value).to_bits();
                *product *= f64::from_bits(bits & MANTISSA | 1.0_f64.to_bits());
                *exponent += bits >> 52;
            }
        }
        let exponents = exponents.iter().sum::<u64>() as f64 - 1023.0 * block.len() as f64;
        sum += exponents * LN_2 + products.iter().map(|product| product.ln()).sum::<f64>();
    }
    sum
}

/// How many numbers are worked on at a time.
const LANES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    /// How many units in the last place `found` is off.
    fn units(found: f32, exact: f64) -> f64 {
        let unit = f64::from(f32::EPSILON) * 2_f64.powf(exact.abs().log2().floor());
        (f64::from(found) - exact).abs() / unit.max(f64::from(f32::from_bits(1)))
    }

    #[test]
    fn a_logarithm_of_single_precision_is_nearly_exact() {
        // Every 997th number that there is, and all near 1, where logarithms are small.
        let all = (1..f32::INFINITY.to_bits()).step_by(997);
        let near_one = (0.98_f32.to_bits()..1.02_f32.to_bits()).step_by(7);
        let worst = all
            .chain(near_one)
            .map(f32::from_bits)
            .fold(0.0, |worst: f64, x| worst.max(units(log10(x), f64::from(x).log10())));
        assert!(worst <= 2.0, "{worst}");
        assert_eq!((log10(1.0), log10(1000.0), log10(1e-10)), (0.0, 3.0, -10.0));
    }

    #[test]
    fn what_has_no_logarithm_has_what_the_standard_says() {
        assert_eq!((log10(0.0), log10(-0.0)), (f32::NEG_INFINITY, f32::NEG_INFINITY));
        assert_eq!(log10(f32::INFINITY), f32::INFINITY);
        assert!(log10(-1.0).is_nan() && log10(f32::NAN).is_nan() && log10(-1e-40).is_nan());
        assert!(log10(f32::NEG_INFINITY).is_nan());
    }

    /// Numbers of every size, both far from 1 and near it.
    fn numbers() -> impl Iterator<Item = f64> {
        (-2_000..2_000).map(|step| (f64::from(step) * 0.35).exp2() * (1.0 + f64::from(step) * 1e-4))
    }

    #[test]
    fn logarithms_of_double_precision_are_exact_enough() {
        for x in numbers().filter(|x| x.is_normal() && *x > 0.0) {
            assert!((ln(x) - x.ln()).abs() <= 1e-15 * (x.ln().abs() + 1.0), "{x}");
            assert!((ln_1p(x) - x.ln_1p()).abs() <= 2e-15 * x.ln_1p(), "{x}");
        }
        for step in -1_000..1_000 {
            let x = 1.0 + f64::from(step) * 3e-6;
            assert!((ln(x) - x.ln()).abs() <= 1e-15 * x.ln().abs() + 1e-18, "{x}");
        }
    }

    #[test]
    fn a_sum_of_logarithms_is_that_of_each() {
        for count in [0, 1, 7, 8, 9, 9_000] {
            let values: Vec<f32> = (1..=count).map(|at| (at as f32 * 1.7).exp2()).collect();
            let values: Vec<f32> = values.iter().map(|x| x.clamp(1e-30, 3e38)).collect();
            let exact: f64 = values.iter().map(|x| f64::from(*x).ln()).sum();
            let found = sum_of_ln(&values, f64::from);
            assert!((found - exact).abs() <= 1e-12 * exact.abs(), "{found} {exact}");
        }
        assert!((sum_of_ln(&[0.0], |_| f64::MIN_POSITIVE) + 708.396_418_532_264).abs() < 1e-9);
    }

    #[test]
    fn powers_are_exact_enough_and_end_where_they_say() {
        for step in -10_000..10_000 {
            let x = f64::from(step) * 0.07;
            assert!((exp(x) / x.exp() - 1.0).abs() <= 2e-13, "{x}");
            assert!((exp10(x * 0.4) / 10_f64.powf(x * 0.4) - 1.0).abs() <= 1e-8, "{x}");
            for x in [x, x * 1e-3, x * 1e-6] {
                assert!((exp_m1(x) / x.exp_m1() - 1.0).abs() <= 1e-12 || x == 0.0, "{x}");
            }
        }
        assert_eq!((exp(0.0), exp10(0.0), exp_m1(0.0)), (1.0, 1.0, 0.0));
        assert_eq!((exp(-9e9), exp10(9e9)), (f64::MIN_POSITIVE, 2_f64.powi(1023)));
    }
}
