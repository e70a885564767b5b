//! `HandleHttpResponse`: answers requests that `HandleHttpRequest` took in.
//!
//! Must never answer before what led to the answer is durable: a client that was told of success
//! would not send again what a crash takes back.

mod delivery;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use hyper::header::HeaderMap;
use hyper::{Response, StatusCode};
use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::{Dynamic, Evaluated, PropertyType, Regex, ServiceRef};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, ProcessError, Processor, Properties,
    SUCCESS, Session, async_trait,
};

use crate::http::headers;
use crate::http::outgoing::{self, Sent};
use crate::http::watch::{Interrupted, Watch};
use crate::http_context_map::{HttpContextMap, IDENTIFIER};
use delivery::Delivery;

/// Flowfiles that are answered in one session.
const BATCH_MAX: usize = 100;
/// How long a client may take for the next piece of an answer.
const IDLE_MAX: Duration = Duration::from_secs(30);
const ATTRIBUTES: &str = "Attributes to add to the HTTP Response (Regex)";

/// The status of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Status(StatusCode);

impl PropertyType for Status {
    fn kind() -> PropertyKind {
        PropertyKind::Integer { min: 200, max: 599 }
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        // What is below is followed by another answer.
        let status = StatusCode::from_bytes(text.trim().as_bytes()).ok();
        status.filter(|status| (200..600).contains(&status.as_u16())).map(Self).ok_or_else(|| {
            ValueError::new(format!("\"{text}\" is not the status of an answer"))
                .with_help("write a number from 200 to 599, such as 200 or 404")
        })
    }
}

/// The properties of [`HandleHttpResponse`].
#[derive(Debug, Properties)]
pub(crate) struct HandleHttpResponseProperties {
    /// The status of the answer.
    #[property(name = "HTTP Status Code", example = "200")]
    status_code: Evaluated<Status>,
    /// Where the requests wait: the same that `HandleHttpRequest` has.
    #[property(name = "HTTP Context Map", example = "Requests")]
    http_context_map: ServiceRef<dyn HttpContextMap>,
    /// Attributes whose names match this regular expression as a whole are sent as headers, where
    /// they have a value.
    #[property(name = "Attributes to add to the HTTP Response (Regex)", example = "audio\\..*")]
    attributes: Option<Regex>,
    /// A header of the answer, which is left out where it has no value.
    #[dynamic(name = "header")]
    headers: Dynamic<Evaluated<String>>,
}

/// Answers requests.
pub(crate) struct HandleHttpResponse(HandleHttpResponseProperties);

#[async_trait]
impl Processor for HandleHttpResponse {
    type Properties = HandleHttpResponseProperties;

    fn describe() -> Description {
        Description {
            description: "\
The content is the body of the answer; a property `Content-Type` says what it is. It is streamed: \
its size does not matter.\n\n\
**An answer is sent only when all that led to it is durable**: what a client was told survives a \
kill. A kill between the answer and the durability of its flowfile's end brings the flowfile back; \
then it goes to `failure`, as its connection is gone.\n\n\
Where the request waits no more, because it was answered before, waited longer than **Request \
Expiration** of the service, its client left, the flow was stopped or the process ended, the \
flowfile goes to `failure`, which says why. So it does where the client goes away in the middle of \
the answer, or takes nothing of it for 30 seconds. A flowfile that fails before the answer was \
begun can still be answered by another HandleHttpResponse, with 500 for one.\n\n\
Each task answers up to 100 flowfiles at a time, and goes on when their clients have all of it: \
with large answers and slow clients, give it more tasks.",
            tags: &["http", "https", "rest", "response", "answer", "web service", "output"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (SUCCESS, "Flowfiles whose answer was handed to the client's connection."),
                (FAILURE, "Flowfiles that no answer could be made of, or that nobody waits for."),
            ],
            reads: &[
                (IDENTIFIER, "Which request it is of, from HandleHttpRequest."),
                ("http.request.url", "Where the request was sent to, for provenance."),
            ],
            example_flow: Some("handle-http"),
            outside: true,
            ..Description::transform(
                "HandleHttpResponse",
                "Answers requests that HandleHttpRequest took in.",
            )
        }
    }

    fn build(
        properties: HandleHttpResponseProperties,
        _: &BuildContext,
    ) -> Result<Self, BuildError> {
        BuildError::unless_empty(headers::check(&properties.headers))?;
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let flowfiles = session.get_batch(BATCH_MAX)?;
        if flowfiles.is_empty() {
            return Ok(());
        }
        session.durable().await?;
        let map = session.context().service(&self.0.http_context_map)?;
        let shared: &Session = session;
        let answers = flowfiles.iter().map(|flowfile| self.answer(shared, flowfile, &map));
        let answered = join_all(answers).await;
        for (flowfile, answered) in flowfiles.into_iter().zip(answered) {
            match answered {
                Ok(bytes) => {
                    let uri = flowfile.attribute("http.request.url").unwrap_or_default().to_owned();
                    session.provenance_send(&flowfile, &uri, bytes);
                    session.transfer(flowfile, SUCCESS);
                }
                Err(error) => session.fail(flowfile, FAILURE, &error),
            }
        }
        Ok(())
    }
}

impl HandleHttpResponse {
    /// Answers the request of `flowfile`; how many bytes its client got.
    async fn answer(
        &self,
        session: &Session,
        flowfile: &FlowFile,
        map: &Arc<dyn HttpContextMap>,
    ) -> Result<u64, ProcessError> {
        let identifier = flowfile.attribute(IDENTIFIER).ok_or_else(|| {
            ProcessError::user(format!("the flowfile has no attribute \"{IDENTIFIER}\""))
                .with_help("send only what HandleHttpRequest has made, with its attributes")
        })?;
        let status = self.0.status_code.evaluate(session, flowfile)?.0;
        let headers = self.headers(session, flowfile)?;
        let length = match flowfile.content() {
            Content::Derived(_) => None,
            _ => Some(flowfile.size_bytes()),
        };
        let reader = session.read(flowfile)?;
        // From here on nobody else can answer it.
        let waiting = map.claim(identifier)?;
        let mut watch = Watch::new(session.context(), IDLE_MAX, "look at the client");
        let sent = Sent::default();
        let pieces = outgoing::pieces(reader, session.context(), watch.progress(), &sent);
        let has_body = !waiting.is_head
            && ![StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        let (body, delivered) = Delivery::body(pieces, length, has_body);
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        let cut = waiting.cut.clone();
        if !waiting.answer(response) {
            return Err(left());
        }
        let error = match watch.over(delivered).await {
            Ok(Ok(())) => return Ok(sent.bytes()),
            Ok(Err(_)) => sent.error().unwrap_or_else(left),
            Err(Interrupted::Failed(error)) => unsent().caused_by(error),
            Err(Interrupted::Stopping) => unsent().caused_by("the processor was to stop"),
        };
        // Half an answer must not look like a whole one.
        cut.cancel();
        Err(error.permanent())
    }

    fn headers(&self, session: &Session, flowfile: &FlowFile) -> Result<HeaderMap, ProcessError> {
        let mut headers = HeaderMap::new();
        if let Some(pattern) = &self.0.attributes {
            headers::add_attributes(&mut headers, flowfile, pattern, ATTRIBUTES)?;
        }
        headers::add_properties(&mut headers, &self.0.headers, session, flowfile)?;
        Ok(headers)
    }
}

fn left() -> ProcessError {
    ProcessError::external("the client left before it had the whole answer")
        .with_help("its client has to ask again")
        .permanent()
}

fn unsent() -> ProcessError {
    ProcessError::external("the client did not get the whole answer")
        .with_help("look at the client and the network; it has to ask again")
}
