//! What stores that speak S3 are asked, so that they refuse what must not be.

use super::*;

#[tokio::test]
async fn a_store_that_speaks_s3_is_asked_by_path() {
    let (url, requests) = server(|line| {
        Some(if line.starts_with("HEAD") {
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\netag: \"1\"\r\n\
             last-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\n"
        } else {
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\netag: \"1\"\r\n\r\n"
        })
    })
    .await;
    for properties in [vec![], vec![("Endpoint", url.as_str())]] {
        let store = if properties.is_empty() { url.as_str() } else { "s3:///" };
        let mut runner = runner(store, &[&ACCOUNT[..], &properties].concat());
        runner.enqueue(b"{}", &[]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        assert_eq!(runner.only(SUCCESS).attribute("object.etag"), "\"1\"");
        assert_eq!(
            std::mem::take(&mut *requests.lock()),
            ["PUT /audio-features/a.json HTTP/1.1", "HEAD /audio-features/a.json HTTP/1.1"]
        );
    }
}

/// A store of one object, which somebody else puts just before that is complete which comes in
/// parts.
#[derive(Default)]
struct Contested {
    /// Who put the object.
    owner: Option<&'static str>,
    parts_bytes: usize,
    aborted: u32,
}

impl Contested {
    fn answer(&mut self, request: &str, body_bytes: usize, heeds: bool) -> String {
        let ok = |body: &str| {
            let length = body.len();
            format!("HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: {length}\r\n\r\n{body}")
        };
        let none = |status: &str| format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        let line = request.lines().next().unwrap_or_default();
        if line.starts_with("HEAD") {
            return match self.owner {
                None => none("404 Not Found"),
                Some(_) => format!(
                    "HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: {}\r\n\
                     last-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\n",
                    self.parts_bytes
                ),
            };
        }
        if line.starts_with("DELETE") {
            self.aborted += 1;
            return none("204 No Content");
        }
        if line.starts_with("PUT") {
            self.parts_bytes += body_bytes;
            return ok("");
        }
        if line.contains("uploads") {
            return ok("<InitiateMultipartUploadResult><UploadId>u</UploadId>\
                       </InitiateMultipartUploadResult>");
        }
        self.owner = Some("somebody else");
        if heeds && request.to_lowercase().contains("\r\nif-none-match: *\r\n") {
            return none("412 Precondition Failed");
        }
        self.owner = Some("the flow");
        ok("<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>")
    }
}

/// Serves such a store, which heeds conditions or knows none.
async fn contested(heeds: bool) -> (String, Arc<Mutex<Contested>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let store = Arc::<Mutex<Contested>>::default();
    let served = Arc::clone(&store);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let store = Arc::clone(&served);
            tokio::spawn(async move {
                let mut asked = Vec::new();
                while stream.read_buf(&mut asked).await.unwrap() > 0 {
                    let end = b"\r\n\r\n";
                    let Some(head) = asked.windows(4).position(|at| at == end) else { continue };
                    let request = String::from_utf8_lossy(&asked[..head + 4]).into_owned();
                    let length = request.lines().find_map(|line| {
                        line.to_lowercase().strip_prefix("content-length: ")?.parse().ok()
                    });
                    let body_bytes: usize = length.unwrap_or(0);
                    if asked.len() < head + 4 + body_bytes {
                        continue;
                    }
                    asked.clear();
                    let answer = store.lock().answer(&request, body_bytes, heeds);
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (url, store)
}

#[tokio::test]
async fn an_object_that_came_while_parts_were_put_stays_where_the_store_can_refuse() {
    for (strategy, heeds, relationship, owner) in [
        ("fail", true, FAILURE, "somebody else"),
        ("ignore", true, SUCCESS, "somebody else"),
        ("replace", true, SUCCESS, "the flow"),
        ("fail", false, SUCCESS, "the flow"),
    ] {
        let (url, store) = contested(heeds).await;
        let more = [("Conflict Resolution Strategy", strategy)];
        let mut runner = runner(&url, &[&ACCOUNT[..], &more].concat());
        runner.enqueue(&vec![1; PART_BYTES + 1], &[]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(relationship, 1);
        if relationship == FAILURE {
            runner.assert_bulletin(Level::Error, "there is an object \"a.json\" already");
        }
        let store = store.lock();
        assert_eq!(store.owner, Some(owner), "{strategy} {heeds}");
        assert_eq!(store.aborted, u32::from(owner != "the flow"), "{strategy} {heeds}");
    }
}

#[tokio::test]
async fn the_store_is_told_the_sha256_of_what_it_gets_once() {
    const SIGNED: &str =
        "x-amz-content-sha256: 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    const CHECKSUM: &str = "x-amz-checksum-sha256: RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=";
    fn answer(request: &str, expected: &str, unexpected: &str) -> &'static str {
        if request.starts_with("HEAD") {
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\netag: \"1\"\r\n\
             last-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\n"
        } else if request.contains(expected) && !request.contains(unexpected) {
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\netag: \"1\"\r\n\r\n"
        } else {
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"
        }
    }
    let (signed, _) = server(|request| Some(answer(request, SIGNED, "x-amz-checksum"))).await;
    let (unsigned, _) = server(|request| Some(answer(request, CHECKSUM, "authorization"))).await;
    for (url, account) in [(signed, &ACCOUNT[..]), (unsigned, &[("Object Key", "a.json")])] {
        let mut runner = runner(&url, account);
        runner.enqueue(b"{}", &[]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
    }
}
