//! TLS, and clients that show who they are.

use reqwest::Client;

use super::*;
use crate::http::authority::Authority;

/// The status of the answer to one request; `None` where there is no connection.
async fn send(bench: &mut Bench, client: Client) -> Option<u16> {
    let url = format!("https://localhost:{}/contentListener", bench.address.port());
    let mut sent = Box::pin(client.post(url).body("samples").send());
    loop {
        tokio::select! {
            answer = &mut sent => return Some(answer.ok()?.status().as_u16()),
            ran = bench.runner.run() => ran.unwrap(),
        }
    }
}

async fn bench(authority: &Authority, properties: &[(&str, &str)]) -> Bench {
    let (certificate, key) = (authority.text("server.pem"), authority.text("server.key"));
    let mut all: Vec<(&str, &str)> =
        vec![("Certificate Location", &certificate), ("Private Key Location", &key)];
    all.extend(properties);
    Bench::new(&all).await
}

#[tokio::test]
async fn with_a_certificate_tls_is_spoken_and_nothing_else() {
    let authority = Authority::new();
    authority.sign("server");
    let mut bench = bench(&authority, &[]).await;
    let client = authority.client(bench.address, None);
    assert_eq!(send(&mut bench, client).await, Some(200));
    assert_eq!(bench.runner.only(SUCCESS).attribute("restlistener.remote.user.dn"), "none");
    let plain = bench.send(post("samples")).await.unwrap();
    assert!(!plain.contains("HTTP"), "{plain:?}");
}

#[tokio::test]
async fn only_clients_of_the_authority_with_the_right_names_are_answered() {
    let authority = Authority::new();
    authority.sign("server");
    let studio = authority.sign("studio-1");
    let visitor = authority.sign("visitor");
    let stranger = Authority::new().sign("studio-1");
    let ca = authority.text("ca.pem");
    let mut bench = bench(
        &authority,
        &[
            ("Certificate Authorities Location", &ca),
            ("Authorized Subject DN Pattern", "CN=studio-[0-9],O=Tutti"),
            ("Authorized Issuer DN Pattern", "CN=Tutti CA"),
        ],
    )
    .await;
    for (identity, code) in [
        (None, None),
        (Some(stranger), None),
        (Some(visitor), Some(403)),
        (Some(studio), Some(200)),
    ] {
        let client = authority.client(bench.address, identity);
        assert_eq!(send(&mut bench, client).await, code);
    }
    let output = bench.runner.only(SUCCESS);
    assert_eq!(output.attribute("restlistener.remote.user.dn"), "CN=studio-1,O=Tutti");
    assert_eq!(output.attribute("restlistener.remote.issuer.dn"), "CN=Tutti CA");
}

#[tokio::test]
async fn another_issuer_is_not_authorised() {
    let authority = Authority::new();
    authority.sign("server");
    let studio = authority.sign("studio");
    let ca = authority.text("ca.pem");
    let properties = [
        ("Certificate Authorities Location", ca.as_str()),
        ("Authorized Issuer DN Pattern", "CN=Other"),
    ];
    let mut bench = bench(&authority, &properties).await;
    let client = authority.client(bench.address, Some(studio));
    assert_eq!(send(&mut bench, client).await, Some(403));
}

#[tokio::test]
async fn files_that_do_not_serve_are_told() {
    let authority = Authority::new();
    authority.sign("server");
    let (server, key) = (authority.text("server.pem"), authority.text("server.key"));
    let (ca, none) = (authority.text("ca.pem"), authority.text("none.pem"));
    std::fs::write(authority.text("empty.pem"), "").unwrap();
    let empty = authority.text("empty.pem");
    for (certificate, key, authorities, blamed) in [
        (&none, &key, &ca, &none),
        (&empty, &key, &ca, &empty),
        (&server, &none, &ca, &none),
        (&server, &ca, &ca, &ca),
        (&server, &key, &none, &none),
        (&server, &key, &empty, &empty),
        (&ca, &key, &ca, &ca),
    ] {
        let mut runner = TestRunner::new::<ListenHttp>(&[
            ("Listening Port", "0"),
            ("Certificate Location", certificate),
            ("Private Key Location", key),
            ("Certificate Authorities Location", authorities),
        ]);
        let error = runner.schedule().await.unwrap_err();
        let told = error.chain();
        assert!(told.starts_with(&format!("cannot use \"{blamed}\" for TLS: ")), "{told}");
        assert!(error.help().is_some());
    }
}
