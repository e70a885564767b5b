//! The beta distribution.

/// Terms of the continued fraction; it settles within some tens for parameters up to thousands.
const TERMS_MAX: u32 = 10_000;
/// Coefficients of Lanczos' approximation for g = 7 (Godfrey, P. A note on the computation of the
/// convergent Lanczos complex gamma approximation, 2001).
const LANCZOS: [f64; 8] = [
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];

/// The natural logarithm of the gamma function of a number above 0.
fn ln_gamma(x: f64) -> f64 {
    let x = x - 1.0;
    let terms = LANCZOS.iter().zip(1_u8..).map(|(value, place)| value / (x + f64::from(place)));
    let sum = 0.999_999_999_999_809_9 + terms.sum::<f64>();
    let base = x + 7.5;
    0.5 * std::f64::consts::TAU.ln() + (x + 0.5) * base.ln() - base + sum.ln()
}

/// How much of the distribution of `a` and `b`, both above 0, lies below `x`.
///
/// Abramowitz, M. and Stegun, I. Handbook of mathematical functions, 26.5.8.
pub(super) fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction settles fast on this side of the mean only.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_cdf(1.0 - x, b, a);
    }
    let ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta).exp() / a;
    front * fraction(x, a, b)
}

/// By Lentz' method, from the front.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let apart = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let (mut above, mut below) = (1.0, 1.0 / apart(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = below;
    for term in 1..TERMS_MAX {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for factor in [even, odd] {
            above = apart(1.0 + factor / above);
            below = 1.0 / apart(1.0 + factor * below);
            step = above * below;
            value *= step;
        }
        if (step - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place, both parameters, and what lies below: `scipy.stats.beta.cdf` of `SciPy` 1.18.1.
    const CASES: [(f64, f64, f64, f64); 6] = [
        (0.01, 2.0, 18.0, 0.015_273_761_488_896_611),
        (0.1, 2.0, 18.0, 0.579_735_021_168_402_6),
        (0.5, 2.0, 18.0, 0.999_961_853_027_343_8),
        (0.3, 0.5, 0.5, 0.369_010_119_565_545_36),
        (0.9, 30.0, 2.5, 0.262_548_320_870_787_94),
        (0.25, 1.0, 1.0, 0.25),
    ];

    #[test]
    fn shares_are_scipys() {
        for (x, a, b, share) in CASES {
            assert!((beta_cdf(x, a, b) - share).abs() < 1e-13, "{x}, {a}, {b}");
        }
        assert_eq!((beta_cdf(0.0, 2.0, 18.0), beta_cdf(1.0, 2.0, 18.0)), (0.0, 1.0));
    }
}
