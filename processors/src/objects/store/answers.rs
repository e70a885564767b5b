//! What a store is asked beyond what the library asks, and what it answers, up to a bound.
//!
//! The library reads the body of an answer into memory as a whole, and an error's body too,
//! however long the store lets it become. Here nothing is fetched as a whole but what is short (a
//! tag, an upload's name, an error), and listings, which have a bound of their own. Only the
//! content of an object goes on as it comes.

use futures::StreamExt as _;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService, ReqwestConnector,
};
use tutti_sdk::async_trait;

use super::Purpose;

/// How much of a body is read, in bytes. Of an error the beginning tells enough; an answer to what
/// went well has some hundred bytes, and a token some thousand.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The same of a listing: of 1,000 names, each with 1,024 bytes that XML writes six times as long.
const LISTING_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Connects as the library does by default, and bounds what is answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answers {
    /// Whether requests go without what the library would identify itself with.
    anonymous: bool,
    /// What the store is used for.
    purpose: Purpose,
}

impl Answers {
    /// Those to requests for `purpose`.
    pub(super) fn of(purpose: Purpose) -> Self {
        Self { anonymous: false, purpose }
    }

    /// The same, to requests without what the library would identify itself with.
    pub(super) fn anonymous(self) -> Self {
        Self { anonymous: true, ..self }
    }
}

impl HttpConnector for Answers {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Bounded { client, answers: *self }))
    }
}

#[derive(Debug)]
struct Bounded {
    client: HttpClient,
    answers: Answers,
}

#[async_trait]
impl HttpService for Bounded {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let Answers { anonymous, purpose } = self.answers;
        if anonymous {
            request.headers_mut().remove("authorization");
        }
        if purpose == (Purpose::Put { creates: true }) && completes_parts(&request) {
            // The library has no way to say that an object which is there is to be left.
            // Not a part of what is signed, nor does it have to be.
            let any = "*".parse().map_err(|error| HttpError::new(HttpErrorKind::Request, error))?;
            request.headers_mut().insert("if-none-match", any);
        }
        let is_get = request.method().as_str() == "GET";
        let asked = request.body().as_bytes().cloned().unwrap_or_default();
        let (parts, body) = self.client.execute(request).await?.into_parts();
        if purpose == Purpose::Fetch && is_get && parts.status.is_success() {
            return Ok(HttpResponse::from_parts(parts, body));
        }
        let bytes_max = match purpose {
            Purpose::List if parts.status.is_success() => LISTING_BYTES_MAX,
            _ => BODY_BYTES_MAX,
        };
        let mut bytes = Vec::new();
        let read = read(body, &mut bytes, bytes_max).await;
        let body = if parts.status.is_success() {
            read?;
            if purpose == Purpose::Delete && !names_only(&bytes, &asked) {
                return Err(HttpError::new(HttpErrorKind::Decode, Unasked));
            }
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

/// Whether all keys that a store could not delete are among those that were `asked` for: the
/// library ends the work with a panic over another.
fn names_only(answer: &[u8], asked: &[u8]) -> bool {
    let (answer, asked) = (String::from_utf8_lossy(answer), String::from_utf8_lossy(asked));
    answer.split("<Error>").skip(1).all(|error| {
        let key = error.split_once("<Key>").and_then(|(_, rest)| rest.split_once("</Key>"));
        key.is_some_and(|(key, _)| asked.contains(&format!("<Key>{key}</Key>")))
    })
}

/// Reads a body to its end, or up to the bound, into `bytes`. These get room as they come: the
/// length that a store states counts for nothing.
async fn read(
    body: HttpResponseBody,
    bytes: &mut Vec<u8>,
    bytes_max: usize,
) -> Result<(), HttpError> {
    let mut chunks = body.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        let room = bytes_max - bytes.len();
        bytes.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            return Err(HttpError::new(HttpErrorKind::Decode, TooLong(bytes_max)));
        }
    }
    Ok(())
}

/// An answer about something else.
#[derive(Debug, thiserror::Error)]
#[error("the store answered of a key that it was not asked to delete")]
struct Unasked;

/// An answer that goes on beyond the bound.
#[derive(Debug, thiserror::Error)]
#[error("the answer has more than {0} bytes")]
struct TooLong(usize);
