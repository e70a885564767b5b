//! Recordings as content: how processors find and open them, and how decoded audio is made on
//! demand.
//!
//! Decodes nothing itself: that is the audio library's.

mod frames;
mod sample_rate;
mod samples;

use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};
use tutti_audio::decode::{self, DecodeError, Decoder, Options};
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::{ContentReader, ProcessError, Session};

pub(crate) use frames::Frames;
pub(crate) use sample_rate::SampleRate;
pub(crate) use samples::Samples;

/// The kind of derived content that is a recording, decoded on demand.
pub(crate) const FRAMES: &str = "audio/frames";
/// The attribute that says what is broken in a recording.
pub(crate) const DAMAGE: &str = "audio.damage";

/// What decoding is to give.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Recipe {
    /// In Hz; the recording's own where there is none.
    pub(crate) sample_rate: Option<u32>,
    /// Whether the channels are averaged to one.
    pub(crate) mono: bool,
    /// Samples of each channel of the recording, by its packets; none where they do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) frames: Option<u64>,
}

impl Recipe {
    pub(crate) fn options(self) -> Options {
        Options { mono: self.mono, sample_rate: self.sample_rate }
    }

    pub(crate) fn to_text(self) -> Result<String, ProcessError> {
        serde_json::to_string(&self).map_err(|error| {
            ProcessError::internal("cannot write down how to decode").caused_by(error)
        })
    }

    fn parse(text: &str) -> Result<Self, ProcessError> {
        serde_json::from_str(text).map_err(|error| {
            ProcessError::internal(format!("cannot read how to decode from {text:?}"))
                .caused_by(error)
        })
    }
}

/// The encoded recording that `content` is made from, and how it is to be decoded.
fn encoded(content: &Content) -> Result<(Content, Recipe), ProcessError> {
    match content {
        Content::Derived(derived) if &*derived.kind == FRAMES => {
            Ok((Content::Stored(derived.source), Recipe::parse(&derived.recipe)?))
        }
        Content::Derived(derived) => Err(ProcessError::user(format!(
            "content of the kind \"{}\" is made while it is read and cannot be decoded",
            derived.kind
        ))
        .with_help("write it out in the processor that makes it")),
        stored => Ok((stored.clone(), Recipe::default())),
    }
}

/// A recording in a session.
pub(crate) type Stored = Recording<ContentReader>;

/// The encoded recording of a flowfile.
pub(crate) struct Encoded {
    /// Its content.
    pub(crate) content: Content,
    /// Its bytes.
    pub(crate) source: Stored,
    /// How it is to be decoded.
    pub(crate) recipe: Recipe,
}

impl Encoded {
    pub(crate) fn open(session: &Session, flowfile: &FlowFile) -> Result<Self, ProcessError> {
        let (content, recipe) = encoded(flowfile.content())?;
        let bytes = content.size_bytes();
        let whole = flowfile.clone().with_content(content);
        let reader = session.read(&whole)?;
        Ok(Self { content: whole.content().clone(), source: Recording { reader, bytes }, recipe })
    }
}

/// The bytes of an encoded recording.
pub(crate) struct Recording<R> {
    reader: R,
    bytes: u64,
}

impl<R: Read + Seek> Recording<R> {
    fn measured(mut reader: R) -> io::Result<Self> {
        let bytes = reader.seek(SeekFrom::End(0))?;
        reader.seek(SeekFrom::Start(0))?;
        Ok(Self { reader, bytes })
    }
}

impl<R: Read> Read for Recording<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl<R: Seek> Seek for Recording<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.reader.seek(position)
    }
}

impl<R: Read + Seek + Send + Sync> decode::Source for Recording<R> {
    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}

/// Begins to decode.
pub(crate) fn open(
    source: Recording<impl Read + Seek + Send + Sync + 'static>,
    recipe: Recipe,
) -> Result<Decoder, ProcessError> {
    Decoder::open(Box::new(source), &recipe.options()).map_err(cannot_decode)
}

/// Decodes everything to tell how many samples of each channel there are.
pub(crate) fn count(
    source: Recording<impl Read + Seek + Send + Sync + 'static>,
) -> Result<u64, ProcessError> {
    let mut decoder = open(source, Recipe::default())?;
    let mut block = Vec::new();
    while decoder.read(&mut block).map_err(cannot_decode)? {}
    Ok(decoder.frames())
}

/// What is broken in a recording, for the operator and for an attribute.
pub(crate) fn report_damage(
    session: &mut Session,
    flowfile: &mut FlowFile,
    damage: &decode::Damage,
) {
    let Some(message) = damaged(damage) else { return };
    let damage = damage.to_string();
    let before = flowfile.attribute(DAMAGE);
    if before == Some(&*damage) {
        return;
    }
    // Each recording counts once, however many processors find something.
    let is_first = before.is_none();
    session.report(Level::Warning, Some(flowfile), message);
    if is_first {
        session.adjust_counter(flowfile, "damaged recordings", 1);
    }
    flowfile.set_attribute(DAMAGE, damage);
}

/// What the operator is told of what is broken, if anything is.
fn damaged(damage: &decode::Damage) -> Option<String> {
    (!damage.is_none()).then(|| format!("the recording is damaged: {damage}"))
}

pub(crate) fn cannot_decode(error: DecodeError) -> ProcessError {
    match error {
        // The repository could not be read, which says nothing about the recording.
        DecodeError::Read { .. } => {
            ProcessError::external("cannot read the recording").caused_by(error)
        }
        _ => ProcessError::user("cannot decode the recording").caused_by(error).of_content(),
    }
}

/// Frames could not be kept aside.
pub(crate) fn cannot_keep(error: io::Error) -> ProcessError {
    let folder = std::env::temp_dir();
    ProcessError::external(format!("cannot write to the temporary folder \"{}\"", folder.display()))
        .caused_by(error)
        .with_help("make room there, or set TMPDIR to a folder that has some")
}

pub(crate) fn cannot_write(error: io::Error) -> ProcessError {
    ProcessError::external("cannot write new content")
        .caused_by(error)
        .with_help("check the disk that holds the data folder")
}

#[cfg(test)]
/// A recording of AAC whose packets are all there, and none of which can be decoded.
pub(crate) fn hopeless() -> Vec<u8> {
    // A header for 64 bytes of stereo at 44,100 Hz, and an element that is not of this profile.
    let packet = [&[0xff, 0xf1, 0x50, 0x80, 0x08, 0x1f, 0xfc][..], &[0x4f; 57]].concat();
    packet.repeat(40)
}
