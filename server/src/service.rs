//! What the server asks of an engine.

use serde_json::Value;

/// A running engine, as far as the interface shows it.
///
/// No call may block: they are made on the threads that answer requests.
pub trait Service: Send + Sync + 'static {
    /// Whether flows run: false before they have started and while they are stopping.
    fn is_ready(&self) -> bool;

    /// The engine's figures.
    fn status(&self) -> Value;

    /// The flows that are served.
    fn flows(&self) -> Value;

    /// What processors say of themselves.
    fn processor_types(&self) -> Value;

    /// Begins a clean stop and returns at once. Calling it again changes nothing.
    fn stop(&self);
}
