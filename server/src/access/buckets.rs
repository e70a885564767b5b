//! How often each of many may do something: a token bucket each, in memory that never grows.
//!
//! Each has one of a fixed number of places, which a secret of this process chooses. Two that share
//! one share what they may, so a limit is never wider than said, and nothing is forgotten to make
//! room.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How many there are.
const PLACES: usize = 4096;

/// Token buckets, each of which holds `burst` and gains one every `period`.
pub(crate) struct Buckets {
    /// When each is full again, in nanoseconds since `begun`.
    full: Mutex<Box<[u64]>>,
    place: RandomState,
    begun: Instant,
    period: u64,
    depth: u64,
}

impl Buckets {
    pub(crate) fn new(burst: u32, period: Duration) -> Self {
        let period = nanoseconds(period);
        Self {
            full: Mutex::new(vec![0; PLACES].into()),
            place: RandomState::new(),
            begun: Instant::now(),
            period,
            depth: period.saturating_mul(burst.max(1).into()),
        }
    }

    /// Takes one for `who`.
    ///
    /// # Errors
    /// When there is none, with how long to wait for one.
    pub(crate) fn take(&self, who: &impl Hash, now: Instant) -> Result<(), Duration> {
        let now = self.since(now);
        let mut full = self.full.lock();
        let full = &mut full[self.index(who)];
        let after = (*full).max(now).saturating_add(self.period);
        match (after - now).checked_sub(self.depth) {
            None | Some(0) => {
                *full = after;
                Ok(())
            }
            Some(wait) => Err(Duration::from_nanos(wait)),
        }
    }

    /// Gives back one that was taken.
    pub(crate) fn give_back(&self, who: &impl Hash) {
        let mut full = self.full.lock();
        let full = &mut full[self.index(who)];
        *full = full.saturating_sub(self.period);
    }

    fn index(&self, who: &impl Hash) -> usize {
        self.place.hash_one(who) as usize % PLACES
    }

    fn since(&self, now: Instant) -> u64 {
        nanoseconds(now.saturating_duration_since(self.begun))
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Who counts as one client: an address, or the network of one of IPv6, of which everybody has
/// more addresses than can be counted.
pub(crate) fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_one_each_period() {
        let buckets = Buckets::new(3, Duration::from_secs(2));
        let begun = Instant::now();
        for _ in 0..3 {
            assert_eq!(buckets.take(&"a", begun), Ok(()));
        }
        let wait = buckets.take(&"a", begun).unwrap_err();
        assert_eq!(wait, Duration::from_secs(2));
        assert!(buckets.take(&"a", begun + Duration::from_secs(1)).is_err());
        assert_eq!(buckets.take(&"a", begun + wait), Ok(()));
        assert!(buckets.take(&"a", begun + wait).is_err());
        // After a long time there is no more than a burst.
        let late = begun + Duration::from_hours(1);
        let taken = (0..10).filter(|_| buckets.take(&"a", late).is_ok()).count();
        assert_eq!(taken, 3);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let buckets = Buckets::new(1, Duration::from_mins(1));
        let now = Instant::now();
        assert!(buckets.take(&1, now).is_ok() && buckets.take(&1, now).is_err());
        buckets.give_back(&1);
        assert!(buckets.take(&1, now).is_ok() && buckets.take(&1, now).is_err());
    }

    #[test]
    fn one_does_not_take_from_another_and_many_take_no_memory() {
        let buckets = Buckets::new(1, Duration::from_mins(1));
        let now = Instant::now();
        let first = (0..100).filter(|who| buckets.take(who, now).is_ok()).count();
        assert!(first > 80, "{first}: but for a few that share a place");
        for who in 0..100_000 {
            let _ = buckets.take(&who, now);
        }
        assert_eq!(buckets.full.lock().len(), PLACES);
    }

    #[test]
    fn the_addresses_of_one_network_are_one_client() {
        let client = |text: &str| client(text.parse().unwrap());
        assert_eq!(client("2001:db8::1"), client("2001:db8::ffff:1"));
        assert_ne!(client("2001:db8::1"), client("2001:db8:0:1::1"));
        assert_eq!(client("::ffff:10.0.0.1"), client("10.0.0.1"));
        assert_ne!(client("10.0.0.1"), client("10.0.0.2"));
    }
}
