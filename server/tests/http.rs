//! The server over a real socket, spoken to byte by byte.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tutti_server::{Exposure, Server, ServerError, Service};

#[derive(Default)]
struct Engine {
    stopping: AtomicBool,
    stop: Notify,
}

impl Service for Engine {
    fn is_ready(&self) -> bool {
        !self.stopping.load(Ordering::SeqCst)
    }
    fn status(&self) -> Value {
        json!({ "queued": 3 })
    }
    fn flows(&self) -> Value {
        panic!("as a defect would")
    }
    fn processor_types(&self) -> Value {
        json!([])
    }
    fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.stop.notify_one();
    }
}

struct Running {
    address: SocketAddr,
    task: JoinHandle<Result<(), ServerError>>,
    engine: Arc<Engine>,
}

async fn start() -> Running {
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), Exposure::Loopback).await.unwrap();
    let address = server.address();
    let engine = Arc::new(Engine::default());
    let ending = Arc::clone(&engine);
    let task =
        tokio::spawn(server.serve(engine.clone(), async move { ending.stop.notified().await }));
    Running { address, task, engine }
}

struct Answer {
    status: u16,
    head: String,
    body: Value,
}

impl Running {
    async fn raw(&self, request: String) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: serde_json::from_str(body).unwrap_or_default(),
        }
    }

    async fn send(&self, method: &str, path: &str, headers: &str) -> Answer {
        let host = self.address;
        let first = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        self.raw(format!("{first}{headers}\r\n")).await
    }
}

#[tokio::test]
async fn it_answers_what_it_lists() {
    let running = start().await;
    let index = running.send("GET", "/", "").await;
    assert_eq!(index.status, 200);
    assert_eq!(index.body["links"]["status"], "/api/v1/status");
    assert!(index.head.contains("x-content-type-options: nosniff"));
    assert_eq!(running.send("GET", "/health/live", "").await.status, 200);
    assert_eq!(running.send("GET", "/health/ready", "").await.status, 200);
    let status = running.send("GET", "/api/v1/status", "").await;
    assert_eq!(status.body, json!({ "queued": 3 }));
}

#[tokio::test]
async fn every_error_is_a_problem() {
    let running = start().await;
    for (method, path, headers, status) in [
        ("GET", "/nothing", "", 404),
        ("DELETE", "/api/v1/status", "", 405),
        ("GET", "/api/v1/flows", "", 500),
        ("POST", "/api/v1/stop", "Content-Length: 99999999\r\n", 413),
        ("POST", "/api/v1/stop", "Origin: https://evil.example\r\nContent-Length: 0\r\n", 403),
    ] {
        let answer = running.send(method, path, headers).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.head.contains("content-type: application/problem+json"), "{path}");
        assert_eq!(answer.body["status"], status, "{path}");
        assert!(!answer.body["detail"].as_str().unwrap().is_empty(), "{path}");
    }
    assert!(running.engine.is_ready(), "nothing of that may stop it");
}

#[tokio::test]
async fn a_name_that_is_not_its_own_is_misdirected() {
    let running = start().await;
    let request = "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert_eq!(running.raw(request.to_owned()).await.status, 421);
}

#[tokio::test]
async fn stopping_ends_it() {
    let running = start().await;
    let answer = running.send("POST", "/api/v1/stop", "Content-Length: 0\r\n").await;
    assert_eq!(answer.status, 202);
    running.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn it_is_not_ready_while_stopping() {
    let running = start().await;
    running.engine.stopping.store(true, Ordering::SeqCst);
    assert_eq!(running.send("GET", "/health/ready", "").await.status, 503);
    assert_eq!(running.send("GET", "/health/live", "").await.status, 200);
}

#[tokio::test]
async fn it_does_not_serve_the_network_unasked() {
    let refused = Server::bind("0.0.0.0:0".parse().unwrap(), Exposure::Loopback).await;
    let message = refused.err().unwrap().to_string();
    assert!(message.contains("authentication"), "{message}");
    assert!(Server::bind("0.0.0.0:0".parse().unwrap(), Exposure::Network).await.is_ok());
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let running = start().await;
    let refused = Server::bind(running.address, Exposure::Loopback).await;
    assert!(refused.err().unwrap().to_string().contains("another port"));
}
