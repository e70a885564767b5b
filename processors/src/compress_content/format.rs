//! The formats, each as a stream.

use std::io::{self, BufRead, BufReader, Read, Write};

use ::brotli::enc::BrotliEncoderParams;
use bzip2::bufread::MultiBzDecoder;
use bzip2::write::BzEncoder;
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::{GzEncoder, ZlibEncoder};
use lz4_flex::frame::{FrameDecoder, FrameEncoder, FrameInfo};
use lzma_rust2::{LzmaOptions, LzmaReader, LzmaWriter, XzOptions, XzReader, XzWriter};
use tutti_sdk::model::flowfile::Content;
use tutti_sdk::property::DataSize;
use tutti_sdk::{ContentReader, ContentWriter, ProcessError};

use crate::bounded::{BUFFER_BYTES, Watched, copy, unwritable};
use crate::inflater::Inflater;

/// The least bytes of the head of a frame of LZ4.
const LZ4_HEAD_BYTES: usize = 7;

/// What content in frames of Snappy begins with.
const SNAPPY_HEAD: &[u8] = b"\xff\x06\0\0sNaPpY";
/// The first seven bits of Brotli with a window of up to 1 GB, which is not RFC 7932's.
const BROTLI_LARGE_WINDOW: u8 = 0x11;
/// How far back LZMA and xz look when they compress, in bytes.
const DICTIONARY_BYTES_MAX: u32 = 8 * 1024 * 1024;
/// What decoding LZMA and xz may cost in memory: 128 MB, and what it takes besides its dictionary.
const DECODER_KIBIBYTES_MAX: u32 = 136 * 1024;

/// How content is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Gzip,
    Deflate,
    Zstd,
    Lz4,
    Bzip2,
    Lzma,
    Xz,
    Snappy,
    Brotli,
}

impl Format {
    /// What NiFi knows by these types.
    pub(super) fn of_mime_type(mime_type: &str) -> Option<Self> {
        match mime_type {
            "application/gzip" | "application/x-gzip" => Some(Self::Gzip),
            "application/deflate" | "application/x-deflate" => Some(Self::Deflate),
            "application/zstd" => Some(Self::Zstd),
            "application/x-lz4-framed" => Some(Self::Lz4),
            "application/bzip2" | "application/x-bzip2" => Some(Self::Bzip2),
            "application/x-lzma" => Some(Self::Lzma),
            "application/x-xz" => Some(Self::Xz),
            "application/x-snappy-framed" => Some(Self::Snappy),
            "application/x-brotli" => Some(Self::Brotli),
            _ => None,
        }
    }

    pub(super) fn mime_type(self) -> &'static str {
        match self {
            Self::Gzip => "application/gzip",
            Self::Deflate => "application/x-deflate",
            Self::Zstd => "application/zstd",
            Self::Lz4 => "application/x-lz4-framed",
            Self::Bzip2 => "application/x-bzip2",
            Self::Lzma => "application/x-lzma",
            Self::Xz => "application/x-xz",
            Self::Snappy => "application/x-snappy-framed",
            Self::Brotli => "application/x-brotli",
        }
    }

    /// What the names of such files end with.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Deflate => ".zlib",
            Self::Zstd => ".zst",
            Self::Lz4 => ".lz4",
            Self::Bzip2 => ".bz2",
            Self::Lzma => ".lzma",
            Self::Xz => ".xz",
            Self::Snappy => ".sz",
            Self::Brotli => ".br",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
            Self::Bzip2 => "bzip2",
            Self::Lzma => "lzma",
            Self::Xz => "xz",
            Self::Snappy => "snappy",
            Self::Brotli => "brotli",
        }
    }

    /// Compresses all that `reader` gives.
    pub(super) fn compress(
        self,
        mut reader: ContentReader,
        level: u32,
        writer: ContentWriter,
    ) -> Result<Content, ProcessError> {
        let all = u64::MAX;
        let writer = match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(writer, Compression::new(level));
                copy(&mut reader, all, &mut encoder)?;
                encoder.finish().map_err(unwritable)?
            }
            Self::Deflate => {
                let mut encoder = ZlibEncoder::new(writer, Compression::new(level));
                copy(&mut reader, all, &mut encoder)?;
                encoder.finish().map_err(unwritable)?
            }
            Self::Zstd => {
                let level = i32::try_from(level * 2).unwrap_or_default();
                let mut encoder = zstd::Encoder::new(writer, level).map_err(unwritable)?;
                encoder.include_checksum(true).map_err(unwritable)?;
                copy(&mut reader, all, &mut encoder)?;
                encoder.finish().map_err(unwritable)?
            }
            Self::Lz4 => {
                let info = FrameInfo::new().content_checksum(true);
                let mut encoder = FrameEncoder::with_frame_info(info, writer);
                copy(&mut reader, all, &mut encoder)?;
                encoder.finish().map_err(|error| unwritable(error.into()))?
            }
            Self::Bzip2 => {
                let level = bzip2::Compression::new(level.max(1));
                let mut encoder = BzEncoder::new(writer, level);
                copy(&mut reader, all, &mut encoder)?;
                encoder.finish().map_err(unwritable)?
            }
            Self::Lzma => {
                let mut encoder =
                    LzmaWriter::new_use_header(writer, &lzma(level), None).map_err(unwritable)?;
                copy(&mut reader, all, &mut encoder)?;
                encoder.finish().map_err(unwritable)?
            }
            Self::Xz => {
                let options = XzOptions { lzma_options: lzma(level), ..XzOptions::default() };
                let mut encoder = XzWriter::new(writer, options).map_err(unwritable)?;
                copy(&mut reader, all, &mut encoder)?;
                encoder.finish().map_err(unwritable)?
            }
            Self::Snappy => snappy(reader, writer)?,
            Self::Brotli => brotli(reader, level, writer)?,
        };
        writer.finish().map_err(unwritable)
    }

    /// Takes apart what `reader` gives, to at most `max` bytes.
    pub(super) fn decompress(
        self,
        reader: ContentReader,
        max: DataSize,
        mut writer: ContentWriter,
    ) -> Result<Content, ProcessError> {
        let (reader, failure) = Watched::new(reader);
        let mut reader = BufReader::with_capacity(BUFFER_BYTES, reader);
        if reader.fill_buf().is_ok_and(<[u8]>::is_empty) {
            return Err(self.broken().caused_by("it is empty"));
        }
        let mut output = Output { writer: &mut writer, max, left: max.bytes() };
        let poured = match self {
            Self::Gzip => output.pour(MultiGzDecoder::new(&mut reader)),
            Self::Deflate => output.pour(Inflater::zlib(&mut reader)),
            Self::Zstd => zstd::Decoder::with_buffer(&mut reader)
                .map_err(Stop::Input)
                .and_then(|decoder| output.pour(decoder)),
            Self::Lz4 => frames(&mut reader, &mut output),
            Self::Bzip2 => output.pour(MultiBzDecoder::new(&mut reader)),
            Self::Lzma => unlzma(&mut reader, &mut output),
            Self::Xz => {
                output.pour(XzReader::new_mem_limit(&mut reader, true, DECODER_KIBIBYTES_MAX))
            }
            Self::Snappy => output.pour(snap::read::FrameDecoder::new(&mut reader)),
            Self::Brotli => unbrotli(&mut reader, &mut output),
        };
        let is_all = poured.and_then(|()| Ok(reader.fill_buf().map_err(Stop::Input)?.is_empty()));
        let why = match is_all {
            Ok(true) => return writer.finish().map_err(unwritable),
            Ok(false) => goes_on(),
            Err(Stop::Other(error)) => return Err(error),
            Err(Stop::Input(error)) => error,
        };
        if let Some(error) = failure.take() {
            return Err(ProcessError::unreadable(error));
        }
        Err(self.broken().caused_by(why))
    }

    fn broken(self) -> ProcessError {
        ProcessError::user(format!("the content is not {}, or broken", self.name()))
            .with_help("see what it is, for example with IdentifyMimeType, and get it again")
    }
}

/// The encoder takes about ten times its dictionary.
fn lzma(level: u32) -> LzmaOptions {
    let options = LzmaOptions::with_preset(level);
    LzmaOptions { dict_size: options.dict_size.min(DICTIONARY_BYTES_MAX), ..options }
}

fn snappy(
    mut reader: ContentReader,
    mut writer: ContentWriter,
) -> Result<ContentWriter, ProcessError> {
    let mut encoder = snap::write::FrameEncoder::new(&mut writer);
    let copied = copy(&mut reader, u64::MAX, &mut encoder)?;
    encoder.flush().map_err(unwritable)?;
    drop(encoder);
    if copied == 0 {
        // Otherwise there would be nothing that says what it is.
        writer.write_all(SNAPPY_HEAD).map_err(unwritable)?;
    }
    Ok(writer)
}

fn brotli(
    reader: ContentReader,
    level: u32,
    mut writer: ContentWriter,
) -> Result<ContentWriter, ProcessError> {
    let quality = i32::try_from(level).unwrap_or_default();
    let parameters = BrotliEncoderParams { quality, ..BrotliEncoderParams::default() };
    let (mut reader, failure) = Watched::new(reader);
    let compressed = ::brotli::BrotliCompress(&mut reader, &mut writer, &parameters);
    match (compressed, failure.take()) {
        (_, Some(error)) => Err(ProcessError::unreadable(error)),
        (Err(error), None) => Err(unwritable(error)),
        (Ok(_), None) => Ok(writer),
    }
}

/// What is in one stream of LZMA. Its decoder reads ahead.
fn unlzma(reader: &mut impl BufRead, output: &mut Output<'_>) -> Result<(), Stop> {
    let decoder = LzmaReader::new_mem_limit(reader, DECODER_KIBIBYTES_MAX, None);
    let mut decoder = decoder.map_err(Stop::Input)?;
    output.pour(&mut decoder)?;
    let (_, unused) = decoder.into_parts();
    if unused.is_empty() { Ok(()) } else { Err(Stop::Input(goes_on())) }
}

/// What is in one stream of Brotli. Its decoder reads ahead, and says at the second end that more
/// is there.
fn unbrotli(reader: &mut impl BufRead, output: &mut Output<'_>) -> Result<(), Stop> {
    let first = reader.fill_buf().map_err(Stop::Input)?.first().copied().unwrap_or_default();
    if first & 0x7f == BROTLI_LARGE_WINDOW {
        return Err(Stop::Input(io::Error::other("its window is larger than RFC 7932 allows")));
    }
    let mut decoder = ::brotli::Decompressor::new(reader, BUFFER_BYTES);
    output.pour(&mut decoder)?;
    match decoder.read(&mut [0]) {
        Ok(0) => Ok(()),
        Ok(_) | Err(_) => Err(Stop::Input(goes_on())),
    }
}

fn goes_on() -> io::Error {
    io::Error::other("it goes on behind its end")
}

/// Why a stream ended early.
enum Stop {
    /// What is compressed could not be read, or is broken.
    Input(io::Error),
    Other(ProcessError),
}

/// Takes what is decompressed, while it is no more than it may be.
struct Output<'a> {
    writer: &'a mut ContentWriter,
    max: DataSize,
    left: u64,
}

impl Output<'_> {
    /// Writes all that `decoder` gives.
    fn pour(&mut self, mut decoder: impl Read) -> Result<(), Stop> {
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            let count = match decoder.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Stop::Input(error)),
            };
            let left = self.left.checked_sub(count as u64);
            self.left = left.ok_or_else(|| Stop::Other(too_large(self.max)))?;
            let bytes = buffer.get(..count).unwrap_or_default();
            self.writer.write_all(bytes).map_err(|error| Stop::Other(unwritable(error)))?;
        }
    }
}

/// Frames of LZ4, one behind the other: its decoder ends with the first, and takes a beginning of a
/// head for the end of the input.
fn frames(reader: &mut impl BufRead, output: &mut Output<'_>) -> Result<(), Stop> {
    while !reader.fill_buf().map_err(Stop::Input)?.is_empty() {
        let mut head = [0; LZ4_HEAD_BYTES];
        reader.read_exact(&mut head).map_err(Stop::Input)?;
        output.pour(FrameDecoder::new((&head[..]).chain(&mut *reader)))?;
    }
    Ok(())
}

fn too_large(max: DataSize) -> ProcessError {
    ProcessError::user(format!(
        "decompressed, the content is larger than \"Maximum Output Size\" allows, which is {max}"
    ))
    .with_help("raise \"Maximum Output Size\", if the content is to be trusted")
}
