//! One request and its answer, over all that it was pointed to.

use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderValue};
use reqwest::{Body, Client, Method, Response};
use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::property::AttributeName;
use tutti_sdk::{ProcessError, Session};

use super::answer::{Answer, Prefix};
use super::target::{Target, shown};
use super::{InvokeHttpProperties, headers};
use crate::http::outgoing::{self, Sent};
use crate::http::spool::{Coding, Spool, SpoolError};
use crate::http::watch::{Interrupted, Watch};

/// How often an answer may point elsewhere.
const REDIRECTS_MAX: usize = 20;
/// The attribute of an answer's body that has no other.
const BODY_ATTRIBUTE: &str = "invokehttp.response.body";

/// A request that is to be sent.
pub(super) struct Call<'c> {
    properties: &'c InvokeHttpProperties,
    client: Client,
    session: &'c Session,
    flowfile: &'c FlowFile,
    watch: Watch,
    /// Of the last body.
    sent: Sent,
}

impl<'c> Call<'c> {
    pub(super) fn new(
        properties: &'c InvokeHttpProperties,
        client: Client,
        session: &'c Session,
        flowfile: &'c FlowFile,
    ) -> Self {
        let help = "look at the server, or raise \"Socket Read Timeout\"";
        let watch = Watch::new(session.context(), properties.socket_read_timeout, help);
        Self { properties, client, session, flowfile, watch, sent: Sent::default() }
    }

    /// Sends it and takes the answer in.
    pub(super) async fn run(mut self) -> Result<Answer, Interrupted> {
        let (session, flowfile) = (self.session, self.flowfile);
        let began_ms = session.clock().monotonic_ms();
        let method = self.properties.method.evaluate(session, flowfile)?.0;
        let url = self.properties.url.evaluate(session, flowfile)?.0;
        let headers = headers::of(self.properties, session, flowfile)?;
        let has_body = self.properties.request_body_enabled
            && [Method::POST, Method::PUT, Method::PATCH].contains(&method);
        let mut target = Target { method, url: url.clone(), has_body, is_own: true };
        let mut redirects = 0;
        let response = loop {
            let response = self.send(&target, headers.clone()).await?;
            let next = if self.properties.response_redirects_enabled {
                target.after(&response)
            } else {
                None
            };
            let Some(next) = next else { break response };
            redirects += 1;
            if redirects > REDIRECTS_MAX {
                let error = ProcessError::user(format!(
                    "\"{}\" points elsewhere again and again, {REDIRECTS_MAX} times by now",
                    shown(&url)
                ));
                let help = "look at the server, or set \"Response Redirects Enabled\" to false";
                return Err(error.with_help(help).into());
            }
            target = next;
        };
        let mut answer = Answer::new(url, &target, &response);
        answer.bytes_sent = target.has_body.then(|| self.sent.bytes());
        self.receive(&mut answer, response, &target).await?;
        answer.duration_ms = session.clock().monotonic_ms().saturating_sub(began_ms);
        Ok(answer)
    }

    async fn send(
        &mut self,
        target: &Target,
        mut headers: HeaderMap,
    ) -> Result<Response, Interrupted> {
        headers::reduce(&mut headers, target);
        let mut request = self.client.request(target.method.clone(), target.url.clone());
        if target.is_own
            && let Some(user) = &self.properties.request_username
        {
            let user = user.evaluate(self.session, self.flowfile)?;
            let password = self.properties.request_password.as_ref();
            let password = password.map_or("", |password| password.expose());
            // Headers of the flow count more.
            request = request.basic_auth(user, Some(password));
        }
        self.sent = Sent::default();
        if target.has_body {
            match self.flowfile.content() {
                Content::Derived(_) => {}
                _ if self.properties.is_chunked => {}
                _ => {
                    let length = HeaderValue::from(self.flowfile.size_bytes());
                    headers.insert(CONTENT_LENGTH, length);
                }
            }
            let reader = self.session.read(self.flowfile)?;
            let (context, progress) = (self.session.context(), self.watch.progress());
            let pieces = outgoing::pieces(reader, context, progress, &self.sent);
            request = request.body(Body::wrap_stream(pieces));
        }
        self.watch.progress().note();
        let sent = self.watch.over(request.headers(headers).send()).await;
        match sent {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(self.failed(target, error).into()),
            Err(Interrupted::Failed(error)) => Err(unanswered(target, error).into()),
            Err(Interrupted::Stopping) => Err(Interrupted::Stopping),
        }
    }

    /// Takes in what is wanted of the answer's body.
    async fn receive(
        &mut self,
        answer: &mut Answer,
        mut response: Response,
        target: &Target,
    ) -> Result<(), Interrupted> {
        let properties = self.properties;
        let is_success = answer.status.is_success();
        let attribute = match &properties.response_body_attribute_name {
            Some(name) => Some(name.evaluate(self.session, self.flowfile)?),
            None => None,
        };
        let is_ignored = properties.response_body_ignored;
        let is_content = properties.response_generation_required
            || is_success && attribute.is_none() && !is_ignored;
        let is_attribute = !is_ignored && (!is_success || attribute.is_some());
        let name = attribute.as_ref().map_or(BODY_ATTRIBUTE, AttributeName::as_str).to_owned();
        let size = properties.response_body_attribute_size as usize;
        let mut prefix = is_attribute.then(|| Prefix::new(size, answer.charset()));
        let mut spool = if is_content { Some(self.spool()?) } else { None };
        let is_wanted = |prefix: &Option<Prefix>, spool: &Option<Spool>| {
            spool.is_some() || prefix.as_ref().is_some_and(|prefix| !prefix.is_full())
        };
        while is_wanted(&prefix, &spool) {
            let piece = match self.watch.over(response.chunk()).await {
                Ok(Ok(Some(piece))) => piece,
                Ok(Ok(None)) => break,
                Ok(Err(error)) => return Err(self.failed(target, error).into()),
                Err(Interrupted::Failed(error)) => return Err(unanswered(target, error).into()),
                Err(Interrupted::Stopping) => return Err(Interrupted::Stopping),
            };
            if let Some(prefix) = &mut prefix {
                prefix.add(&piece);
            }
            if let Some(spool) = &mut spool {
                spool.write(&piece).await.map_err(|error| self.unspooled(target, error))?;
            }
        }
        answer.text = prefix.map(|prefix| (name, prefix.into_text()));
        answer.content = match spool {
            Some(spool) => {
                Some(spool.finish().await.map_err(|error| self.unspooled(target, error))?)
            }
            None => None,
        };
        Ok(())
    }

    fn spool(&self) -> Result<Spool, ProcessError> {
        let bytes_max = self.properties.maximum_response_size.bytes();
        let context = self.session.context();
        Ok(Spool::new(context, self.session.write()?, Coding::Identity, bytes_max))
    }

    fn unspooled(&self, target: &Target, error: SpoolError) -> ProcessError {
        match error {
            SpoolError::TooLarge | SpoolError::Damaged => {
                let max = self.properties.maximum_response_size;
                let error = ProcessError::user(format!(
                    "the answer of \"{}\" is larger than \"Maximum Response Size\" allows, which \
                     is {max}",
                    shown(&target.url)
                ));
                error.with_help("raise \"Maximum Response Size\"")
            }
            SpoolError::Store(error) => error,
        }
    }

    fn failed(&self, target: &Target, error: reqwest::Error) -> ProcessError {
        // A body that cannot be read is not the server's fault.
        if let Some(error) = self.sent.error() {
            return error;
        }
        let is_of_flow = error.is_builder();
        let error = unanswered(target, error.without_url());
        if is_of_flow { error.permanent() } else { error }
    }
}

fn unanswered(
    target: &Target,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> ProcessError {
    let request = format!("{} \"{}\"", target.method, shown(&target.url));
    ProcessError::external(format!("{request} was not answered"))
        .caused_by(error)
        .with_help("look whether the server runs and can be reached, and at what it says")
}
