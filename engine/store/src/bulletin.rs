//! Messages to the operator: the newest few, with repeats counted instead of kept.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tutti_model::flowfile::Timestamp;

/// How serious a bulletin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For whoever writes the processor.
    Debug,
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warning,
    /// Something failed.
    Error,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    /// How serious.
    pub level: Level,
    /// When it was last seen.
    pub time: Timestamp,
    /// Who says it, by its path of names in the flow.
    pub component: Box<str>,
    /// The flowfile's `uuid`, when it is about one.
    pub flowfile: Option<Box<str>>,
    /// Its `filename`, when it has one.
    pub filename: Option<Box<str>>,
    /// What happened, where.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Bulletins of one component with the same fingerprint are one; by itself the message.
    pub fingerprint: String,
    /// How often it was seen.
    pub count: u64,
}

impl Bulletin {
    /// A message that was seen once.
    pub fn new(
        level: Level,
        time: Timestamp,
        component: impl Into<Box<str>>,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        let fingerprint = message.clone();
        let component = component.into();
        Self {
            level,
            time,
            component,
            flowfile: None,
            filename: None,
            message,
            help: None,
            fingerprint,
            count: 1,
        }
    }
}

/// Takes and shows bulletins.
pub trait BulletinRepository: Send + Sync {
    /// Adds `bulletin`, or counts it when the same one is there.
    fn report(&self, bulletin: Bulletin);
    /// The newest `limit`, newest first.
    fn newest(&self, limit: usize) -> Vec<Bulletin>;
}

/// The newest bulletins, in memory.
pub struct BulletinRing {
    bulletins: Mutex<VecDeque<Bulletin>>,
    count_max: usize,
}

impl BulletinRing {
    /// Keeps the newest `count_max`.
    pub fn new(count_max: usize) -> Self {
        Self { bulletins: Mutex::default(), count_max }
    }
}

impl BulletinRepository for BulletinRing {
    fn report(&self, mut bulletin: Bulletin) {
        let mut bulletins = self.bulletins.lock();
        let same = bulletins.iter().position(|known| {
            known.component == bulletin.component
                && known.fingerprint == bulletin.fingerprint
                && known.level == bulletin.level
        });
        if let Some(known) = same.and_then(|index| bulletins.remove(index)) {
            bulletin.count += known.count;
        }
        bulletins.push_back(bulletin);
        while bulletins.len() > self.count_max {
            bulletins.pop_front();
        }
    }

    fn newest(&self, limit: usize) -> Vec<Bulletin> {
        self.bulletins.lock().iter().rev().take(limit).cloned().collect()
    }
}
