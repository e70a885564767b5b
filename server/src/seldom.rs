//! Trouble that may come a thousand times a second, told at most once a period, with its count.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Counts one kind of trouble, and says when it is to be told.
pub(crate) struct Seldom {
    period: Duration,
    /// What was not told yet.
    count: u64,
    /// Nothing is told before.
    next: Option<Instant>,
}

impl Seldom {
    /// Told at most once a `period`.
    pub(crate) fn new(period: Duration) -> Self {
        Self { period, count: 0, next: None }
    }

    /// Counts one more at `now`: how many are to be told of, if it is time for that.
    pub(crate) fn note(&mut self, now: Instant) -> Option<u64> {
        self.count += 1;
        if self.next.is_some_and(|next| now < next) { None } else { self.rest(now) }
    }

    /// How many are to be told of at `now` whether it is time or not, if there are any.
    pub(crate) fn rest(&mut self, now: Instant) -> Option<u64> {
        let count = std::mem::take(&mut self.count);
        if count == 0 {
            return None;
        }
        self.next = Some(now + self.period);
        Some(count)
    }

    /// Ends when [`Self::rest`] is to be told; never while there is nothing to tell.
    pub(crate) async fn wait(&self) {
        match self.next.filter(|_| self.count > 0) {
            Some(next) => sleep_until(next).await,
            None => pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_told_once_a_period_and_nothing_of_it_goes_uncounted() {
        let period = Duration::from_mins(1);
        let mut seldom = Seldom::new(period);
        let start = Instant::now();
        let told: Vec<u64> =
            (0..1_000).filter_map(|turn| seldom.note(start + period * turn / 400)).collect();
        assert_eq!(told, [1, 400, 400]);
        let end = start + period * 3;
        assert_eq!(seldom.rest(end), Some(199));
        assert_eq!(seldom.rest(end), None);
        assert_eq!(seldom.note(end), None, "it was told just now");
    }

    #[test]
    fn what_came_last_is_told_when_its_time_comes() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let next = Some(Instant::now());
            let nothing = Seldom { period: Duration::ZERO, count: 0, next };
            assert!(waits(nothing.wait()).await);
            Seldom { count: 2, ..nothing }.wait().await;
        });
    }

    /// Whether the future does not end at once.
    async fn waits(future: impl Future<Output = ()>) -> bool {
        tokio::select! {
            biased;
            () = future => false,
            () = std::future::ready(()) => true,
        }
    }
}
