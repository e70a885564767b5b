//! Both processors around one service, and clients over real sockets.

use std::net::SocketAddr;

use tokio::task::JoinHandle;
use tutti_sdk::SUCCESS;
use tutti_sdk::testkit::{Output, TestRunner, TestService};

use super::HandleHttpRequest;
use crate::handle_http_response::HandleHttpResponse;
use crate::http::client;
use crate::http_context_map::StandardHttpContextMap;

pub(crate) struct Bench {
    pub(crate) service: TestService,
    pub(crate) requests: TestRunner,
    pub(crate) responses: TestRunner,
    pub(crate) address: SocketAddr,
}

/// What the parts of a bench have as properties.
#[derive(Default)]
pub(crate) struct Plan<'p> {
    pub(crate) service: &'p [(&'p str, &'p str)],
    pub(crate) requests: &'p [(&'p str, &'p str)],
    pub(crate) responses: &'p [(&'p str, &'p str)],
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::of(Plan::default()).await
    }

    pub(crate) async fn of(plan: Plan<'_>) -> Self {
        let service = TestService::new::<StandardHttpContextMap>("Requests", plan.service);
        let map = ("HTTP Context Map", "Requests");
        let mut properties = vec![("Listening Port", "0"), map];
        properties.extend(plan.requests);
        let mut requests = TestRunner::new::<HandleHttpRequest>(&properties).with_service(&service);
        requests.schedule().await.unwrap();
        let address = client::address(&requests);
        requests.clear();
        let responses = responses(&service, plan.responses);
        Self { service, requests, responses, address }
    }

    /// Sends a text as it is; what comes back until the end.
    pub(crate) fn send(&self, text: impl AsRef<[u8]>) -> JoinHandle<String> {
        client::send(self.address, text)
    }

    /// Takes the next request; what was made of it.
    pub(crate) async fn take(&mut self) -> Output {
        self.requests.run().await.unwrap();
        let taken = self.requests.only(SUCCESS);
        self.requests.clear();
        taken
    }

    /// Takes the next request, and lets it come to the answer, for which it is not yet the turn.
    pub(crate) async fn pass(&mut self) -> Output {
        let taken = self.take().await;
        self.responses.enqueue_output(&taken);
        taken
    }

    /// Takes the next request and answers it.
    pub(crate) async fn answer(&mut self) -> Output {
        let taken = self.pass().await;
        self.responses.run().await.unwrap();
        taken
    }

    /// Nothing that was sent became a flowfile: one that is sent now is the first.
    pub(crate) async fn assert_nothing_taken(&mut self) {
        let sent = self.send(get("/last"));
        assert_eq!(self.answer().await.attribute("http.request.uri"), "/last");
        client::status(&sent.await.unwrap());
    }
}

/// A processor that answers with 200 unless its properties say otherwise.
pub(crate) fn responses(service: &TestService, properties: &[(&str, &str)]) -> TestRunner {
    let mut all = vec![("HTTP Context Map", "Requests")];
    if !properties.iter().any(|(name, _)| *name == "HTTP Status Code") {
        all.push(("HTTP Status Code", "200"));
    }
    all.extend(properties);
    TestRunner::new::<HandleHttpResponse>(&all).with_service(service)
}

pub(crate) fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
}

pub(crate) fn post_with(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST /takes HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{headers}Content-Length: \
         {length}\r\n\r\n{body}"
    )
}

pub(crate) fn post(body: &str) -> String {
    post_with("", body)
}
