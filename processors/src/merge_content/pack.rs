//! Writes several contents as one: a few are open at a time, and none is in memory.

use std::fs::File;
use std::io::{self, Read, Write};

use chrono::{DateTime, Utc};
use tutti_sdk::model::flowfile::{Attributes, Content, FlowFile, core_attribute};
use tutti_sdk::property::{Choice, Evaluated};
use tutti_sdk::{ContentReader, ContentWriter, ProcessError, Retry, Session};

use super::MergeContentProperties;
use crate::archives::package::{self, Version};
use crate::archives::{NAME_BYTES_MAX, tar, zip};
use crate::bounded::{copy, stored, unwritable};

/// How many contents are open at a time.
const OPEN_MAX: usize = 64;
/// How long a header, a footer or a demarcator from a file may be, in bytes.
const DELIMITER_BYTES_MAX: u64 = 1024 * 1024;
const TAR_PERMISSIONS: &str = "tar.permissions";

/// How contents become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum MergeFormat {
    /// A tar with an entry for each. GNU's long names, and sizes beyond 8 GB.
    #[choice("TAR")]
    Tar,
    /// A zip with an entry for each, deflated.
    #[choice("ZIP")]
    Zip,
    /// A package with the attributes and the content of each, which `UnpackContent` and NiFi
    /// read.
    #[choice("FlowFile Stream, v3")]
    Package3,
    /// The same as older versions of NiFi have it.
    #[choice("FlowFile Stream, v2")]
    Package2,
    /// One content behind the other.
    #[choice("Binary Concatenation")]
    Concatenation,
}

impl MergeFormat {
    /// What the name of the whole ends with.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Tar => ".tar",
            Self::Zip => ".zip",
            Self::Package3 | Self::Package2 => ".pkg",
            Self::Concatenation => "",
        }
    }

    /// The type of the whole.
    pub(super) fn mime_type(self, parents: &[FlowFile]) -> &str {
        match self {
            Self::Tar => "application/tar",
            Self::Zip => "application/zip",
            Self::Package3 => "application/flowfile-v3",
            Self::Package2 => "application/flowfile-v2",
            Self::Concatenation => {
                let mut types =
                    parents.iter().map(|each| each.attribute(core_attribute::MIME_TYPE));
                let first =
                    types.next().flatten().filter(|first| types.all(|is| is == Some(*first)));
                first.unwrap_or("application/octet-stream")
            }
        }
    }
}

/// Why several cannot become one.
pub(super) enum Failed {
    /// Because of one, by its place.
    Member(usize, ProcessError),
    /// All of them are to wait, or to fail.
    All(ProcessError),
}

/// One of several, as it is written.
struct Member {
    reader: ContentReader,
    bytes: u64,
    name: String,
    mode: u32,
    modified: u64,
    attributes: Attributes,
}

/// What is written besides contents.
struct Delimiters {
    header: Vec<u8>,
    footer: Vec<u8>,
    demarcator: Vec<u8>,
}

/// What writes members.
struct Packer {
    format: MergeFormat,
    zip: zip::Writer,
    delimiters: Delimiters,
    is_first: bool,
}

/// Why writing stopped.
enum Stop {
    Writing(io::Error),
    Reading(ProcessError),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Writing(error)
    }
}

/// The content of all `parents`, as one.
pub(super) async fn pack(
    session: &Session,
    properties: &MergeContentProperties,
    parents: &[FlowFile],
) -> Result<Content, Failed> {
    let now = DateTime::from_timestamp_millis(session.clock().now().0).unwrap_or_default();
    let mut packer = Packer {
        format: properties.merge_format,
        zip: zip::Writer::new(properties.compression_level, now),
        delimiters: delimiters(session, properties, parents).await.map_err(Failed::All)?,
        is_first: true,
    };
    let mut writer = session.write().map_err(Failed::All)?;
    for (part, some) in parents.chunks(OPEN_MAX).enumerate() {
        let mut members = Vec::with_capacity(some.len());
        for (place, parent) in some.iter().enumerate() {
            let failed = |error| failed(part * OPEN_MAX + place, error);
            members.push(member(session, properties, parent, now).await.map_err(failed)?);
        }
        let work = move || {
            for (place, member) in members.into_iter().enumerate() {
                let added = packer.add(member, &mut writer);
                added.map_err(|stop| match stop {
                    Stop::Writing(error) => Failed::All(unwritable(error)),
                    Stop::Reading(error) => failed(part * OPEN_MAX + place, error),
                })?;
            }
            Ok((packer, writer))
        };
        let worked = match properties.merge_format {
            MergeFormat::Zip => session.compute(work).await,
            _ => session.blocking(work).await,
        };
        (packer, writer) = worked.map_err(Failed::All)??;
    }
    let finished = session.blocking(move || packer.finish(writer)).await;
    finished.map_err(Failed::All)?.map_err(|error| Failed::All(unwritable(error)))
}

/// What may pass is no fault of the one at which it showed.
fn failed(place: usize, error: ProcessError) -> Failed {
    match error.retry() {
        Retry::Never => Failed::Member(place, error),
        Retry::Later => Failed::All(error),
    }
}

async fn member(
    session: &Session,
    properties: &MergeContentProperties,
    parent: &FlowFile,
    now: DateTime<Utc>,
) -> Result<Member, ProcessError> {
    let name = entry_name(parent, properties.keep_path);
    if name.len() as u64 >= NAME_BYTES_MAX {
        return Err(ProcessError::user(format!("a name of {} bytes is too long", name.len()))
            .with_help("give the flowfile a shorter \"filename\""));
    }
    let mut stored_parent = parent.clone();
    if properties.merge_format != MergeFormat::Concatenation {
        stored_parent.set_content(stored(session, parent).await?);
    }
    let modified = match &properties.tar_modified_time {
        Some(time) if properties.merge_format == MergeFormat::Tar => {
            moment(&time.evaluate(session, parent)?)
        }
        _ => None,
    };
    Ok(Member {
        reader: session.read(&stored_parent)?,
        bytes: stored_parent.size_bytes(),
        name,
        mode: permissions(parent).unwrap_or(0o644),
        modified: u64::try_from(modified.unwrap_or(now).timestamp()).unwrap_or_default(),
        attributes: parent.attributes().clone(),
    })
}

/// The name of the entry for `flowfile`, which leads nowhere else.
pub(super) fn entry_name(flowfile: &FlowFile, keep_path: bool) -> String {
    let path = flowfile.attribute(core_attribute::PATH).filter(|_| keep_path).unwrap_or_default();
    let folders = path.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    let name = flowfile.attribute(core_attribute::FILENAME).filter(|name| !name.is_empty());
    let parts: Vec<&str> = folders.chain([name.unwrap_or(flowfile.uuid())]).collect();
    parts.join("/")
}

fn permissions(flowfile: &FlowFile) -> Option<u32> {
    let text = flowfile.attribute(TAR_PERMISSIONS).filter(|text| text.len() == 3)?;
    u32::from_str_radix(text, 8).ok()
}

/// The moment that `text` tells, in one of the two ways of ISO 8601 that are common.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let parsed = DateTime::parse_from_rfc3339(text);
    let parsed = parsed.or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z"));
    parsed.ok().map(Into::into)
}

impl Packer {
    fn add(&mut self, member: Member, out: &mut ContentWriter) -> Result<(), Stop> {
        let Member { mut reader, bytes, name, mode, modified, attributes } = member;
        match self.format {
            MergeFormat::Concatenation => {
                let Delimiters { header, demarcator, .. } = &self.delimiters;
                let between = if self.is_first { header } else { demarcator };
                out.write_all(between)?;
                pour(&mut reader, &mut *out)?;
            }
            MergeFormat::Tar => {
                let entry = tar::Entry { name, size: bytes, mode, modified, ..Default::default() };
                tar::write_head(&entry, out)?;
                whole(pour(&mut reader, &mut *out)?, bytes)?;
                tar::pad(bytes, out)?;
            }
            MergeFormat::Zip => {
                self.zip.add(&name, bytes, &mut reader, out, |reader, out| pour(reader, out))?;
            }
            MergeFormat::Package3 | MergeFormat::Package2 => {
                let version = match self.format {
                    MergeFormat::Package3 => Version::Three,
                    _ => Version::Two,
                };
                let pairs: Vec<_> = attributes.iter().collect();
                package::write_head(version, pairs.into_iter(), bytes, out)?;
                whole(pour(&mut reader, &mut *out)?, bytes)?;
            }
        }
        self.is_first = false;
        Ok(())
    }

    fn finish(self, mut out: ContentWriter) -> io::Result<Content> {
        match self.format {
            MergeFormat::Concatenation => out.write_all(&self.delimiters.footer)?,
            MergeFormat::Tar => tar::write_end(&mut out)?,
            MergeFormat::Zip => self.zip.finish(&mut out)?,
            MergeFormat::Package3 | MergeFormat::Package2 => {}
        }
        out.finish()
    }
}

/// Copies all of a content.
fn pour(mut reader: impl Read, mut out: impl Write) -> Result<u64, Stop> {
    copy(&mut reader, u64::MAX, &mut out).map_err(Stop::Reading)
}

fn whole(copied: u64, bytes: u64) -> Result<(), Stop> {
    if copied == bytes {
        return Ok(());
    }
    let message = format!("a content of {bytes} bytes has {copied}");
    Err(Stop::Reading(ProcessError::internal(message)))
}

async fn delimiters(
    session: &Session,
    properties: &MergeContentProperties,
    parents: &[FlowFile],
) -> Result<Delimiters, ProcessError> {
    let all = [&properties.header, &properties.footer, &properties.demarcator].map(Option::as_ref);
    let mut found = [const { Vec::new() }; 3];
    let concatenates = properties.merge_format == MergeFormat::Concatenation;
    if let Some(first) = parents.first().filter(|_| concatenates) {
        for (bytes, property) in found.iter_mut().zip(all) {
            *bytes = delimiter(session, properties.delimiter_strategy, property, first).await?;
        }
    }
    let [header, footer, demarcator] = found;
    Ok(Delimiters { header, footer, demarcator })
}

/// Where headers, footers and demarcators come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum DelimiterStrategy {
    /// There are none.
    #[choice("Do Not Use Delimiters")]
    None,
    /// The properties name files whose contents they are, of up to 1 MB each.
    #[choice("Filename")]
    Filename,
    /// The properties are the texts.
    #[choice("Text")]
    Text,
}

async fn delimiter(
    session: &Session,
    strategy: DelimiterStrategy,
    property: Option<&Evaluated<String>>,
    first: &FlowFile,
) -> Result<Vec<u8>, ProcessError> {
    let Some(property) = property else { return Ok(Vec::new()) };
    if strategy == DelimiterStrategy::None {
        return Ok(Vec::new());
    }
    let text = property.evaluate(session, first)?;
    if strategy == DelimiterStrategy::Text || text.is_empty() {
        return Ok(text.into_bytes());
    }
    session.blocking(move || read(&text)).await?
}

fn read(path: &str) -> Result<Vec<u8>, ProcessError> {
    let failed = |error: io::Error| {
        ProcessError::external(format!("cannot read the file \"{path}\""))
            .caused_by(error)
            .with_help(
                "put it there, or write another into \"Header\", \"Footer\" or \"Demarcator\"",
            )
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(DELIMITER_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > DELIMITER_BYTES_MAX {
        return Err(ProcessError::external(format!(
            "the file \"{path}\" has more than {DELIMITER_BYTES_MAX} bytes"
        ))
        .with_help("use a shorter header, footer or demarcator"));
    }
    Ok(bytes)
}
