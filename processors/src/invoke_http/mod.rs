//! `InvokeHTTP`: sends an HTTP request for each flowfile, and takes the answer in.
//!
//! Never sends a request again by itself, tells nobody a password, and holds neither content in
//! memory as a whole.

mod answer;
mod call;
mod headers;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity};
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::flowfile::{FlowFile, core_attribute};
use tutti_sdk::model::spec::{InputRequirement, PropertyError, ValueError};
use tutti_sdk::property::{AttributeName, Choice, DataSize, Dynamic, Evaluated, Regex, Secret};
use tutti_sdk::{
    BuildContext, BuildError, Description, Makes, Probe, ProcessError, Processor, ProcessorContext,
    Properties, Session, Verification, async_trait, verified,
};

use crate::http::trials;
use crate::http::watch::Interrupted;
use crate::http::{self, tls};
use answer::Answer;
use call::Call;
use target::{HttpMethod, HttpUrl};

/// Names of the ways out, as NiFi writes them.
const ORIGINAL: &str = "Original";
const RESPONSE: &str = "Response";
const RETRY: &str = "Retry";
const NO_RETRY: &str = "No Retry";
const FAILURE: &str = "Failure";

/// How the flowfile of an answer is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum NamingStrategy {
    /// By its own `uuid`.
    #[choice("RANDOM")]
    Random,
    /// By the last part of the URL's path, where there is one.
    #[choice("URL_PATH")]
    UrlPath,
}

/// The properties of [`InvokeHttp`].
#[derive(Debug, Properties)]
#[allow(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub(crate) struct InvokeHttpProperties {
    /// The method of the request. With `POST`, `PUT` and `PATCH` the content is sent as its body.
    #[property(name = "HTTP Method", default = "GET", example = "POST")]
    method: Evaluated<HttpMethod>,
    /// Where the request is sent. A user and a password have properties of their own.
    #[property(name = "HTTP URL", example = "https://example.org/takes/${filename:urlEncode()}")]
    url: Evaluated<HttpUrl>,
    /// The file with the certificates of authorities, in the form PEM, that a server's certificate
    /// must be of one of. Without it the system's count.
    #[property(example = "/etc/tutti/servers.pem")]
    certificate_authorities_location: Option<String>,
    /// The file with the certificate to show to servers, in the form PEM.
    #[property(example = "/etc/tutti/client.pem")]
    certificate_location: Option<String>,
    /// The file with the key of the certificate, in the form PEM.
    #[property(example = "/etc/tutti/client.key")]
    private_key_location: Option<String>,
    /// How long to wait for a connection.
    #[property(default = "5 sec")]
    socket_connect_timeout: Duration,
    /// How long to wait while nothing comes or goes.
    #[property(default = "15 sec")]
    socket_read_timeout: Duration,
    /// The user, for Basic authentication.
    #[property(example = "studio")]
    request_username: Option<Evaluated<String>>,
    /// The user's password.
    #[property(sensitive)]
    request_password: Option<Secret>,
    /// Whether flowfiles that go to `No Retry` are penalised.
    #[property(default = "false")]
    request_failure_penalization_enabled: bool,
    /// Whether the content is sent, with the methods that have a body.
    #[property(default = "true")]
    request_body_enabled: bool,
    /// Whether the content is sent in chunks, without saying first how long it is. Content that is
    /// made on demand always is.
    #[property(name = "Request Chunked Transfer-Encoding Enabled", default = "false")]
    is_chunked: bool,
    /// The type of the content. Without a value it is `application/octet-stream`.
    #[property(name = "Request Content-Type", default = "${mime.type}", example = "audio/wav")]
    content_type: Option<Evaluated<String>>,
    /// Attributes whose names match this regular expression as a whole are sent as headers.
    #[property(example = "audio\\..*")]
    request_header_attributes_pattern: Option<Regex>,
    /// What the request says that it is sent by. Without a value it is Tutti and its version.
    #[property(name = "Request User-Agent", example = "Tutti")]
    user_agent: Option<Evaluated<String>>,
    /// With it, the body of the answer goes into this attribute of the request's flowfile, and no
    /// flowfile is made of it.
    #[property(example = "answer")]
    response_body_attribute_name: Option<Evaluated<AttributeName>>,
    /// How many bytes of an answer's body go into an attribute; the rest is left out.
    #[property(default = "256", min = 1, max = 1_000_000)]
    response_body_attribute_size: u32,
    /// Whether nothing is made of an answer's body.
    #[property(default = "false")]
    response_body_ignored: bool,
    /// How large the body of an answer may be that becomes content. A larger one is a failure.
    #[property(default = "1 GB", example = "10 MB")]
    maximum_response_size: DataSize,
    /// Whether a flowfile is made of every answer, whatever its status.
    #[property(default = "false")]
    response_generation_required: bool,
    /// How the flowfile of an answer is called.
    #[property(name = "Response FlowFile Naming Strategy", default = "RANDOM")]
    naming: NamingStrategy,
    /// Whether the headers of an answer become attributes of the request's flowfile too.
    #[property(default = "false")]
    response_header_request_attributes_enabled: bool,
    /// What the names of these attributes begin with.
    #[property(example = "answer.")]
    response_header_request_attributes_prefix: Option<Evaluated<String>>,
    /// Whether to go where an answer points to, up to 20 times. From `https` to `http` nobody is
    /// followed.
    #[property(default = "true")]
    response_redirects_enabled: bool,
    /// A header of the request, which is left out where it has no value.
    #[dynamic(name = "header")]
    headers: Dynamic<Evaluated<String>>,
}

impl InvokeHttpProperties {
    fn check(&self) -> Result<(), BuildError> {
        let mut wrong = http::headers::check(&self.headers);
        let (certificate, key) = (&self.certificate_location, &self.private_key_location);
        wrong.extend(tls::check(certificate.is_some(), key.is_some()));
        if self.request_password.is_some() && self.request_username.is_none() {
            let error = ValueError::new("a password is of no use without a user")
                .with_help("set \"Request Username\", or leave \"Request Password\" out");
            wrong.push(PropertyError::together("Request Password", ["Request Username"], error));
        }
        BuildError::unless_empty(wrong)
    }

    /// What sends the requests. Reads files.
    fn client(&self) -> Result<Client, ProcessError> {
        let mut builder = Client::builder()
            // Where to go next is decided here: content that is streamed is sent anew.
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .tls_info(true)
            .connect_timeout(self.socket_connect_timeout);
        if let Some(path) = &self.certificate_authorities_location {
            builder = builder.tls_built_in_root_certs(false);
            for root in tls::certificates(path)? {
                let root = Certificate::from_der(&root);
                let root = root.map_err(|error| tls::unusable(path, error))?;
                builder = builder.add_root_certificate(root);
            }
        }
        if let (Some(path), Some(key)) = (&self.certificate_location, &self.private_key_location) {
            let both = [read(path)?, read(key)?].concat();
            let identity = Identity::from_pem(&both);
            let identity = identity.map_err(|error| tls::unusable(path, error))?;
            builder = builder.identity(identity);
        }
        let help = "look at the files that the properties for TLS name";
        builder.build().map_err(|error| {
            ProcessError::external("cannot prepare for requests").caused_by(error).with_help(help)
        })
    }
}

fn read(path: &str) -> Result<Vec<u8>, ProcessError> {
    let read = std::fs::read(path);
    read.map_err(|error| tls::unusable(path, error))
}

/// Sends an HTTP request for each flowfile.
pub(crate) struct InvokeHttp {
    properties: Arc<InvokeHttpProperties>,
    client: Mutex<Option<Client>>,
}

#[async_trait]
impl Processor for InvokeHttp {
    type Properties = InvokeHttpProperties;

    fn describe() -> Description {
        Description {
            description: "\
Both contents are streamed: their size does not matter. Without a connection that leads to it, it \
sends a request without content at each trigger, and pauses for its yield duration where its \
schedule says no more.\n\n\
Each request is sent once: what is to be sent again goes round by `Retry` or `Failure`, or by the \
`retry` of the flow. A kill or a crash repeats a request whose outcome was not durable yet. On a \
stop a request has 5 seconds to come to its end; then it is given up, its flowfile stays in its \
queue, and the server may have worked on it.\n\n\
Where an answer points elsewhere (301, 302, 303, 307, 308), `POST` becomes `GET` as browsers do \
it, and to another host neither user nor password is sent, nor the headers `Authorization` and \
`Cookie`. What the environment says of proxies counts for nothing.\n\n\
The names of headers become attributes in small letters. Messages and provenance tell a URL \
without what follows `?`; the attributes tell all of it.",
            tags: &["http", "https", "rest", "client", "call", "webhook", "post", "get"],
            input: InputRequirement::Allowed,
            makes: const {
                &[
                    Makes::as_it_came(ORIGINAL),
                    Makes::as_it_came(RETRY),
                    Makes::as_it_came(NO_RETRY),
                ]
            },
            relationships: &[
                (ORIGINAL, "Flowfiles whose request was answered with success (200 to 299)."),
                (
                    RESPONSE,
                    "The answers to these, or to all with **Response Generation Required**, as \
                     flowfiles with the attributes of the request's and the headers.",
                ),
                (RETRY, "Flowfiles whose request the server failed at (500 to 599), penalised."),
                (NO_RETRY, "Flowfiles whose request was answered otherwise."),
                (
                    FAILURE,
                    "Flowfiles whose request was not answered (no connection, none in time, an \
                     answer that breaks off or is too large), and those of which no request can \
                     be made, penalised.",
                ),
            ],
            reads: &[("mime.type", "The type, unless **Request Content-Type** says otherwise.")],
            writes: answer::WRITES,
            example_flow: Some("invoke-http"),
            outside: true,
            ..Description::transform("InvokeHTTP", "Sends an HTTP request for each flowfile.")
        }
    }

    fn build(properties: InvokeHttpProperties, _: &BuildContext) -> Result<Self, BuildError> {
        properties.check()?;
        Ok(Self { properties: Arc::new(properties), client: Mutex::default() })
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        let properties = Arc::clone(&self.properties);
        let client = context.blocking(move || properties.client()).await??;
        *self.client.lock() = Some(client);
        Ok(())
    }

    async fn on_stopped(&self, _: &ProcessorContext) {
        // Connections that wait for further requests end with it.
        self.client.lock().take();
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        let properties = Arc::clone(&self.properties);
        let client = probe.blocking(move || properties.client().map(drop)).await;
        let client = client.map(|()| "all that it needs can be read".to_owned());
        let patience = self.properties.socket_connect_timeout;
        let connect = |url: HttpUrl| async move { trials::connect(&url.0, patience).await };
        let url = &self.properties.url;
        let connected = probe.verify("Connect to the server", url, connect).await;
        vec![verified("Prepare for requests", client), connected]
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(client) = self.client.lock().clone() else { return Ok(()) };
        let is_source = session.context().is_source();
        let flowfile = match session.get()? {
            Some(flowfile) => flowfile,
            None if is_source => session.create(),
            None => return Ok(()),
        };
        if is_source {
            session.yield_processor();
        }
        let called = Call::new(&self.properties, client, session, &flowfile).run().await;
        match called {
            Ok(answer) => self.settle(session, flowfile, answer, is_source),
            Err(Interrupted::Stopping) => {
                session.rollback(false);
                Ok(())
            }
            Err(Interrupted::Failed(error)) if is_source => Err(error),
            Err(Interrupted::Failed(error)) => {
                let mut flowfile = flowfile;
                session.penalize(&mut flowfile);
                session.fail(flowfile, FAILURE, &error);
                Ok(())
            }
        }
    }
}

impl InvokeHttp {
    /// Sends on what came of an answer.
    fn settle(
        &self,
        session: &mut Session,
        mut flowfile: FlowFile,
        answer: Answer,
        is_source: bool,
    ) -> Result<(), ProcessError> {
        let properties = &self.properties;
        if let Some(bytes) = answer.bytes_sent {
            session.provenance_send(&flowfile, &answer.uri, bytes);
        }
        let told = answer.attributes(session);
        if let Some(content) = &answer.content {
            let mut response =
                if is_source { session.create() } else { session.create_child(&flowfile) };
            for (name, value) in answer.header_attributes("") {
                response.set_attribute(&name, value);
            }
            let filename = match properties.naming {
                NamingStrategy::UrlPath => answer.last_part(),
                NamingStrategy::Random => None,
            };
            let filename = filename.unwrap_or_else(|| response.uuid().to_owned());
            response.set_attribute(core_attribute::FILENAME, filename);
            if let Some(mime_type) = answer.mime_type() {
                response.set_attribute(core_attribute::MIME_TYPE, mime_type);
            }
            for (name, value) in &told {
                response.set_attribute(name, value.as_str());
            }
            session.set_content(&mut response, content.clone());
            if is_source {
                session.provenance_receive(&response, &answer.uri);
            }
            session.transfer(response, RESPONSE);
        }
        let relationship = match answer.status.as_u16() {
            200..=299 => ORIGINAL,
            500..=599 => RETRY,
            _ => NO_RETRY,
        };
        if relationship != ORIGINAL {
            let message = format!("{} was answered with {}", answer.request, answer.status_line());
            session.report(Level::Warning, Some(&flowfile), message);
        }
        if is_source {
            session.remove(flowfile, "there was no request's flowfile");
            return Ok(());
        }
        if properties.response_header_request_attributes_enabled {
            let prefix = match &properties.response_header_request_attributes_prefix {
                Some(prefix) => prefix.evaluate(session, &flowfile)?,
                None => String::new(),
            };
            for (name, value) in answer.header_attributes(&prefix) {
                flowfile.set_attribute(&name, value);
            }
        }
        for (name, value) in told {
            flowfile.set_attribute(name, value);
        }
        if let Some((name, text)) = answer.text {
            flowfile.set_attribute(&name, text);
        }
        let is_penalized = match relationship {
            RETRY => true,
            NO_RETRY => properties.request_failure_penalization_enabled,
            _ => false,
        };
        if is_penalized {
            session.penalize(&mut flowfile);
        }
        session.transfer(flowfile, relationship);
        Ok(())
    }
}
