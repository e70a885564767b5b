//! A body on its way to a client, which tells when all of it is.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::Stream;
use http_body_util::BodyExt;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::sync::oneshot;
use tutti_sdk::ProcessError;

use crate::http::server::Body;

/// Tells its end when the connection has taken all of it, and drops the telling otherwise.
pub(super) struct Delivery {
    pieces: Pin<Box<dyn Stream<Item = Result<Bytes, io::Error>> + Send>>,
    /// Bytes that are still to come, where that is known.
    left: Option<u64>,
    has_ended: bool,
    told: Option<oneshot::Sender<()>>,
}

impl Delivery {
    /// Where `has_body` is not, nothing of it is to be sent: the message only says how long it is.
    pub(super) fn body(
        pieces: impl Stream<Item = Result<Bytes, io::Error>> + Send + 'static,
        length: Option<u64>,
        has_body: bool,
    ) -> (Body, oneshot::Receiver<()>) {
        let (told, delivered) = oneshot::channel();
        let (pieces, told) = (Box::pin(pieces), Some(told));
        let delivery = Self { pieces, left: length, has_ended: !has_body, told };
        (delivery.boxed_unsync(), delivered)
    }
}

impl hyper::body::Body for Delivery {
    type Data = Bytes;
    type Error = ProcessError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ProcessError>>> {
        Poll::Ready(match ready!(self.pieces.as_mut().poll_next(context)) {
            None => {
                self.has_ended = true;
                None
            }
            Some(Ok(piece)) => {
                self.left = self.left.map(|left| left.saturating_sub(piece.len() as u64));
                Some(Ok(Frame::data(piece)))
            }
            Some(Err(error)) => Some(Err(ProcessError::unreadable(error))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if (self.has_ended || self.is_end_stream())
            && let Some(told) = self.told.take()
        {
            // Nobody may wait any more.
            let _ = told.send(());
        }
    }
}
