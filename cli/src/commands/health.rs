//! `tutti health`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use reqwest::Url;

use crate::error::CliError;
use crate::listen::ListenArguments;
use crate::output::Results;
use crate::remote::{self, Remote, Trust, TrustArguments};
use crate::settings::Settings;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks a running service whether it is ready
///
/// The address is that of --to, or where "tutti serve" with the same settings listens.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:\n  0  it is ready\n  1  it is not ready, or does not answer \
                        within 3 seconds\n\nExample:\n  tutti health --to http://127.0.0.1:8080")]
pub(crate) struct Health {
    /// The address of the service [default: where "tutti serve" listens]
    #[arg(long = "to", value_name = "URL", conflicts_with = "listen", value_parser = remote::base)]
    url: Option<Url>,
    #[command(flatten)]
    trust: TrustArguments,
    #[command(flatten)]
    listen: ListenArguments,
}

impl Health {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let own = reachable(self.listen.address(settings));
        let (base, trust) = match (&self.url, self.listen.tls(settings)) {
            (Some(base), _) => (base.to_string(), Trust::Roots(self.trust.clone())),
            (None, None) => (format!("http://{own}"), Trust::Roots(self.trust.clone())),
            // Its certificate need not name the address; nothing secret is said to it.
            (None, Some(_)) => (format!("https://{own}"), Trust::Anybody),
        };
        Remote::new(&base, PATIENCE, &trust, None)?.get("/health/ready")?;
        let mut results = Results::new();
        results.line("ready")?;
        results.finish()?;
        Ok(ExitCode::SUCCESS)
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
}
