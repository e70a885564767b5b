//! Bodies in parts: several flowfiles of one request.

use super::*;

const HEAD: &str = "Content-Type: multipart/form-data; boundary=b\r\n";

#[tokio::test]
async fn each_part_is_a_flowfile_and_one_of_them_is_the_answer() {
    let mut bench = Bench::new().await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nA song\r\n--b\r\n\
                Content-Disposition: form-data; name=\"take\"; filename=\"a.wav\"\r\nContent-Type: \
                audio/wav\r\n\r\nsamples\r\n--b--\r\n";
    let sent = bench.send(post_with(HEAD, body));
    bench.requests.run().await.unwrap();
    let parts = bench.requests.transferred(SUCCESS);
    for (name, first, second) in [
        ("http.multipart.name", "title", "take"),
        ("http.multipart.fragments.sequence.number", "1", "2"),
        ("http.multipart.fragments.total.number", "2", "2"),
        ("http.method", "POST", "POST"),
        ("filename", parts[0].flowfile.uuid(), "a.wav"),
        ("mime.type", "", "audio/wav"),
    ] {
        assert_eq!([parts[0].attribute(name), parts[1].attribute(name)], [first, second], "{name}");
    }
    let identifier = parts[0].attribute("http.context.identifier");
    assert_eq!(identifier, parts[1].attribute("http.context.identifier"));
    bench.responses.enqueue_output(&parts[1]);
    bench.responses.enqueue_output(&parts[0]);
    bench.responses.run().await.unwrap();
    assert!(sent.await.unwrap().ends_with("\r\n\r\nsamples"));
    assert_eq!(bench.responses.only(SUCCESS).text(), "samples");
    let second = bench.responses.only(FAILURE);
    assert_eq!(second.text(), "A song");
    assert!(second.attribute("failure.reason").contains("it was answered before"));
}

#[tokio::test]
async fn all_parts_are_taken_or_none() {
    let mut bench = Bench::new().await;
    let half = "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nA song\r\n--b\r\n";
    assert_eq!(status(&bench.send(post_with(HEAD, half)).await.unwrap()), 400);
    let packed = format!("{HEAD}Content-Encoding: gzip\r\n");
    assert_eq!(status(&bench.send(post_with(&packed, half)).await.unwrap()), 415);
    bench.assert_nothing_taken().await;
}
