//! What is in an archive: where each content lies, and what is said of it. Nothing of it is held
//! but that, and no byte is copied that is not packed.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use chrono::DateTime;
use flate2::Crc;
use tutti_sdk::model::flowfile::{Content, core_attribute};
use tutti_sdk::property::{DataSize, Regex};
use tutti_sdk::{ContentReader, ContentWriter, ProcessError};

use crate::archives::package::{self, Version};
use crate::archives::zip::{Directory, Entry, Method};
use crate::archives::{Broken, Place, tar, zip};
use crate::bounded::{BUFFER_BYTES, Watched, unwritable};
use crate::files::permissions;
use crate::fragments;
use crate::inflater::Inflater;

/// How many bytes all that is said of the parts of one archive may have.
const TEXT_BYTES_MAX: u64 = 64 * 1024 * 1024;
const OCTET_STREAM: &str = "application/octet-stream";

/// What an archive may come to.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    pub(super) parts_max: u32,
    pub(super) bytes_max: DataSize,
    pub(super) filter: Regex,
}

/// One of what is in an archive.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) lies: Lies,
    pub(super) attributes: Vec<(String, String)>,
}

/// Where a content is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lies {
    /// In the archive.
    Here(Place),
    /// In what was unpacked.
    There(Place),
}

/// Why an archive is not unpacked.
pub(super) enum Stop {
    Broken(Broken),
    Other(ProcessError),
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<ProcessError> for Stop {
    fn from(error: ProcessError) -> Self {
        Self::Other(error)
    }
}

/// What was found so far.
struct Parts<'a> {
    bounds: &'a Bounds,
    found: Vec<Unpacked>,
    text_bytes_left: u64,
    bytes_left: u64,
}

impl<'a> Parts<'a> {
    fn new(bounds: &'a Bounds) -> Self {
        Self {
            bounds,
            found: Vec::new(),
            text_bytes_left: TEXT_BYTES_MAX,
            bytes_left: bounds.bytes_max.bytes(),
        }
    }

    fn add(&mut self, lies: Lies, attributes: Vec<(String, String)>) -> Result<(), Stop> {
        let max = self.bounds.parts_max;
        if self.found.len() as u64 >= u64::from(max) {
            return Err(fragments::too_many(max, "get a smaller archive").into());
        }
        let bytes: usize = attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
        let left = self.text_bytes_left.checked_sub(bytes as u64);
        let too_much = || Broken::because("the names and attributes in it have more than 64 MB");
        self.text_bytes_left = left.ok_or_else(too_much)?;
        self.found.push(Unpacked { lies, attributes });
        Ok(())
    }

    /// Counts bytes that are unpacked.
    fn count(&mut self, bytes: u64) -> Result<(), Stop> {
        let left = self.bytes_left.checked_sub(bytes);
        self.bytes_left = left.ok_or_else(|| too_large(self.bounds.bytes_max))?;
        Ok(())
    }

    fn is_wanted(&self, name: &str) -> Result<bool, Stop> {
        Ok(self.bounds.filter.is_found(name)?)
    }
}

/// Looks through a tar.
pub(super) fn tar(reader: ContentReader, bounds: &Bounds) -> Result<Vec<Unpacked>, Stop> {
    let mut parts = Parts::new(bounds);
    let mut reader = tar::Reader::new(reader)?;
    while let Some((entry, place)) = reader.next()? {
        if !parts.is_wanted(&entry.name)? {
            continue;
        }
        let changed = i64::try_from(entry.modified).unwrap_or(i64::MAX);
        let changed = DateTime::from_timestamp(changed, 0).unwrap_or_default();
        let changed = changed.format("%Y-%m-%dT%H:%M:%S%z").to_string();
        let mut attributes = of_file(&entry.name)?;
        attributes.extend(
            [
                ("file.permissions", permissions(entry.mode)),
                ("file.owner", entry.owner),
                ("file.group", entry.group),
                ("file.creationTime", changed.clone()),
                ("file.lastModifiedTime", changed),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        parts.add(Lies::Here(place), attributes)?;
    }
    Ok(parts.found)
}

/// Looks through a package of flowfiles.
pub(super) fn package(
    reader: ContentReader,
    version: Version,
    bounds: &Bounds,
) -> Result<Vec<Unpacked>, Stop> {
    let mut parts = Parts::new(bounds);
    let mut reader = package::Reader::new(reader, version)?;
    while let Some((mut attributes, place)) = reader.next()? {
        // Nobody else has its identity.
        attributes.retain(|(name, _)| !name.is_empty() && name != core_attribute::UUID);
        if !attributes.iter().any(|(name, _)| name == core_attribute::MIME_TYPE) {
            attributes.push((core_attribute::MIME_TYPE.into(), OCTET_STREAM.into()));
        }
        parts.add(Lies::Here(place), attributes)?;
    }
    Ok(parts.found)
}

/// Looks through a zip, and inflates what is deflated.
pub(super) fn zip(
    (directory, mut contents): (ContentReader, ContentReader),
    mut writer: ContentWriter,
    bounds: &Bounds,
) -> Result<(Vec<Unpacked>, Content), Stop> {
    let mut parts = Parts::new(bounds);
    let mut directory = Directory::open(directory)?;
    let mut written = 0;
    while let Some(entry) = directory.next()? {
        if !parts.is_wanted(&entry.name)? {
            continue;
        }
        let mut attributes = of_file(&entry.name)?;
        attributes.push(("file.encryptionMethod".to_owned(), "NONE".to_owned()));
        let place = zip::contents(&mut contents, &entry)?;
        contents.seek(SeekFrom::Start(place.offset))?;
        let packed = (&mut contents).take(place.length);
        let lies = match entry.method {
            Method::Stored => {
                pour(&entry, packed, &mut io::sink(), &mut parts)?;
                Lies::Here(place)
            }
            Method::Deflated => {
                let (packed, failure) = Watched::new(packed);
                let unpacked = Inflater::raw(BufReader::with_capacity(BUFFER_BYTES, packed));
                let poured = pour(&entry, unpacked, &mut writer, &mut parts);
                if let Some(error) = failure.take() {
                    return Err(Broken::Unreadable(error).into());
                }
                // What its content could not be read of is not broken by itself.
                poured.map_err(|stop| match stop {
                    Stop::Broken(Broken::Unreadable(error)) => {
                        Stop::Broken(Broken::because(format!("\"{}\": {error}", entry.name)))
                    }
                    other => other,
                })?;
                let place = Place { offset: written, length: entry.bytes };
                written += entry.bytes;
                Lies::There(place)
            }
        };
        parts.add(lies, attributes)?;
    }
    Ok((parts.found, writer.finish().map_err(unwritable)?))
}

/// Copies the unpacked content of `entry`, which is what its line says.
fn pour(
    entry: &Entry,
    mut unpacked: impl Read,
    out: &mut impl Write,
    parts: &mut Parts<'_>,
) -> Result<(), Stop> {
    let other = || Broken::because(format!("\"{}\" is not what its line says", entry.name));
    let mut crc = Crc::new();
    let mut left = entry.bytes;
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = match unpacked.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        left = left.checked_sub(count as u64).ok_or_else(other)?;
        parts.count(count as u64)?;
        let bytes = buffer.get(..count).unwrap_or_default();
        crc.update(bytes);
        out.write_all(bytes).map_err(unwritable)?;
    }
    if left > 0 || crc.sum() != entry.crc {
        return Err(other().into());
    }
    Ok(())
}

/// The attributes of a file in an archive: its name without its folders, and these.
fn of_file(name: &str) -> Result<Vec<(String, String)>, Broken> {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(_, file)| {
        (name.get(..name.len() - file.len()).unwrap_or_default(), file)
    });
    if matches!(file, "" | "." | "..") {
        return Err(Broken::because(format!("\"{name}\" is no name of a file")));
    }
    let folder = if folder.is_empty() { "/" } else { folder };
    let attributes = [
        (core_attribute::FILENAME, file),
        (core_attribute::PATH, folder),
        (core_attribute::MIME_TYPE, OCTET_STREAM),
    ];
    Ok(attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
}

fn too_large(max: DataSize) -> ProcessError {
    ProcessError::user(format!(
        "unpacked, the content is larger than \"Maximum Output Size\" allows, which is {max}"
    ))
    .with_help("raise \"Maximum Output Size\", if the content is to be trusted")
}
