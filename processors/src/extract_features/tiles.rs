//! A feature as images: a column for each frame, the lowest row at the bottom, in tiles.

use std::io::Write;

use tutti_audio::features::Features;
use tutti_audio::view::{Colors, Levels, write_image};
use tutti_sdk::model::flowfile::{Content, FlowFile, core_attribute};
use tutti_sdk::{ProcessError, SUCCESS, Session, host};

use super::metadata::Metadata;
use super::write_error::WriteError;
use crate::fragments;

/// More are not made of one recording: each is a flowfile of one session.
pub(super) const TILES_MAX: u64 = 10_000;

/// A tile, of those that lie behind each other in one content.
pub(super) struct Tile {
    pub(super) bytes: u64,
    /// When its first frame is, in seconds.
    pub(super) start: f64,
    /// When the frame behind its last is, in seconds.
    pub(super) end: f64,
}

/// What all tiles have in common.
pub(super) struct Tiles {
    pub(super) tiles: Vec<Tile>,
    pub(super) levels: Levels,
}

/// When the first frame of a tile is.
pub(super) const START: &str = "tile.start";
/// When the frame behind its last is.
pub(super) const END: &str = "tile.end";
/// What black is.
pub(super) const LOWEST: &str = "tile.lowest";
/// What white is.
pub(super) const HIGHEST: &str = "tile.highest";

impl Tiles {
    /// Sends each tile of `content` as a flowfile of its own; `original` ends.
    pub(super) fn send(
        &self,
        session: &mut Session,
        original: FlowFile,
        content: &Content,
    ) -> Result<(), ProcessError> {
        let filename = original.attribute(core_attribute::FILENAME).unwrap_or_default().to_owned();
        let identifier = host::new_uuid(session.random());
        let mut offset = 0;
        for (index, tile) in self.tiles.iter().enumerate() {
            let mut child = session.create_child(&original);
            for (name, value) in [
                (core_attribute::FILENAME, format!("{filename}.{index}.png")),
                (fragments::IDENTIFIER, identifier.clone()),
                (fragments::INDEX, index.to_string()),
                (fragments::COUNT, self.tiles.len().to_string()),
                (fragments::ORIGINAL_FILENAME, filename.clone()),
                (START, format!("{:.6}", tile.start)),
                (END, format!("{:.6}", tile.end)),
                (LOWEST, self.levels.lowest.to_string()),
                (HIGHEST, self.levels.highest.to_string()),
            ] {
                child.set_attribute(name, value);
            }
            let content = fragments::slice(content, offset, tile.bytes)?;
            session.set_content(&mut child, content);
            session.transfer(child, SUCCESS);
            offset += tile.bytes;
        }
        session.remove(original, "its images took its place");
        Ok(())
    }
}

/// Writes the one feature of a plan as PNG files of up to `width` columns, in greys.
pub(super) fn write(
    out: &mut impl Write,
    features: &mut Features,
    metadata: &Metadata,
    (width, top_db): (usize, f64),
) -> Result<Tiles, WriteError> {
    let Some(levels) = Levels::of(features, top_db)?.into_iter().next() else {
        return Err(WriteError::Write(std::io::Error::other("there is nothing to be shown")));
    };
    if features.frames().div_ceil(width as u64) > TILES_MAX {
        return Err(WriteError::Tiles);
    }
    let (mut tiles, mut frame, mut first) = (Vec::new(), Vec::new(), 0);
    let mut columns: Vec<u8> = Vec::with_capacity(width * levels.rows);
    while first < features.frames() {
        columns.clear();
        while columns.len() < width * levels.rows && features.next_frame(&mut frame)? {
            columns.extend(levels.own(&frame).iter().map(|&value| levels.level(value)));
        }
        let count = columns.len() / levels.rows.max(1);
        let mut counted = Counted { out: &mut *out, bytes: 0 };
        write_image(&mut counted, &columns, levels.rows, Colors::Gray)?;
        let last = first + count as u64;
        let (start, end) = (metadata.time(first), metadata.time(last));
        tiles.push(Tile { bytes: counted.bytes, start, end });
        first = last;
    }
    Ok(Tiles { tiles, levels })
}

/// Counts what is written.
struct Counted<W> {
    out: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
