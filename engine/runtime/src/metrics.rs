//! Counts of one processor, cheap enough to be always on.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

macro_rules! totals {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a processor did since the flow was compiled.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct Totals {
            $($(#[$doc])* pub $name: u64,)*
        }

        #[derive(Debug, Default)]
        pub(crate) struct Metrics {
            $(pub(crate) $name: AtomicU64,)*
        }

        impl Metrics {
            pub(crate) fn totals(&self) -> Totals {
                Totals { $($name: self.$name.load(Ordering::Relaxed),)* }
            }
        }
    };
}

totals! {
    /// Flowfiles taken from queues and committed.
    flowfiles_in,
    /// Bytes of their content.
    bytes_in,
    /// Flowfiles sent on, copies included.
    flowfiles_out,
    /// Bytes of their content.
    bytes_out,
    /// Flowfiles whose life ended here.
    flowfiles_ended,
    /// Bytes of content read.
    bytes_read,
    /// Bytes of content written.
    bytes_written,
    /// Times that it was triggered.
    tasks,
    /// Milliseconds that its tasks took, added up.
    task_ms,
    /// Sessions that were rolled back.
    rollbacks,
    /// Flowfiles that were put back to be tried again.
    retries,
    /// Milliseconds from the entry of the lineage to the end of it here, added up.
    lineage_ms,
    /// The longest of these.
    lineage_ms_max,
}

pub(crate) fn add(counter: &AtomicU64, amount: u64) {
    counter.fetch_add(amount, Ordering::Relaxed);
}
