//! The time of day. Must never be used to measure how long something takes.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time since 1970; nothing on a machine that thinks it is earlier.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The same in milliseconds.
pub(crate) fn now_ms() -> i64 {
    i64::try_from(now().as_millis()).unwrap_or(i64::MAX)
}
