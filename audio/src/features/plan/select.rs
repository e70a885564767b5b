//! The values of given ranks among numbers that do not fit into memory, exactly.
//!
//! A radix selection: each pass over the numbers finds another digit of the wanted ones.

/// Rows of numbers that can be gone through again and again.
pub(super) trait Rows {
    /// Why a row could not be had.
    type Error;

    /// The first row is the next one.
    fn rewind(&mut self) -> Result<(), Self::Error>;

    /// Replaces `row` with the next one; `false` after the last.
    fn next(&mut self, row: &mut Vec<f32>) -> Result<bool, Self::Error>;
}

/// How far each digit is shifted, and how many bits it has.
const DIGITS: [(u32, u32); 3] = [(21, 11), (10, 11), (0, 10)];
/// Counters of a digit.
const COUNTERS: usize = 1 << 11;
/// Counters at a time: 16 MB.
const COUNTERS_MAX: usize = 2 << 20;

/// For each of `ranks`, from 0, the value of that rank in each of the first `width` columns of
/// `rows`. Ranks are below the number of rows, and no value is NaN.
pub(super) fn select<R: Rows>(
    rows: &mut R,
    width: usize,
    ranks: &[u64],
) -> Result<Vec<Vec<f32>>, R::Error> {
    if ranks.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = vec![vec![0.0; width]; ranks.len()];
    let at_once = (COUNTERS_MAX / COUNTERS / ranks.len()).max(1);
    let mut row = Vec::new();
    for first in (0..width).step_by(at_once) {
        let columns = first..width.min(first + at_once);
        let mut searches: Vec<Search> = columns
            .clone()
            .flat_map(|_| ranks.iter().map(|&rank| Search { rank, digits: 0 }))
            .collect();
        let mut counts = vec![0_u64; searches.len() * COUNTERS];
        for (shift, bits) in DIGITS {
            counts.fill(0);
            rows.rewind()?;
            while rows.next(&mut row)? {
                let values = row.get(columns.clone()).unwrap_or_default();
                let of_columns =
                    searches.chunks(ranks.len()).zip(counts.chunks_mut(ranks.len() * COUNTERS));
                for (&value, (searches, counts)) in values.iter().zip(of_columns) {
                    let key = key(value);
                    for (search, counts) in searches.iter().zip(counts.chunks_mut(COUNTERS)) {
                        // Before the first digit nothing of the key is left.
                        if key.checked_shr(shift + bits).unwrap_or(0) == search.digits {
                            counts[(key >> shift) as usize & ((1 << bits) - 1)] += 1;
                        }
                    }
                }
            }
            for (search, counts) in searches.iter_mut().zip(counts.chunks(COUNTERS)) {
                search.take(counts, bits);
            }
        }
        for (index, search) in searches.iter().enumerate() {
            found[index % ranks.len()][first + index / ranks.len()] = value(search.digits);
        }
    }
    Ok(found)
}

/// The search for one value.
struct Search {
    /// Its rank among those that have the same digits.
    rank: u64,
    /// Its digits so far.
    digits: u32,
}

impl Search {
    fn take(&mut self, counts: &[u64], bits: u32) {
        let mut digit = 0;
        while digit + 1 < 1 << bits && self.rank >= counts[digit] {
            self.rank -= counts[digit];
            digit += 1;
        }
        self.digits = self.digits << bits | digit as u32;
    }
}

/// A number that is ordered as the value is.
fn key(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

/// The value again.
fn value(key: u32) -> f32 {
    f32::from_bits(if key >> 31 == 1 { key & !(1 << 31) } else { !key })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    struct InMemory(Vec<Vec<f32>>, usize);

    impl Rows for InMemory {
        type Error = Infallible;

        fn rewind(&mut self) -> Result<(), Infallible> {
            self.1 = 0;
            Ok(())
        }

        fn next(&mut self, row: &mut Vec<f32>) -> Result<bool, Infallible> {
            row.clear();
            row.extend(self.0.get(self.1).into_iter().flatten());
            self.1 += 1;
            Ok(self.1 <= self.0.len())
        }
    }

    proptest! {
        #[test]
        fn the_values_are_those_of_a_sorted_list(
            values in prop::collection::vec((-1e3_f32..1e3, -2_i8..3), 1..60), at in 0_usize..60,
        ) {
            let rank = at % values.len();
            let rows = values.iter().map(|&(a, b)| vec![a, f32::from(b), 0.0]).collect();
            let found = select(&mut InMemory(rows, 0), 2, &[rank as u64, 0]).unwrap();
            let mut columns = [
                values.iter().map(|(a, _)| *a).collect::<Vec<f32>>(),
                values.iter().map(|(_, b)| f32::from(*b)).collect(),
            ];
            for (column, values) in columns.iter_mut().enumerate() {
                values.sort_unstable_by(f32::total_cmp);
                prop_assert_eq!(found[0][column], values[rank]);
                prop_assert_eq!(found[1][column], values[0]);
            }
        }
    }

    #[test]
    fn more_rows_count_than_32_bits_hold() {
        let most = u64::from(u32::MAX);
        let mut search = Search { rank: most + 2, digits: 1 };
        search.take(&[0, most + 2, 5, 0], 2);
        assert_eq!((search.digits, search.rank), (6, 0));
    }

    #[test]
    fn keys_are_ordered_as_values_are() {
        let values = [f32::MIN, -1.0, -1e-40, 0.0, 1e-40, 1.0, f32::MAX];
        assert!(values.windows(2).all(|two| key(two[0]) < key(two[1])));
        assert_eq!(values.map(|each| value(key(each))), values);
    }
}
