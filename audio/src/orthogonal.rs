//! Powers of numbers as an orthonormal basis, for polynomials that fit best.

use crate::dot::dot_f64;

/// Below it what is left of a power is rounding.
const LENGTH_MIN: f64 = 1e-12;

/// The powers of some places from 0 to an order.
pub(crate) struct Powers {
    /// Vectors of length 1, each at a right angle to all others.
    pub(crate) basis: Vec<Vec<f64>>,
    /// How far each power reaches along each vector: `along[vector][power]`, 0 where the power is
    /// less than the vector.
    pub(crate) along: Vec<Vec<f64>>,
}

impl Powers {
    /// By the method of Gram and Schmidt. Places lie within 1 of zero, so that high powers stay far
    /// from rounding; none where there are no more different ones than `order`.
    pub(crate) fn new(places: &[f64], order: usize) -> Option<Self> {
        let mut basis: Vec<Vec<f64>> = Vec::new();
        let mut along = vec![vec![0.0; order + 1]; order + 1];
        for power in 0..=order {
            let raised = places.iter().map(|place| place.powi(power as i32));
            let mut vector: Vec<f64> = raised.collect();
            // Twice, because once leaves what rounding has added.
            for _ in 0..2 {
                for (index, direction) in basis.iter().enumerate() {
                    let part = dot_f64(direction, &vector);
                    along[index][power] += part;
                    for (value, direction) in vector.iter_mut().zip(direction) {
                        *value -= part * direction;
                    }
                }
            }
            let length = dot_f64(&vector, &vector).sqrt();
            if length <= LENGTH_MIN {
                return None;
            }
            along[power][power] = length;
            for value in &mut vector {
                *value /= length;
            }
            basis.push(vector);
        }
        Some(Self { basis, along })
    }

    /// Fills `coefficients`, one for each power, with those of the polynomial that fits `values`
    /// best, the lowest power first.
    pub(crate) fn fit(&self, values: &[f64], coefficients: &mut [f64]) {
        let count = self.basis.len();
        for power in (0..count).rev() {
            let above: f64 = (power + 1..count)
                .map(|other| self.along[power][other] * coefficients[other])
                .sum();
            let part = dot_f64(&self.basis[power], values);
            coefficients[power] = (part - above) / self.along[power][power];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_is_found_again() {
        let places = [-1.0, -0.5, 0.0, 0.5, 1.0];
        let powers = Powers::new(&places, 2).unwrap();
        let values = places.map(|place| 3.0 - 2.0 * place + 0.5 * place * place);
        let mut fitted = [0.0; 3];
        powers.fit(&values, &mut fitted);
        for (found, expected) in fitted.iter().zip([3.0, -2.0, 0.5]) {
            assert!((found - expected).abs() < 1e-14, "{found}");
        }
        assert!(Powers::new(&places, 5).is_none());
        assert!(Powers::new(&[0.25; 4], 1).is_none());
    }
}
