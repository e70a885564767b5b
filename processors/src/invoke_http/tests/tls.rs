//! Servers that show who they are, and ask for it.

use super::*;
use crate::http::authority::Authority;
use crate::http::tls;

async fn server(authority: &Authority, asks: bool) -> Server {
    authority.sign("server");
    let files = tls::Files {
        certificate: authority.text("server.pem"),
        key: authority.text("server.key"),
        authorities: asks.then(|| authority.text("ca.pem")),
    };
    let acceptor = tls::acceptor(&files).unwrap();
    Server::with_tls(Some(acceptor), |_| answer(200, &[], "answer")).await
}

async fn called(server: &Server, properties: &[(&str, &str)]) -> TestRunner {
    let url = format!("https://localhost:{}/", server.address.port());
    let mut runner = runner(&url, properties);
    runner.enqueue(b"samples", &[]);
    runner.run().await.unwrap();
    runner
}

#[tokio::test]
async fn only_servers_of_the_authority_are_spoken_to() {
    let authority = Authority::new();
    let server = server(&authority, false).await;
    let ca = authority.text("ca.pem");
    let runner = called(&server, &[("Certificate Authorities Location", &ca)]).await;
    let original = runner.only(ORIGINAL);
    assert_eq!(original.attribute("invokehttp.remote.dn"), "CN=server,O=Tutti");
    let other = Authority::new();
    for properties in [vec![], vec![("Certificate Authorities Location", other.text("ca.pem"))]] {
        let properties: Vec<_> =
            properties.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let runner = called(&server, &properties).await;
        let reason = runner.only(FAILURE).attribute("failure.reason").to_owned();
        assert!(reason.contains("certificate"), "{reason}");
    }
}

#[tokio::test]
async fn a_server_that_asks_is_shown_the_certificate() {
    let authority = Authority::new();
    let server = server(&authority, true).await;
    authority.sign("studio");
    let (ca, certificate, key) =
        (authority.text("ca.pem"), authority.text("studio.pem"), authority.text("studio.key"));
    let authorities = ("Certificate Authorities Location", ca.as_str());
    called(&server, &[authorities]).await.assert_transferred(FAILURE, 1);
    let shown = [
        authorities,
        ("Certificate Location", certificate.as_str()),
        ("Private Key Location", key.as_str()),
    ];
    called(&server, &shown).await.assert_transferred(ORIGINAL, 1);
}

#[tokio::test]
async fn files_that_do_not_serve_are_told() {
    let authority = Authority::new();
    authority.sign("server");
    let (certificate, key) = (authority.text("server.pem"), authority.text("server.key"));
    let (none, ca) = (authority.text("none.pem"), authority.text("ca.pem"));
    for (authorities, certificate, key, blamed) in [
        (&none, &certificate, &key, &none),
        (&key, &certificate, &key, &key),
        (&ca, &none, &key, &none),
        (&ca, &certificate, &none, &none),
        (&ca, &certificate, &certificate, &certificate),
    ] {
        let mut runner = runner(
            "https://localhost/",
            &[
                ("Certificate Authorities Location", authorities),
                ("Certificate Location", certificate),
                ("Private Key Location", key),
            ],
        );
        let told = runner.schedule().await.unwrap_err().chain();
        assert!(told.contains(&format!("cannot use \"{blamed}\" for TLS: ")), "{told}");
    }
}
