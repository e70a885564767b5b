//! Whether a port could be listened at, and whether a server can be reached: asked, and nothing is
//! sent.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tutti_sdk::{Probe, ProcessError, Verification, not_verified, verified};
use url::Url;

use super::address::Address;
use super::tls;

const LISTEN: &str = "Listen";

/// Tries to listen, for a moment, and to read the files for TLS.
pub(crate) async fn listen(
    address: Address,
    port: u32,
    files: Option<tls::Files>,
    probe: &Probe,
) -> Vec<Verification> {
    let mut told = Vec::new();
    if let Some(files) = files {
        let read = probe.blocking(move || tls::acceptor(&files).map(drop)).await;
        let seen = |()| "the certificate and its key go together".to_owned();
        told.push(verified("Read the files for TLS", read.map(seen)));
    }
    let address = SocketAddr::new(address.0, u16::try_from(port).unwrap_or_default());
    told.push(match TcpListener::bind(address).await {
        Ok(_) => verified(LISTEN, Ok(format!("{address} is free"))),
        Err(error) if error.kind() == ErrorKind::AddrInUse => not_verified(
            LISTEN,
            &format!("{address} is taken: by this processor, if it runs, or by somebody else"),
        ),
        Err(error) => {
            let failed = ProcessError::external(format!("cannot listen at {address}"));
            let help = "choose another port or address";
            verified(LISTEN, Err(failed.caused_by(error).with_help(help)))
        }
    });
    told
}

/// Connects to the server of a URL, for a moment.
pub(crate) async fn connect(url: &Url, patience: Duration) -> Result<String, ProcessError> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let at = format!("{host}:{port}");
    let failed = || {
        ProcessError::external(format!("cannot connect to {at}"))
            .with_help("check that the server runs and can be reached from here")
    };
    // An address of the sixth version stands in brackets in a URL.
    let name = host.trim_matches(['[', ']']);
    match timeout(patience, TcpStream::connect((name, port))).await {
        Ok(Ok(_)) => Ok(format!("{at} takes connections; no request was sent")),
        Ok(Err(error)) => Err(failed().caused_by(error)),
        Err(_) => Err(failed().caused_by(format!("no answer within {} ms", patience.as_millis()))),
    }
}
