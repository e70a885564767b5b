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
    #[error("cannot listen on \"{address}\": choose another port, or end what uses this one")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The listening socket failed.
    #[error("the listening socket failed")]
    Serve(#[source] io::Error),
}
