//! An object becomes content, a few megabytes of it in memory.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use futures::StreamExt as _;
use object_store::{
    Attribute, Attributes, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt,
};
use tutti_sdk::model::flowfile::Content;
use tutti_sdk::{ContentWriter, ProcessError, Session};

use crate::bounded;
use crate::files::paths;
use crate::files::version::Version;
use crate::objects::header;
use crate::objects::requests::{Requests, is_no_object};

/// Bytes that are gathered before they are written.
const BUFFER_BYTES: usize = 1024 * 1024;

/// Which bytes of an object are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) length: Option<u64>,
}

/// Content, and what there is to say of the object that it comes from.
pub(super) type Told = (Content, Vec<(String, String)>);

impl Span {
    fn is_all(self) -> bool {
        self.start == 0 && self.length.is_none()
    }

    /// How many bytes of `size` there are in it.
    fn of(self, size: u64, about: &str) -> Result<u64, ProcessError> {
        if self.start > size {
            return Err(ProcessError::user(format!(
                "{about} has {size} bytes, and cannot be read from byte {} on",
                self.start
            ))
            .with_help("lower \"Range Start\""));
        }
        let rest = size - self.start;
        Ok(self.length.map_or(rest, |length| length.min(rest)))
    }
}

/// The object at `location`.
pub(super) async fn from_store(
    store: &dyn ObjectStore,
    location: &object_store::path::Path,
    requests: &Requests<'_>,
    session: &Session,
    span: Span,
) -> Result<Told, ProcessError> {
    let failed = |error| {
        if is_no_object(&error) {
            no_object(requests.about)
        } else {
            requests.failed("fetch", &error)
        }
    };
    let mut options = GetOptions::default();
    if !span.is_all() {
        // What a store says of a range that it has not, each says in another way.
        let there = requests.within_time("look for", store.head(location)).await?;
        let there = there.map_err(failed)?;
        let length = span.of(there.size, requests.about)?;
        if length == 0 {
            return Ok((Content::Empty, attributes(&there, &Attributes::default())));
        }
        options.range = Some(GetRange::Bounded(span.start..span.start + length));
        options.if_match = there.e_tag;
    }
    let got = requests.within_time("fetch", store.get_opts(location, options)).await?;
    let got = got.map_err(failed)?;
    let attributes = attributes(&got.meta, &got.attributes);
    let expected = got.range.end - got.range.start;
    let mut chunks = got.into_stream();
    let mut writer = session.write()?;
    let (mut buffer, mut count) = (Vec::new(), 0);
    while let Some(chunk) = requests.within_time("fetch", chunks.next()).await? {
        let chunk = chunk.map_err(failed)?;
        count += chunk.len() as u64;
        buffer.extend_from_slice(&chunk);
        if buffer.len() >= BUFFER_BYTES {
            writer = write(requests, writer, std::mem::take(&mut buffer)).await?;
        }
    }
    check_length(count, expected, requests.about)?;
    let writer = write(requests, writer, buffer).await?;
    let content = requests.context.blocking(move || writer.finish()).await?;
    Ok((content.map_err(bounded::unwritable)?, attributes))
}

async fn write(
    requests: &Requests<'_>,
    mut writer: ContentWriter,
    bytes: Vec<u8>,
) -> Result<ContentWriter, ProcessError> {
    let write = move || writer.write_all(&bytes).map(|()| writer);
    requests.context.blocking(write).await?.map_err(bounded::unwritable)
}

/// The object that the file `path` is.
pub(super) fn from_folder(
    path: &Path,
    about: &str,
    span: Span,
    mut writer: ContentWriter,
) -> Result<Told, ProcessError> {
    let failed = |action, error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => no_object(about),
        _ => paths::error(action, path, error),
    };
    match fs::metadata(path) {
        Ok(there) if there.is_file() => {}
        Ok(_) => return Err(no_object(about)),
        Err(error) => return Err(failed("look for", error)),
    }
    let mut file = File::open(path).map_err(|error| failed("open", error))?;
    let there = file.metadata().map_err(|error| failed("look at", error))?;
    let length = span.of(there.len(), about)?;
    file.seek(SeekFrom::Start(span.start)).map_err(|error| failed("read", error))?;
    let count = bounded::copy(&mut file.take(length), length, &mut writer)?;
    let version = Version::of(&there);
    if fs::metadata(path).map(|now| Version::of(&now)).ok() != Some(version) {
        return Err(ProcessError::external(format!("{about} changed while it was read"))
            .with_help("this is tried again"));
    }
    check_length(count, length, about)?;
    let content = writer.finish().map_err(bounded::unwritable)?;
    let attributes = vec![
        ("object.size".to_owned(), there.len().to_string()),
        ("object.lastModified".to_owned(), version.modified_ms().to_string()),
    ];
    Ok((content, attributes))
}

fn check_length(count: u64, expected: u64, about: &str) -> Result<(), ProcessError> {
    if count == expected {
        return Ok(());
    }
    Err(ProcessError::external(format!("{about} came with {count} bytes instead of {expected}"))
        .with_help("check the store, and what lies between"))
}

fn no_object(about: &str) -> ProcessError {
    ProcessError::user(format!("{about} is not there"))
        .with_help("check the bucket and the key, or whether somebody else deleted it")
}

fn attributes(object: &ObjectMeta, more: &Attributes) -> Vec<(String, String)> {
    let mut all = vec![
        ("object.size".to_owned(), object.size.to_string()),
        ("object.lastModified".to_owned(), object.last_modified.timestamp_millis().to_string()),
    ];
    all.extend(object.e_tag.clone().map(|tag| ("object.etag".to_owned(), tag)));
    all.extend(object.version.clone().map(|version| ("object.version".to_owned(), version)));
    for (attribute, value) in more {
        let name = match attribute {
            Attribute::ContentType => "mime.type".to_owned(),
            Attribute::Metadata(name) => format!("object.metadata.{name}"),
            _ => continue,
        };
        all.push((name, header::text(value)));
    }
    all
}
