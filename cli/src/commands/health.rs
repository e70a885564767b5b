//! `tutti health`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use serde_json::Value;
use tokio::runtime::Builder;

use crate::error::CliError;
use crate::listen::ListenArguments;
use crate::output::Results;
use crate::settings::Settings;

/// How much of an answer is read, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// How long an answer may take.
const ANSWER_SECONDS_MAX: u64 = 3;

/// Asks a running service whether it is ready
///
/// The address is that of --url, or where "tutti serve" with the same settings listens.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  it is ready\n  1  it is not ready, or does not answer \
                        within 3 seconds\n\nExample:\n  tutti health --url http://127.0.0.1:8080")]
pub(crate) struct Health {
    /// The address of the service [default: where "tutti serve" listens]
    #[arg(long, value_name = "URL", conflicts_with = "listen", value_parser = base)]
    url: Option<Url>,
    #[command(flatten)]
    listen: ListenArguments,
}

impl Health {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let url = match &self.url {
            Some(base) => format!("{}/health/ready", base.as_str().trim_end_matches('/')),
            None => format!("http://{}/health/ready", reachable(self.listen.address(settings))),
        };
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.map_err(CliError::Threads)?.block_on(ask(url))?;
        let mut results = Results::new();
        results.line("ready")?;
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn ask(url: String) -> Result<(), CliError> {
    let client = Client::builder()
        .timeout(Duration::from_secs(ANSWER_SECONDS_MAX))
        // The service itself is asked, not something on the way to it.
        .no_proxy()
        .redirect(Policy::none())
        .build();
    let asked = match client {
        Ok(client) => client.get(&url).send().await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => {
            let status = answer.status();
            Err(CliError::NotReady { url, status, detail: detail(answer).await })
        }
        Err(source) => Err(CliError::NoAnswer { url, source: source.without_url() }),
    }
}

/// What a service says about an answer; of something else that answers there, that it is none.
async fn detail(mut answer: Response) -> String {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_BYTES_MAX {
            break;
        }
    }
    let problem: Option<Value> = serde_json::from_slice(&body).ok();
    let detail = problem.as_ref().and_then(|problem| problem.get("detail")?.as_str());
    detail.unwrap_or("this is no answer of \"tutti serve\"").to_owned()
}

fn base(text: &str) -> Result<Url, &'static str> {
    match Url::parse(text) {
        Ok(url) if url.scheme() == "http" && url.has_host() => Ok(url),
        _ => Err("write a URL such as http://127.0.0.1:8080"),
    }
}

/// Where a service that listens on `address` answers this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_every_address_is_asked_at_home() {
        for (listens, asked) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("10.0.0.1:80", "10.0.0.1:80"),
        ] {
            assert_eq!(reachable(listens.parse().unwrap()), asked.parse().unwrap());
        }
    }

    #[test]
    fn only_the_address_of_a_service_is_taken() {
        assert!(base("http://127.0.0.1:8080").is_ok());
        for wrong in ["127.0.0.1:8080", "https://localhost", "file:///x", "http:", ""] {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }
}
