//! The digital score as a table of one row: its lists are tables themselves, on one time axis.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float32Array, Float64Array, ListArray, StringArray, StructArray,
    UInt8Array, UInt16Array, UInt32Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, Field, Fields, Schema};
use tutti_audio::score::{DigitalScore, Dynamics, NoteEvent, SCHEMA};

use super::super::write_error::WriteError;
use super::file::{Table, TableFormat};

/// Columns by name, in order, and whether a value may be null.
type Columns = Vec<(&'static str, ArrayRef, bool)>;

/// A row with the score of one recording. Rows of several recordings may stand in one table.
pub(in super::super) fn write_score(
    (out, format): (&mut (impl Write + Send), TableFormat),
    score: &DigitalScore,
) -> Result<(), WriteError> {
    let columns = columns(score)?;
    let said = HashMap::from([("tutti".to_owned(), SCHEMA.to_owned())]);
    let (fields, arrays) = apart(columns);
    let schema = Arc::new(Schema::new_with_metadata(fields, said));
    let mut table = Table::new(out, &schema, format)?;
    table.write(arrays)?;
    table.finish()
}

fn columns(score: &DigitalScore) -> Result<Columns, ArrowError> {
    let one = |value: f64| number([value]);
    let maybe = |value: Option<f64>| -> ArrayRef { Arc::new(Float64Array::from(vec![value])) };
    let text = |value: Option<&str>| -> ArrayRef { Arc::new(StringArray::from(vec![value])) };
    let loudness = &score.loudness;
    let mut columns: Columns = vec![
        ("duration", one(score.duration), false),
        ("sample_rate", Arc::new(UInt32Array::from(vec![score.sample_rate])), false),
        ("channels", Arc::new(UInt16Array::from(vec![score.channels])), false),
        ("tuning", one(score.tuning), false),
        ("tempo_bpm", maybe(score.tempo_bpm), true),
        ("time_signature", text(score.time_signature.as_deref()), true),
        ("key", text(score.key.as_deref()), true),
        ("key_confidence", maybe(score.key_confidence), true),
        ("integrated_lufs", maybe(loudness.integrated_lufs), true),
        ("range_lu", maybe(loudness.range_lu), true),
        ("true_peak_dbtp", maybe(loudness.true_peak_dbtp), true),
        ("sample_peak_dbfs", maybe(loudness.sample_peak_dbfs), true),
    ];
    columns.extend(lists(score)?);
    let timbre = &score.timbre;
    for (name, value) in [
        ("centroid_mean", timbre.centroid_mean),
        ("centroid_std", timbre.centroid_std),
        ("bandwidth_mean", timbre.bandwidth_mean),
        ("bandwidth_std", timbre.bandwidth_std),
        ("rolloff_mean", timbre.rolloff_mean),
        ("rolloff_std", timbre.rolloff_std),
        ("flatness_mean", timbre.flatness_mean),
        ("flatness_std", timbre.flatness_std),
        ("zero_crossing_rate_mean", timbre.zero_crossing_rate_mean),
        ("zero_crossing_rate_std", timbre.zero_crossing_rate_std),
    ] {
        columns.push((name, Arc::new(Float32Array::from(vec![value])), false));
    }
    for (name, values) in [("mfcc_mean", &timbre.mfcc_mean), ("mfcc_std", &timbre.mfcc_std)] {
        columns.push((name, list_of(Arc::new(Float32Array::from(values.clone())))?, false));
    }
    Ok(columns)
}

/// What has a time, each as a list of rows.
fn lists(score: &DigitalScore) -> Result<Columns, ArrowError> {
    let is_downbeat = score.beats.iter().map(|beat| score.downbeats.contains(beat));
    let is_downbeat: ArrayRef = Arc::new(BooleanArray::from(is_downbeat.collect::<Vec<bool>>()));
    let (keys, chords, sections) = (&score.keys, &score.chords, &score.sections);
    let spans = [
        ("keys", "key", span(keys.iter().map(|it| (it.start, it.end, &*it.key, it.confidence)))),
        (
            "chords",
            "chord",
            span(chords.iter().map(|it| (it.start, it.end, &*it.chord, it.confidence))),
        ),
        (
            "sections",
            "label",
            span(sections.iter().map(|it| (it.start, it.end, &*it.label, it.confidence))),
        ),
    ];
    let mut lists = vec![
        (
            "tempo",
            rows(vec![
                ("time", number(score.tempo.iter().map(|tempo| tempo.time)), false),
                ("bpm", number(score.tempo.iter().map(|tempo| tempo.bpm)), false),
            ])?,
            false,
        ),
        (
            "beats",
            rows(vec![
                ("time", number(score.beats.iter().copied()), false),
                ("is_downbeat", is_downbeat, false),
                ("confidence", number(score.beat_confidence.iter().copied()), false),
            ])?,
            false,
        ),
        (
            "onsets",
            rows(vec![
                ("time", number(score.onsets.iter().copied()), false),
                ("strength", number(score.onset_events.iter().map(|event| event.strength)), false),
                (
                    "confidence",
                    number(score.onset_events.iter().map(|event| event.confidence)),
                    false,
                ),
            ])?,
            false,
        ),
    ];
    for (name, what, [start, end, said, confidence]) in spans {
        lists.push((
            name,
            rows(vec![
                ("start", start, false),
                ("end", end, false),
                (what, said, false),
                ("confidence", confidence, false),
            ])?,
            false,
        ));
    }
    lists.push(("melody", notes(&score.melody)?, false));
    lists.push(("notes", notes(&score.notes)?, false));
    lists.push(("loudness", loudness(&score.loudness)?, false));
    Ok(lists)
}

/// Starts, ends, what is said of each span, and confidences.
fn span<'s>(spans: impl Iterator<Item = (f64, f64, &'s str, f64)> + Clone) -> [ArrayRef; 4] {
    [
        number(spans.clone().map(|span| span.0)),
        number(spans.clone().map(|span| span.1)),
        Arc::new(StringArray::from(spans.clone().map(|span| span.2).collect::<Vec<&str>>())),
        number(spans.map(|span| span.3)),
    ]
}

fn notes(notes: &[NoteEvent]) -> Result<ArrayRef, ArrowError> {
    let midi: Vec<u8> = notes.iter().map(|note| note.midi).collect();
    rows(vec![
        ("start", number(notes.iter().map(|note| note.start)), false),
        ("end", number(notes.iter().map(|note| note.end)), false),
        ("midi", Arc::new(UInt8Array::from(midi)), false),
        ("hz", number(notes.iter().map(|note| note.hz)), false),
        ("confidence", number(notes.iter().map(|note| note.confidence)), false),
    ])
}

/// Both curves on one axis: where the slow one has not begun it is null.
fn loudness(loudness: &Dynamics) -> Result<ArrayRef, ArrowError> {
    let (fast, slow) = (&loudness.momentary, &loudness.short_term);
    let late = ((slow.start - fast.start) / fast.step).round() as usize;
    let time = |index: usize| fast.start + fast.step * index as f64;
    let short_term = |index: usize| *slow.lufs.get(index.checked_sub(late)?)?;
    let count = fast.lufs.len();
    let short_term: Vec<Option<f64>> = (0..count).map(short_term).collect();
    rows(vec![
        ("time", number((0..count).map(time)), false),
        ("momentary_lufs", Arc::new(Float64Array::from(fast.lufs.clone())), true),
        ("short_term_lufs", Arc::new(Float64Array::from(short_term)), true),
    ])
}

fn number(values: impl IntoIterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from(values.into_iter().collect::<Vec<f64>>()))
}

/// One list, of rows of those columns.
fn rows(columns: Columns) -> Result<ArrayRef, ArrowError> {
    let (fields, arrays) = apart(columns);
    list_of(Arc::new(StructArray::try_new(fields, arrays, None)?))
}

/// One list, of those values.
fn list_of(values: ArrayRef) -> Result<ArrayRef, ArrowError> {
    let item = Arc::new(Field::new("item", values.data_type().clone(), false));
    let offsets = OffsetBuffer::from_lengths([values.len()]);
    Ok(Arc::new(ListArray::try_new(item, offsets, values, None)?))
}

fn apart(columns: Columns) -> (Fields, Vec<ArrayRef>) {
    let field = |(name, array, is_nullable): &(&str, ArrayRef, bool)| {
        Field::new(*name, array.data_type().clone(), *is_nullable)
    };
    let fields = columns.iter().map(field).collect();
    (fields, columns.into_iter().map(|(_, array, _)| array).collect())
}
