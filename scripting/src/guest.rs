//! What the host knows of one instance while it runs: its session, its handles, what it has used.

use std::fmt;
use std::sync::Arc;

use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::property::Evaluated;
use tutti_sdk::{ContentReader, ContentWriter, LentSession};

use crate::handles::Handles;
use crate::limits::{Limits, Meter};
use crate::wasi::Wasi;

/// What all instances of one processor have in common.
pub(crate) struct Setup {
    pub(crate) relationships: Vec<String>,
    /// By their names, in the flow's order.
    pub(crate) properties: Vec<(String, Evaluated<String>)>,
    pub(crate) limits: Limits,
}

/// New content on its way.
pub(crate) struct Writing {
    /// Whose content it will be.
    pub(crate) flowfile: u32,
    pub(crate) writer: ContentWriter,
}

/// The data of a store.
pub(crate) struct Guest {
    pub(crate) setup: Arc<Setup>,
    pub(crate) meter: Meter,
    pub(crate) wasi: Wasi,
    /// There while a session is worked on.
    pub(crate) session: Option<LentSession>,
    pub(crate) flowfiles: Handles<FlowFile>,
    pub(crate) readers: Handles<ContentReader>,
    pub(crate) writers: Handles<Writing>,
    /// Flowfiles that were taken in this session.
    pub(crate) taken: usize,
    /// How many `get` may hand out in this session.
    pub(crate) batch_max: usize,
}

impl Guest {
    pub(crate) fn new(setup: Arc<Setup>, seed: u64) -> Self {
        Self {
            meter: Meter::new(setup.limits),
            wasi: Wasi::new(seed),
            setup,
            session: None,
            flowfiles: Handles::default(),
            readers: Handles::default(),
            writers: Handles::default(),
            taken: 0,
            batch_max: 0,
        }
    }

    /// Begins to work on `session`, of which at most so many flowfiles are wanted.
    pub(crate) fn begin(&mut self, session: LentSession, batch_max: usize) {
        self.meter.begin();
        self.wasi.begin(session.clock().now());
        self.session = Some(session);
        self.taken = 0;
        self.batch_max = batch_max;
    }

    /// Ends it.
    pub(crate) fn end(&mut self) -> Option<LentSession> {
        self.writers.end();
        self.readers.end();
        self.flowfiles.end();
        self.session.take()
    }
}

/// Why the host stopped a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// It took longer than it may.
    Time,
}

impl fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time => formatter.write_str("the time limit was reached"),
        }
    }
}

impl std::error::Error for Stopped {}
