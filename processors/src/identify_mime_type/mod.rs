//! `IdentifyMimeType`: tells the type of the content by its beginning.

mod audio;
#[cfg(test)]
mod tests;
mod text;

use std::io::Read;

use tutti_sdk::model::flowfile::core_attribute;
use tutti_sdk::{
    BuildContext, BuildError, ContentReader, Description, FAILURE, Makes, ProcessError, Processor,
    Properties, SUCCESS, Session, async_trait,
};

/// Bytes at the beginning that are looked at.
const BEGINNING_BYTES: u64 = 64 * 1024;
const EXTENSION: &str = "mime.extension";
const CHARSET: &str = "mime.charset";

/// The properties of [`IdentifyMimeType`].
#[derive(Debug, Properties)]
pub(crate) struct IdentifyMimeTypeProperties {
    /// Whether the attribute `filename` says which kind of text a text is.
    #[property(name = "Use Filename In Detection", default = "true")]
    use_filename_in_detection: bool,
}

/// Tells the type of the content by its beginning.
pub(crate) struct IdentifyMimeType(IdentifyMimeTypeProperties);

/// A type of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    mime_type: &'static str,
    /// Without its dot.
    extension: &'static str,
    /// Of text.
    charset: Option<&'static str>,
}

impl Kind {
    const UNKNOWN: Self = Self::new("application/octet-stream", "");

    const fn new(mime_type: &'static str, extension: &'static str) -> Self {
        Self { mime_type, extension, charset: None }
    }
}

#[async_trait]
impl Processor for IdentifyMimeType {
    type Properties = IdentifyMimeTypeProperties;

    fn describe() -> Description {
        Description {
            description: "\
The first 64 KiB are looked at. Recordings have the types that **DecodeAudio** gives them: \
`audio/wav`, `audio/aiff`, `audio/x-caf`, `audio/mpeg`, `audio/aac`, `audio/ogg`, `audio/flac`, \
`audio/mp4` and `audio/x-matroska`. Besides, many archives, images, videos, documents and fonts \
are known by their first bytes, and text by having no others. Of text, JSON, XML, HTML and scripts \
are told by how they begin, and others, such as CSV, by the name.\n\n\
NiFi asks Apache Tika, which knows more types, and some by other names, such as `audio/x-flac` for \
FLAC and `audio/vorbis` for Ogg. There the name counts for more than text, and **Config Strategy** \
adds types; neither is so here. Content that is made on demand and cannot be made goes to \
`failure`, which NiFi has not.",
            tags: &["mime.type", "type", "identify", "audio", "compression", "file"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (SUCCESS, "Every flowfile whose content could be read."),
                (FAILURE, "Flowfiles whose content cannot be made, as that of a broken recording."),
            ],
            reads: &[(core_attribute::FILENAME, "Which kind of text it is.")],
            writes: &[
                (
                    core_attribute::MIME_TYPE,
                    "The type, `application/octet-stream` where nothing is known.",
                ),
                (EXTENSION, "What names of such files end with, such as `.wav`, or nothing."),
                (CHARSET, "The character set of what has a type `text/…`."),
            ],
            example_flow: Some("identify-mime-type"),
            ..Description::transform(
                "IdentifyMimeType",
                "Tells the type of the content by its beginning.",
            )
        }
    }

    fn build(properties: IdentifyMimeTypeProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        let reader = session.read(&flowfile)?;
        let kind = match session.blocking(move || beginning(reader)).await? {
            Ok((bytes, is_all)) => {
                let name = flowfile.attribute(core_attribute::FILENAME);
                let name = name.filter(|_| self.0.use_filename_in_detection);
                identify(&bytes, is_all, name.unwrap_or_default())
            }
            Err(error) => {
                session.fail_or_retry(flowfile, &error);
                return Ok(());
            }
        };
        flowfile.set_attribute(core_attribute::MIME_TYPE, kind.mime_type);
        let dot = if kind.extension.is_empty() { "" } else { "." };
        flowfile.set_attribute(EXTENSION, format!("{dot}{}", kind.extension));
        match kind.charset.filter(|_| kind.mime_type.starts_with("text/")) {
            Some(charset) => flowfile.set_attribute(CHARSET, charset),
            None => drop(flowfile.remove_attribute(CHARSET)),
        }
        session.transfer(flowfile, SUCCESS);
        Ok(())
    }
}

/// The first bytes, and whether they are all.
fn beginning(reader: ContentReader) -> Result<(Vec<u8>, bool), ProcessError> {
    let mut bytes = Vec::new();
    let mut reader = reader.take(BEGINNING_BYTES);
    reader.read_to_end(&mut bytes).map_err(ProcessError::unreadable)?;
    Ok((bytes, reader.limit() > 0))
}

/// The type of content that begins with `bytes`, or is nothing else.
fn identify(bytes: &[u8], is_all: bool, name: &str) -> Kind {
    // A mark of UTF-16 is also how a packet of MPEG audio may begin.
    if let Some(kind) = text::marked(bytes, is_all, name) {
        return kind;
    }
    if let Some(kind) = audio::identify(bytes) {
        return kind;
    }
    match infer::get(bytes) {
        Some(known) if known.matcher_type() == infer::MatcherType::Text => {}
        Some(known) => {
            let kind = Kind::new(known.mime_type(), known.extension());
            let renamed = RENAMED.iter().find(|(other, _)| *other == kind.mime_type);
            return renamed.map_or(kind, |(_, kind)| *kind);
        }
        None => {}
    }
    text::identify(bytes, is_all, name).unwrap_or(Kind::UNKNOWN)
}

/// Types that NiFi's processors know by other names, or that have another name here.
const RENAMED: [(&str, Kind); 3] = [
    ("application/x-lz4", Kind::new("application/x-lz4-framed", "lz4")),
    ("application/vnd.rar", Kind::new("application/x-rar-compressed", "rar")),
    ("application/font-sfnt", Kind::new("font/sfnt", "ttf")),
];
