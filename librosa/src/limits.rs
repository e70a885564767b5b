//! How much is too much: what no call computes, whoever asks.
//!
//! Numbers that a stranger hands over become lengths of memory, which would end the process where
//! there is not so much. librosa's Python face has the same bounds, and refuses with better words.

use std::cell::Cell;

use crate::problem::{Answer, Problem};

/// No length, and no number of anything, is greater.
const COUNT_MAX: usize = 1 << 28;
/// No matrix that is made of two numbers alone has more values.
const VALUES_MAX: usize = 1 << 28;
/// No matrix of each of some frames with each of others has more values.
const PAIRS_MAX: usize = 1 << 32;
/// No matrix that is made of a signal has more values for each sample, where it has that many.
const VALUES_A_SAMPLE_MAX: usize = 64;

thread_local! {
    /// What the call on this thread may make, where that is less.
    static BUDGET: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Does `work`, whose calls make nothing of more than `values`.
pub(crate) fn within<T>(values: usize, work: impl FnOnce() -> T) -> T {
    /// Puts back what held before, after a panic too.
    struct Before(usize);
    impl Drop for Before {
        fn drop(&mut self) {
            BUDGET.set(self.0);
        }
    }
    let _before = Before(BUDGET.replace(values));
    work()
}

/// A whole number from 0 on that something may have.
pub(crate) fn count(value: i64) -> Answer<usize> {
    let Ok(found) = usize::try_from(value) else {
        return Err(Problem::Missing(format!("must be a whole number from 0 on, not {value}")));
    };
    let most = COUNT_MAX.min(BUDGET.get());
    if found > most {
        return Err(Problem::Parameter(format!(
            "a length or a number is {found}, but must be at most {most}"
        )));
    }
    Ok(found)
}

/// Refuses so many values of something.
pub(crate) fn fits(what: &str, rows: usize, columns: usize) -> Answer<()> {
    below(what, rows, columns, VALUES_MAX)
}

/// Refuses so many values for each frame of a signal: a long one may become a long matrix, but not
/// a wide one.
pub(crate) fn fits_frames(what: &str, rows: usize, samples: usize, hop: usize) -> Answer<()> {
    let most = VALUES_MAX.max(VALUES_A_SAMPLE_MAX.saturating_mul(samples));
    below(what, rows, 1 + samples / hop.max(1), most)
}

/// Refuses so many pairs of what was handed over, which is there for each of both already.
pub(crate) fn fits_pairs(what: &str, rows: usize, columns: usize) -> Answer<()> {
    below(what, rows, columns, PAIRS_MAX)
}

/// Refuses a length that is made of real numbers and of a signal that has `samples`.
pub(crate) fn fits_length(what: &str, values: f64, samples: usize) -> Answer<()> {
    let most = VALUES_MAX.max(VALUES_A_SAMPLE_MAX.saturating_mul(samples));
    // What is not a number is for the audio crate to refuse.
    if values > most.min(BUDGET.get()) as f64 {
        return Err(Problem::Parameter(format!("{what} would have {values:e} values: too many")));
    }
    Ok(())
}

fn below(what: &str, rows: usize, columns: usize, most: usize) -> Answer<()> {
    if rows.saturating_mul(columns) > most.min(BUDGET.get()) {
        return Err(Problem::Parameter(format!(
            "{what} would have {rows} times {columns} values: too many"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_holds_for_its_work_alone() {
        assert!(fits_pairs("a matrix", 1_000, 1_000).is_ok());
        within(100, || {
            assert!(fits_pairs("a matrix", 10, 11).is_err());
            assert!(fits_length("a signal", 101.0, 5).is_err());
            assert!(count(101).is_err());
            assert!(count(100).is_ok());
        });
        assert!(count(101).is_ok());
    }
}
