//! Messages to the operator: the newest few, with repeats counted instead of kept.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tutti_model::bulletin::Bulletin;
use tutti_model::flowfile::Timestamp;

/// A bulletin as it was last seen, and how often it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedBulletin {
    /// The last of them.
    pub bulletin: Bulletin,
    /// How many there were.
    pub count: u64,
    /// When the first of them was.
    pub first: Timestamp,
}

/// Takes and shows bulletins.
pub trait BulletinRepository: Send + Sync {
    /// Adds `bulletin`, or counts it when one of its flow, component and level with the same
    /// `fingerprint` is there: messages that say the same of other data have the same.
    fn report(&self, bulletin: Bulletin, fingerprint: &str);
    /// The newest `limit` of all, newest first.
    fn newest(&self, limit: usize) -> Vec<CountedBulletin>;
    /// The newest `limit` of `flow` and of what all flows share, newest first.
    fn newest_of_flow(&self, flow: &str, limit: usize) -> Vec<CountedBulletin>;
}

/// The newest bulletins, in memory.
pub struct BulletinRing {
    bulletins: Mutex<VecDeque<Kept>>,
    count_max: usize,
}

struct Kept {
    fingerprint: Box<str>,
    counted: CountedBulletin,
}

impl BulletinRing {
    /// Keeps the newest `count_max`.
    pub fn new(count_max: usize) -> Self {
        Self { bulletins: Mutex::default(), count_max }
    }

    fn find(&self, limit: usize, is_wanted: impl Fn(&Bulletin) -> bool) -> Vec<CountedBulletin> {
        let bulletins = self.bulletins.lock();
        let newest = bulletins.iter().rev().map(|kept| &kept.counted);
        newest.filter(|counted| is_wanted(&counted.bulletin)).take(limit).cloned().collect()
    }
}

impl BulletinRepository for BulletinRing {
    fn report(&self, bulletin: Bulletin, fingerprint: &str) {
        let mut bulletins = self.bulletins.lock();
        let same = bulletins.iter().position(|kept| {
            let known = &kept.counted.bulletin;
            known.flow == bulletin.flow
                && known.component == bulletin.component
                && known.level == bulletin.level
                && &*kept.fingerprint == fingerprint
        });
        let known = same.and_then(|index| bulletins.remove(index));
        let known = known.map(|known| known.counted);
        let first = known.as_ref().map_or(bulletin.time, |known| known.first);
        let count = known.map_or(0, |known| known.count).saturating_add(1);
        let counted = CountedBulletin { bulletin, count, first };
        bulletins.push_back(Kept { fingerprint: fingerprint.into(), counted });
        while bulletins.len() > self.count_max {
            bulletins.pop_front();
        }
    }

    fn newest(&self, limit: usize) -> Vec<CountedBulletin> {
        self.find(limit, |_| true)
    }

    fn newest_of_flow(&self, flow: &str, limit: usize) -> Vec<CountedBulletin> {
        self.find(limit, |bulletin| bulletin.flow.as_deref().is_none_or(|from| from == flow))
    }
}
