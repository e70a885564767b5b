//! What a store is asked beyond what the library asks, and what it answers, up to a bound.
//!
//! The library reads the body of an answer into memory as a whole, and an error's body too,
//! however long the store lets it become. Here nothing is fetched but what requests of
//! `PutObject` are answered with (a tag, an upload's name, an error), so that every answer is
//! read here, and is short.

use futures::StreamExt as _;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService, ReqwestConnector,
};
use tutti_sdk::async_trait;

/// How much of a body is read, in bytes. Of an error the beginning tells enough; an answer to what
/// went well has some hundred bytes, and a token some thousand.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Connects as the library does by default, and bounds what is answered.
#[derive(Debug, Default)]
pub(super) struct ShortAnswers {
    /// Whether requests go without what the library would identify itself with.
    pub(super) anonymous: bool,
    /// Whether an S3 store is to refuse what was sent in parts when there is an object already. The
    /// library has no way to say so.
    pub(super) creates: bool,
}

impl HttpConnector for ShortAnswers {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Bounded { client, anonymous: self.anonymous, creates: self.creates }))
    }
}

#[derive(Debug)]
struct Bounded {
    client: HttpClient,
    anonymous: bool,
    creates: bool,
}

#[async_trait]
impl HttpService for Bounded {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if self.anonymous {
            request.headers_mut().remove("authorization");
        }
        if self.creates && completes_parts(&request) {
            // Not a part of what is signed, nor does it have to be.
            let any = "*".parse().map_err(|error| HttpError::new(HttpErrorKind::Request, error))?;
            request.headers_mut().insert("if-none-match", any);
        }
        let (parts, body) = self.client.execute(request).await?.into_parts();
        let mut bytes = Vec::new();
        let read = read(body, &mut bytes).await;
        let body = if parts.status.is_success() {
            read?;
            bytes.into()
        } else {
            // What came of an error says more than why no more of it did.
            String::from_utf8_lossy(&bytes).into_owned().into()
        };
        Ok(HttpResponse::from_parts(parts, body))
    }
}

/// Whether a request makes an object of parts that an S3 store has.
fn completes_parts(request: &HttpRequest) -> bool {
    let query = request.uri().query().unwrap_or_default();
    request.method().as_str() == "POST"
        && query.split('&').any(|each| each.starts_with("uploadId="))
}

/// Reads a body to its end, or up to the bound, into `bytes`. These get room as they come: the
/// length that a store states counts for nothing.
async fn read(body: HttpResponseBody, bytes: &mut Vec<u8>) -> Result<(), HttpError> {
    let mut chunks = body.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        let room = BODY_BYTES_MAX - bytes.len();
        bytes.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            return Err(HttpError::new(HttpErrorKind::Decode, TooLong));
        }
    }
    Ok(())
}

/// An answer that goes on beyond the bound.
#[derive(Debug, thiserror::Error)]
#[error("the answer has more than {BODY_BYTES_MAX} bytes")]
struct TooLong;
