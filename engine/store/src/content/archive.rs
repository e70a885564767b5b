//! Content that nothing refers to any more, kept for a replay: so much of it, and for so long.
//!
//! A segment comes here when its last reference is durably gone, and goes in the order in which it
//! came. What somebody refers to is never here.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use foldhash::fast::RandomState;
use tutti_model::flowfile::Timestamp;

/// How much is kept, and how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Bytes of segment files; with 0 nothing is kept.
    pub(crate) bytes_max: u64,
    pub(crate) period: Duration,
}

impl Limits {
    /// Whether a segment of so many bytes is worth what it would push out.
    pub(super) fn admit(&self, bytes: u64) -> bool {
        self.bytes_max > 0 && bytes <= self.bytes_max
    }

    fn period_ms(&self) -> u64 {
        u64::try_from(self.period.as_millis()).unwrap_or(u64::MAX)
    }
}

struct Kept {
    segment: u64,
    bytes: u64,
    since: Timestamp,
}

/// The segments that are kept, eldest first.
#[derive(Default)]
pub(super) struct Archive {
    /// By the number that each got when it came.
    kept: BTreeMap<u64, Kept>,
    /// These numbers.
    places: HashMap<u64, u64, RandomState>,
    next: u64,
    bytes: u64,
}

impl Archive {
    /// Takes a segment in; one that is here already comes anew.
    pub(super) fn add(&mut self, segment: u64, bytes: u64, now: Timestamp) {
        self.remove(segment);
        self.bytes += bytes;
        self.places.insert(segment, self.next);
        self.kept.insert(self.next, Kept { segment, bytes, since: now });
        self.next += 1;
    }

    /// Takes a segment out that is referred to again.
    pub(super) fn remove(&mut self, segment: u64) {
        let place = self.places.remove(&segment);
        if let Some(kept) = place.and_then(|place| self.kept.remove(&place)) {
            self.bytes -= kept.bytes;
        }
    }

    /// Takes out the eldest, with its bytes.
    pub(super) fn pop(&mut self) -> Option<(u64, u64)> {
        let (_, Kept { segment, bytes, .. }) = self.kept.pop_first()?;
        self.places.remove(&segment);
        self.bytes -= bytes;
        Some((segment, bytes))
    }

    /// Takes out the eldest, if there is too much or it has been here for too long.
    pub(super) fn pop_beyond(&mut self, limits: &Limits, now: Timestamp) -> Option<u64> {
        let (_, eldest) = self.kept.first_key_value()?;
        let is_over =
            self.bytes > limits.bytes_max || eldest.since.plus_ms(limits.period_ms()) <= now;
        if is_over { self.pop().map(|(segment, _)| segment) } else { None }
    }

    /// When the eldest has been here for too long.
    pub(super) fn next_due(&self, limits: &Limits) -> Option<Timestamp> {
        let eldest = self.kept.first_key_value();
        eldest.map(|(_, kept)| kept.since.plus_ms(limits.period_ms()))
    }

    /// Bytes of the segments that are kept, and how many there are.
    pub(super) fn usage(&self) -> (u64, usize) {
        (self.bytes, self.kept.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { bytes_max: 100, period: Duration::from_millis(50) };

    #[test]
    fn the_eldest_goes_first_when_there_is_too_much_or_it_is_too_old() {
        let mut archive = Archive::default();
        for (segment, bytes, now) in [(7, 40, 0), (3, 30, 10), (9, 30, 20)] {
            archive.add(segment, bytes, Timestamp(now));
        }
        let beyond = |archive: &mut Archive, now| archive.pop_beyond(&LIMITS, Timestamp(now));
        assert_eq!(beyond(&mut archive, 49), None, "as much as may be, and not too old");
        archive.add(8, 1, Timestamp(30));
        assert_eq!((beyond(&mut archive, 49), beyond(&mut archive, 49)), (Some(7), None));
        assert_eq!(archive.usage(), (61, 3));
        assert_eq!(archive.next_due(&LIMITS), Some(Timestamp(60)));
        assert_eq!((beyond(&mut archive, 60), beyond(&mut archive, 60)), (Some(3), None));
        archive.remove(9);
        archive.remove(9);
        assert_eq!((archive.usage(), archive.pop()), ((1, 1), Some((8, 1))));
        assert_eq!(
            (archive.usage(), archive.pop(), beyond(&mut archive, 99)),
            ((0, 0), None, None)
        );
    }

    #[test]
    fn one_that_comes_again_is_the_youngest_and_counts_once() {
        let mut archive = Archive::default();
        for (segment, now) in [(1, 0), (2, 10), (1, 20)] {
            archive.add(segment, 10, Timestamp(now));
        }
        assert_eq!((archive.usage(), archive.next_due(&LIMITS)), ((20, 2), Some(Timestamp(60))));
        assert_eq!(
            [archive.pop(), archive.pop(), archive.pop()],
            [Some((2, 10)), Some((1, 10)), None]
        );
    }

    #[test]
    fn what_would_push_out_all_else_is_not_kept_and_nothing_where_none_is_wanted() {
        assert!(LIMITS.admit(100) && !LIMITS.admit(101));
        assert!(!Limits { bytes_max: 0, ..LIMITS }.admit(0));
    }
}
