//! Inner products: the one inner loop of filters and cosine transforms.

const LANES: usize = 16;

/// The sum of the products of two vectors, up to the shorter one's end. Sums in lanes, so that the
/// compiler may use vector instructions.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let (chunks_a, chunks_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = chunks_a.remainder().iter().zip(chunks_b.remainder()).map(|(a, b)| a * b).sum();
    let mut lanes = [0.0_f32; LANES];
    for (a, b) in chunks_a.zip(chunks_b) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += a * b;
        }
    }
    // In pairs: one sum does not wait for another.
    let mut count = LANES;
    while count > 1 {
        count /= 2;
        for lane in 0..count {
            lanes[lane] += lanes[lane + count];
        }
    }
    lanes[0] + rest
}

/// The sum of the products of two vectors, in double precision and one after the other.
pub(crate) fn dot_f64(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    #[test]
    fn lanes_and_rest_are_summed() {
        let a: Vec<f32> = (0..37).map(|x| x as f32).collect();
        let expected: f32 = a.iter().map(|x| x * x).sum();
        assert_eq!(super::dot(&a, &a), expected);
        assert_eq!(super::dot(&a, &[2.0, 3.0]), 3.0);
    }
}
