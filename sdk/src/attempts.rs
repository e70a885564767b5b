//! How often what failed is tried again, and how long it waits: one rule for every host.

use std::time::Duration;

use tutti_model::definition::Retry as Policy;

use crate::Retry;

/// How often a flowfile is tried again after an error that trying again cannot help, but for the
/// chance that the error is wrong about it.
const HOPELESS_ATTEMPTS: u32 = 1;

/// How often a flowfile that failed is tried again before it goes to `failure`, unless the flow
/// says otherwise.
pub fn attempts_max(retry: Retry) -> u32 {
    match retry {
        Retry::Later => Policy::ATTEMPTS,
        Retry::Never => HOPELESS_ATTEMPTS,
    }
}

/// Whether nobody expects that one more attempt helps a flowfile which has failed `attempts` times
/// before, and now with `retry`, and has no way out of its processor.
pub fn is_in_vain(attempts: u32, retry: Retry) -> bool {
    retry == Retry::Never || attempts >= Policy::ATTEMPTS
}

/// How long a flowfile waits that has failed `attempts` times before: `first`, doubled so often,
/// but no more than `longest` unless `first` itself is.
pub fn wait(first: Duration, attempts: u32, longest: Duration) -> Duration {
    let factor = 1_u32.checked_shl(attempts).unwrap_or(u32::MAX).max(1);
    first.saturating_mul(factor).min(longest.max(first))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_wait_is_twice_as_long_up_to_the_longest() {
        let second = Duration::from_secs(1);
        let waits = |attempts| wait(second * 30, attempts, second * 100).as_secs();
        assert_eq!([0, 1, 2, 3, 31, 32, u32::MAX].map(waits), [30, 60, 100, 100, 100, 100, 100]);
    }

    proptest! {
        #[test]
        fn a_wait_is_never_shorter_than_the_one_before(
            first_ms in 0_u64..1 << 40, attempts in 0_u32..200, longest_ms in 0_u64..1 << 40,
        ) {
            let first = Duration::from_millis(first_ms);
            let longest = Duration::from_millis(longest_ms);
            let (this, next) = (wait(first, attempts, longest), wait(first, attempts + 1, longest));
            prop_assert!(first <= this && this <= next && next <= longest.max(first));
        }
    }
}
