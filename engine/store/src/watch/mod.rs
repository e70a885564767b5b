//! The watch: after a death of the process, what is at work is written down, so that the next
//! opening knows over what it died again (docs/adr/0018).
//!
//! A process that closes its folder says so in its *life*, a record of its own: one that did not
//! has died. From then on, for a while, each session writes down what it has taken before anybody
//! works on it. What a later opening finds there has one death more; it is a *suspect*, for
//! whoever runs the flow to work on alone, until it leaves its place in its queue or is *parked*
//! in the quarantine.
//!
//! Nothing here may hinder work, and nothing of it is touched as long as nobody dies.

mod at_work;
mod deaths;
mod life;
mod period;
mod recover;
mod suspects;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tutti_model::flowfile::{FlowFileId, Timestamp};

use self::at_work::AtWorkFile;
pub(crate) use self::at_work::Entry;
pub use self::deaths::{Deaths, Parked};
use self::life::Life;
pub(crate) use self::life::{NAME as LIFE, boot};
use self::period::Period;
pub(crate) use self::recover::{Opened, recover};
pub use self::suspects::{Suspect, Turn};
use crate::folder::Folder;
use crate::queue::QueueId;
use crate::record;

/// What the core knows while something is watched.
pub(crate) struct Watch {
    is_on: Arc<AtomicBool>,
    /// As long as every session is written down.
    period: Option<Period>,
    suspects: BTreeMap<(QueueId, FlowFileId), Known>,
}

/// A flowfile over which the process may have died, in its place.
struct Known {
    deaths: Deaths,
    /// It failed alone, and is tried again when this has passed.
    waits_until: Option<Timestamp>,
    turn: Turn,
}

/// What all of a repository knows of the watch.
pub(crate) struct Watching {
    /// Whether the core has a watch, for whoever must not wait for its lock.
    is_on: Arc<AtomicBool>,
    pub(crate) file: AtWorkFile,
    /// As it was written when the folder was opened.
    life: Life,
    pub(crate) deaths_max: u32,
    /// Flowfiles that are parked.
    pub(crate) parked: AtomicU64,
}

impl Watching {
    pub(crate) fn new(opened: Opened, folder: Arc<dyn Folder>, deaths_max: u32) -> Self {
        let Opened { life, is_on, parked } = opened;
        let file = AtWorkFile::new(folder, life.number);
        Self { is_on, file, life, deaths_max, parked: AtomicU64::new(parked) }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    /// What is written when the folder is closed. As long as something was queued at the opening
    /// and nobody has worked on it, the next one watches too.
    pub(crate) fn closed(&self, watch: Option<&Watch>) -> Vec<u8> {
        let is_watched =
            watch.and_then(|watch| watch.period.as_ref()).is_some_and(|period| !period.is_done());
        record::encode(&Life { is_open: false, is_watched, ..self.life.clone() })
    }
}
