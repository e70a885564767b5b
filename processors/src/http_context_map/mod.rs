//! `StandardHttpContextMap`: requests that wait for their answers, between the processor that took
//! them in and the one that answers them.
//!
//! Must never outlive a connection: what waits is in memory only, and its place is free with the
//! end of its request, however that comes.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hyper::Response;
use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tutti_sdk::host::{Random, new_uuid};
use tutti_sdk::{
    BuildContext, BuildError, ProcessError, Properties, Service, ServiceContext,
    ServiceDescription, ServiceKind, async_trait,
};

use crate::http::server::Body;

/// The attribute that tells which request a flowfile is of.
pub(crate) const IDENTIFIER: &str = "http.context.identifier";
/// So many characters of an identifier say which start of the service gave it, up to the second
/// half of a UUID.
const START_LENGTH: usize = 18;

/// Requests that wait for their answers, for processors.
pub(crate) trait HttpContextMap: Send + Sync {
    /// A place for one more request; none where all are taken.
    fn enter(&self, random: &dyn Random) -> Option<Place>;

    /// The request of that identifier, to be answered by whoever gets it.
    fn claim(&self, identifier: &str) -> Result<Waiting, ProcessError>;

    /// How long a request waits for its answer.
    fn expiration(&self) -> Duration;
}

impl ServiceKind for dyn HttpContextMap {
    const KIND: &'static str = "map of HTTP contexts";
}

/// The properties of [`StandardHttpContextMap`].
#[derive(Debug, Properties)]
pub(crate) struct HttpContextMapProperties {
    /// How many requests are worked on at a time, from their heads to their answers. One more is
    /// answered with 503.
    #[property(default = "5000", min = 1, max = 1_000_000)]
    maximum_outstanding_requests: u32,
    /// How long a request that is here as a whole waits for its answer; then it is answered with
    /// 503.
    #[property(default = "1 min")]
    request_expiration: Duration,
}

/// Requests that wait for their answers.
pub(crate) struct StandardHttpContextMap {
    properties: HttpContextMapProperties,
    requests: Arc<Mutex<Requests>>,
}

#[derive(Default)]
struct Requests {
    /// What all identifiers begin with that were given since it was enabled.
    start: String,
    /// By identifier; none for one that is still on its way, or is being answered.
    places: BTreeMap<String, Option<Waiting>>,
}

/// A request that waits.
pub(crate) struct Waiting {
    answer: oneshot::Sender<Response<Body>>,
    /// Ends its connection.
    pub(crate) cut: CancellationToken,
    /// Whether its answer has no body, whatever it holds.
    pub(crate) is_head: bool,
}

impl Waiting {
    /// Answers it; whether somebody was there still.
    pub(crate) fn answer(self, response: Response<Body>) -> bool {
        self.answer.send(response).is_ok()
    }
}

/// A place among the requests, for as long as it lives.
pub(crate) struct Place {
    requests: Arc<Mutex<Requests>>,
    identifier: String,
}

impl Place {
    pub(crate) fn identifier(&self) -> &str {
        &self.identifier
    }

    /// From now on the request can be answered. Hands back where the answer comes; what ends
    /// without one never will be.
    pub(crate) fn open(
        &self,
        is_head: bool,
        cut: &CancellationToken,
    ) -> oneshot::Receiver<Response<Body>> {
        let (answer, answered) = oneshot::channel();
        if let Some(place) = self.requests.lock().places.get_mut(&self.identifier) {
            *place = Some(Waiting { answer, cut: cut.clone(), is_head });
        }
        answered
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.requests.lock().places.remove(&self.identifier);
    }
}

#[async_trait]
impl Service for StandardHttpContextMap {
    type Properties = HttpContextMapProperties;
    type Kind = dyn HttpContextMap;

    fn describe() -> ServiceDescription {
        ServiceDescription {
            type_name: "StandardHttpContextMap",
            summary: "Requests that wait for their answers.",
            description: "\
Joins HandleHttpRequest and HandleHttpResponse: the one lets its requests wait here, the other \
answers them, by the identifier that flowfiles have in `http.context.identifier`. Several \
processors of both types may share one.

A request waits with its connection, in memory. When the process ends, or nothing that uses the \
map runs any more, its connection ends too; its flowfiles stay, and no answer can be sent for \
them.",
            tags: &["http", "request", "response", "web service"],
            example_flow: Some("handle-http"),
        }
    }

    fn build(properties: HttpContextMapProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self { properties, requests: Arc::default() })
    }

    fn offer(self: Arc<Self>) -> Arc<dyn HttpContextMap> {
        self
    }

    async fn on_enabled(&self, context: &ServiceContext) -> Result<(), ProcessError> {
        let start = new_uuid(context.random());
        let start = start.get(..START_LENGTH).unwrap_or_default();
        start.clone_into(&mut self.requests.lock().start);
        Ok(())
    }

    async fn on_disabled(&self, _: &ServiceContext) {
        // Whoever waits hears that nobody will answer.
        self.requests.lock().places.values_mut().for_each(|waiting| drop(waiting.take()));
    }
}

impl HttpContextMap for StandardHttpContextMap {
    fn enter(&self, random: &dyn Random) -> Option<Place> {
        let uuid = new_uuid(random);
        let mut requests = self.requests.lock();
        if requests.places.len() >= self.properties.maximum_outstanding_requests as usize {
            return None;
        }
        let own = uuid.get(START_LENGTH..).unwrap_or_default();
        let identifier = format!("{}{own}", requests.start);
        requests.places.insert(identifier.clone(), None);
        drop(requests);
        Some(Place { requests: Arc::clone(&self.requests), identifier })
    }

    fn claim(&self, identifier: &str) -> Result<Waiting, ProcessError> {
        let mut requests = self.requests.lock();
        if let Some(waiting) = requests.places.get_mut(identifier).and_then(Option::take) {
            return Ok(waiting);
        }
        let error = if identifier.starts_with(&requests.start) {
            ProcessError::external(
                "the request waits no more: it was answered before, or its time was over, or its \
                 client left",
            )
            .with_help(
                "let each request come to one answer, within \"Request Expiration\" of the \
                 service",
            )
        } else {
            ProcessError::external(
                "the request waits no more: its connection ended when the flow was stopped or its \
                 process came to an end",
            )
            .with_help("what was made of it is here; its client has to ask again")
        };
        Err(error.permanent())
    }

    fn expiration(&self) -> Duration {
        self.properties.request_expiration
    }
}
