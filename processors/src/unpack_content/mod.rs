//! `UnpackContent`: makes a flowfile of each file in an archive.

#[cfg(test)]
mod tests;
mod unpack;

use tutti_sdk::model::flowfile::{Content, FlowFile, core_attribute};
use tutti_sdk::property::{Choice, DataSize, Regex};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, ProcessError, Processor, Properties,
    SUCCESS, Session, async_trait,
};

use crate::archives::package::Version;
use crate::bounded::stored;
use crate::fragments::{self, ORIGINAL, Part};
use crate::mime_type;
use unpack::{Bounds, Lies, Stop, Unpacked};

/// What NiFi takes off the name of an archive.
const ENDINGS: [&str; 3] = [".tar", ".zip", ".pkg"];

/// What kind of archive the content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum PackagingFormat {
    /// As the attribute `mime.type` says, such as `application/zip`. With a type of something else
    /// the flowfile goes on as it came.
    #[choice("use mime.type attribute")]
    Attribute,
    /// A tar.
    #[choice("tar")]
    Tar,
    /// A zip.
    #[choice("zip")]
    Zip,
    /// A package of flowfiles, as `MergeContent` and NiFi make it.
    #[choice("flowfile-stream-v3")]
    Package3,
    /// The same of older versions of NiFi.
    #[choice("flowfile-stream-v2")]
    Package2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Tar,
    Zip,
    Package(Version),
}

impl PackagingFormat {
    /// The format, where it is the same for every flowfile.
    fn format(self) -> Option<Format> {
        match self {
            Self::Attribute => None,
            Self::Tar => Some(Format::Tar),
            Self::Zip => Some(Format::Zip),
            Self::Package3 => Some(Format::Package(Version::Three)),
            Self::Package2 => Some(Format::Package(Version::Two)),
        }
    }
}

impl Format {
    fn of_mime_type(mime_type: &str) -> Option<Self> {
        match &*mime_type.to_ascii_lowercase() {
            "application/tar" | "application/x-tar" => Some(Self::Tar),
            "application/zip" => Some(Self::Zip),
            "application/flowfile-v3" => Some(Self::Package(Version::Three)),
            "application/flowfile-v2" => Some(Self::Package(Version::Two)),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Tar => "a tar",
            Self::Zip => "a zip",
            Self::Package(_) => "a package of flowfiles",
        }
    }
}

/// The properties of [`UnpackContent`].
#[derive(Debug, Properties)]
pub(crate) struct UnpackContentProperties {
    /// What kind of archive the content is.
    #[property(default = "use mime.type attribute")]
    packaging_format: PackagingFormat,
    /// Of a tar or a zip, only files are unpacked in whose name, with its folders, this is found.
    #[property(default = ".*", example = "\\.flac$")]
    file_filter: Regex,
    /// How many files there may be; an archive of more goes to `failure`.
    #[property(default = "100000", min = 1, max = 1_000_000)]
    maximum_splits: u32,
    /// How large all that is unpacked of a zip may become; what would be larger goes to `failure`.
    #[property(default = "10 GB")]
    maximum_output_size: DataSize,
}

/// Makes a flowfile of each file in an archive.
pub(crate) struct UnpackContent {
    format: PackagingFormat,
    bounds: Bounds,
}

#[async_trait]
impl Processor for UnpackContent {
    type Properties = UnpackContentProperties;

    fn describe() -> Description {
        Description {
            description: "\
Folders, links and devices are passed over. Of a tar or a package no byte is copied: what comes \
out are slices of the content; of a zip, what is deflated is inflated as a stream. What is said \
of all parts, their names and attributes, is in memory until they leave together: 64 MB, and \
**Maximum Splits**, bound that. **Maximum Output Size** keeps a small zip from filling the disk. \
NiFi has neither.\n\n\
A name that leads elsewhere, such as `../../a` or `/a`, leads nowhere by itself: `filename` is \
its end, `a`, and `path` is what stands before, as it stands there. See that nobody behind uses \
`path` of archives that are not to be trusted. Two files of one name are two flowfiles. A zip is \
read by its directory, its names are UTF-8 or of the code page 437, and what is encrypted in it, \
or compressed otherwise than by deflation, makes it fail, as a file with holes does a tar. \
Lengths and sums are checked. NiFi's **Password**, **Filename Character Set** and \
`flowfile-tar-v1` are not there.",
            tags: &["unpack", "archive", "tar", "zip", "split", "package"],
            makes: const { &[Makes::as_it_came(ORIGINAL)] },
            relationships: &[
                (SUCCESS, "What was in the archive, and flowfiles of no such `mime.type`."),
                (ORIGINAL, "Flowfiles that were unpacked, as they came."),
                (
                    FAILURE,
                    "Flowfiles that cannot be unpacked, that have nothing in them, or lack a \
                     `mime.type` that is to say the format, as they came.",
                ),
            ],
            reads: &[
                (core_attribute::MIME_TYPE, "The format, with `use mime.type attribute`."),
                (core_attribute::FILENAME, "What the archive is called."),
            ],
            writes: &[
                (core_attribute::FILENAME, "The name of the file, without its folders."),
                (core_attribute::PATH, "Its folders; ends with `/`, and is `/` without any."),
                (
                    core_attribute::MIME_TYPE,
                    "`application/octet-stream`, or what a package says of its flowfile.",
                ),
                ("file.permissions", "What may be done with it, as `rw-r--r--` (tar)."),
                ("file.owner", "Whose file it is, by name (tar)."),
                ("file.group", "Which group's file it is, by name (tar)."),
                (
                    "file.lastModifiedTime",
                    "When it was changed, as `2024-01-31T23:59:59+0000` (tar).",
                ),
                ("file.creationTime", "The same (tar)."),
                ("file.encryptionMethod", "`NONE` (zip)."),
                fragments::WRITES[0],
                (fragments::INDEX, "The number of the file, from 1; not of a package."),
                fragments::WRITES[2],
                (
                    fragments::ORIGINAL_FILENAME,
                    "The `filename` of the archive without `.tar`, `.zip` or `.pkg`; not of a \
                     package, whose flowfiles have what they had.",
                ),
            ],
            example_flow: Some("unpack-content"),
            ..Description::transform(
                "UnpackContent",
                "Makes a flowfile of each file in an archive.",
            )
        }
    }

    fn build(properties: UnpackContentProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self {
            format: properties.packaging_format,
            bounds: Bounds {
                parts_max: properties.maximum_splits,
                bytes_max: properties.maximum_output_size,
                filter: properties.file_filter,
            },
        })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(flowfile) = session.get()? else { return Ok(()) };
        let format = match self.format_of(&flowfile) {
            Ok(Some(format)) => format,
            Ok(None) => {
                session.transfer(flowfile, SUCCESS);
                return Ok(());
            }
            Err(error) => {
                session.fail_or_retry(flowfile, &error);
                return Ok(());
            }
        };
        match self.unpack(session, &flowfile, format).await {
            Ok(parts) => send(session, flowfile, format, parts),
            Err(error) => session.fail_or_retry(flowfile, &error),
        }
        Ok(())
    }
}

/// One of what is in an archive, with its content.
type Unwrapped = (Content, Vec<(String, String)>);

impl UnpackContent {
    /// The format that is meant; none where the content has none of them.
    fn format_of(&self, flowfile: &FlowFile) -> Result<Option<Format>, ProcessError> {
        if let Some(format) = self.format.format() {
            return Ok(Some(format));
        }
        Ok(Format::of_mime_type(mime_type::told(flowfile, "Packaging Format")?))
    }

    async fn unpack(
        &self,
        session: &Session,
        flowfile: &FlowFile,
        format: Format,
    ) -> Result<Vec<Unwrapped>, ProcessError> {
        let content = stored(session, flowfile).await?;
        let whole = flowfile.clone().with_content(content);
        let (reader, bounds) = (session.read(&whole)?, self.bounds.clone());
        let unpacked = match format {
            Format::Tar => {
                let work = move || unpack::tar(reader, &bounds);
                session.blocking(work).await?.map(|parts| (parts, Content::Empty))
            }
            Format::Package(version) => {
                let work = move || unpack::package(reader, version, &bounds);
                session.blocking(work).await?.map(|parts| (parts, Content::Empty))
            }
            Format::Zip => {
                let readers = (reader, session.read(&whole)?);
                let writer = session.write()?;
                session.compute(move || unpack::zip(readers, writer, &bounds)).await?
            }
        };
        let (parts, written) = unpacked.map_err(|stop| match stop {
            Stop::Broken(broken) => broken.told(format.name()),
            Stop::Other(error) => error,
        })?;
        if parts.is_empty() {
            return Err(ProcessError::user(
                "there is no file in it that \"File Filter\" lets pass",
            )
            .with_help("look into the archive, and at \"File Filter\""));
        }
        let unwrap = |Unpacked { lies, attributes }| {
            let (content, place) = match lies {
                Lies::Here(place) => (whole.content(), place),
                Lies::There(place) => (&written, place),
            };
            Ok((fragments::slice(content, place.offset, place.length)?, attributes))
        };
        parts.into_iter().map(unwrap).collect()
    }
}

/// Sends what was in the archive, and the archive.
fn send(session: &mut Session, mut original: FlowFile, format: Format, parts: Vec<Unwrapped>) {
    if let Format::Package(_) = format {
        let count = parts.len().to_string();
        for (content, attributes) in parts {
            let mut child = session.create_child(&original);
            for (name, value) in attributes {
                child.set_attribute(&name, value);
            }
            session.set_content(&mut child, content);
            session.transfer(child, SUCCESS);
        }
        original.set_attribute(fragments::COUNT, count);
        session.transfer(original, ORIGINAL);
        return;
    }
    let filename = original.attribute(core_attribute::FILENAME).unwrap_or_default();
    let ended = ENDINGS.iter().find_map(|ending| filename.strip_suffix(ending));
    let filename = ended.unwrap_or(filename).to_owned();
    let parts = parts.into_iter().map(|(content, attributes)| Part { content, attributes });
    fragments::send_named(session, original, parts.collect(), (SUCCESS, 1), &filename);
}
