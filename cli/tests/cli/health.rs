//! `tutti health`.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use super::service::Service;
use super::workplace::Workplace;
use super::{finish, tutti};

#[test]
fn a_service_that_is_ready_is_found_by_its_url_and_by_its_settings() {
    let place = Workplace::new(&[]);
    let service = Service::start(place.tutti(&["serve", "--listen", "127.0.0.1:0"]));
    for slash in ["", "/"] {
        let url = format!("http://{}{slash}", service.address);
        let ready = (0, "ready\n".to_owned(), String::new());
        assert_eq!(finish(tutti(&["health", "--to", &url])), ready);
    }
    assert_eq!(finish(tutti(&["health", "--listen", &service.address])).0, 0);
    let mut command = tutti(&["health"]);
    // Whatever proxy there is, it is not asked.
    command.env("TUTTI_LISTEN", &service.address).env("http_proxy", "http://127.0.0.1:9");
    assert_eq!(finish(command).0, 0);
}

#[test]
fn what_does_not_answer_or_is_not_ready_ends_with_1() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        let answer = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer).unwrap();
        String::from_utf8(request).unwrap()
    });
    let (code, stdout, stderr) = finish(tutti(&["health", "--to", &url]));
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("with 503"), "{stderr}");
    let request = answer.join().unwrap();
    assert!(request.starts_with("GET /health/ready HTTP/1.1\r\n"), "{request}");
    // Nobody listens there any more.
    let (code, stdout, stderr) = finish(tutti(&["health", "--to", &url]));
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("does not answer") && stderr.contains("tutti serve"), "{stderr}");
}
