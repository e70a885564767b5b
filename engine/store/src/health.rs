//! Whether the repository can write, and what hinders it.

use std::sync::Arc;

use crate::error::StoreError;

/// How the repository is.
#[derive(Debug, Clone, Default)]
pub enum Health {
    /// Commits become durable.
    #[default]
    Working,
    /// Commits wait: the last flush failed, and is tried again by itself. Nothing is lost as long
    /// as the process lives.
    Waiting {
        /// Why it failed.
        cause: Arc<StoreError>,
        /// How often in a row.
        attempts: u32,
    },
}

impl Health {
    /// Whether commits become durable.
    pub fn is_working(&self) -> bool {
        matches!(self, Self::Working)
    }
}
