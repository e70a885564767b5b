//! What the engine keeps: queues, content, provenance, state and bulletins of one data folder.
//!
//! A commit counts at once in memory and is durable with the next flush, all of it or nothing
//! (docs/adr/0002). The engine sees a [`Repository`]; only `key_value` knows sled and looks into
//! its files; all others are touched by `folder`. No clock and no randomness of its own, but for
//! bulletins.
//!
//! The data folder:
//!
//! ```text
//! lock            names the process that works with it; what is locked is the folder itself
//! format          the version of all of this
//! at-work         after a death of the process: what is at work
//! epoch           the last one that is durable, to tell when records go missing
//! records/        sled: queues, state, numbers, quarantine, deaths
//! swap/           QQQ-NNN.run: flowfiles of long queues
//! content/        NNN.segment: bytes of content
//! provenance/     NNN.events: what happened
//! ```

mod alike;
mod bulletin;
mod content;
mod core;
mod epoch;
mod error;
mod fault;
mod flusher;
mod folder;
mod health;
mod key;
mod key_value;
mod lock;
mod options;
mod provenance;
mod quarantine;
mod queue;
mod record;
mod recovery;
mod rename;
mod repository;
mod reserve;
mod swap;
mod tail;
mod ticket;
mod watch;
mod watermark;
mod witness;

pub use crate::alike::outline;
pub use crate::bulletin::{BulletinRepository, BulletinRing, CountedBulletin};
pub use crate::content::{ClaimGuard, ContentReader, ContentWriter, SEGMENT_BYTES_MAX};
pub use crate::core::{ComponentState, Damage, Quarantined};
pub use crate::error::{Result, StoreError};
pub use crate::fault::Faults;
pub use crate::folder::{DiskFolder, Folder, MemoryFolder, Space, StoredFile};
pub use crate::health::Health;
pub use crate::key_value::{Batch, KeyValue, MemoryKeyValue, SledKeyValue, Visitor};
pub use crate::options::{ClockFunction, Options};
pub use crate::provenance::{LoggedEvent, Search, SearchResult};
pub use crate::quarantine::{Quarantine, QuarantinedRecord, Restored};
pub use crate::queue::{
    Commit, Counts, GiveBack, Listed, QueueId, Receipt, Renames, StateChange, Taken,
};
pub use crate::recovery::RecoveryReport;
pub use crate::repository::{AtWork, Backend, Moved, Repository, Trashed, TryCommitError};
pub use crate::ticket::{Callback, Durability, Ticket};
pub use crate::watch::{Deaths, Parked, Suspect, Turn};
pub use crate::watermark::Shortage;
/// What the filter of [`Repository::poll`] says.
pub use tutti_model::flowfile::Pick;
