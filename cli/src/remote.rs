//! A service that runs somewhere, asked over HTTP.
//!
//! Must never show a token, nor send it over a network in the clear.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, RequestBuilder, Response, Url};
use serde::Deserialize;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tutti_server::TOKEN_PREFIX;

use crate::error::CliError;
use crate::finding::Finding;
use crate::small_file;

/// How much of an answer is read, in bytes.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// Whom a command line trusts.
#[derive(Debug, Clone, Args)]
pub(crate) struct TrustArguments {
    /// Certificates of authorities, in the form PEM, that are trusted besides those of the system
    #[arg(long, value_name = "FILE", env = "TUTTI_CA_FILE", hide_env_values = true)]
    ca_file: Option<PathBuf>,
}

/// With what a command line says who it is.
#[derive(Debug, Args)]
pub(crate) struct TokenArguments {
    /// The file with the token that the service is shown [default: `TUTTI_TOKEN` says it]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl TokenArguments {
    /// The token, if there is one.
    pub(crate) fn token(&self) -> Result<Option<String>, CliError> {
        let token = match &self.token_file {
            Some(path) => small_file::read(path)
                .map_err(|source| CliError::Read { path: path.clone(), source })?,
            None => match std::env::var_os("TUTTI_TOKEN") {
                None => return Ok(None),
                Some(token) => token.into_string().map_err(|_| CliError::NoToken)?,
            },
        };
        let token = token.trim();
        let is_token =
            token.starts_with(TOKEN_PREFIX) && token.chars().all(|c| c.is_ascii_graphic());
        if is_token { Ok(Some(token.to_owned())) } else { Err(CliError::NoToken) }
    }
}

/// Whom a service may be.
pub(crate) enum Trust {
    /// Who shows a certificate of the system's authorities, or of these.
    Roots(TrustArguments),
    /// Whoever answers.
    Anybody,
}

/// A service.
pub(crate) struct Remote {
    client: Client,
    runtime: Runtime,
    base: String,
}

impl Remote {
    /// The service at `base`, an answer of which may take so long, and which is shown a token.
    pub(crate) fn new(
        base: &str,
        patience: Duration,
        trust: &Trust,
        token: Option<&str>,
    ) -> Result<Self, CliError> {
        let base = base.trim_end_matches('/').to_owned();
        if token.is_some() && !is_private(&base) {
            return Err(CliError::TokenInTheClear { url: base });
        }
        let runtime = Builder::new_current_thread().enable_all().build();
        let mut client = Client::builder().default_headers(headers(token)?);
        match trust {
            Trust::Anybody => client = client.danger_accept_invalid_certs(true),
            Trust::Roots(trust) => {
                for certificate in certificates(trust)? {
                    client = client.add_root_certificate(certificate);
                }
            }
        }
        let client = client
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

    pub(crate) fn delete(&self, path: &str) -> Result<Value, CliError> {
        let url = format!("{}{path}", self.base);
        self.ask(self.client.delete(&url), &url)
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
                    let code = value.as_ref().and_then(|problem| problem.get("code")?.as_str());
                    let code = code.map(str::to_owned);
                    let detail = detail(value.as_ref());
                    Err(CliError::Refused { url: url(), status, detail, code })
                }
            }
        })
    }
}

fn headers(token: Option<&str>) -> Result<HeaderMap, CliError> {
    let mut headers = HeaderMap::new();
    if let Some(token) = token {
        let mut value =
            HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| CliError::NoToken)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

fn certificates(trust: &TrustArguments) -> Result<Vec<Certificate>, CliError> {
    let Some(path) = &trust.ca_file else { return Ok(Vec::new()) };
    let text =
        small_file::read(path).map_err(|source| CliError::Read { path: path.clone(), source })?;
    match Certificate::from_pem_bundle(text.as_bytes()) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(CliError::Certificates { path: path.clone() }),
    }
}

/// Whether nobody on the way can read what is sent there.
fn is_private(base: &str) -> bool {
    let Ok(url) = Url::parse(base) else { return false };
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    url.scheme() == "https" || is_here
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
    // What a newer service says in another way is not told here.
    let findings = findings.into_iter().flatten().filter_map(|one| Finding::deserialize(one).ok());
    for finding in findings {
        for line in finding.to_string().lines() {
            told = format!("{told}\n  {line}");
        }
    }
    match text("help") {
        Some(help) => format!("{told}\n  = help: {help}"),
        None => told,
    }
}

/// The address of a service, as a command line gives it.
pub(crate) fn base(text: &str) -> Result<Url, &'static str> {
    match Url::parse(text) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.has_host() => Ok(url),
        _ => Err("write a URL such as http://127.0.0.1:8080 or https://tutti.example"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_address_of_a_service_is_taken() {
        assert!(base("http://127.0.0.1:8080").is_ok() && base("https://localhost").is_ok());
        for wrong in ["127.0.0.1:8080", "ftp://localhost", "file:///x", "http:", ""] {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_token_goes_over_tls_or_stays_on_this_machine() {
        for (base, right) in [
            ("https://tutti.example", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("http://localhost:8080", true),
            ("http://tutti.example", false),
            ("http://localhost.example", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_private(base), right, "{base}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_as_the_service_tells_it() {
        let finding = json!({
            "severity": "error", "code": "T0101", "message": "no such type",
            "element": { "kind": "processor", "path": "A/Get" }, "help": "write GetFile",
        });
        let problem =
            json!({ "detail": "it cannot run", "help": "mend it", "findings": [finding] });
        let told = "it cannot run\n  error[T0101]: no such type\n    = in processor \"A/Get\"\n    \
                    = help: write GetFile\n  = help: mend it";
        assert_eq!(detail(Some(&problem)), told);
        assert_eq!(detail(None), "this is no answer of \"tutti serve\"");
        assert_eq!(detail(Some(&json!([1]))), "this is no answer of \"tutti serve\"");
    }
}
