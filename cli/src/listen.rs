//! Where the server listens, and who may reach it.

use std::net::{Ipv4Addr, SocketAddr};

use clap::Args;
use tutti_server::Exposure;

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
}

impl ListenArguments {
    /// The address that holds.
    pub(crate) fn address(&self, settings: &Settings) -> SocketAddr {
        self.listen.or(settings.listen).unwrap_or(ADDRESS_DEFAULT)
    }
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "write an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080")
}

/// Whether others than this machine are let in.
#[derive(Debug, Args)]
pub(crate) struct ExposureArguments {
    /// Listens on an address that other machines can reach, although the server asks nobody who
    /// they are: only behind a proxy that does [default: false]
    #[arg(
        long,
        value_name = "BOOLEAN",
        env = "TUTTI_ALLOW_REMOTE_ACCESS",
        hide_env_values = true,
        hide_possible_values = true,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    allow_remote_access: Option<bool>,
}

impl ExposureArguments {
    /// What holds.
    pub(crate) fn exposure(&self, settings: &Settings) -> Exposure {
        let is_allowed = self.allow_remote_access.or(settings.allow_remote_access);
        if is_allowed == Some(true) { Exposure::Network } else { Exposure::Loopback }
    }
}
