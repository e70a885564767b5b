//! A service that runs somewhere, asked over HTTP.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, Url};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::error::CliError;

/// How much of an answer is read, in bytes.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// A service.
pub(crate) struct Remote {
    client: Client,
    runtime: Runtime,
    base: String,
}

impl Remote {
    /// The service at `base`, an answer of which may take so long.
    pub(crate) fn new(base: &str, patience: Duration) -> Result<Self, CliError> {
        let base = base.trim_end_matches('/').to_owned();
        let runtime = Builder::new_current_thread().enable_all().build();
        let client = Client::builder()
            .timeout(patience)
            // The service itself is asked, not something on the way to it.
            .no_proxy()
            .redirect(Policy::none())
            .build();
        let client = client.map_err(|source| CliError::NoAnswer { url: base.clone(), source })?;
        Ok(Self { client, runtime: runtime.map_err(CliError::Threads)?, base })
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value, CliError> {
        let url = format!("{}{path}", self.base);
        self.ask(self.client.get(&url), &url)
    }

    pub(crate) fn put(&self, path: &str, text: String) -> Result<Value, CliError> {
        let url = format!("{}{path}", self.base);
        self.ask(self.client.put(&url).body(text), &url)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value, CliError> {
        let url = format!("{}{path}", self.base);
        let request = self.client.post(&url).header("content-type", "application/json");
        self.ask(request.body(body.to_string()), &url)
    }

    pub(crate) fn post_text(&self, path: &str, text: String) -> Result<Value, CliError> {
        let url = format!("{}{path}", self.base);
        self.ask(self.client.post(&url).body(text), &url)
    }

    fn ask(&self, request: RequestBuilder, url: &str) -> Result<Value, CliError> {
        self.runtime.block_on(async {
            let url = || url.to_owned();
            let no_answer = |source: reqwest::Error| CliError::NoAnswer {
                url: url(),
                source: source.without_url(),
            };
            let answer = request.send().await.map_err(no_answer)?;
            let status = answer.status();
            let body = body(answer).await.map_err(no_answer)?;
            let value: Option<Value> = serde_json::from_slice(&body).ok();
            match value {
                Some(value) if status.is_success() => Ok(value),
                value => {
                    Err(CliError::NotReady { url: url(), status, detail: detail(value.as_ref()) })
                }
            }
        })
    }
}

async fn body(mut answer: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_BYTES_MAX {
            break;
        }
    }
    Ok(body)
}

/// What a service says about an answer; of something else that answers there, that it is none.
fn detail(problem: Option<&Value>) -> String {
    let text = |name| problem.and_then(|problem| problem.get(name)?.as_str());
    let Some(detail) = text("detail") else {
        return "this is no answer of \"tutti serve\"".to_owned();
    };
    let mut told = detail.to_owned();
    let findings = problem.and_then(|problem| problem.get("findings")?.as_array());
    for finding in findings.into_iter().flatten() {
        let part = |name: &str| finding.get(name).and_then(Value::as_str).unwrap_or_default();
        told = format!("{told}\n  {}[{}]: {}", part("severity"), part("code"), part("message"));
    }
    match text("help") {
        Some(help) => format!("{told}; {help}"),
        None => told,
    }
}

/// The address of a service, as a command line gives it.
pub(crate) fn base(text: &str) -> Result<Url, &'static str> {
    match Url::parse(text) {
        Ok(url) if url.scheme() == "http" && url.has_host() => Ok(url),
        _ => Err("write a URL such as http://127.0.0.1:8080"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_address_of_a_service_is_taken() {
        assert!(base("http://127.0.0.1:8080").is_ok());
        for wrong in ["127.0.0.1:8080", "https://localhost", "file:///x", "http:", ""] {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_as_the_service_tells_it() {
        let finding = json!({ "severity": "error", "code": "T0101", "message": "no such type" });
        let problem =
            json!({ "detail": "it cannot run", "help": "mend it", "findings": [finding] });
        let told = "it cannot run\n  error[T0101]: no such type; mend it";
        assert_eq!(detail(Some(&problem)), told);
        assert_eq!(detail(None), "this is no answer of \"tutti serve\"");
        assert_eq!(detail(Some(&json!([1]))), "this is no answer of \"tutti serve\"");
    }
}
