//! What can keep the server from serving.

use std::io;
use std::net::SocketAddr;

use crate::access::AccountsError;
use crate::tls::TlsError;

/// Why the server does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Others than this machine reach the server, and nobody is asked who they are.
    #[error("others can reach \"{0}\", and there are no users: nobody would be asked who they are")]
    NoUsers(SocketAddr),
    /// Other machines reach the address, and passwords would cross the network in the clear.
    #[error("\"{0}\" can be reached from other machines, and there is no TLS")]
    NoTls(SocketAddr),
    /// A name that is none.
    #[error("\"{0}\" is no name of a host: write it without a scheme and a port")]
    Host(String),
    /// The users cannot be read. Nobody is let in because of that.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// The certificate or its key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
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
