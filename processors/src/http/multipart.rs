//! A body in parts: one content for each, with attributes as NiFi names them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures::Stream;
use hyper::StatusCode;
use multer::{Field, Multipart};
use parking_lot::Mutex;
use tutti_sdk::ContentWriters;
use tutti_sdk::model::flowfile::{Content, core_attribute};

use super::arrival::Arrival;
use super::intake::{Attributes, Intake};
use super::refusal::Refusal;
use super::spool::Coding;
use super::text;

/// Parts of one request.
const PARTS_MAX: usize = 1_000;
/// Bytes between the content of a part and that of the next: what is not found within these would
/// all be kept in memory.
const HEAD_BYTES_MAX: u64 = 64 * 1024;
/// The parser gets so much at a time.
const PIECE_BYTES: usize = 16 * 1024;

/// Names and descriptions of the attributes of a part.
const WRITES: [(&str, &str); 7] = [
    ("http.multipart.name", "The name of the part's field."),
    ("http.multipart.filename", "The name of the part's file."),
    ("http.multipart.content.type", "The part's type."),
    ("http.multipart.size", "How many bytes the part has."),
    ("http.multipart.fragments.sequence.number", "The number of the part in its request, from 1."),
    ("http.multipart.fragments.total.number", "How many parts the request has."),
    ("http.headers.multipart.*", "The headers of the part, by their names in small letters."),
];

/// `own`, and after these [`WRITES`].
pub(crate) const fn with_parts<const OWN: usize, const ALL: usize>(
    own: [(&'static str, &'static str); OWN],
) -> [(&'static str, &'static str); ALL] {
    let mut all = [("", ""); ALL];
    let mut index = 0;
    while index < ALL {
        all[index] = if index < OWN { own[index] } else { WRITES[index - OWN] };
        index += 1;
    }
    all
}

/// What stands between the parts; `None` where a body of that type has none.
pub(crate) fn boundary(content_type: &str) -> Result<Option<String>, Refusal> {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("multipart/form-data") {
        return Ok(None);
    }
    let boundary = multer::parse_boundary(content_type);
    boundary.map(Some).map_err(|_| Refusal::bad("the type of the body names no boundary"))
}

/// All parts, in their order.
pub(crate) async fn take(
    intake: &Intake,
    arrival: Arrival<'_>,
    boundary: String,
    writers: &ContentWriters,
) -> Result<Vec<(Attributes, Content)>, Refusal> {
    let bytes_max = intake.parts_bytes_max;
    let supply = Arc::new(Supply::default());
    let mut parts: Vec<(Attributes, Content)> = Vec::new();
    let mut multipart = Multipart::new(pieces(arrival, Arc::clone(&supply)), boundary);
    loop {
        supply.allow(HEAD_BYTES_MAX);
        let field = multipart.next_field().await.map_err(|error| supply.refusal(&error))?;
        let Some(mut field) = field else { break };
        if parts.len() == PARTS_MAX {
            let text = format!("the body has more than {PARTS_MAX} parts");
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, text));
        }
        supply.allow(u64::MAX);
        let mut attributes = of_part(&field);
        let mut spool = intake.spool(writers, Coding::Identity, bytes_max)?;
        while let Some(piece) = field.chunk().await.map_err(|error| supply.refusal(&error))? {
            spool.write(&piece).await.map_err(|error| intake.unspooled(error, bytes_max))?;
        }
        let content = spool.finish().await.map_err(|error| intake.unspooled(error, bytes_max))?;
        let (size, number) = (content.size_bytes(), parts.len() + 1);
        attributes.push(("http.multipart.size".to_owned(), size.to_string()));
        let name = "http.multipart.fragments.sequence.number".to_owned();
        attributes.push((name, number.to_string()));
        parts.push((attributes, content));
    }
    let total = parts.len().to_string();
    if parts.is_empty() {
        return Err(Refusal::bad("the body has no parts"));
    }
    for (attributes, _) in &mut parts {
        let name = "http.multipart.fragments.total.number".to_owned();
        attributes.push((name, total.clone()));
    }
    Ok(parts)
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// What the flowfile of a part has, before the number of parts is known.
fn of_part(field: &Field<'_>) -> Attributes {
    let mut attributes = Attributes::new();
    for name in field.headers().keys() {
        let values: Vec<String> = field.headers().get_all(name).iter().map(text).collect();
        let name = format!("http.headers.multipart.{name}");
        attributes.push((name, values.join(", ")));
    }
    if let Some(kind) = field.content_type() {
        attributes.push(pair("http.multipart.content.type", kind.to_string()));
        attributes.push(pair(core_attribute::MIME_TYPE, kind.to_string()));
    }
    attributes.extend(field.name().map(|name| pair("http.multipart.name", name)));
    if let Some(filename) = field.file_name() {
        attributes.push(pair("http.multipart.filename", filename));
        // Browsers of old send whole paths.
        let last = filename.rsplit(['/', '\\']).next().unwrap_or_default();
        if !last.is_empty() {
            attributes.push(pair(core_attribute::FILENAME, last));
        }
    }
    attributes
}

/// What the parser may still have, and why it got no more.
#[derive(Default)]
struct Supply {
    bytes_left: AtomicU64,
    refusal: Mutex<Option<Refusal>>,
}

impl Supply {
    fn allow(&self, bytes: u64) {
        self.bytes_left.store(bytes, Ordering::Relaxed);
    }

    /// Takes from what is left; whether there was so much.
    fn take(&self, bytes: u64) -> bool {
        let take = |left: u64| left.checked_sub(bytes);
        self.bytes_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    fn refusal(&self, error: &multer::Error) -> Refusal {
        let refused = self.refusal.lock().take();
        refused.unwrap_or_else(|| Refusal::bad(format!("the parts cannot be told: {error}")))
    }
}

/// The body, no faster than it is parsed.
fn pieces(
    arrival: Arrival<'_>,
    supply: Arc<Supply>,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    let first = (arrival, Bytes::new(), supply);
    futures::stream::unfold(first, async |(mut arrival, mut rest, supply)| {
        // The parser takes in what is there until it has to wait: so it is made to.
        tokio::task::yield_now().await;
        if rest.is_empty() {
            rest = match arrival.next().await {
                Ok(None) => return None,
                Ok(Some(bytes)) => bytes,
                Err(refusal) => {
                    *supply.refusal.lock() = Some(refusal);
                    Bytes::new()
                }
            };
        }
        let piece = rest.split_to(rest.len().min(PIECE_BYTES));
        let piece = if supply.refusal.lock().is_some() {
            Err(std::io::Error::other("no more comes"))
        } else if supply.take(piece.len() as u64) {
            Ok(piece)
        } else {
            *supply.refusal.lock() = Some(Refusal::bad("the head of a part is too large"));
            Err(std::io::Error::other("no more is taken"))
        };
        Some((piece, (arrival, rest, supply)))
    })
}
