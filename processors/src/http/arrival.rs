//! The body of a request on its way in: bounded in its bytes, and in how slowly they may come.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use hyper::header::EXPECT;
use hyper::http::request::Parts;
use hyper::{Response, StatusCode};
use tutti_sdk::ProcessorContext;
use tutti_sdk::host::BoxFuture;

use super::refusal::Refusal;
use super::server::{Body, boxed};

/// So much must come within the time that a client has for going on, or the end: single bytes now
/// and then would hold a connection for ever.
const PROGRESS_BYTES: u64 = 4 * 1024;
/// So much of a body that is not wanted is read all the same, and no longer than this: a client
/// that is still sending would not see the answer.
const UNWANTED_BYTES_MAX: usize = 1024 * 1024;
const UNWANTED_MAX: Duration = Duration::from_secs(1);

/// A body that is read as it comes.
pub(crate) struct Arrival<'b> {
    body: &'b mut Incoming,
    context: ProcessorContext,
    stopping: BoxFuture<'static, ()>,
    bytes_max: u64,
    bytes: u64,
    idle_max_ms: u64,
    /// The client has gone on so far, and when.
    progress: (u64, u64),
}

impl<'b> Arrival<'b> {
    /// Refuses at once what says itself that it is larger than `bytes_max`. `idle_max` is how long
    /// a client may take for going on.
    pub(crate) fn new(
        body: &'b mut Incoming,
        context: &ProcessorContext,
        bytes_max: u64,
        idle_max: Duration,
    ) -> Result<Self, Refusal> {
        if body.size_hint().lower() > bytes_max {
            return Err(Refusal::too_large(bytes_max));
        }
        Ok(Self {
            body,
            stopping: context.stopping(),
            bytes_max,
            bytes: 0,
            idle_max_ms: u64::try_from(idle_max.as_millis()).unwrap_or(u64::MAX),
            progress: (0, context.clock().monotonic_ms()),
            context: context.clone(),
        })
    }

    /// The next bytes; `None` at the end that the client meant.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        loop {
            let (_, since_ms) = self.progress;
            let waited_ms = self.context.clock().monotonic_ms().saturating_sub(since_ms);
            let left_ms = self.idle_max_ms.saturating_sub(waited_ms);
            let frame = tokio::select! {
                biased;
                () = &mut self.stopping => return Err(Refusal::stopping()),
                frame = self.body.frame() => frame,
                () = self.context.clock().sleep_ms(left_ms) => return Err(Refusal::slow()),
            };
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(|_| Refusal::bad("the body broke off"))?;
            // Trailers say nothing here.
            let Ok(bytes) = frame.into_data() else { continue };
            self.bytes += bytes.len() as u64;
            if self.bytes > self.bytes_max {
                return Err(Refusal::too_large(self.bytes_max));
            }
            if self.bytes - self.progress.0 >= PROGRESS_BYTES {
                self.progress = (self.bytes, self.context.clock().monotonic_ms());
            }
            return Ok(Some(bytes));
        }
    }
}

/// The answer to a request that is not taken.
pub(crate) async fn refuse(refusal: Refusal, head: &Parts, body: &mut Incoming) -> Response<Body> {
    // A client that waits to be asked, or does not go on, is not asked for more.
    let is_silent =
        head.headers.contains_key(EXPECT) || refusal.status == StatusCode::REQUEST_TIMEOUT;
    if !is_silent {
        discard(body).await;
    }
    boxed(refusal.into_response())
}

/// Reads some of a body that is not wanted.
async fn discard(body: &mut Incoming) {
    let discard = async {
        let mut left = UNWANTED_BYTES_MAX;
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                break;
            }
        }
    };
    // What was not read by then is the client's trouble.
    drop(tokio::time::timeout(UNWANTED_MAX, discard).await);
}
