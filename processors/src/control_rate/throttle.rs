//! How much may pass in any stretch of time as long as the period.

use std::collections::{HashMap, VecDeque};

/// The parts of a period that what passed is counted by.
const PARTS: u64 = 60;
/// How many groups are told apart; all others share one.
const GROUPS_MAX: usize = 10_000;

/// A bound on what passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    pub(super) amount_max: u64,
    pub(super) period_ms: u64,
}

/// What passed lately.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    /// When, and how much, the eldest first.
    passed: VecDeque<(u64, u64)>,
    sum: u64,
    /// One that was more than was left is paid for until then.
    not_before_ms: u64,
}

impl Throttle {
    /// When more may pass: now, or later. As long as there is less than the most one more passes,
    /// however much it is: otherwise something large would wait for ever.
    pub(super) fn next_ms(&mut self, rate: Rate, now_ms: u64) -> u64 {
        while let Some((when_ms, amount)) = self.passed.front().copied()
            && when_ms.saturating_add(rate.period_ms) <= now_ms
        {
            self.passed.pop_front();
            self.sum -= amount;
        }
        self.clear_ms(rate, now_ms).max(self.not_before_ms).max(now_ms)
    }

    /// Notes that `amount` passes now.
    pub(super) fn pass(&mut self, rate: Rate, now_ms: u64, amount: u64) {
        let over = self.sum.saturating_add(amount).saturating_sub(rate.amount_max);
        // What would overflow is too much in any case.
        let amount = amount.min(u64::MAX - self.sum);
        self.sum += amount;
        let part_ms = (rate.period_ms / PARTS).max(1);
        match self.passed.back_mut() {
            Some((when_ms, sum)) if *when_ms / part_ms == now_ms / part_ms => {
                // As of the latest, so that never more passes than may.
                (*when_ms, *sum) = (now_ms, *sum + amount);
            }
            _ => self.passed.push_back((now_ms, amount)),
        }
        if over > 0 {
            let part = over as f64 / rate.amount_max.max(1) as f64;
            let more_ms = (rate.period_ms as f64 * part).ceil() as u64;
            self.not_before_ms = self.clear_ms(rate, now_ms).saturating_add(more_ms);
        }
    }

    /// When so much of what passed is long enough ago that there is less than the most.
    fn clear_ms(&self, rate: Rate, now_ms: u64) -> u64 {
        let mut sum = self.sum;
        let mut passed = self.passed.iter();
        let mut clear_ms = now_ms;
        while sum >= rate.amount_max {
            let Some((when_ms, amount)) = passed.next() else { break };
            sum -= amount;
            clear_ms = when_ms.saturating_add(rate.period_ms);
        }
        clear_ms
    }

    fn is_idle(&mut self, rate: Rate, now_ms: u64) -> bool {
        self.next_ms(rate, now_ms) <= now_ms && self.passed.is_empty()
    }
}

/// A throttle for each group.
#[derive(Debug, Default)]
pub(super) struct Throttles {
    groups: HashMap<Option<Box<str>>, [Throttle; 2]>,
    others: [Throttle; 2],
}

impl Throttles {
    /// Lets go of groups of which nothing passed lately.
    pub(super) fn tidy(&mut self, rates: [Option<Rate>; 2], now_ms: u64) {
        self.groups.retain(|_, throttles| {
            let mut pairs = throttles.iter_mut().zip(rates);
            pairs.any(|(throttle, rate)| rate.is_some_and(|rate| !throttle.is_idle(rate, now_ms)))
        });
    }

    /// Lets these amounts of `group` pass, each by its rate, or says when they may.
    pub(super) fn pass(
        &mut self,
        group: Option<&str>,
        rates: [Option<Rate>; 2],
        amounts: [u64; 2],
        now_ms: u64,
    ) -> Result<(), u64> {
        let group = group.map(Box::from);
        let is_known = self.groups.contains_key(&group) || self.groups.len() < GROUPS_MAX;
        let throttles =
            if is_known { self.groups.entry(group).or_default() } else { &mut self.others };
        let mut next_ms = now_ms;
        for (throttle, rate) in throttles.iter_mut().zip(rates) {
            if let Some(rate) = rate {
                next_ms = next_ms.max(throttle.next_ms(rate, now_ms));
            }
        }
        if next_ms > now_ms {
            return Err(next_ms);
        }
        for ((throttle, rate), amount) in throttles.iter_mut().zip(rates).zip(amounts) {
            if let Some(rate) = rate {
                throttle.pass(rate, now_ms, amount);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_any_stretch_no_more_passes_than_may() {
        let rate = Rate { amount_max: 100, period_ms: 60_000 };
        let mut throttle = Throttle::default();
        let mut passed: Vec<u64> = Vec::new();
        for now_ms in (0..600_000).step_by(7) {
            if throttle.next_ms(rate, now_ms) == now_ms {
                throttle.pass(rate, now_ms, 1);
                passed.push(now_ms);
            }
        }
        for (first, last) in passed.iter().zip(passed.iter().skip(100)) {
            assert!(last - first >= 60_000, "{first} {last}");
        }
        assert!(passed.len() >= 950, "{} of 1,000 passed", passed.len());
        assert!(throttle.passed.len() as u64 <= PARTS + 2);
    }

    #[test]
    fn what_is_larger_than_the_most_passes_and_is_paid_for() {
        let rate = Rate { amount_max: 10, period_ms: 1_000 };
        let mut throttle = Throttle::default();
        throttle.pass(rate, 5, 4);
        assert_eq!(throttle.next_ms(rate, 5), 5);
        throttle.pass(rate, 5, 31);
        assert_eq!(throttle.next_ms(rate, 5), 1_005 + 2_500);
        assert_eq!(throttle.next_ms(rate, 3_504), 3_505);
        assert_eq!(throttle.next_ms(rate, 3_505), 3_505);
        throttle.pass(rate, 3_505, u64::MAX);
        throttle.pass(rate, 3_505, u64::MAX);
        assert_eq!(throttle.next_ms(rate, 3_505), u64::MAX);
    }

    #[test]
    fn groups_have_a_bound_and_go_when_they_are_idle() {
        let rates = [Some(Rate { amount_max: 1, period_ms: 1_000 }), None];
        let mut throttles = Throttles::default();
        for group in 0..GROUPS_MAX {
            assert_eq!(throttles.pass(Some(&group.to_string()), rates, [1, 0], 0), Ok(()));
        }
        assert_eq!(throttles.pass(Some("one more"), rates, [1, 0], 0), Ok(()));
        assert_eq!(throttles.pass(Some("another"), rates, [1, 0], 0), Err(1_000));
        throttles.tidy(rates, 999);
        assert_eq!(throttles.groups.len(), GROUPS_MAX);
        throttles.tidy(rates, 1_000);
        assert!(throttles.groups.is_empty());
    }
}
