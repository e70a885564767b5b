//! `HandleHttpRequest`: takes in requests over HTTP that somebody else answers.
//!
//! Never answers with success itself, and makes no flowfile of half a request.

#[cfg(test)]
pub(crate) mod bench;
mod methods;
mod reception;
mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use tutti_sdk::model::spec::InputRequirement;
use tutti_sdk::property::{DataSize, Regex, ServiceRef};
use tutti_sdk::{
    BuildContext, BuildError, Description, Probe, ProcessError, Processor, ProcessorContext,
    Properties, SUCCESS, Session, Verification, async_trait,
};

use crate::http::address::Address;
use crate::http::intake::Received;
use crate::http::listening::{Listening, Site};
use crate::http::tls;
use crate::http::trials;
use crate::http_context_map::HttpContextMap;
use methods::Methods;
use reception::Reception;

/// Requests that one commit takes.
const BATCH_MAX: usize = 100;

/// The properties of [`HandleHttpRequest`].
#[derive(Debug, Properties)]
#[allow(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub(crate) struct HandleHttpRequestProperties {
    /// The IP address to listen at: one of this machine's, or `0.0.0.0` or `::` for all that it
    /// has. With the usual one, only programs on this machine reach it.
    #[property(default = "127.0.0.1", example = "0.0.0.0")]
    listening_address: Address,
    /// The port to listen at. With `0` it is a free one, which the log tells.
    #[property(exclusive = "port that is listened at", example = "8080", max = 65_535)]
    listening_port: u32,
    /// Where requests wait for `HandleHttpResponse`, which has the same.
    #[property(name = "HTTP Context Map", example = "Requests")]
    http_context_map: ServiceRef<dyn HttpContextMap>,
    /// Only requests are taken whose path matches this regular expression as a whole. Others are
    /// answered with 404.
    #[property(example = "/takes/.*")]
    allowed_paths: Option<Regex>,
    /// Whether GET is taken.
    #[property(name = "Allow GET", default = "true")]
    allow_get: bool,
    /// Whether POST is taken.
    #[property(name = "Allow POST", default = "true")]
    allow_post: bool,
    /// Whether PUT is taken.
    #[property(name = "Allow PUT", default = "true")]
    allow_put: bool,
    /// Whether DELETE is taken.
    #[property(name = "Allow DELETE", default = "true")]
    allow_delete: bool,
    /// Whether HEAD is taken.
    #[property(name = "Allow HEAD", default = "false")]
    allow_head: bool,
    /// Whether OPTIONS is taken.
    #[property(name = "Allow OPTIONS", default = "false")]
    allow_options: bool,
    /// Further methods that are taken, with commas between them.
    #[property(name = "Additional HTTP Methods", example = "PATCH, PROPFIND")]
    additional_methods: Option<Methods>,
    /// How many bytes the body of a request may have that is not in parts; more are answered with
    /// 413.
    #[property(default = "4 GB", example = "100 MB")]
    maximum_request_size: DataSize,
    /// The same for a body of the type `multipart/form-data`, with all of its parts.
    #[property(default = "1 MB", example = "100 MB")]
    multipart_request_max_size: DataSize,
    /// How many connections may be open at a time. For one more, one that waits for nothing is cut;
    /// where all work, it is answered with 503.
    #[property(default = "1000", min = 1, max = 10_000)]
    maximum_connections: u32,
    /// How long a client may take to send the next 4 KiB of a body, or its end; then it is answered
    /// with 408.
    #[property(default = "30 sec")]
    idle_timeout: Duration,
    #[flatten]
    tls: tls::ServerProperties,
}

impl HandleHttpRequestProperties {
    /// The methods that are taken.
    fn methods(&self) -> Methods {
        let switches = [
            ("GET", self.allow_get),
            ("POST", self.allow_post),
            ("PUT", self.allow_put),
            ("DELETE", self.allow_delete),
            ("HEAD", self.allow_head),
            ("OPTIONS", self.allow_options),
        ];
        let allowed = switches.into_iter().filter_map(|(name, allows)| allows.then_some(name));
        Methods::of(allowed, self.additional_methods.as_ref())
    }
}

/// Takes in requests that somebody else answers.
pub(crate) struct HandleHttpRequest {
    properties: Arc<HandleHttpRequestProperties>,
    tls: Option<tls::Files>,
    listening: Listening<Received>,
}

#[async_trait]
impl Processor for HandleHttpRequest {
    type Properties = HandleHttpRequestProperties;

    fn describe() -> Description {
        Description {
            description: "\
Each request becomes a flowfile with the body as its content, as it comes; of a body of the type \
`multipart/form-data` each part becomes one, all at once or none. Its client waits until \
HandleHttpResponse answers it, which is to get one flowfile of each request: the flow in between \
makes the answer. Both name the same service in **HTTP Context Map**.\n\n\
A request that nobody answers within **Request Expiration** of the service is answered with 503, \
as is one that finds all its places taken, one that comes while a connection that leads away is \
full, and one that could not be stored. On a stop, requests that wait have 3 seconds for their \
answers; then they are answered with 503. Their flowfiles go their way all the same.\n\n\
The flowfile is made durable with the flow, and its connection cannot be: after a crash it is \
worked on, and HandleHttpResponse sends it to `failure`. A request that breaks off leaves nothing, \
and a client that goes away while it waits leaves its flowfile where that was made already.\n\n\
Names of headers are in small letters in attributes, whatever the client wrote. A head may have 64 \
KiB and take 10 seconds, as may a connection without a request.\n\n\
Nobody is asked who they are unless **Certificate Authorities Location** says so: whoever reaches \
the address may send, pages in a browser on this machine included.",
            tags: &["http", "https", "rest", "request", "listen", "web service", "source", "input"],
            input: InputRequirement::Forbidden,
            relationships: &[(SUCCESS, "Every request that was taken, or each of its parts.")],
            writes: &request::WRITES,
            serial: true,
            endless: true,
            example_flow: Some("handle-http"),
            outside: true,
            ..Description::transform(
                "HandleHttpRequest",
                "Takes in requests over HTTP, which HandleHttpResponse answers.",
            )
        }
    }

    fn build(
        properties: HandleHttpRequestProperties,
        _: &BuildContext,
    ) -> Result<Self, BuildError> {
        let tls = properties.tls.files().map_err(BuildError::Properties)?;
        Ok(Self { properties: Arc::new(properties), tls, listening: Listening::new() })
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        let properties = &self.properties;
        let map = context.service(&properties.http_context_map)?;
        let site = Site {
            address: properties.listening_address,
            port: properties.listening_port,
            path: "/",
            tls: self.tls.clone(),
            connections_max: properties.maximum_connections,
        };
        let reception =
            |inbox, scheme| Reception::new(Arc::clone(properties), context, map, inbox, scheme);
        self.listening.start(site, context, reception).await
    }

    async fn on_stopped(&self, _: &ProcessorContext) {
        self.listening.stop().await;
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        let (address, port) = (self.properties.listening_address, self.properties.listening_port);
        trials::listen(address, port, self.tls.clone(), probe).await
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        // Its contents live as long as the batch, which is until they are committed.
        let mut batch = self.listening.next(session.context(), BATCH_MAX).await;
        let mut ends = Vec::new();
        for received in &mut batch {
            received.hand_on(session, |_, _, end| ends.push(end));
        }
        session.commit().await?;
        for end in ends {
            // A client that is gone does not hear it.
            let _ = end.send(());
        }
        Ok(())
    }
}
