//! One request after another: whether it is taken, and what its client is answered.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::{mpsc, oneshot};
use tutti_sdk::{ProcessorContext, async_trait};

use super::methods::Methods;
use super::{HandleHttpRequestProperties, request};
use crate::http::arrival;
use crate::http::intake::{Intake, Received};
use crate::http::refusal::Refusal;
use crate::http::server::{Body, Handler, Peer};
use crate::http::watch::farewell;
use crate::http_context_map::HttpContextMap;

/// How long requests may wait for their answers once the processor is to stop.
const FAREWELL_MS: u64 = 3_000;

/// Takes requests in.
pub(super) struct Reception {
    properties: Arc<HandleHttpRequestProperties>,
    methods: Methods,
    intake: Intake,
    map: Arc<dyn HttpContextMap>,
    inbox: mpsc::Sender<Received>,
}

#[async_trait]
impl Handler for Reception {
    async fn answer(&self, request: Request<Incoming>, peer: Peer) -> Response<Body> {
        let (head, mut body) = request.into_parts();
        match self.receive(&head, &mut body, &peer).await {
            Ok(response) => response,
            Err(refusal) => arrival::refuse(refusal, &head, &mut body).await,
        }
    }
}

impl Reception {
    pub(super) fn new(
        properties: Arc<HandleHttpRequestProperties>,
        context: &ProcessorContext,
        map: Arc<dyn HttpContextMap>,
        inbox: mpsc::Sender<Received>,
        scheme: &'static str,
    ) -> Self {
        let intake = Intake {
            context: context.clone(),
            scheme,
            bytes_max: properties.maximum_request_size.bytes(),
            parts_bytes_max: properties.multipart_request_max_size.bytes(),
            idle_max: properties.idle_timeout,
            unpacks: false,
        };
        Self { methods: properties.methods(), properties, intake, map, inbox }
    }

    async fn receive(
        &self,
        head: &Parts,
        body: &mut Incoming,
        peer: &Peer,
    ) -> Result<Response<Body>, Refusal> {
        if !self.methods.has(&head.method) {
            return Err(Refusal::method(self.methods.list()));
        }
        if let Some(allowed) = &self.properties.allowed_paths
            && !allowed.matches(head.uri.path()).map_err(|error| self.intake.failed(&error))?
        {
            return Err(Refusal::new(StatusCode::NOT_FOUND, "nothing is taken at this path"));
        }
        self.intake.is_open()?;
        let context = &self.intake.context;
        let full = || Refusal::later("too many requests wait for their answers: come again later");
        let place = self.map.enter(context.random()).ok_or_else(full)?;
        let common = request::attributes(head, peer, place.identifier(), self.intake.scheme);
        let whole = request::of_whole(head);
        let (received, committed) = self.intake.receive(head, body, &common, whole).await?;
        let answer = place.open(head.method == Method::HEAD, &peer.cut);
        let expiration = self.map.expiration().as_millis();
        let expiration_ms = u64::try_from(expiration).unwrap_or(u64::MAX);
        tokio::select! {
            biased;
            answered = self.answered(received, committed, answer) => answered,
            () = farewell(context, FAREWELL_MS) => Err(Refusal::stopping()),
            () = context.clock().sleep_ms(expiration_ms) => {
                Err(Refusal::later("no answer came in time"))
            }
        }
    }

    async fn answered(
        &self,
        received: Received,
        committed: oneshot::Receiver<()>,
        answer: oneshot::Receiver<Response<Body>>,
    ) -> Result<Response<Body>, Refusal> {
        self.inbox.send(received).await.map_err(|_| Refusal::stopping())?;
        let given_up = |_| Refusal::later("it could not be stored: come again later");
        committed.await.map_err(given_up)?;
        answer.await.map_err(|_| Refusal::stopping())
    }
}
