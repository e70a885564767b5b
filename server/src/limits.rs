//! The bounds of what clients may take of the server.

use std::time::Duration;

/// Bounds of what clients may take; the defaults are right for a few people and their scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time. For one more, the eldest that no request is worked on for is cut.
    pub connections_max: usize,
    /// How long a client may take for the head of a request, and keep a connection without one.
    pub head_max: Duration,
    /// Requests a second of one client, of which twice as many may come at once.
    pub requests_per_second: u32,
    /// Bytes of a request's head.
    pub head_bytes_max: usize,
    /// Bytes of a request's body.
    pub body_bytes_max: usize,
    /// How long a request may take from its head to the head of its answer, but for views of
    /// content.
    pub request_max: Duration,
    /// How long a request waits for the engine, which may wait for a disk.
    pub look_max: Duration,
    /// How long a request waits for a draft to be changed, or for its plan.
    pub edit_max: Duration,
    /// How long a login waits for its turn and its password.
    pub login_max: Duration,
    /// How long a request waits for a search in the provenance log.
    pub search_max: Duration,
    /// How long a view of content may take, such as the waveform of a recording, which is decoded.
    pub view_max: Duration,
    /// How long an expression that is tried may take.
    pub trial_max: Duration,
    /// Looks at the engine at a time; each has a thread of its own.
    pub looks_max: usize,
    /// How long requests that are being answered may take once the server is to end.
    pub farewell_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 256,
            head_max: Duration::from_secs(10),
            requests_per_second: 1000,
            head_bytes_max: 64 << 10,
            body_bytes_max: 4 << 20,
            request_max: Duration::from_secs(30),
            look_max: Duration::from_secs(2),
            edit_max: Duration::from_secs(20),
            login_max: Duration::from_secs(5),
            search_max: Duration::from_secs(20),
            view_max: Duration::from_mins(2),
            trial_max: Duration::from_secs(5),
            looks_max: 4,
            farewell_max: Duration::from_secs(5),
        }
    }
}
