//! What can keep the server from serving.

use std::io;
use std::net::SocketAddr;

/// Why the server does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address reaches beyond this machine, and nobody asked for that.
    #[error(
        "\"{0}\" can be reached from other machines, and the server has no authentication yet: \
         listen on 127.0.0.1 or [::1], or allow remote access explicitly behind a proxy that \
         authenticates"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on \"{address}\" ({help})")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What to do.
        help: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The system gives no thread or no events.
    #[error("the system does not give what serving needs")]
    Start(#[source] io::Error),
}

impl ServerError {
    pub(crate) fn bind(address: SocketAddr, source: io::Error) -> Self {
        let help = match source.kind() {
            io::ErrorKind::AddrInUse => "choose another port, or end what uses this one",
            io::ErrorKind::PermissionDenied => "choose a port from 1024 on, or 0 for a free one",
            io::ErrorKind::AddrNotAvailable => {
                "choose an address that this machine has, such as 127.0.0.1 or [::1]"
            }
            _ if address.is_ipv6() => "this machine may have no IPv6: try 127.0.0.1",
            _ => "choose another address or port",
        };
        Self::Bind { address, help, source }
    }
}
