//! The body of a request becomes content: of one flowfile, or of one for each of its parts.

use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE};
use hyper::http::request::Parts;
use tokio::sync::oneshot;
use tutti_sdk::model::flowfile::{Content, FlowFile, core_attribute};
use tutti_sdk::{ContentWriters, ProcessError, ProcessorContext, SUCCESS, Session};

use super::arrival::Arrival;
use super::refusal::Refusal;
use super::spool::{Coding, Spool, SpoolError};
use super::{joined, multipart, transit_uri};

/// Names and values.
pub(crate) type Attributes = Vec<(String, String)>;

/// Takes bodies in.
pub(crate) struct Intake {
    pub(crate) context: ProcessorContext,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    /// Bytes that a body may have, unpacked where it is unpacked.
    pub(crate) bytes_max: u64,
    /// The same of one in parts.
    pub(crate) parts_bytes_max: u64,
    /// How long a client may take for going on.
    pub(crate) idle_max: Duration,
    /// Whether what comes packed is unpacked.
    pub(crate) unpacks: bool,
}

impl Intake {
    /// Whether requests are taken now.
    pub(crate) fn is_open(&self) -> Result<(), Refusal> {
        if self.context.is_stopping() {
            return Err(Refusal::stopping());
        }
        if !self.context.has_room() {
            return Err(Refusal::later("the queue is full: come again later"));
        }
        Ok(())
    }

    /// Takes a request in as a whole; its flowfiles have the attributes `common`, and what each
    /// alone has: `whole` where the body is not in parts. Also hands back where is told that
    /// [`Received::hand_on`] came to its end.
    pub(crate) async fn receive(
        &self,
        head: &Parts,
        body: &mut Incoming,
        common: &Attributes,
        whole: Attributes,
    ) -> Result<(Received, oneshot::Receiver<()>), Refusal> {
        let writers = self.context.writers();
        let contents = self.take(head, body, &writers, whole).await?;
        let with_common = |(own, content)| {
            let attributes: Attributes = common.iter().cloned().chain(own).collect();
            (attributes, content)
        };
        let (end, ended) = oneshot::channel();
        let received = Received {
            flowfiles: contents.into_iter().map(with_common).collect(),
            _writers: writers,
            transit_uri: transit_uri(self.scheme, head),
            end: Some(end),
        };
        Ok((received, ended))
    }

    async fn take(
        &self,
        head: &Parts,
        body: &mut Incoming,
        writers: &ContentWriters,
        whole: Attributes,
    ) -> Result<Vec<(Attributes, Content)>, Refusal> {
        let content_type = joined(&head.headers, &CONTENT_TYPE).unwrap_or_default();
        let boundary = multipart::boundary(&content_type)?;
        let bytes_max = if boundary.is_some() { self.parts_bytes_max } else { self.bytes_max };
        let mut arrival = Arrival::new(body, &self.context, bytes_max, self.idle_max)?;
        if let Some(boundary) = boundary {
            if head.headers.contains_key(CONTENT_ENCODING) {
                let text = "a body in parts is only taken as it is, and not packed";
                return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
            }
            return multipart::take(self, arrival, boundary, writers).await;
        }
        let mut spool = self.spool(writers, self.coding(head), bytes_max)?;
        while let Some(bytes) = arrival.next().await? {
            spool.write(&bytes).await.map_err(|error| self.unspooled(error, bytes_max))?;
        }
        let content = spool.finish().await.map_err(|error| self.unspooled(error, bytes_max))?;
        Ok(vec![(whole, content)])
    }

    /// How the body comes. What is packed in other ways is taken as it is, as in NiFi.
    fn coding(&self, head: &Parts) -> Coding {
        let coding = joined(&head.headers, &CONTENT_ENCODING).unwrap_or_default();
        if self.unpacks && coding.trim().eq_ignore_ascii_case("gzip") {
            Coding::Gzip
        } else {
            Coding::Identity
        }
    }

    /// A place for one content.
    pub(super) fn spool(
        &self,
        writers: &ContentWriters,
        coding: Coding,
        bytes_max: u64,
    ) -> Result<Spool, Refusal> {
        let writer = writers.create().map_err(|error| self.failed(&error))?;
        Ok(Spool::new(&self.context, writer, coding, bytes_max))
    }

    pub(super) fn unspooled(&self, error: SpoolError, bytes_max: u64) -> Refusal {
        match error {
            SpoolError::TooLarge => Refusal::too_large(bytes_max),
            SpoolError::Damaged => Refusal::bad("the body is not packed as its header says"),
            SpoolError::Store(error) => self.failed(&error),
        }
    }

    /// What is not the client's fault is the operator's to know.
    pub(crate) fn failed(&self, error: &ProcessError) -> Refusal {
        self.context.report_error(error);
        Refusal::later("it cannot be stored: come again later")
    }
}

/// A request that is here as a whole.
pub(crate) struct Received {
    flowfiles: Vec<(Attributes, Content)>,
    /// Keep the contents until a commit has them.
    _writers: ContentWriters,
    transit_uri: String,
    /// `None` when it was handed on. Dropped without being told of an end, it was given up.
    end: Option<oneshot::Sender<()>>,
}

impl Received {
    /// Makes the flowfiles, unless nobody waits for an answer any more. `last` gets the last one,
    /// and is to tell the end: they are of one commit.
    pub(crate) fn hand_on(
        &mut self,
        session: &mut Session,
        last: impl FnOnce(&mut Session, &FlowFile, oneshot::Sender<()>),
    ) {
        let Some(end) = self.end.take().filter(|end| !end.is_closed()) else { return };
        let mut told = Some((last, end));
        let mut left = self.flowfiles.len();
        for (attributes, content) in std::mem::take(&mut self.flowfiles) {
            let mut flowfile = session.create();
            let uuid = flowfile.uuid().to_owned();
            flowfile.set_attribute(core_attribute::FILENAME, uuid);
            for (name, value) in attributes {
                flowfile.set_attribute(name.as_str(), value);
            }
            session.adopt_content(&mut flowfile, content);
            session.provenance_receive(&flowfile, &self.transit_uri);
            left -= 1;
            if left == 0
                && let Some((last, end)) = told.take()
            {
                last(session, &flowfile, end);
            }
            session.transfer(flowfile, SUCCESS);
        }
    }
}
