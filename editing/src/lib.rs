//! How flows are edited: every change is an operation in a durable, ordered log, and undo,
//! conflicts, revisions and what others see at once are readings of that log (docs/adr/0024).
//!
//! Knows neither the engine nor HTTP, and has no clock. Must never lose an operation that it has
//! confirmed, nor overwrite in silence what somebody else has set.

mod aside;
mod change;
mod damage;
mod difference;
mod draft;
mod error;
mod excerpt;
mod files;
mod log;
mod operation;
mod sheet;
mod spot;
mod stacks;
mod value;

pub use aside::{put_back, set_aside};
pub use change::{Change, Conflict};
pub use damage::Damage;
pub use difference::difference;
pub use draft::{Check, Draft, Foreseen, Head, Step, Submission, Which};
pub use error::{EditingError, Refusal};
pub use files::{FileError, FlowFiles, Published, Seen, Written};
pub use operation::{Operation, OperationKind};
pub use sheet::Sheet;
pub use spot::Part;
