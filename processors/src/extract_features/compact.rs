//! Features as compact arrays for dashboards: a byte for each value, in base64.

use std::io::Write;

use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use serde_json::{Map, Value, json};
use tutti_audio::features::Features;
use tutti_audio::view::Levels;

use super::json::of_recording;
use super::lists::key;
use super::metadata::Metadata;
use super::write_error::WriteError;

/// The version of this format.
const SCHEMA: &str = "tutti.levels.v1";

/// Writes every frame; decibels are cut so far below the loudest.
pub(super) fn write(
    out: &mut impl Write,
    features: &mut Features,
    metadata: &Metadata,
    top_db: f64,
) -> Result<(), WriteError> {
    let mut head = Map::new();
    head.insert("schema".to_owned(), SCHEMA.into());
    head.insert("frames".to_owned(), features.frames().into());
    head.insert("step".to_owned(), metadata.time(1).into());
    for &feature in features.plan().iter().filter(|feature| feature.is_of_recording()) {
        let told = of_recording(feature, features.of_recording(), true);
        head.insert(key(feature).to_owned(), told);
    }
    head.insert("metadata".to_owned(), metadata.to_json());
    let head = Value::Object(head).to_string();
    write!(out, "{},\"features\":{{", head.strip_suffix('}').unwrap_or(&head))?;
    let mut frame = Vec::new();
    for (index, levels) in Levels::of(features, top_db)?.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let said = json!({
            "rows": levels.rows,
            "lowest": levels.lowest,
            "highest": levels.highest,
            "unit": levels.unit(),
        });
        let said = said.to_string();
        let open = said.strip_suffix('}').unwrap_or(&said);
        write!(out, "{separator}\n\"{}\":{open},\"data\":\"", key(levels.feature))?;
        let mut encoder = EncoderWriter::new(&mut *out, &STANDARD);
        features.rewind()?;
        let mut bytes = Vec::with_capacity(levels.rows);
        while features.next_frame(&mut frame)? {
            bytes.clear();
            bytes.extend(levels.own(&frame).iter().map(|&value| levels.level(value)));
            encoder.write_all(&bytes)?;
        }
        encoder.finish()?;
        drop(encoder);
        write!(out, "\"}}")?;
    }
    Ok(write!(out, "\n}}}}")?)
}
