//! Stores that a test answers for.

use std::fmt::Write as _;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What any key is to a store that does not check it.
pub(crate) const KEY: [(&str, &str); 3] =
    [("Access Key ID", "key"), ("Secret Access Key", "secret"), ("Region", "us-east-1")];

/// The first lines of requests.
pub(crate) type Lines = Arc<Mutex<Vec<String>>>;

/// A server that answers every request, or never where there is no answer, and hands back the first
/// line of each.
pub(crate) async fn server<A: Into<String>>(
    answer: impl Fn(&str) -> Option<A> + Send + Sync + 'static,
) -> (String, Lines) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (lines, answer) = (Lines::default(), Arc::new(answer));
    let noted = Arc::clone(&lines);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (noted, answer) = (Arc::clone(&noted), Arc::clone(&answer));
            tokio::spawn(async move {
                let mut buffer = vec![0; 65_536];
                let mut asked = String::new();
                while let Ok(count @ 1..) = stream.read(&mut buffer).await {
                    asked.push_str(&String::from_utf8_lossy(&buffer[..count]));
                    if !is_whole(&asked) {
                        continue;
                    }
                    let line = asked.lines().next().unwrap_or_default().to_owned();
                    let answered: Option<String> = answer(&asked).map(Into::into);
                    asked.clear();
                    noted.lock().push(line);
                    match answered {
                        Some(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                        None => std::future::pending().await,
                    }
                }
            });
        }
    });
    (url, lines)
}

fn is_whole(asked: &str) -> bool {
    let Some((head, body)) = asked.split_once("\r\n\r\n") else { return false };
    let lengths = head.lines().filter_map(|line| line.split_once(": "));
    let mut lengths = lengths.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths.next().and_then(|(_, length)| length.parse().ok()).unwrap_or(0);
    body.len() >= length
}

/// An answer with a body.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

/// A page of a listing: keys with their times and sizes, and whether there are more.
pub(crate) fn page(objects: &[(&str, &str, u64)], next: Option<&str>) -> String {
    let mut contents = String::new();
    for (key, time, size) in objects {
        // Writing to a text cannot fail.
        let _ = write!(
            contents,
            "<Contents><Key>{key}</Key><LastModified>{time}</LastModified><Size>{size}</Size>\
             <ETag>&quot;tag-{key}&quot;</ETag></Contents>"
        );
    }
    let more = next.map(|next| format!("<NextContinuationToken>{next}</NextContinuationToken>"));
    let is_more = next.is_some();
    let body = format!(
        "<ListBucketResult><IsTruncated>{is_more}</IsTruncated>{}{contents}</ListBucketResult>",
        more.unwrap_or_default()
    );
    answer("200 OK", "content-type: application/xml\r\n", &body)
}
