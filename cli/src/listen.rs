//! Where the server listens, and who may reach it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Deserializer};
use tutti_server::{Entrance, Exposure, TlsFiles};

use crate::settings::Settings;

/// Where the server listens when nobody says where.
const ADDRESS_DEFAULT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Where a command line has the server listen.
#[derive(Debug, Args)]
pub(crate) struct ListenArguments {
    /// Where the server listens: IP address and port, 0 for a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", env = "TUTTI_LISTEN", value_parser = address)]
    #[arg(hide_env_values = true)]
    listen: Option<SocketAddr>,
    /// The server's certificate for TLS, in the form PEM, with those that lead to its authority; it
    /// is read again when it changes
    #[arg(long, value_name = "FILE", env = "TUTTI_TLS_CERTIFICATE", hide_env_values = true)]
    #[arg(requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The key of the certificate, in the form PEM
    #[arg(long, value_name = "FILE", env = "TUTTI_TLS_KEY", hide_env_values = true)]
    #[arg(requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
}

impl ListenArguments {
    /// The address that holds.
    pub(crate) fn address(&self, settings: &Settings) -> SocketAddr {
        self.listen.or(settings.listen).unwrap_or(ADDRESS_DEFAULT)
    }

    /// With what the server speaks TLS, if it does.
    pub(crate) fn tls(&self, settings: &Settings) -> Option<TlsFiles> {
        let own = self.tls_certificate.clone().zip(self.tls_key.clone());
        let (certificate, key) = own.or_else(|| settings.tls.clone())?;
        Some(TlsFiles { certificate, key })
    }
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "write an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080")
}

/// What of the usual care is left to a proxy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RemoteAccess {
    /// Nothing
    #[default]
    #[value(name = "false")]
    No,
    /// TLS
    #[value(name = "true")]
    Proxied,
    /// TLS, and asking who somebody is
    WithoutUsers,
}

impl<'de> Deserialize<'de> for RemoteAccess {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Flag(bool),
            Word(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Flag(false) => Ok(Self::No),
            Written::Flag(true) => Ok(Self::Proxied),
            Written::Word(word) if word == "without-users" => Ok(Self::WithoutUsers),
            Written::Word(_) => {
                Err(serde::de::Error::custom("write true, false or \"without-users\""))
            }
        }
    }
}

/// Who is let in.
#[derive(Debug, Args)]
pub(crate) struct EntranceArguments {
    /// A name that the server answers to besides localhost and its address; may be given several
    /// times
    #[arg(long = "host", value_name = "NAME", env = "TUTTI_HOST", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    hosts: Vec<String>,
    /// Listens without TLS on an address that other machines can reach: only behind a proxy that
    /// speaks TLS. With "without-users" also while there are no users, so that nobody is asked who
    /// they are: only behind a proxy that asks [default: false]
    #[arg(
        long,
        value_name = "BOOLEAN|without-users",
        env = "TUTTI_ALLOW_REMOTE_ACCESS",
        hide_env_values = true,
        hide_possible_values = true,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    allow_remote_access: Option<RemoteAccess>,
    /// How many requests a second one client may make; twice as many at once [default: 1000]
    #[arg(long, value_name = "COUNT", env = "TUTTI_REQUESTS_PER_SECOND", hide_env_values = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    requests_per_second: Option<u32>,
}

impl EntranceArguments {
    /// Where the server is reached, and by whom.
    pub(crate) fn entrance(
        &self,
        listen: &ListenArguments,
        settings: &Settings,
        users: PathBuf,
    ) -> Entrance {
        let hosts = if self.hosts.is_empty() { &settings.hosts } else { &self.hosts };
        let remote = self.allow_remote_access.or(settings.allow_remote_access);
        let exposure = match remote.unwrap_or_default() {
            RemoteAccess::No => Exposure::Safe,
            RemoteAccess::Proxied => Exposure::Proxied,
            RemoteAccess::WithoutUsers => Exposure::WithoutUsers,
        };
        let (address, tls) = (listen.address(settings), listen.tls(settings));
        Entrance { address, hosts: hosts.clone(), tls, exposure, users }
    }

    /// How many requests a second one client may make.
    pub(crate) fn requests_per_second(&self, settings: &Settings) -> Option<u32> {
        self.requests_per_second.or(settings.requests_per_second)
    }
}
