//! `CompressContent`: compresses content, or takes compressed content apart.

mod format;
#[cfg(test)]
mod tests;

use tutti_sdk::model::flowfile::{Content, FlowFile, core_attribute};
use tutti_sdk::property::{Choice, DataSize};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, ProcessError, Processor, Properties, SUCCESS,
    Session, async_trait,
};

use crate::mime_type;
use format::Format;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Mode {
    /// The content is compressed.
    #[choice("compress")]
    Compress,
    /// Compressed content becomes what it was.
    #[choice("decompress")]
    Decompress,
}

/// How the content is, or is to be, compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum CompressionFormat {
    /// As the attribute `mime.type` says, such as `application/gzip`. With a type of something else
    /// the flowfile goes on as it came.
    #[choice("use mime.type attribute")]
    Attribute,
    /// RFC 1952. Several members, one behind the other, are one content.
    #[choice("gzip")]
    Gzip,
    /// DEFLATE within zlib, RFC 1950.
    #[choice("deflate")]
    Deflate,
    /// Zstandard, RFC 8878.
    #[choice("zstd")]
    Zstd,
    /// LZ4 in frames.
    #[choice("lz4-framed")]
    Lz4,
    /// bzip2.
    #[choice("bzip2")]
    Bzip2,
    /// LZMA as a file of its own (`.lzma`), without a checksum.
    #[choice("lzma")]
    Lzma,
    /// LZMA2 in xz.
    #[choice("xz-lzma2")]
    Xz,
    /// Snappy in frames.
    #[choice("snappy framed")]
    Snappy,
    /// Brotli, RFC 7932, without a checksum.
    #[choice("brotli")]
    Brotli,
}

impl CompressionFormat {
    /// The format, where it is the same for every flowfile.
    fn format(self) -> Option<Format> {
        match self {
            Self::Attribute => None,
            Self::Gzip => Some(Format::Gzip),
            Self::Deflate => Some(Format::Deflate),
            Self::Zstd => Some(Format::Zstd),
            Self::Lz4 => Some(Format::Lz4),
            Self::Bzip2 => Some(Format::Bzip2),
            Self::Lzma => Some(Format::Lzma),
            Self::Xz => Some(Format::Xz),
            Self::Snappy => Some(Format::Snappy),
            Self::Brotli => Some(Format::Brotli),
        }
    }
}

/// The properties of [`CompressContent`].
#[derive(Debug, Properties)]
pub(crate) struct CompressContentProperties {
    /// Which way.
    #[property(default = "compress")]
    mode: Mode,
    /// How the content is, or is to be, compressed.
    #[property(default = "use mime.type attribute")]
    compression_format: CompressionFormat,
    /// How much work to put into it; `lz4-framed` and `snappy framed` have no levels. With `zstd`
    /// the level is twice as much, and 0 is its own default; with `bzip2`, 0 is 1.
    #[property(default = "1", min = 0, max = 9, depends_on("Mode", "compress"))]
    compression_level: u32,
    /// Whether `filename` gets the ending of the format, such as `.gz`, or loses it.
    #[property(default = "false")]
    update_filename: bool,
    /// How large what is decompressed may become; what would be larger goes to `failure`.
    #[property(default = "10 GB", depends_on("Mode", "decompress"))]
    maximum_output_size: DataSize,
}

/// Compresses content, or takes compressed content apart.
pub(crate) struct CompressContent(CompressContentProperties);

#[async_trait]
impl Processor for CompressContent {
    type Properties = CompressContentProperties;

    fn describe() -> Description {
        Description {
            description: "\
The content is streamed, in bounded memory: of zstd, lzma and xz, windows of up to 128 MB are \
read, and of lzma and xz, of up to 8 MB written, which takes about 100 MB. **Maximum Output \
Size**, which NiFi has not, keeps a small content from filling the disk. Lzma and brotli have no \
checksums: what is broken in them may become something else.\n\n\
NiFi's formats snappy (without frames) and snappy-hadoop are not there: content whose `mime.type` \
is one of theirs goes on as it came, as that of any other type. NiFi gives what it deflates the \
type `application/gzip`; here it is `application/x-deflate`. Unlike in NiFi, content that goes on \
behind what is compressed goes to `failure`.",
            tags: &[
                "compress",
                "decompress",
                "gzip",
                "deflate",
                "zstd",
                "lz4",
                "bzip2",
                "lzma",
                "xz",
                "snappy",
                "brotli",
            ],
            relationships: &[
                (SUCCESS, "Flowfiles that were worked on, and those of no such `mime.type`."),
                (
                    FAILURE,
                    "Flowfiles that cannot be decompressed or become too large, or lack a \
                     `mime.type` that is to say the format, as they came.",
                ),
            ],
            reads: &[
                (core_attribute::MIME_TYPE, "The format, with `use mime.type attribute`."),
                (core_attribute::FILENAME, "What gets or loses an ending."),
            ],
            writes: &[
                (
                    core_attribute::MIME_TYPE,
                    "The type of what is compressed; what is decompressed has none.",
                ),
                (core_attribute::FILENAME, "With its ending, or without, by **Update Filename**."),
            ],
            example_flow: Some("compress-content"),
            ..Description::transform(
                "CompressContent",
                "Compresses content, or takes compressed content apart.",
            )
        }
    }

    fn build(properties: CompressContentProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
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
        match self.work(session, &flowfile, format).await {
            Ok(content) => {
                session.set_content(&mut flowfile, content);
                self.mark(&mut flowfile, format);
                session.transfer(flowfile, SUCCESS);
            }
            Err(error) => session.fail_or_retry(flowfile, &error),
        }
        Ok(())
    }
}

impl CompressContent {
    /// The format that is meant; none where the content has none of them.
    fn format_of(&self, flowfile: &FlowFile) -> Result<Option<Format>, ProcessError> {
        if let Some(format) = self.0.compression_format.format() {
            return Ok(Some(format));
        }
        Ok(Format::of_mime_type(mime_type::told(flowfile, "Compression Format")?))
    }

    async fn work(
        &self,
        session: &Session,
        flowfile: &FlowFile,
        format: Format,
    ) -> Result<Content, ProcessError> {
        let (reader, writer) = (session.read(flowfile)?, session.write()?);
        match self.0.mode {
            Mode::Compress => {
                let level = self.0.compression_level;
                session.compute(move || format.compress(reader, level, writer)).await?
            }
            Mode::Decompress => {
                let max = self.0.maximum_output_size;
                session.compute(move || format.decompress(reader, max, writer)).await?
            }
        }
    }

    /// Says in the attributes what the content is now.
    fn mark(&self, flowfile: &mut FlowFile, format: Format) {
        let name = flowfile.attribute(core_attribute::FILENAME).unwrap_or_default();
        let (name, ending) = (name.to_owned(), format.ending());
        let renamed = match self.0.mode {
            Mode::Compress => {
                flowfile.set_attribute(core_attribute::MIME_TYPE, format.mime_type());
                Some(format!("{name}{ending}"))
            }
            Mode::Decompress => {
                flowfile.remove_attribute(core_attribute::MIME_TYPE);
                let begin = name.len().saturating_sub(ending.len());
                let is_there =
                    name.get(begin..).is_some_and(|end| end.eq_ignore_ascii_case(ending));
                is_there.then(|| name.get(..begin).unwrap_or_default().to_owned())
            }
        };
        if let Some(renamed) = renamed.filter(|_| self.0.update_filename) {
            flowfile.set_attribute(core_attribute::FILENAME, renamed);
        }
    }
}
