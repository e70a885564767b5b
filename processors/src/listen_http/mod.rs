//! `ListenHTTP`: takes in what others send over HTTP.
//!
//! Never says that a request was taken before its flowfile is durable, and makes no flowfile of
//! half a request.

mod address;
mod reception;
mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use tutti_sdk::model::spec::InputRequirement;
use tutti_sdk::property::{DataSize, Regex};
use tutti_sdk::{
    BuildContext, BuildError, Description, Probe, ProcessError, Processor, ProcessorContext,
    Properties, SUCCESS, Session, Verification, async_trait,
};

use crate::http::address::Address;
use crate::http::intake::Received;
use crate::http::listening::{Listening, Site};
use crate::http::tls::{self, AUTHORITIES};
use crate::http::trials;
use address::{BasePath, HeaderNames};
use reception::Reception;

/// Requests that one commit takes.
const BATCH_MAX: usize = 100;

/// The properties of [`ListenHttp`].
#[derive(Debug, Clone, Properties)]
pub(crate) struct ListenHttpProperties {
    /// The IP address to listen at: one of this machine's, or `0.0.0.0` or `::` for all that it
    /// has. With the usual one, only programs on this machine reach it.
    #[property(default = "127.0.0.1", example = "0.0.0.0")]
    listening_address: Address,
    /// The port to listen at. With `0` it is a free one, which the log tells.
    #[property(exclusive = "port that is listened at", example = "8080", max = 65_535)]
    listening_port: u32,
    /// The path that requests are taken at. Others are answered with 404.
    #[property(default = "contentListener", example = "recordings")]
    base_path: BasePath,
    /// How many bytes the body of a request may have, unpacked where it comes packed; more are
    /// answered with 413.
    #[property(default = "4 GB", example = "100 MB")]
    maximum_request_size: DataSize,
    /// The status of the answer to a request that was taken.
    #[property(default = "200", min = 200, max = 299)]
    return_code: u32,
    /// Headers of a request whose names match this regular expression become attributes. Names of
    /// headers are the same in capitals and in small letters; those of the attributes have small
    /// ones.
    #[property(name = "HTTP Headers to receive as Attributes (Regex)", example = "x-.*")]
    headers_to_receive: Option<HeaderNames>,
    /// How many connections may be open at a time. For one more, one that waits for nothing is cut;
    /// where all work, it is answered with 503.
    #[property(default = "200", min = 1, max = 10_000)]
    maximum_connections: u32,
    /// How long a client may take to send the next 4 KiB of a body, or its end; then it is answered
    /// with 408.
    #[property(default = "30 sec")]
    idle_timeout: Duration,
    /// How long a request that is here as a whole waits until its flowfile is durable; then it is
    /// answered with 503.
    #[property(default = "60 sec")]
    confirmation_timeout: Duration,
    #[flatten]
    tls: tls::ServerProperties,
    /// Only clients are answered whose name in their certificate matches this regular expression as
    /// a whole; others get 403. The name is written as in `CN=studio,O=Tutti`.
    #[property(name = "Authorized Subject DN Pattern", example = "CN=studio-[0-9]+,O=Tutti")]
    authorized_subject: Option<Regex>,
    /// The same for the name of who made the client's certificate.
    #[property(name = "Authorized Issuer DN Pattern", example = "CN=Tutti CA")]
    authorized_issuer: Option<Regex>,
}

/// Names of properties that errors tell.
const SUBJECT: &str = "Authorized Subject DN Pattern";
const ISSUER: &str = "Authorized Issuer DN Pattern";

impl ListenHttpProperties {
    /// Refuses what asks for TLS by halves.
    fn files(&self) -> Result<Option<tls::Files>, BuildError> {
        let files = self.tls.files();
        let (files, mut wrong) = files.map_or_else(|wrong| (None, wrong), |it| (it, Vec::new()));
        let patterns = [(&self.authorized_subject, SUBJECT), (&self.authorized_issuer, ISSUER)];
        for (_, name) in patterns.into_iter().filter(|(pattern, _)| pattern.is_some()) {
            if !self.tls.asks_clients() {
                wrong.push(tls::wanted(AUTHORITIES, name));
            }
        }
        BuildError::unless_empty(wrong)?;
        Ok(files)
    }

    /// The status of the answer to a request that was taken.
    fn status(&self) -> StatusCode {
        let code = u16::try_from(self.return_code).ok();
        code.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK)
    }
}

/// Takes in what others send over HTTP.
pub(crate) struct ListenHttp {
    properties: Arc<ListenHttpProperties>,
    tls: Option<tls::Files>,
    listening: Listening<Received>,
}

#[async_trait]
impl Processor for ListenHttp {
    type Properties = ListenHttpProperties;

    fn describe() -> Description {
        Description {
            description: "\
Requests of the method POST are taken, each as a flowfile with the body as its content, which is \
streamed: its size does not matter. A body that comes packed, with the header `Content-Encoding: \
gzip`, is unpacked. Of a body of the type `multipart/form-data` each part becomes a flowfile, all \
at once or none.\n\n\
**A request is answered with success only when its flowfile is durable**: what was confirmed \
survives a kill. What was not may be there all the same, where the client went away while it \
waited; a client that repeats until it is confirmed loses nothing, and may send twice. Of a \
request that breaks off nothing is kept.\n\n\
While a connection that leads away is full, and while the processor stops, requests are answered \
with 503 and `Retry-After`, before their bodies are read where the client waits for that (`Expect: \
100-continue`). Other methods get 405; a HEAD request at **Base Path** is answered with 200. A GET \
request at `healthcheck` below it is answered with 200 while requests are taken, and else with \
503.\n\n\
A head may have 64 KiB and take 10 seconds, as may a connection without a request.\n\n\
Nobody is asked who they are unless **Certificate Authorities Location** says so: whoever reaches \
the address may send, pages in a browser on this machine included.",
            tags: &["http", "https", "rest", "listen", "ingest", "webhook", "source", "input"],
            input: InputRequirement::Forbidden,
            relationships: &[(SUCCESS, "Every request that was taken, or each of its parts.")],
            writes: &request::WRITES,
            serial: true,
            endless: true,
            example_flow: Some("listen-http"),
            outside: true,
            ..Description::transform("ListenHTTP", "Takes in what others send over HTTP.")
        }
    }

    fn build(properties: ListenHttpProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let tls = properties.files()?;
        Ok(Self { properties: Arc::new(properties), tls, listening: Listening::new() })
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        let properties = &self.properties;
        let site = Site {
            address: properties.listening_address,
            port: properties.listening_port,
            path: properties.base_path.as_str(),
            tls: self.tls.clone(),
            connections_max: properties.maximum_connections,
        };
        let reception =
            |inbox, scheme| Reception::new(Arc::clone(properties), context, inbox, scheme);
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
        for received in &mut batch {
            received.hand_on(session, |session, last, end| {
                session.on_durable(last, move || {
                    // A client that is gone does not hear it.
                    let _ = end.send(());
                    Ok(())
                });
            });
        }
        session.commit().await
    }
}
