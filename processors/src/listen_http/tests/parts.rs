//! Bodies in parts.

use super::*;

fn multipart(headers: &str, body: &str) -> String {
    post_with(&format!("Content-Type: multipart/form-data; boundary=b\r\n{headers}"), body)
}

fn part(headers: &str, body: &str) -> String {
    format!("--b\r\n{headers}\r\n\r\n{body}\r\n")
}

const FIELD: &str = "Content-Disposition: form-data; name=\"title\"";

#[tokio::test]
async fn each_part_is_a_flowfile() {
    let mut bench = Bench::new(&[]).await;
    let file = "Content-Disposition: form-data; name=\"recording\"; filename=\"C:\\takes\\a.wav\"\
                \r\nContent-Type: audio/wav\r\nX-Take: 3";
    let body = format!("{}{}--b--\r\n", part(FIELD, "A song"), part(file, "sam\r\n--ples"));
    assert_eq!(status(&bench.answer(multipart("", &body)).await), 200);
    let parts = bench.runner.transferred(SUCCESS);
    assert_eq!(parts.iter().map(Output::text).collect::<Vec<_>>(), ["A song", "sam\r\n--ples"]);
    for (name, first, second) in [
        ("http.multipart.name", "title", "recording"),
        ("http.multipart.filename", "", "C:\\takes\\a.wav"),
        ("filename", parts[0].flowfile.uuid(), "a.wav"),
        ("http.multipart.content.type", "", "audio/wav"),
        ("mime.type", "", "audio/wav"),
        ("http.multipart.size", "6", "11"),
        ("http.multipart.fragments.sequence.number", "1", "2"),
        ("http.multipart.fragments.total.number", "2", "2"),
        ("http.headers.multipart.x-take", "", "3"),
        ("http.headers.multipart.content-type", "", "audio/wav"),
        ("restlistener.request.uri", "/contentListener", "/contentListener"),
    ] {
        assert_eq!([parts[0].attribute(name), parts[1].attribute(name)], [first, second], "{name}");
    }
}

#[tokio::test]
async fn a_real_client_sends_a_file_and_a_form() {
    let mut bench = Bench::new(&[]).await;
    let body: Vec<u8> = (0..2_000_000_u32).map(|number| (number % 251) as u8).collect();
    let lines = body.chunks(100).map(|line| [line, b"\r\n--"].concat()).collect::<Vec<_>>();
    let body = lines.concat();
    let head = part(FIELD, "A song") + "--b\r\nContent-Disposition: form-data; name=f\r\n\r\n";
    // Nothing in the body looks like this one.
    let head = head.replace("--b\r", "--bx\r");
    let whole = [head.as_bytes(), &body, b"\r\n--bx--"].concat();
    let request = real_client()
        .post(bench.url("/contentListener"))
        .header("content-type", "Multipart/Form-Data; boundary=\"bx\"")
        .body(whole);
    let (ran, answer) = tokio::join!(bench.runner.run(), request.send());
    ran.unwrap();
    assert_eq!(answer.unwrap().status(), 200);
    let parts = bench.runner.transferred(SUCCESS);
    assert_eq!(parts.len(), 2);
    assert!(parts[1].bytes() == body, "other bytes than were sent");
}

#[tokio::test]
async fn all_parts_are_taken_or_none() {
    let mut bench = Bench::new(&[]).await;
    let good = part(FIELD, "A song");
    let long = "x".repeat(200_000);
    for body in [
        good.clone(),
        format!("{good}--b"),
        format!("{good}--b\r\n{FIELD}"),
        format!("{good}--b\r\n{FIELD}\r\n\r\nhalf"),
        format!("{good}--b\r\nno header\r\n\r\nbody\r\n--b--"),
        format!("{good}--b\r\nX: {long}\r\n\r\nbody\r\n--b--"),
        format!("{long}{good}--b--"),
        String::new(),
        "no parts".to_owned(),
        "--b--\r\n".to_owned(),
    ] {
        let answer = bench.answer(multipart("", &body)).await;
        assert_eq!(status(&answer), 400, "{:?}: {answer}", body.get(..80));
    }
    let many = part(FIELD, "").repeat(1_001) + "--b--";
    assert_eq!(status(&bench.answer(multipart("", &many)).await), 413);
    let packed = multipart("Content-Encoding: gzip\r\n", &(good + "--b--"));
    assert_eq!(status(&bench.answer(packed).await), 415);
    let unbound = post_with("Content-Type: multipart/form-data\r\n", "--b--");
    assert_eq!(status(&bench.answer(unbound).await), 400);
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn the_parts_together_have_so_many_bytes_and_no_more() {
    let mut bench = Bench::new(&[("Maximum Request Size", "1 KB")]).await;
    let body = part(FIELD, &"x".repeat(600)).repeat(2) + "--b--";
    assert_eq!(status(&bench.answer(multipart("", &body)).await), 413);
    let body = body.replace("\r\n", "\n");
    let chunked = format!(
        "POST /contentListener HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: \
         multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n\
         0\r\n\r\n",
        body.len()
    );
    assert_eq!(status(&bench.answer(chunked).await), 413);
    bench.assert_nothing_taken().await;
}
