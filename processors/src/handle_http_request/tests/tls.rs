//! TLS, and clients that show who they are.

use super::*;
use crate::http::authority::Authority;

#[tokio::test]
async fn who_shows_a_certificate_is_named() {
    let authority = Authority::new();
    authority.sign("server");
    let studio = authority.sign("studio");
    let (certificate, key, ca) =
        (authority.text("server.pem"), authority.text("server.key"), authority.text("ca.pem"));
    let mut bench = Bench::of(Plan {
        requests: &[
            ("Certificate Location", &certificate),
            ("Private Key Location", &key),
            ("Certificate Authorities Location", &ca),
        ],
        ..Plan::default()
    })
    .await;
    let url = format!("https://localhost:{}/takes", bench.address.port());
    let stranger = authority.client(bench.address, None).get(&url).send().await;
    assert!(stranger.is_err());
    let request = authority.client(bench.address, Some(studio)).get(&url).send();
    let (taken, answer) = tokio::join!(bench.answer(), request);
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(taken.attribute("http.subject.dn"), "CN=studio,O=Tutti");
    assert_eq!(taken.attribute("http.issuer.dn"), "CN=Tutti CA");
    assert_eq!(taken.attribute("http.request.url"), url);
}
