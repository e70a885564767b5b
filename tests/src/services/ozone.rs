//! Apache Ozone, seen through its S3 gateway.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::Utc;
use reqwest::header::{ETAG, HeaderMap, HeaderValue};
use reqwest::{Client, Method, Response};
use tokio::runtime::{Builder, Runtime};

use super::{NotStarted, Running, Service};

const SERVICE: Service = Service {
    name: "ozone",
    main: "OzoneServers",
    java: 17..=23,
    heap_mb: 512,
    // The first is the gateway's; `conf/ozone-site.xml` says whose the others are.
    ports: 17,
};
/// How long one request of a test may take.
const ANSWER_PATIENCE: Duration = Duration::from_secs(30);

/// A store that runs.
pub struct Ozone {
    running: Running,
    client: Client,
    runtime: Runtime,
}

/// An object, as the gateway hands it out.
#[derive(Debug, PartialEq, Eq)]
pub struct Object {
    /// Its content.
    pub bytes: Vec<u8>,
    /// The gateway's tag of it. That of one that came in parts ends with `-` and their number.
    pub etag: String,
}

impl Ozone {
    /// Starts it with nothing in it.
    ///
    /// # Errors
    /// What this machine lacks, or what the servers said.
    pub fn start() -> Result<Self, NotStarted> {
        let client = Client::builder().no_proxy().timeout(ANSWER_PATIENCE);
        // A connection that is kept would outlive the servers when they are killed.
        let client = client.pool_max_idle_per_host(0).build();
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(Self {
            running: Running::start(&SERVICE)?,
            client: client.map_err(|error| error.to_string())?,
            runtime: runtime.map_err(|error| error.to_string())?,
        })
    }

    /// Where the gateway listens.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.running.port(0)).into()
    }

    /// The URL of the gateway.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Kills it (SIGKILL); what it has stays.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn kill(&mut self) -> Result<(), String> {
        self.running.kill()
    }

    /// Starts it again, with what it has, where it was.
    ///
    /// # Errors
    /// What it said.
    pub fn start_again(&mut self) -> Result<(), String> {
        self.running.start_again()
    }

    /// Makes a bucket.
    ///
    /// # Errors
    /// What the gateway answered.
    pub fn make_bucket(&self, bucket: &str) -> Result<(), String> {
        self.ask(&Method::PUT, bucket).map(drop)
    }

    /// An object, or `None` when the gateway has none of that key.
    ///
    /// # Errors
    /// What else the gateway answered.
    pub fn object(&self, bucket: &str, key: &str) -> Result<Option<Object>, String> {
        let Some((headers, bytes)) = self.ask(&Method::GET, &format!("{bucket}/{key}"))? else {
            return Ok(None);
        };
        let etag = headers.get(ETAG).map(text).unwrap_or_default();
        Ok(Some(Object { bytes, etag: etag.trim_matches('"').to_owned() }))
    }

    /// What the headers `x-amz-meta-NAME` say of an object, by name. The gateway tells them only to
    /// those who do not ask for the content.
    ///
    /// # Errors
    /// What the gateway answered, or that there is no such object.
    pub fn metadata(&self, bucket: &str, key: &str) -> Result<BTreeMap<String, String>, String> {
        let answer = self.ask(&Method::HEAD, &format!("{bucket}/{key}"))?;
        let (headers, _) = answer.ok_or_else(|| format!("there is no object \"{key}\""))?;
        let metadata = headers.iter().filter_map(|(name, value)| {
            Some((name.as_str().strip_prefix("x-amz-meta-")?.to_owned(), text(value)))
        });
        Ok(metadata.collect())
    }

    /// The keys in a bucket, sorted: at most 1,000.
    ///
    /// # Errors
    /// What the gateway answered, or that there are more.
    pub fn keys(&self, bucket: &str) -> Result<Vec<String>, String> {
        let answer = self.ask(&Method::GET, &format!("{bucket}?list-type=2&max-keys=1000"))?;
        let (_, bytes) = answer.ok_or_else(|| format!("there is no bucket \"{bucket}\""))?;
        let text = String::from_utf8_lossy(&bytes);
        if !text.contains("<IsTruncated>false</IsTruncated>") {
            return Err(format!("not all keys of \"{bucket}\": {text}"));
        }
        let keys = text.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
        let mut keys: Vec<String> = keys.map(str::to_owned).collect();
        keys.sort();
        Ok(keys)
    }

    /// The headers and the bytes of the answer, or `None` when it is that there is no such thing.
    fn ask(&self, method: &Method, path: &str) -> Result<Option<Answer>, String> {
        let url = format!("{}/{path}", self.url());
        let failed = |error: &dyn std::fmt::Display| format!("{method} {url}: {error}");
        // The gateway wants a signature of today, and does not check it.
        let now = Utc::now();
        let signed = format!(
            "AWS4-HMAC-SHA256 Credential=test/{}/us-east-1/s3/aws4_request, \
             SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=00",
            now.format("%Y%m%d")
        );
        let request = self
            .client
            .request(method.clone(), &url)
            .header("authorization", signed)
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
            .header("x-amz-date", now.format("%Y%m%dT%H%M%SZ").to_string());
        self.runtime.block_on(async {
            let response = request.send().await.map_err(|error| failed(&error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            let bytes = Response::bytes(response).await.map_err(|error| failed(&error))?;
            let text = String::from_utf8_lossy(&bytes);
            match status.as_u16() {
                200 => Ok(Some((headers, bytes.to_vec()))),
                404 if text.contains("NoSuchKey") || text.contains("NoSuchBucket") => Ok(None),
                _ => Err(failed(&format!("{status}: {text}"))),
            }
        })
    }
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

type Answer = (HeaderMap, Vec<u8>);
