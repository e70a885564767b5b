//! One request after another: whether it is taken, its content, and the answer.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::{mpsc, oneshot};
use tutti_sdk::property::Regex;
use tutti_sdk::{ProcessorContext, async_trait};

use super::{ListenHttpProperties, request};
use crate::http::arrival;
use crate::http::intake::{Intake, Received};
use crate::http::refusal::{self, Refusal};
use crate::http::server::{Body, Handler, Peer, boxed};

/// Methods that are answered at the base path.
const METHODS: &str = "HEAD, POST";

/// Takes requests in.
pub(super) struct Reception {
    properties: Arc<ListenHttpProperties>,
    intake: Intake,
    inbox: mpsc::Sender<Received>,
}

#[async_trait]
impl Handler for Reception {
    async fn answer(&self, request: Request<Incoming>, peer: Peer) -> Response<Body> {
        let (head, mut body) = request.into_parts();
        match self.receive(&head, &mut body, &peer).await {
            Ok(response) => boxed(response),
            Err(refusal) => arrival::refuse(refusal, &head, &mut body).await,
        }
    }
}

impl Reception {
    pub(super) fn new(
        properties: Arc<ListenHttpProperties>,
        context: &ProcessorContext,
        inbox: mpsc::Sender<Received>,
        scheme: &'static str,
    ) -> Self {
        let bytes_max = properties.maximum_request_size.bytes();
        let intake = Intake {
            context: context.clone(),
            scheme,
            bytes_max,
            parts_bytes_max: bytes_max,
            idle_max: properties.idle_timeout,
            unpacks: true,
        };
        Self { properties, intake, inbox }
    }

    async fn receive(
        &self,
        head: &Parts,
        body: &mut Incoming,
        peer: &Peer,
    ) -> Result<Response<Full<Bytes>>, Refusal> {
        self.authorize(peer)?;
        let (path, method) = (head.uri.path(), &head.method);
        if self.properties.base_path.is_health(path) {
            return match *method {
                Method::GET | Method::HEAD => {
                    self.intake.is_open().map(|()| refusal::empty(StatusCode::OK))
                }
                _ => Err(Refusal::method("GET, HEAD")),
            };
        }
        if !self.properties.base_path.is(path) {
            return Err(Refusal::new(StatusCode::NOT_FOUND, "nothing is taken at this path"));
        }
        match *method {
            Method::POST => {}
            Method::HEAD => return Ok(refusal::empty(StatusCode::OK)),
            _ => return Err(Refusal::method(METHODS)),
        }
        self.intake.is_open()?;
        let wanted = self.properties.headers_to_receive.as_ref();
        let common =
            request::attributes(head, peer, wanted).map_err(|error| self.intake.failed(&error))?;
        let whole = request::of_whole(head);
        let (received, durable) = self.intake.receive(head, body, &common, whole).await?;
        self.confirm(received, durable).await?;
        Ok(refusal::empty(self.properties.status()))
    }

    fn authorize(&self, peer: &Peer) -> Result<(), Refusal> {
        let names = peer.names.as_ref();
        let check = |pattern: Option<&Regex>, name: Option<&str>| {
            let Some(pattern) = pattern else { return Ok(()) };
            match name.map(|name| pattern.matches(name)) {
                Some(Ok(true)) => Ok(()),
                Some(Ok(false)) | None => {
                    Err(Refusal::new(StatusCode::FORBIDDEN, "this certificate may not send"))
                }
                Some(Err(error)) => Err(self.intake.failed(&error)),
            }
        };
        let properties = &self.properties;
        let subject = names.map(|names| names.subject.as_str());
        check(properties.authorized_subject.as_ref(), subject)?;
        check(properties.authorized_issuer.as_ref(), names.map(|names| names.issuer.as_str()))
    }

    /// Waits until the flowfiles are durable.
    async fn confirm(
        &self,
        received: Received,
        durable: oneshot::Receiver<()>,
    ) -> Result<(), Refusal> {
        let confirmed = async {
            self.inbox.send(received).await.map_err(|_| Refusal::stopping())?;
            // Without an answer it was given up: the commit failed, or nobody takes it any more.
            let given_up = Refusal::later("it could not be stored: come again later");
            durable.await.map_err(|_| given_up)
        };
        let timeout = self.properties.confirmation_timeout.as_millis();
        let timeout_ms = u64::try_from(timeout).unwrap_or(u64::MAX);
        tokio::select! {
            confirmed = confirmed => confirmed,
            () = self.intake.context.clock().sleep_ms(timeout_ms) => {
                Err(Refusal::later("it could not be stored in time: come again later"))
            }
        }
    }
}
