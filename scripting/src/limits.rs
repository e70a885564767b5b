//! What a script may use, and what it has used: memory, time, and what it leaves with the host.

use std::time::{Duration, Instant};

use wasmtime::ResourceLimiter;

/// The elements that the tables of an instance may have, one with the other.
const TABLE_ELEMENTS_MAX: usize = 100_000;

/// What one instance of a script may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes of linear memory.
    pub(crate) memory_bytes: usize,
    /// How long one call may take.
    pub(crate) time: Duration,
    /// Bytes of content that one call may write.
    pub(crate) written_bytes: u64,
}

/// Messages of one call that are kept.
pub(crate) const MESSAGES_MAX: u32 = 200;
/// Bytes of a message.
pub(crate) const MESSAGE_BYTES_MAX: usize = 4096;
/// Flowfiles, readers and writers that one call may make.
pub(crate) const HANDLES_MAX: usize = 100_000;
/// Bytes of all attributes of one flowfile, names and values.
pub(crate) const ATTRIBUTE_BYTES_MAX: usize = 1 << 20;
/// Attributes of one flowfile.
pub(crate) const ATTRIBUTES_MAX: usize = 10_000;
/// Bytes of a key, and of a value, of the processor's state.
pub(crate) const STATE_BYTES_MAX: usize = 256 << 10;
/// Keys that one call may set in the processor's state.
pub(crate) const STATE_KEYS_MAX: usize = 1_000;

/// Counts what an instance uses, and refuses what is too much.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: Limits,
    memory_bytes: usize,
    is_memory_refused: bool,
    began: Instant,
    written_bytes: u64,
    messages: u32,
    state_keys: usize,
}

impl Meter {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            memory_bytes: 0,
            is_memory_refused: false,
            began: Instant::now(),
            written_bytes: 0,
            messages: 0,
            state_keys: 0,
        }
    }

    /// Begins a call.
    pub(crate) fn begin(&mut self) {
        let memory_bytes = self.memory_bytes;
        *self = Self { memory_bytes, ..Self::new(self.limits) };
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How long the call has taken.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    pub(crate) fn is_out_of_time(&self) -> bool {
        self.elapsed() >= self.limits.time
    }

    /// Bytes of linear memory that the instance has.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.memory_bytes
    }

    /// Whether it asked for more memory than it may have since the call began.
    pub(crate) fn is_memory_refused(&self) -> bool {
        self.is_memory_refused
    }

    /// Counts bytes of content; whether there may be so many.
    pub(crate) fn may_write(&mut self, bytes: u64) -> bool {
        self.written_bytes = self.written_bytes.saturating_add(bytes);
        self.written_bytes <= self.limits.written_bytes
    }

    /// Counts a message: whether it is kept, and whether it is the first that is not.
    pub(crate) fn may_tell(&mut self) -> (bool, bool) {
        self.messages = self.messages.saturating_add(1);
        (self.messages <= MESSAGES_MAX, self.messages == MESSAGES_MAX + 1)
    }

    /// Counts a key of the state that is set; whether there may be so many.
    pub(crate) fn may_set(&mut self) -> bool {
        self.state_keys += 1;
        self.state_keys <= STATE_KEYS_MAX
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // A component may have several memories: together they may have so much.
        let all = self.memory_bytes.saturating_add(desired.saturating_sub(current));
        let may_grow = all <= self.limits.memory_bytes;
        if may_grow {
            self.memory_bytes = all;
        } else {
            self.is_memory_refused = true;
        }
        Ok(may_grow)
    }

    fn table_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS_MAX)
    }

    fn instances(&self) -> usize {
        200
    }

    fn tables(&self) -> usize {
        64
    }

    fn memories(&self) -> usize {
        16
    }
}
