//! A client for tests, which sends what it is told, however wrong.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tutti_sdk::testkit::TestRunner;

/// Where a processor says that it listens.
pub(crate) fn address(runner: &TestRunner) -> SocketAddr {
    let told = runner.bulletins().pop().unwrap().message;
    let (_, rest) = told.split_once("://").unwrap();
    rest.split('/').next().unwrap().parse().unwrap()
}

/// Sends a text as it is, and nothing more; what comes back until the end.
pub(crate) fn send(address: SocketAddr, text: impl AsRef<[u8]>) -> JoinHandle<String> {
    let bytes = text.as_ref().to_vec();
    tokio::spawn(async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&bytes).await.unwrap();
        read(&mut stream).await
    })
}

/// Whatever comes until the other side ends or breaks off.
pub(crate) async fn read(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        all.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// The status of the only answer.
pub(crate) fn status(answer: &str) -> u16 {
    assert_eq!(answer.matches("HTTP/1.").count(), 1, "{answer:?}");
    let status = answer.strip_prefix("HTTP/1.1 ").or(answer.strip_prefix("HTTP/1.0 "));
    status.and_then(|rest| rest.get(..3)).and_then(|code| code.parse().ok()).unwrap()
}

/// The client is to come again.
pub(crate) fn assert_later(answer: &str) {
    assert_eq!(status(answer), 503, "{answer}");
    assert!(answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
}
