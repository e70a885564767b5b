//! Answers that point elsewhere.

use super::*;

/// A server whose `/from` points to `to` with that status, and answers all else.
async fn pointing(status: u16, to: &str) -> Server {
    let to = to.to_owned();
    Server::new(move |seen| match seen.uri.as_str() {
        "/from" => answer(status, &[("Location", &to)], "not here"),
        _ => answer(200, &[], "here"),
    })
    .await
}

async fn follow(server: &mut Server, properties: &[(&str, &str)]) -> (TestRunner, Seen, Seen) {
    let mut runner = runner(&server.url("/from"), properties);
    runner.enqueue(b"samples", &[("mime.type", "audio/wav")]);
    runner.run().await.unwrap();
    (runner, server.next().await, server.next().await)
}

#[tokio::test]
async fn the_method_and_the_content_go_with_it_or_do_not() {
    for (status, method, next, has_body) in [
        (301, "POST", "GET", false),
        (302, "POST", "GET", false),
        (303, "POST", "GET", false),
        (307, "POST", "POST", true),
        (308, "POST", "POST", true),
        (301, "PUT", "PUT", true),
        (303, "PUT", "GET", false),
        (303, "HEAD", "HEAD", false),
        (302, "GET", "GET", false),
    ] {
        let mut server = pointing(status, "to?b=c#d").await;
        let (runner, first, second) = follow(&mut server, &[("HTTP Method", method)]).await;
        assert_eq!(first.method, method);
        assert_eq!((second.method.as_str(), second.uri.as_str()), (next, "/to?b=c"));
        assert_eq!(second.body, if has_body { &b"samples"[..] } else { b"" }, "{status} {method}");
        let kind = if has_body { "audio/wav" } else { "" };
        assert_eq!(second.header("content-type"), kind);
        let original = runner.only(ORIGINAL);
        assert_eq!(original.attribute("invokehttp.request.url"), server.url("/from"));
        assert_eq!(original.attribute("invokehttp.response.url"), server.url("/to?b=c#d"));
        runner.assert_transferred(RESPONSE, 1);
    }
}

#[tokio::test]
async fn nobody_is_followed_where_the_flow_does_not_want_it_or_it_cannot_be() {
    for (status, to, enabled) in [
        (302, "/to", "false"),
        (302, "ftp://a.example/", "true"),
        (302, "file:///etc/passwd", "true"),
        (302, "http://", "true"),
        (300, "/to", "true"),
        (304, "/to", "true"),
    ] {
        let mut server = pointing(status, to).await;
        let mut runner = runner(&server.url("/from"), &[("Response Redirects Enabled", enabled)]);
        runner.enqueue(b"samples", &[]);
        runner.run().await.unwrap();
        let output = runner.only(NO_RETRY);
        assert_eq!(output.attribute("invokehttp.status.code"), status.to_string());
        assert_eq!(output.attribute("invokehttp.response.url"), server.url("/from"));
        assert_eq!(server.left(), 1, "{to}");
    }
}

#[tokio::test]
async fn a_circle_ends() {
    let mut server = pointing(302, "/from").await;
    let mut runner = runner(&server.url("/from"), &[]);
    runner.enqueue(b"samples", &[]);
    runner.run().await.unwrap();
    let reason = runner.only(FAILURE).attribute("failure.reason").to_owned();
    assert!(reason.contains("points elsewhere again and again"), "{reason}");
    assert_eq!(server.left(), 21);
}

#[tokio::test]
async fn another_host_learns_no_secrets() {
    let properties = [
        ("Request Username", "me"),
        ("Request Password", "word"),
        ("Cookie", "a=b"),
        ("Proxy-Authorization", "Basic x"),
        ("X-Take", "3"),
    ];
    let own = async |to: &str| {
        let mut server = pointing(307, to).await;
        let (_, first, second) = follow(&mut server, &properties).await;
        (first, second)
    };
    let (first, second) = own("/to").await;
    for seen in [&first, &second] {
        assert_eq!(seen.header("authorization"), "Basic bWU6d29yZA==");
        assert_eq!(seen.header("cookie"), "a=b");
    }
    let mut other = willing().await;
    let there = other.url("/to").replace("http://", "http://somebody:else@");
    let mut server = pointing(307, &there).await;
    let mut runner = runner(&server.url("/from"), &properties);
    runner.enqueue(b"samples", &[]);
    runner.run().await.unwrap();
    runner.assert_transferred(ORIGINAL, 1);
    assert_eq!(server.next().await.header("authorization"), "Basic bWU6d29yZA==");
    let seen = other.next().await;
    for name in ["authorization", "cookie", "proxy-authorization"] {
        assert_eq!(seen.header(name), "", "{name}");
    }
    assert_eq!(seen.header("x-take"), "3");
    assert_eq!(seen.header("host"), other.address.to_string());
}
